//! The events of the vectors and of the claims.

use std::collections::BTreeMap;

use rulespec::kql::Table;
use rulespec::suite::{self, Want};
use rulespec_testing::files::path;

/// A process creation: its texts, by the names of their columns. All others are empty.
pub type Cells = BTreeMap<String, String>;

/// An event with its name.
pub struct Recording {
    /// The id of the vector that has it.
    pub id: String,
    pub cells: Cells,
    /// Whether Bitsadmin Activity selects it, if the vector says so.
    pub selected: Option<bool>,
}

/// What is said about a rule, and the event that shows it.
#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Claim {
    pub claim: String,
    /// The name of the rule's file in `spec/kin`, without its extension.
    pub rule: String,
    pub event: Cells,
    /// Whether Bitsadmin Activity selects the event.
    pub ours: bool,
    /// Whether the other rule does.
    pub theirs: bool,
}

pub fn claims() -> Vec<Claim> {
    let text = std::fs::read_to_string(path("spec/kin/claims.json")).unwrap();
    serde_json::from_str(&text).unwrap_or_else(|error| panic!("spec/kin/claims.json: {error}"))
}

/// The events of the vectors of `bitsadmin_activity` whose answer is no error.
pub fn vectors() -> Vec<Recording> {
    let vectors = suite::vectors().unwrap().into_iter();
    let of_rule = vectors.filter(|vector| vector.r#fn == "bitsadmin_activity");
    let mut recordings = vec![];
    for vector in of_rule {
        let wanted = match &vector.want {
            Want::Settled { want } if want.get("error").is_some() => continue,
            Want::Settled { want } => Some(want["rows"].as_array().unwrap().len()),
            Want::Open { .. } => None,
        };
        let table = Table::from_json(&vector.args[0]).unwrap();
        // With several events, the answer does not say which of them are selected.
        let selected = wanted.filter(|_| table.rows().len() == 1).map(|rows| rows == 1);
        for row in table.rows_by_name() {
            let text = |name: &str| row.get(name).and_then(|cell| cell.as_str()).map(str::to_owned);
            let names = row.columns().iter().map(|column| &column.name);
            let cells = names.filter_map(|name| Some((name.clone(), text(name)?))).collect();
            recordings.push(Recording { id: vector.id.clone(), cells, selected });
        }
    }
    recordings
}

/// An event with what the vectors leave out: the path of the program, and the kind of the event.
pub fn completed(cells: &Cells) -> Cells {
    let name = cells.get("FileName").cloned().unwrap_or_default();
    let mut cells = cells.clone();
    cells.entry("FolderPath".to_owned()).or_insert_with(|| format!(r"C:\Windows\System32\{name}"));
    cells.entry("ActionType".to_owned()).or_insert_with(|| "ProcessCreated".to_owned());
    cells
}
