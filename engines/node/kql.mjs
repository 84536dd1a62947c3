// The functions of chapters 10 to 30 in plain JavaScript.
// Written from the specification alone, independently of the Rust reference.

// Chapter 10: command lines

export function parseCommandLine(line, parser) {
  if (parser !== "windows") throw new Error("unknown-parser");
  line = line.split("\0")[0];
  if (line === "") return [];
  let [, name, rest] = line.match(/^"([^"]*)"?(.*)$/s) ?? line.match(/^([^\x01-\x20]*)[\x01-\x20]?(.*)$/s);
  const found = [name];
  while ((rest = rest.replace(/^[ \t]+/, "")) !== "") {
    const [argument, after] = nextArgument(rest);
    found.push(argument);
    rest = after;
  }
  return found;
}

function nextArgument(line) {
  let argument = "";
  let quoting = "outside";
  let at = 0;
  while (at < line.length && (quoting === "inside" || !" \t".includes(line[at]))) {
    // A run of backslashes with or without a quote after it, a quote, or any other character.
    const [part, backslashes, quote] = line.slice(at).match(/^(\\*)("?)/);
    at += Math.max(part.length, 1);
    if (part === "") argument += line[at - 1];
    if (quote === "") argument += backslashes;
    else argument += "\\".repeat(backslashes.length / 2);
    if (quoting === "just-closed" && part !== '"') quoting = "outside";
    if (quote === "") continue;
    if (backslashes.length % 2 === 1) argument += '"';
    else if (quoting === "outside") quoting = "inside";
    else if (quoting === "inside") quoting = "just-closed";
    else [argument, quoting] = [argument + '"', "outside"];
  }
  return [argument, line.slice(at)];
}

// Chapter 20: text, counted in code points

// With the flags `iu`, a regular expression compares by simple case folding. Each character
// folds to the first equal character that was passed to `foldCharacter`.
const folded = new Map();
let representatives = "";

function foldCharacter(c) {
  if (!folded.has(c)) {
    const same = representatives.match(new RegExp(`\\u{${c.codePointAt(0).toString(16)}}`, "iu"));
    if (!same) representatives += c;
    folded.set(c, same ? same[0] : c);
  }
  return folded.get(c);
}

const hasCase = /\p{Changes_When_Casemapped}/gu;
const fold = (text) => text.replace(hasCase, foldCharacter);

export const eqCi = (a, b) => fold(a) === fold(b);

export function indexof(text, lookup) {
  if (lookup === "") return null;
  const at = text.indexOf(lookup);
  return at < 0 ? -1 : [...text.slice(0, at)].length;
}

export function substring(text, start, length = Infinity) {
  const characters = [...text];
  if (start < 0) start += characters.length;
  if (start < 0 || length <= 0) return "";
  return characters.slice(start, start + length).join("");
}

// Chapter 30: terms

const inTerm = (c) => c !== undefined && /^[\p{L}\p{N}]$/u.test(c);

export function has(text, lookup) {
  const [whole, part] = [[...text], [...lookup]];
  const [foldedWhole, foldedPart] = [[...fold(text)], [...fold(lookup)]];
  for (let at = 0; at + part.length <= whole.length; at++) {
    if (foldedPart.some((c, offset) => c !== foldedWhole[at + offset])) continue;
    const cutsBefore = inTerm(part[0]) && inTerm(whole[at - 1]);
    const cutsAfter = inTerm(part.at(-1)) && inTerm(whole[at + part.length]);
    if (!cutsBefore && !cutsAfter) return true;
  }
  return false;
}

export const hasAny = (text, lookups) => lookups.some((lookup) => has(text, asText(lookup)));

// Chapter 40, only what has_any needs

function asText(value) {
  if (value === null) return "";
  return typeof value === "string" ? value : asJson(value);
}

function asJson(value) {
  if (Array.isArray(value)) return `[${value.map(asJson).join(",")}]`;
  return typeof value === "bigint" ? String(value) : JSON.stringify(value);
}
