//! What one engine does: how it was asked, and everything that needs attention.

use super::cut::Cut;
use super::failures::{self, Failures};
use super::markup::{Markup, closed, element, sentence};
use super::side::Side;
use crate::printable::shortened;
use crate::report::model::Report;
use crate::report::wording::{again, conclusion, looks_like, notes, open_point, says, vectors};

/// The section of an engine.
pub fn engine(side: &Side<'_>, cut: Cut) -> Markup {
    let report = side.report;
    let parts = [
        element("h2").of(side.name.as_str()),
        facts(side),
        notes(report).into_iter().map(|note| element("p").class("note").of(note)).collect(),
        misreadings(report),
        listed("Open points", report.open_points.iter().map(|point| (point.id.clone(), open_point(point)))),
        listed(
            "Known failures whose vector no longer exists",
            report.stale.iter().map(|stale| (stale.id.clone(), format!("{}:{}", stale.file, stale.line))),
        ),
        known(side, cut),
        Failures::new(side, cut).all(),
    ];
    element("section").class("engine").id(&side.slug).of(parts)
}

/// How the engine was asked, and how a vector can be asked again.
fn facts(side: &Side<'_>) -> Markup {
    let report = side.report;
    let news = side.groups.iter().map(|group| group.failures.len()).sum::<usize>();
    let fact = |(label, text): (&str, Markup)| match text.is_empty() {
        true => Markup::default(),
        false => Markup::from([element("dt").of(label), element("dd").of(text)]),
    };
    let code = |text: &str| match text.is_empty() {
        true => Markup::default(),
        false => element("code").of(shortened(text, 1000)),
    };
    let result =
        format!("{}; of {}, {news} need attention", conclusion(report), vectors(report.outcomes.len()));
    let facts = [
        ("result", result.into()),
        (
            "asked",
            format!("{}, in {}", report.date.replace('T', " ").replace('Z', " UTC"), report.took()).into(),
        ),
        ("rulespec", shortened(&report.rulespec, 80).into()),
        ("command", code(&report.command.join(" "))),
        ("answers", code(report.answers.as_deref().unwrap_or_default())),
        ("suite", code(report.suite.as_deref().unwrap_or_default())),
        ("ask again", if news > 0 { code(&again("VECTOR", report)) } else { Markup::default() }),
    ];
    element("dl").class("facts").of(facts.into_iter().map(fact).collect::<Markup>())
}

/// The misreadings that the engine seems to have, and what each assumes.
fn misreadings(report: &Report) -> Markup {
    let found = report.explanations.iter();
    let item = |found| {
        let says = element("div").of(sentence(&says(found)));
        element("li").of([element("b").of(looks_like(found)), says])
    };
    match report.explanations.is_empty() {
        true => Markup::default(),
        false => Markup::from([
            element("h3").of("Looks like"),
            element("ul").of(found.map(item).collect::<Markup>()),
        ]),
    }
}

/// Names and what is to be said about each, in a list that is closed at first.
fn listed(label: &str, items: impl Iterator<Item = (String, String)>) -> Markup {
    let items: Vec<_> = items.collect();
    let summary = format!("{label}: {}", items.len());
    let item =
        |(name, text): (String, String)| Markup::from([element("dt").of(name), element("dd").of(text)]);
    match items.is_empty() {
        true => Markup::default(),
        false => {
            closed(summary, element("dl").class("facts").of(items.into_iter().map(item).collect::<Markup>()))
        }
    }
}

/// The known failures that still fail.
fn known(side: &Side<'_>, cut: Cut) -> Markup {
    let known = side.report.outcomes.iter().filter(|outcome| outcome.known.is_some() && !outcome.is_news());
    let known: Vec<_> = known.collect();
    match known.is_empty() {
        true => Markup::default(),
        false => closed(format!("Known failures: {}", known.len()), failures::known(&known, side, cut)),
    }
}
