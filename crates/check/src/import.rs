//! Imports the results of the scripts of [`kql`] from a real Kusto.
//!
//! | format | source |
//! |---|---|
//! | JSON with `Tables`, or an array of frames | the REST interface, versions 1 and 2 |
//! | JSON with `tables` | the Log Analytics interface |
//! | CSV with the columns `id` and `got` | Kusto Explorer, the web pages |
//! | JSON Lines or an array of `{"id", "got"}` | anything else |
//! | JSON with `error` | the REST interface, if a script failed |
//! | text with a syntax or semantic error | a web page, if a script failed |
//!
//! A result lists the vectors that were asked. An error does not, so its file must be named after the
//! script: `tab-0012.json`.

mod json;
mod points;
mod table;

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use serde_json::Value as Json;

use crate::engine::Answer;
use crate::export::kql;
use crate::verdict::is_same;
use rulespec::json::from_slice;
use rulespec::suite::{Vector, Want};

/// Results that cannot be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{file}{place}: {what}")]
pub struct ImportError {
    file: String,
    /// `:12`, or empty if the error is about the whole file.
    place: String,
    what: String,
}

/// A row of a result, with its place in the file.
struct Row {
    place: String,
    id: String,
    got: Json,
}

/// The content of a file.
enum Content {
    Rows(Vec<Row>),
    /// The script failed, with this error message.
    Failed(String),
}

/// An error in a file, without the name of the file.
struct ContentError {
    place: String,
    what: String,
}

fn error(place: impl Into<String>, what: impl Into<String>) -> ContentError {
    ContentError { place: place.into(), what: what.into() }
}

/// The results of a number of scripts.
#[derive(Debug, Clone)]
pub struct Results<'a> {
    vectors: &'a [Vector],
    ids: BTreeSet<&'a str>,
    scripts: Vec<kql::Script>,
    asked: BTreeSet<String>,
    answers: BTreeMap<String, Answer>,
}

impl<'a> Results<'a> {
    /// Starts an import of results of the scripts for these vectors.
    pub fn new(vectors: &'a [Vector]) -> Self {
        let scripts = [kql::open_points(vectors), kql::scripts(vectors)].concat();
        let ids = vectors.iter().map(|vector| vector.id.as_str()).collect();
        Self { vectors, ids, scripts, asked: BTreeSet::new(), answers: BTreeMap::new() }
    }

