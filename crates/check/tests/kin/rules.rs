//! The rules in `spec/kin`, and what they select.

use std::collections::BTreeMap;

use rulespec::kql::{Dynamic, Semantics, Table};
use rulespec::query::Context;
use rulespec::rule::Rule;
use rulespec_check::engine::NOW;
use rulespec_events::known_columns;
use rulespec_testing::files::files;

use super::event::{Recording, completed};

/// The facts that the comments of each rule state.
pub const FACTS: [&str; 6] = ["rule", "source", "id", "read", "licence", "translation"];

/// A translation of a rule of another collection.
pub struct Kin {
    /// The name of its file, without the extension.
    pub name: String,
    facts: BTreeMap<String, String>,
    pub rule: Rule,
}

impl Kin {
    fn new(path: &str, text: &str) -> Self {
        let name = path.trim_start_matches("spec/kin/").trim_end_matches(".kql").to_owned();
        let comments = text.lines().filter_map(|line| line.strip_prefix("// ")?.split_once(": "));
        let facts = comments.map(|(fact, value)| (fact.to_owned(), value.to_owned())).collect();
        let rule = Rule::from_kql(text).unwrap_or_else(|error| panic!("{path}: {error}"));
        Self { name, facts, rule }
    }

    /// What the comments say of a fact.
    pub fn fact(&self, name: &str) -> &str {
        self.facts.get(name).map_or("", String::as_str)
    }

    /// The facts that are missing.
    pub fn offences(&self) -> Vec<String> {
        let missing = FACTS.iter().filter(|fact| self.fact(fact).is_empty());
        missing.map(|fact| format!("spec/kin/{}.kql has no comment // {fact}: …", self.name)).collect()
    }
}

pub fn kin() -> Vec<Kin> {
    files("spec/kin", "kql").iter().map(|(path, text)| Kin::new(path, text)).collect()
}

/// Which of the events a rule selects, each asked about alone.
pub fn selects(rule: &Rule, events: &[Recording]) -> Vec<bool> {
    let columns = known_columns();
    let kql = Semantics::default();
    let context = Context { kql: &kql, now: NOW.parse().unwrap() };
    let bound = rule.bind(&columns, context).unwrap();
    let is_selected = |event: &Recording| {
        let mut cells = completed(&event.cells);
        let cell = |column: &rulespec::kql::Column| {
            cells.remove(&column.name).map_or_else(|| column.r#type.empty(), Dynamic::String)
        };
        let row = columns.iter().map(cell).collect();
        let mut table = Table::new(columns.clone()).unwrap();
        table.push(row).unwrap();
        !bound.run(&table, context).unwrap().rows().is_empty()
    };
    events.iter().map(is_selected).collect()
}
