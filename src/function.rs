//! What an engine can be asked for: the one list of functions.
//!
//! Engines, vectors and the command line name a function by the text that KQL writes.
//! That text is parsed to a [`Function`] where it comes in. What is done for each
//! function is a `match` over all of them, so that a new function is missing nowhere.

use std::fmt;
use std::str::FromStr;

/// A function or an operator of KQL, or the rule as a whole.
///
/// ```
/// use rulespec::Function;
///
/// assert_eq!("has_any".parse(), Ok(Function::HasAny));
/// assert_eq!(Function::Element.to_string(), "[]");
/// assert_eq!(Function::ALL.len(), 14);
///
/// let error = "contains".parse::<Function>().unwrap_err();
/// assert_eq!(
///     error.to_string(),
///     "there is no function \"contains\"; `rulespec list functions` names all"
/// );
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Function {
    /// `=~`: whether two strings are equal, whatever their case.
    EqCi,
    /// `has`: whether a string has a term.
    Has,
    /// `has_any`: whether a string has one of several terms.
    HasAny,
    /// `parse_command_line`: the arguments of a command line.
    ParseCommandLine,
    /// `[]`: an element of an array.
    Element,
    /// `tostring`: a value as a string.
    ToString,
    /// `indexof`: where a string is in another.
    IndexOf,
    /// `substring`: a part of a string.
    Substring,
    /// `iff`: one of two values, by a condition.
    Iff,
    /// `column_ifexists`: a column of a row, or a default.
    ColumnIfExists,
    /// `where`: the rows of a table for which a predicate is true.
    Where,
    /// `extend`: a table with more columns.
    Extend,
    /// `project-reorder`: a table with some columns first.
    ProjectReorder,
    /// `bitsadmin_activity`: the rows of a table that the rule detects.
    BitsadminActivity,
}

impl Function {
    /// Every function, in the order in which they are listed and timed.
    pub const ALL: [Self; 14] = [
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
    ];

    /// The name that KQL gives it, by which engines are asked.
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
        }
    }
}

impl fmt::Display for Function {
    /// The [name](Function::name); width and alignment are kept.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

/// A name that no function has.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("there is no function {name:?}; `rulespec list functions` names all")]
pub struct UnknownFunction {
    /// The name; it may be untrusted text.
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
    /// As its [name](Function::name).
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.name())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn functions_are_listed_in_their_order_and_parsed_by_their_names() {
        for (place, function) in Function::ALL.into_iter().enumerate() {
            assert_eq!(function as usize, place);
            assert_eq!(function.name().parse(), Ok(function));
        }
    }
}
