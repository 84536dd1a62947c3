//! Replaying the recorded answers of Microsoft's Kusto emulator.
//!
//! A query is parsed, run with the reference functions, and compared cell by cell with the
//! recorded rows. A cell that depends on an unsupported function is skipped. A query with an
//! unsupported operator is skipped as a whole, and counted by the name of the operator.
//!
//! A *row answer* is a call for one row whose result is visible in the recorded rows: in a
//! cell, or in whether the row exists.

mod compare;
mod evaluate;
mod format;
mod frame;
mod query;
mod tokens;
mod tree;
mod unspecified;
mod value;

use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use rulespec::kql::Semantics;
use rulespec_check::misreading;

use super::disagreements::assert_listed;
use compare::{Comparison, Record};
use evaluate::{Call, FUNCTIONS, STRING_OPERATORS};
use frame::REFUSED;
use query::query;
use tree::Query;

/// The file of the recordings.
pub const DATA: &str = "kusto/emulator.jsonl";

/// The number of records that are replayed, and the number that are skipped.
const REPLAYED: [usize; 2] = [164, 930];

/// The kind of a call.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Kind {
    StringOperator,
    Function,
    TableOperator,
    Unspecified,
}

impl Kind {
    fn of(call: &Call) -> Self {
        match call.name.as_str() {
            _ if !call.is_specified => Self::Unspecified,
            name if STRING_OPERATORS.contains(&name) => Self::StringOperator,
            name if FUNCTIONS.contains(&name) => Self::Function,
            _ => Self::TableOperator,
        }
    }
}

/// The result of replaying all records.
#[derive(Debug, Default)]
struct Tally {
    replayed: usize,
    /// The number of skipped records, by what is not supported.
    skipped: BTreeMap<String, usize>,
    /// The numbers of row answers that agree and disagree, by kind and name.
    answers: BTreeMap<(Kind, String), [usize; 2]>,
    /// The queries whose results differ, and the differences.
    differences: Vec<(String, String)>,
}

impl Tally {
    /// Replays all records.
    fn new(records: &[Recorded], semantics: &Semantics) -> Self {
        let mut tally = Self::default();
        for recorded in records {
            match replay(recorded, semantics) {
                Ok(comparison) => tally.add(recorded, comparison),
                Err(unsupported) => *tally.skipped.entry(unsupported).or_default() += 1,
            }
        }
        tally
    }

    fn add(&mut self, recorded: &Recorded, comparison: Comparison) {
        self.replayed += 1;
        for (calls, index) in [(&comparison.agreed, 0), (&comparison.disagreed, 1)] {
            for call in calls {
                self.answers.entry((Kind::of(call), call.name.clone())).or_default()[index] += 1;
            }
        }
        if !comparison.differences.is_empty() {
            self.differences.push((recorded.0.query.clone(), comparison.differences.join("\n  ")));
        }
    }

    /// Returns the names of a kind of calls, with the numbers of row answers that agree and
    /// disagree.
    fn answers(&self, kind: Kind) -> impl Iterator<Item = (&str, [usize; 2])> {
        let answers = self.answers.iter().filter(move |((of_kind, _), _)| *of_kind == kind);
        answers.map(|((_, name), counts)| (name.as_str(), *counts))
    }

    /// Returns how many row answers of a kind agree and disagree.
    fn total(&self, kind: Kind) -> [usize; 2] {
        self.answers(kind).fold([0, 0], |sum, (_, [agree, differ])| [sum[0] + agree, sum[1] + differ])
    }

    /// Prints the counts.
    fn print(&self) {
        println!(
            "{DATA}: {} records replayed, {} skipped",
            self.replayed,
            self.skipped.values().sum::<usize>()
        );
        for kind in [Kind::StringOperator, Kind::Function, Kind::TableOperator, Kind::Unspecified] {
            let [agree, differ] = self.total(kind);
            let names =
                self.answers(kind).map(|(name, [agree, differ])| format!("{name} {}", agree + differ));
            let names: Vec<String> = names.collect();
            println!("{kind:?}: {agree} row answers agree, {differ} differ: {}", names.join(", "));
        }
        let mut reasons: Vec<(&String, &usize)> = self.skipped.iter().collect();
        reasons.sort_by_key(|(_, records)| Reverse(**records));
        let reasons: Vec<String> =
            reasons.iter().map(|(name, records)| format!("{name} {records}")).collect();
        println!("skipped because of: {}", reasons.join(", "));
    }
}

/// A record, and its parsed query or what of it is not supported.
type Recorded = (Record, Result<Query, String>);

/// Reads the records of a file.
fn read(path: &Path) -> Vec<Recorded> {
    let text = fs::read_to_string(path).unwrap();
    let records = text.lines().map(|line| serde_json::from_str::<Record>(line).unwrap());
    let parsed = records.map(|record| {
        let query = query(&record.query);
        (record, query)
    });
    parsed.collect()
}

/// Replays a record, or returns what of it is not supported.
fn replay((record, query): &Recorded, semantics: &Semantics) -> Result<Comparison, String> {
    let frame = frame::run(query.as_ref()?, semantics)?;
    if let Some(refused) = frame.unsupported.iter().find(|reason| reason.starts_with(REFUSED)) {
        return Err(refused.clone());
    }
    let comparison = Comparison::new(record, &frame);
    if comparison.has_specified_call() {
        Ok(comparison)
    } else {
        Err(frame.unsupported.first().cloned().unwrap_or("no call that a clause specifies".to_owned()))
    }
}

/// Every record that needs only chapters 20 to 50 and simple other functions has the recorded
/// result.
pub fn supported_records_have_the_recorded_results(path: &Path) {
    let tally = Tally::new(&read(path), &Semantics::default());
    tally.print();
    assert_listed(DATA, &tally.differences);
    assert!(!tally.skipped.keys().any(|reason| reason.starts_with(REFUSED)));
    assert_eq!([tally.replayed, tally.skipped.values().sum()], REPLAYED);
    assert!(tally.total(Kind::StringOperator)[0] >= 150);
    assert!(tally.total(Kind::Function)[0] >= 60);
}

/// The replay detects wrong functions: most misreadings of chapters 20 to 50 differ from some
/// record.
pub fn most_misreadings_differ_from_a_record(path: &Path) {
    let records = read(path);
    let reference = Tally::new(&records, &Semantics::default()).replayed;
    let is_replayed = |clause: &str| ["TXT", "TRM", "DYN", "TAB"].contains(&&clause[..3]);
    let (mut detected, mut missed) = (0, vec![]);
    for misreading in misreading::all().iter().filter(|misreading| is_replayed(misreading.breaks)) {
        let tally = Tally::new(&records, &misreading.engine().semantics);
        if tally.differences.is_empty() && tally.replayed == reference {
            missed.push(format!("{} {}", misreading.breaks, misreading.name));
        } else {
            detected += 1;
        }
    }
    println!("{DATA}: {detected} misreadings differ, {} do not: {}", missed.len(), missed.join(", "));
    assert!(detected >= 80);
}
