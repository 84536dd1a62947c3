use std::collections::BTreeSet;
use std::fs;
use std::path::PathBuf;

use proptest::prelude::*;
use proptest::sample::Index;

use super::*;
use crate::files::path;

/// The files of a folder of the project, sorted.
fn entries(folder: &str) -> Vec<PathBuf> {
    let mut entries: Vec<_> =
        fs::read_dir(path(folder)).unwrap().map(|entry| entry.unwrap().path()).collect();
    entries.sort();
    entries
}

fn target_names() -> BTreeSet<&'static str> {
    TARGETS.iter().map(|(name, _)| *name).collect()
}

fn run_target(name: &str, bytes: &[u8]) {
    let (_, target) = TARGETS.iter().find(|(known, _)| *known == name).expect(name);
    target(bytes);
}

#[test]
fn cargo_fuzz_builds_every_target() {
    let files = entries("fuzz/fuzz_targets");
    let stems: BTreeSet<&str> =
        files.iter().map(|file| file.file_stem().unwrap().to_str().unwrap()).collect();
    assert_eq!(stems, target_names());
    let manifest = fs::read_to_string(path("fuzz/Cargo.toml")).unwrap();
    let listed = manifest
        .lines()
        .filter_map(|line| line.strip_prefix("path = \"fuzz_targets/")?.strip_suffix(".rs\""));
    assert_eq!(listed.collect::<BTreeSet<_>>(), target_names());
}

/// Replays `fuzz/regressions/<target>/`.
#[test]
fn regressions_pass() {
    for folder in entries("fuzz/regressions").iter().filter(|path| path.is_dir()) {
        let name = folder.file_name().unwrap().to_str().unwrap();
        for file in entries(&format!("fuzz/regressions/{name}")) {
            println!("{}", file.display());
            run_target(name, &fs::read(file).unwrap());
        }
    }
}

#[test]
fn every_target_has_seeds_and_accepts_them() {
    let seeds = seeds().unwrap();
    let seeded: BTreeSet<&str> = seeds.iter().map(|(target, ..)| *target).collect();
    assert_eq!(seeded, target_names());
    for (name, vector, bytes) in seeds {
        println!("{name}: {vector}");
        // The target `vectors` loads the whole suite, which is too slow here.
        if name != "vectors" {
            run_target(name, &bytes);
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]

    #[test]
    fn a_damaged_record_is_read_like_the_oracle(
        seed in any::<Index>(),
        damages in prop::collection::vec((any::<Index>(), any::<u8>()), 0..4),
    ) {
        let (_, mut bytes) = seed.get(&seeds::records()).clone();
        for (at, byte) in damages {
            *at.get_mut(&mut bytes) = byte;
        }
        event_log(&bytes);
    }
}

#[test]
fn a_text_is_split_into_terms_and_other_characters() {
    assert_eq!(input::pieces("Ab/é7_ x"), ["ab", "/", "é7", "_", " ", "x"]);
    assert!(input::contains(&input::pieces("Ab/é7_ x"), &input::pieces("_ X")));
    assert!(!input::contains(&input::pieces("_ bb"), &input::pieces("_ b")));
    assert!(input::contains(&[], &[]));
}
