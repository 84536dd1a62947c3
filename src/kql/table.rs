//! Chapter 50: tables, their operators, and `column_ifexists`.

mod operators;

pub(crate) use operators::first_of_equal;

use std::collections::HashSet;

use serde_json::{Value as Json, json};

use super::{Dynamic, Error, ErrorKind, Type};

/// The predicate of `where`: whether to keep a row. `None` is null.
pub type Predicate<'a> = dyn Fn(Row<'_>) -> Result<Option<bool>, Error> + 'a;

/// The right-hand sides of `extend`: returns the value of an assignment, by its number
/// from 0, for a row.
pub type Assignments<'a> = dyn Fn(Row<'_>, usize) -> Result<Dynamic, Error> + 'a;

/// A column of a table. Its name is case-sensitive.
///
/// Spec: TAB-10
#[derive(Debug, Clone, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
pub struct Column {
    /// The name of the column.
    pub name: String,
    /// The type of its cells.
    pub r#type: Type,
}

impl Column {
    /// Creates a column.
    pub fn new(name: impl Into<String>, r#type: Type) -> Self {
        Self { name: name.into(), r#type }
    }
}

/// A table: columns in order, and rows in order with a cell for each column.
///
/// ```
/// use rulespec::kql::Table;
///
/// let json = serde_json::json!({
///     "columns": [{"name": "FileName", "type": "string"}],
///     "rows": [["bitsadmin.exe"], [null]],
/// });
/// let table = Table::from_json(&json)?;
/// assert_eq!(table.rows()[1][0].as_str(), Some(""));
/// # Ok::<(), rulespec::kql::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Table {
    columns: Vec<Column>,
    rows: Vec<Vec<Dynamic>>,
}

impl Table {
    /// Creates a table without rows.
    ///
    /// # Errors
    ///
    /// Returns [`ErrorKind::RepeatedColumn`] if two columns have the same name.
    pub fn new(columns: Vec<Column>) -> Result<Self, Error> {
        check_unique(columns.iter().map(|column| column.name.as_str()))?;
        Ok(Self { columns, rows: vec![] })
    }

    /// Adds a row.
    ///
    /// # Errors
    ///
    /// Returns [`ErrorKind::WrongType`] if the row does not have exactly one cell for each
    /// column, of the column's type.
    ///
    /// Spec: TAB-15
    pub fn push(&mut self, row: Vec<Dynamic>) -> Result<(), Error> {
        let fits = |(column, cell): (&Column, &Dynamic)| column.r#type.admits(cell);
        if row.len() != self.columns.len() || !self.columns.iter().zip(&row).all(fits) {
            let detail = format!("row {} does not fit the columns", self.rows.len());
            return Err(Error::new(ErrorKind::WrongType, detail));
        }
        self.rows.push(row);
        Ok(())
    }

    /// Returns the columns in order.
    pub fn columns(&self) -> &[Column] {
        &self.columns
    }

    /// Returns the rows in order, each with one cell for each column.
    pub fn rows(&self) -> &[Vec<Dynamic>] {
        &self.rows
    }

    /// Deserializes a table from `{"columns": [{"name", "type"}…], "rows": [[…]…]}`.
    ///
    /// # Errors
    ///
    /// Returns [`ErrorKind::WrongType`] if the JSON does not have this form or a cell is not
    /// of its column's type, and [`ErrorKind::RepeatedColumn`] if two columns have the same
    /// name.
    pub fn from_json(json: &Json) -> Result<Self, Error> {
        let error = |what: &str| Error::new(ErrorKind::WrongType, format!("not a table: {what}"));
        let columns = serde_json::from_value(json["columns"].clone());
        let columns: Vec<Column> = columns.map_err(|cause| error(&cause.to_string()))?;
        let mut table = Self::new(columns)?;
        for row in json["rows"].as_array().ok_or_else(|| error("it has no rows"))? {
            let row = row.as_array().ok_or_else(|| error("a row is not an array"))?;
            let cells = table.columns.iter().zip(row).map(|(column, cell)| column.r#type.cell(cell));
            let cells: Option<Vec<Dynamic>> = cells.collect();
            let cells = cells.filter(|cells| cells.len() == row.len());
            table.push(cells.ok_or_else(|| error("a cell is not of its column's type"))?)?;
        }
        Ok(table)
    }

    /// Serializes the table in the form that [`Table::from_json`] reads.
    pub fn to_json(&self) -> Json {
        let row = |row: &Vec<Dynamic>| row.iter().map(Dynamic::to_json).collect::<Json>();
        json!({"columns": self.columns, "rows": self.rows.iter().map(row).collect::<Json>()})
    }

    /// Returns the rows in order, for access to their cells by name.
    pub fn rows_by_name(&self) -> impl Iterator<Item = Row<'_>> {
        self.rows.iter().map(|cells| self.row(cells))
    }

    fn row<'a>(&'a self, cells: &'a [Dynamic]) -> Row<'a> {
        Row { columns: &self.columns, cells }
    }
}

/// A row of a table, for access to its cells by name.
#[derive(Debug, Clone, Copy)]
pub struct Row<'a> {
    columns: &'a [Column],
    cells: &'a [Dynamic],
}

impl<'a> Row<'a> {
    /// Returns the columns of the row's table, in order.
    pub fn columns(self) -> &'a [Column] {
        self.columns
    }

    /// Returns the cells of the row, in the order of the columns.
    pub fn cells(self) -> &'a [Dynamic] {
        self.cells
    }

    /// Returns the cell of a column, or `None` if the table has no such column.
    ///
    /// Spec: TAB-10
    pub fn get(self, name: &str) -> Option<&'a Dynamic> {
        self.cells.get(position(self.columns, name)?)
    }

    /// Returns the cell of a column.
    ///
    /// # Errors
    ///
    /// Returns [`ErrorKind::UnknownColumn`] if the table has no such column.
    pub fn cell(self, name: &str) -> Result<&'a Dynamic, Error> {
        self.get(name).ok_or_else(|| unknown_column(name))
    }
}

/// `column_ifexists(name, default)`: the row's cell if the table has the column, else the
/// default.
///
/// Spec: TAB-07, TAB-08, TAB-09, TAB-10
pub fn column_ifexists(row: Row<'_>, name: &str, default: Dynamic) -> Dynamic {
    row.get(name).cloned().unwrap_or(default)
}

fn position(columns: &[Column], name: &str) -> Option<usize> {
    columns.iter().position(|column| column.name == name)
}

/// Creates the error for a column that does not exist.
#[doc(hidden)]
pub fn unknown_column(name: &str) -> Error {
    Error::new(ErrorKind::UnknownColumn, format!("there is no column {name:?}"))
}

/// Returns an error if a column is named twice.
///
/// Spec: TAB-06, TAB-14
fn check_unique<'a>(names: impl Iterator<Item = &'a str>) -> Result<(), Error> {
    let mut seen = HashSet::new();
    for name in names {
        if !seen.insert(name) {
            let detail = format!("column {name:?} is named twice");
            return Err(Error::new(ErrorKind::RepeatedColumn, detail));
        }
    }
    Ok(())
}
