//! Failures by cause, and by clause within a cause.

use std::collections::HashSet;

use super::markup::{Markup, closed, element, heads, scrolling, sentence};
use super::side::{Side, address};
use crate::report::call::{self, Limit};
use crate::report::cause::{Cause, Group};
use crate::report::model::Outcome;
use crate::report::wording::{assumption, followed, vectors};
use crate::verdict::Verdict;

/// As many other failures as are listed openly.
const MAX_OPEN: usize = 3;

/// How many characters of a value are displayed.
#[derive(Debug, Clone, Copy)]
pub struct Cut {
    /// In the example of a clause.
    pub example: usize,
    /// In the rows of the others.
    pub row: usize,
}

/// Renders the failures of one engine. The first failure of each clause is where the address of the clause leads.
pub struct Failures<'a> {
    side: &'a Side<'a>,
    cut: Cut,
    /// The clauses that have an address already.
    addressed: HashSet<&'a str>,
}

/// An example and the others of its clause.
struct Block<'a> {
    /// The clause, if all have it in common.
    clause: Option<&'a str>,
    example: &'a Outcome,
    others: Vec<&'a Outcome>,
}

impl<'a> Failures<'a> {
    pub fn new(side: &'a Side<'a>, cut: Cut) -> Self {
        Self { side, cut, addressed: HashSet::new() }
    }

    /// The failures with one cause.
    pub fn group(&mut self, group: &Group<'a>) -> Markup {
        let title = match group.cause {
            Cause::Clause(_) => Markup::default(),
            cause => element("h3").of(format!("{}: {}", vectors(group.failures.len()), cause.title())),
        };
        let says = match group.cause {
            Cause::Misreading(found) => element("p").of(assumption(found)),
            Cause::UnexpectedPass
            | Cause::Unsupported(_)
            | Cause::NoAnswer(_)
            | Cause::Columns(_)
            | Cause::Clause(_) => Markup::default(),
        };
        let block = |(example, others): (&'a Outcome, Vec<&'a Outcome>)| Block {
            clause: group.cause.is_by_clause().then(|| example.clause()),
            example,
            others,
        };
        let blocks: Markup = group.examples().into_iter().map(|one| self.block(&block(one))).collect();
        element("section").class("cause").of([title, says, blocks])
    }

    /// The failures of one clause, or all of a cause that has nothing to do with clauses.
    fn block(&mut self, block: &Block<'a>) -> Markup {
        let head = block.clause.map(|clause| self.head(clause)).unwrap_or_default();
        let example = self.example(block);
        let count = block.others.len();
        let is_same = block.others.iter().all(|other| other.answer == block.example.answer);
        let more = match count {
            0 => Markup::default(),
            1..=MAX_OPEN => self.rows(block, true),
            _ if is_same => closed(format!("{count} more with the same answer"), self.rows(block, false)),
            _ => closed(format!("{count} more"), self.rows(block, true)),
        };
        element("div").class("block").of([head, example, more])
    }

    /// The clause and its sentence.
    fn head(&mut self, id: &'a str) -> Markup {
        let clause = self.side.report.clauses.iter().find(|clause| clause.id == id);
        let text = clause.map(|clause| sentence(&clause.text)).unwrap_or_default();
        let link = element("a").to(&address(id)).of(id);
        let head = element("h4");
        let head = if self.addressed.insert(id) { head.id(&self.side.address(id)) } else { head };
        head.of([link, " ".into(), text])
    }
    /// One failure in full.
    fn example(&mut self, block: &Block<'a>) -> Markup {
        let outcome = block.example;
        let limit = Limit(self.cut.example);
        let code = |text: String| element("code").of(cut(&text, limit.0));
        let differences = match outcome.verdict.is_failure() {
            true => call::differences(outcome, limit),
            false => vec![],
        };
        let explained = match &outcome.verdict {
            Verdict::Open(alternatives) => followed(alternatives),
            _ => String::new(),
        };
        let plain = |text: &str| Markup::from(cut(text, limit.0));
        let lines = [
            ("call", code(call::call(&outcome.vector, limit))),
            ("wanted", code(call::wanted(&outcome.vector.want, limit))),
            ("got", code(call::answered(&outcome.answer, limit))),
            ("differs", differing(&differences, limit)),
            ("follows", plain(&explained)),
            ("known", plain(outcome.known.as_deref().unwrap_or_default())),
            ("note", plain(outcome.vector.note.as_deref().unwrap_or_default())),
            ("tests", self.tests(outcome, block.clause)),
        ];
        element("article").id(&self.side.address(&outcome.vector.id)).of([
            element("h5").of([
                element("b").of(outcome.vector.id.as_str()),
                format!(" {} ", outcome.vector.title).into(),
                word(outcome),
            ]),
            element("dl").of(lines.into_iter().map(line).collect::<Markup>()),
        ])
    }

