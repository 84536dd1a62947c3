// The tool for command lines.

import { clause, codeOf, count, el, fill, row, table, valueOf, visible } from './dom.js';
import { engines } from './engines.js';

/** How many parts, explanations and arguments of a line are shown. */
const MAX_PARTS = 3000;
const MAX_LISTED = 300;
const MAX_ARGUMENTS = 500;

/** The clauses about blanks between arguments, which are plain to see. */
const BLANKS = ['CMD-09', 'CMD-10'];

/** Whether a part needs an explanation. */
const isDecision = ({ text, gives, clause: id }) => !BLANKS.includes(id) && (text !== gives || /["\\]/.test(text));

const output = document.getElementById('cmd-output');

/** Shows what becomes of a command line. */
export async function update({ cmd }, reference) {
  const [line, others] = await Promise.all([
    reference.json('command_line', cmd),
    reference.json('engines', 'parse_command_line', JSON.stringify([cmd, 'windows'])),
  ]);
  const { steps, arguments: found } = line;
  const decisions = steps.filter(isDecision);
  const numbers = new Map(decisions.slice(0, MAX_LISTED).map((step, index) => [step, index + 1]));
  fill(output,
    el('h2', {}, count(found.length, 'argument')),
    el('ol', { class: 'arguments', start: '0' }, found.slice(0, MAX_ARGUMENTS).map((text, index) =>
      el('li', { class: `tint-${index % 2}` }, codeOf(text)))),
    more(found.length - MAX_ARGUMENTS, 'more argument'),
    el('h2', {}, 'The line as it is read'),
    el('p', { class: 'line' }, steps.slice(0, MAX_PARTS).map((step) => part(step, numbers.get(step))), visible(steps.slice(MAX_PARTS).map(({ text }) => text).join(''))),
    el('p', { class: 'note' }, 'Filled: arguments. Underlined: what is not in an argument as it is written.'),
    el('h2', {}, 'Which clause decides'),
    el('div', { class: 'decisions' }, table('Parts of the line', ['', 'part', 'gives', 'clause', 'because'], decisions.slice(0, MAX_LISTED).map((step, index) => row(
      el('span', { class: 'note' }, String(index + 1)),
      step.text === '' ? el('span', { class: 'note' }, 'end of line') : codeOf(step.text),
      step.gives === '' ? el('span', { class: 'note' }, 'nothing') : codeOf(step.gives),
      clause(step.clause),
      step.says,
    )))),
    more(decisions.length - MAX_LISTED, 'more part'),
    el('h2', {}, 'What engines would answer'),
    engines(others, (value) => (JSON.stringify(value) === JSON.stringify(found) ? 'the same' : valueOf(value))),
  );
}

function more(number, what) {
  return number > 0 ? el('p', { class: 'note' }, `${count(number, what)}.`) : null;
}

function part({ text, gives, argument, clause: id, says }, number) {
  const tint = argument === null ? 'gap' : `tint-${argument % 2}`;
  const kind = number === undefined || text === gives ? tint : `${tint} mark`;
  return el('span', { class: kind, title: `${id}: ${says}` }, visible(text), number === undefined ? null : el('sup', {}, String(number)));
}
