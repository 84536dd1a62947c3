//! Options that select vectors and functions.

use std::path::{Path, PathBuf};

use clap::Args;
use clap::builder::{PossibleValuesParser, TypedValueParser};

use super::failure::Failure;
use rulespec::Function;
use rulespec::suite::{self, Selection, Vector};

/// The suite, and the vectors selected from it.
#[derive(Debug, Args)]
#[command(next_help_heading = "Vector selection")]
pub struct SelectionArguments {
    /// Use the vectors in DIR/*.json, or else in DIR/vectors/*.json, instead of the embedded ones
    #[arg(long, value_name = "DIR")]
    suite: Option<PathBuf>,

    /// Select vectors by id
    #[arg(long, value_name = "ID", value_delimiter = ',')]
    only: Vec<String>,

    /// Select the vectors of a clause, such as CMD-07
    #[arg(long, value_name = "CLAUSE", value_delimiter = ',')]
    clause: Vec<String>,

    /// Select the vectors of a chapter, such as CMD
    #[arg(long, value_name = "CHAPTER", value_delimiter = ',')]
    chapter: Vec<String>,

    /// Select the vectors of a function, such as has
    #[arg(long = "fn", value_name = "FUNCTION")]
    functions: Vec<String>,

    /// Select vectors by evidence: documented, observed, binder, derived or open
    #[arg(long, value_name = "WORD", value_delimiter = ',')]
    evidence: Vec<String>,
}

/// A parser of function names.
pub fn function_parser() -> impl TypedValueParser<Value = Function> {
    PossibleValuesParser::new(Function::ALL.map(Function::name)).try_map(|name| name.parse::<Function>())
}

/// Loads the suite of a directory, or the embedded one.
pub fn load_suite(directory: Option<&Path>) -> Result<Vec<Vector>, Failure> {
    match directory {
        None => suite::vectors().map_err(|error| Failure::suite(&error)),
        Some(directory) => {
            suite::load_directory(directory, &suite::clauses()).map_err(|error| Failure::suite(&error))
        }
    }
}

impl SelectionArguments {
    /// The directory of the suite; `None` for the embedded one.
    pub fn directory(&self) -> Option<&Path> {
        self.suite.as_deref()
    }

    /// Whether any filter was given.
    pub fn has_filter(&self) -> bool {
        let filters = [&self.only, &self.clause, &self.chapter, &self.functions, &self.evidence];
        filters.iter().any(|values| !values.is_empty())
    }

    /// All vectors of the suite.
    pub fn suite(&self) -> Result<Vec<Vector>, Failure> {
        load_suite(self.directory())
    }

    /// The selected vectors among these. It is an error if there are none.
    pub fn select(&self, vectors: &[Vector]) -> Result<Vec<Vector>, Failure> {
        let selection = Selection {
            ids: self.only.clone(),
            clauses: self.clause.clone(),
            chapters: self.chapter.clone(),
            functions: self.functions.clone(),
            evidence: self.evidence.clone(),
        };
        selection.apply(vectors, &suite::clauses()).map_err(|error| Failure::usage(&error))
    }

    /// The selected vectors of the suite. It is an error if there are none.
    pub fn vectors(&self) -> Result<Vec<Vector>, Failure> {
        self.select(&self.suite()?)
    }
}
