// The tool for a text and what is looked for in it.

import { clause, codeOf, count, el, fill, row, table, visible } from './dom.js';
import { engines } from './engines.js';

/** The operators that take a list. */
const LISTS = ['has_any', 'has_all'];
/** The operators that look at terms. */
const OF_TERMS = /^has/;

const output = document.getElementById('has-output');

/** Shows where an operator finds a lookup in a text. */
export async function update({ op, has, lookup }, reference) {
  const lookups = LISTS.includes(op) ? lookup.split('\n').filter((line) => line !== '') : [lookup];
  const call = [has, LISTS.includes(op) ? lookups : lookup];
  const [found, others] = await Promise.all([
    reference.json('look_up', op, has, JSON.stringify(lookups)),
    reference.json('engines', op, JSON.stringify(call)),
  ]);
  document.getElementById('lookup-hint').hidden = !LISTS.includes(op);
  if (found.error) return fill(output, el('p', { class: 'bad', role: 'alert' }, visible(found.error)));
  fill(output,
    el('p', { class: found.answer ? 'answer ok' : 'answer' }, String(found.answer)),
    el('h2', {}, OF_TERMS.test(op) ? 'The terms of the text' : 'The text'),
    el('p', { class: OF_TERMS.test(op) ? 'line terms' : 'line' }, found.parts.map(part)),
    found.parts.length ? null : el('p', { class: 'note' }, 'The text is empty.'),
    el('p', { class: 'note' }, legend(op)),
    el('h2', {}, 'Every occurrence'),
    found.lookups.map((one) => occurrences(one, op)),
    found.more ? el('p', { class: 'note' }, `${count(found.more, 'more element')}.`) : null,
    lookups.length ? null : el('p', { class: 'note' }, 'The list is empty.'),
    el('h2', {}, 'What engines would answer'),
    engines(others),
  );
}

function part({ text, term, mark }) {
  return el('span', { class: [term && 'term', mark].filter(Boolean).join(' ') || null }, visible(text));
}

function legend(op) {
  const marks = 'Filled: an occurrence that counts. Struck through: one that does not.';
  return OF_TERMS.test(op) ? `Underlined: terms, the longest runs of letters and numbers. ${marks}` : marks;
}

function occurrences({ lookup, places, more }, op) {
  const heads = ['at', 'occurrence', 'left edge', 'right edge', 'counts'];
  const caption = el('p', {}, 'Of ', codeOf(lookup), ': ', count(places.length + more, 'occurrence'));
  const shown = places.map((place) => row(
    String(place.at),
    el('span', { class: 'line' }, visible(place.before), el('span', { class: place.accepted ? 'accepted' : 'rejected' }, visible(place.found)), visible(place.after)),
    edge(place.begins_inside, 'TRM-03', op, 'hassuffix'),
    edge(place.ends_inside, 'TRM-04', op, 'hasprefix'),
    place.accepted ? 'yes' : 'no',
  ));
  const rest = more ? el('p', { class: 'note' }, `${count(more, 'more occurrence')}.`) : null;
  return el('div', {}, caption, places.length ? table(`Occurrences of ${lookup}`, heads, shown) : null, rest);
}

function edge(isInside, id, op, free) {
  if (!OF_TERMS.test(op) || op.startsWith(free)) return 'any';
  return isInside ? ['inside a term, ', clause(id)] : 'free';
}
