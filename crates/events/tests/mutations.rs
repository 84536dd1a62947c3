//! Damaged telemetry: reading it terminates without a panic, and does not depend on the filter.

use std::fs;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::{Path, PathBuf};

use proptest::prelude::*;
use proptest::sample::Index;
use proptest::test_runner::FileFailurePersistence;
use rulespec_events::{Event, Format, Item, Names, read_bytes};
use rulespec_testing::files::ROOT;
use rulespec_testing::reader::{collect_items, with_names};

use crate::packed;

/// The examples, and one of them packed and encoded in every way.
pub(crate) fn originals() -> Vec<Vec<u8>> {
    let folder = fs::read_dir(Path::new(ROOT).join("examples/events")).unwrap();
    let mut paths: Vec<PathBuf> = folder.map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    let mut files: Vec<Vec<u8>> = paths.iter().map(|path| fs::read(path).unwrap()).collect();
    let packed: Vec<_> = packed::PACKINGS.iter().map(|pack| pack(&files[0])).collect();
    let utf_16 = packed::utf_16(std::str::from_utf8(&files[0]).unwrap(), u16::to_le_bytes);
    files.extend(packed);
    files.push(utf_16);
    files
}

/// A way to damage bytes.
#[derive(Debug, Clone)]
pub(crate) enum Damage {
    Set(Index, u8),
    Cut(Index),
    Remove(Index, usize),
    Repeat(Index, usize),
    Insert(Index, &'static str),
}

pub(crate) fn damage() -> impl Strategy<Value = Damage> {
    let at = any::<Index>;
    let pieces = ["\"", "[", "]", "{", "}", "<", "<Event>", "</Event>", "\n", "\0", ",", "\\", "\u{feff}"];
    prop_oneof![
        (at(), any::<u8>()).prop_map(|(at, byte)| Damage::Set(at, byte)),
        at().prop_map(Damage::Cut),
        (at(), 1_usize..400).prop_map(|(at, length)| Damage::Remove(at, length)),
        (at(), 1_usize..400).prop_map(|(at, length)| Damage::Repeat(at, length)),
        (at(), proptest::sample::select(pieces.to_vec())).prop_map(|(at, piece)| Damage::Insert(at, piece)),
    ]
}

pub(crate) fn damaged(mut bytes: Vec<u8>, damages: &[Damage]) -> Vec<u8> {
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
            Damage::Repeat(at, length) => {
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

fn items(
    bytes: &[u8],
    format: Option<Format>,
    keep: impl Fn(Names<'_>) -> bool + Send + Sync + 'static,
) -> Vec<Item> {
    collect_items(format, keep, |options, sink| read_bytes(bytes, &"bytes".into(), options, sink))
}

/// The numbers of process creations, skipped items and faults.
fn counts(bytes: &[u8], format: Option<Format>, keep: bool) -> [usize; 3] {
    let mut counts = [0; 3];
    for item in items(bytes, format, move |_| keep) {
        counts[match item {
            Item::Event(_) | Item::Filtered(_) => 0,
            Item::Skipped(_) => 1,
            Item::Fault(_) => 2,
        }] += 1;
    }
    counts
}

fn events(items: Vec<Item>) -> Vec<Event> {
    let event = |item| if let Item::Event(event) = item { Some(*event) } else { None };
    items.into_iter().filter_map(event).collect()
}

/// A filter that accepts about half of all events.
fn half(names: Names<'_>) -> bool {
    let mut hasher = DefaultHasher::new();
    (names.file_name, names.original_file_name.unwrap_or_default(), names.command_line).hash(&mut hasher);
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
    fn the_filter_does_not_affect_what_is_read(
        damages in prop::collection::vec(damage(), 1..6),
        format in prop::option::of(prop::sample::select(&Format::ALL[..])),
    ) {
        for original in originals() {
            let bytes = damaged(original, &damages);
            let kept = counts(&bytes, format, true);
            let filtered = counts(&bytes, format, false);
            prop_assert_eq!(&kept[..2], &filtered[..2]);
            // Faults of cells are only found in rows that are built.
            prop_assert!(filtered[2] <= kept[2]);
        }
    }

    #[test]
    fn filtering_while_reading_equals_filtering_afterwards(
        damages in prop::collection::vec(damage(), 1..6),
    ) {
        for original in originals() {
            let bytes = damaged(original, &damages);
            let filtered = events(items(&bytes, None, half));
            let mut all = events(items(&bytes, None, |_| true));
            all.retain(|event| with_names(event, half));
            prop_assert_eq!(filtered, all);
        }
    }
}
