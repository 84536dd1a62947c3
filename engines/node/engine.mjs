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
  process.stdout.write(JSON.stringify(answer(JSON.parse(line))) + "\n");
}
