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

  /* A figure of the text leads to its line among the figures compared, which leads to the cell. */
  document.querySelectorAll(".gk-text .claim").forEach(function (node) {
    node.addEventListener("click", function () {
      var at = +node.getAttribute("data-s");
      [].some.call(document.querySelectorAll("#claims a[href^='#c']"), function (link) {
        var place = /^#c(\d+)-(\d+)$/.exec(link.getAttribute("href"));
        if (place && +place[1] <= at && at < +place[2]) { unfold(link); link.scrollIntoView({ block: "center" }); link.focus(); return true; }
        return false;
      });
    });
  });
  window.addEventListener("hashchange", go);
  go();
})();

/* Verdicts on the flags of the page. */
(function () {
  "use strict";
  var store = window.gknlpVerdicts, state = document.getElementById("verdict-state"), blocks = [];
  if (!state) { return; }

  function show(block) {
    var entry = block.entry(), verdict = entry ? entry.verdict : "", told = block.node.querySelector(".verdict-told");
    told.textContent = "";
    if (verdict) {
      told.appendChild(document.createTextNode(state.getAttribute("data-verdict") + "："));
      told.appendChild(document.createElement("b")).textContent = state.getAttribute("data-" + verdict);
      told.appendChild(document.createTextNode(" "));
      told.appendChild(document.createElement("bdi")).textContent = entry.note || "";
    }
    block.buttons.forEach(function (button) {
      button.setAttribute("aria-pressed", String(button.getAttribute("data-verdict") === verdict));
    });
    if (document.activeElement !== block.note) { block.note.value = (entry && entry.note) || ""; }
    block.node.parentElement.classList.toggle("dismissed", verdict === "dismissed");
  }

  function decide(block, verdict) {
    var entry = Object.assign({}, block.about), note = block.note.value.trim();
    entry.verdict = verdict || (note ? "noted" : "");
    entry.note = note;
    entry.decided = new Date().toISOString();
    store.save(entry);
    show(block);
    state.textContent = state.getAttribute(store.lasts() === "kept" ? "data-kept" : "data-tab");
  }

  function chosen(block) {
    var entry = block.entry();
    return entry && entry.verdict !== "noted" ? entry.verdict : "";
  }

  document.querySelectorAll(".verdict").forEach(function (node) {
    var about = JSON.parse(node.getAttribute("data-about")), given = JSON.parse(node.getAttribute("data-given") || "null");
    var block = { node: node, about: about, note: node.querySelector("input"), entry: function () { return store.current(about.key, given); } };
    block.buttons = [].slice.call(node.querySelectorAll("button[data-verdict]"));
    block.buttons.forEach(function (button) {
      button.addEventListener("click", function () {
        var verdict = button.getAttribute("data-verdict");
        decide(block, chosen(block) === verdict ? "" : verdict);
      });
    });
    block.note.addEventListener("change", function () { decide(block, chosen(block)); });
    node.querySelector(".verdict-set").hidden = false;
    blocks.push(block);
    show(block);
  });
  document.querySelector(".verdict-tools").hidden = false;
  document.getElementById("export-verdicts").addEventListener("click", function () {
    var entries = blocks.map(function (block) { return block.entry(); }).filter(function (entry) { return entry && entry.verdict; });
    if (entries.length) {
      store.download(entries, document.body.getAttribute("data-file") + "-verdicts.json");
    } else {
      state.textContent = state.getAttribute("data-none");
    }
  });
})();
