//! What Microsoft's emulator of Kusto was recorded to answer, replayed row by row.
//!
//! A query is read, run by the reference functions, and compared cell by cell with the
//! recorded rows. A cell that rests on a function of no chapter is passed over, and so is
//! a query with such an operator; each is counted by the name of what is not covered.
//!
//! A *row answer* is one call for one row whose answer shows in the recorded rows: in a
//! cell, or in whether the row is there.

use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use rulespec::kql::Semantics;
use rulespec_check::misreading;

use super::compare::{Comparison, Record};
use super::disagreements::assert_listed;
use super::evaluate::{Call, FUNCTIONS, STRING_OPERATORS};
use super::frame::{self, REFUSED};
use super::query::query;
use super::tree::Query;

/// The file of the recordings.
pub const DATA: &str = "kusto/emulator.jsonl";

/// How many records are replayed, and how many passed over.
const REPLAYED: [usize; 2] = [164, 930];

/// What a call is counted as.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Kind {
    StringOperator,
    Function,
    TableOperator,
    Glue,
}

impl Kind {
    fn of(call: &Call) -> Self {
        match call.name.as_str() {
            _ if call.is_glue => Self::Glue,
            name if STRING_OPERATORS.contains(&name) => Self::StringOperator,
            name if FUNCTIONS.contains(&name) => Self::Function,
            _ => Self::TableOperator,
        }
    }
}

/// What became of all records.
#[derive(Debug, Default)]
struct Tally {
    replayed: usize,
    /// How many records are passed over, by what is not covered.
    passed_over: BTreeMap<String, usize>,
    /// How many row answers agree and disagree, by name.
    answers: BTreeMap<(Kind, String), [usize; 2]>,
    /// The queries with some disagreement, and what differs.
    differences: Vec<(String, String)>,
}

impl Tally {
    /// Replays all records by a set of functions.
    fn new(records: &[Recorded], by: &Semantics) -> Self {
        let mut tally = Self::default();
        for recorded in records {
            tally.add(recorded, by);
        }
        tally
    }

    /// Replays a record by a set of functions.
    fn add(&mut self, recorded: &Recorded, by: &Semantics) {
        let comparison = match replay(recorded, by) {
            Ok(comparison) => comparison,
            Err(not_covered) => return *self.passed_over.entry(not_covered).or_default() += 1,
        };
        self.replayed += 1;
        for (calls, place) in [(&comparison.agreed, 0), (&comparison.disagreed, 1)] {
            for call in calls {
                self.answers.entry((Kind::of(call), call.name.clone())).or_default()[place] += 1;
            }
        }
        if !comparison.differences.is_empty() {
            self.differences.push((recorded.0.query.clone(), comparison.differences.join("\n  ")));
        }
    }

    /// How many row answers of a kind agree and disagree.
    fn of(&self, kind: Kind) -> [usize; 2] {
        let answers = self.answers.iter().filter(|((its, _), _)| *its == kind);
        answers.fold([0, 0], |sum, (_, [agree, differ])| [sum[0] + agree, sum[1] + differ])
    }

    /// Prints the counts.
    fn print(&self) {
        let passed_over: usize = self.passed_over.values().sum();
        println!("{DATA}: {} records replayed, {passed_over} passed over", self.replayed);
        for kind in [Kind::StringOperator, Kind::Function, Kind::TableOperator, Kind::Glue] {
            let [agree, differ] = self.of(kind);
            let of_kind = self.answers.iter().filter(|((its, _), _)| *its == kind);
            let names = of_kind.map(|((_, name), [agree, differ])| format!("{name} {}", agree + differ));
            let names: Vec<String> = names.collect();
            println!("{kind:?}: {agree} row answers agree, {differ} differ: {}", names.join(", "));
        }
        let mut reasons: Vec<(&String, &usize)> = self.passed_over.iter().collect();
        reasons.sort_by_key(|(_, records)| Reverse(**records));
        let reasons = reasons.iter().map(|(name, records)| format!("{name} {records}"));
        println!("passed over for: {}", reasons.collect::<Vec<_>>().join(", "));
    }
}

/// A record, and its query or what of it is not covered.
type Recorded = (Record, Result<Query, String>);

/// The records of a file.
fn read(path: &Path) -> Vec<Recorded> {
    let text = fs::read_to_string(path).unwrap();
    let records = text.lines().map(|line| serde_json::from_str::<Record>(line).unwrap());
    records.map(|record| (query(&record.query), record)).map(|(query, record)| (record, query)).collect()
}

/// Compares a record, or says what of it is not covered.
fn replay((record, query): &Recorded, by: &Semantics) -> Result<Comparison, String> {
    let frame = frame::run(query.as_ref()?, by)?;
    if let Some(refused) = frame.unknown.iter().find(|reason| reason.starts_with(REFUSED)) {
        return Err(refused.clone());
    }
    let comparison = Comparison::new(record, &frame);
    let not_covered = || frame.unknown.iter().next().cloned().unwrap_or("no answer of a clause".to_owned());
    if comparison.is_of_a_clause() { Ok(comparison) } else { Err(not_covered()) }
}

/// Every record that needs only what chapters 20 to 50 describe is answered as recorded.
pub fn every_covered_record_is_answered_as_recorded(path: &Path) {
    let tally = Tally::new(&read(path), &Semantics::default());
    tally.print();
    assert_listed(DATA, &tally.differences);
    assert!(!tally.passed_over.keys().any(|reason| reason.starts_with(REFUSED)));
    assert_eq!([tally.replayed, tally.passed_over.values().sum()], REPLAYED);
    assert!(tally.of(Kind::StringOperator)[0] >= 150);
    assert!(tally.of(Kind::Function)[0] >= 60);
}

/// The replay notices a wrong function: most misreadings of chapters 20 to 50 differ from
/// some record.
pub fn misreadings_differ(path: &Path) {
    let records = read(path);
    let reference = Tally::new(&records, &Semantics::default()).replayed;
    let is_of_a_chapter =
        |clause: &str| ["TXT", "TRM", "DYN", "TAB"].iter().any(|its| clause.starts_with(its));
    let (mut noticed, mut unnoticed) = (0, vec![]);
    for misreading in misreading::all().iter().filter(|misreading| is_of_a_chapter(misreading.breaks)) {
        let tally = Tally::new(&records, &misreading.engine().semantics);
        if tally.differences.is_empty() && tally.replayed == reference {
            unnoticed.push(format!("{} {}", misreading.breaks, misreading.name));
        } else {
            noticed += 1;
        }
    }
    println!("{DATA}: {noticed} misreadings differ, {} do not: {}", unnoticed.len(), unnoticed.join(", "));
    assert!(noticed >= 80);
}
