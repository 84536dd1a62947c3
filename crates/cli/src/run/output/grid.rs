//! A borderless grid of text with columns of fixed width, for tables and cards.

use comfy_table::{Attribute, Cell, ColumnConstraint, ContentArrangement, Row, Table, Width, presets};

use rulespec_check::printable::shortened;

use crate::run::terminal::Screen;

/// The maximum length of a shown value, in characters.
const MAX_VALUE_LEN: usize = 2_000;

/// The number of spaces between columns.
pub const GAP: u16 = 2;

/// A grid whose rows can be written one by one, or a few at a time, and are still aligned.
#[derive(Debug, Clone)]
pub struct Grid {
    widths: Vec<u16>,
    coloured: bool,
    layout: Layout,
}

/// What happens to values that are wider than their column.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Layout {
    /// They are wrapped, and truncated with `…` after so many lines.
    Wrapped {
        /// The maximum number of lines.
        max_lines: usize,
    },
    /// They are shown whole, and widen their column for the rows that are rendered with them and
    /// for those after them.
    Fitted,
}

impl Layout {
    /// The layout for a screen.
    pub fn new(screen: Screen, max_lines: usize) -> Self {
        if screen.wraps { Self::Wrapped { max_lines } } else { Self::Fitted }
    }
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
    /// A grid with columns of these widths.
    pub fn new(widths: Vec<u16>, layout: Layout, coloured: bool) -> Self {
        Self { widths, coloured, layout }
    }

    /// Renders one row, without a trailing line feed.
    pub fn row(&mut self, entries: impl IntoIterator<Item = Entry>) -> String {
        self.rows([entries])
    }

    /// Renders rows, without a trailing line feed.
    pub fn rows<R: IntoIterator<Item = Entry>>(&mut self, rows: impl IntoIterator<Item = R>) -> String {
        let mut table = Table::new();
        table.load_style(presets::NOTHING).set_truncation_indicator("…");
        match self.coloured {
            true => table.enforce_styling().style_text_only(),
            false => _ = table.force_no_tty(),
        }
        table.set_content_arrangement(match self.layout {
            Layout::Wrapped { .. } => ContentArrangement::Dynamic,
            Layout::Fitted => ContentArrangement::Disabled,
        });
        for entries in rows {
            let mut row = Row::from(entries.into_iter().map(styled).collect::<Vec<_>>());
            if let Layout::Wrapped { max_lines } = self.layout {
                row.max_height(max_lines);
            }
            table.add_row(row);
        }
        let contents = table.column_max_content_widths();
        for ((column, width), content) in table.column_iter_mut().zip(&mut self.widths).zip(contents) {
            column.set_padding((0, GAP));
            let fixed = |width: u16| Width::Fixed(width.saturating_add(GAP));
            column.set_constraint(match self.layout {
                Layout::Wrapped { .. } => ColumnConstraint::Absolute(fixed(*width)),
                Layout::Fitted => {
                    *width = content.max(*width);
                    ColumnConstraint::LowerBoundary(fixed(*width))
                }
            });
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
