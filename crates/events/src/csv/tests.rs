use std::io::{BufReader, Read};
use std::time::{Duration, Instant};

use super::*;
use crate::testing::{collect_items, keeping};
use crate::{Event, Names};
use rulespec::kql::{Dynamic, Type};

const HEADER: &str = "Timestamp,DeviceName,FileName,ProcessId,ProcessCommandLine";
const ROW: &str = "2026-01-02T03:04:05Z,ws07,a.exe,12,a /x";

fn items_of(input: impl Read, keep: impl Fn(Names<'_>) -> bool + Send + Sync + 'static) -> Vec<Item> {
    collect_items(&keeping(keep), |options, sink| read(BufReader::new(input), &"a.csv".into(), options, sink))
}

fn items(text: impl AsRef<[u8]>) -> Vec<Item> {
    items_of(text.as_ref(), |_| true)
}

/// The positions of the events, and the faults.
fn descriptions(text: impl AsRef<[u8]>) -> Vec<String> {
    let describe = |item: &Item| match item {
        Item::Event(event) => format!("{:?}", event.place.position),
        Item::Fault(fault) => fault.to_string(),
        Item::Filtered(_) | Item::Skipped(_) => format!("{item:?}"),
    };
    items(text).iter().map(describe).collect()
}

fn event(text: &str) -> Event {
    match items(text).pop() {
        Some(Item::Event(event)) => *event,
        other => panic!("{other:?}"),
    }
}

#[test]
fn tel_43_unknown_columns_come_last_as_strings() {
    let event = event(&format!("Verdict,{HEADER}\n1,{ROW}\n"));
    assert_eq!(event.columns.last(), Some(&Column::new("Verdict", Type::String)));
    assert_eq!(event.row.last(), Some(&Dynamic::from("1")));
}

#[test]
fn tel_43_columns_of_the_other_schema_have_its_types() {
    let event = event(&format!("TimeGenerated,{HEADER}\n2026-01-03,{ROW}\n"));
    assert_eq!(event.columns.last(), Some(&Column::new("Timestamp", Type::Datetime)));
    assert!(event.row.last().unwrap().as_datetime().is_some());
}

#[test]
fn tel_45_the_header_decides_which_columns_the_table_has() {
    let plain = event(&format!("{HEADER}\n{ROW}\n"));
    let names: Vec<&str> = plain.columns.iter().map(|column| column.name.as_str()).collect();
    let expected = [
        "TimeGenerated",
        "Timestamp",
        "DeviceId",
        "DeviceName",
        "FileName",
        "ProcessId",
        "ProcessCommandLine",
        "InitiatingProcessAccountDomain",
        "InitiatingProcessAccountName",
        "InitiatingProcessSHA256",
        "InitiatingProcessFolderPath",
    ];
    assert_eq!(names, expected);
    assert!(plain.table().is_ok());
    assert_eq!(plain.cell("ProcessId"), Some(&Dynamic::Long(12)));
    assert_eq!(plain.cell("DeviceId"), Some(&Dynamic::from("")));

    for (text, expected) in [
        (format!("{HEADER}\n{ROW}\n"), None),
        (format!("{HEADER},ProcessVersionInfoOriginalFileName\n{ROW},b.exe\n"), Some("b.exe")),
    ] {
        items_of(text.as_bytes(), move |names| {
            assert_eq!(names.original_file_name, expected);
            true
        });
    }
}

#[test]
fn tel_61_the_header_determines_the_delimiter() {
    for delimiter in [";", "\t", ","] {
        let text = format!("\u{feff}{HEADER}\r\n{ROW}\r\n").replace(',', delimiter);
        assert_eq!(event(&text).cell("ProcessCommandLine"), Some(&Dynamic::from("a /x")));
    }
    let text = "\"TimeGenerated [UTC]\",FileName,ProcessCommandLine\n\"1/13/2026, 3:04:05.678 AM\",a,b\n";
    let time = "2026-01-13T03:04:05.678Z".parse().unwrap();
    assert_eq!(event(text).cell("TimeGenerated"), Some(&Dynamic::Datetime(time)));
}

#[test]
fn tel_61_a_header_without_the_required_columns_is_one_fault() {
    let expected = "a.csv: the header lacks ProcessCommandLine, Timestamp or TimeGenerated; \
                    export the rows of DeviceProcessEvents with these columns";
    let text = "DeviceId,FileName\n1,a\n2,b\n";
    assert_eq!(descriptions(text), [expected]);
    let items = items(text);
    let [Item::Fault(fault)] = &items[..] else { panic!("{items:?}") };
    assert_eq!(fault.kind, FaultKind::Unrecognised);
    assert_eq!(descriptions(""), [""; 0]);
}

#[test]
fn tel_92_a_line_before_the_header_decides_the_separator() {
    let table = format!("{HEADER}\n{ROW}\n");
    for separator in ["^", "\t", ";"] {
        let text = format!("#TYPE A\r\nsep={separator}\r\n{}", table.replace(',', separator));
        assert_eq!(descriptions(text), ["Line(4)"], "{separator:?}");
    }
    // More columns are known with another separator, but this one is named.
    let text = "sep=;\nTimestamp;FileName;ProcessCommandLine,DeviceId,DeviceName,ProcessId,Timestamp\n";
    assert!(
        descriptions(text)[0].contains("the header lacks ProcessCommandLine"),
        "{:?}",
        descriptions(text)
    );
}

#[test]
fn tel_61_a_header_of_more_than_1_000_columns_is_one_fault() {
    let table = |more: usize| {
        let names: String = (0..more).map(|number| format!(",c{number}")).collect();
        format!("{HEADER}{names}\n{ROW}{}\n", ",x".repeat(more))
    };
    assert_eq!(descriptions(table(995)), ["Line(2)"]);
    for count in [1_001, 300_000] {
        let expected = format!(
            "a.csv: a header of {count} columns has more than 1000; \
             export the rows of DeviceProcessEvents, one event in each row"
        );
        assert_eq!(descriptions(table(count - 5)), [expected]);
    }
}

#[test]
fn tel_61_of_columns_with_the_same_name_the_first_counts() {
    let event = event(&format!("{HEADER},FileName,Extra,Extra\n{ROW},b.exe,1,2\n"));
    assert_eq!(event.cell("FileName"), Some(&Dynamic::from("a.exe")));
    assert_eq!(event.cell("Extra"), Some(&Dynamic::from("1")));
    assert!(event.table().is_ok());
}

/// Takes minutes if each of these rows copies the rest of the lines that are read again.
#[test]
fn tel_63_lines_after_an_unclosed_quote_take_linear_time() {
    let count = 300_000;
    let text = format!("{HEADER}\n\"x\n") + &"2026-01-02T03:04:05Z,ws07,a.exe\n".repeat(count);
    let start = Instant::now();
    let found = items(&text);
    assert!(start.elapsed() < Duration::from_secs(30), "{:?}", start.elapsed());
    assert_eq!(found.len(), count + 1);
    assert!(found.iter().all(|item| matches!(item, Item::Fault(_))));
}

/// Would take gigabytes if the fields were kept.
#[test]
fn tel_62_a_row_of_millions_of_fields_is_a_fault() {
    let text = format!("{HEADER}\n{}\n{ROW}\n", ",".repeat(4_000_000));
    let fault =
        "a.csv:2: the row has 4000001 fields, but the header has 5; correct the row, or export it again";
    assert_eq!(descriptions(text), [fault, "Line(3)"]);
}

#[test]
fn tel_62_a_row_that_does_not_fit_the_header_does_not_affect_others() {
    let text = format!("{HEADER}\n{ROW}\n{ROW},more\n{ROW}\n\n1,2\n{ROW}");
    let fault = |line, fields| {
        format!(
            "a.csv:{line}: the row has {fields} fields, but the header has 5; correct the row, or export it again"
        )
    };
    assert_eq!(descriptions(text), ["Line(2)", &fault(3, 6), "Line(4)", &fault(6, 2), "Line(7)"]);
}

#[test]
fn tel_63_a_quoted_field_may_span_lines() {
    let text = format!("{HEADER}\n2026-01-02,\"a\nb\",c,1,\"say \"\"x\"\", y\"\n{ROW}\n");
    let found = items(&text);
    assert_eq!(descriptions(&text), ["Line(2)", "Line(4)"]);
    let Some(Item::Event(first)) = found.first() else { panic!("{found:?}") };
    assert_eq!(first.cell("DeviceName"), Some(&Dynamic::from("a\nb")));
    assert_eq!(first.cell("ProcessCommandLine"), Some(&Dynamic::from("say \"x\", y")));
}

#[test]
fn tel_63_an_unclosed_quote_affects_only_its_line() {
    let stray = "2026-01-02,\"ws07,a.exe,12,a";
    let closed = "2026-01-02,ws07,a.exe,12,\"a\"";
    let fault = |line| format!("a.csv:{line}: a quote is never closed; correct the row, or export it again");
    assert_eq!(descriptions(format!("{HEADER}\n{stray}\n{ROW}\n{ROW}\n")), [&fault(2), "Line(3)", "Line(4)"]);
    let found = descriptions(format!("{HEADER}\n{stray}\n{ROW}\n{closed}\n{ROW}\n"));
    assert_eq!(found[1..], ["Line(3)", "Line(4)", "Line(5)"], "{found:?}");
}

#[test]
fn tel_64_a_row_that_is_too_long_is_reported_and_skipped() {
    let long = "x".repeat(17 << 20);
    let fault =
        "a.csv:2: a row of 17825792 bytes is longer than 16777216 bytes; correct the row, or export it again";
    assert_eq!(
        descriptions(format!("{HEADER}\n{long}\n{ROW}\n")),
        [fault, "Line(3)"].map(|word| word.replace("17825792", "17825793"))
    );
    let wide = format!("2026-01-02,ws07,a.exe,12,{}\n", "x".repeat(4 << 10));
    let quoted = format!("{HEADER}\n\"x\n{}{ROW}", wide.repeat(5_000));
    let found = descriptions(quoted);
    assert_eq!(found.len(), 5_002);
    assert_eq!(found[0], "a.csv:2: a quote is never closed; correct the row, or export it again");
    assert_eq!(found[5_001], "Line(5003)");
}

#[test]
fn tel_68_invalid_utf_8_is_a_fault() {
    let mut text = format!("{HEADER}\n").into_bytes();
    text.extend(b"2026-01-02,\xff,a,1,b\n");
    text.extend(ROW.as_bytes());
    let found = descriptions(text);
    assert_eq!(found[0], "a.csv:2: byte 11 of the row is not UTF-8; save the export as UTF-8");
    assert_eq!(found[1..], ["Line(3)"]);
}

/// Fails at the end of its bytes.
struct Failing<'a>(&'a [u8]);

