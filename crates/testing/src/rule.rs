//! The rule, run by the reference.

use std::sync::LazyLock;

use rulespec::kql::{Column, Datetime, Error, Profile, Semantics, Table, Type};
use rulespec::query::Context;
use rulespec::query::bound::Step;
use rulespec::rule::Rule;

/// The column with the original file name of the program. A table may lack it.
pub const ORIGINAL_FILE_NAME: &str = "ProcessVersionInfoOriginalFileName";

/// The columns that the rule names outside `column_ifexists`.
pub fn required_columns() -> Vec<Column> {
    let texts = [
        "DeviceId",
        "DeviceName",
        "FileName",
        "InitiatingProcessFolderPath",
        "InitiatingProcessAccountDomain",
        "InitiatingProcessAccountName",
        "InitiatingProcessSHA256",
        "ProcessCommandLine",
    ];
    let mut columns = texts.map(|name| Column::new(name, Type::String)).to_vec();
    columns.push(Column::new("TimeGenerated", Type::Datetime));
    columns.push(Column::new("ProcessId", Type::Long));
    columns
}

/// Calls a function with what the reference needs to run a query under a profile.
pub fn in_context<T>(profile: &Profile, run: impl FnOnce(Context<'_>) -> T) -> T {
    run(Context { kql: &Semantics::with_profile(*profile), now: Datetime::UNIX_EPOCH })
}

/// Runs the rule Bitsadmin Activity under a profile.
pub fn bitsadmin_activity(table: &Table, profile: &Profile) -> Result<Table, Error> {
    in_context(profile, |context| Rule::bitsadmin_activity().run(table, context))
}

/// The first step of the rule, bound to the required columns, and to the original file name too.
static FIRST_STEPS: LazyLock<[(Vec<Column>, Step); 2]> = LazyLock::new(|| {
    [false, true].map(|has_original| {
        let mut columns = required_columns();
        columns.extend(has_original.then(|| Column::new(ORIGINAL_FILE_NAME, Type::String)));
        let step = in_context(&Profile::default(), |context| {
            Rule::bitsadmin_activity().bind(&columns, context).unwrap().steps.remove(0)
        });
        (columns, step)
    })
});

/// Whether the first step of the rule selects an event with these values.
pub fn selects(
    file_name: &str,
    original_file_name: Option<&str>,
    command_line: &str,
    profile: &Profile,
) -> bool {
    let (columns, first_step) = &FIRST_STEPS[usize::from(original_file_name.is_some())];
    let cell = |column: &Column| match column.name.as_str() {
        "FileName" => file_name.into(),
        "ProcessCommandLine" => command_line.into(),
        ORIGINAL_FILE_NAME => original_file_name.unwrap_or_default().into(),
        _ => column.r#type.empty(),
    };
    let mut table = Table::new(columns.clone()).unwrap();
    table.push(columns.iter().map(cell).collect()).unwrap();
    !in_context(profile, |context| first_step.run(&table, context)).unwrap().rows().is_empty()
}
