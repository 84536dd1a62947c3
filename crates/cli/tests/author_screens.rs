//! The output of `show`, `list`, `lint`, `copy`, `man`, `export`, `import` and `check --answers`.

use std::fs;
use std::path::Path;

use super::screen::{HOSTILE, SUITE, rulespec, stable};
use serde_json::{Value as Json, json};

fn file(folder: &Path, name: &str, text: &str) -> String {
    let path = folder.join(name);
    fs::write(&path, text).unwrap();
    path.to_str().unwrap().to_owned()
}

#[test]
fn a_clause_is_shown_with_its_evidence_misreadings_and_vectors() {
    insta::assert_snapshot!(rulespec(["show", "cmd-07"]));
}

#[test]
fn a_clause_that_is_not_asked_is_shown_as_such() {
    insta::assert_snapshot!(rulespec(["show", "TEL-01"]));
}

#[test]
fn a_vector_is_shown_with_its_clauses() {
    insta::assert_snapshot!(rulespec(["show", "trm-0100"]));
}

#[test]
fn a_vector_of_an_open_point_is_shown_with_each_answer() {
    insta::assert_snapshot!(rulespec(["show", "CMD-0222"]));
}

#[test]
fn open_and_settled_points_are_shown() {
    let points = ["OPEN-NUL", "open-dynamic-typed-strings", "OPEN-INDEXOF-EMPTY", "OPEN-PROGRAM-NAME-END"];
    insta::assert_snapshot!(points.map(|point| rulespec(["show", point]).to_string()).join("\n"));
}

#[test]
fn a_point_is_shown_as_json() {
    let points = ["OPEN-CASE-FOLDING", "OPEN-PARSER-CASE", "OPEN-IFF-NULL"];
    insta::assert_snapshot!(points.map(|point| rulespec(["show", "--format", "json", point]).out).concat());
}

#[test]
fn json_of_a_clause_is_complete_and_json_of_a_vector_is_the_vector() {
    let clause: Json = serde_json::from_str(&rulespec(["show", "DYN-01", "--format", "json"]).out).unwrap();
    let members: Vec<&String> = clause.as_object().unwrap().keys().collect();
    assert_eq!(members, ["id", "text", "kind", "place", "evidence", "sources", "misreadings", "vectors"]);
    let vector: Json = serde_json::from_str(&rulespec(["show", "trm-0100", "--format", "json"]).out).unwrap();
    let vectors = rulespec::suite::vectors().unwrap();
    assert_eq!(vector, json!(vectors.iter().find(|vector| vector.id == "trm-0100").unwrap()));
}

#[test]
fn a_vector_of_another_suite_is_shown() {
    insta::assert_snapshot!(rulespec(["show", "--suite", SUITE, "t-0001"]));
}

#[test]
fn lists_have_one_line_per_item() {
    let lists: [&[&str]; 6] = [
        &["list", "clauses", "--chapter", "DYN", "--evidence", "documented"],
        &["list", "vectors", "--clause", "CMD-07"],
        &["list", "functions"],
        &["list", "open-points"],
        &["list", "misreadings", "--clause", "TRM-05"],
        &["list", "vectors", "--only", "cmd-0222,cmd-0001", "--format", "jsonl"],
    ];
    insta::assert_snapshot!(lists.map(|list| rulespec(list).to_string()).join("\n"));
}

#[test]
fn json_lists_have_the_same_items_as_json_lines() {
    let array: Vec<Json> =
        serde_json::from_str(&rulespec(["list", "functions", "--format", "json"]).out).unwrap();
    let lines = rulespec(["list", "--format", "jsonl", "functions"]).out;
    let lines: Vec<Json> = lines.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(array, lines);
    assert_eq!(array[0]["fn"], "=~");
}

#[test]
fn wrong_usage_exits_with_2() {
    let folder = tempfile::tempdir().unwrap();
    file(folder.path(), "mine.txt", "");
    let cases: [&[&str]; 7] = [
        &["show", "CMD-99"],
        &["list", "clauses", "--chapter", "XYZ"],
        &["list", "misreadings", "--clause", "TEL-01"],
        &["list", "vectors", "--fn", "no_such"],
        &["export", "jsonl", "--chapter", "XYZ"],
        &["copy", folder.path().to_str().unwrap()],
        &["check", "--answers", "no/such/file"],
    ];
    let screens = cases.map(rulespec);
    assert!(screens.iter().all(|screen| screen.status == 2 && screen.out.is_empty()));
    let errors = screens.map(|screen| screen.err.replace(folder.path().to_str().unwrap(), "FOLDER"));
    insta::assert_snapshot!(errors.concat());
}

