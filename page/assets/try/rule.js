// The tool for a rule: its errors, the event, and its difference to the original.

import { codeOf, count, el, fill, prose, visible, visibleLines } from './dom.js';
import { clauses, showEvent } from './event.js';
import { absent, format } from './state.js';

/** How many events are generated, and for how many seconds at most. */
const CASES = 4000;
const SECONDS = 20;
/** How long the text must rest before it is compared, in milliseconds. */
const REST = 300;

const editor = document.getElementById('rule');
const problems = document.getElementById('rule-problems');
const output = document.getElementById('rule-output');
const difference = document.getElementById('rule-difference');
let compared = null;
let timer = null;

/** Shows the problems of a rule. If it has none, shows its result for the event and its difference. Returns
 * the columns that the table may lack. */
export async function update(state, reference, original) {
  const found = await reference.json('run_rule', state.rule, state.event, JSON.stringify(absent(state)));
  fill(problems, found.problems.map(problem));
  showEvent(output, found);
  showDifference(state, reference, original, found.problems.length > 0);
  return found.optional;
}

function showDifference(state, reference, original, isWrong) {
  if (!isWrong && compared === state.rule) return;
  compared = isWrong ? null : state.rule;
  stop(reference);
  if (isWrong) return fill(difference, el('p', { class: 'note' }, 'A rule with errors is not compared.'));
  if (state.rule === original) return fill(difference, el('p', { class: 'note' }, 'This is the text of the original.'));
  fill(difference, el('p', { class: 'note', role: 'status' }, 'Searching\u2026'));
  timer = setTimeout(() => compare({ ...state }, reference), REST);
}

/** Removes what is shown of a rule that has no answer. */
export function clear(reference) {
  stop(reference);
  compared = null;
  fill(problems);
  fill(difference);
}

function stop(reference) {
  clearTimeout(timer);
  reference.cancel();
}

async function compare(state, reference) {
  const list = el('ol', { class: 'findings' });
  const status = el('p', { class: 'note', role: 'status' }, 'Searching\u2026');
  fill(difference, status, list);
  try {
    const each = (finding) => list.append(item(finding, state));
    const found = await reference.compare(state.rule, CASES, SECONDS, each);
    if (found.error || found.problems) return fill(status, visible(found.error ?? 'The rule has errors.'));
    list.replaceChildren(...found.difference.findings.map((finding) => item(finding, state)));
    status.replaceChildren(...summary(found));
    status.className = found.none && !found.stopped ? 'ok' : 'bad';
  } catch (error) {
    if (error.message === 'superseded') return;
    compared = null;
    fill(status, visible(error.message));
  }
}

function summary({ difference: found, none, stopped }) {
  const told = count(found.findings.length, 'difference') + (found.more ? `, and ${found.more} events with other causes` : '');
  const nothing = found.selected ? told : 'No event was selected, so that no difference could be found,';
  const what = none && !stopped ? 'No difference was found' : found.findings.length || found.more ? told : stopped ? 'No difference so far' : nothing;
  const notes = found.columns;
  const columns = [
    ...notes.only_a.map((name) => `only the original has the column ${name}`),
    ...notes.only_b.map((name) => `only your rule has the column ${name}`),
    ...(notes.other_order ? ['their columns have another order'] : []),
    ...notes.other_type.map(([name, a, b]) => `${name} is ${a} in the original and ${b} in your rule`),
  ];
  const early = stopped ? ` The search was ended after ${SECONDS} s.` : '';
  const text = `${what} among ${count(found.events, 'generated event')}, of which ${found.selected.toLocaleString('en')} are selected.${early}`;
  return [visible([text, ...columns.map((one) => one[0].toUpperCase() + one.slice(1) + '.')].join(' '))];
}

function problem({ message, help, line, column }) {
  const place = el('button', { type: 'button', class: 'place' }, `${line}:${column}`);
  place.addEventListener('click', () => {
    const at = offset(editor.value, line, column);
    editor.focus();
    editor.setSelectionRange(at, at);
  });
  return el('li', {}, place, ' ', visible(message), help ? el('span', { class: 'note' }, ` \u2013 ${visible(help)}`) : null);
}

/** Where a line and a column are in a text. Columns are counted in characters. */
function offset(text, line, column) {
  const lines = text.split('\n');
  const before = lines.slice(0, line - 1).join('\n').length + (line > 1 ? 1 : 0);
  return before + [...(lines[line - 1] ?? '')].slice(0, column - 1).join('').length;
}

const SIDES = { a: 'the original', b: 'your rule' };

function item(finding, state) {
  const event = JSON.stringify(finding.event, null, 2);
  const load = format('rule', { ...state, event, absent: finding.absent ?? '' });
  return el('li', {},
    el('p', {}, el('strong', {}, what(finding))),
    finding.differs === 'columns' ? el('ul', {}, finding.columns.map(values)) : null,
    el('pre', { tabindex: '0', 'aria-label': 'Event' }, visibleLines(event)),
    finding.absent ? el('p', {}, 'The table has no column ', codeOf(finding.absent), '.') : null,
    finding.decided_by.map(({ side, predicate, holds, line, column }) => el('p', {}, `In ${SIDES[side]}, `, codeOf(predicate), ` is ${holds} `, el('span', { class: 'note' }, `(${line}:${column})`))),
    finding.clauses.length ? el('p', {}, 'It depends on ', clauses(finding.clauses), '.') : null,
    finding.misreading ? el('p', {}, 'Your rule answers as if ', prose(finding.misreading.says), '.') : null,
    finding.open ? el('p', {}, `Which is right is an open point: ${finding.open.point}, ${finding.open.alternative}.`) : null,
    el('p', {}, el('a', { href: load }, 'Use this event'), finding.count > 1 ? ` \u2013 ${count(finding.count, 'generated event')} differ like this.` : null));
}

function what(finding) {
  switch (finding.differs) {
    case 'selected': return `Only ${SIDES[finding.by]} selects this event.`;
    case 'rows': return `The original returns ${count(finding.rows[0], 'row')}, your rule ${finding.rows[1]}.`;
    case 'columns': return 'Both select this event, with other values.';
    case 'error': return `Only ${SIDES[finding.of]} has an error: ${visible(finding.error)}.`;
    case 'twice': return `A table with this event twice gives ${finding.rows[0]} and ${count(finding.rows[1], 'row')}.`;
    default: return 'They differ only for a table of several events.';
  }
}

function values({ column, a, b }) {
  const value = (one) => codeOf(typeof one === 'string' ? one : JSON.stringify(one));
  return el('li', {}, codeOf(column), ': ', value(a), ' in the original, ', value(b), ' in your rule');
}
