//! A second implementation of the rule: one function over a row, without stages.

use rulespec::kql::{
    Column, Dynamic, Profile, Row, Table, Type, element, eq_ci, has, has_any, indexof, parse_command_line,
    substring, tostring,
};

/// The columns that the rule adds, with their values.
type AddedColumns = [(&'static str, Dynamic); 6];

/// Returns the columns that the rule adds to a row, or `None` if the rule does not select it.
pub fn evaluate_row(row: Row<'_>, profile: &Profile) -> Option<AddedColumns> {
    let text = |name: &str| row.get(name).and_then(Dynamic::as_str).unwrap();
    let line = text("ProcessCommandLine");
    let original = row.get("ProcessVersionInfoOriginalFileName").and_then(Dynamic::as_str);
    let switches = ["/Transfer", "/AddFile", "/AddFileSet", "/AddFileWithRanges"].map(Dynamic::from);
    let file_name = tostring(row.get("FileName").unwrap(), Type::Dynamic);
    let is_bitsadmin = eq_ci(&file_name, "bitsadmin.exe", profile)
        || eq_ci(original.unwrap_or("ColumnNotAvailable"), "bitsadmin.exe", profile);
    if !is_bitsadmin || !has_any(line, &switches, profile) {
        return None;
    }
    let arguments = parse_command_line(line, "windows", profile).unwrap();
    let argument = |index| Dynamic::from(tostring(&element(&arguments, index), Type::Dynamic));
    let direction = if has(line, "/Upload", profile) { "Upload" } else { "Download" };
    let device = text("DeviceName");
    let dot = indexof(device, ".").unwrap();
    let (host, domain) = if has(device, ".", profile) {
        (substring(device, 0, Some(dot)), substring(device, dot + 1, None))
    } else {
        (device.to_owned(), String::new())
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

/// Returns the selected rows of a table, with these columns. The rule must accept the table.
pub fn evaluate_table(table: &Table, columns: &[Column], profile: &Profile) -> Vec<Vec<Dynamic>> {
    let selected = table.rows_by_name().filter_map(|row| Some((row, evaluate_row(row, profile)?)));
    let project = |(row, added): (Row<'_>, AddedColumns)| {
        let cell = |column: &Column| {
            let added = added.iter().find(|(name, _)| *name == column.name).map(|(_, value)| value);
            added.unwrap_or_else(|| row.get(&column.name).unwrap()).clone()
        };
        columns.iter().map(cell).collect()
    };
    selected.map(project).collect()
}