    /// The clauses that a vector tests, without the one that stands above it.
    fn tests(&mut self, outcome: &'a Outcome, above: Option<&str>) -> Markup {
        let others = outcome.vector.clauses.iter().filter(|id| Some(id.as_str()) != above);
        let clause = |id: &'a String| {
            let text = self.side.report.clauses.iter().find(|clause| clause.id == *id);
            let text = text.map(|clause| sentence(&clause.text)).unwrap_or_default();
            element("div").of([self.mention(id), " ".into(), text])
        };
        others.map(clause).collect()
    }

    /// A clause's id, with the address of what the engine does with it if nothing else has it.
    fn mention(&mut self, id: &'a str) -> Markup {
        let link = element("a").to(&address(id));
        match self.addressed.insert(id) {
            true => link.id(&self.side.address(id)).of(id),
            false => link.of(id),
        }
    }

    /// The others of a block, a row each.
    fn rows(&mut self, block: &Block<'a>, with_answers: bool) -> Markup {
        let rows = block.others.iter().map(|outcome| {
            let others = outcome.vector.clauses.iter().filter(|id| Some(id.as_str()) != block.clause);
            let mentions: Markup = others.flat_map(|id| [" ".into(), self.mention(id)]).collect();
            let is_other = outcome.word() != block.example.word();
            let word = if is_other { Markup::from([" ".into(), word(outcome)]) } else { Markup::default() };
            row(outcome, [word, mentions].into(), with_answers, self.side, self.cut)
        });
        table(rows.collect(), with_answers)
    }
}

/// Outcomes without their clauses, a row each.
pub fn outcomes(outcomes: &[&Outcome], side: &Side<'_>, cut: Cut) -> Markup {
    let known = |outcome: &Outcome| format!(" {}", outcome.known.as_deref().unwrap_or_default());
    let rows = outcomes.iter().map(|outcome| row(outcome, known(outcome).into(), true, side, cut));
    table(rows.collect(), true)
}

fn table(rows: Markup, with_answers: bool) -> Markup {
    let columns: &[&str] =
        if with_answers { &["vector", "call", "wanted", "got"] } else { &["vector", "call", "wanted"] };
    let head = heads(columns.iter().map(|column| (*column).into()));
    scrolling("Failures", element("table").class("rows").of([head, element("tbody").of(rows)]))
}

fn row(
    outcome: &Outcome,
    remark: Markup,
    with_answer: bool,
    side: &Side<'_>,
    Cut { row, .. }: Cut,
) -> Markup {
    let limit = Limit(row);
    let code = |text: String| element("td").of(cut(&text, row));
    let got = match with_answer {
        true => code(call::answered(&outcome.answer, limit)),
        false => Markup::default(),
    };
    element("tr").id(&side.address(&outcome.vector.id)).of([
        element("th").of([outcome.vector.id.as_str().into(), remark]),
        code(call::call(&outcome.vector, limit)),
        code(call::wanted(&outcome.vector.want, limit)),
        got,
    ])
}

fn word(outcome: &Outcome) -> Markup {
    let class = if outcome.is_news() { "missed" } else { "open" };
    element("span").class(class).of(outcome.word())
}

fn line((label, text): (&str, Markup)) -> Markup {
    match text.is_empty() {
        true => Markup::default(),
        false => Markup::from([element("dt").of(label), element("dd").of(text)]),
    }
}

/// What differs, a line each.
fn differing(lines: &[String], limit: Limit) -> Markup {
    let line = |line: &String| element("div").of(element("code").of(cut(line, limit.0)));
    lines.iter().map(line).collect()
}

/// The first characters of a text that is escaped already.
fn cut(text: &str, limit: usize) -> String {
    match text.char_indices().nth(limit) {
        None => text.to_owned(),
        Some((at, _)) => format!("{}…", text.get(..at).unwrap_or_default()),
    }
}
