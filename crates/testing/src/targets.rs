//! The fuzz targets: for each target of `fuzz/`, a function that takes arbitrary bytes and
//! panics if it finds a bug.
//!
//! Most targets use the bytes twice. They take them as they are, so that seeds and
//! dictionaries work, and they generate structured input from them with
//! [`rulespec_check::explore::generate`].

mod input;
mod seeds;

#[cfg(test)]
mod tests;

use std::ops::ControlFlow;
use std::sync::LazyLock;

use serde_json::{Value as Json, json};

use crate::command_line::assert_parses_like_reference;
use crate::event_log::write_log;
use crate::evtx_oracle::assert_reads_like_oracle;
use crate::query_check::{assert_spans, process};
use crate::query_text;
use crate::quote::quote;
use crate::rule::bitsadmin_activity;
use crate::straight_line::evaluate_table;
use input::{PROCESS_CREATIONS, generate, read, text};
use rulespec::fast::command_line::Arguments;
use rulespec::fast::rule::bitsadmin_activity as fast_rule;
use rulespec::fast::terms::Terms;
use rulespec::kql::{Dynamic, Profile, Table, has, has_any, parse_command_line};
use rulespec::suite::{Vector, load, vectors as suite_vectors};
use rulespec_check::engine::protocol::{self, read_hello, read_reply, read_request};
use rulespec_check::engine::{Fast, recorded, serve};
use rulespec_check::explore::generate::{CommandLine, Events, TextAndTerms, Wild};
use rulespec_check::known::KnownFailures;
use rulespec_events::time::read as read_time;
use rulespec_events::{Format, Item, Options, Shapes, TimeZone, read_bytes};

pub use seeds::{Seed, seeds};

