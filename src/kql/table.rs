//! Chapter 50: tables, `where`, `extend`, `column_ifexists` and
//! `project-reorder`.

use serde_json::{Value as Json, json};

use super::{Dynamic, Error, ErrorKind, Type};

/// What `where` asks of a row.
pub type Predicate<'a> = dyn Fn(Row<'_>) -> Result<Option<bool>, Error> + 'a;

/// What `extend` computes from a row, for the assignment of this number.
pub type Assign<'a> = dyn Fn(Row<'_>, usize) -> Result<Dynamic, Error> + 'a;

/// A column: a name, which is case-sensitive, and a type.
///
/// Spec: TAB-10
#[derive(Debug, Clone, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
pub struct Column {
    /// The name.
    pub name: String,
    /// The type.
    pub r#type: Type,
}

impl Column {
    /// A column.
    pub fn new(name: impl Into<String>, r#type: Type) -> Self {
        Self { name: name.into(), r#type }
    }
}

/// Columns in order, and rows that have one cell a column.
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
    /// A table without rows.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::RepeatedColumn`] where two columns have one name.
    pub fn new(columns: Vec<Column>) -> Result<Self, Error> {
        once_each(columns.iter().map(|column| column.name.as_str()))?;
        Ok(Self { columns, rows: vec![] })
    }

    /// Adds a row.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::WrongType`] where the row has not one fitting cell a column.
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

    /// The columns, in order.
    pub fn columns(&self) -> &[Column] {
        &self.columns
    }

    /// The rows, in order; each has one cell a column.
    pub fn rows(&self) -> &[Vec<Dynamic>] {
        &self.rows
    }

