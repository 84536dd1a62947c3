// Parses and binds KQL files with Microsoft's own library, and prints its diagnostics:
//   node check.mjs FILE.kql...
// A file whose first line has {"expects":"failure"} should be refused. If it is accepted,
// only a real Kusto can decide. The exit status is 1 if any other file has diagnostics.
import { readFileSync } from "node:fs";
import { loadLibrary } from "./library.mjs";

const { KustoCode, GlobalState, Symbols } = loadLibrary();

// The table with its columns in Log Analytics, read from the source of this project.
function globals() {
  const source = readFileSync(new URL("../../crates/events/src/defender/schema.rs", import.meta.url), "utf8");
  const columns = source.split("LOG_ANALYTICS")[1].matchAll(/\("(\w+)", Type::(\w+)\)/g);
  const schema = Array.from(columns, ([, name, type]) => `${name}: ${type.toLowerCase()}`).join(", ");
  const table = Symbols.TableSymbol.From(`(${schema})`).WithName("DeviceProcessEvents");
  return GlobalState.Default.WithDatabase(new Symbols.DatabaseSymbol.ctor("workspace", [table]));
}

function expects(text) {
  const firstLine = text.split("\n", 1)[0];
  return firstLine.startsWith("// {") ? JSON.parse(firstLine.slice(3)).expects : "rows";
}

function diagnostics(text, state) {
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
  const expected = expects(text);
  const found = diagnostics(text, state);
  count.files += 1;
  if (expected === "rows") {
    count.objections += found.length;
    found.forEach((diagnostic) => console.log(`${file}:${diagnostic}`));
  } else {
    count[found.length ? "refused" : "accepted"] += 1;
    const expectation = expected === "either" ? "it may fail" : "it should fail";
    if (!found.length) console.log(`${file}: accepted, but ${expectation}`);
  }
}
console.log(JSON.stringify(count));
process.exitCode = count.objections ? 1 : 0;