#[test]
fn recorded_answers_that_cannot_be_used_are_named_and_the_others_judged() {
    let folder = tempfile::tempdir().unwrap();
    let lines = [
        r#"{"id":"trm-0001","ok":true}"#,
        r#"{"id":"cmd-9999","ok":1}"#,
        r#"{"id":"trm-0002"}"#,
        r#"{"id":"trm-0001","ok":null}"#,
        "{",
        r#"["trm-0003",1]"#,
    ];
    let answers = file(folder.path(), "a.jsonl", &lines.join("\n"));
    let screen = rulespec(["check", "--answers", &answers, "--only", "trm-0001"]);
    insta::assert_snapshot!(screen.to_string().replace(folder.path().to_str().unwrap(), "FOLDER"));
    let many = file(folder.path(), "b.jsonl", &"{\n".repeat(50));
    let screen = rulespec(["check", "--answers", &many, "--only", "trm-0001"]);
    assert_eq!((screen.status, screen.err.lines().count()), (2, 11), "{screen}");
}

#[test]
fn numbers_that_look_equal_are_told_apart_by_their_types() {
    let folder = tempfile::tempdir().unwrap();
    for (id, answer, line) in [
        ("txt-0100", "6.0", "the type differs: a real, not a whole number\n"),
        ("dyn-0102", "[\"a\",1.0]", "[1]: want 1, got 1.0; the type differs: a real, not a whole number\n"),
        (
            "str-0013",
            "{\"columns\":[{\"name\":\"x\",\"type\":\"long\"}],\"rows\":[[2.0]]}",
            "x: want 2, got 2.0; the type differs: a real, not a whole number\n",
        ),
    ] {
        let answers = file(folder.path(), "a.jsonl", &format!("{{\"id\":\"{id}\",\"ok\":{answer}}}"));
        let screen = rulespec(["check", "--answers", &answers, "--only", id]);
        assert!(screen.out.contains(line), "{screen}");
    }
}

#[test]
fn lint_accepts_the_suite_and_reports_problems() {
    insta::assert_snapshot!(format!("{}\n{}", rulespec(["lint"]), rulespec(["lint", SUITE])));
    assert_eq!(rulespec(["lint", "no/such/folder"]).status, 4);
}

#[test]
fn a_vector_of_a_settled_point_is_rejected_with_the_settled_alternative() {
    let folder = tempfile::tempdir().unwrap();
    let vector = json!([{"id": "own-0001", "title": "t", "clauses": ["TXT-09"], "fn": "indexof", "args": ["a", ""],
        "open": "OPEN-INDEXOF-EMPTY", "wants": {"not-found": -1, "zero": 0}}]);
    file(folder.path(), "own.json", &format!("{vector:#}\n"));
    let name = folder.path().to_str().unwrap();
    let screens = [rulespec(["lint", name]), rulespec(["check", "--suite", name])];
    assert!(screens.iter().all(|screen| screen.status == 4));
    insta::assert_snapshot!(screens.map(|screen| screen.to_string().replace(name, "FOLDER")).join("\n"));
}

#[test]
fn a_copy_has_every_file_and_its_vectors_can_be_checked() {
    let folder = tempfile::tempdir().unwrap();
    let target = folder.path().join("spec");
    let name = target.to_str().unwrap();
    assert_eq!(rulespec(["copy", name]).status, 0);
    for (path, text) in rulespec::suite::files() {
        assert_eq!(fs::read_to_string(target.join(&path)).unwrap(), text, "{path}");
        let own = Path::new(rulespec_testing::files::ROOT).join("spec").join(&path);
        assert_eq!(fs::read_to_string(own).unwrap(), text, "{path}");
    }
    assert_eq!(rulespec(["copy", name]).status, 2);
    assert_eq!(rulespec(["copy", name, "--force"]).status, 0);
    let vectors = target.join("vectors");
    assert_eq!(rulespec(["check", "--chapter", "DYN", "--suite", vectors.to_str().unwrap()]).status, 0);
}

#[test]
fn a_copy_leaves_no_file_out() {
    let mut found = vec![];
    let mut folders = vec![Path::new(rulespec_testing::files::ROOT).join("spec")];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            match path.is_dir() {
                true => folders.push(path),
                false => found.push(path),
            }
        }
    }
    let files = rulespec::suite::files();
    // The results of real engines, and what is said of other rules, are not part of the specification.
    let is_about_others = |name: &std::ffi::OsStr| name == "observed" || name == "kin" || name == "kin.md";
    let specified =
        found.iter().filter(|path| !path.components().any(|part| is_about_others(part.as_os_str())));
    for path in specified {
        assert!(
            files.iter().any(|(file, _)| path.ends_with(Path::new("spec").join(file))),
            "{}",
            path.display()
        );
    }
}

