//! Makes the inputs of the targets from bytes.

use arbitrary::{Arbitrary, Unstructured};
use serde_json::Value as Json;

use crate::reader::collect_items;
use rulespec::kql::{Dynamic, Profile, Type, fold, is_term_character, tostring};
use rulespec_check::explore::generate::{TextAndTerms, Wild};
use rulespec_events::{Format, Item, read_bytes};

/// The bytes as UTF-8, with U+FFFD for what is not UTF-8.
pub fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// Generates a value from bytes.
pub fn generate<'a, T: Arbitrary<'a>>(bytes: &'a [u8]) -> Option<T> {
    T::arbitrary(&mut Unstructured::new(bytes)).ok()
}

/// A text and lookups, or `None` if the arguments have other types.
pub fn text_and_terms(generated: TextAndTerms<Wild>) -> Option<(String, Vec<String>)> {
    let as_text = |lookup| tostring(&Dynamic::from_json(lookup), Type::Dynamic);
    let lookups = generated.terms.as_array()?.iter().map(as_text).collect();
    Some((generated.text.as_str()?.to_owned(), lookups))
}

/// Splits a text into its terms and the single characters between them, all case-folded.
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

/// Whether `pieces` contains `sought` as consecutive elements.
pub fn contains(pieces: &[String], sought: &[String]) -> bool {
    sought.is_empty() || pieces.windows(sought.len()).any(|window| window == sought)
}

/// Converts rows to JSON, where NaN equals NaN.
pub fn to_json(rows: &[Vec<Dynamic>]) -> Vec<Json> {
    rows.iter().map(|row| row.iter().map(Dynamic::to_json).collect()).collect()
}

/// For each text format, the beginning of a file that holds one process creation.
pub const PROCESS_CREATIONS: &[(Format, &str)] = &[
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

/// Reads the bytes as a file of that format, or of the format that they seem to have.
pub fn read(bytes: &[u8], format: Option<Format>) -> Vec<Item> {
    collect_items(format, |_| true, |options, sink| read_bytes(bytes, &"bytes".into(), options, sink))
}
