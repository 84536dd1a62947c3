//! The data of the page. Every text is already escaped for display.

use serde::Serialize;

use crate::printable::{printable, shortened};
use crate::report::call::{self, Limit};
use crate::report::chapter::{chapter_id, selected_clauses, title};
use crate::report::model::{ClauseOutcome, Explained, Outcome, Report};
use crate::report::standing::Standing;
use crate::report::wording::{again, conclusion, followed, looks_like, notes, open_point};
use crate::verdict::Verdict;
use rulespec::suite::Vector;

/// The maximum length of a value in the panel.
const LIMIT: Limit = Limit(4000);

/// All data of the page.
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
    conclusion: String,
    notes: Vec<String>,
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
    /// One per engine; `None` if the engine's report lacks the clause.
    engines: Vec<Option<Cell>>,
}

#[derive(Debug, Serialize)]
struct Cell {
    standing: Standing,
    passed: usize,
    asked: usize,
}

/// A vector and the answers of the engines.
#[derive(Debug, Serialize)]
struct Question {
    id: String,
    title: String,
    clauses: Vec<String>,
    call: String,
    want: String,
    note: String,
    /// One per engine; `None` if the engine was not asked.
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
        let clauses = selected_clauses(reports).into_iter();
        Self {
            engines: reports.iter().map(Engine::new).collect(),
            clauses: clauses.map(|clause| Clause::new(clause, reports)).collect(),
            questions: questions(reports),
        }
    }
}

impl Engine {
    fn new(report: &Report) -> Self {
        let counts = report.counts();
        let points = report.open_points.iter();
        let stale = report.stale.iter().map(|stale| format!("{} ({}:{})", stale.id, stale.file, stale.line));
        Self {
            name: shortened(&report.engine.engine, 80),
            version: shortened(&report.engine.version, 80),
            date: shown(&report.date),
            rulespec: shown(&report.rulespec),
            command: shortened(&report.command.join(" "), 1000),
            conforms: report.conforms(),
            conclusion: conclusion(report),
            notes: notes(report),
            met: counts.of(Standing::Met),
            asked: counts.total(),
            vectors: report.outcomes.len(),
            took: report.took(),
            explanations: report.explanations.iter().map(looks_like).collect(),
            open_points: points.map(|point| [shown(&point.id), shown(&open_point(point))]).collect(),
            stale: stale.map(|text| shown(&text)).collect(),
        }
    }
}

impl Clause {
    fn new(clause: &ClauseOutcome, reports: &[Report]) -> Self {
        let cell = |report: &Report| {
            let found = report.clauses.iter().find(|other| other.id == clause.id)?;
            Some(Cell { standing: found.standing, passed: found.passed, asked: found.asked })
        };
        Self {
            id: shown(&clause.id),
            chapter: shown(chapter_id(&clause.id)),
            chapter_title: shown(&title(&clause.place)),
            text: shown(&clause.text),
            place: shown(&clause.place),
            engines: reports.iter().map(cell).collect(),
        }
    }
}

/// Every question once, with the answers of all engines.
///
/// In reports of different suites, one id may stand for different questions. These are
/// kept apart.
fn questions(reports: &[Report]) -> Vec<Question> {
    let mut questions: Vec<Question> = vec![];
    let mut numbers = std::collections::HashMap::<String, usize>::new();
    for (engine, report) in reports.iter().enumerate() {
        let explained = report.explained();
        for outcome in &report.outcomes {
            let key = serde_json::to_string(&outcome.vector).unwrap_or_default();
            let number = *numbers.entry(key).or_insert_with(|| {
                questions.push(Question::new(&outcome.vector, reports.len()));
                questions.len() - 1
            });
            if let Some(slot) =
                questions.get_mut(number).and_then(|question| question.answers.get_mut(engine))
            {
                *slot = Some(Answer::new(outcome, report, &explained));
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
    fn new(outcome: &Outcome, report: &Report, explained: &Explained<'_>) -> Self {
        let is_failure = outcome.verdict.is_failure();
        let explanation = explained.get(outcome).filter(|_| is_failure);
        Self {
            word: outcome.word(),
            news: outcome.is_news(),
            got: call::answered(&outcome.answer, LIMIT),
            difference: if is_failure { call::differences(outcome, LIMIT).join("\n") } else { String::new() },
            looks_like: explanation.map(looks_like).unwrap_or_default(),
            known: outcome.known.as_deref().map(shown).unwrap_or_default(),
            follows: if let Verdict::Open(alternatives) = &outcome.verdict {
                shown(&followed(alternatives))
            } else {
                String::new()
            },
            again: if outcome.is_news() { again(&outcome.vector.id, report) } else { String::new() },
        }
    }
}

fn shown(text: &str) -> String {
    printable(text).into_owned()
}