#[test]
fn there_is_a_manual_page_for_each_subcommand() {
    let folder = tempfile::tempdir().unwrap();
    let name = folder.path().to_str().unwrap();
    assert!(rulespec(["man"]).out.contains(".SH NAME\nrulespec"));
    assert_eq!(rulespec(["man", name]).status, 0);
    for page in ["rulespec", "rulespec-check", "rulespec-export-kql", "rulespec-show"] {
        let text = fs::read_to_string(folder.path().join(format!("{page}.1"))).unwrap();
        assert!(text.contains(&format!(".TH {page} 1")), "{page}");
    }
}

#[test]
fn exported_scripts_are_printed() {
    insta::assert_snapshot!(rulespec(["export", "kql", "--only", "trm-0100,tab-0055,tab-0071,cmd-0222"]));
}

#[test]
fn each_script_is_written_to_its_own_file() {
    let folder = tempfile::tempdir().unwrap();
    let name = folder.path().join("scripts");
    let screen = rulespec(["export", "kql", "--output", name.to_str().unwrap()]);
    assert_eq!(screen.status, 0);
    let vectors = rulespec::suite::vectors().unwrap();
    for script in rulespec_check::export::kql::scripts(&vectors) {
        let text = fs::read_to_string(name.join(format!("{}.kql", script.name))).unwrap();
        assert_eq!(text, rulespec_check::export::kql::file(&script));
    }
}

#[test]
fn open_points_are_one_query_and_separate_scripts_that_may_fail() {
    let screen = rulespec(["export", "kql", "--open-points"]);
    assert_eq!(
        screen.err,
        "use --output DIR to also write the scripts that a Kusto may reject: open-unknown-parser, open-parser-case, open-nul\n"
    );
    let scripts = rulespec_check::export::kql::open_points(&rulespec::suite::vectors().unwrap());
    assert_eq!(screen.out, stable(&rulespec_check::export::kql::file(&scripts[0])));
    let folder = tempfile::tempdir().unwrap();
    let name = folder.path().to_str().unwrap();
    assert_eq!(
        rulespec(["export", "kql", "--open-points", "--output", name]).err,
        format!("4 scripts written to {name}\n")
    );
    for script in scripts {
        let text = fs::read_to_string(folder.path().join(format!("{}.kql", script.name))).unwrap();
        assert_eq!(text, rulespec_check::export::kql::file(&script));
    }
    let nul = fs::read_to_string(folder.path().join("open-nul.kql")).unwrap();
    insta::assert_snapshot!(stable(&nul));
}

#[test]
fn open_points_cannot_be_filtered() {
    let without_open_points = tempfile::tempdir().unwrap();
    let vectors = rulespec::suite::vectors().unwrap();
    file(without_open_points.path(), "own.json", &json!(vectors[..1]).to_string());
    let cases: [&[&str]; 3] = [
        &["export", "kql", "--open-points", "--only", "cmd-0222"],
        &["export", "kql", "--open-points", "--rule"],
        &["export", "kql", "--open-points", "--suite", without_open_points.path().to_str().unwrap()],
    ];
    let screens = cases.map(rulespec);
    assert!(screens.iter().all(|screen| screen.status == 2 && screen.out.is_empty()));
    insta::assert_snapshot!(screens.map(|screen| screen.err).join("\n"));
}

#[test]
fn export_rule_prints_the_query_of_the_rule() {
    assert_eq!(rulespec(["export", "kql", "--rule"]).out, rulespec::rule::Rule::bitsadmin_activity().text());
    assert_eq!(rulespec(["export", "kql", "--rule", "--fn", "has"]).status, 2);
}

#[test]
fn calls_are_exported_as_json_lines_and_csv() {
    let only = ["--only", "cmd-0001,cmd-0222,dyn-0082"];
    let json = rulespec(["export", "jsonl"].into_iter().chain(only));
    let csv = rulespec(["export", "csv"].into_iter().chain(only));
    insta::assert_snapshot!(format!("{json}\n{csv}"));
}

