//! Damaged telemetry: whatever became of its bytes, reading it ends, and neither
//! panics nor depends on what is wanted.

use std::fs;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::io::Write;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use flate2::Compression;
use flate2::write::GzEncoder;
use proptest::prelude::*;
use proptest::sample::Index;
use proptest::test_runner::FileFailurePersistence;
use rulespec_events::{Event, Format, Item, Names, Options, read_bytes};
use rulespec_testing::files::ROOT;

/// The examples, one of them compressed.
fn originals() -> Vec<Vec<u8>> {
    let folder = Path::new(ROOT).join("examples/events");
    let mut files: Vec<Vec<u8>> = paths(folder).map(|path| fs::read(path).unwrap()).collect();
    let mut gz = GzEncoder::new(vec![], Compression::default());
    gz.write_all(&files[0]).unwrap();
    files.push(gz.finish().unwrap());
    files
}

fn paths(folder: PathBuf) -> impl Iterator<Item = PathBuf> {
    let mut paths: Vec<PathBuf> =
        fs::read_dir(folder).into_iter().flatten().filter_map(Result::ok).map(|entry| entry.path()).collect();
    paths.sort();
    paths.into_iter()
}

/// A way to damage bytes.
#[derive(Debug, Clone)]
enum Damage {
    Set(Index, u8),
    Cut(Index),
    Remove(Index, usize),
    Double(Index, usize),
    Insert(Index, &'static str),
}

fn damage() -> impl Strategy<Value = Damage> {
    let at = any::<Index>;
    let pieces = ["\"", "[", "]", "{", "}", "<", "<Event>", "</Event>", "\n", "\0", ",", "\\", "\u{feff}"];
    prop_oneof![
        (at(), any::<u8>()).prop_map(|(at, byte)| Damage::Set(at, byte)),
        at().prop_map(Damage::Cut),
        (at(), 1_usize..400).prop_map(|(at, length)| Damage::Remove(at, length)),
        (at(), 1_usize..400).prop_map(|(at, length)| Damage::Double(at, length)),
        (at(), proptest::sample::select(pieces.to_vec())).prop_map(|(at, piece)| Damage::Insert(at, piece)),
    ]
}

fn damaged(mut bytes: Vec<u8>, damages: &[Damage]) -> Vec<u8> {
    for damage in damages.iter().cloned() {
        let place = |at: Index| at.index(bytes.len() + 1);
        let piece = |start: usize, length: usize| start..bytes.len().min(start + length);
        match damage {
            Damage::Set(at, byte) => {
                let at = place(at);
                bytes.get_mut(at).into_iter().for_each(|old| *old = byte);
            }
            Damage::Cut(at) => bytes.truncate(place(at)),
            Damage::Remove(at, length) => drop(bytes.drain(piece(place(at), length))),
            Damage::Double(at, length) => {
                let piece = piece(place(at), length);
                let again = bytes[piece.clone()].to_vec();
                bytes.splice(piece.end..piece.end, again);
            }
            Damage::Insert(at, piece) => {
                let at = place(at);
                bytes.splice(at..at, piece.bytes());
            }
        }
    }
    bytes
}

/// Everything read of these bytes.
fn items(
    bytes: &[u8],
    format: Option<Format>,
    keep: impl Fn(Names<'_>) -> bool + Send + Sync + 'static,
) -> Vec<Item> {
    let options = Options { format, keep: Arc::new(keep), progress: Default::default(), jobs: 1 };
    let mut items = Vec::new();
    let _ = read_bytes(bytes, &"bytes".into(), &options, &mut |item| {
        items.push(item);
        ControlFlow::Continue(())
    });
    items
}

/// How many of them are events, passed over, and faults.
fn counts(bytes: &[u8], format: Option<Format>, keep: bool) -> [usize; 3] {
    let mut counts = [0; 3];
    for item in items(bytes, format, move |_| keep) {
        counts[match item {
            Item::Event(_) | Item::Passed(_) => 0,
            Item::Skipped(_) => 1,
            Item::Fault(_) => 2,
        }] += 1;
    }
    counts
}

/// The events among them, each with what it is called.
fn events(items: Vec<Item>) -> Vec<([String; 3], Event)> {
    let event = |item| if let Item::Event(event) = item { Some(*event) } else { None };
    let named = |event: Event| {
        let text = |name| {
            let at = event.columns.iter().position(|column| column.name == name);
            at.and_then(|at| event.row[at].as_str()).unwrap_or_default().to_owned()
        };
        ([text("FileName"), text("ProcessVersionInfoOriginalFileName"), text("ProcessCommandLine")], event)
    };
    items.into_iter().filter_map(event).map(named).collect()
}

/// Wants about half of all events, by every value there is to tell them by.
fn half(names: [&str; 3]) -> bool {
    let mut hasher = DefaultHasher::new();
    names.hash(&mut hasher);
    hasher.finish().is_multiple_of(2)
}

proptest! {
    #![proptest_config(ProptestConfig {
        failure_persistence: Some(Box::new(FileFailurePersistence::Direct(
            "proptest-regressions/telemetry_mutations.txt",
        ))),
        ..ProptestConfig::with_cases(64)
    })]

    #[test]
    fn damage_costs_no_more_than_what_it_touches(
        damages in prop::collection::vec(damage(), 1..6),
        format in prop::option::of(prop::sample::select(&Format::ALL[..])),
    ) {
        for original in originals() {
            let is_log = original.starts_with(b"ElfFile\0");
            let bytes = damaged(original, &damages);
            let kept = counts(&bytes, format, true);
            // Faults of cells are told of rows that are built only.
            let passed = counts(&bytes, format, false);
            let unseen = passed[0].checked_sub(kept[0]);
            prop_assert_eq!(kept[1], passed[1]);
            prop_assert!(passed[2] <= kept[2]);
            // A record of an event log is decided on without being parsed: where it is
            // broken and not wanted, that goes unseen. Nothing else does.
            match is_log {
                true => prop_assert_eq!(unseen, Some(kept[2] - passed[2])),
                false => prop_assert_eq!(unseen, Some(0)),
            }
        }
    }

    #[test]
    fn what_is_wanted_is_the_same_before_and_after_an_event_is_built(
        damages in prop::collection::vec(damage(), 1..6),
    ) {
        for original in originals() {
            let bytes = damaged(original, &damages);
            let wanted = items(&bytes, None, |names| {
                let original = names.original_file_name.unwrap_or_default();
                half([names.file_name, original, names.command_line])
            });
            let mut all = events(items(&bytes, None, |_| true));
            all.retain(|(names, _)| half(names.each_ref().map(String::as_str)));
            prop_assert_eq!(events(wanted), all);
        }
    }
}
