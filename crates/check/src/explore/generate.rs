//! Questions to engines, made from bytes.
//!
//! Everything here is made from [`arbitrary::Unstructured`], so that a fuzzer's
//! bytes, proptest's, quickcheck's and those of `rulespec explore` become the same
//! questions. They are small, and lie where clauses can be told from their
//! misreadings: quotes and backslashes, what stands beside a term, the edges of
//! arrays and texts.
//!
//! ```
//! use arbitrary::{Arbitrary, Unstructured};
//! use rulespec_check::explore::generate::{Question, WellFormed};
//!
//! let mut bytes = Unstructured::new(&[7; 64]);
//! let question = Question::<WellFormed>::arbitrary(&mut bytes)?;
//! assert!(rulespec::Function::ALL.contains(&question.case.function));
//! # Ok::<(), arbitrary::Error>(())
//! ```

mod activity;
mod command_line;
mod table;
mod text;
mod value;

#[cfg(test)]
mod tests;

use std::marker::PhantomData;

use arbitrary::{Arbitrary, Result, Unstructured};
use serde_json::{Value as Json, json};

use rulespec::Function;

use crate::engine;

/// What kind of question is made.
pub trait Style: std::fmt::Debug + Clone + 'static {
    /// Whether what the specification leaves unsaid is asked too.
    const IS_WILD: bool;
}

/// Questions whose answers the specification settles.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum WellFormed {}

/// Any questions: any characters, floating-point numbers, property bags, operands of
/// wrong types, wrong numbers of arguments.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Wild {}

impl Style for WellFormed {
    const IS_WILD: bool = false;
}

impl Style for Wild {
    const IS_WILD: bool = true;
}

/// One call of a function.
#[derive(Debug, Clone, PartialEq)]
pub struct Case {
    /// The function.
    pub function: Function,
    /// Its arguments.
    pub args: Vec<Json>,
}

impl Case {
    /// A call of this function.
    ///
    /// # Errors
    ///
    /// Where the bytes cannot be read, which those of a slice can.
    pub fn of<S: Style>(function: Function, bytes: &mut Unstructured<'_>) -> Result<Self> {
        let mut args = arguments::<S>(function, bytes)?;
        if S::IS_WILD && bytes.ratio(1, 32)? {
            spoil(&mut args, bytes)?;
        }
        Ok(Self { function, args })
    }

    /// The call as an engine is asked it.
    pub fn question(&self) -> engine::Question<'_> {
        engine::Question { function: self.function.name(), args: &self.args }
    }
}

/// Puts an operand of another type in an argument's place, or takes one away.
fn spoil(args: &mut Vec<Json>, bytes: &mut Unstructured<'_>) -> Result<()> {
    match args.len().checked_sub(1) {
        Some(last) if bytes.ratio(1, 2)? => {
            let place = bytes.int_in_range(0..=last)?;
            args[place] = value::value::<Wild>(bytes)?;
        }
        _ => drop(args.pop()),
    }
    Ok(())
}

fn arguments<S: Style>(function: Function, bytes: &mut Unstructured<'_>) -> Result<Vec<Json>> {
    Ok(match function {
        Function::EqCi => text::alike::<S>(bytes)?.map(Json::from).to_vec(),
        Function::Has => text::text_and_term::<S>(bytes)?.map(Json::from).to_vec(),
        Function::HasAny => text::text_and_terms::<S>(bytes)?.to_vec(),
        Function::IndexOf => text::text_and_part::<S>(bytes)?.map(Json::from).to_vec(),
        Function::Substring => text::text_and_stretch::<S>(bytes)?,
        Function::ParseCommandLine => command_line::line_and_parser::<S>(bytes)?.map(Json::from).to_vec(),
        Function::Element => value::array_and_index::<S>(bytes)?.to_vec(),
        Function::ToString => value::value_and_type::<S>(bytes)?,
        Function::Iff => vec![value::truth(bytes)?, value::value::<S>(bytes)?, value::value::<S>(bytes)?],
        Function::ColumnIfExists => table::row_and_column::<S>(bytes)?.to_vec(),
        Function::Where => table::table_and_predicate::<S>(bytes)?.to_vec(),
        Function::Extend => table::table_and_assignments::<S>(bytes)?.to_vec(),
        Function::ProjectReorder => table::columns_and_listed::<S>(bytes)?.to_vec(),
        Function::BitsadminActivity => vec![activity::events::<S>(bytes)?],
    })
}

/// A call of any function.
#[derive(Debug, Clone, PartialEq)]
pub struct Question<S> {
    /// The call.
    pub case: Case,
    style: PhantomData<S>,
}

impl<'a, S: Style> Arbitrary<'a> for Question<S> {
    fn arbitrary(bytes: &mut Unstructured<'a>) -> Result<Self> {
        let function = bytes.choose(&Function::ALL)?;
        Case::of::<S>(*function, bytes).map(Self::from)
    }
}

impl<S> From<Case> for Question<S> {
    fn from(case: Case) -> Self {
        Self { case, style: PhantomData }
    }
}

/// Declares what else can be made: a thing that is nearly the wanted one.
macro_rules! made {
    ($($(#[$doc:meta])* $name:ident($($part:ident: $type:ty),+) = $make:expr;)+) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq)]
        pub struct $name<S> {
            $(#[doc = concat!("The ", stringify!($part), ".")] pub $part: $type,)+
            style: PhantomData<S>,
        }

        impl<'a, S: Style> Arbitrary<'a> for $name<S> {
            fn arbitrary(bytes: &mut Unstructured<'a>) -> Result<Self> {
                let [$($part),+] = $make(bytes)?;
                Ok(Self { $($part,)+ style: PhantomData })
            }
        }
    )+};
}

made! {
    /// A command line.
    CommandLine(line: String) = |bytes| Result::Ok([command_line::line::<S>(bytes)?]);
    /// A text, and a term that is in it or nearly.
    TextAndTerm(text: String, term: String) = text::text_and_term::<S>;
    /// Two texts that are equal or nearly.
    Alike(left: String, right: String) = text::alike::<S>;
    /// A text, and a part of it or nearly.
    TextAndPart(text: String, part: String) = text::text_and_part::<S>;
    /// A text, and an array of terms of which some are in it or nearly.
    TextAndTerms(text: Json, terms: Json) = text::text_and_terms::<S>;
    /// A value of any type.
    Value(value: Json) = |bytes| Result::Ok([value::value::<S>(bytes)?]);
    /// An array, and an index near its edges.
    ArrayAndIndex(array: Json, index: Json) = value::array_and_index::<S>;
    /// A table of any columns, and the name of one of truth values.
    TableAndPredicate(table: Json, predicate: Json) = table::table_and_predicate::<S>;
    /// A table of process creations, as the rule takes it or nearly.
    Events(table: Json) = |bytes| Result::Ok([activity::events::<S>(bytes)?]);
}

/// One time in so many.
fn once_in(number: u32, bytes: &mut Unstructured<'_>) -> Result<bool> {
    bytes.ratio(1, number)
}

/// The JSON of a table.
fn table_of(columns: &[(String, &str)], rows: Vec<Vec<Json>>) -> Json {
    let column = |(name, r#type): &(String, &str)| json!({"name": name, "type": r#type});
    json!({"columns": columns.iter().map(column).collect::<Vec<_>>(), "rows": rows})
}
