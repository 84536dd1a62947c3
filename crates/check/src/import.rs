//! What a real Kusto answered to the scripts of [`kql`].
//!
//! | form | from |
//! |---|---|
//! | JSON with `Tables`, or an array of frames | the REST interface, versions 1 and 2 |
//! | JSON with `tables` | the Log Analytics interface |
//! | CSV with the columns `id` and `got` | Kusto Explorer, the web pages |
//! | JSON Lines or an array of `{"id", "got"}` | anything else |
//! | JSON with `error` | the REST interface, where a script failed |
//! | text that tells of a syntax or semantic error | a web page, where a script failed |
//!
//! Rows say themselves which vectors were asked. An error says nothing of that, so
//! its file must have the name of the script: `tab-0012.json`.

mod json;
mod points;
mod table;

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use serde_json::Value as Json;

use crate::engine::Answer;
use crate::export::kql;
use rulespec::suite::{Vector, Want};

/// Results that cannot be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{file}{place}: {what}")]
pub struct ImportError {
    file: String,
    /// `:12`, or nothing where it is about the whole file.
    place: String,
    what: String,
}

/// A row of a result: where it stands, `id` and `got`.
struct Row {
    place: String,
    id: String,
    got: Json,
}

/// What a file holds.
enum Content {
    Rows(Vec<Row>),
    /// The script failed; in the words of the Kusto.
    Failed(String),
}

/// What is wrong, and where in the file.
struct Wrong {
    place: String,
    what: String,
}

fn wrong(place: impl Into<String>, what: impl Into<String>) -> Wrong {
    Wrong { place: place.into(), what: what.into() }
}

/// The results of some scripts, file by file.
#[derive(Debug, Clone)]
pub struct Results<'a> {
    vectors: &'a [Vector],
    ids: BTreeSet<&'a str>,
    scripts: Vec<kql::Script>,
    asked: BTreeSet<String>,
    answers: BTreeMap<String, Answer>,
}

impl<'a> Results<'a> {
    /// No results yet of the scripts that ask these vectors.
    pub fn new(vectors: &'a [Vector]) -> Self {
        let scripts = [kql::open_points(vectors), kql::scripts(vectors)].concat();
        let ids = vectors.iter().map(|vector| vector.id.as_str()).collect();
        Self { vectors, ids, scripts, asked: BTreeSet::new(), answers: BTreeMap::new() }
    }

