// What recorded engines would answer.

import { clause, count, el, prose, row, table, valueOf, visible } from './dom.js';

/** The answers of engines, or a sentence if none was asked. `tell` shows a value. */
export function engines(answers, tell = valueOf) {
  const asked = answers.filter(({ basis }) => basis !== 'not asked');
  if (!asked.length) return el('p', { class: 'note' }, 'No engine has been asked about this operator.');
  const others = answers.filter(({ basis }) => basis === 'not asked').map(({ engine }) => engine);
  return [
    table('Answers of engines', ['engine', 'would answer', 'why'], asked.map((one) => row(
      el('span', { title: `recorded on ${one.date.slice(0, 10)}` }, `${one.engine} ${one.version}`),
      one.answer ? given(one.answer, tell) : el('span', { class: 'note' }, 'not known'),
      why(one),
    ))),
    others.length ? el('p', { class: 'note' }, `Not asked: ${others.join(', ')}.`) : null,
  ];
}

function given(answer, tell) {
  return 'value' in answer ? tell(answer.value) : el('span', {}, visible(answer.error));
}

function why({ basis, answers, wrong, explains, misreadings }) {
  switch (basis) {
    case 'unsupported':
      return 'It does not have this function.';
    case 'right':
      return `It agreed with the reference on ${count(answers, 'recorded question')}, apart from open points.`;
    case 'unexplained':
      return `It was wrong about ${wrong} of ${count(answers, 'recorded question')}, and no known misreading explains that.`;
    default:
      return [
        'If the misreading explains it: ',
        misreadings.map(({ says, breaks }, index) => [index ? ', and ' : '', prose(says), ' (', clause(breaks), ')']).flat(2),
        `. That explains ${explains} of its ${count(wrong, 'wrong answer')} among ${answers.toLocaleString('en')}.`,
      ].flat();
  }
}
