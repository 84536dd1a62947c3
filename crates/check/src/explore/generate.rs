//! Cases generated from bytes.
//!
//! Everything here is generated from [`arbitrary::Unstructured`], so that fuzzers,
//! proptest and `rulespec explore` share one set of generators. The cases are small and
//! close to what distinguishes a clause from its misreadings: quotes and backslashes,
//! the neighbors of a term, the edges of arrays and texts.
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
mod query;
mod style;
mod table;
mod terms;
mod text;
mod value;

#[cfg(test)]
mod tests;

use std::marker::PhantomData;

use arbitrary::{Arbitrary, Result, Unstructured};
use serde_json::Value as Json;

pub use super::case::Case;
use rulespec::Function;
pub use style::{Style, WellFormed, Wild};

impl Case {
    /// Generates a call of this function.
    ///
    /// # Errors
    ///
    /// Returns an error if the bytes cannot be read. Those of a slice always can.
    pub fn of<S: Style>(function: Function, bytes: &mut Unstructured<'_>) -> Result<Self> {
        let mut args = arguments::<S>(function, bytes)?;
        if S::IS_WILD && bytes.ratio(1, 32)? {
            corrupt(&mut args, bytes)?;
        }
        Ok(Self { function, args })
    }
}

/// Replaces an argument with a value of any type, or removes the last one.
fn corrupt(args: &mut Vec<Json>, bytes: &mut Unstructured<'_>) -> Result<()> {
    match args.len().checked_sub(1) {
        Some(last) if bytes.ratio(1, 2)? => {
            let at = bytes.int_in_range(0..=last)?;
            args[at] = value::value::<Wild>(bytes)?;
        }
        _ => drop(args.pop()),
    }
    Ok(())
}

fn arguments<S: Style>(function: Function, bytes: &mut Unstructured<'_>) -> Result<Vec<Json>> {
    Ok(match function {
        Function::EqCi => terms::similar::<S>(bytes)?.map(Json::from).to_vec(),
        Function::Has => terms::text_and_term::<S>(bytes)?.map(Json::from).to_vec(),
        Function::HasAny => terms::text_and_terms::<S>(bytes)?.to_vec(),
        Function::IndexOf => terms::text_and_part::<S>(bytes)?.map(Json::from).to_vec(),
        Function::Substring => value::text_and_range::<S>(bytes)?,
        Function::ParseCommandLine => command_line::line_and_parser::<S>(bytes)?.map(Json::from).to_vec(),
        Function::Element => value::array_and_index::<S>(bytes)?.to_vec(),
        Function::ToString => value::value_and_type::<S>(bytes)?,
        Function::Iff => vec![value::condition(bytes)?, value::value::<S>(bytes)?, value::value::<S>(bytes)?],
        Function::ColumnIfExists => table::row_and_column::<S>(bytes)?.to_vec(),
        Function::Where => table::table_and_predicate::<S>(bytes)?.to_vec(),
        Function::Extend => table::table_and_assignments::<S>(bytes)?.to_vec(),
        Function::ProjectReorder => table::columns_and_listed::<S>(bytes)?.to_vec(),
        Function::BitsadminActivity => vec![activity::events::<S>(bytes)?],
        Function::Query => query::query_and_tables::<S>(bytes)?.to_vec(),
    })
}

/// Declares types that implement [`Arbitrary`].
macro_rules! generated {
    ($($(#[$doc:meta])* $name:ident($($part:ident: $type:ty),+) = $generate:expr;)+) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq)]
        pub struct $name<S> {
            $(#[doc = concat!("The ", stringify!($part), ".")] pub $part: $type,)+
            style: PhantomData<S>,
        }

        impl<'a, S: Style> Arbitrary<'a> for $name<S> {
            fn arbitrary(bytes: &mut Unstructured<'a>) -> Result<Self> {
                let [$($part),+] = $generate(bytes)?;
                Ok(Self { $($part,)+ style: PhantomData })
            }
        }
    )+};
}

generated! {
    /// A call of any function.
    Question(case: Case) = |bytes: &mut Unstructured<'a>| {
        let function = *bytes.choose(&Function::ALL)?;
        Ok([Case::of::<S>(function, bytes)?])
    };
    /// A command line.
    CommandLine(line: String) = |bytes| Result::Ok([command_line::line::<S>(bytes)?]);
    /// A text, and an array of terms, some of which occur in it or almost do.
    TextAndTerms(text: Json, terms: Json) = terms::text_and_terms::<S>;
    /// A table of process creations that fits the rule or almost does.
    Events(table: Json) = |bytes| Result::Ok([activity::events::<S>(bytes)?]);
}
