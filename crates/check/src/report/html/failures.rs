//! Failures by cause, and by clause within a cause.

use std::collections::HashSet;

use super::cut::Cut;
use super::markup::{Element, Markup, closed, element, heads, sentence};
use super::side::{Side, address};
use crate::report::call::{self, Limit};
use crate::report::cause::{Cause, Group};
use crate::report::model::Outcome;
use crate::report::wording::{followed, says, vectors};
use crate::verdict::Verdict;

/// As many other failures as are listed openly.
const MAX_OPEN: usize = 3;

/// Renders the failures of one engine. The address of what it does with a clause leads to the first failure
/// of the clause.
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

    /// All failures. Those that only their clause has in common are one section if they are neighbours.
    pub fn all(&mut self) -> Markup {
        let side = self.side;
        let is_unexplained = |group: &Group<'_>| matches!(group.cause, Cause::Clause(_));
        let sections = side.groups.chunk_by(|a, b| is_unexplained(a) && is_unexplained(b));
        sections.map(|groups| self.section(groups)).collect()
    }

    fn section(&mut self, groups: &[Group<'a>]) -> Markup {
        let Some(first) = groups.first() else { return Markup::default() };
        let count = vectors(groups.iter().map(|group| group.failures.len()).sum());
        let (title, says) = match first.cause {
            Cause::Clause(_) => (format!("{count} that no misreading explains"), Markup::default()),
            Cause::Misreading(found) => {
                (format!("{count}: {}", first.cause.title()), element("p").of(sentence(&says(found))))
            }
            Cause::UnexpectedPass | Cause::NoAnswer(_) | Cause::Columns(_) => {
                (format!("{count}: {}", first.cause.title()), Markup::default())
            }
        };
        let blocks: Markup = groups.iter().map(|group| self.blocks(group)).collect();
        element("section").class("cause").of([element("h3").of(title), says, blocks])
    }

    fn blocks(&mut self, group: &Group<'a>) -> Markup {
        let block = |(example, others): (&'a Outcome, Vec<&'a Outcome>)| Block {
            clause: group.cause.is_by_clause().then(|| example.clause()),
            example,
            others,
        };
        group.examples().into_iter().map(|one| self.block(&block(one))).collect()
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
        let head = element("h4");
        let head = if self.addressed.insert(id) { head.id(&self.side.address(id)) } else { head };
        head.of(self.sentence(id, element("a")))
    }

    /// A clause's id, as a link to the matrix if the matrix has it, and its sentence.
    fn sentence(&self, id: &str, link: Element) -> Markup {
        match self.side.clause(id) {
            Some(clause) => Markup::from([link.to(&address(id)).of(id), " ".into(), sentence(&clause.text)]),
            None => link.of(id),
        }
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

    /// The clauses that a vector tests, without the one that stands above it, with their sentences.
    fn tests(&mut self, outcome: &'a Outcome, above: Option<&str>) -> Markup {
        let clause = |id: &'a str| {
            let link = self.link(id);
            element("div").of(self.sentence(id, link))
        };
        others(outcome, above).map(clause).collect()
    }

    /// The ids of the clauses that a vector tests, without the one that stands above it.
    fn mentions(&mut self, outcome: &'a Outcome, above: Option<&str>) -> Markup {
        let mention = |id: &'a str| {
            let link = self.link(id);
            let link = if self.side.clause(id).is_some() { link.to(&address(id)) } else { link };
            [" ".into(), link.of(id)]
        };
        others(outcome, above).flat_map(mention).collect()
    }

    /// The start of a link from a clause, with the address of what the engine does with the clause if
    /// nothing else has it.
    fn link(&mut self, id: &'a str) -> Element {
        match self.addressed.insert(id) {
            true => element("a").id(&self.side.address(id)),
            false => element("a"),
        }
    }

    /// The others of a block.
    fn rows(&mut self, block: &Block<'a>, with_answers: bool) -> Markup {
        let (shown, more) = block.others.split_at(block.others.len().min(self.cut.rows));
        let rows = shown.iter().map(|outcome| {
            let is_other = outcome.word() != block.example.word();
            let word = if is_other { Markup::from([" ".into(), word(outcome)]) } else { Markup::default() };
            let remark = Markup::from([word, self.mentions(outcome, block.clause)]);
            row(outcome, remark, with_answers, self.side, self.cut)
        });
        let table = table(rows.collect(), with_answers);
        let name = |outcome: &&'a Outcome| name(outcome, self.mentions(outcome, block.clause), self.side);
        Markup::from([table, names(more.iter().map(name))])
    }
}

/// The clauses that a vector tests, without the one that stands above it.
fn others<'a>(outcome: &'a Outcome, above: Option<&str>) -> impl Iterator<Item = &'a str> {
    let clauses = outcome.vector.clauses.iter().map(String::as_str);
    clauses.filter(move |id| Some(*id) != above)
}

/// Known failures and the reason for each.
pub fn known(outcomes: &[&Outcome], side: &Side<'_>, cut: Cut) -> Markup {
    let reason = |outcome: &Outcome| format!(" {}", cut.row(outcome.known.as_deref().unwrap_or_default()));
    let (shown, more) = outcomes.split_at(outcomes.len().min(cut.rows));
    let rows = shown.iter().map(|outcome| row(outcome, reason(outcome).into(), true, side, cut));
    let names = names(more.iter().map(|outcome| name(outcome, Markup::default(), side)));
    Markup::from([table(rows.collect(), true), names])
}

/// What is too much for a table.
fn names(names: impl ExactSizeIterator<Item = Markup>) -> Markup {
    match names.len() {
        0 => Markup::default(),
        count => {
            element("p").class("names").of([format!("and {count} more: ").into(), names.collect::<Markup>()])
        }
    }
}

/// A failure without its call and its answers.
fn name(outcome: &Outcome, remark: Markup, side: &Side<'_>) -> Markup {
    let name = element("span").id(&side.address(&outcome.vector.id));
    Markup::from([name.of([outcome.vector.id.as_str().into(), remark]), " ".into()])
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
        more => Markup::from([shown, element("div").of(format!("… and {more} more"))]),
    }
}
