//! Misreadings of chapter 60: other texts of the rule.

use super::definition::Misreading;
use crate::engine::Reference;
use rulespec::rule::Rule;

/// Declares misreadings by parts of the rule's text, each of which occurs once, and what is in place
/// of them.
macro_rules! edits {
    ($($name:literal misreads $clause:literal: $says:literal, $($part:literal => $other:literal),+;)+) => {
        pub(super) const MISREADINGS: &[Misreading] = &[
            $(Misreading {
                name: $name,
                says: $says,
                breaks: $clause,
                apply: |engine| edit(engine, &[$(($part, $other)),+]),
            }),+
        ];
    };
}

edits! {
    "file-name-as-term" misreads "RUL-01":
        "`FileName` matches if it has the term bitsadmin",
        r#"FileName =~ "bitsadmin.exe" or"# => r#"FileName has "bitsadmin" or"#;
    "original-name-not-looked-at" misreads "RUL-02":
        "only `FileName` identifies the program",
        r#"or column_ifexists("ProcessVersionInfoOriginalFileName", "ColumnNotAvailable") =~"# => "or FileName =~";
    "original-name-demanded" misreads "RUL-03":
        "a table without `ProcessVersionInfoOriginalFileName` is an error",
        r#"column_ifexists("ProcessVersionInfoOriginalFileName", "ColumnNotAvailable")"#
            => "ProcessVersionInfoOriginalFileName";
    "every-run-selected" misreads "RUL-04":
        "every run of the program is selected, regardless of its switches",
        r#"and ProcessCommandLine has_any ("/Transfer", "/AddFile", "/AddFileSet", "/AddFileWithRanges")"# => "";
    "program-or-switch" misreads "RUL-04":
        "a row is selected if it comes from the program or has one of the switches",
        "and ProcessCommandLine has_any" => "or ProcessCommandLine has_any";
    "transfer-only" misreads "RUL-04":
        "the only switch that counts is `/Transfer`",
        r#", "/AddFile", "/AddFileSet", "/AddFileWithRanges""# => "";
    "switches-without-slash" misreads "RUL-04":
        "a switch matches without its slash",
        r#"("/Transfer", "/AddFile", "/AddFileSet", "/AddFileWithRanges")"#
            => r#"("Transfer", "AddFile", "AddFileSet", "AddFileWithRanges")"#;
    "arguments-after-first-blank" misreads "RUL-05":
        "`ParsedCommandLine` is parsed from the text after the first space, so it lacks the program name",
        "parse_command_line(ProcessCommandLine,"
            => r#"parse_command_line(substring(ProcessCommandLine, indexof(ProcessCommandLine, " ") + 1),"#;
    "url-by-position" misreads "RUL-06":
        "`RemoteUrl` is the third argument after the program name",
        "[-2]" => "[3]";
    "file-by-position" misreads "RUL-07":
        "`LocalFile` is the fourth argument after the program name",
        "[-1]" => "[4]";
    "upload-without-slash" misreads "RUL-08":
        "the word upload counts as an upload even without a slash",
        r#"has "/Upload""# => r#"has "Upload""#;
    "upload-unless-download" misreads "RUL-08":
        "a command line without `/Download` is an upload",
        r#"has "/Upload", "Upload", "Download""# => r#"has "/Download", "Download", "Upload""#;
    "computed-columns-not-first" misreads "RUL-09":
        "`Direction`, `RemoteUrl` and `LocalFile` come last, as new columns do",
        "    Direction,\n    RemoteUrl,\n    LocalFile,\n" => "";
    "host-name-with-dot" misreads "RUL-10":
        "`HostName` includes the first dot",
        r#"indexof(DeviceName, "."))"# => r#"indexof(DeviceName, ".") + 1)"#;
    "no-host-without-dot" misreads "RUL-10":
        "`HostName` is `\"\"` if `DeviceName` has no dot",
        ")), DeviceName)" => ")), \"\")";
    "domain-with-dot" misreads "RUL-11":
        "`DnsDomain` includes the first dot",
        " + 1)" => ")";
    "domain-whole-without-dot" misreads "RUL-11":
        "`DnsDomain` is the whole `DeviceName` if that has no dot",
        "+ 1), \"\")" => "+ 1), DeviceName)";
    "host-before-arguments" misreads "RUL-12":
        "`HostName` and `DnsDomain` come before `ParsedCommandLine`",
        "| extend ParsedCommandLine" => "| extend HostName = '', DnsDomain = '' | extend ParsedCommandLine";
    "sorted-by-time" misreads "RUL-13":
        "the selected rows are sorted by time",
        "| extend ParsedCommandLine" => "| sort by TimeGenerated asc | extend ParsedCommandLine";
    "missing-file-name-is-empty" misreads "RUL-14":
        "a table without `FileName` is treated as if `FileName` were empty",
        "FileName =~ \"bitsadmin.exe\" or" => "column_ifexists('FileName', '') =~ 'bitsadmin.exe' or";
    "host-of-the-input-stays" misreads "RUL-15":
        "a `HostName` or `DnsDomain` that the input already has is kept",
        "HostName = iff(" => "HostName = column_ifexists('HostName', iff(", ")), DeviceName)" => ")), DeviceName))",
        "DnsDomain = iff(" => "DnsDomain = column_ifexists('DnsDomain', iff(", ", \"\")" => ", \"\"))";
    "arguments-as-text" misreads "RUL-16":
        "`ParsedCommandLine` is a string that contains JSON",
        r#"parse_command_line(ProcessCommandLine, "windows")"#
            => r#"tostring(parse_command_line(ProcessCommandLine, "windows"))"#,
        "ParsedCommandLine[-2]" => "parse_command_line(ProcessCommandLine, 'windows')[-2]",
        "ParsedCommandLine[-1]" => "parse_command_line(ProcessCommandLine, 'windows')[-1]";
    "number-taken-as-command-line" misreads "RUL-17":
        "a `ProcessCommandLine` that is not a string is converted to one",
        "ProcessCommandLine has_any" => "tostring(ProcessCommandLine) has_any",
        "parse_command_line(ProcessCommandLine" => "parse_command_line(tostring(ProcessCommandLine)",
        "ProcessCommandLine has \"/Upload\"" => "tostring(ProcessCommandLine) has \"/Upload\"";
}

/// Edits the text of the rule. A part that does not occur exactly once is left as it is; a test finds
/// such misreadings, because they agree with the reference.
fn edit(engine: &mut Reference, edits: &[(&str, &str)]) {
    let mut text = engine.rule.text().to_owned();
    for (part, other) in edits {
        if text.matches(part).count() == 1 {
            text = text.replace(part, other);
        }
    }
    if let Ok(rule) = Rule::from_kql(&text) {
        engine.rule = rule;
    }
}
