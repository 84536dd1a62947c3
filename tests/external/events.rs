//! The rule over recorded events and published command lines.

use std::fs;
use std::path::Path;

use rulespec::kql::{Dynamic, Profile, Table, Type, element, has, parse_command_line, tostring};
use rulespec_events::{Event, Fault, Item, Names, Source};
use rulespec_testing::evtx_oracle::is_about_times;
use rulespec_testing::reader::collect_items;
use rulespec_testing::rule::{bitsadmin_activity, selects};
use serde_json::{Value as Json, json};

/// Command lines from publications.
pub const LINES: &str = "events/cmdlines.jsonl";

/// The contents of a file.
#[derive(Debug, Default)]
struct Contents {
    sysmon: u64,
    security: u64,
    matches: Vec<Table>,
    faults: Vec<Fault>,
}

impl Contents {
    fn count(&mut self, source: Source) {
        match source {
            Source::Sysmon => self.sysmon += 1,
            Source::Security => self.security += 1,
            Source::Defender => {}
        }
    }

    fn detect(&mut self, event: &Event) {
        self.count(event.source);
        let detections = bitsadmin_activity(&event.table().unwrap(), &Profile::default()).unwrap();
        if !detections.rows().is_empty() {
            self.matches.push(detections);
        }
    }
}

fn read(file: &Path, keep: impl Fn(Names<'_>) -> bool + Send + Sync + 'static) -> Contents {
    let mut contents = Contents::default();
    for item in collect_items(None, keep, |options, sink| rulespec_events::read(file, options, sink)) {
        match item {
            Item::Event(event) => contents.detect(&event),
            Item::Filtered(filtered) => contents.count(filtered.source),
            Item::Skipped(_) => {}
            Item::Fault(fault) if is_about_times(&fault) => {}
            Item::Fault(fault) => contents.faults.push(fault),
        }
    }
    contents
}

fn selected(names: Names<'_>) -> bool {
    selects(names.file_name, names.original_file_name, names.command_line, &Profile::default())
}

/// With and without a filter, each file has the numbers of events and matches in the manifest.
pub fn every_file_has_the_matches_in_its_manifest(events: &Path) {
    let manifest = fs::read_to_string(events.join("MANIFEST.json")).unwrap();
    let manifest: Vec<Json> = serde_json::from_str(&manifest).unwrap();
    assert_eq!(manifest.len(), 9);
    for entry in manifest {
        let file = events.join(entry["file"].as_str().unwrap());
        let contents = read(&file, |_| true);
        let found =
            json!([contents.matches.len(), contents.sysmon, contents.security, contents.faults.len()]);
        let want = json!([entry["expected_rule_matches"], entry["sysmon1"], entry["sec4688"], 0]);
        assert_eq!(found, want, "{}: {:?}", file.display(), contents.faults);
        let early = read(&file, selected);
        assert_eq!(early.matches, contents.matches, "{}", file.display());
        assert_eq!([early.sysmon, early.security], [contents.sysmon, contents.security]);
    }
}

/// Returns a command line as a row with only the columns that the rule needs.
fn table(image: &str, command_line: &str) -> Table {
    let mut columns = vec![
        json!({"name": "TimeGenerated", "type": "datetime"}),
        json!({"name": "ProcessId", "type": "long"}),
        json!({"name": "FileName", "type": "string"}),
        json!({"name": "ProcessCommandLine", "type": "string"}),
    ];
    let empty = [
        "DeviceId",
        "DeviceName",
        "InitiatingProcessFolderPath",
        "InitiatingProcessAccountDomain",
        "InitiatingProcessAccountName",
        "InitiatingProcessSHA256",
    ];
    columns.extend(empty.map(|name| json!({"name": name, "type": "string"})));
    let row = json!([null, null, image, command_line, null, null, null, null, null, null]);
    Table::from_json(&json!({"columns": columns, "rows": [row]})).unwrap()
}

fn outputs(detections: &Table) -> Option<Json> {
    let row = detections.rows_by_name().next()?;
    let cell = |name| row.cell(name).unwrap().to_json();
    Some(["ParsedCommandLine", "RemoteUrl", "LocalFile", "Direction"].map(cell).into_iter().collect())
}

/// Computes the same values with the reference functions, whether or not the rule selects the
/// line.
fn computed(command_line: &str) -> Json {
    let profile = Profile::default();
    let parsed = parse_command_line(command_line, "windows", &profile).unwrap();
    let text = |index| Dynamic::from(tostring(&element(&parsed, index), Type::Dynamic)).to_json();
    let direction = if has(command_line, "/Upload", &profile) { "Upload" } else { "Download" };
    json!([parsed.to_json(), text(-2), text(-1), direction])
}

/// The rule and its functions have the recorded results for each published line.
pub fn published_lines_have_the_recorded_results(lines: &Path) {
    let lines = fs::read_to_string(lines).unwrap();
    let mut differences = vec![];
    for line in lines.lines() {
        let recorded: Json = serde_json::from_str(line).unwrap();
        let command_line = recorded["cmdline"].as_str().unwrap();
        let detections = bitsadmin_activity(
            &table(recorded["image"].as_str().unwrap(), command_line),
            &Profile::default(),
        );
        let found = outputs(&detections.unwrap());
        let columns = ["ParsedCommandLine", "RemoteUrl", "LocalFile", "Direction"];
        let want: Json = columns.map(|name| recorded[name].clone()).into_iter().collect();
        let matches = json!(found.is_some()) == recorded["rule_match"];
        if !matches || computed(command_line) != want || found.is_some_and(|found| found != want) {
            differences.push(format!("{command_line}\n  want {want}\n  got  {}", computed(command_line)));
        }
    }
    assert_eq!(lines.lines().count(), 75);
    assert_eq!(differences, Vec::<String>::new());
}
