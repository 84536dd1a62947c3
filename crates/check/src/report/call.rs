//! Questions and answers in KQL notation, escaped for display.

use serde_json::Value as Json;

use super::crash;
use super::difference::{first_difference, types};
use super::model::Outcome;
use super::rows;
use crate::engine::{Answer, Excerpt};
use crate::printable::{self, printable};
use crate::verdict::wanted_error;
use rulespec::Function;
use rulespec::suite::{Vector, Want};

/// The maximum number of characters shown of one value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limit(pub usize);

impl Limit {
    /// Enough to recognize a value.
    pub const SHORT: Self = Self(240);
    /// Enough for every reasonable value.
    pub const LONG: Self = Self(20_000);
    /// Enough for every reasonable command line, and for the text of a query.
    const TEXT: Self = Self(4096);

    /// Text from the engine, escaped and cut.
    pub fn text(self, text: &str) -> String {
        printable::shortened(text, self.0)
    }

    /// An argument as JSON: a text in full if it is of a reasonable length, and a long table in a few
    /// words.
    fn argument(self, value: &Json) -> String {
        match value {
            Json::String(_) => Self(self.0.max(Self::TEXT.0)).value(value),
            Json::Object(tables) if self.is_exceeded_by(value) => {
                let in_short = |(name, table): (&String, &Json)| {
                    Some(format!("{}: {}", printable(name), rows::in_short(table)?))
                };
                let tables: Option<Vec<String>> = tables.iter().map(in_short).collect();
                tables
                    .filter(|tables| !tables.is_empty())
                    .map_or_else(|| self.answer(value), |all| all.join(", "))
            }
            value => self.value(value),
        }
    }

    /// An answer as JSON, or in a few words if it is a long table.
    fn answer(self, value: &Json) -> String {
        let in_short = if self.is_exceeded_by(value) { rows::in_short(value) } else { None };
        in_short.unwrap_or_else(|| self.value(value))
    }

    fn is_exceeded_by(self, value: &Json) -> bool {
        value.to_string().chars().nth(self.0).is_some()
    }

    /// A value as JSON, escaped and cut.
    pub fn value(self, value: &Json) -> String {
        let text = value.to_string();
        let safe = printable::json(&text);
        match safe.char_indices().nth(self.0) {
            None => safe.into_owned(),
            Some((at, _)) => {
                let start = safe.get(..at).unwrap_or_default();
                format!("{start}… ({} characters)", safe.chars().count())
            }
        }
    }
}

/// The call that a vector makes: `"a b" has "a"`, `substring("abc", -1)`.
pub fn call(vector: &Vector, limit: Limit) -> String {
    called(&vector.r#fn, &vector.args, limit)
}

/// A call of any function, known or not.
pub fn called(function: &str, args: &[Json], limit: Limit) -> String {
    use Function::{
        BitsadminActivity, ColumnIfExists, Element, EqCi, Extend, Has, HasAny, Iff, IndexOf,
        ParseCommandLine, ProjectReorder, Query, Substring, ToString, Where,
    };
    let args: Vec<String> = args.iter().map(|arg| limit.argument(arg)).collect();
    let plain = || format!("{}({})", printable(function), args.join(", "));
    let Ok(known) = function.parse() else { return plain() };
    match (known, args.as_slice()) {
        (EqCi | Has, [left, right]) => format!("{left} {function} {right}"),
        (HasAny, [left, right]) => format!("{left} has_any ({right})"),
        (Element, [array, index]) => format!("dynamic({array})[{index}]"),
        (
            EqCi | Has | HasAny | Element | ParseCommandLine | ToString | IndexOf | Substring | Iff
            | ColumnIfExists | Where | Extend | ProjectReorder | BitsadminActivity | Query,
            _,
        ) => plain(),
    }
}

/// The expected answer, on one line.
pub fn wanted(want: &Want, limit: Limit) -> String {
    match want {
        Want::Settled { want } => wanted_value(want, limit),
        Want::Open { wants, .. } => {
            let alternative = |(name, want): (&String, &Json)| {
                format!("{}: {}", printable(name), wanted_value(want, limit))
            };
            wants.iter().map(alternative).collect::<Vec<_>>().join(" | ")
        }
    }
}

fn wanted_value(want: &Json, limit: Limit) -> String {
    match wanted_error(want) {
        Some(kind) => format!("error: {}", printable(kind)),
        None => limit.answer(want),
    }
}

/// The engine's answer, on one line.
pub fn answered(answer: &Answer, limit: Limit) -> String {
    match answer {
        Answer::Value(value) => limit.answer(value),
        Answer::Excerpt(Excerpt { bytes, start, .. }) => {
            let start: String = start.chars().take(limit.0).collect();
            format!("{}… ({bytes} bytes)", printable::json(&start))
        }
        Answer::Crashed(failure) => format!("crashed: {}", crash::in_short(failure, limit)),
        Answer::Retried { failure, answer } => {
            let (failure, answer) = (crash::in_short(failure, limit), answered(answer, limit));
            format!("{answer}, only when asked again in a new process; at first {failure}")
        }
        other => limit.text(&other.to_string()),
    }
}

/// The engine's answer, line by line. A process that failed has a line from its standard error, or
/// all that is kept of it.
pub fn answer_lines(answer: &Answer, limit: Limit, is_whole: bool) -> Vec<String> {
    match answer {
        Answer::Crashed(failure) => crash::lines(&format!("crashed: {failure}"), limit, is_whole),
        Answer::Retried { failure, answer } => {
            let mut lines = crash::lines(&format!("nothing at first: {failure}"), limit, is_whole);
            lines.push(format!("asked again in a new process: {}", answered(answer, limit)));
            lines
        }
        answer => vec![answered(answer, limit)],
    }
}

/// What differs, line by line: the rows and cells of a table, or else the first place where the answer
/// differs from the expected one. Empty if they differ as a whole.
pub fn differences(outcome: &Outcome, limit: Limit) -> Vec<String> {
    rows::lines(outcome, limit).unwrap_or_else(|| difference(outcome, limit).into_iter().collect())
}

/// The first place where the answer differs from the expected one. `None` if they
/// differ as a whole.
fn difference(outcome: &Outcome, limit: Limit) -> Option<String> {
    let (Want::Settled { want }, Answer::Value(got)) = (&outcome.vector.want, &outcome.answer) else {
        return None;
    };
    if wanted_error(want).is_some() {
        return None;
    }
    if let (Json::String(want), Json::String(got)) = (want, got) {
        return text_difference(want, got);
    }
    let (path, wanted, gotten) = first_difference(want, got)?;
    let types = types(wanted, gotten);
    if path.is_empty() {
        return types;
    }
    let part = |part: Option<&Json>| part.map_or("nothing".to_owned(), |part| limit.value(part));
    let types = types.map(|types| format!("; {types}")).unwrap_or_default();
    let path = limit.text(&path);
    Some(format!("first difference at {path}: want {}, got {}{types}", part(wanted), part(gotten)))
}

/// The first difference between two texts that are too long to compare by eye.
fn text_difference(want: &str, got: &str) -> Option<String> {
    const MAX_BY_EYE: usize = 40;
    let same = want.chars().zip(got.chars()).take_while(|(want, got)| want == got).count();
    if same == 0 || want.chars().count().max(got.chars().count()) <= MAX_BY_EYE {
        return None;
    }
    let rest = |text: &str| Limit(MAX_BY_EYE).value(&text.chars().skip(same).collect::<String>().into());
    Some(format!("first difference at character {same}: want {}, got {}", rest(want), rest(got)))
}