    /// Takes in one file.
    ///
    /// # Errors
    ///
    /// Where the file holds no results, or results of vectors that are not there.
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
        let named = |Wrong { place, what }| ImportError { file: file.to_owned(), place, what };
        match content(text.trim_start_matches('\u{feff}')).map_err(named)? {
            Content::Failed(message) => self.take_failure(file, message).map_err(named),
            Content::Rows(rows) if rows.is_empty() => Err(named(wrong("", NO_ROWS))),
            Content::Rows(rows) => self.take_rows(rows).map_err(named),
        }
    }

    /// The vectors that were asked, and the answer of each: where no row came back
    /// the wanted one.
    pub fn end(self) -> (Vec<Vector>, Vec<(String, Answer)>) {
        let asked: Vec<Vector> =
            self.vectors.iter().filter(|vector| self.asked.contains(&vector.id)).cloned().collect();
        let answer = |vector: &Vector| match (self.answers.get(&vector.id), &vector.want) {
            (Some(answer), _) => answer.clone(),
            (None, Want::Settled { want }) => Answer::Value(want.clone()),
            (None, Want::Open { .. }) => Answer::Garbled("asked, and not returned".to_owned()),
        };
        let answers = asked.iter().map(|vector| (vector.id.clone(), answer(vector))).collect();
        (asked, answers)
    }

    /// Takes the rows of one file, all or none. What is said of points is held against its
    /// answers.
    fn take_rows(&mut self, rows: Vec<Row>) -> Result<(), Wrong> {
        let (said, rows): (Vec<Row>, Vec<Row>) = rows.into_iter().partition(points::is_about_a_point);
        let asked_before = self.asked.clone();
        let answers_before = std::mem::take(&mut self.answers);
        let taken = rows.into_iter().try_for_each(|row| self.take(row));
        let own = std::mem::replace(&mut self.answers, answers_before);
        let held = taken.and_then(|()| said.iter().try_for_each(|row| points::hold(row, self.vectors, &own)));
        let held = held.and_then(|()| self.agree(&own));
        match held {
            Ok(()) => self.answers.extend(own),
            Err(_) => self.asked = asked_before,
        }
        held
    }

    /// Whether the answers of a file are those of the files before it, as far as they have
    /// the same vectors.
    fn agree(&self, own: &BTreeMap<String, Answer>) -> Result<(), Wrong> {
        match own.iter().find(|(id, answer)| self.answers.get(*id).is_some_and(|other| other != *answer)) {
            None => Ok(()),
            Some((id, _)) => {
                let remedy = "import the results of one Kusto, each script once";
                Err(wrong("", format!("{id} is answered otherwise than in a file before; {remedy}")))
            }
        }
    }

    fn take(&mut self, Row { place, id, got }: Row) -> Result<(), Wrong> {
        if id == kql::ANSWERS {
            for (id, answer) in points::answers(&place, &got)? {
                self.ask(&place, id.clone())?;
                self.answers.insert(id, Answer::Value(answer));
            }
            return Ok(());
        }
        if id == kql::ASKED {
            let ids =
                listed(&got).ok_or_else(|| wrong(place.clone(), "`asked` lists no ids as JSON text"))?;
            return ids.into_iter().try_for_each(|id| self.ask(&place, id));
        }
        let answer = unwrapped(&got).ok_or_else(|| {
            wrong(place.clone(), format!("`got` of {id:?} is no JSON text of an array of one answer"))
        })?;
        self.ask(&place, id.clone())?;
        self.answers.insert(id, Answer::Value(answer));
        Ok(())
    }

    fn ask(&mut self, place: &str, id: String) -> Result<(), Wrong> {
        if !self.ids.contains(id.as_str()) {
            return Err(wrong(place, format!("there is no vector {id:?}; name its suite with --suite")));
        }
        self.asked.insert(id);
        Ok(())
    }

    fn take_failure(&mut self, file: &str, message: String) -> Result<(), Wrong> {
        let stem = Path::new(file).file_stem().unwrap_or_default().to_string_lossy();
        let Some(script) = self.scripts.iter().find(|script| script.name == stem) else {
            let remedy = format!("no script is called {stem:?}; name the file as the script");
            return Err(wrong("", format!("holds an error, and {remedy}: {message}")));
        };
        if script.name == kql::OPEN_POINTS {
            let remedy = "run the scripts of `rulespec export kql --evidence open`, which ask less at once";
            return Err(wrong("", format!("no question of {stem:?} should fail; {remedy}: {message}")));
        }
        for id in &script.vectors {
            self.asked.insert(id.clone());
            self.answers.insert(id.clone(), Answer::Error(message.clone()));
        }
        Ok(())
    }
}

const NO_ROWS: &str = "no row with `id` and `got`; every script returns one, save it whole";

fn content(text: &str) -> Result<Content, Wrong> {
    match text.trim_start().chars().next() {
        Some('{' | '[') => json::content(text),
        _ => match table::rows(text) {
            Err(_) if tells_of_an_error(text) => Ok(Content::Failed(text.trim().to_owned())),
            rows => rows.map(Content::Rows),
        },
    }
}

/// Whether a text is what a web page shows of a query that is refused: it has the number of
/// such an error, `SEM0100` or `SYN0002`.
fn tells_of_an_error(text: &str) -> bool {
    let mut words = text.split(|c: char| !c.is_ascii_alphanumeric());
    words.any(|word| {
        let number = word.strip_prefix("SEM").or_else(|| word.strip_prefix("SYN"));
        number.is_some_and(|number| number.len() == 4 && number.bytes().all(|byte| byte.is_ascii_digit()))
    })
}

/// The ids of the row `asked`.
fn listed(got: &Json) -> Option<Vec<String>> {
    match got {
        Json::String(text) => serde_json::from_str(text).ok(),
        other => serde_json::from_value(other.clone()).ok(),
    }
}

/// The answer in an array of one, or in the JSON text of such an array.
fn unwrapped(got: &Json) -> Option<Json> {
    let array: Vec<Json> = match got {
        Json::String(text) => serde_json::from_str(text).ok()?,
        other => other.as_array()?.clone(),
    };
    <[Json; 1]>::try_from(array).ok().map(|[answer]| answer)
}
