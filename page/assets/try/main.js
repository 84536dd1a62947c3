// The page "Try": its tools, and its address.

import { update as updateCommandLine } from './command_line.js';
import { el, fill, visible } from './dom.js';
import { latest, load } from './engine.js';
import { showEvent } from './event.js';
import { COMMAND_LINES, EVENTS, LOOKUPS, RULES, START } from './examples.js';
import { update as updateLookup } from './lookup.js';
import { absent, update as updateRule } from './rule.js';
import { excess, format, LIMITS, parse, TOOLS } from './state.js';

/** How long an input must rest before it is in the address, in milliseconds. Browsers limit the rate. */
const REST = 400;

const part = (id) => document.getElementById(id);

async function start() {
  if (location.protocol === 'file:') return;
  part('static').hidden = true;
  part('loading').hidden = false;
  try {
    const reference = await load();
    const [original, columns] = await Promise.all([reference.text('original'), reference.json('columns')]);
    part('loading').hidden = true;
    part('tools').hidden = false;
    run(reference, original, columns);
  } catch (error) {
    fill(part('loading'), `The reference could not be loaded: ${error.message}. Reload the page, or read the specification.`);
  }
}

function run(reference, original, columns) {
  let state = parse(location.hash, { ...START, rule: original });
  let timer = null;

  const inputs = Object.keys(LIMITS).filter((key) => key !== 'absent').flatMap((key) => [...document.querySelectorAll(`[data-part="${key}"]`)]);

  const tools = {
    cmd: () => updateCommandLine(state, reference),
    has: () => updateLookup(state, reference),
    event: async () => {
      const found = await reference.json('run_rule', original, state.event, JSON.stringify(absent(state)));
      optional('event-absent', found.optional);
      // The original has problems only if a column is absent that it needs.
      const problem = found.problems[0];
      showEvent(part('event-output'), problem ? { event_error: problem.message } : found);
    },
    rule: () => updateRule(state, reference, original),
  };

  const refresh = latest(async () => {
    const tool = state.tool;
    const long = TOOLS[tool].map((key) => excess(key, state)).find((reason) => reason !== null);
    fill(part('message'), long ?? '');
    if (long) return;
    try {
      const begun = performance.now();
      await tools[tool]();
      part('tools').dataset.took = String(performance.now() - begun);
      part('tools').dataset.shown = format(tool, state);
    } catch (error) {
      fill(part('message'), visible(`${error.message[0].toUpperCase()}${error.message.slice(1)}.`));
    }
  });

  /** Checkboxes for columns that the rule can do without. */
  function optional(id, names = []) {
    const chosen = absent(state);
    const box = (name) => {
      const input = el('input', { type: 'checkbox', id: `${id}-${name}` });
      input.checked = chosen.includes(name);
      input.addEventListener('change', () => {
        const others = absent(state).filter((other) => other !== name);
        change({ absent: [...others, ...(input.checked ? [name] : [])].join(',') });
      });
      return el('label', { class: 'check' }, input, ' The table has no column ', el('code', {}, name));
    };
    const known = [...new Set([...names, ...chosen])];
    const focused = document.activeElement?.id;
    fill(part(id), known.map(box));
    if (focused && document.activeElement?.id !== focused) part(focused)?.focus();
  }

  /** Puts the state into the inputs. */
  function show() {
    for (const input of inputs) if (input.value !== state[input.dataset.part]) input.value = state[input.dataset.part];
    for (const tool of Object.keys(TOOLS)) {
      part(`tool-${tool}`).hidden = tool !== state.tool;
      const link = document.querySelector(`[data-tool="${tool}"]`);
      link.href = format(tool, state);
      link.ariaCurrent = tool === state.tool ? 'page' : null;
    }
    optional('event-absent', absent(state));
    part('address').href = format(state.tool, state);
    refresh();
  }

  function change(changes) {
    state = { ...state, ...changes };
    show();
    clearTimeout(timer);
    timer = setTimeout(remember, REST);
  }

  /** Puts the state into the address. */
  function remember() {
    clearTimeout(timer);
    history.replaceState(null, '', format(state.tool, state));
  }

  for (const link of document.querySelectorAll('[data-tool]')) link.addEventListener('click', remember);
  for (const input of inputs) {
    input.addEventListener('input', () => {
      // What is edited is no example any more.
      input.closest('section').querySelector('.examples').selectedIndex = 0;
      change({ [input.dataset.part]: input.value });
    });
  }
  addEventListener('hashchange', () => {
    clearTimeout(timer);
    state = parse(location.hash, state);
    show();
  });
  // A link to a tool has the state that is shown, also if it was changed just now.
  addEventListener('pagehide', remember);

  examples('cmd-examples', COMMAND_LINES, (cmd) => change({ cmd }));
  examples('has-examples', LOOKUPS, change);
  examples('event-examples', EVENTS, change);
  examples('rule-examples', RULES, (edit) => change({ rule: edit(original) }));
  insertColumn(columns, () => state.event, (event) => change({ event }));
  part('copy').addEventListener('click', async () => {
    remember();
    try {
      await navigator.clipboard.writeText(location.href);
      fill(part('copied'), 'Copied.');
    } catch {
      fill(part('copied'), 'The browser does not allow that; copy the address of the page.');
    }
  });
  remember();
  show();
}

/** A list of examples to choose from. */
function examples(id, choices, choose) {
  const select = part(id);
  select.append(...Object.keys(choices).map((name) => el('option', {}, name)));
  select.addEventListener('change', () => {
    if (Object.hasOwn(choices, select.value)) choose(choices[select.value]);
  });
}

/** A list of the columns that the event can have, and a button that adds one. */
function insertColumn(columns, current, changed) {
  const select = part('event-columns');
  select.append(...columns.map(({ name, type }) => el('option', { value: name }, `${name}: ${type}`)));
  part('event-add').addEventListener('click', () => {
    const { name, type } = columns[select.selectedIndex];
    try {
      const event = JSON.parse(current());
      if (!Object.hasOwn(event, name)) changed(JSON.stringify({ ...event, [name]: type === 'string' ? '' : null }, null, 2));
    } catch {
      fill(part('message'), 'The event is no JSON object; mend it before you add a column.');
    }
  });
}

start();
