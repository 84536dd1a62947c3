//! The list of functions that an engine can be asked to call.
//!
//! Engines, vectors and the command line name a function as KQL does. The name is parsed to a
//! [`Function`] on input. Code that depends on the function matches exhaustively, so the
//! compiler finds every place that a new function needs.

use std::fmt;
use std::str::FromStr;

/// A function or operator of KQL, or the whole rule.
///
/// ```
/// use rulespec::Function;
///
/// assert_eq!("has_any".parse(), Ok(Function::HasAny));
/// assert_eq!(Function::Element.to_string(), "[]");
/// assert_eq!(Function::ALL.len(), 15);
///
/// let error = "contains".parse::<Function>().unwrap_err();
/// assert_eq!(
///     error.to_string(),
///     "there is no function \"contains\"; `rulespec list functions` names all"
/// );
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Function {
    /// `=~`: whether two strings are equal, ignoring case.
    EqCi,
    /// `has`: whether a string contains a term.
    Has,
    /// `has_any`: whether a string contains at least one of several terms.
    HasAny,
    /// `parse_command_line`: the arguments of a command line.
    ParseCommandLine,
    /// `[]`: an element of an array.
    Element,
    /// `tostring`: a value as a string.
    ToString,
    /// `indexof`: the position of a string in another.
    IndexOf,
    /// `substring`: a part of a string.
    Substring,
    /// `iff`: one of two values, depending on a condition.
    Iff,
    /// `column_ifexists`: a cell of a row, or a default value.
    ColumnIfExists,
    /// `where`: the rows of a table for which a predicate is true.
    Where,
    /// `extend`: a table with computed columns added.
    Extend,
    /// `project-reorder`: a table with some columns moved to the front.
    ProjectReorder,
    /// `bitsadmin_activity`: the rows of a table that the rule detects.
    BitsadminActivity,
    /// `query`: the result of a query over some tables.
    Query,
}

impl Function {
    /// Every function, in the order of listings and benchmarks.
    pub const ALL: [Self; 15] = [
        Self::EqCi,
        Self::Has,
        Self::HasAny,
        Self::ParseCommandLine,
        Self::Element,
        Self::ToString,
        Self::IndexOf,
        Self::Substring,
        Self::Iff,
        Self::ColumnIfExists,
        Self::Where,
        Self::Extend,
        Self::ProjectReorder,
        Self::BitsadminActivity,
        Self::Query,
    ];

    /// Returns the name in KQL, by which engines are asked to call the function.
    pub const fn name(self) -> &'static str {
        match self {
            Self::EqCi => "=~",
            Self::Has => "has",
            Self::HasAny => "has_any",
            Self::ParseCommandLine => "parse_command_line",
            Self::Element => "[]",
            Self::ToString => "tostring",
            Self::IndexOf => "indexof",
            Self::Substring => "substring",
            Self::Iff => "iff",
            Self::ColumnIfExists => "column_ifexists",
            Self::Where => "where",
            Self::Extend => "extend",
            Self::ProjectReorder => "project-reorder",
            Self::BitsadminActivity => "bitsadmin_activity",
            Self::Query => "query",
        }
    }
}

impl fmt::Display for Function {
    /// Writes the [name](Function::name), with the formatter's width and alignment.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

/// The error for a name that is not the name of a function.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("there is no function {name:?}; `rulespec list functions` names all")]
pub struct UnknownFunction {
    /// The name, which can be untrusted text.
    pub name: String,
}

impl FromStr for Function {
    type Err = UnknownFunction;

    fn from_str(name: &str) -> Result<Self, UnknownFunction> {
        let known = Self::ALL.into_iter().find(|function| function.name() == name);
        known.ok_or_else(|| UnknownFunction { name: name.to_owned() })
    }
}

impl serde::Serialize for Function {
    /// Serializes the [name](Function::name).
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.name())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_lists_the_functions_in_order_and_each_is_parsed_from_its_name() {
        for (index, function) in Function::ALL.into_iter().enumerate() {
            assert_eq!(function as usize, index);
            assert_eq!(function.name().parse(), Ok(function));
        }
    }
}
