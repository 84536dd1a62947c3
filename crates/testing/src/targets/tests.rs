use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use proptest::prelude::*;
use proptest::sample::Index;

use super::*;
use crate::files::ROOT;

fn files(folder: &str) -> Vec<PathBuf> {
    let folder = Path::new(ROOT).join(folder);
    let mut files: Vec<_> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    files
}

fn names(files: &[PathBuf]) -> BTreeSet<&str> {
    files.iter().map(|file| file.file_stem().unwrap().to_str().unwrap()).collect()
}

fn target(name: &str) -> fn(&[u8]) {
    let (_, target) = TARGETS.iter().find(|(known, _)| *known == name).expect(name);
    *target
}

#[test]
fn every_target_is_built_by_cargo_fuzz() {
    let all: BTreeSet<&str> = TARGETS.iter().map(|(name, _)| *name).collect();
    assert_eq!(names(&files("fuzz/fuzz_targets")), all);
    let manifest = fs::read_to_string(Path::new(ROOT).join("fuzz/Cargo.toml")).unwrap();
    let listed = manifest
        .lines()
        .filter_map(|line| line.strip_prefix("path = \"fuzz_targets/")?.strip_suffix(".rs\""));
    assert_eq!(listed.collect::<BTreeSet<_>>(), all);
}

/// What a target was once wrong about, in `fuzz/regressions/<target>/`.
#[test]
fn what_fuzzing_found_is_found_no_more() {
    for folder in files("fuzz/regressions").iter().filter(|path| path.is_dir()) {
        let name = folder.file_name().unwrap().to_str().unwrap();
        for file in files(&format!("fuzz/regressions/{name}")) {
            println!("{}", file.display());
            target(name)(&fs::read(file).unwrap());
        }
    }
}

#[test]
fn every_target_has_seeds_and_holds_for_them() {
    let seeds = seeds().unwrap();
    let seeded: BTreeSet<&str> = seeds.iter().map(|(target, ..)| *target).collect();
    assert_eq!(seeded, TARGETS.iter().map(|(name, _)| *name).collect());
    for (name, vector, bytes) in seeds {
        println!("{name}: {vector}");
        // The file of all vectors is loaded for each of these.
        if name != "vectors" {
            target(name)(&bytes);
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]

    #[test]
    fn a_damaged_record_is_decided_by_its_values_as_by_its_text(
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
fn a_text_falls_into_terms_and_what_stands_between() {
    assert_eq!(input::pieces("Ab/é7_ x"), ["ab", "/", "é7", "_", " ", "x"]);
    assert!(input::is_among(&input::pieces("_ X"), &input::pieces("Ab/é7_ x")));
    assert!(!input::is_among(&input::pieces("_ b"), &input::pieces("_ bb")));
    assert!(input::is_among(&[], &[]));
}
