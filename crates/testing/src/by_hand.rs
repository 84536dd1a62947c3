//! The rule a second time and without its stages, for tests and for fuzzing.

use rulespec::kql::{
    Column, Dynamic, Profile, Row, Table, Type, element, eq_ci, has, has_any, indexof, parse_command_line,
    substring, tostring,
};

/// The rule over one row, written straight out: the columns it adds, or `None`
/// where it does not select the row.
pub fn by_hand(row: Row<'_>, profile: &Profile) -> Option<[(&'static str, Dynamic); 6]> {
    let text = |name: &str| row.get(name).and_then(Dynamic::as_str).unwrap();
    let line = text("ProcessCommandLine");
    let original = row.get("ProcessVersionInfoOriginalFileName").and_then(Dynamic::as_str);
    let switches = ["/Transfer", "/AddFile", "/AddFileSet", "/AddFileWithRanges"].map(Dynamic::from);
    let file_name = tostring(row.get("FileName").unwrap(), Type::Dynamic);
    let named = eq_ci(&file_name, "bitsadmin.exe", profile)
        || eq_ci(original.unwrap_or("ColumnNotAvailable"), "bitsadmin.exe", profile);
    if !named || !has_any(line, &switches, profile) {
        return None;
    }
    let arguments = parse_command_line(line, "windows", profile).unwrap();
    let argument = |index| Dynamic::from(tostring(&element(&arguments, index), Type::Dynamic));
    let direction = if has(line, "/Upload", profile) { "Upload" } else { "Download" };
    let device = text("DeviceName");
    let dot = indexof(device, ".").unwrap();
    let (host, domain) = match has(device, ".", profile) {
        true => (substring(device, 0, Some(dot)), substring(device, dot + 1, None)),
        false => (device.to_owned(), String::new()),
    };
    Some([
        ("RemoteUrl", argument(-2)),
        ("LocalFile", argument(-1)),
        ("ParsedCommandLine", arguments),
        ("Direction", direction.into()),
        ("HostName", host.into()),
        ("DnsDomain", domain.into()),
    ])
}

/// The cell of a row after the rule.
fn after<'a>(row: Row<'a>, added: &'a [(&str, Dynamic); 6], name: &str) -> &'a Dynamic {
    let new = added.iter().find(|(added, _)| *added == name).map(|(_, value)| value);
    new.unwrap_or_else(|| row.get(name).unwrap())
}

/// The rows of the rule's answer to a table that it takes, with these columns.
pub fn rows_by_hand(table: &Table, columns: &[Column], profile: &Profile) -> Vec<Vec<Dynamic>> {
    let selected = table.rows_by_name().filter_map(|row| Some((row, by_hand(row, profile)?)));
    let cells = |(row, added): (Row<'_>, _)| {
        columns.iter().map(|column| after(row, &added, &column.name).clone()).collect()
    };
    selected.map(cells).collect()
}