impl Read for Failing<'_> {
    fn read(&mut self, into: &mut [u8]) -> std::io::Result<usize> {
        match self.0.read(into)? {
            0 => Err(std::io::Error::other("the disk is gone")),
            read => Ok(read),
        }
    }
}

#[test]
fn rows_before_an_error_of_the_input_are_kept() {
    let text = format!("{HEADER}\n{ROW}\n");
    let found = items_of(Failing(text.as_bytes()), |_| true);
    let [Item::Event(_), Item::Fault(fault)] = &found[..] else { panic!("{found:?}") };
    assert_eq!(
        fault.to_string(),
        "a.csv:3: the disk is gone; everything before it was read; get an undamaged copy"
    );
}

#[test]
fn tel_63_a_quote_in_the_middle_of_a_field_swallows_no_row() {
    let damaged = ROW.replace("a /x", "\"a /x");
    let text = format!("{HEADER}\n{ROW}\n{damaged}\n{ROW}\n{damaged}\n{ROW}\n");
    let items = items_of(text.as_bytes(), |_| true);
    let events = items.iter().filter(|item| matches!(item, Item::Event(_))).count();
    let faults = items.iter().filter(|item| matches!(item, Item::Fault(_))).count();
    assert_eq!((events, faults), (3, 2), "{items:?}");
}

