// Runs the reference in a worker.

import * as reference from './rulespec.js';

onmessage = ({ data: { module, id, name, values } }) => {
  if (module) {
    reference.initSync({ module });
    return;
  }
  try {
    const each = (finding) => postMessage({ id, finding });
    const result = name === 'compare' ? reference.compare(...values, each) : reference[name](...values);
    postMessage({ id, result });
  } catch (error) {
    postMessage({ id, failure: String(error?.message ?? error) });
  }
};
