//! Simpler names of columns, the same wherever in a question they stand.

use std::collections::BTreeSet;

use serde_json::Value as Json;

use super::text::effort;

/// What a column may be called instead, and a letter in its name be instead.
const PLAIN: [&str; 4] = ["a", "b", "c", "d"];

/// The question with names shortened or made plainer, so that those that differed
/// still do.
pub(super) fn in_all_names(args: &[Json]) -> impl Iterator<Item = Vec<Json>> {
    let names = names(args);
    let count = names.len();
    let renamed = args.to_vec();
    let changes = changes(names);
    let all = changes.into_iter().map(move |change| {
        let mut args = renamed.clone();
        for_names(&mut args, &|name| change.of(name));
        args
    });
    let own = args.to_vec();
    all.filter(move |args| {
        let after = self::names(args);
        *args != own && after.len() == count && !after.contains("")
    })
}

/// A change of all names.
enum Change {
    /// To their first character.
    Cut,
    /// Of one of them to another.
    Rename(String, &'static str),
    /// Of a letter in all, a capital to a capital.
    Letter(char, &'static str),
}

impl Change {
    fn of(&self, name: &str) -> String {
        match self {
            Self::Cut => name.chars().take(1).collect(),
            Self::Rename(from, to) if from == name => (*to).to_owned(),
            Self::Rename(..) => name.to_owned(),
            Self::Letter(from, to) => {
                name.replace(*from, to).replace(from.to_ascii_uppercase(), &to.to_ascii_uppercase())
            }
        }
    }
}

/// The changes that make names shorter or plainer, the boldest first.
fn changes(names: BTreeSet<String>) -> Vec<Change> {
    let letters: BTreeSet<char> = names.iter().flat_map(|name| name.chars()).collect();
    let letters: BTreeSet<char> = letters.iter().map(char::to_ascii_lowercase).collect();
    let weight = |name: &str| (name.chars().count(), name.chars().map(effort).max());
    let renames = names.into_iter().flat_map(|name| {
        let plainer = PLAIN.into_iter().filter(|plain| weight(plain) < weight(&name)).collect::<Vec<_>>();
        plainer.into_iter().map(move |plain| Change::Rename(name.clone(), plain))
    });
    let letters = letters.into_iter().flat_map(|letter| {
        let plainer = PLAIN.into_iter().filter(move |plain| weight(plain).1 < Some(effort(letter)));
        std::iter::once("").chain(plainer).map(move |plain| Change::Letter(letter, plain))
    });
    std::iter::once(Change::Cut).chain(renames).chain(letters).collect()
}

/// Every name in a question, each once.
fn names(args: &[Json]) -> BTreeSet<String> {
    let names = std::cell::RefCell::new(BTreeSet::new());
    for_names(&mut args.to_vec(), &|name| {
        names.borrow_mut().insert(name.to_owned());
        name.to_owned()
    });
    names.into_inner()
}

/// Changes the names in the first two arguments; the third is a value.
fn for_names(args: &mut [Json], change: &dyn Fn(&str) -> String) {
    args.iter_mut().take(2).for_each(|arg| for_names_in(arg, change));
}

/// Changes the names of a row's or a table's columns, and those that stand for
/// themselves.
fn for_names_in(value: &mut Json, change: &dyn Fn(&str) -> String) {
    match value {
        Json::Object(table) if table.get("rows").is_some_and(Json::is_array) => {
            let columns = table.get_mut("columns").and_then(Json::as_array_mut).into_iter().flatten();
            columns.filter_map(|column| column.get_mut("name")).for_each(|name| for_names_in(name, change));
        }
        Json::Object(row) => {
            let cells = std::mem::take(row).into_iter();
            *row = cells.map(|(name, cell)| (change(&name), cell)).collect();
        }
        Json::Array(listed) => listed.iter_mut().for_each(|names| for_names_in(names, change)),
        Json::String(name) => *name = change(name),
        _ => {}
    }
}
