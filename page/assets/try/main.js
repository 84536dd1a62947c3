// The page "Try": its tools, and its address.

import { update as updateCommandLine } from './command_line.js';
import { fill, sentence } from './dom.js';
import { latest, load } from './engine.js';
import { update as updateEvent } from './event.js';
import { COMMAND_LINES, EVENTS, LOOKUPS, RULES, START } from './examples.js';
import { fillAbsent, offerColumns, offerExamples, offerOperators } from './inputs.js';
import { update as updateLookup } from './lookup.js';
import { clear as clearRule, update as updateRule } from './rule.js';
import { absent, excess, format, parse, TOOLS } from './state.js';

/** How long an input must rest before it is in the address, in milliseconds. Browsers limit the rate. */
const REST = 400;

const part = (id) => document.getElementById(id);
const inputs = [...document.querySelectorAll('[data-part]')];
const links = [...document.querySelectorAll('[data-tool]')];

class Page {
  constructor(reference, original, columns, operators) {
    this.reference = reference;
    this.original = original;
    this.operators = operators;
    this.state = parse(location.hash, { ...START, rule: original });
    this.optional = [];
    this.refresh = latest(() => this.update());
    this.listen();
    this.offer(columns, operators);
    this.remember();
    this.show();
  }

  listen() {
    for (const link of links) link.addEventListener('click', () => this.remember());
    for (const input of inputs) {
      input.addEventListener('input', () => {
        // What is edited is no example any more.
        input.closest('section').querySelector('.examples').selectedIndex = 0;
        this.change({ [input.dataset.part]: input.value });
      });
    }
    addEventListener('hashchange', () => {
      clearTimeout(this.timer);
      this.state = parse(location.hash, this.state);
      this.show();
    });
    addEventListener('pagehide', () => this.remember());
    part('copy').addEventListener('click', () => this.copy());
  }

  offer(columns, operators) {
    offerOperators(part('op'), operators);
    offerExamples(part('cmd-examples'), COMMAND_LINES, (cmd) => this.change({ cmd }));
    offerExamples(part('has-examples'), LOOKUPS, (parts) => this.change(parts));
    offerExamples(part('event-examples'), EVENTS, (parts) => this.change(parts));
    offerExamples(part('rule-examples'), RULES, (edit) => this.change({ rule: edit(this.original) }));
    offerColumns(part('event-columns'), part('event-add'), columns, (column) => this.add(column));
  }

  /** Adds a column to the event. */
  async add({ name, type }) {
    try {
      const { event, error } = await this.reference.json('add_column', this.state.event, name, type);
      if (error) throw new Error(error);
      this.change({ event });
    } catch (error) {
      fill(part('message'), sentence(error.message));
    }
  }

  change(parts) {
    this.state = { ...this.state, ...parts };
    this.show();
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.remember(), REST);
  }

  /** Puts the state into the address. */
  remember() {
    clearTimeout(this.timer);
    history.replaceState(null, '', format(this.state.tool, this.state));
  }

  /** Puts the state into the inputs, and asks the reference. */
  show() {
    const { state } = this;
    for (const input of inputs) {
      if (input.value !== state[input.dataset.part]) input.value = state[input.dataset.part];
    }
    for (const link of links) {
      const { tool } = link.dataset;
      link.href = format(tool, state);
      link.ariaCurrent = tool === state.tool ? 'page' : null;
      part(`tool-${tool}`).hidden = tool !== state.tool;
    }
    part('address').href = format(state.tool, state);
    fill(part('copied'));
    this.showAbsent();
    this.refresh();
  }

  showAbsent() {
    const box = part(`${this.state.tool}-absent`);
    const change = (names) => this.change({ absent: names.join(',') });
    if (box) fillAbsent(box, this.optional, absent(this.state), change);
  }

  /** Shows what the reference answers. */
  async update() {
    const { state, reference, original } = this;
    const reason = TOOLS[state.tool].map((key) => excess(key, state)).find((found) => found !== null);
    if (reason) return this.fail(state.tool, reason);
    try {
      const begun = performance.now();
      await this.ask(state, reference, original);
      fill(part('message'));
      part('tools').dataset.took = String(performance.now() - begun);
      part('tools').dataset.shown = format(state.tool, state);
    } catch (error) {
      this.fail(state.tool, sentence(String(error.message || error)));
    }
  }

  async ask(state, reference, original) {
    switch (state.tool) {
      case 'cmd': return updateCommandLine(state, reference);
      case 'has': return updateLookup(state, reference, this.operators);
      case 'event': this.optional = await updateEvent(state, reference, original) ?? []; break;
      default: this.optional = await updateRule(state, reference, original) ?? this.optional;
    }
    if (state.tool === this.state.tool) this.showAbsent();
  }

  /** Shows why there is no answer. */
  fail(tool, reason) {
    if (tool === 'rule') clearRule(this.reference);
    fill(part(`${tool}-output`));
    fill(part('message'), reason);
  }

  async copy() {
    this.remember();
    try {
      await navigator.clipboard.writeText(location.href);
      fill(part('copied'), 'Copied.');
    } catch {
      fill(part('copied'), 'The browser does not allow that; copy the address of the page.');
    }
  }
}

async function start() {
  part('static').hidden = true;
  part('loading').hidden = false;
  try {
    const reference = await load();
    const [original, columns, operators] = await Promise.all([
      reference.text('original'), reference.json('columns'), reference.json('operators'),
    ]);
    part('loading').hidden = true;
    part('tools').hidden = false;
    new Page(reference, original, columns, operators);
  } catch (error) {
    part('static').hidden = false;
    fill(part('loading'), `The reference could not be loaded: ${error.message}. Reload the page.`);
  }
}

start();
