//! What is fuzzed: a function of any bytes for each target of `fuzz/`, which panics
//! where something is wrong.
//!
//! Most of them take the bytes twice: as they are, which seeds from vectors and
//! dictionaries are good for, and as what [`rulespec_check::explore::generate`] makes of them.

mod input;
mod seeds;

#[cfg(test)]
mod tests;

use std::io::Cursor;
use std::ops::ControlFlow;
use std::sync::{Arc, LazyLock};

use serde_json::Value as Json;

use crate::by_hand::rows_by_hand;
use crate::held::parses_as_the_reference;
use crate::quoted::quoted;
use crate::{decoded, event_log as writer};
use input::{GOOD, made, read, text};
use rulespec::fast::command_line::Arguments;
use rulespec::fast::rule::bitsadmin_activity as fast_rule;
use rulespec::fast::terms::Terms;
use rulespec::kql::{Dynamic, Profile, Table, has, has_any, parse_command_line};
use rulespec::rule::bitsadmin_activity;
use rulespec::suite::{Vector, load, vectors as suite_vectors};
use rulespec_check::engine::protocol::{self, read_hello, read_reply, read_request};
use rulespec_check::engine::{Fast, recorded, serve};
use rulespec_check::explore::generate::{CommandLine, Events, TextAndTerms, Wild};
use rulespec_check::known::Known;
use rulespec_events::{Format, Item, Options, evtx};

pub use seeds::{Seed, seeds};

