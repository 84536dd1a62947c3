// The reference of the page as an engine: node serve.mjs DIST, then one message per line.

import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';

const [dist] = process.argv.slice(2);
// Without package.json, Node does not take the file for a module.
const source = readFileSync(`${dist}/try/rulespec.js`, 'utf8');
const page = await import(`data:text/javascript,${encodeURIComponent(source)}`);
page.initSync({ module: readFileSync(`${dist}/try/rulespec_bg.wasm`) });
for await (const line of createInterface({ input: process.stdin })) console.log(page.ask(line));
