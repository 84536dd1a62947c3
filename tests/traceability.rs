//! Every clause has code, a test and, if engines can be asked about it, a vector and a
//! misreading. Every reference to a clause, a source or an open point is valid. One run lists
//! everything that is broken, with its place.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use rulespec::kql::Profile;
use rulespec::suite::{self, Clause, Kind};
use rulespec_check::misreading;
use rulespec_testing::assert_none;
use rulespec_testing::citations::{citations, clause_ids, code};
use rulespec_testing::files::{ROOT, sources};

/// Returns the clauses that have a test: `fn cmd_07_…` is a test of CMD-07.
fn tested(files: &[(String, String)]) -> BTreeSet<String> {
    let lines = files.iter().flat_map(|(_, text)| text.lines());
    let names = lines.filter_map(|line| line.trim_start().strip_prefix("fn "));
    names
        .filter_map(|name| {
            let mut words = name.split('_');
            let id = format!("{}-{}", words.next()?.to_ascii_uppercase(), words.next()?);
            clause_ids(&id).next().map(str::to_owned)
        })
        .collect()
}

fn place(clause: &Clause) -> String {
    format!("spec/{}:{}: {}", clause.file, clause.line, clause.id)
}

#[test]
fn every_clause_has_code_a_test_a_vector_and_a_misreading() {
    let sources = sources();
    let cited: BTreeSet<String> = citations(&code(&sources)).into_iter().map(|(id, _)| id).collect();
    let tested = tested(&sources);
    let vectors = suite::vectors().unwrap();
    let asked: BTreeSet<&str> = vectors.iter().flat_map(|v| &v.clauses).map(String::as_str).collect();
    let misread: BTreeSet<&str> = misreading::all().iter().map(|misreading| misreading.breaks).collect();
    let mut offences = vec![];
    for clause in suite::clauses().iter().filter(|clause| clause.kind != Kind::Informative) {
        let mut require = |exists: bool, what: &str| {
            if !exists {
                offences.push(format!("{} has no {what}", place(clause)));
            }
        };
        require(cited.contains(&clause.id), "code (no doc comment of a library cites it)");
        let name = clause.id.to_ascii_lowercase().replace('-', "_");
        require(tested.contains(&clause.id), &format!("test (no function is named {name}_…)"));
        let is_asked = clause.kind == Kind::Asked;
        require(!is_asked || asked.contains(clause.id.as_str()), "vector");
        require(!is_asked || misread.contains(clause.id.as_str()), "misreading");
    }
    assert_none("clauses lack something", &offences);
}

#[test]
fn every_reference_to_a_clause_is_valid() {
    let clauses = suite::clauses();
    let known: BTreeSet<&str> = clauses.iter().map(|clause| clause.id.as_str()).collect();
    let mut offences = vec![];
    for (id, place) in citations(&sources()) {
        if !known.contains(id.as_str()) {
            offences.push(format!("{place}: there is no clause {id}"));
        }
    }
    for vector in suite::vectors().unwrap() {
        for id in vector.clauses.iter().filter(|id| !known.contains(id.as_str())) {
            offences.push(format!("vector {}: there is no clause {id}", vector.id));
        }
    }
    assert_none("references are broken", &offences);
}

/// The systems that answers were recorded from, as evidence has them in parentheses.
const SYSTEMS: [&str; 4] = ["service: ", "emulator: ", "Windows: ", "Wine: "];

/// Checks that every `observed` is followed by the systems and sources, in the form
/// `observed (Windows: S-A, S-B; Wine: S-C)`.
fn check_observed(evidence: &str) -> Result<(), String> {
    for after in evidence.split("observed").skip(1) {
        let brackets = after.strip_prefix(" (").and_then(|rest| rest.split_once(')'));
        let Some((inside, _)) = brackets else {
            return Err(format!("no parentheses follow observed{after}"));
        };
        for part in inside.split("; ") {
            let sources = SYSTEMS.iter().find_map(|system| part.strip_prefix(system));
            if sources.is_none_or(|sources| !sources.starts_with("S-")) {
                return Err(format!("{part:?} does not name a system and a source"));
            }
        }
    }
    Ok(())
}

#[test]
fn observed_is_followed_by_systems_and_sources() {
    let good = "documented (S-A), observed (service: S-B, S-C; emulator: S-D, as SEM0034); derived (S-E), \
                observed (Wine: S-F) for blanks.";
    assert_eq!(check_observed(good), Ok(()));
    for bad in [
        "observed (S-A).",
        "observed.",
        "observed (Linux: S-A)",
        "observed (Wine: S-A; S-B)",
        "observed (Wine: )",
    ] {
        assert!(check_observed(bad).is_err(), "{bad}");
    }
}

