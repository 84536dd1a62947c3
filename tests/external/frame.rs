//! The operators of a query, applied to a table.

use std::cell::RefCell;
use std::cmp::Ordering;
use std::collections::BTreeSet;
use std::fmt::Display;

use rulespec::kql::{Column, Dynamic, Semantics, Table, Type};

use super::evaluate::{Answer, Call, Note, Notes, Scope, truth};
use super::tree::{Expr, Key, Named, Query, Source, Stage};

/// A table, and what its rows and cells rest on.
#[derive(Debug)]
pub struct Frame<'a> {
    /// The functions that are asked.
    by: &'a Semantics,
    pub table: Table,
    pub rows: Vec<Lineage>,
    /// The calls that dropped a row.
    pub dropped: BTreeSet<Call>,
    /// What is not covered in some cell.
    pub unknown: BTreeSet<String>,
}

/// Where a row comes from.
#[derive(Debug, Clone, Default)]
pub struct Lineage {
    /// The row's number in the source.
    pub id: usize,
    /// The calls that kept it.
    pub kept: BTreeSet<Call>,
    pub notes: Notes,
}

/// The table that a query makes, or which part of the query is not covered.
pub fn run<'a>(query: &Query, by: &'a Semantics) -> Result<Frame<'a>, String> {
    let mut frame = match &query.source {
        Source::Datatable(columns, cells) => Frame::of_cells(by, columns, cells)?,
        Source::Print(named) => Frame::blank(by)?.project(named)?,
    };
    for (at, stage) in &query.stages {
        frame = frame.apply(*at, stage)?;
    }
    Ok(frame)
}

/// A table of these rows.
fn table(columns: Vec<Column>, rows: Vec<Vec<Dynamic>>) -> Result<Table, String> {
    let mut table = Table::new(columns).map_err(refused)?;
    for row in rows {
        table.push(row).map_err(refused)?;
    }
    Ok(table)
}

/// What `where` asks of a row, answered, and the calls that the answer rests on.
type Decision = (Result<Option<bool>, String>, BTreeSet<Call>);

impl<'a> Frame<'a> {
    /// A row without columns.
    fn blank(by: &'a Semantics) -> Result<Self, String> {
        let table = table(vec![], vec![vec![]])?;
        let rows = vec![Lineage::default()];
        Ok(Self { by, table, rows, dropped: BTreeSet::new(), unknown: BTreeSet::new() })
    }

