// The state of the page, which is in its address.

/** The tools, and the parts of the state that each shows. The first names the tool in the address. */
export const TOOLS = {
  cmd: ['cmd'],
  has: ['has', 'op', 'lookup'],
  event: ['event', 'absent'],
  // The columns, as JSON, are those that an event for the rule may have besides those of DeviceProcessEvents.
  rule: ['rule', 'event', 'absent', 'columns'],
};

/** The most characters of each part. */
export const LIMITS = { cmd: 32767, has: 10000, op: 20, lookup: 4000, event: 100000, absent: 400, columns: 4000, rule: 50000 };

/** The state of an address, on top of another. */
export function parse(hash, state) {
  const found = new URLSearchParams(hash.replace(/^#/, ''));
  const tool = [...found.keys()].find((key) => Object.hasOwn(TOOLS, key));
  if (tool === undefined) return { ...state };
  const parts = TOOLS[tool].filter((key) => found.has(key)).map((key) => [key, found.get(key)]);
  return { ...state, tool, ...Object.fromEntries(parts) };
}

/** The address of a tool in a state. */
export function format(tool, state) {
  return '#' + new URLSearchParams(TOOLS[tool].map((key) => [key, state[key]]));
}

/** The columns that the table does not have. */
export function absent(state) {
  return state.absent.split(',').filter((name) => name !== '');
}

/** Why a part is too long, or null. */
export function excess(key, state) {
  const length = state[key].length;
  if (length <= LIMITS[key]) return null;
  return `This has ${length.toLocaleString('en')} characters. The page takes ` +
    `${LIMITS[key].toLocaleString('en')}; use the command rulespec for more.`;
}
