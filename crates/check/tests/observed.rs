//! The recorded answers of real engines: their tables and questions are current.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use rulespec::suite;
use rulespec_check::report::{Report, Standing, json, matrix, summary};
use rulespec_check::verdict::judge;

const ROOT: &str = rulespec_testing::files::ROOT;
/// If this variable is set, the tests update the tables.
const WRITE: &str = "RULESPEC_WRITE_OBSERVED";
/// Each table is between two of these lines.
const MARK: &str = "<!-- table -->\n";

/// The saved reports with their files, in the order of a shell's `*.json`.
fn observed() -> Vec<(String, Report)> {
    let files = std::fs::read_dir(Path::new(ROOT).join("spec/observed")).unwrap();
    let mut files: Vec<PathBuf> = files.map(|file| file.unwrap().path()).collect();
    files.retain(|file| file.extension().is_some_and(|extension| extension == "json"));
    files.sort();
    let load = |file: &PathBuf| {
        let name = format!("spec/observed/{}", file.file_name().unwrap().to_string_lossy());
        let report = json::load(&name, &std::fs::read_to_string(file).unwrap()).unwrap();
        (name, report)
    };
    files.iter().map(load).collect()
}

fn reports() -> Vec<Report> {
    observed().into_iter().map(|(_, report)| report).collect()
}

fn assert_current(page: &str, table: &str) {
    let path = Path::new(ROOT).join(page);
    let text = std::fs::read_to_string(&path).unwrap();
    let parts: Vec<&str> = text.split(MARK).collect();
    let [before, written, after] = parts.as_slice() else {
        panic!("{page} needs two lines {MARK}");
    };
    if std::env::var_os(WRITE).is_some() {
        std::fs::write(path, [before, table, after].join(MARK)).unwrap();
        return;
    }
    assert!(
        *written == table,
        "the table of {page} is stale; update it with\n\
         {WRITE}=1 cargo test -p rulespec-check --test integration observed"
    );
}

#[test]
fn the_matrix_is_current() {
    assert_current("spec/observed/README.md", &matrix::markdown(&reports()));
}

#[test]
fn the_summary_is_current() {
    assert_current("engines/README.md", &summary::markdown(&reports()));
    assert_current("README.md", &summary::markdown(&reports()));
}

/// The row of a result in the history.
fn history_row(file: &str, report: &Report) -> String {
    let counts = report.counts();
    let count = |standing| counts.of(standing).to_string();
    let engine = Path::new(file).file_stem().unwrap().to_string_lossy().into_owned();
    let [met, missed, partly_asked, unsupported] =
        [Standing::Met, Standing::Missed, Standing::PartlyAsked, Standing::Unsupported].map(count);
    let clauses = counts.total().to_string();
    let mut writer = csv::Writer::from_writer(vec![]);
    let cells = [&report.date, &engine, &report.engine.version, &clauses];
    writer.write_record(cells.into_iter().chain([&met, &missed, &partly_asked, &unsupported])).unwrap();
    String::from_utf8(writer.into_inner().unwrap()).unwrap()
}

#[test]
fn the_history_has_every_result() {
    let path = Path::new(ROOT).join("spec/observed/history.csv");
    let text = std::fs::read_to_string(&path).unwrap();
    let rows = observed().into_iter().map(|(file, report)| history_row(&file, &report));
    let missing: Vec<String> = rows.filter(|row| !text.contains(row.as_str())).collect();
    if std::env::var_os(WRITE).is_some() {
        std::fs::write(path, text + &missing.concat()).unwrap();
        return;
    }
    rulespec_testing::assert_none(
        &format!("results are not in the history; set {WRITE}=1 to append"),
        &missing,
    );
}

#[test]
fn recorded_questions_match_the_suite() {
    let vectors = suite::vectors().unwrap();
    let today: BTreeMap<&str, _> = vectors.iter().map(|vector| (vector.id.as_str(), vector)).collect();
    let mut stale = vec![];
    for (file, report) in observed() {
        for vector in report.outcomes.iter().map(|outcome| &outcome.vector) {
            match today.get(vector.id.as_str()) {
                None => stale.push(format!("{file} {}: no vector has this id", vector.id)),
                Some(now) if (&now.r#fn, &now.args) != (&vector.r#fn, &vector.args) => {
                    stale.push(format!("{file} {}: its question has changed", vector.id));
                }
                Some(now) if (&now.want, &now.clauses) != (&vector.want, &vector.clauses) => {
                    stale.push(format!("{file} {}: its expected answer has changed", vector.id));
                }
                Some(_) => {}
            }
        }
    }
    let list = stale.join("\n");
    assert!(stale.is_empty(), "{} answers are stale; ask again with .ci/nightly:\n{list}", stale.len());
}

#[test]
fn recorded_verdicts_are_those_of_today() {
    let mut changed = vec![];
    for (file, report) in observed() {
        for outcome in &report.outcomes {
            let verdict = judge(&outcome.vector.want, &outcome.answer);
            if verdict != outcome.verdict {
                changed.push(format!("{file} {}: {} is now {verdict}", outcome.vector.id, outcome.verdict));
            }
        }
    }
    rulespec_testing::assert_none("recorded verdicts have changed", &changed);
}

#[test]
fn commands_contain_no_local_paths() {
    for (file, report) in observed() {
        let engine = Path::new(&file).file_stem().unwrap().to_string_lossy().into_owned();
        assert_eq!(report.command, ["python3".to_owned(), format!("engines/{engine}/engine.py")], "{file}");
    }
}
