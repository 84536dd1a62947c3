//! Process creations, as the search makes them, and the tables that are asked about.

use std::collections::{BTreeMap, BTreeSet};

use rulespec::kql::{Column, Datetime, Dynamic, Error, Table, Timespan, Type, Unit, start_of};

/// The columns with the time of an event. They are never null.
const TIMES: [&str; 2] = ["TimeGenerated", "Timestamp"];
/// The name of a program, and the path that ends with it.
pub(super) const PATHS: [(&str, &str); 2] =
    [("FileName", "FolderPath"), ("InitiatingProcessFileName", "InitiatingProcessFolderPath")];
/// The folder of a program whose path is not chosen.
const FOLDER: &str = "C:\\";

/// A process creation: the cells that are not plain, by the index of their column.
#[derive(Debug, Clone, PartialEq, Default)]
pub(super) struct Event {
    pub(super) cells: BTreeMap<usize, Dynamic>,
    /// Which of the schemas its table has, by its index.
    pub(super) schema: usize,
    /// Whether it was recorded. The path of a program then need not end with its name.
    pub(super) is_recorded: bool,
    /// The column in which it differs from an event that a side selects.
    pub(super) flipped: Option<usize>,
}

impl Event {
    /// The event with another cell.
    pub(super) fn with(&self, column: usize, value: Dynamic) -> Self {
        let mut event = self.clone();
        event.cells.insert(column, value);
        event
    }

    /// The event with a plain cell.
    pub(super) fn without(&self, column: usize) -> Self {
        let mut event = self.clone();
        event.cells.remove(&column);
        event
    }

    /// The text of a cell; `""` if it is plain or no text.
    pub(super) fn text(&self, column: usize) -> &str {
        self.cells.get(&column).and_then(Dynamic::as_str).unwrap_or_default()
    }
}

/// The columns of the tables that events are put into.
#[derive(Debug)]
pub(super) struct Schema {
    pub(super) columns: Vec<Column>,
    /// The cells of an event in which nothing was chosen.
    plain: Vec<Dynamic>,
    /// The columns that a table can lack, one table for each. The first table lacks none.
    pub(super) absent: Vec<Option<usize>>,
    paths: Vec<(usize, usize)>,
    /// Of each column, whether a side reads it.
    pub(super) is_read: Vec<bool>,
    /// The columns that identify an event within its table.
    pub(super) keys: Vec<usize>,
}

impl Schema {
    /// The tables with these columns, and those that lack one of `optional`.
    pub(super) fn new(
        columns: Vec<Column>,
        is_read: Vec<bool>,
        optional: &BTreeSet<String>,
        now: Datetime,
    ) -> Self {
        let index = |name: &str| columns.iter().position(|column| column.name == name);
        let absent = std::iter::once(None).chain(optional.iter().filter_map(|name| index(name)).map(Some));
        let absent = absent.collect();
        let paths = PATHS.iter().filter_map(|(name, path)| Some((index(name)?, index(path)?))).collect();
        let time = minute_before(now);
        let plain = columns.iter().map(|column| match TIMES.contains(&column.name.as_str()) {
            true if column.r#type == Type::Datetime => Dynamic::Datetime(time),
            _ => column.r#type.empty(),
        });
        let plain = plain.collect();
        Self { columns, plain, absent, paths, keys: vec![], is_read }
    }

    /// The column that one of the tables lacks.
    pub(super) fn absent_in(&self, schema: usize) -> Option<usize> {
        self.absent.get(schema).copied().flatten()
    }

    /// The columns of one of the tables.
    pub(super) fn columns_of(&self, schema: usize) -> Vec<Column> {
        let absent = self.absent_in(schema);
        let columns = self.columns.iter().enumerate().filter(|(index, _)| Some(*index) != absent);
        columns.map(|(_, column)| column.clone()).collect()
    }

    /// The cell of an event in which nothing was chosen.
    pub(super) fn plain(&self, column: usize) -> &Dynamic {
        &self.plain[column]
    }

    /// All cells of an event. In a recorded one, they are those that were recorded.
    pub(super) fn cells(&self, event: &Event) -> Vec<Dynamic> {
        let mut cells = self.plain.clone();
        for (column, value) in &event.cells {
            cells[*column] = value.clone();
        }
        for (name, path) in self.paths.iter().filter(|_| !event.is_recorded) {
            link(&mut cells, *name, *path, event);
        }
        cells
    }

    /// The table of some events that have the same schema. If there are keys, each event gets its own.
    pub(super) fn table(&self, events: &[&Event]) -> Result<Table, Error> {
        let numbered: Vec<(usize, &Event)> = events.iter().copied().enumerate().collect();
        self.part(&numbered)
    }

    /// Some rows of such a table, given their numbers and events.
    pub(super) fn part(&self, events: &[(usize, &Event)]) -> Result<Table, Error> {
        let schema = events.first().map_or(0, |(_, event)| event.schema);
        let absent = self.absent_in(schema);
        let mut table = Table::new(self.columns_of(schema))?;
        for (number, event) in events {
            let mut cells = self.cells(event);
            for key in &self.keys {
                if !event.cells.contains_key(key) {
                    cells[*key] = self.key(*key, *number);
                }
            }
            if let Some(absent) = absent {
                cells.remove(absent);
            }
            table.push(cells)?;
        }
        Ok(table)
    }

    /// The value of a key for the event with this number in its table.
    pub(super) fn key(&self, column: usize, number: usize) -> Dynamic {
        let number = number as i64;
        match &self.plain[column] {
            Dynamic::Datetime(time) => {
                time.checked_add(seconds(-number)).map_or(Dynamic::Null, Dynamic::Datetime)
            }
            Dynamic::String(_) => format!("{:040x}", number + 1).into(),
            _ => Dynamic::Long(1000 + number),
        }
    }
}

/// The full second a minute before a time.
pub(super) fn minute_before(now: Datetime) -> Datetime {
    let before = now.checked_add(Timespan::from_minutes(-1)).unwrap_or(now);
    start_of(Unit::Second, before, 0).unwrap_or(before)
}

fn seconds(count: i64) -> Timespan {
    Timespan::from_ticks(count.saturating_mul(10_000_000))
}

/// Makes the name of a program and its path agree, as on Windows. A name has no separator.
fn link(cells: &mut [Dynamic], name: usize, path: usize, event: &Event) {
    let file = last_part(event.text(name)).to_owned();
    let chosen = event.text(path);
    let folder = chosen.strip_suffix(last_part(chosen)).filter(|folder| !folder.is_empty());
    let file = if file.is_empty() { last_part(chosen).to_owned() } else { file };
    if !file.is_empty() {
        cells[path] = format!("{}{file}", folder.unwrap_or(FOLDER)).into();
    }
    cells[name] = file.into();
}

/// The part of a path after its last separator.
fn last_part(path: &str) -> &str {
    path.rsplit('\\').next().unwrap_or_default()
}
