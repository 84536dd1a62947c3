// The tools for an event: with the original rule, and with one that is edited.

import { clause, codeOf, count, el, fill, row, table, valueOf, visible } from './dom.js';
import { absent } from './state.js';

/** Shows what the original makes of an event. Returns the columns that the table may lack. */
export async function update(state, reference, original) {
  const found = await reference.json('run_rule', original, state.event, JSON.stringify(absent(state)), '');
  // The original has problems only if the table lacks a column that it needs.
  const [problem] = found.problems;
  showEvent(document.getElementById('event-output'), problem ? { event_error: problem.message } : found);
  return found.optional;
}

/** Shows what is wrong with an event, or what a rule makes of it. */
export function showEvent(output, found) {
  const told = notes(found);
  if (found.event_error) return fill(output, told, el('p', { class: 'bad', role: 'alert' }, visible(found.event_error)));
  if (!found.result) return fill(output, told);
  const { fires, selected, predicates, computed, entities, rows } = found.result;
  const verdict = fires ? 'The rule fires.' : 'The rule does not fire.';
  const steps = selected && !fires ? ' Its predicates hold, but a later step drops the row.' : '';
  fill(output,
    el('p', { class: fires ? 'answer ok' : 'answer' }, verdict + steps),
    told,
    el('h2', {}, 'Predicates'),
    predicates.length ? el('ol', { class: 'predicates' }, predicates.map(predicate)) : el('p', { class: 'note' }, 'The rule has no predicates.'),
    computed.length ? [el('h2', {}, 'Computed columns'), columns(computed)] : null,
    entities.length ? [el('h2', {}, 'Entities'), el('ul', { class: 'entities' }, entities.map(entity))] : null,
    fires ? result(rows) : null,
  );
}

/** What is assumed of the columns of the event, and which are not used. */
function notes({ assumed = [], unused = [] }) {
  return [
    ...assumed.map(({ name, type }) => el('p', { class: 'note assumed' }, codeOf(name), ` is not a column of DeviceProcessEvents. It is assumed to be of type ${type}.`)),
    ...unused.map((name) => el('p', { class: 'bad unused' }, codeOf(name), ' is not used: it is not a column of DeviceProcessEvents, and the rule does not name it.')),
  ];
}

function predicate(one) {
  const holds = one.holds === null ? 'null' : String(one.holds);
  return el('li', { class: one.decides ? 'decides' : null },
    el('p', {}, codeOf(one.predicate)),
    el('p', {},
      el('strong', { class: one.holds ? 'ok' : null }, holds), one.decides ? ', and decides: ' : ': ',
      reason(one), ' ', el('span', { class: 'note' }, `(${one.line}:${one.column})`)));
}

function reason({ absent, found, terms, looked_at: looked, value }) {
  if (absent !== null) return ['the table has no column ', codeOf(absent), ', so the value is ', codeOf(value)];
  if (found) return ['found in ', el('code', { class: 'found' }, visible(found[0]), el('mark', {}, visible(found[1])), visible(found[2]))];
  return [codeOf(looked), ' is ', codeOf(value), terms.length ? ', without the term' : null].filter(Boolean);
}

function columns(computed) {
  return table('Computed columns', ['column', 'value', 'from'], computed.map(({ column, value, element, condition }) =>
    row(codeOf(column), valueOf(value), source(element, condition))));
}

function source(element, condition) {
  if (element) return element[1] === null ? ['no element of ', codeOf(element[0])] : [codeOf(`${element[0]}[${element[1]}]`)];
  return condition.map((one) => [codeOf(one.predicate), ` is ${one.holds} `]).flat();
}

function entity({ kind, strength, identifiers }) {
  const known = strength === 'Neither' ? 'not identifying' : strength.toLowerCase();
  return el('li', {}, `${kind} (${known}): `, identifiers.map(([name, value], index) =>
    [index ? ', ' : '', `${name} `, codeOf(value)]).flat());
}

function result(rows) {
  const isEmpty = (value) => value === null || value === '';
  return el('details', {},
    el('summary', {}, `The result: ${count(rows.length, 'row')}`),
    rows.map((cells) => [
      table('Row of the result', ['column', 'value'], cells.filter(([, value]) => !isEmpty(value)).map(([name, value]) => row(codeOf(name), valueOf(value)))),
      el('p', { class: 'note' }, `${count(cells.filter(([, value]) => isEmpty(value)).length, 'column')} more, empty.`),
    ]).flat());
}

/** Links to clauses, separated by commas. */
export function clauses(ids) {
  return ids.map((id, index) => [index ? ', ' : '', clause(id)]).flat();
}
