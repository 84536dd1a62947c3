"use strict";
(() => {
  const data = JSON.parse(document.getElementById("data").textContent);
  const byId = (id) => document.getElementById(id);
  const MARKS = { "met": "✓", "missed": "✗", "partly-asked": "◐", "unsupported": "–", "open": "○", "not-asked": "·" };
  const WORDS = { "met": "met", "missed": "missed", "partly-asked": "partly asked", "unsupported": "unsupported", "open": "open", "not-asked": "not asked" };

  // The only way that text gets into the page. Strings become text nodes, never markup.
  function element(name, classes, ...children) {
    const made = document.createElement(name);
    if (classes) made.className = classes;
    for (const child of children) made.append(child);
    return made;
  }

  // Text between backquotes is code.
  const sentence = (text) => text.split("`").map((part, number) => (number % 2 ? element("code", "", part) : part));

  const plural = (count, word) => `${count} ${word}${count === 1 ? "" : "s"}`;
  const title = (engine) => `${engine.name} ${engine.version}`.trim();
  const standing = (cell) => (cell ? cell.standing : "not-asked");

  function engineCard(engine) {
    const card = element("article", "engine",
      element("h2", "", title(engine)),
      element("p", `sum ${engine.conforms ? "met" : "missed"}`, `${engine.met} of ${engine.asked} clauses met`));
    const part = element("i");
    part.style.width = `${engine.asked ? (100 * engine.met) / engine.asked : 100}%`;
    const bar = element("div", "bar", part);
    bar.setAttribute("aria-hidden", "true");
    card.append(bar,
      element("p", "quiet", `${engine.conclusion}, ${plural(engine.vectors, "vector")} in ${engine.took}`),
      element("p", "quiet", engine.date.replace("T", " ").replace("Z", " UTC")));
    for (const note of engine.notes) card.append(element("p", "quiet", note));
    if (engine.command) card.append(element("p", "quiet", element("code", "", engine.command)));
    if (engine.explanations.length) card.append(list("What it looks like", engine.explanations));
    if (engine.stale.length) card.append(list("Stale known failures", engine.stale));
    if (engine.open_points.length) {
      card.append(list(`Open points: ${engine.open_points.length}`, engine.open_points.map(([id, text]) => `${id}: ${text}`)));
    }
    return card;
  }

  function list(label, lines) {
    return element("details", "", element("summary", "", label),
      element("ul", "", ...lines.map((line) => element("li", "", line))));
  }

  // All rows and their cells. Filters only hide rows.
  const rows = [];
  const chapters = [];

  function buildMatrix() {
    const head = element("tr", "");
    for (const [label, classes] of [["clause", ""], ...data.engines.map((engine) => [title(engine), "engine-name"])]) {
      const cell = element("th", classes, element("span", "label", label));
      cell.title = label;
      cell.scope = "col";
      head.append(cell);
    }
    document.querySelector("#matrix thead").append(head);
    const body = document.querySelector("#matrix tbody");
    const calls = new Map();
    for (const question of data.questions) {
      for (const id of question.clauses) calls.set(id, `${calls.get(id) || ""} ${question.id} ${question.title} ${question.call}`);
    }
    let chapter = null;
    for (const clause of data.clauses) {
      if (!chapter || chapter.id !== clause.chapter) {
        chapter = { id: clause.chapter, row: chapterRow(clause), rows: [] };
        chapters.push(chapter);
        body.append(chapter.row);
      }
      const row = clauseRow(clause);
      row.search = `${clause.id} ${clause.text} ${calls.get(clause.id) || ""}`.toLowerCase();
      chapter.rows.push(row);
      rows.push(row);
      body.append(row.row);
    }
  }

  function chapterRow(clause) {
    const row = element("tr", "chapter");
    const head = element("th", "", `${clause.chapter}  ${clause.chapter_title}`);
    head.scope = "rowgroup";
    row.append(head);
    data.engines.forEach((_, number) => {
      const cells = data.clauses.filter((other) => other.chapter === clause.chapter).map((other) => standing(other.engines[number]));
      const asked = cells.filter((word) => word !== "not-asked" && word !== "open");
      row.append(element("td", "", asked.length ? `${asked.filter((word) => word === "met").length} of ${asked.length}` : "·"));
    });
    return row;
  }

  function clauseRow(clause) {
    const row = element("tr", "");
    const head = element("th", "clause", element("b", "", clause.id), ...sentence(clause.text));
    head.scope = "row";
    row.append(head);
    const cells = clause.engines.map((cell, number) => {
      const word = standing(cell);
      const button = element("button", word, element("b", "", MARKS[word]));
      if (word === "missed") button.append(`${cell.passed} of ${cell.asked}`);
      button.type = "button";
      button.tabIndex = -1;
      button.setAttribute("aria-label", `${clause.id}, ${title(data.engines[number])}: ${WORDS[word]}`
        + (word === "missed" ? `, ${cell.passed} of ${cell.asked} vectors pass` : ""));
      const box = element("td", `cell ${word}`, button);
      row.append(box);
      button.addEventListener("click", () => open(clause, number, button));
      return button;
    });
    return { row, clause, cells };
  }

  // Filters.

  function fits(row, wanted, words) {
    const own = row.clause.engines.map(standing);
    const status = wanted === "all"
      || (wanted === "differ" ? new Set(own).size > 1
        : wanted === "wrong" ? own.some((word) => word === "missed" || word === "unsupported")
          : own.includes(wanted));
    return status && words.every((word) => row.search.includes(word));
  }

  function filter() {
    const words = byId("filter").value.toLowerCase().split(/\s+/).filter(Boolean);
    const wanted = byId("status").value;
    for (const row of rows) row.row.hidden = !fits(row, wanted, words);
    for (const chapter of chapters) chapter.row.hidden = chapter.rows.every((row) => row.row.hidden);
    const shown = rows.filter((row) => !row.row.hidden).length;
    byId("count").textContent = shown === rows.length ? plural(shown, "clause") : `${shown} of ${plural(rows.length, "clause")}`;
    keepOneTabStop();
  }

  // The grid is a single tab stop; arrow keys move within it.

  function keepOneTabStop(button) {
    const visible = rows.filter((row) => !row.row.hidden);
    const kept = button || visible.flatMap((row) => row.cells).find((cell) => cell.tabIndex === 0) || (visible[0] && visible[0].cells[0]);
    for (const row of rows) for (const cell of row.cells) cell.tabIndex = cell === kept ? 0 : -1;
  }

  function move(event) {
    const visible = rows.filter((row) => !row.row.hidden);
    const at = visible.findIndex((row) => row.cells.includes(event.target));
    if (at < 0) return;
    const column = visible[at].cells.indexOf(event.target);
    const last = visible[at].cells.length - 1;
    const go = {
      ArrowDown: [at + 1, column], ArrowUp: [at - 1, column], ArrowRight: [at, column + 1], ArrowLeft: [at, column - 1],
      PageDown: [Math.min(at + 10, visible.length - 1), column], PageUp: [Math.max(at - 10, 0), column],
      Home: event.ctrlKey ? [0, 0] : [at, 0], End: event.ctrlKey ? [visible.length - 1, last] : [at, last],
    }[event.key];
    const cell = go && visible[go[0]] && visible[go[0]].cells[go[1]];
    if (!go) return;
    event.preventDefault();
    if (!cell) return;
    keepOneTabStop(cell);
    cell.focus();
    cell.scrollIntoView({ block: "nearest" });
  }

  // The panel.

  let opener = null;

  function open(clause, number, button) {
    mark(button);
    keepOneTabStop(button);
    const engine = data.engines[number];
    const cell = clause.engines[number];
    const word = standing(cell);
    byId("panel-title").textContent = `${clause.id}, ${title(engine)}: ${WORDS[word]}`;
    const body = byId("panel-body");
    body.replaceChildren(
      element("p", "sentence", ...sentence(clause.text)),
      element("p", "quiet", `${clause.place}`));
    const asked = data.questions.filter((question) => question.clauses.includes(clause.id) && question.answers[number]);
    const rank = (question) => (question.answers[number].news ? 0 : question.answers[number].word === "pass" ? 2 : 1);
    asked.sort((a, b) => rank(a) - rank(b));
    if (!asked.length) body.append(element("p", "quiet", "This engine was not asked."));
    for (const question of asked) body.append(vector(question, question.answers[number]));
    byId("panel").hidden = false;
    byId("panel").scrollTop = 0;
    document.body.classList.add("with-panel");
    byId("panel-title").focus();
    button.scrollIntoView({ block: "nearest" });
  }

  function mark(button) {
    if (opener) opener.parentElement.classList.remove("current");
    opener = button;
    if (opener) opener.parentElement.classList.add("current");
  }

  function close() {
    if (byId("panel").hidden) return;
    byId("panel").hidden = true;
    document.body.classList.remove("with-panel");
    const back = opener;
    mark(null);
    if (back) back.focus();
  }

  function vector(question, answer) {
    const kind = answer.news ? "news" : answer.word === "pass" ? "pass" : "other";
    const lines = element("dl", "");
    const line = (label, text, classes) => {
      if (text) lines.append(element("dt", "", label), element("dd", `code ${classes || ""}`, text));
    };
    line("call", question.call);
    line("want", question.want, "want");
    line("got", answer.got, `got ${kind}`);
    line("", answer.difference);
    line("follows", answer.follows);
    line("known", answer.known);
    line("note", question.note);
    line("looks like", answer.looks_like);
    line("again", answer.again);
    return element("article", "vector",
      element("h3", "", element("span", `word ${kind}`, answer.word), `${question.id}  ${question.title}`), lines);
  }

  // A page without engines has only a chart.
  if (data.engines.length) byId("summary").textContent = `${plural(data.clauses.length, "clause")} of the specification, ${plural(data.engines.length, "engine")}, ${plural(data.questions.length, "vector")}`;
  byId("engines").append(...data.engines.map(engineCard));
  buildMatrix();
  filter();
  byId("filter").addEventListener("input", filter);
  byId("status").addEventListener("change", filter);
  byId("matrix").addEventListener("keydown", move);
  byId("close").addEventListener("click", close);
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") close();
  });
})();
