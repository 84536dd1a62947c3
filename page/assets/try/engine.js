// Asks the reference, which runs in workers: a page never waits for it.

const ADDRESS = new URL('rulespec_bg.wasm', import.meta.url);
const WORKER = new URL('worker.js', import.meta.url);
/** How long a call may take, in milliseconds. */
const LIMIT = 5000;

/** A worker with the reference. After an error or a timeout it is replaced. */
class Asker {
  constructor(module) {
    this.module = module;
    this.calls = new Map();
    this.next = 0;
  }

  start() {
    this.worker = new Worker(WORKER, { type: 'module' });
    this.worker.onmessage = ({ data }) => this.receive(data);
    this.worker.onerror = () => this.stop('the reference could not be started; reload the page');
    this.worker.postMessage({ module: this.module });
  }

  call(name, values, limit, each) {
    if (!this.worker) this.start();
    const id = this.next++;
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => this.stop(`no answer within ${limit / 1000} s; try less text`), limit);
      this.calls.set(id, { resolve, reject, timer, each });
      this.worker.postMessage({ id, name, values });
    });
  }

  receive({ id, result, finding, failure }) {
    const call = this.calls.get(id);
    if (!call) return;
    if (finding !== undefined) return call.each(JSON.parse(finding));
    if (failure !== undefined) return this.stop(`the reference failed: ${failure}`);
    clearTimeout(call.timer);
    this.calls.delete(id);
    call.resolve(result);
  }

  /** Ends what was asked, if it still runs. */
  cancel() {
    if (this.calls.size) this.stop('superseded');
  }

  /** Ends the worker. What was asked fails for this reason. */
  stop(reason) {
    this.worker?.terminate();
    this.worker = null;
    const calls = [...this.calls.values()];
    this.calls.clear();
    for (const { reject, timer } of calls) {
      clearTimeout(timer);
      reject(new Error(reason));
    }
  }
}

/** Loads the reference. */
export async function load() {
  const response = await fetch(ADDRESS);
  if (!response.ok) throw new Error(`${ADDRESS.pathname}: ${response.status} ${response.statusText}`);
  const module = await WebAssembly.compile(await response.arrayBuffer());
  const asker = new Asker(module);
  const comparer = new Asker(module);
  return {
    /** Calls a function of the reference whose result is JSON. */
    json: async (name, ...values) => JSON.parse(await asker.call(name, values, LIMIT)),
    /** Calls a function of the reference whose result is text. */
    text: (name, ...values) => asker.call(name, values, LIMIT),
    /** Compares a rule with the original. A comparison that still runs is ended. */
    async compare(text, columns, cases, seconds, each) {
      comparer.cancel();
      return JSON.parse(await comparer.call('compare', [text, columns, cases, seconds], 2000 * seconds + LIMIT, each));
    },
    /** Ends a comparison. */
    cancel: () => comparer.cancel(),
  };
}

/** An update that is repeated if it is asked for while it runs, and never runs twice at once. */
export function latest(update) {
  let running = false;
  let again = false;
  return async () => {
    again = true;
    if (running) return;
    running = true;
    try {
      while (again) {
        again = false;
        await update();
      }
    } finally {
      running = false;
    }
  };
}
