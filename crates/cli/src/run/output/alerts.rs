//! Output of alerts.

use std::io::Write;
use std::rc::Rc;

use rulespec::fast::alerts::CollectedAlert as Alert;
use rulespec::kql::Datetime;
use serde_json::{Map, Value as Json, json};

use super::csv::Sheet;
use super::grid::{Entry, GAP, Grid, Layout, Look};
use super::rule::{self, About};
use super::{Format, Output, Target, entity, json, markdown};
use crate::run::Arguments;
use crate::run::finding::to_the_second;
use crate::run::summary::{Tally, grouped};
use crate::run::terminal::Screen;

/// The names of the [`values`] of an alert.
const NAMES: [&str; 6] =
    ["window_start", "window_end", "runs_at", "results", "entities", "entities_left_out"];

const TIME: u16 = 18;
const RESULTS: u16 = 7;

/// The maximum number of lines of an entity.
const MAX_LINES: usize = 4;

/// How many entities of an alert the table shows.
const MAX_ENTITIES: usize = 10;

/// Writes the alerts in order of time. The names are the same in every format; the table writes them
/// as headings.
pub fn write(
    alerts: &[Alert],
    tally: &Tally,
    arguments: &Arguments,
    about: &Rc<About>,
    screen: Screen,
    mut target: Target,
) -> anyhow::Result<()> {
    match arguments.format() {
        Format::Table => table(alerts, screen, &mut target),
        Format::Jsonl => {
            let mut lines = json::Lines::new(about.clone(), target);
            alerts.iter().try_for_each(|alert| lines.line(&object(alert, about)))
        }
        Format::Json => {
            let mut array = json::Array::new(about.clone(), target);
            alerts.iter().try_for_each(|alert| array.element(&object(alert, about)))?;
            array.end(tally)
        }
        Format::Csv => {
            let mut sheet = Sheet::new(arguments.cells.cells(), screen, target);
            sheet.record(&[&NAMES[..], &rule::MEMBERS].concat())?;
            alerts.iter().try_for_each(|alert| sheet.record(&record(alert, about)))
        }
        Format::Markdown => markdown::alerts(alerts, tally, about.clone(), target),
    }
}
fn values(alert: &Alert) -> [Json; 6] {
    [
        json!(alert.window_start.to_string()),
        json!(alert.window_end.to_string()),
        json!(alert.runs_at.to_string()),
        json!(alert.results),
        entity::json_array(&alert.entities),
        json!(alert.entities_left_out),
    ]
}

fn object(alert: &Alert, about: &About) -> Json {
    let members = NAMES.into_iter().zip(values(alert));
    let rule = rule::MEMBERS.into_iter().zip(about.values());
    members.chain(rule).map(|(name, value)| (name.to_owned(), value)).collect::<Map<_, _>>().into()
}

fn record(alert: &Alert, about: &About) -> Vec<String> {
    let text = |value: Json| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    values(alert).map(text).into_iter().chain(about.texts()).collect()
}

fn table(alerts: &[Alert], screen: Screen, target: &mut Target) -> anyhow::Result<()> {
    let entities = screen.width.saturating_sub(TIME + TIME + RESULTS + 3 * GAP);
    let widths = vec![TIME, TIME, RESULTS, entities];
    let mut grid = Grid::new(widths, Layout::new(screen, MAX_LINES), screen.coloured);
    if !alerts.is_empty() {
        let header = ["RUNS AT", "WINDOW START", "RESULTS", "ENTITIES"];
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
