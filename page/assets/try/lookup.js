// The tool for a text and what is looked for in it.

import { clause, codeOf, count, el, fill, row, table, visible } from './dom.js';
import { engines } from './engines.js';

const output = document.getElementById('has-output');

/** Shows where an operator finds a lookup in a text. */
export async function update({ op, has, lookup }, reference, operators) {
  // The reference says that it does not know another operator.
  const operator = operators.find(({ name }) => name === op) ?? { name: op, terms: false, list: false };
  const lookups = operator.list ? lookup.split('\n').filter((line) => line !== '') : [lookup];
  const call = [has, operator.list ? lookups : lookup];
  const [found, others] = await Promise.all([
    reference.json('look_up', op, has, JSON.stringify(lookups)),
    reference.json('engines', op, JSON.stringify(call)),
  ]);
  document.getElementById('lookup-hint').hidden = !operator.list;
  if (found.error) return fill(output, el('p', { class: 'bad', role: 'alert' }, visible(found.error)));
  fill(output,
    el('p', { class: found.answer ? 'answer ok' : 'answer' }, String(found.answer)),
    el('h2', {}, operator.terms ? 'The terms of the text' : 'The text'),
    el('p', { class: operator.terms ? 'line terms' : 'line' }, found.parts.map(part)),
    found.parts.length ? null : el('p', { class: 'note' }, 'The text is empty.'),
    el('p', { class: 'note' }, legend(operator)),
    el('h2', {}, 'Every occurrence'),
    found.lookups.map((one) => occurrences(one, operator)),
    found.more ? el('p', { class: 'note' }, `${count(found.more, 'more element')}.`) : null,
    lookups.length ? null : el('p', { class: 'note' }, 'The list is empty.'),
    el('h2', {}, 'What engines would answer'),
    engines(others),
  );
}

function part({ text, term, mark }) {
  return el('span', { class: [term && 'term', mark].filter(Boolean).join(' ') || null }, visible(text));
}

function legend({ terms }) {
  const marks = 'Filled: an occurrence that counts. Struck through: one that does not.';
  return terms ? `Underlined: terms, the longest runs of letters and numbers. ${marks}` : marks;
}

function occurrences({ lookup, places, more }, operator) {
  const heads = ['at', 'occurrence', 'left edge', 'right edge', 'counts'];
  const caption = el('p', {}, 'Of ', codeOf(lookup), ': ', count(places.length + more, 'occurrence'));
  const shown = places.map((place) => row(
    String(place.at),
    el('span', { class: 'line' }, visible(place.before), el('span', { class: place.accepted ? 'accepted' : 'rejected' }, visible(place.found)), visible(place.after)),
    edge(place.begins_inside, 'TRM-03', operator, 'hassuffix'),
    edge(place.ends_inside, 'TRM-04', operator, 'hasprefix'),
    place.accepted ? 'yes' : 'no',
  ));
  const rest = more ? el('p', { class: 'note' }, `${count(more, 'more occurrence')}.`) : null;
  return el('div', {}, caption, places.length ? table(`Occurrences of ${lookup}`, heads, shown) : null, rest);
}

function edge(isInside, id, { name, terms }, free) {
  if (!terms || name.startsWith(free)) return 'any';
  return isInside ? ['inside a term, ', clause(id)] : 'free';
}
