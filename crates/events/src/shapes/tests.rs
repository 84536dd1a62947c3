use std::fs;

use rulespec_testing::files::ROOT;

use super::mapping::MAX_PATHS;
use super::*;

/// The table of `spec/shapes.md`, between its marks.
fn table(shapes: &Shapes) -> String {
    let mut table = "| section | value | paths |\n|---|---|---|\n".to_owned();
    for ShapeEntry { section, value, paths } in shapes.entries() {
        let paths: Vec<String> = paths.iter().map(|path| format!("`{path}`")).collect();
        table += &format!("| {section} | `{value}` | {} |\n", paths.join(", "));
    }
    table
}

#[test]
fn tel_54_the_specification_has_the_table_of_shapes() {
    let path = format!("{ROOT}/spec/shapes.md");
    let text = fs::read_to_string(&path).unwrap();
    let (before, rest) = text.split_once("<!-- shapes: begin -->\n").unwrap();
    let (found, after) = rest.split_once("<!-- shapes: end -->").unwrap();
    let expected = table(&Shapes::built_in());
    if std::env::var_os("RULESPEC_WRITE_SHAPES").is_some() {
        let text = format!("{before}<!-- shapes: begin -->\n{expected}<!-- shapes: end -->{after}");
        fs::write(&path, text).unwrap();
        return;
    }
    assert_eq!(found, expected, "run the test with RULESPEC_WRITE_SHAPES=1 to write the table");
}

#[test]
fn tel_96_the_paths_of_a_mapping_come_first() {
    let text = "[event]\nevent_id = ['evt.num']\nlocal_time = ['when']\n[security]\nCommandLine = ['cmd']\n\
                [row]\nFileName = ['exe']\n[alias]\nSec = 'Other'\nX = 'Security'\n";
    let (shapes, known) = (Shapes::with_mapping(text).unwrap(), Shapes::built_in());
    let paths = |shapes: &Shapes, section, value: &str| -> Vec<String> {
        let entry = shapes.entries().find(|entry| entry.section == section && entry.value == value);
        entry.map(|entry| entry.paths.iter().map(|path| path.to_string()).collect()).unwrap_or_default()
    };
    for (section, value, added) in [
        ("event", "event_id", vec!["evt.num"]),
        ("event", "local_time", vec!["when"]),
        ("event", "provider", vec![]),
        ("security", "CommandLine", vec!["cmd"]),
        ("sysmon", "CommandLine", vec![]),
        ("row", "FileName", vec!["exe"]),
    ] {
        let expected: Vec<String> =
            added.into_iter().map(str::to_owned).chain(paths(&known, section, value)).collect();
        assert_eq!(paths(&shapes, section, value), expected, "{section} {value}");
    }
    assert_eq!((shapes.windows_name("Sec"), shapes.windows_name("X")), ("Other", "Security"));
    assert_eq!(
        (shapes.windows_name("Sysmon"), shapes.windows_name("Y")),
        (known.windows_name("Sysmon"), "Y")
    );
    assert_eq!(Shapes::with_mapping(""), Ok((*known).clone()));
}

#[test]
fn tel_96_what_is_wrong_with_a_mapping_is_named() {
    let long = format!("[event]\ndata = [{}]\n", "'a',".repeat(MAX_PATHS + 1));
    for (text, line, what) in [
        ("[event\n", Some(1), "unclosed table"),
        ("[event]\n\nfoo = []\n", Some(3), "unknown field `foo`"),
        ("[event]\nevent_id = 'a'\n", Some(2), "expected a sequence"),
        ("[other]\n", Some(1), "unknown field `other`"),
        ("[sysmon]\nimage = ['a']\n", None, "no value of sysmon has the name \"image\""),
        ("[row]\nX = ['a']\n", None, "no value of row has the name \"X\""),
        ("[event]\ntime = ['a..b']\n", None, "event.time has the path \"a..b\", which has an empty name"),
        ("[event]\ntime = ['']\n", None, "event.time has the path \"\""),
        (&long, None, "event.data has more than 1000 paths"),
        (&"#".repeat(MAX_MAPPING_LEN + 1), None, "a mapping of 1048577 bytes is larger than 1 MiB"),
    ] {
        let error = Shapes::with_mapping(text).unwrap_err();
        assert_eq!(error.line, line, "{error}");
        assert!(error.what.contains(what), "{error}");
    }
}

#[test]
fn tel_53_a_flattened_key_is_a_path() {
    let shapes = Shapes::built_in();
    for (key, path) in [
        ("winlog_event_id", Some("winlog.event_id")),
        ("winlogbeat_winlog_event_id", Some("winlog.event_id")),
        ("winlogbeat_winlog_event_data_CommandLine", Some("winlog.event_data.CommandLine")),
        ("winlog_event_data_a_b", Some("winlog.event_data.a_b")),
        ("winlog_event", None),
        ("event_id", None),
        ("a_b_c", None),
    ] {
        assert_eq!(shapes.path_of_flattened(key).as_deref(), path, "{key}");
    }
}
