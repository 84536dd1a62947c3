//! Output of detections and alerts, in several formats.

pub mod alerts;
mod cards;
mod csv;
mod entity;
mod explanation;
mod grid;
mod json;
mod markdown;
pub mod rule;
mod table;

use std::io::Write;
use std::rc::Rc;

use clap::ValueEnum;

use super::Arguments;
use super::finding::Finding;
use super::summary::Tally;
use super::terminal::Screen;
use rule::About;

/// The destination of the output.
pub type Target = Box<dyn Write>;

/// An output format of findings. Each call flushes what it writes.
pub trait Output {
    /// Writes one finding.
    fn finding(&mut self, finding: &Finding) -> anyhow::Result<()>;

    /// Writes the end of the output. The tally has what was read.
    fn end(&mut self, tally: &Tally) -> anyhow::Result<()>;
}

/// The output format.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// Human-readable: one row per detection, or a card if rows do not fit
    #[default]
    Table,
    /// One JSON object per line
    Jsonl,
    /// One JSON array
    Json,
    /// CSV with a fixed set of columns
    Csv,
    /// Markdown to paste into a ticket: one section per detection
    Markdown,
}

/// The formats of files with these extensions.
pub const EXTENSIONS: [(&str, Format); 7] = [
    ("csv", Format::Csv),
    ("json", Format::Json),
    ("json", Format::Jsonl),
    ("jsonl", Format::Jsonl),
    ("markdown", Format::Markdown),
    ("md", Format::Markdown),
    ("ndjson", Format::Jsonl),
];

/// The output that the arguments ask for.
pub fn output(arguments: &Arguments, about: &Rc<About>, screen: Screen, target: Target) -> Box<dyn Output> {
    let has_details = arguments.all || arguments.entities || arguments.explain || !about.is_transfer();
    let about = about.clone();
    match arguments.format() {
        Format::Table if screen.width >= table::MIN_WIDTH && !has_details => {
            Box::new(table::Rows::new(screen, target))
        }
        Format::Table => Box::new(cards::Cards::new(about, screen, target)),
        Format::Jsonl => Box::new(json::Lines::new(about, target)),
        Format::Json => Box::new(json::Array::new(about, target)),
        Format::Csv => Box::new(csv::Records::new(arguments, about, screen, target)),
        Format::Markdown => Box::new(markdown::Sections::new(about, target)),
    }
}
