//! Detections and alerts, written in one of several forms.

pub mod alerts;
mod cards;
mod csv;
mod entity;
mod explanation;
mod grid;
mod json;
mod table;

use std::io::Write;

use clap::ValueEnum;

use super::Arguments;
use super::finding::Finding;
use crate::palette::Palette;
use crate::terminal;

/// Where output goes.
pub type Target = Box<dyn Write>;

/// A form of detections. What is written has left the process when a call returns.
pub trait Output {
    /// Writes one event.
    fn finding(&mut self, finding: &Finding) -> anyhow::Result<()>;

    /// Writes what stands at the end.
    fn end(&mut self) -> anyhow::Result<()>;
}

/// The forms of output, as the user names them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Form {
    /// For people: a row a detection, or a card where rows have no room
    Table,
    /// For programs: one JSON object a line
    Jsonl,
    /// For programs: one JSON array
    Json,
    /// For spreadsheets: always the same columns
    Csv,
}

/// The form that the arguments ask for.
pub fn output(arguments: &Arguments, target: Target) -> Box<dyn Output> {
    let coloured = Palette::stdout().coloured();
    let width = terminal::width();
    let roomy = width >= table::MIN_WIDTH && !arguments.all && !arguments.entities && !arguments.explain;
    match arguments.format {
        Form::Table if roomy => Box::new(table::Rows::new(width, coloured, target)),
        Form::Table => Box::new(cards::Cards::new(width, coloured, target)),
        Form::Jsonl => Box::new(json::Lines::new(target)),
        Form::Json => Box::new(json::Array::new(target)),
        Form::Csv => Box::new(csv::Records::new(arguments, target)),
    }
}