const SECURITY: &str = "EventID,NewProcessName,Channel,CommandLine,TimeGenerated\n\
                        4688,C:\\b.exe,Security,b /y,2026-01-02T03:04:05Z\n";

fn file_names(text: &str) -> Vec<String> {
    let name = |item: &Item| match item {
        Item::Event(event) => event.cell("FileName").unwrap().as_str().unwrap().to_owned(),
        Item::Fault(fault) => fault.to_string(),
        Item::Filtered(_) | Item::Skipped(_) => format!("{item:?}"),
    };
    items(text).iter().map(name).collect()
}

#[test]
fn tel_106_another_header_starts_another_table() {
    let first = format!("{HEADER}\n{ROW}\n");
    let reordered = "FileName,ProcessCommandLine,Timestamp,DeviceName,ProcessId\n\
                     c.exe,c /z,2026-01-02T03:04:05Z,ws07,12\n";
    for (text, expected) in [
        (format!("{first}{SECURITY}{first}"), vec!["a.exe", "b.exe", "a.exe"]),
        (format!("{SECURITY}{first}"), vec!["b.exe", "a.exe"]),
        (format!("{first}\u{feff}{reordered}"), vec!["a.exe", "c.exe"]),
        (format!("{first}{}{first}", reordered.replace(',', ";")), vec!["a.exe", "c.exe", "a.exe"]),
        (format!("{first}\"{}", reordered.replacen(',', "\",", 1)), vec!["a.exe", "c.exe"]),
        (format!("{first}{first}{first}"), vec!["a.exe"; 3]),
    ] {
        assert_eq!(file_names(&text), expected, "{text}");
    }
}

#[test]
fn tel_106_rows_are_never_read_with_the_header_of_another_table() {
    let first = format!("{HEADER}\n{ROW}\n");
    let lacking = "Timestamp,DeviceId,FileName\n2026-01-02T03:04:05Z,d,c.exe\n";
    let what = "the header lacks ProcessCommandLine, so the rows after it are not read; \
                export the rows of DeviceProcessEvents with these columns";
    let found = file_names(&format!("{first}{lacking}{first}"));
    assert_eq!(found, ["a.exe", &format!("a.csv:3: {what}"), "a.exe"]);
    let joined = format!(
        "{}FileName,ProcessCommandLine,Timestamp,DeviceName,ProcessId\nc,c,2026-01-02,d,1\n{first}",
        first.trim_end()
    );
    let what = "a.csv:2: another header follows on the line of a row, so the rows after it are not read; \
                end the line before the header";
    assert_eq!(file_names(&joined), [what, "a.exe"]);
    // A row that has the names of columns as values is a row.
    let named = format!("{HEADER}\n2026-01-02T03:04:05Z,DeviceName,FileName,12,ProcessCommandLine\n");
    assert_eq!(file_names(&named), ["FileName"]);
}