/// A target: its name, as a file of `fuzz/fuzz_targets` has it, and its function.
pub type Target = (&'static str, fn(&[u8]));

/// Every target.
pub const TARGETS: &[Target] = &[
    ("command_line", command_line),
    ("event_log", event_log),
    ("protocol", protocol),
    ("quote_then_split", quote_then_split),
    ("rule", rule),
    ("telemetry", telemetry),
    ("terms", terms),
    ("vectors", vectors),
];

/// A command line is parsed by the fast functions as by the reference.
pub fn command_line(bytes: &[u8]) {
    let made = made::<CommandLine<Wild>>(bytes).map(|made| made.line);
    for line in made.into_iter().chain([text(bytes)]) {
        parses_as_the_reference(&line, &mut Arguments::default());
    }
}

/// Arguments, a line each, are the same after they were quoted, joined and split.
pub fn quote_then_split(bytes: &[u8]) {
    let text = text(bytes).replace('\0', "");
    let arguments: Vec<&str> = text.split('\n').collect();
    let line = arguments.iter().fold("\"x y\"".to_owned(), |line, argument| line + " " + &quoted(argument));
    let split = parse_command_line(&line, "windows", &Profile::default());
    assert_eq!(split, Ok(Dynamic::strings([&["x y"], &arguments[..]].concat())), "{line:?}");
    parses_as_the_reference(&line, &mut Arguments::default());
}

/// `has` and `has_any` find what a plain list of the terms has: in a text, which is
/// the first line, the lookups, which are the others.
pub fn terms(bytes: &[u8]) {
    let text = text(bytes);
    let mut lines = text.split('\n').map(str::to_owned);
    let raw = (lines.next().unwrap_or_default(), lines.collect::<Vec<_>>());
    let made = made::<TextAndTerms<Wild>>(bytes).and_then(input::text_and_terms);
    for (text, lookups) in made.into_iter().chain([raw]) {
        let pieces = input::pieces(&text);
        let listed = |lookup: &String| input::is_among(&input::pieces(lookup), &pieces);
        for lookup in &lookups {
            assert_eq!(has(&text, lookup, &Profile::default()), listed(lookup), "{text:?} has {lookup:?}");
        }
        let values: Vec<Dynamic> = lookups.iter().map(|lookup| lookup.as_str().into()).collect();
        let any = lookups.iter().any(listed);
        assert_eq!(has_any(&text, &values, &Profile::default()), any, "{text:?} has_any {lookups:?}");
        assert_eq!(Terms::new(&lookups).found_in(&text), any, "{text:?} has_any {lookups:?}, fast");
    }
}

/// The rule's stages are the rule written by hand, and the fast rule is both.
pub fn rule(bytes: &[u8]) {
    let made = made::<Events<Wild>>(bytes).map(|made| made.table);
    for table in made.into_iter().chain(serde_json::from_slice(bytes).ok()) {
        let Ok(table) = Table::from_json(&table) else { continue };
        let staged = bitsadmin_activity(&table, &Profile::default());
        let json = |answer: &Result<Table, _>| answer.clone().map(|table| table.to_json());
        assert_eq!(json(&fast_rule(&table)), json(&staged));
        if let Ok(out) = &staged {
            let rows = rows_by_hand(&table, out.columns(), &Profile::default());
            assert_eq!(input::cells(&rows), input::cells(out.rows()));
        }
    }
}

/// Reading ends, with no more items than bytes, and what stands before any bytes is
/// read whatever they are.
pub fn telemetry(bytes: &[u8]) {
    let is_packed = bytes.starts_with(&[0x1f, 0x8b]) || bytes.starts_with(b"PK");
    for format in [None].into_iter().chain(Format::ALL.map(Some)) {
        let items = read(bytes, format);
        assert!(is_packed || items.len() <= bytes.len() + 1, "{} items", items.len());
    }
    for (format, good) in GOOD {
        let items = read(&[good.as_bytes(), bytes].concat(), Some(*format));
        assert!(matches!(items.first(), Some(Item::Event(_))), "{format:?}: {items:?}");
    }
}

/// A record of an event log is what its decoded text says, whatever it holds.
pub fn event_log(bytes: &[u8]) {
    assert_told_as_decoded(&writer::log(&[&[bytes.to_vec()]]));
}

/// Asserts that what the reader says of each record is what its decoded text says.
pub fn assert_told_as_decoded(log: &[u8]) {
    let options = Options { format: None, keep: Arc::new(|_| true), progress: Arc::default(), jobs: 1 };
    let mut items = vec![];
    let _ = evtx::read(Cursor::new(log), &"log".into(), &options, &mut |item| {
        items.push(item);
        ControlFlow::Continue(())
    });
    let decoded = decoded::records(log);
    assert_eq!(items.len(), decoded.len());
    items.iter().zip(&decoded).for_each(|(item, decoded)| decoded::assert_told(item, decoded));
}

/// Every line to `serve` gets an answer or a complaint, and what is read of an
/// engine's answer is the same once written and read again.
pub fn protocol(bytes: &[u8]) {
    let (mut out, mut complaints) = (vec![], 0);
    let served = serve(&mut Fast::default(), bytes, &mut out, &mut |_, _| complaints += 1);
    assert!(served.is_ok());
    let lines: Vec<&[u8]> = bytes.split_inclusive(|&byte| byte == b'\n').collect();
    let answers: Vec<&[u8]> = out.split_inclusive(|&byte| byte == b'\n').collect();
    assert_eq!(answers.len() + complaints, lines.len());
    assert!(answers.iter().all(|line| serde_json::from_slice::<Json>(line).is_ok()));
    for line in lines {
        for written in read_reply(line).iter().map(protocol::line) {
            assert_eq!(protocol::line(&read_reply(&written).unwrap()), written);
        }
        for request in read_request(line).iter() {
            assert_eq!(read_request(&protocol::line(request)).as_ref(), Ok(request));
        }
        let _ = read_hello(line);
    }
}

static SUITE: LazyLock<Vec<Vector>> = LazyLock::new(|| suite_vectors().unwrap());

/// Vectors are the same once written and loaded again; no text is too much for the
/// other files that `check` reads.
pub fn vectors(bytes: &[u8]) {
    let text = text(bytes);
    if let Ok(vectors) = load("any.json", &text) {
        let written = serde_json::to_string(&vectors).unwrap();
        assert_eq!(load("again.json", &written).unwrap(), vectors);
    }
    let _ = Known::parse("known.txt", &text);
    let _ = recorded::read("answers.jsonl", &text, &SUITE);
}
