// Inputs that are made from data.

import { el, fill, visible } from './dom.js';

/** Lets a user choose an example. */
export function offerExamples(select, choices, choose) {
  select.append(...Object.keys(choices).map((name) => el('option', {}, name)));
  select.addEventListener('change', () => {
    if (Object.hasOwn(choices, select.value)) choose(choices[select.value]);
  });
}

/** Lets a user add a column to the event. `fail` is called if the event is no object. */
export function offerColumns(select, button, columns, { event, change, fail }) {
  select.append(...columns.map(({ name, type }) => el('option', {}, `${name}: ${type}`)));
  button.addEventListener('click', () => {
    const { name, type } = columns[select.selectedIndex];
    try {
      const cells = JSON.parse(event());
      if (typeof cells !== 'object' || cells === null || Array.isArray(cells)) throw new TypeError();
      if (Object.hasOwn(cells, name)) return;
      change(JSON.stringify({ ...cells, [name]: type === 'string' ? '' : null }, null, 2));
    } catch {
      fail('The event is no JSON object; mend it before you add a column.');
    }
  });
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
