//! From a case to simpler ones: parts removed, characters and numbers simplified.
//!
//! No step changes the type of an operand if the function requires that type, so
//! well-formed cases stay well-formed.

mod joint;
mod list;
mod names;
mod table;
pub(crate) mod text;
mod value;

#[cfg(test)]
mod tests;

use super::case::Case;
use joint::{first_parts, in_sequence_and_index, in_text_and_element, swapped_without_one};
use list::{Steps, each, none, shorter};
use names::in_all_names;
use rulespec::Function;
use serde_json::Value as Json;
use table::{simpler_table, simpler_tables};
use text::{in_all_texts, in_both_texts};
use value::{simpler_of_type, simpler_value};

/// How an argument may be simplified.
#[derive(Debug, Clone, Copy)]
enum Kind {
    /// Not at all.
    Fixed,
    /// To simpler values of the same type.
    Typed,
    /// To any simpler value.
    Any,
    /// To fewer elements.
    List,
    /// To fewer rows and columns, and simpler cells.
    Table,
    /// To simpler tables with the same columns.
    Tables,
}

fn kinds(function: Function, count: usize) -> &'static [Kind] {
    use Kind::{Any, Fixed, List, Table, Tables, Typed};
    match function {
        Function::ParseCommandLine => &[Typed, Fixed],
        Function::ToString if count == 2 => &[Typed, Fixed],
        Function::ToString => &[Any],
        Function::Iff => &[Fixed, Any, Any],
        Function::ColumnIfExists => &[Typed, Fixed, Any],
        Function::Where => &[Table, Fixed],
        Function::Extend => &[Table, List],
        Function::ProjectReorder => &[List, List],
        Function::BitsadminActivity => &[Table],
        Function::Query => &[Fixed, Tables],
        Function::EqCi
        | Function::Has
        | Function::HasAny
        | Function::Element
        | Function::IndexOf
        | Function::Substring => &[Typed, Typed, Typed],
    }
}

impl Case {
    /// Every case that is one step simpler than this one, the most aggressive steps first.
    ///
    /// ```
    /// use rulespec::Function;
    /// use rulespec_check::explore::generate::Case;
    /// use serde_json::json;
    ///
    /// let case = Case { function: Function::Has, args: vec![json!("ab"), json!("b")] };
    /// let first = case.simpler().next().unwrap();
    /// assert_eq!(first.args, [json!(""), json!("b")]);
    /// ```
    pub fn simpler(&self) -> impl Iterator<Item = Self> {
        let args = &self.args;
        let kinds = kinds(self.function, args.len());
        let one = each(args, |at, arg| kinds.get(at).map_or_else(none, |kind| steps(*kind, arg)));
        let several: Steps<'_, Vec<Json>> = match self.function {
            Function::EqCi | Function::Has | Function::IndexOf => {
                let texts = in_both_texts(args).chain(in_all_texts(args));
                Box::new(texts.chain(swapped_without_one(args)).chain(first_parts(args)))
            }
            Function::HasAny => Box::new(in_all_texts(args).chain(in_text_and_element(args))),
            Function::Element | Function::Substring => Box::new(in_sequence_and_index(args)),
            Function::ColumnIfExists | Function::Where | Function::Extend | Function::ProjectReorder => {
                Box::new(in_all_names(args))
            }
            Function::ParseCommandLine
            | Function::ToString
            | Function::Iff
            | Function::BitsadminActivity
            | Function::Query => none(),
        };
        one.chain(several).map(|args| Self { function: self.function, args })
    }
}

fn steps(kind: Kind, arg: &Json) -> Steps<'_> {
    match (kind, arg) {
        (Kind::Fixed, _) => none(),
        (Kind::Any, value) => simpler_value(value),
        (Kind::List, Json::Array(elements)) => Box::new(shorter(elements).map(Json::from)),
        (Kind::Table, table) if table.is_object() => simpler_table(table),
        (Kind::Tables, Json::Object(tables)) => simpler_tables(tables),
        (Kind::Typed | Kind::List | Kind::Table | Kind::Tables, value) => simpler_of_type(value),
    }
}
