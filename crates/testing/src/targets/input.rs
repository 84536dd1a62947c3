//! Bytes as what a target is about.

use std::ops::ControlFlow;
use std::sync::Arc;

use arbitrary::{Arbitrary, Unstructured};
use serde_json::Value as Json;

use rulespec::kql::terms::is_term_character;
use rulespec::kql::text::fold;
use rulespec::kql::{Dynamic, Profile, Type, tostring};
use rulespec_check::explore::generate::{TextAndTerms, Wild};
use rulespec_events::{Format, Item, Options};

/// A text, with U+FFFD where the bytes are none.
pub fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// Whatever is made of bytes.
pub fn made<'a, T: Arbitrary<'a>>(bytes: &'a [u8]) -> Option<T> {
    T::arbitrary(&mut Unstructured::new(bytes)).ok()
}

/// A text and lookups, where the one is a string and the others are an array.
pub fn text_and_terms(made: TextAndTerms<Wild>) -> Option<(String, Vec<String>)> {
    let as_text = |lookup| tostring(&Dynamic::from_json(lookup), Type::Dynamic);
    let lookups = made.terms.as_array()?.iter().map(as_text).collect();
    Some((made.text.as_str()?.to_owned(), lookups))
}

/// The terms of a text and each other character, in their order and without their case.
pub fn pieces(text: &str) -> Vec<String> {
    let mut pieces: Vec<String> = vec![];
    let mut in_term = false;
    for (c, folded) in text.chars().zip(fold(text, &Profile::default())) {
        match pieces.last_mut() {
            Some(term) if in_term && is_term_character(c) => term.push(folded),
            _ => pieces.push(folded.into()),
        }
        in_term = is_term_character(c);
    }
    pieces
}

/// Whether some pieces stand among others, side by side; none do anywhere.
pub fn is_among(few: &[String], many: &[String]) -> bool {
    few.is_empty() || many.windows(few.len()).any(|window| window == few)
}

/// Rows that can be compared, which numbers that are none cannot.
pub fn cells(rows: &[Vec<Dynamic>]) -> Vec<Json> {
    rows.iter().map(|row| row.iter().map(Dynamic::to_json).collect()).collect()
}

/// For each form of text, what begins a file of it and holds one process creation.
pub const GOOD: &[(Format, &str)] = &[
    (
        Format::Json,
        "{\"ActionType\":\"ProcessCreated\",\"DeviceName\":\"pc\",\"FileName\":\"x.exe\",\
         \"ProcessCommandLine\":\"x\",\"Timestamp\":\"2026-01-02T03:04:05Z\",\"DeviceId\":\"7\",\"ProcessId\":7}\n",
    ),
    (
        Format::Csv,
        "Timestamp,DeviceId,DeviceName,ActionType,FileName,ProcessCommandLine,ProcessId\r\n\
         2026-01-02T03:04:05Z,7,pc,ProcessCreated,x.exe,x,7\r\n",
    ),
    (
        Format::Xml,
        "<Events><Event xmlns='http://schemas.microsoft.com/win/2004/08/events/event'><System>\
         <Provider Name='Microsoft-Windows-Sysmon'/><EventID>1</EventID></System><EventData>\
         <Data Name='Image'>C:\\x.exe</Data><Data Name='CommandLine'>x</Data></EventData></Event>\n",
    ),
];

/// What these bytes hold.
pub fn read(bytes: &[u8], format: Option<Format>) -> Vec<Item> {
    let options = Options { format, keep: Arc::new(|_| true), progress: Default::default(), jobs: 1 };
    let mut items = vec![];
    let _ = rulespec_events::read_bytes(bytes, &"bytes".into(), &options, &mut |item| {
        items.push(item);
        ControlFlow::Continue(())
    });
    items
}
