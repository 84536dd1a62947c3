//! How much memory values take.

use rulespec::kql::Dynamic;

/// Returns the approximate size of a row in bytes.
pub fn size_of_row(row: &[Dynamic]) -> usize {
    size_of_val(row) + row.iter().map(size_of_content).sum::<usize>()
}

/// Returns the approximate size of what a cell holds outside itself, in bytes.
pub fn size_of_content(cell: &Dynamic) -> usize {
    match cell {
        Dynamic::String(text) => text.len(),
        Dynamic::Array(elements) => {
            size_of_val(&**elements) + elements.iter().map(size_of_content).sum::<usize>()
        }
        Dynamic::Bag(members) => {
            size_of_val(&**members)
                + members.iter().map(|(name, value)| name.len() + size_of_content(value)).sum::<usize>()
        }
        Dynamic::Null
        | Dynamic::Bool(_)
        | Dynamic::Long(_)
        | Dynamic::Real(_)
        | Dynamic::Datetime(_)
        | Dynamic::Timespan(_) => 0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_size_of_a_row_includes_nested_values() {
        let text = "x".repeat(1_000);
        let bag =
            Dynamic::Bag(vec![(text.clone(), Dynamic::Array(vec![text.as_str().into(), Dynamic::Null]))]);
        let row = [Dynamic::Long(1), bag];
        assert!((2_000..2_500).contains(&size_of_row(&row)), "{}", size_of_row(&row));
    }
}
