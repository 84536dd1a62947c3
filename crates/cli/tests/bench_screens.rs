//! The output of `rulespec bench`, without its times.

use super::screen::{Screen, rulespec};
use serde_json::{Value as Json, json};

const FAULTY: &str = "tests/engines/faulty.py";
const NAIVE: &str = "tests/engines/naive.py";

/// Runs `rulespec bench` with minimal effort.
fn bench(arguments: &[&str]) -> Screen {
    rulespec(["bench", "--time", "0.01", "--rounds", "6"].iter().chain(arguments))
}

fn json_of(screen: &Screen) -> Json {
    serde_json::from_str(&screen.out).unwrap()
}

fn assert_matches_schema(run: &Json) {
    let schema = serde_json::from_str(include_str!("../../../spec/schema/bench.schema.json")).unwrap();
    let errors: Vec<String> =
        jsonschema::validator_for(&schema).unwrap().iter_errors(run).map(|error| error.to_string()).collect();
    assert_eq!(errors, Vec::<String>::new());
}

/// The functions with figures.
fn figures(screen: &Screen) -> Vec<&str> {
    let lines = screen.out.lines().skip(1).take_while(|line| !line.is_empty());
    lines.filter_map(|line| line.split_whitespace().next()).collect()
}

#[test]
fn the_embedded_engine_answers_every_function_correctly() {
    let run = json_of(&bench(&["--format", "json"]));
    assert_matches_schema(&run);
    let figures = run["figures"].as_array().unwrap();
    let names: Vec<&str> = figures.iter().map(|figure| figure["fn"].as_str().unwrap()).collect();
    assert_eq!(names, rulespec::Function::ALL.map(rulespec::Function::name));
    for figure in figures {
        assert_eq!(figure["outcome"], "right", "{figure}");
        assert!(figure["questions"].as_u64().unwrap() >= 300, "{figure}");
    }
    assert_eq!((&run["reference"], &run["command"]), (&json!("inside"), &json!([])));
}

#[test]
fn only_the_selected_functions_are_measured() {
    let screen = bench(&["--fn", "has", "--fn", "=~"]);
    assert_eq!((screen.status, figures(&screen)), (0, vec!["=~", "has"]), "{screen}");
    assert!(screen.out.contains("\nrulespec fast VERSION: 6 rounds per function\n"), "{screen}");
    let csv = bench(&["--fn", "[]", "--format", "csv"]).out;
    let lines: Vec<&str> = csv.lines().collect();
    assert_eq!(lines[0].split(',').count(), lines[1].split(',').count());
    assert!(lines[1].starts_with("rulespec fast,VERSION,2") && lines[1].contains(",[],right,"), "{csv}");
    assert_eq!(lines.len(), 2);
}

#[test]
fn an_external_engine_is_compared_with_a_served_reference() {
    let run = bench(&[
        "--fn",
        "indexof",
        "--fn",
        "where",
        "--format",
        "json",
        "--",
        "python3",
        "engines/python/engine.py",
    ]);
    assert_eq!(run.status, 0, "{run}");
    let run = json_of(&run);
    assert_matches_schema(&run);
    assert_eq!((&run["reference"], &run["engine"]["engine"]), (&json!("served"), &json!("plain Python")));
    let times = &run["figures"][0]["times"];
    assert!(times["inside_ns"]["median"].as_f64() < times["reference_ns"]["median"].as_f64(), "{times}");
}

#[test]
fn the_shortest_wrong_answer_is_shown_and_missing_functions_are_no_failure() {
    let wrong = bench(&["--fn", "has", "--fn", "iff", "--", "python3", NAIVE]);
    assert_eq!(wrong.status, 1);
    for part in
        ["  wrong\n", "  unsupported\n", "\nWRONG has: ", "; the shortest is fail\n  call  {\"fn\":\"has\","]
    {
        assert!(wrong.out.contains(part), "{part}: {wrong}");
    }
    // Unless nothing else was measured.
    let missing = bench(&["--fn", "iff", "--", "python3", NAIVE]);
    assert_eq!(missing.status, 1, "{missing}");
}

#[test]
fn an_engine_that_crashes_has_no_times() {
    let run =
        json_of(&bench(&["--fn", "has", "--format", "json", "--", "python3", FAULTY, "always-crashes"]));
    assert_matches_schema(&run);
    let figure = &run["figures"][0];
    assert_eq!((&figure["outcome"], &figure["times"]), (&json!("wrong"), &Json::Null));
    assert_eq!(figure["wrong"]["verdict"], "crashed");
    let none = bench(&["--", "no-such-program"]);
    assert_eq!(none.status, 3, "{none}");
}

