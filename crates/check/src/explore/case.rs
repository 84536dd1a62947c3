//! One call of a function.

use serde_json::Value as Json;

use crate::engine::Question;
use rulespec::Function;

/// One call of a function.
#[derive(Debug, Clone, PartialEq)]
pub struct Case {
    /// The function.
    pub function: Function,
    /// Its arguments.
    pub args: Vec<Json>,
}

impl Case {
    /// The call in the form that engines take.
    pub fn question(&self) -> Question<'_> {
        Question { function: self.function.name(), args: &self.args }
    }
}
