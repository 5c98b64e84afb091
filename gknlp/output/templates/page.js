/* A report's page: layers on and off, and places (#cSTART-END) found, unfolded and lit. */
(function () {
  "use strict";
  var body = document.body, lit = [];

  document.querySelectorAll("input[data-layer]").forEach(function (box) {
    var apply = function () { body.classList.toggle("show-" + box.getAttribute("data-layer"), box.checked); };
    box.addEventListener("change", apply);
    apply();
  });

  function unfold(node) {
    for (var up = node; up; up = up.parentElement) { if (up.tagName === "DETAILS") { up.open = true; } }
  }

  function innermost(start, end) {
    var hit = [];
    document.querySelectorAll(".gk-text [data-s]").forEach(function (node) {
      if (+node.getAttribute("data-s") < end && +node.getAttribute("data-e") > start) { hit.push(node); }
    });
    return hit.filter(function (node) {
      return !hit.some(function (other) { return other !== node && node.contains(other) && covers(node, other, start, end); });
    });
  }

  /* A block gives way to what lies inside it where that alone covers the place. */
  function covers(outer, inner, start, end) {
    var low = Math.max(start, +outer.getAttribute("data-s")), high = Math.min(end, +outer.getAttribute("data-e"));
    var inside = outer.querySelectorAll("[data-s]"), at = low;
    for (var i = 0; i < inside.length && at < high; i += 1) {
      var s = +inside[i].getAttribute("data-s"), e = +inside[i].getAttribute("data-e");
      if (s <= at && e > at) { at = e; }
    }
    return at >= high;
  }

  function go() {
    lit.forEach(function (node) { node.classList.remove("lit"); });
    lit = [];
    var place = /^#c(\d+)-(\d+)$/.exec(location.hash);
    if (place) {
      lit = innermost(+place[1], Math.max(+place[2], +place[1] + 1));
    } else if (location.hash.length > 1) {
      var target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
      if (target) { unfold(target); target.scrollIntoView({ block: "center" }); if (/^[ut]\d/.test(target.id)) { lit = [target]; } }
    }
    lit.forEach(function (node) { node.classList.add("lit"); });
    if (lit.length) { unfold(lit[0]); lit[0].scrollIntoView({ block: "center" }); }
  }

  window.addEventListener("hashchange", go);
  go();
})();
