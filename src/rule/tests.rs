//! At least one test for each clause of chapter 60.

mod entities;
mod explain;
mod schedule;
mod template;
#[cfg(feature = "yaml")]
mod yaml;

use super::*;
use crate::kql::{Datetime, Dynamic, ErrorKind, Semantics, Type};

const PROGRAM: &str = "bitsadmin.exe";
const ORIGINAL_FILE_NAME: &str = "ProcessVersionInfoOriginalFileName";
/// The columns that the rule names outside `column_ifexists`.
const REQUIRED_COLUMNS: [(&str, Type); 10] = [
    ("TimeGenerated", Type::Datetime),
    ("DeviceId", Type::String),
    ("DeviceName", Type::String),
    ("FileName", Type::String),
    ("InitiatingProcessFolderPath", Type::String),
    ("InitiatingProcessAccountDomain", Type::String),
    ("InitiatingProcessAccountName", Type::String),
    ("InitiatingProcessSHA256", Type::String),
    ("ProcessId", Type::Long),
    ("ProcessCommandLine", Type::String),
];
const LINE: &str = r"bitsadmin /transfer job http://x/a C:\a";

fn required() -> Vec<Column> {
    REQUIRED_COLUMNS.map(|(name, r#type)| Column::new(name, r#type)).to_vec()
}

fn with_original() -> Vec<Column> {
    [required(), vec![Column::new(ORIGINAL_FILE_NAME, Type::String)]].concat()
}

/// A table of rows with the given cells. All other cells are empty.
fn table(columns: &[Column], rows: &[&[(&str, &str)]]) -> Table {
    let mut table = Table::new(columns.to_vec()).unwrap();
    for row in rows {
        let cell = |column: &Column| {
            let given = row.iter().find(|(name, _)| *name == column.name);
            match given {
                None => column.r#type.empty(),
                Some((_, text)) if column.r#type == Type::Long => Dynamic::Long(text.parse().unwrap()),
                Some((_, text)) => Dynamic::from(*text),
            }
        };
        table.push(columns.iter().map(cell).collect()).unwrap();
    }
    table
}

fn context(kql: &Semantics) -> Context<'_> {
    Context { kql, now: Datetime::UNIX_EPOCH }
}

fn run(table: &Table) -> Result<Table, Error> {
    Rule::bitsadmin_activity().run(table, context(&Semantics::default()))
}

fn count(columns: &[Column], row: &[(&str, &str)]) -> usize {
    run(&table(columns, &[row])).unwrap().rows().len()
}

/// The values of a column.
fn values(table: &Table, column: &str) -> Vec<Dynamic> {
    table.rows_by_name().map(|row| row.cell(column).unwrap().clone()).collect()
}

/// The value of an output column for a process of bitsadmin with this command line.
fn of_line(line: &str, column: &str) -> Dynamic {
    of_process(line, "", column)
}

/// The value of an output column for a process of bitsadmin on this device.
fn of_device(name: &str, column: &str) -> Dynamic {
    of_process(LINE, name, column)
}

fn of_process(line: &str, device: &str, column: &str) -> Dynamic {
    let row = [("FileName", PROGRAM), ("ProcessCommandLine", line), ("DeviceName", device)];
    values(&run(&table(&required(), &[&row])).unwrap(), column).remove(0)
}

fn names(columns: &[Column]) -> Vec<&str> {
    columns.iter().map(|column| column.name.as_str()).collect()
}

#[test]
fn rul_01_the_file_name_selects() {
    for (name, selected) in
        [("bitsadmin.exe", 1), ("BITSADMIN.exe", 1), ("bitsadmin", 0), (r"C:\bitsadmin.exe", 0)]
    {
        let row = [("FileName", name), ("ProcessCommandLine", LINE)];
        assert_eq!(count(&required(), &row), selected, "{name}");
    }
}

#[test]
fn rul_02_the_original_file_name_selects_a_renamed_program() {
    for (original, selected) in [("BitsAdmin.exe", 1), ("ColumnNotAvailable", 0), ("", 0)] {
        let row = [("FileName", "u.exe"), (ORIGINAL_FILE_NAME, original), ("ProcessCommandLine", LINE)];
        assert_eq!(count(&with_original(), &row), selected, "{original}");
    }
}

#[test]
fn rul_03_without_the_original_file_name_the_file_name_decides() {
    let row = |name| count(&required(), &[("FileName", name), ("ProcessCommandLine", LINE)]);
    assert_eq!((row("u.exe"), row("bitsadmin.exe")), (0, 1));
}

#[test]
fn rul_04_a_switch_is_required_too() {
    for (line, selected) in [
        ("b /transfer j", 1),
        ("b /ADDFILE j", 1),
        ("b /AddFileSet j", 1),
        ("b /addfilewithranges j", 1),
        ("bitsadmin /list", 0),
        ("bitsadmin /addfiles", 0),
    ] {
        let row = [("FileName", PROGRAM), ("ProcessCommandLine", line)];
        assert_eq!(count(&with_original(), &row), selected, "{line}");
    }
    assert_eq!(count(&required(), &[("FileName", "u.exe"), ("ProcessCommandLine", LINE)]), 0);
}

#[test]
fn rul_05_the_arguments_are_split_as_windows_splits_them() {
    let line = r#""C:\P F\b.exe" /transfer "a b" "" c\"d"#;
    let parsed = Dynamic::strings([r"C:\P F\b.exe", "/transfer", "a b", "", "c\"d"]);
    assert_eq!(of_line(line, "ParsedCommandLine"), parsed);
}

#[test]
fn rul_06_the_remote_url_is_the_last_argument_but_one() {
    assert_eq!(of_line("b /transfer j /priority high u f", "RemoteUrl"), Dynamic::from("u"));
    assert_eq!(of_line("/transfer", "RemoteUrl"), Dynamic::from(""));
}

#[test]
fn rul_07_the_local_file_is_the_last_argument() {
    assert_eq!(of_line("b /transfer j u \"f g\" ", "LocalFile"), Dynamic::from("f g"));
    assert_eq!(of_line("/transfer", "LocalFile"), Dynamic::from("/transfer"));
}

#[test]
fn rul_08_a_term_determines_the_direction() {
    assert_eq!(of_line("b /transfer /UPLOAD u f", "Direction"), Dynamic::from("Upload"));
    assert_eq!(of_line("b /transfer /uploads u f", "Direction"), Dynamic::from("Download"));
    assert_eq!(of_line("b /transfer upload u f", "Direction"), Dynamic::from("Download"));
}

#[test]
fn rul_09_the_listed_columns_come_first() {
    let out = run(&table(&required(), &[])).unwrap();
    let first = [
        "TimeGenerated",
        "DeviceId",
        "DeviceName",
        "Direction",
        "RemoteUrl",
        "LocalFile",
        "InitiatingProcessFolderPath",
        "InitiatingProcessAccountDomain",
        "InitiatingProcessAccountName",
        "InitiatingProcessSHA256",
        "ProcessId",
        "ProcessCommandLine",
    ];
    assert_eq!(names(&out.columns()[..12]), first);
}

#[test]
fn rul_10_the_host_name_ends_at_the_first_dot() {
    for (name, host) in [("pc.a.b", "pc"), ("pc", "pc"), (".a", ""), ("", ""), ("ü.a", "ü")] {
        assert_eq!(of_device(name, "HostName"), Dynamic::from(host), "{name}");
    }
}

#[test]
fn rul_11_the_domain_begins_after_the_first_dot() {
    for (name, domain) in [("pc.a.b", "a.b"), ("pc", ""), ("pc.", ""), ("", ""), ("ü.a", "a")] {
        assert_eq!(of_device(name, "DnsDomain"), Dynamic::from(domain), "{name}");
    }
}

#[test]
fn rul_12_the_other_columns_follow_in_input_order() {
    let other = |name| Column::new(name, Type::String);
    let columns = [vec![other("Z")], required(), vec![other("A")]].concat();
    let out = run(&table(&columns, &[])).unwrap();
    let rest = ["Z", "FileName", "A", "ParsedCommandLine", "HostName", "DnsDomain"];
    assert_eq!(names(&out.columns()[12..]), rest);
}

#[test]
fn rul_13_rows_keep_their_order_and_number() {
    let row = |id| [("FileName", PROGRAM), ("ProcessCommandLine", LINE), ("ProcessId", id)];
    let (a, b, mut other) = (row("3"), row("1"), row("2"));
    other[0].1 = "cmd.exe";
    let out = run(&table(&required(), &[&a, &other, &b, &a])).unwrap();
    assert_eq!(values(&out, "ProcessId"), [3, 1, 3].map(Dynamic::Long));
}

#[test]
fn rul_14_a_missing_column_is_an_error_even_without_rows() {
    for (missing, _) in REQUIRED_COLUMNS {
        let columns: Vec<Column> = required().into_iter().filter(|column| column.name != missing).collect();
        let error = run(&table(&columns, &[])).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::UnknownColumn, "{missing}");
        assert!(error.to_string().contains(missing), "{error}");
    }
}

