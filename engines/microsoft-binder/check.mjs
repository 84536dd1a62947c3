// Parses and binds KQL files with Microsoft's own library and prints what it objects to:
//   node check.mjs FILE.kql...
// A file whose head says {"expects":"failure"} should be objected to; where it is not, only
// a Kusto can tell. Exit status 1 where there is any other objection.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { runInThisContext } from "node:vm";

const { resolve } = createRequire(import.meta.url);
for (const name of ["bridge.min.js", "Kusto.Language.Bridge.min.js"]) {
  runInThisContext(readFileSync(resolve(`@kusto/language-service-next/${name}`), "utf8"), name);
}
const { KustoCode, GlobalState, Symbols } = globalThis.Kusto.Language;

// The table as Log Analytics has it, read from where the project writes it down.
function globals() {
  const source = readFileSync(new URL("../../src/telemetry/defender/schema.rs", import.meta.url), "utf8");
  const columns = source.split("LOG_ANALYTICS")[1].matchAll(/\("(\w+)", Type::(\w+)\)/g);
  const schema = Array.from(columns, ([, name, type]) => `${name}: ${type.toLowerCase()}`).join(", ");
  const table = Symbols.TableSymbol.From(`(${schema})`).WithName("DeviceProcessEvents");
  return GlobalState.Default.WithDatabase(new Symbols.DatabaseSymbol.ctor("workspace", [table]));
}

function expects(text) {
  const head = text.split("\n", 1)[0];
  return head.startsWith("// {") ? JSON.parse(head.slice(3)).expects : "rows";
}

function objections(text, state) {
  const found = KustoCode.ParseAndAnalyze(text, state).GetDiagnostics();
  return Array.from({ length: found.Count }, (_, at) => {
    const { Code, Start, Message } = found.getItem(at);
    return `${text.slice(0, Start).split("\n").length}: ${Code} ${Message}`;
  });
}

const state = globals();
const count = { files: 0, objections: 0, refused: 0, accepted: 0 };
for (const file of process.argv.slice(2)) {
  const text = readFileSync(file, "utf8");
  const due = expects(text);
  const found = objections(text, state);
  count.files += 1;
  if (due === "rows") {
    count.objections += found.length;
    found.forEach((what) => console.log(`${file}:${what}`));
  } else {
    count[found.length ? "refused" : "accepted"] += 1;
    const either = due === "either" ? "it may fail" : "it should fail";
    if (!found.length) console.log(`${file}: accepted, and ${either}`);
  }
}
console.log(JSON.stringify(count));
process.exitCode = count.objections ? 1 : 0;
