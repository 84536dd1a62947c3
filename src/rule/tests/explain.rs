use super::super::explain::{Explanation, Finding, Occurrence};
use super::*;

fn explained(columns: &[Column], row: &[(&str, &str)]) -> Explanation {
    let table = table(columns, &[row]);
    explain(table.rows_by_name().next().unwrap(), &Profile::default()).unwrap()
}

fn deciders(columns: &[Column], row: &[(&str, &str)]) -> (bool, Vec<String>) {
    let explanation = explained(columns, row);
    let decider = |&index: &usize| explanation.findings[index].looked_at.clone();
    (explanation.matched, explanation.decided_by.iter().map(decider).collect())
}

const ORIGINAL: &str = r#"column_ifexists("ProcessVersionInfoOriginalFileName", "ColumnNotAvailable")"#;

#[test]
fn rul_50_a_false_operand_of_and_decides() {
    let (matched, by) =
        deciders(&required(), &[("FileName", PROGRAM), ("ProcessCommandLine", "bitsadmin /list")]);
    assert_eq!((matched, by), (false, vec!["ProcessCommandLine".to_owned()]));
    let (matched, by) = deciders(&required(), &[("FileName", "x"), ("ProcessCommandLine", "y")]);
    assert_eq!((matched, by), (false, vec!["FileName".to_owned(), ORIGINAL.to_owned()]));
}

#[test]
fn rul_50_the_first_true_operand_of_or_decides() {
    let both = [("FileName", PROGRAM), (ORIGINAL_FILE_NAME, PROGRAM), ("ProcessCommandLine", LINE)];
    let (matched, by) = deciders(&with_original(), &both);
    assert_eq!((matched, by), (true, vec!["FileName".to_owned(), "ProcessCommandLine".to_owned()]));
    let (matched, by) = deciders(&with_original(), &both[1..]);
    assert_eq!((matched, by), (true, vec![ORIGINAL.to_owned(), "ProcessCommandLine".to_owned()]));
}

#[test]
fn rul_50_a_finding_has_the_left_operand() {
    let explanation = explained(&required(), &[("FileName", "x.exe"), ("ProcessCommandLine", LINE)]);
    let file_name = Finding {
        predicate: r#"FileName =~ "bitsadmin.exe""#.to_owned(),
        looked_at: "FileName".to_owned(),
        value: Dynamic::from("x.exe"),
        absent: None,
        holds: Some(false),
        occurrence: None,
    };
    assert_eq!(explanation.findings[0], file_name);
    let original = &explanation.findings[1];
    assert_eq!(original.value, Dynamic::from("ColumnNotAvailable"));
    assert_eq!(original.absent.as_deref(), Some(ORIGINAL_FILE_NAME));
    let original = &explained(&with_original(), &[]).findings[1];
    assert_eq!((&original.value, &original.absent), (&Dynamic::from(""), &None));
}

#[test]
fn rul_51_the_first_occurrence_of_a_term_is_reported() {
    let line = "bitsadmin /addfiles /ADDFILE /transfer /upload u f";
    let explanation = explained(&required(), &[("FileName", PROGRAM), ("ProcessCommandLine", line)]);
    let found = Occurrence { term: "/AddFile".to_owned(), at: 20, length: 8 };
    assert_eq!(explanation.findings[2].occurrence, Some(found));
    let upload = Occurrence { term: "/Upload".to_owned(), at: 39, length: 7 };
    assert_eq!(explanation.upload, Some(upload));
}

#[test]
fn rul_51_the_arguments_and_the_indices_of_url_and_file() {
    let arguments = |line| {
        let explanation = explained(&required(), &[("ProcessCommandLine", line)]);
        (explanation.arguments, explanation.remote_url, explanation.local_file)
    };
    assert_eq!(arguments("b j u f"), (Dynamic::strings(["b", "j", "u", "f"]), Some(2), Some(3)));
    assert_eq!(arguments("b"), (Dynamic::strings(["b"]), None, Some(0)));
    assert_eq!(arguments(""), (Dynamic::Array(vec![]), None, None));
    let explanation = explained(&required(), &[("ProcessCommandLine", "b /uploads")]);
    assert_eq!(explanation.upload, None);
}

#[test]
fn rul_51_null_arguments_have_no_indices() {
    let mut profile = Profile::default();
    assert!(profile.choose("OPEN-EMPTY-COMMAND-LINE", "null"));
    let table = table(&required(), &[&[]]);
    let explanation = explain(table.rows_by_name().next().unwrap(), &profile).unwrap();
    assert_eq!((explanation.arguments, explanation.local_file), (Dynamic::Null, None));
}

#[test]
fn explaining_a_row_without_required_columns_is_an_error() {
    let table = table(&[Column::new("FileName", Type::String)], &[&[]]);
    let error = explain(table.rows_by_name().next().unwrap(), &Profile::default()).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::UnknownColumn);
}
