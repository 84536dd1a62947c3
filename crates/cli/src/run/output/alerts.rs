//! Output of alerts.

use std::io::Write;

use rulespec::fast::alerts::CollectedAlert as Alert;
use rulespec::kql::Datetime;
use rulespec_check::spreadsheet::Cells;
use serde_json::{Value as Json, json};

use super::csv::Sheet;
use super::grid::{Entry, GAP, Grid, Look};
use super::{Format, Output, Target, entity, json};
use crate::run::finding::to_the_second;
use crate::run::summary::grouped;
use crate::run::terminal;

const COLUMNS: [&str; 6] = ["WindowStart", "WindowEnd", "RunsAt", "Results", "Entities", "EntitiesLeftOut"];

const TIME: u16 = 18;
const RESULTS: u16 = 7;

/// The maximum number of lines of an entity.
const MAX_LINES: usize = 4;

/// How many entities of an alert the table shows.
const MAX_ENTITIES: usize = 10;

/// Writes the alerts in order of time.
pub fn write(alerts: &[Alert], format: Format, cells: Cells, mut target: Target) -> anyhow::Result<()> {
    match format {
        Format::Table => table(alerts, &mut target),
        Format::Jsonl => {
            let mut lines = json::Lines::new(target);
            alerts.iter().try_for_each(|alert| lines.line(&object(alert)))
        }
        Format::Json => {
            let mut array = json::Array::new(target);
            alerts.iter().try_for_each(|alert| array.element(&object(alert)))?;
            array.end()
        }
        Format::Csv => {
            let mut sheet = Sheet::new(cells, target);
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
        "results": alert.results,
        "entities": entity::json_array(&alert.entities),
        "entities_left_out": alert.entities_left_out,
    })
}

fn record(alert: &Alert) -> [String; 6] {
    [
        alert.window_start.to_string(),
        alert.window_end.to_string(),
        alert.runs_at.to_string(),
        alert.results.to_string(),
        entity::json_array(&alert.entities).to_string(),
        alert.entities_left_out.to_string(),
    ]
}

fn table(alerts: &[Alert], target: &mut Target) -> anyhow::Result<()> {
    let entities = terminal::width().saturating_sub(TIME + TIME + RESULTS + 3 * GAP);
    let widths = vec![TIME, TIME, RESULTS, entities];
    let grid = Grid::new(widths, MAX_LINES, crate::stdout_is_coloured());
    if !alerts.is_empty() {
        let header = ["RUN AT", "WINDOW START", "RESULTS", "ENTITIES"];
        writeln!(target, "{}", grid.row(header.map(|name| Entry::new(Look::Dim, name))))?;
    }
    for row in alerts.iter().flat_map(rows) {
        writeln!(target, "{}", grid.row(row))?;
    }
    Ok(target.flush()?)
}

/// One row per entity, the first of them with the data of the alert.
fn rows(alert: &Alert) -> Vec<[Entry; 4]> {
    let plain = |text: &str| Entry::new(Look::Plain, text);
    let mut entities: Vec<String> = alert.entities.iter().take(MAX_ENTITIES).map(entity::text).collect();
    let more = alert.entities.len().saturating_sub(MAX_ENTITIES).saturating_add(alert.entities_left_out);
    if more > 0 || entities.is_empty() {
        entities.push(format!("{} more", grouped(more as u64)));
    }
    let results = grouped(alert.results);
    let times = [alert.runs_at, alert.window_start].map(to_the_minute);
    let rows = entities.iter().enumerate().map(|(number, entity)| match number {
        0 => [plain(&times[0]), plain(&times[1]), Entry::new(Look::Bold, &results), plain(entity)],
        _ => [plain(""), plain(""), plain(""), plain(entity)],
    });
    rows.collect()
}

fn to_the_minute(time: Datetime) -> String {
    to_the_second(time).chars().take("2026-01-02 03:04".len()).collect()
}