/// A target: its name, which is that of a file in `fuzz/fuzz_targets`, and its function.
pub type Target = (&'static str, fn(&[u8]));

/// All targets.
pub const TARGETS: &[Target] = &[
    ("command_line", command_line),
    ("event_log", event_log),
    ("exports", exports),
    ("mapping", mapping),
    ("protocol", protocol),
    ("query_parse", query_parse),
    ("query_run", query_run),
    ("quote_then_split", quote_then_split),
    ("rule", rule),
    ("telemetry", telemetry),
    ("terms", terms),
    ("time", time),
    ("vectors", vectors),
];

/// The fast parsers split a command line as the reference does.
pub fn command_line(bytes: &[u8]) {
    let generated = generate::<CommandLine<Wild>>(bytes).map(|generated| generated.line);
    for line in generated.into_iter().chain([text(bytes)]) {
        assert_parses_like_reference(&line, &mut Arguments::default());
    }
}

/// Quoting and joining arguments, one per line of the input, and splitting the result
/// gives the same arguments.
pub fn quote_then_split(bytes: &[u8]) {
    let text = text(bytes).replace('\0', "");
    let arguments: Vec<&str> = text.split('\n').collect();
    let line = arguments.iter().fold("\"x y\"".to_owned(), |line, argument| line + " " + &quote(argument));
    let split = parse_command_line(&line, "windows", &Profile::default());
    assert_eq!(split, Ok(Dynamic::strings([&["x y"], &arguments[..]].concat())), "{line:?}");
    assert_parses_like_reference(&line, &mut Arguments::default());
}

/// A text is refused with places in it, or is what it prints.
pub fn query_parse(bytes: &[u8]) {
    let text = text(bytes);
    process(&text).iter().for_each(|said| assert_spans(&text, said));
}

/// A query that is mostly valid is bound and run as what it prints.
pub fn query_run(bytes: &[u8]) {
    query_parse(query_text::generate(bytes).as_bytes());
}

/// `has` and `has_any` agree with a search in the list of a text's terms. The first line
/// of the input is the text, the others are the lookups.
pub fn terms(bytes: &[u8]) {
    let text = text(bytes);
    let mut lines = text.split('\n').map(str::to_owned);
    let raw = (lines.next().unwrap_or_default(), lines.collect::<Vec<_>>());
    let generated = generate::<TextAndTerms<Wild>>(bytes).and_then(input::text_and_terms);
    for (text, lookups) in generated.into_iter().chain([raw]) {
        let pieces = input::pieces(&text);
        let contains = |lookup: &String| input::contains(&pieces, &input::pieces(lookup));
        for lookup in &lookups {
            assert_eq!(has(&text, lookup, &Profile::default()), contains(lookup), "{text:?} has {lookup:?}");
        }
        let values: Vec<Dynamic> = lookups.iter().map(|lookup| lookup.as_str().into()).collect();
        let expected = lookups.iter().any(contains);
        assert_eq!(has_any(&text, &values, &Profile::default()), expected, "{text:?} has_any {lookups:?}");
        assert_eq!(Terms::new(&lookups).found_in(&text), expected, "{text:?} has_any {lookups:?}, fast");
    }
}

/// The text of the rule, its straight-line form and the fast rule agree.
pub fn rule(bytes: &[u8]) {
    let generated = generate::<Events<Wild>>(bytes).map(|generated| generated.table);
    for table in generated.into_iter().chain(serde_json::from_slice(bytes).ok()) {
        let Ok(table) = Table::from_json(&table) else { continue };
        let staged = bitsadmin_activity(&table, &Profile::default());
        let json = |answer: &Result<Table, _>| answer.clone().map(|table| table.to_json());
        assert_eq!(json(&fast_rule(&table)), json(&staged));
        if let Ok(answer) = &staged {
            let rows = evaluate_table(&table, answer.columns(), &Profile::default());
            assert_eq!(input::to_json(&rows), input::to_json(answer.rows()));
        }
    }
}

/// How what is compressed begins: gzip, zip, bzip2, xz, and zstd's frames, of which some are skipped.
const COMPRESSED: [&[u8]; 5] = [b"\x1f\x8b", b"PK", b"BZh", b"\xfd7zXZ", b"\x28\xb5\x2f\xfd"];

/// Reading terminates, with at most one item per byte and one more. An event before
/// arbitrary bytes is read regardless of them.
pub fn telemetry(bytes: &[u8]) {
    let is_skipped_frame = bytes.get(1..4) == Some(&[0x2a, 0x4d, 0x18]);
    let is_compressed = is_skipped_frame || COMPRESSED.iter().any(|start| bytes.starts_with(start));
    for format in [None].into_iter().chain(Format::ALL.map(Some)) {
        let items = read(bytes, format);
        assert!(is_compressed || items.len() <= bytes.len() + 1, "{} items", items.len());
    }
    for (format, event) in PROCESS_CREATIONS {
        let items = read(&[event.as_bytes(), bytes].concat(), Some(*format));
        assert!(matches!(items.first(), Some(Item::Event(_))), "{format:?}: {items:?}");
    }
}

/// An event is found whatever is around it, also in a text of an event of another kind. The bytes are a
/// text beside it, and JSON if they can be.
pub fn exports(bytes: &[u8]) {
    let beside = serde_json::from_slice(bytes).unwrap_or_else(|_| Json::from(text(bytes)));
    let event = json!({"EventID": 1, "Channel": "Microsoft-Windows-Sysmon/Operational", "EventData": {
        "Image": "C:\\x.exe", "OriginalFileName": "x.exe", "CommandLine": "x",
    }});
    let has_event = |items: &[Item]| items.iter().any(|item| matches!(item, Item::Event(_)));
    let too_deep = |items: &[Item]| items.iter().any(|item| matches!(item, Item::Fault(_)));
    let items = read(json!({"_source": event, "x": beside}).to_string().as_bytes(), Some(Format::Json));
    assert!(has_event(&items) || too_deep(&items), "{items:?}");
    let event_text = event.to_string();
    let other = json!({"EventID": 7, "Channel": "System", "x": beside, "message": event_text});
    let items = read(other.to_string().as_bytes(), Some(Format::Json));
    assert!(has_event(&items) || too_deep(&items), "{items:?}");
    let items = read(json!({"message": event_text}).to_string().as_bytes(), Some(Format::Json));
    assert!(has_event(&items), "{items:?}");
}

/// A mapping is refused, or it finds what the table of shapes finds.
pub fn mapping(bytes: &[u8]) {
    let Ok(shapes) = Shapes::with_mapping(&text(bytes)) else {
        return;
    };
    let options = Options { shapes: shapes.into(), ..Options::default() };
    for (_, event) in PROCESS_CREATIONS {
        let mut count = 0;
        let _ = read_bytes(event.as_bytes(), &"event".into(), &options, &mut |_| {
            count += 1;
            ControlFlow::Continue(())
        });
        assert!(count > 0);
    }
}

/// The reader of event logs agrees with the oracle on a record of arbitrary bytes.
pub fn event_log(bytes: &[u8]) {
    assert_reads_like_oracle(&write_log(&[&[bytes.to_vec()]]));
}

/// `serve` answers every line or complains about it. Each message that can be read
/// survives a round trip.
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

/// A time in UTC is read from its ISO 8601 form as from any other. The first line may name a time zone,
/// which can be read from its own form too.
pub fn time(bytes: &[u8]) {
    let text = text(bytes);
    if let Some(time) = read_time(&text, None) {
        assert_eq!(read_time(&time.to_string(), None), Some(time));
    }
    let (zone, text) = text.split_once('\n').unwrap_or_default();
    if let Ok(zone) = zone.parse::<TimeZone>() {
        assert_eq!(zone.to_string().parse().as_ref(), Ok(&zone));
        let _ = read_time(text, Some(&zone));
    }
}

static SUITE: LazyLock<Vec<Vector>> = LazyLock::new(|| suite_vectors().unwrap());

/// Vectors survive a round trip. The other files that `check` reads may hold any text.
pub fn vectors(bytes: &[u8]) {
    let text = text(bytes);
    if let Ok(vectors) = load("any.json", &text) {
        let written = serde_json::to_string(&vectors).unwrap();
        assert_eq!(load("again.json", &written).unwrap(), vectors);
    }
    let _ = KnownFailures::parse("known.txt", &text);
    let _ = recorded::read("answers.jsonl", text.as_bytes(), &SUITE);
}
