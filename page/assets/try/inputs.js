// Inputs that are made from data.

import { el, fill, visible } from './dom.js';

/** Lets a user choose an example. */
export function offerExamples(select, choices, choose) {
  select.append(...Object.keys(choices).map((name) => el('option', {}, name)));
  select.addEventListener('change', () => {
    if (Object.hasOwn(choices, select.value)) choose(choices[select.value]);
  });
}

/** Lets a user add a column to the event. */
export function offerColumns(select, button, columns, add) {
  select.append(...columns.map(({ name, type }) => el('option', {}, `${name}: ${type}`)));
  button.addEventListener('click', () => add(columns[select.selectedIndex]));
}

/** Lets a user choose an operator. */
export function offerOperators(select, operators) {
  for (const [label, isOfTerms] of [['Terms', true], ['Text', false]]) {
    const group = operators.filter(({ terms }) => terms === isOfTerms);
    select.append(el('optgroup', { label }, group.map(({ name }) => el('option', {}, name))));
  }
}

/** Checkboxes for columns that a table may lack. The focus stays where it is. */
export function fillAbsent(box, names, chosen, change) {
  const focused = document.activeElement?.id;
  const known = [...new Set([...names, ...chosen])];
  fill(box, known.map((name) => {
    const input = el('input', { type: 'checkbox', id: `${box.id}-${name}` });
    input.checked = chosen.includes(name);
    input.addEventListener('change', () => {
      change([...chosen.filter((other) => other !== name), ...(input.checked ? [name] : [])]);
    });
    return el('label', { class: 'check' }, input, ' The table has no column ', el('code', {}, visible(name)));
  }));
  if (focused && document.activeElement?.id !== focused) document.getElementById(focused)?.focus();
}
