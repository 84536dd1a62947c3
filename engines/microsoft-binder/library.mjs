// Loads Microsoft's own parser and binder.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { runInThisContext } from "node:vm";

export function loadLibrary() {
  const { resolve } = createRequire(import.meta.url);
  for (const name of ["bridge.min.js", "Kusto.Language.Bridge.min.js"]) {
    runInThisContext(readFileSync(resolve(`@kusto/language-service-next/${name}`), "utf8"), name);
  }
  return globalThis.Kusto.Language;
}
