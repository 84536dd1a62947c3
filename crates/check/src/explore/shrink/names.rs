//! Simpler column names, changed consistently in all arguments.

use std::collections::BTreeSet;

use serde_json::Value as Json;

use super::text::effort;

/// Simpler names, and simpler letters in names.
const PLAIN: [&str; 4] = ["a", "b", "c", "d"];

/// A change to all names.
type Change = Box<dyn Fn(&str) -> String>;

/// The arguments with names shortened or simplified. Names that differed still differ.
pub(super) fn in_all_names(args: &[Json]) -> impl Iterator<Item = Vec<Json>> {
    let before = names(args);
    let renamed = changes(&before).into_iter().map(|change| {
        let mut args = args.to_vec();
        for_names(&mut args, &mut |name| *name = change(name));
        args
    });
    renamed.filter(move |renamed| {
        let after = names(renamed);
        renamed != args && after.len() == before.len() && !after.contains("")
    })
}

/// The changes that make names shorter or simpler: cut all to their first character,
/// rename one, remove or replace a letter in all, cut all to their last character.
fn changes(names: &BTreeSet<String>) -> Vec<Change> {
    let effort_of = |name: &str| (name.chars().count(), name.chars().map(effort).max());
    let mut changes: Vec<Change> = vec![Box::new(|name| name.chars().take(1).collect())];
    for from in names {
        for to in PLAIN.into_iter().filter(|to| effort_of(to) < effort_of(from)) {
            let from = from.clone();
            changes.push(Box::new(move |name| if name == from { to } else { name }.to_owned()));
        }
    }
    let letters = names.iter().flat_map(|name| name.chars()).map(|c| c.to_ascii_lowercase());
    for letter in letters.collect::<BTreeSet<char>>() {
        let plainer = PLAIN.into_iter().filter(|to| effort_of(to).1 < Some(effort(letter)));
        for to in std::iter::once("").chain(plainer) {
            changes.push(Box::new(move |name| {
                name.replace(letter, to).replace(letter.to_ascii_uppercase(), &to.to_ascii_uppercase())
            }));
        }
    }
    changes.push(Box::new(|name| name.chars().next_back().map(String::from).unwrap_or_default()));
    changes
}

/// Every distinct name in the arguments.
fn names(args: &[Json]) -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    for_names(&mut args.to_vec(), &mut |name| names.extend([name.clone()]));
    names
}

/// Changes the names in the first two arguments. The third is a value.
fn for_names(args: &mut [Json], change: &mut dyn FnMut(&mut String)) {
    args.iter_mut().take(2).for_each(|arg| for_names_in(arg, change));
}

/// Changes the column names of a row or a table, or names listed in an array.
fn for_names_in(value: &mut Json, change: &mut dyn FnMut(&mut String)) {
    match value {
        Json::Object(table) if table.get("rows").is_some_and(Json::is_array) => {
            let columns = table.get_mut("columns").and_then(Json::as_array_mut).into_iter().flatten();
            columns.filter_map(|column| column.get_mut("name")).for_each(|name| for_names_in(name, change));
        }
        Json::Object(row) => {
            let cells = std::mem::take(row).into_iter();
            *row = cells
                .map(|(mut name, cell)| {
                    change(&mut name);
                    (name, cell)
                })
                .collect();
        }
        Json::Array(listed) => listed.iter_mut().for_each(|names| for_names_in(names, change)),
        Json::String(name) => change(name),
        Json::Null | Json::Bool(_) | Json::Number(_) => {}
    }
}
