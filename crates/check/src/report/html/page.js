"use strict";
(() => {
  const tools = document.getElementById("tools");
  const matrix = document.getElementById("matrix");
  if (!tools || !matrix) return;
  const all = (selector, within = document) => [...within.querySelectorAll(selector)];
  const read = (element) => element.textContent.toLowerCase();

  // What is filtered: clauses are rows of the matrix, failures are articles and rows below it.
  const engines = all("section.engine").map((section) => section.id);
  const failures = all(".engine article, .engine .rows tbody tr, .engine .names span").map((element) => {
    const block = element.closest(".block");
    const head = block && block.querySelector("h4");
    const links = [...(head ? all("a[href]", head) : []), ...all("a[href]", element)];
    return {
      element,
      engine: element.closest(".engine").id,
      clauses: links.map((link) => link.getAttribute("href").slice(1)),
      text: read(element) + (head ? ` ${read(head)}` : ""),
    };
  });
  const clauses = all("tbody tr:not(.chapter)", matrix).map((element) => ({
    element,
    home: element.parentElement,
    standings: [...element.cells].slice(1).map((cell) => cell.className),
    failures: [],
    text: read(element),
  }));
  const byId = new Map(clauses.map((clause) => [clause.element.id, clause]));
  for (const failure of failures) {
    for (const id of failure.clauses) if (byId.has(id)) byId.get(id).failures.push(failure);
  }

  const isOf = (engine, failure) => !engine || failure.engine === engine;

  function hasStanding(clause, { show, engine }) {
    if (!show) return true;
    if (show === "differ") return new Set(clause.standings).size > 1;
    return engine ? clause.standings[engines.indexOf(engine)] === show : clause.standings.includes(show);
  }

  function apply() {
    const state = Object.fromEntries(new FormData(tools));
    const words = state.q.toLowerCase().split(/\s+/).filter(Boolean);
    const hasWords = (text) => words.every((word) => text.includes(word));
    const isFailureShown = (failure) => isOf(state.engine, failure) && hasWords(failure.text)
      && (!state.show || failure.clauses.some((id) => byId.has(id) && hasStanding(byId.get(id), state)));
    for (const failure of failures) failure.element.hidden = !isFailureShown(failure);
    for (const clause of clauses) {
      const isFound = hasWords(clause.text) || clause.failures.some((failure) => isOf(state.engine, failure) && hasWords(failure.text));
      clause.element.hidden = !(isFound && hasStanding(clause, state));
    }
    sort(state);
    hideColumns(state.engine);
    hideEmpty(state, words.length > 0);
    const count = (items) => `${items.filter(({ element }) => !element.hidden).length} of ${items.length}`;
    tools.querySelector("output").textContent = `${count(clauses)} clauses, ${count(failures)} failures listed`;
  }

  function sort({ sort: order, engine }) {
    const failed = new Map(clauses.map((clause) => [clause, clause.failures.filter((failure) => isOf(engine, failure)).length]));
    const sorted = order ? [...clauses].sort((a, b) => failed.get(b) - failed.get(a)) : clauses;
    for (const clause of sorted) (order ? clauses[0].home : clause.home).append(clause.element);
  }

  function hideColumns(engine) {
    for (const row of matrix.rows) {
      [...row.cells].slice(1).forEach((cell, number) => { cell.hidden = Boolean(engine) && engines[number] !== engine; });
    }
  }

  // Headings without anything below them are hidden. A search opens the lists in which it found something.
  function hideEmpty({ engine, sort: order }, isSearch) {
    const isEmpty = (element, items) => !all(items, element).some((item) => !item.hidden);
    for (const row of all(".chapter", matrix)) row.hidden = Boolean(order) || isEmpty(row.parentElement, "tr:not(.chapter)");
    for (const section of all("section.engine")) section.hidden = Boolean(engine) && section.id !== engine;
    for (const list of all(".engine details:has(.rows, .names)")) {
      list.hidden = isEmpty(list, "tbody tr, .names span");
      if (isSearch && !list.hidden) list.open = true;
    }
    for (const part of all(".block, .cause")) part.hidden = isEmpty(part, "article, tbody tr, .names span");
  }

  // The state of the filters is the address: #?show=missed&engine=wine. Any other fragment is a place.
  function keep() {
    const state = new URLSearchParams([...new FormData(tools)].filter(([, value]) => value));
    history.replaceState(null, "", state.size ? `#?${state}` : "#");
    apply();
  }

  function go() {
    if (location.hash.startsWith("#?")) {
      tools.reset();
      const state = new URLSearchParams(location.hash.slice(2));
      for (const name of ["q", "show", "engine", "sort"]) {
        const field = tools.elements[name];
        // There is no choice of one engine.
        if (!field) continue;
        field.value = state.get(name) || "";
        // A select that does not have the value.
        if (!field.value) field.value = "";
      }
      apply();
      return;
    }
    const place = document.getElementById(location.hash.slice(1));
    if (!place) return;
    if (place.closest("[hidden]")) {
      tools.reset();
      apply();
    }
    for (let list = place.closest("details"); list; list = list.parentElement.closest("details")) list.open = true;
    place.scrollIntoView();
  }

  // Every clause and every failure shows its address.
  function addAddress(place, id) {
    const link = document.createElement("a");
    link.className = "anchor";
    link.href = `#${id}`;
    link.textContent = "#";
    link.setAttribute("aria-label", `Address of ${id}`);
    place.append(link);
  }

  for (const { element } of clauses) addAddress(element.cells[0], element.id);
  for (const { element } of failures) addAddress(element.querySelector("h5, th") || element, element.id);
  tools.hidden = false;
  tools.reset();
  apply();
  go();
  tools.addEventListener("input", keep);
  tools.addEventListener("submit", (event) => event.preventDefault());
  addEventListener("hashchange", go);
  let closed = [];
  addEventListener("beforeprint", () => {
    closed = all("details:not([open])");
    for (const list of closed) list.open = true;
  });
  addEventListener("afterprint", () => {
    for (const list of closed) list.open = false;
  });
})();
