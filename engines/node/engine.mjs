// An engine in plain JavaScript that speaks protocol 1 (spec/80-protocol.md).
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

// `JSON.parse` rounds integers beyond 2^53. `has_any` needs all their digits, so its
// arguments are parsed with BigInt.
const stringOrNumber = /"(?:\\.|[^"\\])*"|-?\d+(?:\.\d+)?(?:[eE][-+]?\d+)?/g;
const markLong = (part) => (/^-?\d{16,}$/.test(part) ? `{"integer":"${part}"}` : part);
const toBigInt = (_, value) => (value?.integer ? BigInt(value.integer) : value);
const parseExactly = (line) => JSON.parse(line.replace(stringOrNumber, markLong), toBigInt);

function parse(line) {
  const call = JSON.parse(line);
  if (call.fn === "has_any") call.args = parseExactly(line).args;
  return call;
}

function answer(call) {
  if (call.op === "hello") {
    return { engine: "plain JavaScript", version: "1", functions: Object.keys(functions) };
  }
  const id = call.id;
  if (!Object.hasOwn(functions, call.fn)) return { id, unsupported: `${call.fn} is not implemented` };
  try {
    return { id, ok: functions[call.fn](...call.args) };
  } catch (error) {
    return { id, error: error.message };
  }
}

for await (const line of createInterface({ input: process.stdin })) {
  process.stdout.write(JSON.stringify(answer(parse(line))) + "\n");
}
