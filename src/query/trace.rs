//! Which rows of its input a step's output consists of.

use super::bound::{BoundQuery, Step};
use super::run::{Context, sorted};
use crate::kql::{Error, Table, first_of_equal};

impl BoundQuery {
    /// Returns the number of steps at the start that look at each row alone. The others need all
    /// rows: `sort`, `top`, `take`, `distinct`, `count`.
    pub fn row_steps(&self) -> usize {
        let looks_at_rows = |step: &&Step| {
            matches!(step, Step::Where(_) | Step::Extend(_) | Step::Project(_) | Step::Reorder(_))
        };
        self.steps.iter().take_while(looks_at_rows).count()
    }
}

impl Step {
    /// Returns, for each row of the output, the index of the row of the input that it comes from.
    /// Returns `None` for `count`, whose row comes from no row in particular.
    ///
    /// # Errors
    ///
    /// Returns the first error of a function.
    pub fn rows(&self, table: &Table, context: Context<'_>) -> Result<Option<Vec<usize>>, Error> {
        let all = 0..table.rows().len();
        Ok(match self {
            Self::Where(predicate) => {
                let mut kept = vec![];
                for (index, row) in table.rows_by_name().enumerate() {
                    if predicate.evaluate(row, context)?.as_bool() == Some(true) {
                        kept.push(index);
                    }
                }
                Some(kept)
            }
            Self::Extend(_) | Self::Project(_) | Self::Reorder(_) => Some(all.collect()),
            Self::Distinct => Some(first_of_equal(table.rows())),
            Self::Take(count) => Some(all.take(usize::try_from(*count).unwrap_or_default()).collect()),
            Self::Sort(keys) => Some(sorted(table, keys, context)?),
            Self::Count(_) => None,
        })
    }
}
