//! The result of a search, as text and as JSON.

use std::fmt::Write;

use serde_json::json;

use super::exploration::{Exploration, Find, Followed};
use crate::engine::Hello;
use crate::printable::{self, inert, printable, shortened};
use crate::report::text::{self, Options};
use crate::report::wording::counted;
use crate::report::{Outcome, Painter};
use crate::stop::Reason;
use rulespec::Function;

impl Exploration {
    /// The result as text: each find, and then the totals.
    pub fn text(&self, options: Options) -> String {
        let finds: String = (0..self.finds.len()).map(|at| self.find_text(at, options)).collect();
        finds + &self.totals_text(options)
    }

    /// One find as text, by its number in [`finds`](Self::finds). It does not change if there are
    /// further answers with the same cause.
    pub fn find_text(&self, at: usize, options: Options) -> String {
        let (Some(outcome), Some(find)) = (self.report.outcomes.get(at), self.finds.get(at)) else {
            return String::new();
        };
        let mut outcome = outcome.clone();
        outcome.vector.note = find.case.is_none().then(|| "saved before".to_owned());
        text::find(&outcome, &self.report, options)
    }

    /// What was found in all, as text.
    pub fn totals_text(&self, options: Options) -> String {
        let painter = options.painter();
        let line = match self.finds.is_empty() {
            true => String::new(),
            false => painter.muted(&"─".repeat(60)) + "\n",
        };
        line + &self.totals(painter)
    }

    fn totals(&self, painter: Painter) -> String {
        let mut out = String::new();
        if self.wrong() > 0 {
            _ = writeln!(out, "{}", counted(self.wrong(), "wrong answer"));
        }
        for (outcome, find) in self.report.outcomes.iter().zip(&self.finds) {
            _ = writeln!(out, "  {}", self.line(outcome, find, painter));
        }
        if self.more > 0 {
            _ = writeln!(out, "  {} not investigated", counted(self.more, "more answer"));
        }
        if !self.followed.is_empty() {
            out += "\nOpen points at which the engine differs from the reference, which are not failures\n";
        }
        for Followed { open, alternatives, answers } in &self.followed {
            _ = writeln!(out, "  {open}  {} ({})", alternatives.join(", "), counted(*answers, "answer"));
        }
        if !self.unsupported.is_empty() {
            _ = writeln!(out, "\nunsupported: {}", names(&self.unsupported));
        }
        if !self.closed.is_empty() {
            _ = writeln!(
                out,
                "\nno longer called, because too many calls got no answer: {}",
                names(&self.closed)
            );
        }
        if self.report.restarts > 0 {
            _ = writeln!(out, "\nengines were started again {}", times(self.report.restarts));
        }
        if let Some(why) = &self.given_up {
            _ = writeln!(out, "\n{}", painter.error(&shortened(why, 1000)));
        }
        if !out.is_empty() {
            out.push('\n');
        }
        out + &self.last_line(painter)
    }

    /// One line for a find: how many answers it accounts for, and what explains it.
    fn line(&self, outcome: &Outcome, find: &Find, painter: Painter) -> String {
        let id = painter.strong(&printable(&outcome.vector.id));
        let like = match self.looks_like(outcome) {
            Some(names) => format!("looks like {}", names.join(" + ")),
            None => match outcome.vector.title.split_once(": ") {
                Some((_, what)) if find.case.is_some() => printable(what).into_owned(),
                _ => outcome.word().to_owned(),
            },
        };
        let function = printable(&outcome.vector.r#fn);
        format!("{id}  {function}  {}  {}", counted(find.count, "answer"), painter.warning(&like))
    }

    /// The misreadings that explain an outcome.
    fn looks_like(&self, outcome: &Outcome) -> Option<&[String]> {
        let explains = |explains: &[String]| explains.contains(&outcome.vector.id);
        let explanation = self.report.explanations.iter().find(|one| explains(&one.explains));
        explanation.map(|explanation| &explanation.misreadings[..])
    }

    /// The engine, the number of finds and cases, and the speed.
    fn last_line(&self, painter: Painter) -> String {
        let name = |hello: &Hello| shortened(format!("{} {}", hello.engine, hello.version).trim(), 120);
        let against =
            self.against.as_ref().map(|hello| format!(" against {}", name(hello))).unwrap_or_default();
        let finds = match self.finds.len() {
            0 if self.conforms() => painter.success("nothing found"),
            0 => painter.error("nothing found so far"),
            finds => painter.error(&counted(finds as u64, "find")),
        };
        let (cases, seed, took) = (self.cases(), self.seed, self.report.took());
        let speed = cases.saturating_mul(1000) / self.report.took_ms.max(1);
        let engine = name(&self.report.engine);
        let stopped = match self.stopped {
            Some(Reason::Interrupted) => painter.error("; interrupted"),
            Some(Reason::TimeOver) if cases == 0 => painter.error("; no answer in the time given by --time"),
            Some(Reason::TimeOver) | None => String::new(),
        };
        let line = format!(
            "{engine}{against}: {finds} in {cases} cases of seed {seed}, {speed} cases/s, {took}{stopped}\n"
        );
        inert(&line).into_owned()
    }

    /// The complete result as JSON.
    pub fn json(&self) -> String {
        let finds = self.report.outcomes.iter().zip(&self.finds).map(|(outcome, find)| FullFind {
            outcome,
            case: find.case,
            count: find.count,
            looks_like: self.looks_like(outcome),
        });
        let json = json!({
            "rulespec": self.report.rulespec,
            "engine": self.report.engine,
            "against": self.against,
            "command": self.report.command,
            "date": self.report.date,
            "seed": self.seed,
            "cases": self.cases(),
            "took_ms": self.report.took_ms,
            "asked": self.asked,
            "wrong": self.wrong(),
            "not_looked_into": self.more,
            "finds": finds.collect::<Vec<_>>(),
            "followed": self.followed,
            "unsupported": self.unsupported,
            "asked_no_more": self.closed,
            "restarts": self.report.restarts,
            "interrupted": self.stopped == Some(Reason::Interrupted),
            "given_up": self.given_up,
        });
        let text = serde_json::to_string_pretty(&json).unwrap_or_default();
        text.lines().map(|line| printable::json(line) + "\n").collect()
    }
}

/// A find as it is written to JSON.
#[derive(serde::Serialize)]
struct FullFind<'a> {
    #[serde(flatten)]
    outcome: &'a Outcome,
    case: Option<u64>,
    count: u64,
    looks_like: Option<&'a [String]>,
}

fn names(functions: &[Function]) -> String {
    functions.iter().map(|function| function.name()).collect::<Vec<_>>().join(", ")
}

/// `once`, `2 times`.
pub(super) fn times(number: u64) -> String {
    if number == 1 { "once".to_owned() } else { format!("{number} times") }
}
