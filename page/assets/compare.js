// The filters of the comparison. The address has them, so that a filtered table can be linked to.
"use strict";
(() => {
  const form = document.getElementById("filters");
  const rows = [...document.querySelectorAll("#matrix tbody tr")];
  const names = ["engine", "chapter", "state"];

  function read() {
    const address = new URLSearchParams(location.search);
    for (const name of names) {
      const field = form.elements[name];
      field.value = address.get(name) ?? "";
      // A value that is not offered selects everything.
      if (field.selectedIndex < 0) field.value = "";
    }
  }

  function write() {
    const address = new URLSearchParams();
    for (const name of names) if (form.elements[name].value) address.set(name, form.elements[name].value);
    const query = address.toString();
    history.replaceState(null, "", query ? "?" + query : location.pathname);
  }

  function matches(row, { engine, chapter, state }) {
    const inChapter = !chapter || row.dataset.chapter === chapter;
    const cells = [...row.querySelectorAll("td")].filter((cell) => !engine || cell.dataset.engine === engine);
    return inChapter && (!state || cells.some((cell) => cell.dataset.state === state));
  }

  function apply() {
    const wanted = Object.fromEntries(names.map((name) => [name, form.elements[name].value]));
    for (const cell of document.querySelectorAll("#matrix [data-engine]")) {
      cell.hidden = wanted.engine !== "" && cell.dataset.engine !== wanted.engine;
    }
    const clauses = rows.filter((row) => !row.classList.contains("chapter"));
    for (const row of clauses) row.hidden = !matches(row, wanted);
    const shown = clauses.filter((row) => !row.hidden);
    for (const row of rows.filter((row) => row.classList.contains("chapter"))) {
      row.hidden = !shown.some((clause) => clause.parentElement === row.parentElement);
    }
    document.getElementById("shown").value = `${shown.length} of ${clauses.length} clauses`;
  }

  form.hidden = false;
  form.addEventListener("change", () => { write(); apply(); });
  form.addEventListener("submit", (event) => event.preventDefault());
  addEventListener("popstate", () => { read(); apply(); });
  read();
  apply();
})();
