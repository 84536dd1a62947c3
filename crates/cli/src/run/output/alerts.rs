//! The runs of the rule that alert.

use std::io::Write;

use rulespec::kql::Datetime;
use rulespec::rule::schedule::Alert;
use serde_json::{Value as Json, json};

use super::csv::Sheet;
use super::grid::{Entry, GAP, Grid, Look};
use super::{Form, Output, Target, entity, json};
use crate::palette::Palette;
use crate::run::finding::to_the_second;
use crate::run::summary::grouped;
use crate::terminal;

const COLUMNS: [&str; 6] = ["WindowStart", "WindowEnd", "RunsAt", "Results", "Entities", "EntitiesLeftOut"];

const TIME: u16 = 18;
const RESULTS: u16 = 7;

/// The most lines one entity takes.
const LINES: usize = 4;

/// How many entities of an alert are shown to people.
const ENTITIES: usize = 10;

/// Writes the alerts in the order of their time.
pub fn write(alerts: &[Alert], form: Form, mut target: Target) -> anyhow::Result<()> {
    match form {
        Form::Table => table(alerts, &mut target),
        Form::Jsonl => {
            let mut lines = json::Lines::new(target);
            alerts.iter().try_for_each(|alert| lines.line(&object(alert)))
        }
        Form::Json => {
            let mut array = json::Array::new(target);
            alerts.iter().try_for_each(|alert| array.element(&object(alert)))?;
            array.end()
        }
        Form::Csv => {
            let mut sheet = Sheet::new(target);
            sheet.record(&COLUMNS)?;
            alerts.iter().try_for_each(|alert| sheet.record(&record(alert)))
        }
    }
}

fn object(alert: &Alert) -> Json {
    json!({
        "window_start": alert.window_start.to_string(),
        "window_end": alert.window_end.to_string(),
        "runs_at": alert.runs_at.to_string(),
        "results": alert.detections.len(),
        "entities": alert.entities.iter().map(entity::json).collect::<Json>(),
        "entities_left_out": alert.entities_left_out,
    })
}

fn record(alert: &Alert) -> [String; 6] {
    [
        alert.window_start.to_string(),
        alert.window_end.to_string(),
        alert.runs_at.to_string(),
        alert.detections.len().to_string(),
        alert.entities.iter().map(entity::json).collect::<Json>().to_string(),
        alert.entities_left_out.to_string(),
    ]
}

fn table(alerts: &[Alert], target: &mut Target) -> anyhow::Result<()> {
    let entities = terminal::width().saturating_sub(TIME + TIME + RESULTS + 3 * GAP);
    let widths = vec![TIME, TIME, RESULTS, entities];
    let grid = Grid::new(widths, LINES, Palette::stdout().coloured());
    if !alerts.is_empty() {
        let header = ["RUNS AT", "OVER THE HOUR FROM", "RESULTS", "ENTITIES"];
        writeln!(target, "{}", grid.row(header.map(|name| Entry::new(Look::Quiet, name))))?;
    }
    for row in alerts.iter().flat_map(rows) {
        writeln!(target, "{}", grid.row(row))?;
    }
    Ok(target.flush()?)
}

/// A row an entity, the first of them with what the alert is.
fn rows(alert: &Alert) -> Vec<[Entry; 4]> {
    let plain = |text: &str| Entry::new(Look::Plain, text);
    let mut entities: Vec<String> = alert.entities.iter().take(ENTITIES).map(entity::text).collect();
    let more = alert.entities.len().saturating_sub(ENTITIES).saturating_add(alert.entities_left_out);
    if more > 0 || entities.is_empty() {
        entities.push(format!("{} more", grouped(more as u64)));
    }
    let results = grouped(alert.detections.len() as u64);
    let times = [alert.runs_at, alert.window_start].map(to_the_minute);
    let rows = entities.iter().enumerate().map(|(number, entity)| match number {
        0 => [plain(&times[0]), plain(&times[1]), Entry::new(Look::Strong, &results), plain(entity)],
        _ => [plain(""), plain(""), plain(""), plain(entity)],
    });
    rows.collect()
}

fn to_the_minute(time: Datetime) -> String {
    to_the_second(time).chars().take("2026-01-02 03:04".len()).collect()
}
