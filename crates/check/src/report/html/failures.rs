//! Failures by cause, and by clause within a cause.

use std::collections::HashSet;

use super::cut::Cut;
use super::markup::{Markup, closed, element, heads, sentence};
use super::side::{Side, address};
use crate::report::call::{self, Limit};
use crate::report::cause::{Cause, Group};
use crate::report::model::Outcome;
use crate::report::wording::{assumption, followed, vectors};
use crate::verdict::Verdict;

/// As many other failures as are listed openly.
const MAX_OPEN: usize = 3;

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
        let block = |(example, others): (&'a Outcome, Vec<&'a Outcome>)| Block {
            clause: group.cause.is_by_clause().then(|| example.clause()),
            example,
            others,
        };
        let blocks: Markup = group.examples().into_iter().map(|one| self.block(&block(one))).collect();
        let title = element("h3").of(format!("{}: {}", vectors(group.failures.len()), group.cause.title()));
        let cause = element("section").class("cause");
        match group.cause {
            // The block has the clause as its heading.
            Cause::Clause(_) => blocks,
            Cause::Misreading(found) => cause.of([title, element("p").of(assumption(found)), blocks]),
            Cause::UnexpectedPass | Cause::Unsupported(_) | Cause::NoAnswer(_) | Cause::Columns(_) => {
                cause.of([title, blocks])
            }
        }
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
        let (cut, limit) = (self.cut, Limit(self.cut.example));
        let differences = match outcome.verdict.is_failure() {
            true => call::differences(outcome, limit),
            false => vec![],
        };
        let explained = match &outcome.verdict {
            Verdict::Open(alternatives) => followed(alternatives),
            _ => String::new(),
        };
        let plain = |text: &str| Markup::from(cut.example(text));
        let lines = [
            ("call", plain(&call::call(&outcome.vector, limit))),
            ("wanted", plain(&call::wanted(&outcome.vector.want, limit))),
            ("got", plain(&call::answered(&outcome.answer, limit))),
            ("differs", differing(&differences, cut)),
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

    /// The others of a block: a row each, and only the ids of those that are too many.
    fn rows(&mut self, block: &Block<'a>, with_answers: bool) -> Markup {
        let (shown, more) = block.others.split_at(block.others.len().min(self.cut.rows));
        let rows = shown.iter().map(|outcome| {
            let is_other = outcome.word() != block.example.word();
            let word = if is_other { Markup::from([" ".into(), word(outcome)]) } else { Markup::default() };
            let remark = Markup::from([word, self.mentions(outcome, block.clause)]);
            row(outcome, remark, with_answers, self.side, self.cut)
        });
        let rows = table(rows.collect(), with_answers);
        let names = more.iter().map(|outcome| {
            let name = element("span").id(&self.side.address(&outcome.vector.id));
            let id = outcome.vector.id.as_str().into();
            Markup::from([name.of([id, self.mentions(outcome, block.clause)]), " ".into()])
        });
        let names: Markup = names.collect();
        match more.len() {
            0 => rows,
            count => Markup::from([
                rows,
                element("p").class("names").of([format!("and {count} more: ").into(), names]),
            ]),
        }
    }

    /// The clauses that a vector tests, without the one that stands above it.
    fn mentions(&mut self, outcome: &'a Outcome, above: Option<&str>) -> Markup {
        let others = outcome.vector.clauses.iter().filter(|id| Some(id.as_str()) != above);
        others.flat_map(|id| [" ".into(), self.mention(id)]).collect()
    }
}

/// Known failures and the reason for each, a row each.
pub fn known(outcomes: &[&Outcome], side: &Side<'_>, cut: Cut) -> Markup {
    let reason = |outcome: &Outcome| format!(" {}", cut.row(outcome.known.as_deref().unwrap_or_default()));
    let rows = outcomes.iter().map(|outcome| row(outcome, reason(outcome).into(), true, side, cut));
    table(rows.collect(), true)
}

fn table(rows: Markup, with_answers: bool) -> Markup {
    if rows.is_empty() {
        return rows;
    }
    let columns = ["vector", "call", "wanted", "got"].into_iter().take(if with_answers { 4 } else { 3 });
    element("table").class("rows").of([heads(columns.map(Markup::from)), element("tbody").of(rows)])
}

fn row(outcome: &Outcome, remark: Markup, with_answer: bool, side: &Side<'_>, cut: Cut) -> Markup {
    let limit = Limit(cut.row);
    let cell = |text: String| element("td").of(cut.row(&text));
    let got = match with_answer {
        true => cell(call::answered(&outcome.answer, limit)),
        false => Markup::default(),
    };
    element("tr").id(&side.address(&outcome.vector.id)).of([
        element("th").of([outcome.vector.id.as_str().into(), remark]),
        cell(call::call(&outcome.vector, limit)),
        cell(call::wanted(&outcome.vector.want, limit)),
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
fn differing(lines: &[String], cut: Cut) -> Markup {
    let line = |line: &String| element("div").of(cut.example(line));
    let more = lines.len().saturating_sub(cut.lines);
    let shown: Markup = lines.iter().take(cut.lines).map(line).collect();
    match more {
        0 => shown,
        more => Markup::from([shown, element("div").of(format!("… {more} more lines"))]),
    }
}