    /// Reads `{"columns": [{"name", "type"}…], "rows": [[…]…]}`.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::WrongType`] where the JSON is no such table, or a cell is not
    /// of its column's type; [`ErrorKind::RepeatedColumn`].
    pub fn from_json(json: &Json) -> Result<Self, Error> {
        let wrong = |what: &str| Error::new(ErrorKind::WrongType, format!("not a table: {what}"));
        let columns = serde_json::from_value(json["columns"].clone());
        let columns: Vec<Column> = columns.map_err(|error| wrong(&error.to_string()))?;
        let mut table = Self::new(columns)?;
        for row in json["rows"].as_array().ok_or_else(|| wrong("it has no rows"))? {
            let cells = row.as_array().ok_or_else(|| wrong("a row is no array"))?;
            let types = table.columns.iter().map(|column| column.r#type);
            let typed = types.zip(cells).map(|(r#type, cell)| r#type.cell(cell));
            let typed: Option<Vec<Dynamic>> = typed.collect();
            let typed = typed.filter(|typed| typed.len() == cells.len());
            table.push(typed.ok_or_else(|| wrong("a cell is not of its column's type"))?)?;
        }
        Ok(table)
    }

    /// Writes what [`Table::from_json`] reads.
    pub fn to_json(&self) -> Json {
        let row = |row: &Vec<Dynamic>| row.iter().map(Dynamic::to_json).collect::<Json>();
        json!({"columns": self.columns, "rows": self.rows.iter().map(row).collect::<Json>()})
    }

    /// `where`: the rows, in order, for which the predicate is true.
    ///
    /// # Errors
    ///
    /// The predicate's first.
    ///
    /// Spec: TAB-01, TAB-02
    pub fn filter(&self, predicate: &Predicate<'_>) -> Result<Self, Error> {
        let mut kept = Self { columns: self.columns.clone(), rows: vec![] };
        for cells in &self.rows {
            if predicate(self.row(cells))? == Some(true) {
                kept.rows.push(cells.clone());
            }
        }
        Ok(kept)
    }

    /// `extend`: the table with columns computed from each of its rows.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::RepeatedColumn`] where one name is assigned twice;
    /// [`ErrorKind::WrongType`] where a value is not of its column's type; the
    /// first of `value`, which gets the row and the number of the assignment.
    ///
    /// Spec: TAB-03, TAB-04, TAB-05, TAB-06
    pub fn extend(&self, assigned: &[Column], value: &Assign<'_>) -> Result<Self, Error> {
        once_each(assigned.iter().map(|column| column.name.as_str()))?;
        let mut columns = self.columns.clone();
        let mut places = vec![];
        for column in assigned {
            if let Some(place) = position(&columns, &column.name) {
                columns[place] = column.clone();
                places.push(place);
            } else {
                places.push(columns.len());
                columns.push(column.clone());
            }
        }
        let mut extended = Self { columns, rows: vec![] };
        for cells in &self.rows {
            let mut row = cells.clone();
            row.resize(extended.columns.len(), Dynamic::Null);
            for (number, &place) in places.iter().enumerate() {
                row[place] = value(self.row(cells), number)?;
            }
            extended.push(row)?;
        }
        Ok(extended)
    }

    /// `project-reorder`: the table with the listed columns first.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::UnknownColumn`] where the table lacks a listed one,
    /// [`ErrorKind::RepeatedColumn`] where one is listed twice.
    ///
    /// Spec: TAB-11, TAB-12, TAB-13, TAB-14
    pub fn project_reorder(&self, listed: &[&str]) -> Result<Self, Error> {
        once_each(listed.iter().copied())?;
        let place = |name: &&str| position(&self.columns, name).ok_or_else(|| unknown(name));
        let mut order = listed.iter().map(place).collect::<Result<Vec<_>, _>>()?;
        let others = (0..self.columns.len()).filter(|place| !order.contains(place));
        let others: Vec<usize> = others.collect();
        order.extend(others);
        let reordered = |cells: &Vec<Dynamic>| order.iter().map(|&place| cells[place].clone()).collect();
        Ok(Self {
            columns: order.iter().map(|&place| self.columns[place].clone()).collect(),
            rows: self.rows.iter().map(reordered).collect(),
        })
    }

    /// The rows, in order, whose cells are found by name.
    pub fn rows_by_name(&self) -> impl Iterator<Item = Row<'_>> {
        self.rows.iter().map(|cells| self.row(cells))
    }

    fn row<'a>(&'a self, cells: &'a [Dynamic]) -> Row<'a> {
        Row { columns: &self.columns, cells }
    }
}

/// One row of a table, whose cells are found by name.
#[derive(Debug, Clone, Copy)]
pub struct Row<'a> {
    columns: &'a [Column],
    cells: &'a [Dynamic],
}

impl<'a> Row<'a> {
    /// The columns of the row's table, in order.
    pub fn columns(self) -> &'a [Column] {
        self.columns
    }

    /// The cell of a column, or `None` where the table has no such column.
    ///
    /// Spec: TAB-10
    pub fn get(self, name: &str) -> Option<&'a Dynamic> {
        self.cells.get(position(self.columns, name)?)
    }

    /// The cell of a column.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::UnknownColumn`].
    pub fn cell(self, name: &str) -> Result<&'a Dynamic, Error> {
        self.get(name).ok_or_else(|| unknown(name))
    }
}

/// `column_ifexists(name, default)`: the row's cell where the table has the
/// column, else the default.
///
/// Spec: TAB-07, TAB-08, TAB-09, TAB-10
pub fn column_ifexists(row: Row<'_>, name: &str, default: Dynamic) -> Dynamic {
    row.get(name).cloned().unwrap_or(default)
}

fn position(columns: &[Column], name: &str) -> Option<usize> {
    columns.iter().position(|column| column.name == name)
}

/// The error for a column that is not there.
#[doc(hidden)]
pub fn unknown(name: &str) -> Error {
    Error::new(ErrorKind::UnknownColumn, format!("there is no column {name:?}"))
}

/// Spec: TAB-06, TAB-14
fn once_each<'a>(names: impl Iterator<Item = &'a str>) -> Result<(), Error> {
    let mut seen = vec![];
    for name in names {
        if seen.contains(&name) {
            let detail = format!("column {name:?} is named twice");
            return Err(Error::new(ErrorKind::RepeatedColumn, detail));
        }
        seen.push(name);
    }
    Ok(())
}
