// The search of the header. The index is loaded when it is first needed.
"use strict";
(() => {
  const MAX_SHOWN = 12;
  const root = document.currentScript.dataset.root;
  const box = document.getElementById("search");
  const input = document.createElement("input");
  const list = document.createElement("ul");
  let shown = [];
  let selected = 0;

  const attributes = {
    type: "search", placeholder: "Search  /", role: "combobox", autocomplete: "off", spellcheck: "false", maxlength: "200",
    "aria-label": "Search the specification", "aria-controls": "search-results", "aria-expanded": "false", "aria-autocomplete": "list",
  };
  for (const [name, value] of Object.entries(attributes)) input.setAttribute(name, value);
  list.id = "search-results";
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", "Results");
  list.hidden = true;
  box.append(input, list);

  function load() {
    if (globalThis.rulespecIndex || document.getElementById("search-index")) return;
    const script = document.createElement("script");
    script.id = "search-index";
    script.src = root + "search-index.js";
    script.onload = update;
    document.head.append(script);
  }

  // How well an entry matches: lower is better, and null is no match.
  function rank([, name, , text], query, words) {
    const id = name.toLowerCase();
    const all = id + " " + text.toLowerCase();
    if (!words.every((word) => all.includes(word))) return null;
    if (id === query) return 0;
    if (id.startsWith(query)) return 1;
    if (id.includes(query)) return 2;
    return all.includes(query) ? 3 : 4;
  }

  function find(query) {
    const words = query.split(/\s+/);
    const ranked = globalThis.rulespecIndex.map((entry, at) => [rank(entry, query, words), at, entry]);
    return ranked.filter(([rank]) => rank !== null).sort((a, b) => a[0] - b[0] || a[1] - b[1]).map(([, , entry]) => entry);
  }

  function item([kind, name, , text], at) {
    const row = document.createElement("li");
    row.id = "search-" + at;
    row.setAttribute("role", "option");
    const parts = [["b", name], ["small", kind], ["span", text]];
    for (const [tag, content] of parts) {
      const part = document.createElement(tag);
      part.textContent = content;
      row.append(part);
    }
    row.addEventListener("mousedown", (event) => { event.preventDefault(); open(at); });
    return row;
  }

  function update() {
    const query = input.value.trim().toLowerCase();
    const isReady = query !== "" && globalThis.rulespecIndex;
    shown = isReady ? find(query).slice(0, MAX_SHOWN) : [];
    list.replaceChildren(...shown.map(item));
    if (isReady && shown.length === 0) {
      const none = document.createElement("li");
      none.className = "none";
      none.textContent = "Nothing matches.";
      list.append(none);
    }
    list.hidden = !isReady;
    input.setAttribute("aria-expanded", String(!list.hidden));
    select(0);
  }

  function select(at) {
    selected = at;
    shown.forEach((_, index) => list.children[index].setAttribute("aria-selected", String(index === at)));
    if (shown.length > 0) {
      input.setAttribute("aria-activedescendant", "search-" + at);
      list.children[at].scrollIntoView({ block: "nearest" });
    } else {
      input.removeAttribute("aria-activedescendant");
    }
  }

  function open(at) {
    if (shown[at]) location.href = root + shown[at][2];
  }

  function close() {
    list.hidden = true;
    input.setAttribute("aria-expanded", "false");
  }

  input.addEventListener("focus", () => { load(); update(); });
  input.addEventListener("input", update);
  input.addEventListener("blur", close);
  input.addEventListener("keydown", (event) => {
    const count = shown.length;
    const moves = { ArrowDown: 1, ArrowUp: -1 };
    if (event.key in moves && count > 0) {
      event.preventDefault();
      select((selected + moves[event.key] + count) % count);
    } else if (event.key === "Enter") {
      event.preventDefault();
      open(selected);
    } else if (event.key === "Escape") {
      input.value = "";
      input.blur();
    }
  });
  document.addEventListener("keydown", (event) => {
    const isTyping = /^(INPUT|TEXTAREA|SELECT)$/.test(event.target.tagName) || event.target.isContentEditable;
    if (event.key === "/" && !isTyping && !event.ctrlKey && !event.metaKey && !event.altKey) {
      event.preventDefault();
      input.focus();
    }
  });
})();
