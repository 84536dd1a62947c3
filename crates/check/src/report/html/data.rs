//! What the page shows, each text ready to be shown as it is.

use serde::Serialize;

use crate::printable::{printable, shortened};
use crate::report::cause::explanation;
use crate::report::chapter::{letters, title};
use crate::report::matrix::asked_clauses;
use crate::report::text::{again, follows, looks_like};
use crate::report::{ClauseOutcome, Outcome, Report, Standing, call, call::Limit};
use crate::verdict::Verdict;
use rulespec::suite::Vector;

/// Enough of a value for a panel.
const LIMIT: Limit = Limit(4000);

/// Everything the page shows.
#[derive(Debug, Serialize)]
pub struct Page {
    engines: Vec<Engine>,
    clauses: Vec<Clause>,
    questions: Vec<Question>,
}

#[derive(Debug, Serialize)]
struct Engine {
    name: String,
    version: String,
    date: String,
    rulespec: String,
    command: String,
    conforms: bool,
    met: usize,
    asked: usize,
    vectors: usize,
    took: String,
    explanations: Vec<String>,
    open_points: Vec<[String; 2]>,
    stale: Vec<String>,
}

#[derive(Debug, Serialize)]
struct Clause {
    id: String,
    chapter: String,
    chapter_title: String,
    text: String,
    place: String,
    /// One an engine; none where the engine's report does not have the clause.
    engines: Vec<Option<Cell>>,
}

#[derive(Debug, Serialize)]
struct Cell {
    standing: Standing,
    passed: usize,
    asked: usize,
}

/// A vector, as one or several engines were asked it.
#[derive(Debug, Serialize)]
struct Question {
    id: String,
    title: String,
    clauses: Vec<String>,
    call: String,
    want: String,
    note: String,
    /// One an engine; none where it was not asked.
    answers: Vec<Option<Answer>>,
}

#[derive(Debug, Serialize)]
struct Answer {
    word: &'static str,
    news: bool,
    got: String,
    difference: String,
    looks_like: String,
    known: String,
    follows: String,
    again: String,
}

impl Page {
    pub fn new(reports: &[Report]) -> Self {
        let clauses = asked_clauses(reports).into_iter();
        Self {
            engines: reports.iter().map(Engine::new).collect(),
            clauses: clauses.map(|clause| Clause::new(clause, reports)).collect(),
            questions: questions(reports),
        }
    }
}

impl Engine {
    fn new(report: &Report) -> Self {
        let (met, asked) = report.clauses_met();
        let points = report.open_points.iter();
        let stale = report.stale.iter().map(|stale| format!("{} ({}:{})", stale.id, stale.file, stale.line));
        Self {
            name: shortened(&report.engine.engine, 80),
            version: shortened(&report.engine.version, 80),
            date: shown(&report.date),
            rulespec: shown(&report.rulespec),
            command: shortened(&report.command.join(" "), 1000),
            conforms: report.conforms(),
            met,
            asked,
            vectors: report.outcomes.len(),
            took: report.took(),
            explanations: report.explanations.iter().map(looks_like).collect(),
            open_points: points.map(|point| [shown(&point.id), shown(&follows(point))]).collect(),
            stale: stale.map(|text| shown(&text)).collect(),
        }
    }
}

impl Clause {
    fn new(clause: &ClauseOutcome, reports: &[Report]) -> Self {
        let cell = |report: &Report| {
            let own = report.clauses.iter().find(|own| own.id == clause.id)?;
            Some(Cell { standing: own.standing, passed: own.passed, asked: own.asked })
        };
        Self {
            id: shown(&clause.id),
            chapter: shown(letters(&clause.id)),
            chapter_title: shown(&title(&clause.place)),
            text: shown(&clause.text),
            place: shown(&clause.place),
            engines: reports.iter().map(cell).collect(),
        }
    }
}

/// The questions of all reports, each once, with every engine's answer. Reports of
/// different suites may ask different questions by one id: these stay apart.
fn questions(reports: &[Report]) -> Vec<Question> {
    let mut questions: Vec<Question> = vec![];
    let mut numbers = std::collections::HashMap::<String, usize>::new();
    for (engine, report) in reports.iter().enumerate() {
        for outcome in &report.outcomes {
            let key = serde_json::to_string(&outcome.vector).unwrap_or_default();
            let number = *numbers.entry(key).or_insert_with(|| {
                questions.push(Question::new(&outcome.vector, reports.len()));
                questions.len() - 1
            });
            if let Some(slot) = questions.get_mut(number).and_then(|found| found.answers.get_mut(engine)) {
                *slot = Some(Answer::new(outcome, report));
            }
        }
    }
    questions
}

impl Question {
    fn new(vector: &Vector, engines: usize) -> Self {
        Self {
            id: shown(&vector.id),
            title: shown(&vector.title),
            clauses: vector.clauses.iter().map(|clause| shown(clause)).collect(),
            call: call::call(vector, LIMIT),
            want: call::wanted(&vector.want, LIMIT),
            note: vector.note.as_deref().map(shown).unwrap_or_default(),
            answers: std::iter::repeat_with(|| None).take(engines).collect(),
        }
    }
}

impl Answer {
    fn new(outcome: &Outcome, report: &Report) -> Self {
        let failure = outcome.verdict.is_failure();
        let explained = explanation(outcome, report).filter(|_| failure);
        Self {
            word: outcome.word(),
            news: outcome.is_news(),
            got: call::answered(&outcome.answer, LIMIT),
            difference: call::difference(outcome, LIMIT).filter(|_| failure).unwrap_or_default(),
            looks_like: explained.map(looks_like).unwrap_or_default(),
            known: outcome.known.as_deref().map(shown).unwrap_or_default(),
            follows: match &outcome.verdict {
                Verdict::Open(followed) if followed.is_empty() => "no alternative".to_owned(),
                Verdict::Open(followed) => shown(&followed.join(", ")),
                _ => String::new(),
            },
            again: if outcome.is_news() { again(&outcome.vector.id, report) } else { String::new() },
        }
    }
}

fn shown(text: &str) -> String {
    printable(text).into_owned()
}
