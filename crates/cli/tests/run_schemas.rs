//! The JSON of `rulespec run` has the form of its schemas.

use std::fs;

use serde_json::{Map, Value as Json, json};

use super::screen::rulespec;

/// A schema that also rejects members of our own that it does not document.
fn validator(name: &str) -> jsonschema::Validator {
    let path = rulespec_testing::files::path(&format!("spec/schema/{name}.schema.json"));
    let mut schema: Json = serde_json::from_str(&fs::read_to_string(path).unwrap()).unwrap();
    assert_eq!(schema["$id"], format!("urn:rulespec:schema:{name}:1"));
    let definitions = schema["$defs"].as_object_mut().unwrap();
    let rule = definitions["rule"]["properties"].as_object().unwrap().clone();
    for (name, definition) in definitions.iter_mut() {
        let is_open = ["detection", "rule", "time"].contains(&name.as_str());
        if !is_open {
            definition["additionalProperties"] = json!(false);
        }
        if definition.get("allOf").is_some() {
            let properties: &mut Map<String, Json> = definition["properties"].as_object_mut().unwrap();
            properties.extend(rule.keys().map(|name| (name.clone(), json!(true))));
        }
    }
    jsonschema::validator_for(&schema).unwrap()
}

/// Files whose values try to look like our own members, or to be of another type.
fn hostile() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let row = |more: Json| {
        let mut row = json!({"Timestamp": "2026-01-02T03:04:05Z", "FileName": "bitsadmin.exe",
            "ProcessCommandLine": "x /addfile \u{202e}\u{1b}[31m \"\"\" \u{0} \\", "ProcessId": 7});
        row.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        format!("{row}\n")
    };
    let lines = [
        row(json!({"_rulespec": {"match": "no", "rule_id": 7}, "Direction": 7, "ParsedCommandLine": {}})),
        row(
            json!({"DeviceName": ["a"], "ProcessId": "x", "HostName": null, "InitiatingProcessSHA256": {"a": 1}}),
        ),
        row(json!({"DeviceName": 7.5, "DeviceId": true, "FileName": "x.exe", "\u{202e}": "\u{feff}"})),
        row(
            json!({"Timestamp": "", "ProcessCommandLine": "/addfile", "ProcessVersionInfoOriginalFileName": 7}),
        ),
        row(json!({"Timestamp": null, "ProcessCommandLine": "", "ProcessId": null})),
    ];
    fs::write(folder.path().join("hostile\u{202e}.jsonl"), lines.concat()).unwrap();
    folder
}

/// Every output of `run` for these options, as JSON.
fn outputs(options: &[&str], inputs: &[&str]) -> Vec<Json> {
    let of = |format| {
        let screen = rulespec([&["run", "--quiet", "--format", format], options, inputs].concat());
        assert_eq!(screen.status, 0, "{screen}");
        screen.out
    };
    let array: Json = serde_json::from_str(&of("json")).unwrap();
    let lines = of("jsonl");
    let mut outputs: Vec<Json> = lines.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(array.as_array(), Some(&outputs));
    outputs.push(array);
    outputs
}

#[test]
fn outputs_match_their_schemas_with_all_options() {
    let folder = hostile();
    let inputs = ["examples/events", folder.path().to_str().unwrap()];
    let detection = validator("detection");
    let options = ["--all", "--entities", "--explain"];
    for chosen in 0..8 {
        let options: Vec<&str> =
            options.iter().enumerate().filter(|(at, _)| chosen >> at & 1 == 1).map(|(_, o)| *o).collect();
        let outputs = outputs(&options, &inputs);
        assert!(outputs.len() > 10, "{options:?}");
        for output in outputs {
            let errors =
                detection.iter_errors(&output).map(|error| format!("{}: {error}", error.instance_path()));
            assert_eq!(errors.collect::<Vec<_>>(), Vec::<String>::new(), "{options:?} {output}");
        }
    }
    let alert = validator("alert");
    let alerts = outputs(&["--alerts"], &inputs);
    assert!(alerts.len() > 3 && alerts.iter().all(|output| alert.is_valid(output)), "{alerts:?}");
    assert!(!alerts.iter().any(|output| output.is_object() && detection.is_valid(output)));
}

#[test]
fn the_schemas_reject_other_values() {
    for (schema, options, path, value) in [
        ("detection", &["--all", "--explain", "--entities"][..], "/_rulespec/rule_id", json!(7)),
        ("detection", &[], "/_rulespec/techniques/0", json!("BITS Jobs")),
        ("detection", &[], "/_rulespec/source", json!("Sysmon")),
        ("detection", &[], "/_rulespec/place/line", json!("7")),
        ("detection", &[], "/TimeGenerated", json!("2026-01-02 03:04:05")),
        ("detection", &[], "/Direction", json!("upload")),
        ("detection", &["--entities"], "/_rulespec/entities/0/strength", json!("strong")),
        ("detection", &["--explain"], "/_rulespec/explanation/predicates/0/holds", json!("true")),
        ("alert", &["--alerts"], "/results", json!(0)),
        ("alert", &["--alerts"], "/window_end", json!(null)),
        ("alert", &["--alerts"], "/entities/0/kind", json!("File")),
    ] {
        let validator = validator(schema);
        let mut output = outputs(options, &["examples/events/defender.jsonl"]).swap_remove(0);
        assert!(validator.is_valid(&output), "{output}");
        *output.pointer_mut(path).unwrap_or_else(|| panic!("{path}")) = value;
        assert!(!validator.is_valid(&output), "{path}");
    }
}

#[test]
fn every_format_of_alerts_has_the_same_names() {
    let of =
        |format| rulespec(["run", "-q", "--alerts", "--format", format, "examples/events/sysmon.xml"]).out;
    let json: Json = serde_json::from_str(of("jsonl").lines().next().unwrap()).unwrap();
    let names: Vec<&str> = json.as_object().unwrap().keys().map(String::as_str).collect();
    assert_eq!(of("csv").lines().next().unwrap().split(',').collect::<Vec<_>>(), names);
    let table = of("table").to_lowercase();
    let markdown = of("markdown");
    for name in ["window_start", "runs_at", "results", "entities"] {
        let words = name.replace('_', " ");
        assert!(names.contains(&name) && table.contains(&words), "{table}");
        assert!(markdown.contains(&words.replace("entities", "entity")), "{markdown}");
    }
}
