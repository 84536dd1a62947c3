//! A borderless grid of text, fitted to a width: what tables and cards are made
//! of.

use comfy_table::{Attribute, Cell, ColumnConstraint, ContentArrangement, Row, Table, Width, presets};

use crate::printable::shortened;

/// The most characters of one value that are shown to people.
const LONGEST: usize = 2_000;

/// The spaces between two columns.
pub const GAP: u16 = 2;

/// A grid whose columns have fixed widths, so that rows can be written as they
/// come and still stand under each other.
#[derive(Debug, Clone)]
pub struct Grid {
    widths: Vec<u16>,
    coloured: bool,
    max_lines: usize,
}

/// How a cell looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Look {
    /// As it is.
    Plain,
    /// Bold.
    Strong,
    /// Dimmed.
    Quiet,
}

/// A cell: one or more texts under each other, safe to show.
#[derive(Debug, Clone)]
pub struct Entry(Look, String);

impl Entry {
    /// A cell with one text.
    pub fn new(look: Look, text: &str) -> Self {
        Self(look, shortened(text, LONGEST))
    }

    /// The cell with a further text under the others, if that is not empty.
    pub fn under(mut self, text: &str) -> Self {
        if !text.is_empty() {
            self.1.push('\n');
            self.1.push_str(&shortened(text, LONGEST));
        }
        self
    }
}

impl Grid {
    /// A grid with columns of these widths. A value that is wider wraps; beyond
    /// `max_lines` it ends in `…`.
    pub fn new(widths: Vec<u16>, max_lines: usize, coloured: bool) -> Self {
        Self { widths, coloured, max_lines }
    }

    /// One row, as one or more lines without a line feed at the end.
    pub fn row(&self, entries: impl IntoIterator<Item = Entry>) -> String {
        let mut table = Table::new();
        table.load_style(presets::NOTHING).set_content_arrangement(ContentArrangement::Dynamic);
        table.set_truncation_indicator("…");
        match self.coloured {
            true => table.enforce_styling().style_text_only(),
            false => _ = table.force_no_tty(),
        }
        let mut row = Row::from(entries.into_iter().map(styled).collect::<Vec<_>>());
        row.max_height(self.max_lines);
        table.add_row(row);
        for (column, width) in table.column_iter_mut().zip(&self.widths) {
            column.set_padding((0, GAP));
            column.set_constraint(ColumnConstraint::Absolute(Width::Fixed(width.saturating_add(GAP))));
        }
        table.trim_fmt()
    }
}

fn styled(Entry(look, text): Entry) -> Cell {
    let cell = Cell::new(text);
    match look {
        Look::Plain => cell,
        Look::Strong => cell.add_attribute(Attribute::Bold),
        Look::Quiet => cell.add_attribute(Attribute::Dim),
    }
}
