//! The tables of the page.

use std::fmt::Write;

use rulespec::kql::Dynamic;
use rulespec::rule::Rule;
use rulespec_check::diff::{Difference, Finding, Input, Plan, Recorded, Watch, What, Which, diff};
use rulespec_check::engine::NOW;
use rulespec_check::printable::printable;
use rulespec_events::known_columns;

use super::event::{Claim, Recording, completed};
use super::rules::{Kin, selects};

const OURS: &str = "Bitsadmin Activity";
/// How many events are generated for each rule. More find few more causes, and take minutes.
const CASES: u64 = 2_000;

/// How each rule differs from Bitsadmin Activity, on the events of the vectors and on generated ones.
pub fn differences(kin: &[Kin], vectors: &[Recording]) -> Vec<Difference> {
    let plan = Plan { columns: known_columns(), now: NOW.parse().unwrap(), seed: 1, cases: CASES };
    let recorded = |event: &Recording| {
        let cells = completed(&event.cells).into_iter();
        let cells = cells.map(|(name, text)| (name, Dynamic::String(text))).collect();
        Recorded { cells, place: event.id.clone() }
    };
    let compare = |kin: &Kin| {
        let (ours, theirs) = ((OURS, Rule::bitsadmin_activity()), Input::Rule(&kin.name, &kin.rule));
        diff(ours, theirs, &mut vectors.iter().map(recorded), &plan, Watch::default()).unwrap()
    };
    kin.iter().map(compare).collect()
}

/// Code in a cell of a table.
fn code(text: &str) -> String {
    let text = printable(text);
    let fence = if text.contains('`') { "``" } else { "`" };
    format!("{fence}{}{fence}", text.replace('|', r"\|"))
}

fn link(name: &str) -> String {
    format!("[{name}](kin/{name}.kql)")
}

/// An event: its columns with their values as JSON.
fn event<V: ToString>(cells: impl IntoIterator<Item = (String, V)>) -> String {
    let cells = cells.into_iter().map(|(name, value)| format!("{name} {}", code(&value.to_string())));
    let cells: Vec<String> = cells.collect();
    if cells.is_empty() { "all columns empty".to_owned() } else { cells.join(", ") }
}

/// Where each rule is from.
pub fn sources(kin: &[Kin]) -> String {
    let mut out =
        "| rule | of | id | version read | licence | translation |\n|---|---|---|---|---|---|\n".to_owned();
    for kin in kin {
        let (source, file) = kin.fact("source").split_once(", ").unwrap_or((kin.fact("source"), ""));
        let version = kin.fact("read").get(..12).unwrap_or_default();
        _ = writeln!(
            out,
            "| {} | {}: *{}*, {} | {} | {} | {} | {} |",
            link(&kin.name),
            source,
            kin.fact("rule").replace('_', r"\_"),
            code(file),
            code(kin.fact("id")),
            code(version),
            kin.fact("licence"),
            kin.fact("translation"),
        );
    }
    out
}

/// How many events of the vectors each rule selects, and how many causes of differences were found.
pub fn counts(kin: &[Kin], vectors: &[Recording], differences: &[Difference]) -> String {
    let ours = selects(Rule::bitsadmin_activity(), vectors);
    let count = |flags: &[bool]| flags.iter().filter(|flag| **flag).count();
    let mut out = "| rule | selects | misses | adds | causes of misses | causes of additions |\n\
                   |---|---:|---:|---:|---:|---:|\n"
        .to_owned();
    _ = writeln!(out, "| {OURS} | {} of {} | | | | |", count(&ours), ours.len());
    for (kin, difference) in kin.iter().zip(differences) {
        let theirs = selects(&kin.rule, vectors);
        let pairs = || ours.iter().zip(&theirs);
        let missed = pairs().filter(|(ours, theirs)| **ours && !**theirs).count();
        let added = pairs().filter(|(ours, theirs)| !**ours && **theirs).count();
        let [misses, additions] = [Which::A, Which::B].map(|which| only(difference, which).len());
        let name = link(&kin.name);
        let selected = count(&theirs);
        _ = writeln!(out, "| {name} | {selected} | {missed} | {added} | {misses} | {additions} |");
    }
    out
}

/// The findings of events that only one side selects, each event once.
fn only(difference: &Difference, which: Which) -> Vec<&Finding> {
    let mut found: Vec<&Finding> = vec![];
    for finding in &difference.findings {
        let is_known =
            found.iter().any(|known| known.event == finding.event && known.absent == finding.absent);
        if finding.what == (What::Selected { by: which }) && !is_known {
            found.push(finding);
        }
    }
    found
}

/// The claims with their events.
pub fn claims(claims: &[Claim]) -> String {
    let word = |selected: bool| if selected { "selected" } else { "–" };
    let mut out = "| rule | claim | event | ours | theirs |\n|---|---|---|---|---|\n".to_owned();
    for claim in claims {
        let cells = claim.event.iter().map(|(name, text)| (name.clone(), serde_json::json!(text)));
        let (name, event) = (link(&claim.rule), event(cells));
        let (ours, theirs) = (word(claim.ours), word(claim.theirs));
        _ = writeln!(out, "| {name} | {} | {event} | {ours} | {theirs} |", claim.claim);
    }
    out
}

/// What each rule misses and adds, with the smallest event for each cause.
pub fn findings(kin: &[Kin], differences: &[Difference]) -> String {
    let mut out =
        "| rule | | event | not selected, because this is false | first in |\n|---|---|---|---|---|\n"
            .to_owned();
    for (kin, difference) in kin.iter().zip(differences) {
        for (which, word) in [(Which::A, "misses"), (Which::B, "adds")] {
            for found in only(difference, which) {
                let event = event(found.event.clone());
                let name = format!("[{0}]({0}.kql)", kin.name);
                let place = found.place.clone().unwrap_or_default();
                _ = writeln!(out, "| {name} | {word} | {event} | {} | {place} |", because(found));
            }
        }
    }
    out
}

/// The predicates that decided, of which only the first ones are shown, and not all of a long one.
fn because(finding: &Finding) -> String {
    const MAX_SHOWN: usize = 4;
    const MAX_LENGTH: usize = 90;
    let shown = finding.decided_by.iter().take(MAX_SHOWN).map(|decider| {
        let mut text: String = decider.predicate.chars().take(MAX_LENGTH).collect();
        if text.len() < decider.predicate.len() {
            text.push('…');
        }
        format!("{}{}", if decider.holds { "not " } else { "" }, code(&text))
    });
    let mut shown: Vec<String> = shown.collect();
    let more = finding.decided_by.len() - shown.len();
    if more > 0 {
        shown.push(format!("{more} more"));
    }
    shown.join(", ")
}
