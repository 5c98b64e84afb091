/* The page of a pair: both texts scroll together, passage by passage; a passage that was asked for is lit. */
(function () {
  "use strict";
  var left = document.getElementById("pane-left"), right = document.getElementById("pane-right");
  var box = document.getElementById("sync"), led = null, lit = [];

  function top(pane, node) { return node.getBoundingClientRect().top - pane.getBoundingClientRect().top + pane.scrollTop; }

  /* Heights at which both panes show the same passage, by height in the first: the ends of the texts are such too. */
  function anchors(from, to) {
    var found = [[0, 0], [from.scrollHeight, to.scrollHeight]];
    var twins = {};
    to.querySelectorAll("[data-t]").forEach(function (mark) { twins[mark.getAttribute("data-t")] = mark; });
    from.querySelectorAll("[data-t]").forEach(function (mark) {
      var twin = twins[mark.getAttribute("data-t")];
      if (twin) { found.push([top(from, mark), top(to, twin)]); }
    });
    return found.sort(function (a, b) { return a[0] - b[0]; });
  }

  function follow(from, to) {
    var eye = from.clientHeight / 3, at = from.scrollTop + eye, pairs = anchors(from, to), i = 1;
    if (from.scrollTop <= 0) { to.scrollTop = 0; return; }
    if (from.scrollTop + from.clientHeight >= from.scrollHeight - 1) { to.scrollTop = to.scrollHeight; return; }
    while (i < pairs.length - 1 && pairs[i][0] <= at) { i += 1; }
    var a = pairs[i - 1], b = pairs[i], part = b[0] > a[0] ? (at - a[0]) / (b[0] - a[0]) : 0;
    /* Between passages that stand in another order there is nothing to go through: stay at the nearer one. */
    var there = b[1] >= a[1] ? a[1] + part * (b[1] - a[1]) : (part < 0.5 ? a[1] + at - a[0] : b[1] + at - b[0]);
    to.scrollTop = Math.max(0, there - eye);
  }

  function light(n) {
    lit.forEach(function (node) { node.classList.remove("lit"); });
    lit = Array.from(document.querySelectorAll('a.at[data-n="' + n + '"]'));
    lit.forEach(function (node) { node.classList.add("lit"); });
  }

  function show(pane, n) {
    var mark = pane.querySelector('a.at[data-n="' + n + '"]');
    if (mark) { pane.scrollTop = Math.max(0, top(pane, mark) - pane.clientHeight / 3); }
  }

  if (left && right && box) {
    [[left, right], [right, left]].forEach(function (pair) {
      ["wheel", "pointerdown", "keydown", "touchstart", "focusin"].forEach(function (kind) {
        pair[0].addEventListener(kind, function () { led = pair[0]; }, { passive: true });
      });
      pair[0].addEventListener("scroll", function () {
        if (box.checked && (led === null || led === pair[0])) { led = pair[0]; follow(pair[0], pair[1]); }
      });
    });
  }

  function go() {
    var place = /^#(left|right)-(\d+)$/.exec(location.hash);
    if (place && left && right) {
      led = place[1] === "left" ? left : right;
      light(place[2]);
      document.getElementById("full").scrollIntoView();
      /* The browser moves to the place itself, after this. */
      window.requestAnimationFrame(function () { show(left, place[2]); show(right, place[2]); });
    }
  }

  window.addEventListener("hashchange", go);
  go();
})();