    /// Reads one file.
    ///
    /// # Errors
    ///
    /// Returns an error if the file has no results, or results of unknown vectors. The file is then
    /// ignored as a whole.
    ///
    /// ```
    /// use rulespec::suite;
    /// use rulespec_check::import::Results;
    ///
    /// let vectors = suite::vectors()?;
    /// let mut results = Results::new(&vectors);
    /// results.read("has.csv", "id,got\r\nasked,\"[\"\"trm-0001\"\"]\"\r\n")?;
    /// let (asked, answers) = results.end();
    /// assert_eq!((asked.len(), answers.len()), (1, 1));
    /// assert!(Results::new(&vectors).read("x.csv", "id,got\nabc-1,[1]\n").is_err());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn read(&mut self, file: &str, text: &str) -> Result<(), ImportError> {
        let in_file = |ContentError { place, what }| ImportError { file: file.to_owned(), place, what };
        match content(text.trim_start_matches('\u{feff}')).map_err(in_file)? {
            Content::Failed(message) => self.take_failure(file, message).map_err(in_file),
            Content::Rows(rows) if rows.is_empty() => Err(in_file(error("", NO_ROWS))),
            Content::Rows(rows) => self.take_rows(rows).map_err(in_file),
        }
    }

    /// The vectors that were asked, and their answers. A vector without a row was answered as wanted.
    pub fn end(self) -> (Vec<Vector>, Vec<(String, Answer)>) {
        let asked: Vec<Vector> =
            self.vectors.iter().filter(|vector| self.asked.contains(&vector.id)).cloned().collect();
        let answer = |vector: &Vector| match (self.answers.get(&vector.id), &vector.want) {
            (Some(answer), _) => answer.clone(),
            (None, Want::Settled { want }) => Answer::Value(want.clone()),
            (None, Want::Open { .. }) => Answer::Garbled("asked, but not returned".to_owned()),
        };
        let answers = asked.iter().map(|vector| (vector.id.clone(), answer(vector))).collect();
        (asked, answers)
    }

    /// Takes all rows of one file or none. The rows of points must agree with the answers of the
    /// same file.
    fn take_rows(&mut self, rows: Vec<Row>) -> Result<(), ContentError> {
        let (points, rows): (Vec<Row>, Vec<Row>) = rows.into_iter().partition(points::is_point);
        let asked_before = self.asked.clone();
        let answers_before = std::mem::take(&mut self.answers);
        let taken = rows.into_iter().try_for_each(|row| self.take(row));
        let answers = std::mem::replace(&mut self.answers, answers_before);
        let checked = taken
            .and_then(|()| points.iter().try_for_each(|row| points::check(row, self.vectors, &answers)))
            .and_then(|()| self.check_consistency(&answers));
        match checked {
            Ok(()) => self.answers.extend(answers),
            Err(_) => self.asked = asked_before,
        }
        checked
    }

    /// Checks that answers agree with those of earlier files.
    fn check_consistency(&self, answers: &BTreeMap<String, Answer>) -> Result<(), ContentError> {
        let differs = |(id, answer): &(&String, &Answer)| {
            self.answers.get(*id).is_some_and(|earlier| !is_same(earlier, answer))
        };
        match answers.iter().find(differs) {
            None => Ok(()),
            Some((id, _)) => {
                let remedy = "import the results of one Kusto, each script once";
                Err(error("", format!("{id} has a different answer in an earlier file; {remedy}")))
            }
        }
    }

    fn take(&mut self, Row { place, id, got }: Row) -> Result<(), ContentError> {
        if id == kql::ANSWERS {
            for (id, answer) in points::answers(&place, &got)? {
                self.ask(&place, id.clone())?;
                self.answers.insert(id, Answer::Value(answer));
            }
            return Ok(());
        }
        if id == kql::ASKED {
            let ids = parse_ids(&got).ok_or_else(|| {
                error(
                    place.clone(),
                    "`got` of `asked` is not a JSON array of ids; save the whole result again",
                )
            })?;
            return ids.into_iter().try_for_each(|id| self.ask(&place, id));
        }
        let answer = parse_answer(&got).ok_or_else(|| {
            error(
                place.clone(),
                format!("`got` of {id:?} is not a JSON array of one answer; save the whole result again"),
            )
        })?;
        self.ask(&place, id.clone())?;
        self.answers.insert(id, Answer::Value(answer));
        Ok(())
    }

    fn ask(&mut self, place: &str, id: String) -> Result<(), ContentError> {
        if !self.ids.contains(id.as_str()) {
            return Err(error(place, format!("there is no vector {id:?}; choose its suite with --suite")));
        }
        self.asked.insert(id);
        Ok(())
    }

    fn take_failure(&mut self, file: &str, message: String) -> Result<(), ContentError> {
        let stem = Path::new(file).file_stem().unwrap_or_default().to_string_lossy();
        let Some(script) = self.scripts.iter().find(|script| script.name == stem) else {
            let remedy = format!("there is no script {stem:?}; name the file after its script");
            return Err(error("", format!("the file is an error message, but {remedy}: {message}")));
        };
        if script.name == kql::OPEN_POINTS {
            let remedy = "run the smaller scripts of `rulespec export kql --evidence open`";
            return Err(error("", format!("the script {stem:?} should not fail; {remedy}: {message}")));
        }
        for id in &script.vectors {
            self.asked.insert(id.clone());
            self.answers.insert(id.clone(), Answer::Error(message.clone()));
        }
        Ok(())
    }
}

const NO_ROWS: &str = "no row with `id` and `got`; save the whole result of a script";

fn content(text: &str) -> Result<Content, ContentError> {
    match text.trim_start().chars().next() {
        Some('{' | '[') => json::content(text),
        _ => match table::rows(text) {
            Err(_) if is_error_message(text) => Ok(Content::Failed(text.trim().to_owned())),
            rows => rows.map(Content::Rows),
        },
    }
}

/// Whether a text is the error message of a rejected query, as a web page shows it: it contains an
/// error code such as `SEM0100` or `SYN0002`.
fn is_error_message(text: &str) -> bool {
    let mut words = text.split(|c: char| !c.is_ascii_alphanumeric());
    words.any(|word| {
        let digits = word.strip_prefix("SEM").or_else(|| word.strip_prefix("SYN"));
        digits.is_some_and(|digits| digits.len() == 4 && digits.bytes().all(|byte| byte.is_ascii_digit()))
    })
}

/// The ids in the row `asked`.
fn parse_ids(got: &Json) -> Option<Vec<String>> {
    match got {
        Json::String(text) => serde_json::from_str(text).ok(),
        other => serde_json::from_value(other.clone()).ok(),
    }
}

/// The answer in an array of one answer, given as JSON or as JSON text.
fn parse_answer(got: &Json) -> Option<Json> {
    let array: Vec<Json> = match got {
        Json::String(text) => from_slice(text.as_bytes(), usize::MAX).ok()?,
        other => other.as_array()?.clone(),
    };
    <[Json; 1]>::try_from(array).ok().map(|[answer]| answer)
}