#[test]
fn rul_15_a_column_with_the_same_name_is_replaced_in_place() {
    let columns = [vec![Column::new("HostName", Type::Long)], required()].concat();
    let row =
        [("FileName", PROGRAM), ("ProcessCommandLine", LINE), ("DeviceName", "pc.x"), ("HostName", "7")];
    let out = run(&table(&columns, &[&row])).unwrap();
    assert_eq!(names(&out.columns()[12..]), ["HostName", "FileName", "ParsedCommandLine", "DnsDomain"]);
    assert_eq!(values(&out, "HostName"), [Dynamic::from("pc")]);
}

#[test]
fn rul_16_the_added_columns_have_the_right_types() {
    let out = run(&table(&required(), &[])).unwrap();
    let type_of = |name: &str| out.columns().iter().find(|column| column.name == name).unwrap().r#type;
    assert_eq!(type_of("ParsedCommandLine"), Type::Dynamic);
    for name in ["RemoteUrl", "LocalFile", "Direction", "HostName", "DnsDomain"] {
        assert_eq!(type_of(name), Type::String, "{name}");
    }
    assert_eq!((type_of("ProcessId"), type_of("TimeGenerated")), (Type::Long, Type::Datetime));
}

#[test]
fn rul_17_numbers_instead_of_strings_are_rejected() {
    for name in ["FileName", "ProcessCommandLine", "DeviceName"] {
        let mut columns = required();
        let column = columns.iter_mut().find(|column| column.name == name).unwrap();
        column.r#type = Type::Long;
        let error = run(&table(&columns, &[])).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::WrongType);
        assert!(error.to_string().contains("this is of type long"), "{error}");
    }
}
