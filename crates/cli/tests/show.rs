//! `rulespec show`: every word of the reports leads somewhere.

use std::fs;

use rulespec_check::report::json::load;
use rulespec_check::report::{Report, Standing};
use rulespec_testing::files::path;
use serde_json::{Value as Json, json};

use super::screen::rulespec;

fn shown(name: &str) -> Json {
    let screen = rulespec(["show", "--format", "json", name]);
    assert_eq!(screen.status, 0, "{screen}");
    serde_json::from_str(&screen.out).unwrap()
}

#[test]
fn functions_misreadings_sources_and_engines_are_shown() {
    let names = ["iff", "strcat_delim", "take", "has-as-substring", "S-HAS-ANY", "wine"];
    insta::assert_snapshot!(names.map(|name| rulespec(["show", name]).to_string()).join("\n"));
}

#[test]
fn every_function_has_arguments_and_vectors() {
    for function in rulespec::Function::ALL {
        let json = shown(function.name());
        assert_eq!((&json["fn"], &json["asked"]), (&json!(function), &json!(true)));
        assert!(json["arguments"].is_string() && json["answer"].is_string(), "{json}");
        assert!(!json["vectors"].as_array().unwrap().is_empty(), "{function}");
    }
    assert_eq!(shown("CONTAINS")["fn"], "contains");
}

#[test]
fn the_chapter_of_the_protocol_names_every_kind_of_error() {
    let chapter = fs::read_to_string(path("spec/80-protocol.md")).unwrap();
    for kind in rulespec::kql::ErrorKind::ALL {
        assert!(chapter.contains(&format!("`{kind}`")), "{kind}");
    }
}

#[test]
fn a_misreading_lists_the_vectors_that_detect_it_and_the_engines_that_have_it() {
    let json = shown("regex-word-boundary");
    assert_eq!(json["clause"], "TRM-05");
    assert_eq!(json["engines"], json!(["adxlite"]));
    let vectors = json["vectors"].as_array().unwrap();
    assert!(vectors.contains(&json!("trm-0105")) && vectors.iter().all(Json::is_string), "{json}");
}

#[test]
fn every_misreading_source_and_point_of_a_report_is_shown() {
    let mut names: Vec<String> = vec![];
    for report in reports() {
        let explanations = report.explanations.iter().flat_map(|explanation| explanation.misreadings.clone());
        names.extend(explanations.chain(report.open_points.into_iter().map(|point| point.id)));
    }
    names.extend(
        ["S-REGEX", "S-KQL2SQL", "OPEN-INDEXOF-EMPTY", "=~", "has_any", "duckdb-kql"].map(str::to_owned),
    );
    names.sort();
    names.dedup();
    assert!(names.len() > 20, "{names:?}");
    for name in names {
        let screen = rulespec(["show", &name]);
        assert_eq!((screen.status, screen.err.as_str()), (0, ""), "{name}");
    }
}

#[test]
fn every_word_of_a_report_has_its_meaning() {
    let names = ["garbled", "partly asked", "not-asked", "Unsupported", "unfit", "got", "derived", "open"];
    insta::assert_snapshot!(names.map(|name| rulespec(["show", name]).to_string()).join("\n"));
    for entry in rulespec_check::glossary::entries() {
        let word = entry.word.split(", ").next().unwrap();
        let json = shown(word);
        let meanings = json["meanings"].as_array().unwrap();
        assert!(meanings.contains(&json!({"of": entry.of, "meaning": entry.meaning})), "{json}");
    }
}

#[test]
fn a_part_of_the_name_of_an_engine_is_enough_if_it_is_the_only_one() {
    assert_eq!(shown("clickhouse")["name"], "chdb");
    let several = rulespec(["show", "KQL"]);
    assert_eq!(several.status, 2, "{several}");
    assert!(several.err.starts_with("rulespec: several engines have \"KQL\" in their names: "), "{several}");
    assert!(several.err.contains("duckdb-kql"), "{several}");
}

#[test]
fn what_is_closest_to_a_function_comes_first() {
    insta::assert_snapshot!(rulespec(["show", "has"]));
    let all = rulespec(["show", "has", "--all"]).out;
    assert!(all.lines().count() > 200 && !all.contains(" more: "), "{all}");
}

#[test]
fn a_name_with_a_typo_suggests_the_nearest() {
    for (name, help) in [
        ("CMD-7", "did you mean CMD-07?"),
        ("OPEN-NULL", "did you mean OPEN-NUL?"),
        ("has_eny", "did you mean has_any?"),
        ("regex-word-boundry", "did you mean regex-word-boundary?"),
        ("S-REGX", "did you mean S-REGEX?"),
        ("duckdb-sql", "did you mean duckdb-kql?"),
        ("distnct", "did you mean distinct?"),
        ("garbld", "did you mean garbled?"),
        ("", "`rulespec list` shows what there is"),
        ("nothing at all \u{1b}[31m", "`rulespec list` shows what there is"),
    ] {
        let screen = rulespec(["show", name]);
        assert_eq!((screen.status, screen.out.as_str()), (2, ""), "{screen}");
        assert!(
            screen.err.starts_with("rulespec: nothing is called \"")
                && screen.err.ends_with(&format!("; {help}\n")),
            "{screen}"
        );
        assert!(!screen.err.contains('\u{1b}'));
    }
}

/// The recorded reports, in the order of their names.
fn reports() -> Vec<Report> {
    let mut files: Vec<_> =
        fs::read_dir(path("spec/observed")).unwrap().map(|file| file.unwrap().path()).collect();
    files.retain(|file| file.extension().is_some_and(|extension| extension == "json"));
    files.sort();
    files.iter().map(|file| load("a report", &fs::read_to_string(file).unwrap()).unwrap()).collect()
}

/// What `show` tells about an engine.
fn in_short(report: &Report) -> Json {
    let folder = report.command[1].strip_suffix("/engine.py").unwrap();
    let readme = fs::read_to_string(path(folder).join("README.md")).unwrap();
    let commands: Vec<&str> = readme.split("```\n").nth(1).unwrap().lines().collect();
    let of = |standing: Standing| -> Json {
        let clauses = report.clauses.iter().filter(|clause| clause.standing == standing);
        clauses.map(|clause| clause.id.as_str()).collect()
    };
    let explanations = report.explanations.iter().map(|one| {
        json!({"misreadings": one.misreadings, "explains": one.explains.len(), "failures": one.failures})
    });
    json!({
        "name": folder.strip_prefix("engines/").unwrap(),
        "engine": report.engine.engine,
        "version": report.engine.version,
        "date": report.date.split('T').next(),
        "met": of(Standing::Met),
        "missed": of(Standing::Missed),
        "partly_asked": of(Standing::PartlyAsked),
        "unsupported": of(Standing::Unsupported),
        "misreadings": explanations.collect::<Json>(),
        "commands": commands,
    })
}

#[test]
fn the_engines_are_current() {
    const WRITE: &str = "RULESPEC_WRITE_OBSERVED";
    let file = path("crates/cli/src/show/engines.json");
    let current = format!("{:#}\n", reports().iter().map(in_short).collect::<Json>());
    if std::env::var_os(WRITE).is_some() {
        fs::write(file, current).unwrap();
        return;
    }
    assert!(
        fs::read_to_string(file).unwrap() == current,
        "what `show` tells about engines is stale; update it with\n\
         {WRITE}=1 cargo test -p rulespec-cli --test integration the_engines_are_current"
    );
}
