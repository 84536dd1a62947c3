use super::super::explain::{Explanation, Finding, Occurrence};
use super::*;

fn explain_under(kql: &Semantics, rule: &Rule, table: &Table) -> Result<Explanation, Error> {
    let bound = rule.bind(table.columns(), context(kql))?;
    rule.explain(&bound, table.rows_by_name().next().unwrap(), context(kql))
}

fn explained(columns: &[Column], row: &[(&str, &str)]) -> Explanation {
    explain_under(&Semantics::default(), Rule::bitsadmin_activity(), &table(columns, &[row])).unwrap()
}

/// The explanation of a row by a query.
fn explained_by(query: &str, row: &[(&str, &str)]) -> Explanation {
    let rule = Rule::from_kql(&format!("DeviceProcessEvents\n{query}")).unwrap();
    explain_under(&Semantics::default(), &rule, &table(&required(), &[row])).unwrap()
}

fn deciders(explanation: &Explanation) -> (bool, Vec<&str>) {
    let decider = |&index: &usize| explanation.findings[index].looked_at.as_str();
    (explanation.matched, explanation.decided_by.iter().map(decider).collect())
}

const ORIGINAL: &str = r#"column_ifexists("ProcessVersionInfoOriginalFileName", "ColumnNotAvailable")"#;

#[test]
fn rul_50_a_false_operand_of_and_decides() {
    let explanation =
        explained(&required(), &[("FileName", PROGRAM), ("ProcessCommandLine", "bitsadmin /list")]);
    assert_eq!(deciders(&explanation), (false, vec!["ProcessCommandLine"]));
    let explanation = explained(&required(), &[("FileName", "x"), ("ProcessCommandLine", "y")]);
    assert_eq!(deciders(&explanation), (false, vec!["FileName", ORIGINAL]));
}

#[test]
fn rul_50_the_first_true_operand_of_or_decides() {
    let both = [("FileName", PROGRAM), (ORIGINAL_FILE_NAME, PROGRAM), ("ProcessCommandLine", LINE)];
    let explanation = explained(&with_original(), &both);
    assert_eq!(deciders(&explanation), (true, vec!["FileName", "ProcessCommandLine"]));
    let explanation = explained(&with_original(), &both[1..]);
    assert_eq!(deciders(&explanation), (true, vec![ORIGINAL, "ProcessCommandLine"]));
}

#[test]
fn rul_50_every_where_that_selects_decides_or_the_first_that_does_not() {
    let query =
        "| where FileName has 'a' | where not(DeviceId has 'b' or DeviceName has 'c') | where ProcessId > 1";
    let row = [("FileName", "a"), ("DeviceId", "x"), ("DeviceName", "y"), ("ProcessId", "2")];
    let explanation = explained_by(query, &row);
    assert_eq!(deciders(&explanation), (true, vec!["FileName", "DeviceId", "DeviceName", "ProcessId"]));
    let explanation = explained_by(query, &[("FileName", "a"), ("DeviceId", "b")]);
    assert_eq!(deciders(&explanation), (false, vec!["DeviceId"]));
    assert_eq!(explanation.findings.len(), 3);
    let explanation =
        explained_by("| where FileName has 'a' | take 1 | where FileName has 'b'", &[("FileName", "a")]);
    assert_eq!(deciders(&explanation), (true, vec!["FileName"]));
}

