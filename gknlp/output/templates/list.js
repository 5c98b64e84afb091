/* The list of reports: search, filters, sorting, pages. Data come from data.js; text goes in as text, never as markup. */
(function () {
  "use strict";
  var data = window.GKNLP, PAGE = 100, at = 0, found = [];
  var NAME = 1, YEAR = 2, LEVEL = 3, REGION = 4, FORM = 5, REFERENCE = 6, LENGTH = 7, SHARES = 8, PROBLEMS = 9,
    CHECKABLE = 10, FLAGS = 11, MORE = 12;
  var store = window.gknlpVerdicts, decided = {};
  var CLASSES = ["formula", "own_past", "template", "peer", "own"], SEVERITY = ["high", "medium", "low"];
  var byId = function (id) { return document.getElementById(id); };
  var fold = function (text) { return text.normalize("NFKC").toLowerCase(); };
  var collator = new Intl.Collator(document.documentElement.lang);

  data.reports.forEach(function (report) {
    report.searched = fold([report[NAME], report[REGION], report[MORE], report[YEAR] || ""].join(" "));
    report.shared = report[SHARES] ? report[SHARES][1] + report[SHARES][2] + report[SHARES][3] : -1;
  });

  /* What was decided on each flag of the run, and what is left to weigh in each report. */
  function judge() {
    decided = {};
    data.reports.forEach(function (report) {
      report.weight = 0;
      report.verdicts = [];
      report[FLAGS].forEach(function (flag) {
        flag[3].forEach(function (key) {
          var entry = store.current(key, data.given[key]), verdict = entry ? entry.verdict : "";
          if (verdict) { decided[key] = entry; }
          report.verdicts.push(verdict);
          if (verdict !== "dismissed") { report.weight += [10000, 100, 1][data.kinds[flag[0]][1]]; }
        });
      });
    });
    tally();
  }

  function tally() {
    var count = { confirmed: 0, dismissed: 0, noted: 0, "": 0 };
    data.reports.forEach(function (report) { report.verdicts.forEach(function (verdict) { count[verdict] += 1; }); });
    if (byId("verdict-count")) {
      byId("verdict-count").textContent = data.words.tally.replace("{a}", count.confirmed).replace("{b}", count.dismissed)
        .replace("{c}", count.noted).replace("{d}", count[""]);
    }
  }

  function element(tag, className, text) {
    var made = document.createElement(tag);
    if (className) { made.className = className; }
    if (text !== undefined && text !== null) { made.textContent = text; }
    return made;
  }

  function cell(row, className, text) {
    var made = element("td", className, text);
    row.appendChild(made);
    return made;
  }

  function bar(shares) {
    if (!shares) { return element("span", "small", data.words.composition_none); }
    var made = element("span", "bar"), told = [];
    var kinds = CLASSES.length;
    shares.slice(0, kinds).forEach(function (share, position) {
      if (!share) { return; }
      var part = element("span", "b-" + CLASSES[position]);
      part.style.width = share / 10 + "%";
      made.appendChild(part);
      told.push(data.origins[position] + " " + (shares.length > kinds ? shares[position + kinds] : Math.round(share / 10) + "%"));
    });
    made.setAttribute("role", "img");
    made.setAttribute("aria-label", told.join(", "));
    made.title = told.join("  ");
    return made;
  }

  /* The verdicts on the flags of one kind in words: "属实 2 排除". */
  function told(keys) {
    var count = {};
    keys.forEach(function (key) {
      if (decided[key]) { count[decided[key].verdict] = (count[decided[key].verdict] || 0) + 1; }
    });
    return Object.keys(count).sort().map(function (verdict) {
      return data.words[verdict] + (keys.length > 1 ? " " + count[verdict] : "");
    }).join(" ");
  }

  function line(report) {
    var row = element("tr"), who = cell(row), link = element("a", "agency"), tags = element("div", "tags");
    link.href = data.pages + "/" + report[0];
    link.appendChild(element("bdi", "", report[NAME]));
    who.appendChild(link);
    if (report[REGION]) { who.appendChild(element("bdi", "place", report[REGION])); }
    if (report[REFERENCE]) { who.appendChild(element("span", "place", data.words.reference_note)); }
    cell(row, "num", report[YEAR]);
    cell(row, "", report[LEVEL]);
    cell(row, "", report[FORM]);
    cell(row, "num", report[LENGTH]);
    cell(row, "bar-column").appendChild(bar(report[SHARES]));
    cell(row, "num", report[PROBLEMS] + " / " + report[CHECKABLE]);
    report[FLAGS].forEach(function (flag) {
      var kind = data.kinds[flag[0]], tag = element("span"), label = element("span", "sev sev-" + SEVERITY[kind[1]]);
      label.textContent = data.severities[kind[1]];
      tag.appendChild(label);
      tag.appendChild(document.createTextNode(" " + kind[0] + (flag[1] > 1 ? " ×" + flag[1] : "")));
      tag.title = flag[2];
      var judged = told(flag[3]);
      if (judged) { tag.appendChild(element("span", "judged", " " + judged)); }
      if (flag[3].every(function (key) { return decided[key] && decided[key].verdict === "dismissed"; })) { tag.className = "dismissed"; }
      tags.appendChild(tag);
    });
    cell(row).appendChild(tags);
    return row;
  }

  var ORDERS = {
    flags: function (a, b) { return b.weight - a.weight; },
    agency: function (a, b) { return collator.compare(a[NAME], b[NAME]) || (a[YEAR] || 0) - (b[YEAR] || 0); },
    year: function (a, b) { return (b[YEAR] || 0) - (a[YEAR] || 0); },
    shared: function (a, b) { return b.shared - a.shared; },
    length: function (a, b) { return (a[LENGTH] === null ? Infinity : a[LENGTH]) - (b[LENGTH] === null ? Infinity : b[LENGTH]) || 0; }
  };

  function matches(report, wanted) {
    if (wanted.words.some(function (word) { return report.searched.indexOf(word) < 0; })) { return false; }
    if (wanted.year && String(report[YEAR]) !== wanted.year) { return false; }
    if (wanted.level && report[LEVEL] !== wanted.level) { return false; }
    if (wanted.region && report[REGION].indexOf(wanted.region) < 0) { return false; }
    if (wanted.verdict === "open" && report.verdicts.indexOf("") < 0) { return false; }
    if (wanted.verdict === "done" && (!report.verdicts.length || report.verdicts.indexOf("") >= 0)) { return false; }
    if (data.words[wanted.verdict] && report.verdicts.indexOf(wanted.verdict) < 0) { return false; }
    if (!wanted.flag) { return true; }
    if (wanted.flag === "any") { return report[FLAGS].length > 0; }
    if (wanted.flag === "none") { return report[FLAGS].length === 0; }
    return report[FLAGS].some(function (flag) { return String(flag[0]) === wanted.flag; });
  }

  function choose() {
    var wanted = {
      words: fold(byId("q").value).split(/\s+/).filter(Boolean), year: byId("year").value, level: byId("level").value,
      region: byId("region").value.trim(), flag: byId("flag").value,
      verdict: byId("verdict").value
    };
    found = data.reports.filter(function (report) { return matches(report, wanted); });
    found.sort(ORDERS[byId("sort").value]);
    at = 0;
    show();
  }

  function show() {
    var rows = byId("rows"), part = found.slice(at, at + PAGE), fresh = document.createDocumentFragment();
    part.forEach(function (report) { fresh.appendChild(line(report)); });
    rows.textContent = "";
    rows.appendChild(fresh);
    byId("count").textContent = found.length
      ? data.words.shown.replace("{a}", at + 1).replace("{b}", at + part.length).replace("{n}", found.length)
      : data.words.none_found;
    byId("previous").disabled = at === 0;
    byId("next").disabled = at + PAGE >= found.length;
  }

  function options(id, values) {
    values.forEach(function (pair) {
      var made = element("option", "", pair[1]);
      made.value = pair[0];
      byId(id).appendChild(made);
    });
  }

  function distinct(position, order) {
    var seen = {};
    data.reports.forEach(function (report) { if (report[position]) { seen["=" + report[position]] = report[position]; } });
    return Object.keys(seen).map(function (key) { return [String(seen[key]), String(seen[key])]; }).sort(order);
  }

  options("year", distinct(YEAR, function (a, b) { return b[0] - a[0]; }));
  options("level", distinct(LEVEL, function (a, b) { return collator.compare(a[0], b[0]); }));
  options("regions", distinct(REGION, function (a, b) { return collator.compare(a[0], b[0]); }));
  options("flag", data.kinds.map(function (kind, position) { return [String(position), kind[0]]; }));
  byId("filters").addEventListener("input", choose);
  byId("filters").addEventListener("submit", function (event) { event.preventDefault(); });
  byId("filters").addEventListener("reset", function () { setTimeout(choose, 0); });
  /* On paper stands every report that was found, not a page of them. */
  window.addEventListener("beforeprint", function () { at = 0; PAGE = found.length; show(); });
  window.addEventListener("afterprint", function () { PAGE = 100; show(); });
  byId("previous").addEventListener("click", function () { at = Math.max(0, at - PAGE); show(); byId("list").scrollIntoView(); });
  byId("next").addEventListener("click", function () { at += PAGE; show(); byId("list").scrollIntoView(); });
  document.querySelectorAll("button[data-flag]").forEach(function (button) {
    button.addEventListener("click", function () {
      byId("flag").value = button.getAttribute("data-flag");
      choose();
      byId("list").scrollIntoView();
      byId("flag").focus();
    });
  });

  function importFile(file) {
    var reader = new FileReader();
    reader.onload = function () {
      var entries = store.parse(reader.result), known = 0;
      if (!entries) { byId("verdict-state").textContent = data.words.not_verdicts; return; }
      var keys = {};
      data.reports.forEach(function (report) { report[FLAGS].forEach(function (flag) { flag[3].forEach(function (key) { keys[key] = true; }); }); });
      entries.forEach(function (entry) {
        if (keys[entry.key]) { known += 1; }
        if (store.current(entry.key, entry) === entry) { store.save(entry); }
      });
      byId("verdict-state").textContent = data.words.imported.replace("{n}", entries.length).replace("{m}", known);
      judge();
      choose();
    };
    reader.readAsText(file);
  }

  if (byId("verdict-tools")) {
    byId("verdict-tools").hidden = false;
    byId("export-verdicts").addEventListener("click", function () {
      var entries = Object.keys(decided).map(function (key) { return decided[key]; });
      Object.keys(data.given).forEach(function (key) {
        var entry = store.current(key, data.given[key]);
        if (!decided[key] && entry.verdict) { entries.push(entry); }
      });
      if (entries.length) { store.download(entries, "verdicts.json"); } else { byId("verdict-state").textContent = data.words.none_yet; }
    });
    byId("import-verdicts").addEventListener("change", function (event) {
      if (event.target.files.length) { importFile(event.target.files[0]); event.target.value = ""; }
    });
    if (store.lasts() === "tab") { byId("verdict-state").textContent = data.words.kept_tab; }
  }
  /* A page that is shown again from the browser's memory has missed what was decided meanwhile. */
  window.addEventListener("pageshow", function (event) { if (event.persisted) { judge(); choose(); } });
  judge();
  choose();
})();
