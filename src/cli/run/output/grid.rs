//! A borderless grid of text, fitted to a width: what tables and cards are made
//! of.

use comfy_table::{Attribute, Cell, ColumnConstraint, ContentArrangement, Row, Table, Width, presets};

use crate::cli::printable::shortened;

/// The most characters of one value that are shown to people.
const LONGEST: usize = 2_000;

/// A grid whose columns have fixed widths, so that rows can be written as they
/// come and still stand under each other.
#[derive(Debug, Clone)]
pub struct Grid {
    widths: Vec<u16>,
    coloured: bool,
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

impl Grid {
    /// A grid with columns of these widths, two spaces apart.
    pub fn new(widths: Vec<u16>, coloured: bool) -> Self {
        Self { widths, coloured }
    }

    /// A line of the grid; long values wrap, very long ones are cut visibly.
    pub fn line<'a>(&self, cells: impl IntoIterator<Item = (&'a str, Look)>) -> String {
        let mut table = Table::new();
        table.load_style(presets::NOTHING).set_content_arrangement(ContentArrangement::Dynamic);
        match self.coloured {
            true => table.enforce_styling().style_text_only(),
            false => _ = table.force_no_tty(),
        }
        table.add_row(Row::from(cells.into_iter().map(styled).collect::<Vec<_>>()));
        for (column, width) in table.column_iter_mut().zip(&self.widths) {
            column.set_padding((0, 2));
            column.set_constraint(ColumnConstraint::Absolute(Width::Fixed(width + 2)));
        }
        table.trim_fmt()
    }
}

fn styled((text, look): (&str, Look)) -> Cell {
    let cell = Cell::new(shortened(text, LONGEST));
    match look {
        Look::Plain => cell,
        Look::Strong => cell.add_attribute(Attribute::Bold),
        Look::Quiet => cell.add_attribute(Attribute::Dim),
    }
}
