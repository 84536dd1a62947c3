//! Damaged event logs, with python-evtx as the judge of what a record depends on.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::{env, fs};

use rulespec_testing::external::data_path;
use rulespec_testing::files::ROOT;
use rulespec_testing::log_damage::{KnownLog, KnownRecord, Tally, written_logs};
use serde::Deserialize;

/// A command that python-evtx installs.
pub const PYTHON_EVTX: &str = "evtx_info";

/// How many damaged logs are read.
const LOGS: u64 = 3000;
/// Larger logs take longer, so they are damaged less often.
const LARGE: usize = 1 << 20;

#[derive(Deserialize)]
struct Record {
    id: u64,
    ranges: Vec<(usize, usize)>,
}

/// The Python that python-evtx is installed in.
fn python() -> PathBuf {
    let folders = env::var_os("PATH").unwrap_or_default();
    let folder = env::split_paths(&folders).find(|folder| folder.join(PYTHON_EVTX).is_file()).unwrap();
    let beside = folder.join("python3");
    if beside.is_file() { beside } else { "python3".into() }
}

/// What each record of a log depends on, according to python-evtx.
fn records(file: &Path) -> Vec<KnownRecord> {
    let script = Path::new(ROOT).join("tests/external/evtx_records.py");
    let output = Command::new(python()).arg(script).arg(file).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let record = |line: &str| {
        let Record { id, ranges } = serde_json::from_str(line).unwrap();
        let mut ranges = ranges.into_iter().map(|(start, end)| start..end);
        KnownRecord { id, bytes: ranges.next().unwrap(), needed: ranges.collect() }
    };
    String::from_utf8(output.stdout).unwrap().lines().map(record).collect()
}

/// Our logs, and the recorded ones if they are there.
fn logs() -> Vec<KnownLog> {
    let [elements, templates] = written_logs();
    // python-evtx cannot read records without a template, which Windows does not write.
    let mut logs = vec![elements];
    let file = Path::new(env!("CARGO_TARGET_TMPDIR")).join("templates.evtx");
    fs::write(&file, &templates.bytes).unwrap();
    logs.push(KnownLog::new(templates.bytes, records(&file)));
    let Ok(folder) = fs::read_dir(data_path("events")) else { return logs };
    let mut files: Vec<PathBuf> = folder.map(|entry| entry.unwrap().path()).collect();
    files.retain(|file| file.extension().is_some_and(|extension| extension == "evtx"));
    files.sort();
    logs.extend(files.iter().map(|file| KnownLog::new(fs::read(file).unwrap(), records(file))));
    logs
}

/// Damage costs no record that it does not touch, or the loss of the record is reported.
pub fn tel_85_damage_costs_no_record_that_it_does_not_touch() {
    let mut tally = Tally::default();
    let logs = logs();
    let small: Vec<&KnownLog> = logs.iter().filter(|log| log.bytes.len() < LARGE).collect();
    for seed in 0..LOGS {
        let every_tenth = &logs[(seed / 10) as usize % logs.len()];
        let log = if seed % 10 == 0 { every_tenth } else { small[seed as usize % small.len()] };
        tally.add(log, seed);
    }
    let Tally { damaged_logs, untouched, lost, silent, .. } = &tally;
    println!(
        "{damaged_logs} damaged logs: {untouched} records untouched, {lost} lost, {} in silence",
        silent.len()
    );
    tally.assert_almost_complete();
}
