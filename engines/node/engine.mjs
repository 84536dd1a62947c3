// An engine in plain JavaScript, asked by protocol 1 (spec/80-protocol.md).
import { createInterface } from "node:readline";
import * as kql from "./kql.mjs";

const functions = {
  "=~": kql.eqCi,
  has: kql.has,
  has_any: kql.hasAny,
  parse_command_line: kql.parseCommandLine,
  indexof: kql.indexof,
  substring: kql.substring,
};

// `JSON.parse` rounds whole numbers beyond 2^53. `has_any` looks for all their digits,
// so that for it they become a BigInt.
const stringOrNumber = /"(?:\\.|[^"\\])*"|-?\d+(?:\.\d+)?(?:[eE][-+]?\d+)?/g;
const marked = (part) => (/^-?\d{16,}$/.test(part) ? `{"whole":"${part}"}` : part);
const unmarked = (_, value) => (value?.whole ? BigInt(value.whole) : value);
const exact = (line) => JSON.parse(line.replace(stringOrNumber, marked), unmarked);

function parse(line) {
  const call = JSON.parse(line);
  if (call.fn === "has_any") call.args = exact(line).args;
  return call;
}

function answer(call) {
  if (call.op === "hello") {
    return { engine: "plain JavaScript", version: "1", functions: Object.keys(functions) };
  }
  const id = call.id;
  if (!Object.hasOwn(functions, call.fn)) return { id, unsupported: `there is no ${call.fn}` };
  try {
    return { id, ok: functions[call.fn](...call.args) };
  } catch (error) {
    return { id, error: error.message };
  }
}

for await (const line of createInterface({ input: process.stdin })) {
  process.stdout.write(JSON.stringify(answer(parse(line))) + "\n");
}
