// The tool for command lines.

import { clause, codeOf, count, el, fill, row, table, visible } from './dom.js';
import { engines } from './engines.js';

/** How many parts of a line are listed. */
const MAX_LISTED = 300;

const output = document.getElementById('cmd-output');

/** Shows what becomes of a command line. */
export async function update({ cmd }, reference) {
  const [line, others] = await Promise.all([
    reference.json('command_line', cmd),
    reference.json('engines', 'parse_command_line', JSON.stringify([cmd, 'windows'])),
  ]);
  const { steps, arguments: found } = line;
  fill(output,
    el('h2', {}, count(found.length, 'argument')),
    el('ol', { class: 'arguments', start: '0' }, found.map((text, index) =>
      el('li', { class: `tint-${index % 2}` }, codeOf(text)))),
    el('h2', {}, 'The line as it is read'),
    el('p', { class: 'line' }, steps.map(part)),
    el('p', { class: 'note' }, 'Underlined: not part of any argument\u2019s text, or not as it is written.'),
    el('h2', {}, 'Which clause decides'),
    table('Parts of the line', ['part', 'gives', 'clause', 'because'], steps.slice(0, MAX_LISTED).map((step) => row(
      step.text === '' ? el('span', { class: 'note' }, 'end of line') : codeOf(step.text),
      step.gives === '' ? el('span', { class: 'note' }, 'nothing') : codeOf(step.gives),
      clause(step.clause),
      step.says,
    ))),
    steps.length > MAX_LISTED ? el('p', { class: 'note' }, `${count(steps.length - MAX_LISTED, 'more part')}.`) : null,
    el('h2', {}, 'What engines would answer'),
    engines(others, (value) => (Array.isArray(value) ? codeOf(JSON.stringify(value)) : codeOf(String(value)))),
  );
}

function part({ text, gives, argument, clause: id, says }) {
  const tint = argument === null ? 'gap' : `tint-${argument % 2}`;
  const kind = text === gives ? tint : `${tint} mark`;
  return el('span', { class: kind, title: `${id}: ${says}` }, visible(text));
}
