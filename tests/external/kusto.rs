//! Replaying the recorded answers of Microsoft's Kusto emulator.
//!
//! Every query is parsed, bound and run, and its columns and rows are compared with the recorded
//! ones. A query with something that the specification does not cover is counted by what that is.

mod record;

use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use rulespec::kql::{Error, ErrorKind, Semantics, Table};
use rulespec::query::{Context, Query, Schemas};
use rulespec_check::misreading;

use super::disagreements::assert_listed;
use record::Record;

/// The file of the recordings.
pub const DATA: &str = "kusto/emulator.jsonl";

/// The numbers of records that are parsed, of those that are run, and of those that agree.
const REPLAYED: [usize; 3] = [538, 534, 528];

/// The result of replaying all records.
#[derive(Debug, Default)]
struct Tally {
    /// The numbers of records that are parsed, run and agree, and of all, by family.
    families: BTreeMap<String, [usize; 4]>,
    /// The number of records that are not run, by the reason.
    refused: BTreeMap<String, usize>,
    /// The queries whose results differ, and the differences.
    differences: Vec<(String, String)>,
}

impl Tally {
    fn new(records: &[Record], kql: &Semantics) -> Self {
        let mut tally = Self::default();
        for record in records {
            let counts = tally.families.entry(record.family.clone()).or_default();
            counts[3] += 1;
            let query = match record.query.parse::<Query>() {
                Ok(query) => query,
                Err(refused) => {
                    *tally.refused.entry(reason(&refused.all()[0].message)).or_default() += 1;
                    if refused.all().iter().all(|one| one.kind == ErrorKind::Syntax) {
                        tally.differences.push((record.query.clone(), refused.to_string()));
                    }
                    continue;
                }
            };
            counts[0] += 1;
            match run(&query, kql) {
                Ok(table) => {
                    counts[1] += 1;
                    let differences = record.differences(&table);
                    counts[2] += usize::from(differences.is_empty());
                    if !differences.is_empty() {
                        tally.differences.push((record.query.clone(), differences.join("\n  ")));
                    }
                }
                Err(error) => {
                    *tally.refused.entry(reason(&error.to_string())).or_default() += 1;
                    if !matches!(error.kind(), ErrorKind::Unsupported | ErrorKind::UnknownFunction) {
                        tally.differences.push((record.query.clone(), error.to_string()));
                    }
                }
            }
        }
        tally
    }

    /// The numbers of records that are parsed, run and agree.
    fn totals(&self) -> [usize; 3] {
        [0, 1, 2].map(|index| self.families.values().map(|counts| counts[index]).sum())
    }

    fn print(&self) {
        println!(
            "{DATA}: parsed, run, agree, of: {:?} of {}",
            self.totals(),
            self.families.values().map(|c| c[3]).sum::<usize>()
        );
        for (family, [parsed, run, agree, all]) in &self.families {
            println!("  {family}: {parsed}, {run}, {agree}, of {all}");
        }
        let mut refused: Vec<(&String, &usize)> = self.refused.iter().collect();
        refused.sort_by_key(|(_, records)| Reverse(**records));
        for (reason, records) in refused {
            println!("  {records} refused: {reason}");
        }
    }
}

/// A reason without places in the text.
fn reason(message: &str) -> String {
    let line = message.lines().next().unwrap_or_default();
    line.trim_start_matches(|c: char| !c.is_alphabetic()).to_owned()
}

fn run(query: &Query, kql: &Semantics) -> Result<Table, Error> {
    let now = "2026-06-05T12:00:00Z".parse().map_err(|_| Error::new(ErrorKind::WrongType, "now"))?;
    let context = Context { kql, now };
    query.bind(&Schemas::new(), context)?.run(&Table::default(), context)
}

/// Reads the records of a file.
fn read(path: &Path) -> Vec<Record> {
    let text = fs::read_to_string(path).unwrap();
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

/// Every record that needs only what the specification covers has the recorded result.
pub fn supported_records_have_the_recorded_results(path: &Path) {
    let tally = Tally::new(&read(path), &Semantics::default());
    tally.print();
    assert_listed(DATA, &tally.differences);
    assert_eq!(tally.totals(), REPLAYED);
}

/// The replay detects wrong functions: most misreadings of chapters 20 to 50 differ from some
/// record.
pub fn most_misreadings_differ_from_a_record(path: &Path) {
    let records = read(path);
    let reference = Tally::new(&records, &Semantics::default()).totals();
    let is_replayed = |clause: &str| ["TXT", "TRM", "DYN", "TAB"].contains(&&clause[..3]);
    let (mut detected, mut missed) = (0, vec![]);
    for misreading in misreading::all().iter().filter(|misreading| is_replayed(misreading.breaks)) {
        match Tally::new(&records, &misreading.engine().semantics).totals() == reference {
            true => missed.push(format!("{} {}", misreading.breaks, misreading.name)),
            false => detected += 1,
        }
    }
    println!("{DATA}: {detected} misreadings differ, {} do not: {}", missed.len(), missed.join(", "));
    assert!(detected >= 80);
}
