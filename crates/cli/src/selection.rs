//! Options that select vectors and functions.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use clap::Args;
use clap::builder::{PossibleValuesParser, TypedValueParser};

use super::failure::Failure;
use rulespec::Function;
use rulespec::query::similar;
use rulespec::suite::{self, Clause, SelectError, Selection, Vector};

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

    /// Select the vectors of a chapter, such as 30, terms or TRM
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
        let clauses = suite::clauses();
        selection.apply(vectors, &clauses).map_err(|error| match error {
            SelectError::Unknown { kind, value } => {
                let help = help(kind, &value, vectors, &clauses);
                Failure::usage(&format!("no vector has the {kind} {value:?}; {help}"))
            }
            error => Failure::usage(&error),
        })
    }

    /// The selected vectors of the suite. It is an error if there are none.
    pub fn vectors(&self) -> Result<Vec<Vector>, Failure> {
        self.select(&self.suite()?)
    }
}

/// The words of evidence that vectors can have.
const EVIDENCE: [&str; 5] = ["binder", "derived", "documented", "observed", "open"];

/// What to do about a value of a filter that no vector has.
fn help(kind: &str, value: &str, vectors: &[Vector], clauses: &[Clause]) -> String {
    let of_clauses = || vectors.iter().flat_map(|vector| &vector.clauses);
    match kind {
        "clause" if clauses.iter().any(|clause| clause.id.eq_ignore_ascii_case(value)) => {
            format!("`rulespec show {value}` shows the clause")
        }
        "clause" => nearest(value, of_clauses().map(String::as_str).collect()),
        "chapter" => {
            let tested: BTreeSet<&String> = of_clauses().collect();
            nearest_chapter(value, clauses.iter().filter(|clause| tested.contains(&clause.id)))
        }
        "function" => nearest(value, vectors.iter().map(|vector| vector.r#fn.as_str()).collect()),
        "evidence" => nearest(value, BTreeSet::from(EVIDENCE)),
        _ => nearest(value, vectors.iter().map(|vector| vector.id.as_str()).collect()),
    }
}

/// The nearest of the values that exist or, if they are few, all of them.
fn nearest(value: &str, known: BTreeSet<&str>) -> String {
    const MAX_LISTED: usize = 20;
    let listed = || match known.len() {
        0..=MAX_LISTED => format!("choose one of {}", known.iter().copied().collect::<Vec<_>>().join(", ")),
        _ => "`rulespec list` shows what there is".to_owned(),
    };
    similar(value, known.iter().copied()).unwrap_or_else(listed)
}

/// The nearest name of a chapter, or all chapters.
fn nearest_chapter<'a>(value: &str, clauses: impl Iterator<Item = &'a Clause>) -> String {
    let chapters: BTreeSet<(&str, &str)> =
        clauses.map(|clause| (clause.file.trim_end_matches(".md"), clause.chapter())).collect();
    let names = chapters.iter().flat_map(|(file, letters)| {
        let title = file.split_once('-').map_or(*file, |(_, title)| title);
        [*file, title, *letters]
    });
    similar(value, names).unwrap_or_else(|| {
        let all: Vec<String> = chapters.iter().map(|(file, letters)| format!("{file} ({letters})")).collect();
        format!("choose one by its number, its name or its letters: {}", all.join(", "))
    })
}

/// Checks that each chapter exists.
pub fn check_chapters(chapters: &[String], clauses: &[Clause]) -> Result<(), Failure> {
    let is_unknown = |name: &&String| !clauses.iter().any(|clause| clause.is_of_chapter(name));
    match chapters.iter().find(is_unknown) {
        Some(name) => {
            let help = nearest_chapter(name, clauses.iter());
            Err(Failure::usage(&format!("there is no chapter {name:?}; {help}")))
        }
        None => Ok(()),
    }
}

/// Checks that each value of a filter exists, compared without regard to case.
pub fn check(kind: &str, values: &[String], known: &BTreeSet<&str>) -> Result<(), Failure> {
    let is_known = |value: &&String| known.iter().any(|known| known.eq_ignore_ascii_case(value));
    match values.iter().find(|value| !is_known(value)) {
        Some(value) => {
            let help = nearest(value, known.clone());
            Err(Failure::usage(&format!("there is no {kind} {value:?}; {help}")))
        }
        None => Ok(()),
    }
}