    /// The table of a `datatable`.
    fn of_cells(by: &'a Semantics, columns: &[Column], cells: &[Expr]) -> Result<Self, String> {
        let blank = Self::blank(by)?;
        let scope = blank.scopes().next().ok_or("no row")?;
        let (mut rows, mut lineages) = (vec![], vec![]);
        for (id, row) in cells.chunks(columns.len()).enumerate() {
            let cells = columns.iter().zip(row).map(|(column, literal)| {
                let value = scope.answer(literal).0;
                let value = value.map(|value| value.clone().cast(column.r#type).unwrap_or(value));
                cell(column, value, BTreeSet::new())
            });
            let (cells, notes): (Vec<Dynamic>, Vec<Note>) = cells.unzip();
            let names = columns.iter().map(|column| column.name.clone());
            rows.push(cells);
            lineages.push(Lineage { id, notes: names.zip(notes).collect(), ..Lineage::default() });
        }
        let table = table(columns.to_vec(), rows)?;
        Ok(Self { by, table, rows: lineages, dropped: BTreeSet::new(), unknown: BTreeSet::new() }.noted())
    }

    /// Adds what is not covered in some cell.
    fn noted(mut self) -> Self {
        let notes = self.rows.iter().flat_map(|lineage| lineage.notes.values());
        self.unknown.extend(notes.filter_map(|note| note.unknown.clone()));
        self
    }

    /// The rows, each to answer expressions in.
    fn scopes(&self) -> impl Iterator<Item = Scope<'_>> {
        let rows = self.table.rows_by_name().zip(&self.rows);
        rows.map(|(row, lineage)| Scope::new(self.by, row, lineage.id, &lineage.notes))
    }

    /// The frame after an operator.
    fn apply(self, at: usize, stage: &Stage) -> Result<Self, String> {
        match stage {
            Stage::Where(predicate) => self.filter(at, predicate),
            Stage::Extend(named) => self.extend(at, named),
            Stage::Project(named) => self.project(named),
            Stage::ProjectAway(names) => {
                self.project_columns(|name| (!names.iter().any(|its| its == name)).then(|| name.to_owned()))
            }
            Stage::ProjectRename(named) => self.project_columns(|name| {
                let is_of = |(_, expr): &&Named| matches!(expr, Expr::Column(column) if column == name);
                Some(named.iter().find(is_of).map_or(name, |(new, _)| new).to_owned())
            }),
            Stage::ProjectReorder(names) => self.reorder(at, names),
            Stage::Sort(keys) => self.sort(keys),
            Stage::Count => self.count(),
        }
    }

    /// `where`, of a predicate that is covered for every row.
    fn filter(mut self, at: usize, predicate: &Expr) -> Result<Self, String> {
        let decisions: RefCell<Vec<Decision>> = RefCell::default();
        let table = (self.by.filter)(self.by, &self.table, &|row| {
            let lineage = &self.rows[decisions.borrow().len()];
            let scope = Scope::new(self.by, row, lineage.id, &lineage.notes);
            let (answer, mut calls) = scope.answer(predicate);
            calls.insert(operator("where", lineage.id, at));
            let decision = answer.and_then(|value| truth(&value));
            decisions.borrow_mut().push((decision.clone(), calls));
            Ok(decision.unwrap_or_default())
        });
        let table = table.map_err(refused)?;
        let mut kept = vec![];
        for (mut lineage, (decision, calls)) in self.rows.into_iter().zip(decisions.into_inner()) {
            if decision? == Some(true) {
                lineage.kept.extend(calls);
                kept.push(lineage);
            } else {
                self.dropped.extend(lineage.kept);
                self.dropped.extend(calls);
            }
        }
        if table.rows().len() != kept.len() {
            return Err(refused("where keeps other rows than its predicate"));
        }
        Ok(Self { table, rows: kept, ..self })
    }

    /// `extend`; a cell that is not covered is marked as such.
    fn extend(mut self, at: usize, named: &[Named]) -> Result<Self, String> {
        let columns = self.columns(named);
        let notes = RefCell::new(vec![vec![]; columns.len()]);
        let table = (self.by.extend)(self.by, &self.table, &columns, &|row, number| {
            let lineage = &self.rows[notes.borrow()[number].len()];
            let scope = Scope::new(self.by, row, lineage.id, &lineage.notes);
            let (answer, mut calls) = scope.answer(&named[number].1);
            calls.insert(operator("extend", lineage.id, at));
            let (cell, note) = cell(&columns[number], answer, calls);
            notes.borrow_mut()[number].push(note);
            Ok(cell)
        });
        let table = table.map_err(refused)?;
        for (column, notes) in columns.iter().zip(notes.into_inner()) {
            for (lineage, note) in self.rows.iter_mut().zip(notes) {
                lineage.notes.insert(column.name.clone(), note);
            }
        }
        Ok(Self { table, ..self }.noted())
    }

    /// `project`, which no clause describes.
    fn project(self, named: &[Named]) -> Result<Self, String> {
        let columns = self.columns(named);
        let (mut rows, mut lineages) = (vec![], vec![]);
        for (scope, lineage) in self.scopes().zip(&self.rows) {
            let answers = columns.iter().zip(named).map(|(column, (_, expr))| {
                let (answer, calls) = scope.answer(expr);
                cell(column, answer, calls)
            });
            let (cells, notes): (Vec<Dynamic>, Vec<Note>) = answers.unzip();
            let names = columns.iter().map(|column| column.name.clone());
            rows.push(cells);
            lineages.push(Lineage { notes: names.zip(notes).collect(), ..lineage.clone() });
        }
        Ok(Self { table: table(columns, rows)?, rows: lineages, ..self }.noted())
    }

    /// `project` of the columns that get a name.
    fn project_columns(self, name: impl Fn(&str) -> Option<String>) -> Result<Self, String> {
        let columns = self.table.columns().to_vec();
        let named = columns
            .iter()
            .filter_map(|column| name(&column.name).map(|name| (name, Expr::Column(column.name.clone()))));
        self.project(&named.collect::<Vec<_>>())
    }

    /// The columns that expressions make: each of the type of its first answer.
    fn columns(&self, named: &[Named]) -> Vec<Column> {
        let of_type = |expr| {
            let mut answers = self.scopes().filter_map(|scope| scope.answer(expr).0.ok());
            match answers.next().map(|value| value.of_type) {
                Some(Type::Int) => Type::Long,
                Some(of_type) => of_type,
                None => Type::Dynamic,
            }
        };
        named.iter().map(|(name, expr)| Column::new(name, of_type(expr))).collect()
    }

    /// `project-reorder`.
    fn reorder(mut self, at: usize, names: &[String]) -> Result<Self, String> {
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        let table = (self.by.project_reorder)(self.by, &self.table, &names).map_err(refused)?;
        for lineage in &mut self.rows {
            lineage.kept.insert(operator("project-reorder", lineage.id, at));
        }
        Ok(Self { table, ..self })
    }

    /// `sort`, which no clause describes.
    fn sort(self, keys: &[Key]) -> Result<Self, String> {
        let mut rows = vec![];
        for ((scope, lineage), cells) in self.scopes().zip(&self.rows).zip(self.table.rows()) {
            let values = keys.iter().map(|key| Ok(scope.answer(&key.of).0?.dynamic));
            rows.push((values.collect::<Result<Vec<_>, String>>()?, lineage.clone(), cells.clone()));
        }
        rows.sort_by(|(left, ..), (right, ..)| {
            let orders = keys.iter().zip(left.iter().zip(right));
            orders.map(|(key, (left, right))| compare(key, left, right)).fold(Ordering::Equal, Ordering::then)
        });
        let cells = rows.iter().map(|(_, _, cells)| cells.clone()).collect();
        let table = table(self.table.columns().to_vec(), cells)?;
        Ok(Self { table, rows: rows.into_iter().map(|(_, lineage, _)| lineage).collect(), ..self })
    }

    /// `count`, which no clause describes.
    fn count(self) -> Result<Self, String> {
        let count = self.rows.len() as i64;
        let kept = self.rows.into_iter().flat_map(|lineage| lineage.kept).collect();
        let table = table(vec![Column::new("Count", Type::Long)], vec![vec![Dynamic::Long(count)]])?;
        let notes = [("Count".to_owned(), Note::default())].into();
        Ok(Self { table, rows: vec![Lineage { id: 0, kept, notes }], ..self })
    }
}

/// What begins the reason if not the query is too much, but our answer is none that the
/// emulator could give.
pub const REFUSED: &str = "refused: ";

fn refused(why: impl Display) -> String {
    format!("{REFUSED}{why}")
}

/// The call that an operator of tables is for a row.
fn operator(name: &str, row: usize, at: usize) -> Call {
    Call { row, at, name: name.to_owned(), is_glue: false }
}

/// What a cell holds and what it rests on.
fn cell(column: &Column, answer: Answer, calls: BTreeSet<Call>) -> (Dynamic, Note) {
    let cell = answer.and_then(|value| {
        let fits = column.r#type.admits(&value.dynamic);
        fits.then_some(value.dynamic)
            .ok_or_else(|| refused(format!("a {} in a column of {}", value.of_type, column.r#type)))
    });
    match cell {
        Ok(cell) => (cell, Note { calls, unknown: None }),
        Err(unknown) => (column.r#type.empty(), Note { unknown: Some(unknown), ..Note::default() }),
    }
}

/// The order of two cells by a key.
fn compare(key: &Key, left: &Dynamic, right: &Dynamic) -> Ordering {
    let nulls = if key.nulls_first { Ordering::Less } else { Ordering::Greater };
    let order = match (left, right) {
        (Dynamic::Null, Dynamic::Null) => return Ordering::Equal,
        (Dynamic::Null, _) => return nulls,
        (_, Dynamic::Null) => return nulls.reverse(),
        (Dynamic::Long(left), Dynamic::Long(right)) => left.cmp(right),
        (Dynamic::Bool(left), Dynamic::Bool(right)) => left.cmp(right),
        (Dynamic::Datetime(left), Dynamic::Datetime(right)) => left.cmp(right),
        (Dynamic::Timespan(left), Dynamic::Timespan(right)) => left.cmp(right),
        (Dynamic::Real(left), Dynamic::Real(right)) => left.total_cmp(right),
        (left, right) => left.as_str().cmp(&right.as_str()),
    };
    if key.descending { order.reverse() } else { order }
}
