//! Which vectors a command is about.

use std::path::PathBuf;

use clap::Args;
use clap::builder::{PossibleValuesParser, TypedValueParser};

use super::failure::Failure;
use rulespec::Function;
use rulespec::suite::{self, Selection, Vector};

/// The options that say which vectors are asked.
#[derive(Debug, Args)]
#[command(next_help_heading = "What to ask")]
pub struct Asked {
    /// Ask the vectors of DIR/*.json instead of the embedded ones
    #[arg(long, value_name = "DIR")]
    suite: Option<PathBuf>,

    /// Ask only these vectors
    #[arg(long, value_name = "ID", value_delimiter = ',')]
    only: Vec<String>,

    /// Ask only the vectors of this clause, like CMD-07
    #[arg(long, value_name = "CLAUSE", value_delimiter = ',')]
    clause: Vec<String>,

    /// Ask only this chapter, like CMD
    #[arg(long, value_name = "CHAPTER", value_delimiter = ',')]
    chapter: Vec<String>,

    /// Ask only for this function, like has
    #[arg(long = "fn", value_name = "FUNCTION")]
    functions: Vec<String>,

    /// Ask only what rests on this evidence: documented, observed, binder, derived, open
    #[arg(long, value_name = "WORD", value_delimiter = ',')]
    evidence: Vec<String>,
}

/// One of all functions, by its name.
pub fn known_function() -> impl TypedValueParser<Value = Function> {
    PossibleValuesParser::new(Function::ALL.map(Function::name)).try_map(|name| name.parse::<Function>())
}

impl Asked {
    /// The directory that stands in for the embedded suite.
    pub fn directory(&self) -> Option<&PathBuf> {
        self.suite.as_ref()
    }

    /// Whether some vectors of the suite are selected.
    pub fn selects(&self) -> bool {
        let lists = [&self.only, &self.clause, &self.chapter, &self.functions, &self.evidence];
        lists.iter().any(|list| !list.is_empty())
    }

    /// Every vector of the suite.
    pub fn suite(&self) -> Result<Vec<Vector>, Failure> {
        match &self.suite {
            None => suite::vectors().map_err(|error| Failure::suite(&error)),
            Some(directory) => {
                suite::load_directory(directory, &suite::clauses()).map_err(|error| Failure::suite(&error))
            }
        }
    }

    /// Those that are selected among them; never none.
    pub fn of(&self, vectors: &[Vector]) -> Result<Vec<Vector>, Failure> {
        let selection = Selection {
            ids: self.only.clone(),
            clauses: self.clause.clone(),
            chapters: self.chapter.clone(),
            functions: self.functions.clone(),
            evidence: self.evidence.clone(),
        };
        selection.of(vectors, &suite::clauses()).map_err(|error| Failure::usage(&error))
    }

    /// The selected vectors of the suite; never none.
    pub fn vectors(&self) -> Result<Vec<Vector>, Failure> {
        self.of(&self.suite()?)
    }
}
