//! The rule over recorded events and published command lines.

use std::fs;
use std::ops::ControlFlow;
use std::path::Path;
use std::sync::Arc;

use rulespec::kql::{Dynamic, Profile, Table, Type, element, has, parse_command_line, tostring};
use rulespec::rule::{bitsadmin_activity, selects};
use rulespec_events::{self, Event, Fault, Item, Names, Options, Source};
use serde_json::{Value as Json, json};

/// The folder of the recorded events.
pub const FILES: &str = "events";

/// Published command lines.
pub const LINES: &str = "events/cmdlines.jsonl";

/// What a file holds.
#[derive(Debug, Default)]
struct Held {
    sysmon: u64,
    security: u64,
    matches: Vec<Table>,
    faults: Vec<Fault>,
}

impl Held {
    fn count(&mut self, source: Source) {
        match source {
            Source::Sysmon => self.sysmon += 1,
            Source::Security => self.security += 1,
            Source::Defender => {}
        }
    }

    fn judge(&mut self, event: &Event) {
        self.count(event.source);
        let detections = bitsadmin_activity(&event.table().unwrap(), &Profile::default()).unwrap();
        if !detections.rows().is_empty() {
            self.matches.push(detections);
        }
    }
}

fn read(file: &Path, keep: impl Fn(Names<'_>) -> bool + Send + Sync + 'static) -> Held {
    let mut held = Held::default();
    let options = Options { format: None, keep: Arc::new(keep), progress: Arc::default(), jobs: 1 };
    let flow = rulespec_events::read(file, &options, &mut |item| {
        match item {
            Item::Event(event) => held.judge(&event),
            Item::Passed(source) => held.count(source),
            Item::Skipped(_) => {}
            Item::Fault(fault) => held.faults.push(fault),
        }
        ControlFlow::Continue(())
    });
    assert_eq!(flow, ControlFlow::Continue(()));
    held
}

fn selected(names: Names<'_>) -> bool {
    selects(names.file_name, names.original_file_name, names.command_line, &Profile::default())
}

/// The rule finds in each file as many events and matches as the manifest says, with and
/// without a filter.
pub fn every_file_has_the_matches_that_its_manifest_expects(events: &Path) {
    let manifest = fs::read_to_string(events.join("MANIFEST.json")).unwrap();
    let manifest: Vec<Json> = serde_json::from_str(&manifest).unwrap();
    assert_eq!(manifest.len(), 9);
    for entry in manifest {
        let file = events.join(entry["file"].as_str().unwrap());
        let held = read(&file, |_| true);
        let found = json!([held.matches.len(), held.sysmon, held.security, held.faults.len()]);
        let want = json!([entry["expected_rule_matches"], entry["sysmon1"], entry["sec4688"], 0]);
        assert_eq!(found, want, "{}: {:?}", file.display(), held.faults);
        let early = read(&file, selected);
        assert_eq!(early.matches, held.matches, "{}", file.display());
        assert_eq!([early.sysmon, early.security], [held.sysmon, held.security]);
    }
}

/// A published command line as a row with just the columns that the rule needs.
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

/// The same values straight from the reference functions, whether the rule
/// selects the line or not.
fn computed(command_line: &str) -> Json {
    let profile = Profile::default();
    let parsed = parse_command_line(command_line, "windows", &profile).unwrap();
    let text = |index| Dynamic::from(tostring(&element(&parsed, index), Type::Dynamic)).to_json();
    let direction = if has(command_line, "/Upload", &profile) { "Upload" } else { "Download" };
    json!([parsed.to_json(), text(-2), text(-1), direction])
}

/// The rule and its functions give each published line its recorded answers.
pub fn published_lines_have_their_recorded_answers(lines: &Path) {
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
