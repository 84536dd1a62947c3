use proptest::prelude::*;
use proptest::sample::{select, subsequence};

use super::any_table;
use rulespec::kql::{Column, Dynamic, Table, Type, column_ifexists};

fn names(table: &Table) -> Vec<String> {
    table.columns().iter().map(|column| column.name.clone()).collect()
}

/// A table, and the names of some of its columns in any order.
fn table_and_list() -> impl Strategy<Value = (Table, Vec<String>)> {
    any_table().prop_flat_map(|table| {
        let names = names(&table);
        let count = names.len();
        (Just(table), subsequence(names, 0..=count).prop_shuffle())
    })
}

/// A table, and assignments of its columns to different names, existing and new.
fn table_and_assignments() -> impl Strategy<Value = (Table, Vec<(String, usize)>)> {
    any_table().prop_filter("a column to assign", |table| !table.columns().is_empty()).prop_flat_map(
        |table| {
            let targets = subsequence(vec!["a", "b", "x", "y"], 0..=4).prop_shuffle();
            let sources = proptest::collection::vec(0..table.columns().len(), 4);
            let pair = |targets: Vec<&str>, sources: Vec<usize>| {
                targets.into_iter().map(str::to_owned).zip(sources).collect()
            };
            (Just(table), (targets, sources).prop_map(move |(targets, sources)| pair(targets, sources)))
        },
    )
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn a_table_is_what_its_json_is(table in any_table()) {
        prop_assert_eq!(Table::from_json(&table.to_json()), Ok(table));
    }

    #[test]
    fn project_reorder_is_a_permutation((table, listed) in table_and_list()) {
        let listed: Vec<&str> = listed.iter().map(String::as_str).collect();
        let reordered = table.project_reorder(&listed).unwrap();
        let (before, after) = (names(&table), names(&reordered));
        let others: Vec<String> = before.iter().filter(|name| !listed.contains(&name.as_str())).cloned().collect();
        prop_assert_eq!(&after[..listed.len()], &listed[..]);
        prop_assert_eq!(&after[listed.len()..], &others[..]);
        prop_assert_eq!(table.rows().len(), reordered.rows().len());
        for (old, new) in table.rows_by_name().zip(reordered.rows_by_name()) {
            prop_assert!(before.iter().all(|name| old.get(name) == new.get(name)));
        }
    }

    #[test]
    fn project_reorder_can_be_undone((table, listed) in table_and_list()) {
        let listed: Vec<&str> = listed.iter().map(String::as_str).collect();
        let before = names(&table);
        let before: Vec<&str> = before.iter().map(String::as_str).collect();
        prop_assert_eq!(table.project_reorder(&listed).unwrap().project_reorder(&before), Ok(table));
    }

    #[test]
    fn extend_assigns_columns_and_keeps_the_other_cells((table, assigned) in table_and_assignments()) {
        let typed = |(name, from): &(String, usize)| Column::new(name, table.columns()[*from].r#type);
        let columns: Vec<Column> = assigned.iter().map(typed).collect();
        let cell = |row: rulespec::kql::Row<'_>, number: usize| {
            let from = &table.columns()[assigned[number].1].name;
            Ok(row.cell(from)?.clone())
        };
        let extended = table.extend(&columns, &cell).unwrap();
        let before = names(&table);
        prop_assert_eq!(&names(&extended)[..before.len()], &before[..]);
        prop_assert_eq!(extended.rows().len(), table.rows().len());
        for (old, new) in table.rows().iter().zip(extended.rows_by_name()) {
            for (place, name) in before.iter().enumerate() {
                let from = assigned.iter().find(|(target, _)| target == name).map_or(place, |(_, from)| *from);
                prop_assert_eq!(new.get(name), Some(&old[from]));
            }
            for (target, from) in &assigned {
                prop_assert_eq!(new.get(target), Some(&old[*from]));
            }
        }
    }

    #[test]
    fn where_keeps_the_rows_with_a_true_predicate(table in any_table(), keep in any::<[Option<bool>; 4]>()) {
        let number = std::cell::Cell::new(0);
        let kept = table.filter(&|_| {
            number.set(number.get() + 1);
            Ok(keep[number.get() - 1])
        });
        let expected = table.rows().iter().zip(keep).filter(|(_, keep)| *keep == Some(true));
        let kept = kept.unwrap();
        prop_assert_eq!(kept.rows(), expected.map(|(row, _)| row.clone()).collect::<Vec<_>>());
        prop_assert_eq!(kept.columns(), table.columns());
    }

    #[test]
    fn column_ifexists_is_the_cell_or_the_default(table in any_table(), name in select(&["a", "b", "x", "A"][..])) {
        let place = table.columns().iter().position(|column| column.name == name);
        for (row, cells) in table.rows_by_name().zip(table.rows()) {
            let expected = place.map_or(Dynamic::from("default"), |place| cells[place].clone());
            prop_assert_eq!(column_ifexists(row, name, "default".into()), expected);
        }
    }
}

/// Values that are equal to few others, if to any.
const VALUES: [Dynamic; 8] = [
    Dynamic::Null,
    Dynamic::Long(0),
    Dynamic::Long(1),
    Dynamic::Real(0.0),
    Dynamic::Real(-0.0),
    Dynamic::Real(1.0),
    Dynamic::Real(f64::NAN),
    Dynamic::Bool(false),
];

proptest! {
    #[test]
    fn distinct_keeps_the_rows_that_are_equal_to_none_before(
        rows in proptest::collection::vec((select(&VALUES), select(&VALUES), any::<bool>()), 0..40),
    ) {
        let mut table = Table::new(["a", "b"].map(|name| Column::new(name, Type::Dynamic)).to_vec()).unwrap();
        for (a, b, is_nested) in rows {
            let bag = Dynamic::Bag(vec![("x".to_owned(), Dynamic::Array(vec![b.clone()]))]);
            table.push(vec![a, if is_nested { bag } else { b }]).unwrap();
        }
        let mut expected: Vec<Vec<Dynamic>> = vec![];
        for row in table.rows() {
            if !expected.contains(row) {
                expected.push(row.clone());
            }
        }
        prop_assert_eq!(format!("{:?}", table.distinct().rows()), format!("{expected:?}"));
    }
}

#[test]
fn distinct_takes_linear_time_whatever_the_rows_are() {
    let values: [fn(i64) -> Dynamic; 4] = [
        |_| Dynamic::Real(f64::NAN),
        |row| Dynamic::Real(row as f64),
        |row| Dynamic::Array(vec![Dynamic::Real(row as f64)]),
        |row| Dynamic::Bag(vec![(row.to_string(), Dynamic::Null)]),
    ];
    for value in values {
        let mut table = Table::new(vec![Column::new("a", Type::Dynamic)]).unwrap();
        (0..100_000).for_each(|row| table.push(vec![value(row)]).unwrap());
        assert_eq!(table.distinct().rows().len(), 100_000);
    }
}
