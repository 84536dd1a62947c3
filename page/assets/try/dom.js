// Builds elements. Text becomes text, never markup.

/** An element with attributes and children: elements or strings. */
export function el(name, attributes = {}, ...children) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (value !== null && value !== undefined && value !== false) element.setAttribute(key, value);
  }
  element.append(...children.flat().filter((child) => child !== null && child !== undefined));
  return element;
}

/** Replaces the content of an element. */
export function fill(element, ...children) {
  element.replaceChildren(...children.flat().filter((child) => child !== null && child !== undefined));
}

const NAMED = { '\t': '\u21e5', '\n': '\u21b5', '\r': '\u240d' };
// Control characters, and those that are invisible or change the direction of text.
const HIDDEN = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\u00a0\ufe00-\ufe0f]/gu;

/** Text in which every character can be seen. */
export function visible(text) {
  return text.replace(HIDDEN, (c) => NAMED[c] ?? `\u2039${code(c)}\u203a`);
}

/** The lines of a text in which every other character can be seen. */
export function visibleLines(text) {
  return text.split('\n').map(visible).join('\n');
}

function code(character) {
  return 'U+' + character.codePointAt(0).toString(16).toUpperCase().padStart(4, '0');
}

/** A text as code. An empty text is shown as two quotes, in grey, and blanks alone as open boxes. */
export function codeOf(text) {
  if (text === '') return el('code', { class: 'empty' }, '""');
  return el('code', {}, visible(/^[ \t]+$/.test(text) ? text.replaceAll(' ', '\u2423') : text));
}

/** A value as code: a text as it is, other values as JSON. */
export function valueOf(value) {
  return codeOf(typeof value === 'string' ? value : JSON.stringify(value));
}

/** A link to a clause. */
export function clause(id) {
  return el('a', { class: 'clause', href: `spec/${encodeURIComponent(id)}.html` }, id);
}

/** A sentence in which `code` between backquotes is code. */
export function prose(text) {
  const parts = text.split('`');
  // A backquote without a partner is text.
  if (parts.length % 2 === 0) return [visible(text)];
  return parts.map((part, index) => (index % 2 ? el('code', {}, visible(part)) : visible(part)));
}

/** A table in a box that scrolls if the screen is narrow. */
export function table(label, heads, rows) {
  const head = el('tr', {}, heads.map((text) => el('th', { scope: 'col' }, text)));
  // On narrow screens, the cells are below each other.
  for (const line of rows) heads.forEach((text, index) => line.cells[index].setAttribute('data-label', text));
  return el('div', { class: 'scroll', tabindex: '0', role: 'region', 'aria-label': label },
    el('table', {}, el('thead', {}, head), el('tbody', {}, rows)));
}

/** A row of a table. */
export function row(...cells) {
  return el('tr', {}, cells.map((cell) => el('td', {}, el('div', {}, cell))));
}

/** A text as a sentence. */
export function sentence(text) {
  return visible(`${text[0].toUpperCase()}${text.slice(1)}.`);
}

/** "1 argument", "2 arguments". */
export function count(number, one, many = one + 's') {
  return `${number.toLocaleString('en')} ${number === 1 ? one : many}`;
}