#[test]
fn recorded_answers_are_judged() {
    let folder = tempfile::tempdir().unwrap();
    let answers = "{\"engine\":\"mine\",\"version\":\"2\"}\n\n{\"id\":\"cmd-0001\",\"ok\":[\"a\"]}\n\
                   {\"id\":\"cmd-0002\",\"error\":\"no \\u001b[31m\"}\n{\"id\":\"cmd-0003\",\"unsupported\":\"none\"}\n";
    let name = file(folder.path(), "answers.jsonl", answers);
    insta::assert_snapshot!(rulespec([
        "check",
        "--answers",
        &name,
        "--only",
        "cmd-0001,cmd-0002,cmd-0003,cmd-0004"
    ]));
}

#[test]
fn recorded_answers_have_the_verdicts_of_the_engine() {
    let folder = tempfile::tempdir().unwrap();
    let report = rulespec(["check", "--suite", SUITE, "--format", "json", "--", "python3", HOSTILE]);
    let report: Json = serde_json::from_str(&report.out).unwrap();
    let mut lines = json!({"engine": "hostile", "version": "1"}).to_string() + "\n";
    let mut direct = vec![];
    for outcome in report["outcomes"].as_array().unwrap() {
        let answer = &outcome["answer"];
        if let Some(value) = answer.get("value") {
            lines += &format!("{}\n", json!({"id": outcome["id"], "ok": value}));
            direct.push((outcome["id"].clone(), outcome["verdict"].clone()));
        }
    }
    let name = file(folder.path(), "answers.jsonl", &lines);
    let again = rulespec(["check", "--suite", SUITE, "--format", "json", "--answers", &name]);
    let again: Json = serde_json::from_str(&again.out).unwrap();
    let outcomes = again["outcomes"].as_array().unwrap().iter();
    let judged: Vec<_> =
        outcomes.map(|outcome| (outcome["id"].clone(), outcome["verdict"].clone())).collect();
    assert!(!direct.is_empty() && direct.iter().all(|pair| judged.contains(pair)), "{judged:?}");
    assert_eq!(again["answers"], name);
}

#[test]
fn imported_results_are_shown_and_saved() {
    let folder = tempfile::tempdir().unwrap();
    let name = file(
        folder.path(),
        "has.csv",
        "id,got\r\nasked,\"[\"\"trm-0001\"\",\"\"trm-0002\"\"]\"\r\ntrm-0002,[true]\r\n",
    );
    let output = folder.path().join("report.json");
    let arguments =
        ["import", "--engine", "a Kusto", "--version", "1", &name, "-o", output.to_str().unwrap()];
    let shown = rulespec(arguments);
    insta::assert_snapshot!(shown);
    assert_eq!(rulespec(["report", output.to_str().unwrap()]).out, shown.out);
    let bad = rulespec(["import", "--engine", "a", "--version", "1", "tests/fixtures/known.txt"]);
    assert_eq!((bad.status, bad.out.as_str()), (2, ""));
    assert!(bad.err.contains("tests/fixtures/known.txt:1: neither JSON nor CSV"), "{}", bad.err);
}

#[test]
fn imported_open_points_have_one_line_each() {
    let folder = tempfile::tempdir().unwrap();
    let points = "id,got\r\nOPEN-EMPTY-COMMAND-LINE,null\r\nOPEN-BLANK-COMMAND-LINE,none\r\n\
        answers,\"{\"\"cmd-0216\"\":[null],\"\"cmd-0217\"\":[[]],\"\"cmd-0218\"\":[null],\
        \"\"cmd-0219\"\":[[]],\"\"cmd-0220\"\":[null]}\"\r\n";
    let points = file(folder.path(), "open-points.csv", points);
    let refused = file(folder.path(), "open-parser-case.txt", "Semantic error\n\nSEM0025: no such parser\n");
    insta::assert_snapshot!(rulespec(["import", "--engine", "a Kusto", "--version", "1", &points, &refused]));
}

#[test]
fn a_saved_report_of_a_settled_point_is_rendered() {
    let folder = tempfile::tempdir().unwrap();
    let saved = rulespec(["check", "--suite", SUITE, "--only", "t-0009", "--format", "json"]).out;
    let saved =
        saved.replace("OPEN-EMPTY-COMMAND-LINE", "OPEN-BOOL-TEXT").replace("empty-array", "capitalised");
    let name = file(folder.path(), "old.json", &saved);
    for format in ["text", "markdown", "summary", "html"] {
        let screen = rulespec(["report", "--format", format, &name]);
        assert_eq!((screen.status, screen.err.as_str()), (0, ""), "{format}");
        let names_it = ["text", "html"].contains(&format);
        assert_eq!(screen.out.contains("OPEN-BOOL-TEXT"), names_it, "{format}");
    }
    let old = rulespec_check::report::json::load(&name, &saved).unwrap();
    assert!(rulespec_check::report::junit::render(&old).contains("follows capitalised"));
}
