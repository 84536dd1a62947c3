// Compares what is said of queries with what Microsoft's own library says:
//   query_cases 100000 | node agree.mjs [--record FILE COUNT]
// reads one case a line: text, tables by name as [column, type] pairs, and either the columns of
// the result or the kinds of errors. A case whose first error is that something is not specified is
// compared only if the library refuses it, which is then counted. Neither is one for which the library
// itself fails: some literals make it throw. `disagreements.json` lists
// disagreements that have a reason. Exit status 1 means that there are others.
import { readFileSync, writeFileSync } from "node:fs";
import { createInterface } from "node:readline";
import { loadLibrary } from "./library.mjs";

const { KustoCode, GlobalState, Symbols } = loadLibrary();
const reasons = JSON.parse(readFileSync(new URL("disagreements.json", import.meta.url), "utf8"));
reasons.forEach((reason) => Object.assign(reason, { count: 0, text: new RegExp(reason.text ?? "", "s") }));

const states = new Map();
function state(tables) {
  const key = JSON.stringify(tables);
  if (!states.has(key)) {
    const symbols = Object.entries(tables).map(([name, columns]) => {
      const schema = columns.map(([column, type]) => `['${column}']: ${type}`).join(", ");
      return Symbols.TableSymbol.From(`(${schema})`).WithName(name);
    });
    states.set(key, GlobalState.Default.WithDatabase(new Symbols.DatabaseSymbol.ctor("db", symbols)));
  }
  return states.get(key);
}

const items = (list) => Array.from({ length: list.Count }, (_, at) => list.getItem(at));

// Returns null if the library itself fails.
function library({ text, tables }) {
  let code;
  try {
    code = KustoCode.ParseAndAnalyze(text, state(tables));
  } catch {
    return null;
  }
  const said = items(code.GetDiagnostics()).map(({ Code, Start, Message }) => `${Code} @${Start} ${Message}`);
  if (said.length) return { refused: said };
  const columns = code.ResultType?.Columns;
  return { columns: columns ? items(columns).map((column) => [column.Name, column.Type.Name]) : [] };
}

function difference(ours, theirs) {
  if (ours.refused?.some((kind) => kind === "unsupported")) return null;
  if (ours.refused && theirs.refused) return null;
  if (ours.refused) return `we refuse it: ${ours.refused[0]}: ${ours.message}`;
  if (theirs.refused) return `it is refused: ${theirs.refused[0]}`;
  const [mine, other] = [ours.columns, theirs.columns].map((columns) => JSON.stringify(columns));
  return mine === other ? null : `columns ${mine} are ${other}`;
}

// The number of columns of the table that generated queries read.
const GENERATED = 11;
const count = { cases: 0, failed: 0, accepted: 0, refused: 0, unsupported: 0, explained: 0, disagreements: 0 };
const recorded = [];
const [record, limit] = process.argv[2] === "--record" ? process.argv.slice(3) : [];
for await (const line of createInterface({ input: process.stdin })) {
  const ours = JSON.parse(line);
  const theirs = library(ours);
  count.cases += 1;
  if (!theirs) {
    count.failed += 1;
    continue;
  }
  const isUnsupported = ours.refused?.includes("unsupported");
  count[isUnsupported ? "unsupported" : ours.refused ? "refused" : "accepted"] += 1;
  const found = difference(ours, theirs);
  const reason = found && reasons.find(({ says, text }) => found.includes(says ?? "") && text.test(ours.text));
  if (reason) {
    reason.count += 1;
    count.explained += 1;
  } else if (found) {
    count.disagreements += 1;
    if (count.disagreements <= 1000) console.log(`${JSON.stringify(ours.text)}\n  ${found}`);
  }
  const kept = !found && !isUnsupported && ours.tables.T?.length === GENERATED && ours.text.length < 200;
  if (recorded.length < limit && kept) recorded.push({ text: ours.text, columns: theirs.columns ?? null });
}
if (record) writeFileSync(record, `[\n${recorded.map((one) => JSON.stringify(one)).join(",\n")}\n]\n`);
reasons.forEach(({ reason, count: times }) => console.log(`${times}: ${reason}`));
console.log(JSON.stringify(count));
process.exitCode = count.disagreements ? 1 : 0;
