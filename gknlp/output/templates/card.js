/* Quote cards: a button beside a passage puts one sentence fit to print on the clipboard and shows it. */
(function () {
  "use strict";
  var MAX_QUOTE = 400;

  function quoted(row, side) {
    var text = "";
    row.querySelectorAll("[data-quote=" + side + "]").forEach(function (node) { text += node.textContent; });
    var letters = Array.from(text.replace(/\s+/g, " ").trim());
    return letters.length > MAX_QUOTE ? letters.slice(0, MAX_QUOTE).join("") + "…" : letters.join("");
  }

  function sentence(row, list) {
    var parts = JSON.parse(list.getAttribute("data-card")), fields = JSON.parse(row.getAttribute("data-fields"));
    fields.here_quote = quoted(row, "here");
    fields.there_quote = quoted(row, "there");
    return parts.map(function (part, i) { return i % 2 ? fields[part] : part; }).join("");
  }

  /* A row of a table gets its card as a row below, anything else inside. */
  function makeCard(row) {
    var card = document.createElement("div"), text = document.createElement("p"), told = document.createElement("p");
    card.className = "card";
    text.className = "card-text";
    text.tabIndex = 0;
    told.className = "card-told";
    told.setAttribute("role", "status");
    card.append(text, told);
    if (row.tagName === "TR") {
      var line = document.createElement("tr"), cell = document.createElement("td");
      cell.colSpan = row.cells.length;
      cell.append(card);
      line.append(cell);
      row.after(line);
    } else {
      row.append(card);
    }
    return card;
  }

  function select(node) {
    var range = document.createRange(), selection = window.getSelection();
    range.selectNodeContents(node);
    selection.removeAllRanges();
    selection.addRange(range);
  }

  function copy(node, done) {
    var byHand = function () {
      select(node);
      var worked = false;
      try { worked = document.execCommand("copy"); } catch (error) { worked = false; }
      done(worked);
    };
    if (navigator.clipboard && window.isSecureContext) {
      navigator.clipboard.writeText(node.textContent).then(function () { select(node); done(true); }, byHand);
    } else {
      byHand();
    }
  }

  var cards = new WeakMap();
  document.querySelectorAll("button.quote").forEach(function (button) {
    var row = button.closest("[data-passage]"), list = button.closest("[data-card]");
    if (!row || !list) { return; }
    button.hidden = false;
    button.addEventListener("click", function () {
      var card = cards.get(row) || makeCard(row);
      cards.set(row, card);
      button.setAttribute("aria-expanded", "true");
      card.firstChild.textContent = sentence(row, list);
      card.lastChild.textContent = "";
      copy(card.firstChild, function (worked) {
        card.lastChild.textContent = list.getAttribute(worked ? "data-copied" : "data-select");
      });
    });
  });
})();
