// The tool for a rule: its errors, the event, and its difference to the original.

import { codeOf, count, el, fill, prose, sentence, valueOf, visible, visibleLines } from './dom.js';
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
  const found = await reference.json('run_rule', state.rule, state.event, JSON.stringify(absent(state)), state.columns);
  fill(problems, found.problems.map(problem));
  showEvent(output, found);
  const columns = JSON.stringify(found.assumed ?? []);
  showDifference(state, columns, reference, original, found.problems.length > 0);
  return found.optional;
}

/** `columns` are those that the events have besides those of DeviceProcessEvents. */
function showDifference(state, columns, reference, original, isWrong) {
  const asked = JSON.stringify([state.rule, columns]);
  if (!isWrong && compared === asked) return;
  compared = isWrong ? null : asked;
  stop(reference);
  if (isWrong) return fill(difference, el('p', { class: 'note' }, 'A rule with errors is not compared.'));
  if (state.rule === original) return fill(difference, el('p', { class: 'note' }, 'This is the text of the original.'));
  fill(difference, el('p', { class: 'note', role: 'status' }, 'Searching\u2026'));
  timer = setTimeout(() => compare({ ...state }, columns, reference), REST);
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

async function compare(state, columns, reference) {
  const list = el('ol', { class: 'findings' });
  const status = el('p', { class: 'note', role: 'status' }, 'Searching\u2026');
  fill(difference, status, list);
  try {
    const each = (finding) => list.append(item(finding, columns, state));
    const found = await reference.compare(state.rule, columns, CASES, SECONDS, each);
    if (found.error || found.problems) return fill(status, visible(found.error ?? 'The rule has errors.'));
    list.replaceChildren(...found.findings.map((finding) => item(finding, columns, state)));
    fill(status, found.summary.map(sentence).join(' '));
    status.className = found.none ? 'ok' : 'bad';
  } catch (error) {
    if (error.message === 'superseded') return;
    compared = null;
    fill(status, sentence(error.message));
  }
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

function item(finding, columns, state) {
  const load = format('rule', { ...state, columns, event: finding.events[0], absent: finding.absent ?? '' });
  return el('li', {},
    el('p', {}, el('strong', {}, sentence(finding.title))),
    finding.error === null ? null : el('p', {}, visible(finding.error)),
    finding.columns.length ? el('ul', {}, finding.columns.map(values)) : null,
    finding.events.map((event) => el('pre', { tabindex: '0', 'aria-label': 'Event' }, visibleLines(event))),
    finding.absent ? el('p', {}, 'The table has no column ', codeOf(finding.absent), '.') : null,
    finding.decided_by.map(({ side, predicate, holds, line, column }) => el('p', {}, `In ${side}, `, codeOf(predicate), ` is ${holds} `, el('span', { class: 'note' }, `(${line}:${column})`))),
    finding.clauses.length ? el('p', {}, 'It depends on ', clauses(finding.clauses), '.') : null,
    finding.misreading ? el('p', {}, 'Your rule answers as if ', prose(finding.misreading), '.') : null,
    finding.open ? el('p', {}, `Which is right is an open point: ${finding.open.point}, ${finding.open.alternative}.`) : null,
    finding.also.map((also) => el('p', {}, sentence(`also: ${also}`))),
    el('p', {}, el('a', { href: load }, 'Use this event'), finding.count > 1 ? ` \u2013 ${count(finding.count, 'generated event')} differ like this.` : null));
}

function values({ column, values: both }) {
  return el('li', {}, codeOf(column), ': ', both.map(([side, value], index) => [index ? ', ' : '', valueOf(value), ` in ${side}`]).flat());
}
