//! Everything that the pages are about, read once.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use anyhow::Context;
use rulespec::query::Query;
use rulespec::suite::{self, Clause, OpenPoint, SettledPoint, Vector, Want};
use rulespec_check::report::{Report, json};
use rulespec_testing::files::{self, ROOT, files};

use crate::catch::{Catch, catches};
use crate::code::{self, Citation};
use crate::history::{self, Recording};

/// The specification, and what is known about engines.
pub struct Specification {
    /// The clauses, in the order of the chapters.
    pub clauses: Vec<Clause>,
    /// The vectors, in the order of the chapters.
    pub vectors: Vec<Vector>,
    /// The open points.
    pub open_points: Vec<OpenPoint>,
    /// The settled points.
    pub settled_points: Vec<SettledPoint>,
    /// For each misreading, the vectors that catch it.
    pub catches: Vec<Catch>,
    /// The engines, in the order of their names.
    pub engines: Vec<Engine>,
    /// The results that were recorded, in order of time.
    pub history: Vec<Recording>,
    /// For each clause, the places of the code that cite it.
    pub code: BTreeMap<String, Vec<Citation>>,
    /// For each vector, the names of the functions that it calls.
    pub called: Vec<Vec<String>>,
}

/// An engine with a folder in `engines`.
pub struct Engine {
    /// The name of its folder.
    pub id: String,
    /// What it answered, if that is recorded.
    pub report: Option<Report>,
    /// The page about it, as Markdown.
    pub readme: String,
}

impl Specification {
    /// Reads the specification of this repository.
    ///
    /// # Errors
    ///
    /// Returns an error if a file is missing or invalid.
    pub fn read() -> anyhow::Result<Self> {
        let vectors = suite::vectors()?;
        Ok(Self {
            clauses: suite::clauses(),
            open_points: suite::open_points(),
            settled_points: suite::settled_points(),
            catches: catches(&vectors),
            engines: engines()?,
            history: history::read(&Path::new(ROOT).join("spec/observed/history.csv"))?,
            code: code::by_clause(),
            called: vectors.iter().map(called).collect(),
            vectors,
        })
    }

    /// The vectors of a clause.
    pub fn vectors_of<'a>(&'a self, clause: &'a str) -> impl Iterator<Item = &'a Vector> {
        self.vectors.iter().filter(move |vector| vector.clauses.iter().any(|id| id == clause))
    }

    /// The vectors that depend on an open point.
    pub fn vectors_of_point<'a>(&'a self, point: &'a str) -> impl Iterator<Item = &'a Vector> {
        self.vectors
            .iter()
            .filter(move |vector| matches!(&vector.want, Want::Open { open, .. } if open == point))
    }

    /// The open points and then the settled ones: the id, the question, and whether it is settled.
    pub fn points(&self) -> impl Iterator<Item = (&str, &str, bool)> {
        let open = self.open_points.iter().map(|point| (point.id.as_str(), point.question.as_str(), false));
        let settled =
            self.settled_points.iter().map(|point| (point.id.as_str(), point.question.as_str(), true));
        open.chain(settled)
    }

    /// Whether a clause depends on a point: if it names it, or if one of its vectors depends on it.
    pub fn touches(&self, clause: &Clause, point: &str) -> bool {
        let is_part = |c: char| c.is_ascii_alphanumeric() || c == '-';
        let names = |text: &str| text.split(|c| !is_part(c)).any(|word| word == point);
        let is_tested = || self.vectors_of_point(point).any(|vector| vector.clauses.contains(&clause.id));
        names(&clause.text) || names(&clause.evidence) || is_tested()
    }

    /// The vectors that call a function.
    pub fn vectors_calling<'a>(&'a self, function: &'a str) -> impl Iterator<Item = &'a Vector> {
        let vectors = self.vectors.iter().zip(&self.called);
        vectors
            .filter(move |(_, called)| called.iter().any(|name| name == function))
            .map(|(vector, _)| vector)
    }

    /// The clause with this id.
    pub fn clause(&self, id: &str) -> Option<&Clause> {
        self.clauses.iter().find(|clause| clause.id == id)
    }

    /// The engines whose answers are recorded, with their reports.
    pub fn reports(&self) -> impl Iterator<Item = (&Engine, &Report)> {
        self.engines.iter().filter_map(|engine| Some((engine, engine.report.as_ref()?)))
    }
}

/// The names of the functions that a vector calls, in the text of a query too.
fn called(vector: &Vector) -> Vec<String> {
    let text = vector.args.first().and_then(|text| text.as_str()).filter(|_| vector.r#fn == "query");
    let query = text.and_then(|text| text.parse::<Query>().ok());
    let names = query.iter().flat_map(Query::function_names).map(str::to_owned);
    std::iter::once(vector.r#fn.clone()).chain(names).collect()
}

fn engines() -> anyhow::Result<Vec<Engine>> {
    let readmes = files("engines", "md").into_iter();
    let folders = readmes.filter_map(|(path, readme)| {
        let id = path.strip_prefix("engines/")?.strip_suffix("/README.md")?;
        (!id.contains('/')).then(|| (id.to_owned(), readme))
    });
    folders.map(|(id, readme)| Ok(Engine { report: report(&id)?, id, readme })).collect()
}

fn report(engine: &str) -> anyhow::Result<Option<Report>> {
    let name = format!("spec/observed/{engine}.json");
    let path = files::path(&name);
    if !path.exists() {
        return Ok(None);
    }
    let text = fs::read_to_string(&path).with_context(|| format!("cannot read {name}"))?;
    Ok(Some(json::load(&name, &text)?))
}