#[test]
fn every_clause_has_a_unique_id_and_valid_evidence() {
    const WORDS: [&str; 6] = ["documented", "observed", "binder", "derived", "open", "ours"];
    let sources = fs::read_to_string(Path::new(ROOT).join("spec/sources.md")).unwrap();
    let mut seen = BTreeSet::new();
    let mut offences = vec![];
    for clause in suite::clauses() {
        let at = place(&clause);
        if !seen.insert(clause.id.clone()) {
            offences.push(format!("{at} is a duplicate"));
        }
        if !WORDS.iter().any(|word| clause.evidence.starts_with(word)) {
            offences.push(format!("{at}: evidence must begin with one of {WORDS:?}: {:?}", clause.evidence));
        }
        let describes_kusto = ["10-", "20-", "25-", "30-", "35-", "40-", "45-", "47-", "50-", "55-", "60-"]
            .iter()
            .any(|file| clause.file.starts_with(file));
        if describes_kusto && let Err(problem) = check_observed(&clause.evidence) {
            offences.push(format!("{at}: {problem}; the systems are {SYSTEMS:?}"));
        }
        let words = clause.evidence.split(|c: char| !c.is_ascii_alphanumeric() && c != '-');
        for word in words {
            let unknown_source = word.starts_with("S-") && !sources.contains(&format!("| {word} |"));
            let unknown_point =
                word.starts_with("OPEN-") && !Profile::POINTS.iter().any(|(id, _)| *id == word);
            if unknown_source || unknown_point {
                offences.push(format!("{at}: {word} is not listed"));
            }
        }
    }
    assert_none("clauses are invalid", &offences);
}

#[test]
fn chapter_90_has_every_open_point_and_its_alternatives() {
    let open = suite::open_points();
    let written: Vec<(&str, Vec<&str>)> = open
        .iter()
        .map(|point| (point.id.as_str(), point.alternatives.iter().map(|(name, _)| name.as_str()).collect()))
        .collect();
    let known: Vec<(&str, Vec<&str>)> =
        Profile::POINTS.iter().map(|(id, names)| (*id, names.to_vec())).collect();
    assert_eq!(written, known);
    let (_, chapter) = suite::CHAPTERS.iter().find(|(file, _)| file.starts_with("90-")).unwrap();
    for (id, names) in Profile::POINTS {
        assert_eq!(chapter.matches(&format!("**{id}**")).count(), 1, "{id}");
        assert!(chapter.contains(&format!("* `{}` (default)", names[0])), "{id}");
    }
    assert_eq!(chapter.matches(" (default)").count(), Profile::POINTS.len());
}

#[test]
fn chapter_90_has_every_settled_point_and_its_answer() {
    let settled = suite::settled_points();
    let written: Vec<(&str, &str)> =
        settled.iter().map(|point| (point.id.as_str(), point.holds.as_str())).collect();
    assert_eq!(written, Profile::SETTLED);
    let (_, chapter) = suite::CHAPTERS.iter().find(|(file, _)| file.starts_with("90-")).unwrap();
    assert_eq!(chapter.matches("\n| OPEN-").count(), Profile::SETTLED.len());
    for point in settled {
        assert!(!Profile::POINTS.iter().any(|(id, _)| *id == point.id), "{} is open and settled", point.id);
        let is_source = |word: &str| suite::source(word.trim_end_matches([',', ':'])).is_some();
        assert!(point.record.split(' ').any(is_source), "{} has no source", point.id);
    }
}

/// Formats the index of clauses, the end of `spec/README.md`.
fn index() -> String {
    let mut index = String::new();
    for clause in suite::clauses() {
        let kind = match clause.kind {
            Kind::Asked => "",
            Kind::NotAsked => "not asked",
            Kind::Informative => "informative",
        };
        let word = clause.evidence.split([' ', ',', ';']).next().unwrap_or_default().trim_end_matches('.');
        let text = clause.text.replace('|', "\\|");
        let row = format!("| [{}]({}) | {text} | {word} | {kind} |\n", clause.id, clause.file);
        index.push_str(&row);
    }
    index
}

#[test]
fn the_index_of_clauses_is_current() {
    const HEAD: &str = "| clause | what it says | evidence | |\n|---|---|---|---|\n";
    let path = Path::new(ROOT).join("spec/README.md");
    let readme = fs::read_to_string(&path).unwrap();
    let (before, written) = readme.split_once(HEAD).expect("spec/README.md has the head of the index");
    if std::env::var_os("RULESPEC_WRITE_INDEX").is_some() {
        fs::write(&path, format!("{before}{HEAD}{}", index())).unwrap();
        return;
    }
    assert!(
        written == index(),
        "the index in spec/README.md is stale; update it with\n\
         RULESPEC_WRITE_INDEX=1 cargo test --test integration index_of_clauses"
    );
}
