//! What was found, for people and in full.

use std::collections::BTreeMap;
use std::fmt::Write;

use serde_json::{Value as Json, json};

use super::{Exploration, Find, Followed};
use crate::printable::{self, printable, shortened};
use crate::report::Outcome;
use crate::report::text::{Options, Paint, failures, others};
use rulespec::Function;

impl Exploration {
    /// Whether a find is a failure; what follows no alternative of an open point is
    /// a find, but none.
    pub fn conforms(&self) -> bool {
        self.report.conforms()
    }

    /// What was found, for people.
    pub fn text(&self, options: Options) -> String {
        let mut report = self.report.clone();
        for (outcome, find) in report.outcomes.iter_mut().zip(&self.finds) {
            outcome.vector.note = find.note();
        }
        let mut out = failures(&report, options) + &others(&report, options);
        let paint = options.paint();
        if !out.is_empty() {
            _ = writeln!(out, "{}", paint.quiet(&"─".repeat(60)));
        }
        out + &self.sums(paint)
    }

    fn sums(&self, paint: Paint) -> String {
        let mut out = String::new();
        if self.wrong() > 0 {
            _ = writeln!(out, "{} not as wanted", answers(self.wrong()));
        }
        for (outcome, find) in self.report.outcomes.iter().zip(&self.finds) {
            _ = writeln!(out, "  {}", self.line(outcome, find, paint));
        }
        if self.more > 0 {
            _ = writeln!(out, "  {} more were not looked into", answers(self.more));
        }
        if !self.followed.is_empty() {
            out += "\nOpen points where the reference answers otherwise, which no engine fails\n";
        }
        for Followed { open, alternatives, answers: count } in &self.followed {
            _ = writeln!(out, "  {open}  {} ({})", alternatives.join(", "), answers(*count));
        }
        if !self.unsupported.is_empty() {
            _ = writeln!(out, "\nunsupported: {}", names(&self.unsupported).join(", "));
        }
        if !self.closed.is_empty() {
            _ = writeln!(out, "\nasked no more, for want of answers: {}", names(&self.closed).join(", "));
        }
        if !out.is_empty() {
            out.push('\n');
        }
        out + &self.close(paint)
    }

    /// A find in a line: how many answers it accounts for, and what it looks like.
    fn line(&self, outcome: &Outcome, find: &Find, paint: Paint) -> String {
        let id = paint.strong(&printable(&outcome.vector.id));
        let like = match self.looks_like(outcome) {
            Some(names) => format!("looks like {}", names.join(" + ")),
            None => outcome.word().to_owned(),
        };
        let function = printable(&outcome.vector.r#fn);
        format!("{id}  {function}  {}  {}", answers(find.count), paint.neutral(&like))
    }

    fn looks_like(&self, outcome: &Outcome) -> Option<&[String]> {
        let explains = |explains: &[String]| explains.contains(&outcome.vector.id);
        let explanation = self.report.explanations.iter().find(|one| explains(&one.explains));
        explanation.map(|explanation| &explanation.misreadings[..])
    }

    /// The engine, how much was asked, and how fast.
    fn close(&self, paint: Paint) -> String {
        let name = |hello: &crate::engine::Hello| {
            shortened(format!("{} {}", hello.engine, hello.version).trim(), 120)
        };
        let against =
            self.against.as_ref().map(|hello| format!(" against {}", name(hello))).unwrap_or_default();
        let finds = match self.finds.len() {
            0 => paint.right("nothing found"),
            1 => paint.wrong("1 find"),
            finds => paint.wrong(&format!("{finds} finds")),
        };
        let (cases, seed, took) = (self.cases(), self.seed, self.report.took());
        let speed = cases.saturating_mul(1000) / self.report.took_ms.max(1);
        let engine = name(&self.report.engine);
        format!("{engine}{against}: {finds} in {cases} cases of seed {seed}, {speed} cases/s, {took}\n")
    }

    /// Everything that was found, as JSON.
    pub fn json(&self) -> String {
        let find = |(outcome, find): (&Outcome, &Find)| {
            let mut json = json!(outcome);
            let more =
                json!({"case": find.case, "count": find.count, "looks_like": self.looks_like(outcome)});
            if let (Json::Object(all), Json::Object(more)) = (&mut json, more) {
                all.extend(more);
            }
            json
        };
        let followed = |followed: &Followed| json!({"open": followed.open, "alternatives": followed.alternatives, "answers": followed.answers});
        let by_name: BTreeMap<_, _> =
            self.asked.iter().map(|(function, count)| (function.name(), count)).collect();
        let json = json!({
            "rulespec": self.report.rulespec,
            "engine": self.report.engine,
            "against": self.against,
            "command": self.report.command,
            "date": self.report.date,
            "seed": self.seed,
            "cases": self.cases(),
            "took_ms": self.report.took_ms,
            "asked": by_name,
            "wrong": self.wrong(),
            "not_looked_into": self.more,
            "finds": self.report.outcomes.iter().zip(&self.finds).map(find).collect::<Vec<_>>(),
            "followed": self.followed.iter().map(followed).collect::<Vec<_>>(),
            "unsupported": self.unsupported,
            "asked_no_more": self.closed,
        });
        let text = serde_json::to_string_pretty(&json).unwrap_or_default();
        text.lines().map(|line| printable::json(line) + "\n").collect()
    }
}

impl Find {
    /// What a reader of the find should know besides.
    fn note(&self) -> Option<String> {
        let saved = self.case.is_none().then_some("saved before");
        let more = (self.count > 1).then(|| {
            format!(
                "the same cause in {} further {}",
                self.count - 1,
                if self.count == 2 { "answer" } else { "answers" }
            )
        });
        let parts: Vec<&str> = saved.into_iter().chain(more.as_deref()).collect();
        (!parts.is_empty()).then(|| parts.join(", "))
    }
}

fn names(functions: &[Function]) -> Vec<&'static str> {
    functions.iter().map(|function| function.name()).collect()
}

/// `1 answer`, `2 answers`.
fn answers(count: u64) -> String {
    format!("{count} answer{}", if count == 1 { "" } else { "s" })
}
