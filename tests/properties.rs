//! Properties of the reference under every profile, and comparisons of `fast` with it.
//!
//! The strategies generate short strings of few characters, so that the interesting cases are
//! frequent.

#[cfg(feature = "arrow")]
mod columns;
mod command_line;
mod dynamic;
mod fast;
mod laws;
mod plan;
mod rule;
mod table;
mod terms;
mod text;
mod time;

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::{Index, select};

use rulespec::kql::{Column, Dynamic, Profile, Table, Type};

/// Any choice for every open point.
fn any_profile() -> impl Strategy<Value = Profile> {
    vec(any::<Index>(), Profile::POINTS.len()).prop_map(|choices| {
        let mut profile = Profile::default();
        for ((point, alternatives), choice) in Profile::POINTS.iter().zip(choices) {
            assert!(profile.choose(point, choice.get::<&str>(alternatives)));
        }
        profile
    })
}

/// A short string of these characters.
fn string_of(characters: &'static [char]) -> impl Strategy<Value = String> {
    vec(select(characters), 0..12).prop_map(String::from_iter)
}

/// A short string of letters, a digit, a combining mark, separators, and characters with
/// non-ASCII case mappings.
fn any_text() -> impl Strategy<Value = String> {
    string_of(&[
        'a', 'A', 'b', 'K', '7', '_', '/', '.', ' ', 'é', 'É', 'ſ', 'ς', 'İ', '\u{345}', '\u{212a}', '😀',
    ])
}

/// A short ASCII string, in which bytes, code units and code points are the same.
fn any_ascii() -> impl Strategy<Value = String> {
    string_of(&['a', 'A', 'b', '.', ' '])
}

/// Any JSON value without floating-point numbers.
fn any_json_value() -> impl Strategy<Value = Dynamic> {
    let leaf = prop_oneof![
        Just(Dynamic::Null),
        any::<bool>().prop_map(Dynamic::Bool),
        any::<i64>().prop_map(Dynamic::Long),
        any_text().prop_map(Dynamic::String),
    ];
    leaf.prop_recursive(2, 8, 3, |inner| {
        prop_oneof![
            vec(inner.clone(), 0..3).prop_map(Dynamic::Array),
            inner.prop_map(|value| Dynamic::Bag(vec![("k".to_owned(), value)])),
        ]
    })
}

/// A cell of a column of this type, sometimes null if the type allows it.
fn any_cell(r#type: Type) -> BoxedStrategy<Dynamic> {
    let value = match r#type {
        Type::String => return any_text().prop_map(Dynamic::String).boxed(),
        Type::Dynamic => return any_json_value().boxed(),
        Type::Bool => any::<bool>().prop_map(Dynamic::Bool).boxed(),
        Type::Int => any::<i32>().prop_map(|number| Dynamic::Long(number.into())).boxed(),
        Type::Long => any::<i64>().prop_map(Dynamic::Long).boxed(),
        Type::Real => proptest::num::f64::NORMAL.prop_map(Dynamic::Real).boxed(),
        Type::Datetime => time::any_datetime().prop_map(Dynamic::Datetime).boxed(),
        Type::Timespan => time::any_timespan().prop_map(Dynamic::Timespan).boxed(),
        Type::Guid => any_ascii().prop_map(Dynamic::String).boxed(),
    };
    prop_oneof![1 => Just(Dynamic::Null), 4 => value].boxed()
}

/// A table of up to four columns `a`, `b`, `c`, `d` of any type, and up to four rows.
fn any_table() -> impl Strategy<Value = Table> {
    vec(select(&Type::ALL[..]), 0..=4).prop_flat_map(|types| {
        let row: Vec<_> = types.iter().map(|r#type| any_cell(*r#type)).collect();
        vec(row, 0..=4).prop_map(move |rows| {
            let columns = ["a", "b", "c", "d"].iter().zip(&types);
            let columns = columns.map(|(name, r#type)| Column::new(*name, *r#type)).collect();
            let mut table = Table::new(columns).unwrap();
            rows.into_iter().for_each(|row| table.push(row).unwrap());
            table
        })
    })
}
