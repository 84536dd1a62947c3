//! A borderless grid of text with columns of fixed width, for tables and cards.

use comfy_table::{Attribute, Cell, ColumnConstraint, ContentArrangement, Row, Table, Width, presets};

use rulespec_check::printable::shortened;

/// The maximum length of a shown value, in characters.
const MAX_VALUE_LEN: usize = 2_000;

/// The number of spaces between columns.
pub const GAP: u16 = 2;

/// A grid whose columns have fixed widths, so that rows can be written one by one and are still
/// aligned.
#[derive(Debug, Clone)]
pub struct Grid {
    widths: Vec<u16>,
    coloured: bool,
    max_lines: usize,
}

/// How a cell looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Look {
    Plain,
    Bold,
    Dim,
}

/// A cell of one or more lines of escaped text.
#[derive(Debug, Clone)]
pub struct Entry(Look, String);

impl Entry {
    /// A cell with one line.
    pub fn new(look: Look, text: &str) -> Self {
        Self(look, shortened(text, MAX_VALUE_LEN))
    }

    /// Adds another line, if the text is not empty.
    pub fn under(mut self, text: &str) -> Self {
        if !text.is_empty() {
            self.1.push('\n');
            self.1.push_str(&shortened(text, MAX_VALUE_LEN));
        }
        self
    }
}

impl Grid {
    /// A grid with columns of these widths. Longer values are wrapped, and truncated with `…` after
    /// `max_lines`.
    pub fn new(widths: Vec<u16>, max_lines: usize, coloured: bool) -> Self {
        Self { widths, coloured, max_lines }
    }

    /// Renders one row, without a trailing line feed.
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
        Look::Bold => cell.add_attribute(Attribute::Bold),
        Look::Dim => cell.add_attribute(Attribute::Dim),
    }
}
