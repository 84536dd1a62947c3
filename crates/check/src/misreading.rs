//! Engines that are wrong in one way: common misreadings of a clause.
//!
//! Each is the reference with one function or one stage of the rule replaced. They show
//! that the vectors detect such errors, and they explain what an engine gets wrong.

mod catalogue;
mod clue;
mod command_line;
mod constants;
mod definition;
mod departures;
mod dynamic;
mod explain;
mod lists;
mod parts;
mod patterns;
mod query;
mod rule;
mod strings;
mod table;
mod terms;
mod text;
mod times;
mod tokenizer;
mod values;

pub use catalogue::{all, named};
pub use definition::Misreading;
pub use explain::explanations;