#[test]
fn rul_50_a_finding_has_the_left_operand() {
    let explanation = explained(&required(), &[("FileName", "x.exe"), ("ProcessCommandLine", LINE)]);
    let Finding { predicate, span, looked_at, value, absent, holds, occurrence, .. } =
        &explanation.findings[0];
    assert_eq!(predicate, r#"FileName =~ "bitsadmin.exe""#);
    assert_eq!(span.line_and_column(Rule::bitsadmin_activity().text()), (2, 10));
    assert_eq!((&**looked_at, value, absent), ("FileName", &Dynamic::from("x.exe"), &None));
    assert_eq!((holds, occurrence), (&Some(false), &None));
    let original = &explanation.findings[1];
    assert_eq!(original.value, Dynamic::from("ColumnNotAvailable"));
    assert_eq!(original.absent.as_deref(), Some(ORIGINAL_FILE_NAME));
    let original = &explained(&with_original(), &[]).findings[1];
    assert_eq!((&original.value, &original.absent), (&Dynamic::from(""), &None));
    let explanation = explained_by("| where FileName has_any ( // names\n 'x',\n 'y')", &[]);
    assert_eq!(explanation.findings[0].predicate, "FileName has_any (\"x\", \"y\")");
}

#[test]
fn rul_51_the_first_occurrence_of_a_term_is_reported() {
    let line = "bitsadmin /addfiles /ADDFILE /transfer /upload u f";
    let explanation = explained(&required(), &[("FileName", PROGRAM), ("ProcessCommandLine", line)]);
    let found = Occurrence { term: "/AddFile".to_owned(), at: 20, length: 8 };
    assert_eq!(explanation.findings[2].occurrence, Some(found));
    let direction = explanation.computed.iter().find(|computed| computed.column == "Direction").unwrap();
    let upload = Occurrence { term: "/Upload".to_owned(), at: 39, length: 7 };
    assert_eq!(direction.condition[0].occurrence, Some(upload));
    assert_eq!(direction.value, Dynamic::from("Upload"));
}

#[test]
fn rul_51_every_operator_that_searches_has_its_occurrence() {
    for (predicate, at) in [
        ("has 'X'", Some(3)),
        ("!has 'x'", Some(3)),
        ("has_cs 'X'", None),
        ("has_all ('x', 'ax')", Some(0)),
        ("contains 'xA'", Some(5)),
        ("contains_cs 'Xa'", None),
        ("hasprefix 'x'", Some(3)),
        ("hassuffix 'x'", Some(1)),
        ("startswith 'AX'", Some(0)),
        ("startswith 'xa'", None),
        ("endswith 'a'", Some(6)),
        ("endswith 'x'", None),
        ("has ''", None),
        ("=~ 'ax_x xa'", None),
    ] {
        let explanation = explained_by(&format!("| where FileName {predicate}"), &[("FileName", "ax_x xa")]);
        let found = explanation.findings[0].occurrence.as_ref().map(|found| found.at);
        assert_eq!(found, at, "{predicate}");
    }
}

#[test]
fn rul_51_the_computed_columns_and_the_elements_that_they_are() {
    let computed = |line| {
        let explanation = explained(&required(), &[("ProcessCommandLine", line)]);
        let [arguments, url, file, direction, host, domain] = &explanation.computed[..] else { panic!() };
        assert_eq!([&*host.column, &*domain.column], ["HostName", "DnsDomain"]);
        assert_eq!(direction.condition[0].predicate, "ProcessCommandLine has \"/Upload\"");
        let index = |of: &super::super::explain::Computed| of.element.clone().unwrap();
        assert_eq!(index(url).0, "ParsedCommandLine");
        (arguments.value.clone(), index(url).1, index(file).1)
    };
    assert_eq!(computed("b j u f"), (Dynamic::strings(["b", "j", "u", "f"]), Some(2), Some(3)));
    assert_eq!(computed("b"), (Dynamic::strings(["b"]), None, Some(0)));
    assert_eq!(computed(""), (Dynamic::Array(vec![]), None, None));
}

#[test]
fn rul_51_null_arguments_have_no_indices() {
    let mut kql = Semantics::default();
    assert!(kql.profile.choose("OPEN-EMPTY-COMMAND-LINE", "null"));
    let explanation = explain_under(&kql, Rule::bitsadmin_activity(), &table(&required(), &[&[]])).unwrap();
    assert_eq!(explanation.computed[0].value, Dynamic::Null);
    assert_eq!(explanation.computed[2].element, Some(("ParsedCommandLine".to_owned(), None)));
}

#[test]
fn rul_51_an_error_after_a_row_is_rejected_ends_the_computed_columns() {
    let rule = "| where FileName has 'a' | extend x = strcat(FileName, 'b') | extend y = parse_command_line(FileName, DeviceId)";
    let explanation = explained_by(rule, &[]);
    assert_eq!((explanation.matched, explanation.computed.len()), (false, 1));
    let rule = Rule::from_kql(&format!("DeviceProcessEvents {rule}")).unwrap();
    let selected = table(&required(), &[&[("FileName", "a")]]);
    let error = explain_under(&Semantics::default(), &rule, &selected).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::UnknownParser);
}
