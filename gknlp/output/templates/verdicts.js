/* What a person decides on flags: kept in the browser, exported as a file that `gknlp analyze --verdicts` reads.

   Under file:// some browsers give every page a storage of its own: what is decided also travels in window.name, which
   stays with the tab. The one decided last counts. Text goes in as text, never as markup. */
window.gknlpVerdicts = (function () {
  "use strict";
  var FORMAT = "gknlp-verdicts", VERSION = 1, PREFIX = "gknlp-verdict-", WORDS = ["confirmed", "dismissed", "noted"];
  var TEXTS = { note: 4000, decided: 40, flag: 2000, agency: 2000, reason: 2000 };
  var memory = {};

  function clean(value) {
    if (!value || typeof value !== "object" || !/^[0-9a-f]{32}$/.test(value.key)) { return null; }
    if (value.verdict !== "" && WORDS.indexOf(value.verdict) < 0) { return null; }
    var made = { key: value.key, verdict: value.verdict };
    Object.keys(TEXTS).forEach(function (name) {
      if (typeof value[name] === "string") { made[name] = value[name].slice(0, TEXTS[name]); }
    });
    if (typeof value.year === "number") { made.year = value.year; }
    return made;
  }

  function later(a, b) { return !b || (a && (a.decided || "") >= (b.decided || "")) ? a : b; }

  function named() {
    try { return JSON.parse(window.name)[FORMAT] || {}; } catch (error) { return {}; }
  }

  function stored(key) {
    try { return clean(JSON.parse(window.localStorage.getItem(PREFIX + key))); } catch (error) { return null; }
  }

  /* What is known of a flag: `given` is what the page was written with. A withdrawn verdict has verdict "". */
  function current(key, given) {
    return later(later(later(memory[key], stored(key)), clean(named()[key])), given || null) || null;
  }

  function save(entry) {
    var all = named(), holder = {};
    memory[entry.key] = entry;
    try { window.localStorage.setItem(PREFIX + entry.key, JSON.stringify(entry)); } catch (error) { /* kept below */ }
    all[entry.key] = entry;
    holder[FORMAT] = all;
    try { window.name = JSON.stringify(holder); } catch (error) { /* kept in memory */ }
  }

  /* How long a verdict lasts: "kept" in the browser, or as long as the "tab". */
  function lasts() {
    try {
      window.localStorage.setItem(PREFIX, "1");
      window.localStorage.removeItem(PREFIX);
      return "kept";
    } catch (error) { return "tab"; }
  }

  function text(entries) {
    var kept = entries.filter(function (entry) { return entry && entry.verdict; });
    kept.sort(function (a, b) { return a.key < b.key ? -1 : a.key > b.key ? 1 : 0; });
    return JSON.stringify({ format: FORMAT, version: VERSION, verdicts: kept }, null, 1) + "\n";
  }

  function download(entries, name) {
    var url = URL.createObjectURL(new Blob([text(entries)], { type: "application/json" })), link = document.createElement("a");
    link.href = url;
    link.download = name;
    document.body.appendChild(link);
    link.click();
    document.body.removeChild(link);
    setTimeout(function () { URL.revokeObjectURL(url); }, 1000);
  }

  /* The entries of an exported file; null where it is none. An entry that is no verdict makes the file none. */
  function parse(content) {
    var data;
    try { data = JSON.parse(content); } catch (error) { return null; }
    if (!data || data.format !== FORMAT || data.version !== VERSION || !Array.isArray(data.verdicts)) { return null; }
    var entries = data.verdicts.map(clean);
    return entries.every(function (entry) { return entry && entry.verdict; }) ? entries : null;
  }

  return { current: current, save: save, lasts: lasts, text: text, download: download, parse: parse };
})();