#[test]
fn a_function_slower_than_in_the_saved_run_fails() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("run.json").to_str().unwrap().to_owned();
    assert_eq!(bench(&["--fn", "has", "--save", &file]).status, 0);
    let saved: Json = serde_json::from_str(&std::fs::read_to_string(&file).unwrap()).unwrap();
    assert_matches_schema(&saved);
    for (by, status, remark) in [(1e-3, 1, "  slower\n"), (1e3, 0, "  faster\n")] {
        let mut other = saved.clone();
        for end in ["low", "median", "high"] {
            let value = &mut other["figures"][0]["times"]["ratio"][end];
            *value = json!(value.as_f64().unwrap() * by);
        }
        std::fs::write(&file, other.to_string()).unwrap();
        let screen = bench(&["--fn", "has", "--against", &file]);
        assert_eq!(screen.status, status, "{screen}");
        assert!(screen.out.contains(remark), "{screen}");
    }
    let run = json_of(&bench(&["--fn", "has", "--against", &file, "--format", "json"]));
    assert_matches_schema(&run);
    assert_eq!(run["changes"], json!({ "has": "faster" }));
    let other = bench(&["--fn", "iff", "--against", &file]);
    assert_eq!(other.status, 2);
    assert!(
        other.err.ends_with("it has none of these functions; measure the same ones by --fn\n"),
        "{other}"
    );
}

#[test]
fn every_format_says_that_the_other_run_is_of_another_engine_and_machine() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("run.json").to_str().unwrap().to_owned();
    let save = ["--fn", "has", "--save", &file];
    assert_eq!(bench(&save).status, 0);
    let against = ["--fn", "has", "--against", &file];
    let same = bench(&against);
    assert!(!same.out.contains("NOT THE SAME"), "{same}");
    let mut other: Json = serde_json::from_str(&std::fs::read_to_string(&file).unwrap()).unwrap();
    other["engine"]["engine"] = json!("=theirs");
    other["machine"]["cores"] = json!(100_000);
    // Not slower, whatever the noise.
    for end in ["low", "median", "high"] {
        other["figures"][0]["times"]["ratio"][end] = json!(1e6);
    }
    std::fs::write(&file, other.to_string()).unwrap();
    let text = bench(&against);
    assert_eq!(text.status, 0, "{text}");
    assert!(text.out.starts_with("NOT THE SAME in the two runs, "), "{text}");
    assert!(
        text.out.contains("\n  engine            =theirs → rulespec fast\n  cores             100000 → "),
        "{text}"
    );
    let json = json_of(&bench(&[&against[..], &["--format", "json"]].concat()));
    assert_matches_schema(&json);
    assert_eq!(
        json["differences"][0],
        json!({"what": "engine", "before": "=theirs", "now": "rulespec fast"})
    );
    assert_eq!(json["differences"][1]["what"], "cores");
    let csv = bench(&[&against[..], &["--format", "csv"]].concat()).out;
    let mut reader = csv::Reader::from_reader(csv.as_bytes());
    let column = reader.headers().unwrap().iter().position(|name| name == "differences").unwrap();
    assert_eq!(&reader.records().next().unwrap().unwrap()[column], "engine, cores");
}

/// The reference is served by this executable, under whatever name, and not by one in PATH.
#[test]
fn a_renamed_command_measures_external_engines() {
    let folder = tempfile::tempdir().unwrap();
    let renamed = folder.path().join(format!("kql-check{}", std::env::consts::EXE_SUFFIX));
    std::fs::copy(assert_cmd::cargo::cargo_bin("rulespec"), &renamed).unwrap();
    let mut command = std::process::Command::new(&renamed);
    command.args(["bench", "--time", "0.01", "--rounds", "6", "--fn", "has", "--"]);
    command.arg(renamed.as_os_str()).arg("serve");
    let output = command.env("PATH", folder.path()).output().unwrap();
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
    assert!(String::from_utf8_lossy(&output.stdout).contains("protocol"));
}

#[test]
fn wrong_usage_exits_with_2() {
    for arguments in [["--fn", "nothing"], ["--rounds", "5"], ["--time", "0"], ["--against", "README.md"]] {
        let screen = rulespec(["bench"].iter().chain(&arguments));
        assert_eq!((screen.status, screen.out.as_str()), (2, ""), "{screen}");
    }
}
