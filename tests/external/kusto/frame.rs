//! Running a query: the table after each operator.

use std::cell::RefCell;
use std::cmp::Ordering;
use std::collections::BTreeSet;
use std::fmt::Display;

use rulespec::kql::{Column, Dynamic, Row, Semantics, Table, Type};

use super::evaluate::{Answer, Call, Note, Notes, Scope, condition};
use super::tree::{Expr, Key, Named, Query, Source, Stage};

/// A table, and the calls that its rows and cells depend on.
#[derive(Debug)]
pub struct Frame<'a> {
    semantics: &'a Semantics,
    pub table: Table,
    pub rows: Vec<Lineage>,
    /// The calls that dropped a row.
    pub dropped: BTreeSet<Call>,
    /// What is not supported in some cell.
    pub unsupported: BTreeSet<String>,
}

/// The origin of a row.
#[derive(Debug, Clone, Default)]
pub struct Lineage {
    /// The number of the row in the source.
    pub id: usize,
    /// The calls that kept the row.
    pub kept: BTreeSet<Call>,
    pub notes: Notes,
}

/// Runs a query, or returns which part of it is not supported.
pub fn run<'a>(query: &Query, semantics: &'a Semantics) -> Result<Frame<'a>, String> {
    let mut frame = match &query.source {
        Source::Datatable(columns, cells) => Frame::datatable(semantics, columns, cells)?,
        Source::Print(named) => Frame::blank(semantics)?.project(named)?,
    };
    for (at, stage) in &query.stages {
        frame = frame.apply(*at, stage)?;
    }
    Ok(frame)
}

/// Creates a table with these rows.
fn table(columns: Vec<Column>, rows: Vec<Vec<Dynamic>>) -> Result<Table, String> {
    let mut table = Table::new(columns).map_err(refused)?;
    for row in rows {
        table.push(row).map_err(refused)?;
    }
    Ok(table)
}

impl<'a> Frame<'a> {
    fn new(semantics: &'a Semantics, table: Table, rows: Vec<Lineage>) -> Self {
        Self { semantics, table, rows, dropped: BTreeSet::new(), unsupported: BTreeSet::new() }
    }

    /// Creates a table with one row and no columns.
    fn blank(semantics: &'a Semantics) -> Result<Self, String> {
        Ok(Self::new(semantics, table(vec![], vec![vec![]])?, vec![Lineage::default()]))
    }

    fn datatable(semantics: &'a Semantics, columns: &[Column], cells: &[Expr]) -> Result<Self, String> {
        let blank = Self::blank(semantics)?;
        let scope = blank.scopes().next().ok_or("no row")?;
        let (mut rows, mut lineages) = (vec![], vec![]);
        for (id, literals) in cells.chunks(columns.len()).enumerate() {
            let literals = columns.iter().zip(literals);
            let answers = literals.map(|(column, literal)| Ok(scope.evaluate(literal)?.cast(column.r#type)));
            let (row, notes) = self::row(columns, answers);
            rows.push(row);
            lineages.push(Lineage { id, notes, ..Lineage::default() });
        }
        Ok(Self::new(semantics, table(columns.to_vec(), rows)?, lineages).collect_unsupported())
    }

    /// Adds what is not supported in some cell.
    fn collect_unsupported(mut self) -> Self {
        let notes = self.rows.iter().flat_map(|lineage| lineage.notes.values());
        self.unsupported.extend(notes.filter_map(|note| note.unsupported.clone()));
        self
    }

    /// Returns a scope for each row.
    fn scopes(&self) -> impl Iterator<Item = Scope<'_>> {
        self.table.rows_by_name().zip(&self.rows).map(|(row, lineage)| self.scope(row, lineage))
    }

    fn scope<'b>(&'b self, row: Row<'b>, lineage: &'b Lineage) -> Scope<'b> {
        Scope { semantics: self.semantics, row, id: lineage.id, notes: &lineage.notes }
    }

    fn apply(self, at: usize, stage: &Stage) -> Result<Self, String> {
        match stage {
            Stage::Where(predicate) => self.filter(at, predicate),
            Stage::Extend(named) => self.extend(at, named),
            Stage::Project(named) => self.project(named),
            Stage::ProjectAway(away) => {
                self.rename(|name| (!away.iter().any(|other| other == name)).then(|| name.to_owned()))
            }
            Stage::ProjectRename(named) => self.rename(|name| {
                let renames = |(_, expr): &&Named| matches!(expr, Expr::Column(column) if column == name);
                Some(named.iter().find(renames).map_or(name, |(new, _)| new).to_owned())
            }),
            Stage::ProjectReorder(names) => self.reorder(at, names),
            Stage::Sort(keys) => self.sort(keys),
            Stage::Count => self.count(),
        }
    }

    /// `where`. The predicate must be supported for every row.
    fn filter(mut self, at: usize, predicate: &Expr) -> Result<Self, String> {
        let answers: RefCell<Vec<Answer>> = RefCell::default();
        let table = (self.semantics.filter)(self.semantics, &self.table, &|row| {
            let lineage = &self.rows[answers.borrow().len()];
            let answer = self.scope(row, lineage).evaluate(predicate);
            let keep = answer.as_ref().ok().and_then(|value| condition(value).ok().flatten());
            answers
                .borrow_mut()
                .push(answer.map(|value| value.with_calls([operator("where", lineage.id, at)])));
            Ok(keep)
        });
        let table = table.map_err(refused)?;
        let mut kept = vec![];
        for (mut lineage, answer) in self.rows.into_iter().zip(answers.into_inner()) {
            let value = answer?;
            let keep = condition(&value)? == Some(true);
            lineage.kept.extend(value.calls);
            if keep {
                kept.push(lineage);
            } else {
                self.dropped.extend(lineage.kept);
            }
        }
        if table.rows().len() != kept.len() {
            return Err(refused("where keeps other rows than its predicate"));
        }
        Ok(Self { table, rows: kept, ..self })
    }

    /// `extend`. The note of a cell says whether its expression is supported.
    fn extend(mut self, at: usize, named: &[Named]) -> Result<Self, String> {
        let columns = self.columns(named);
        let notes = RefCell::new(vec![vec![]; columns.len()]);
        let table = (self.semantics.extend)(self.semantics, &self.table, &columns, &|row, number| {
            let lineage = &self.rows[notes.borrow()[number].len()];
            let answer = self.scope(row, lineage).evaluate(&named[number].1);
            let answer = answer.map(|value| value.with_calls([operator("extend", lineage.id, at)]));
            let (cell, note) = cell(&columns[number], answer);
            notes.borrow_mut()[number].push(note);
            Ok(cell)
        });
        let table = table.map_err(refused)?;
        for (column, notes) in columns.iter().zip(notes.into_inner()) {
            for (lineage, note) in self.rows.iter_mut().zip(notes) {
                lineage.notes.insert(column.name.clone(), note);
            }
        }
        Ok(Self { table, ..self }.collect_unsupported())
    }

    /// `project`, which no clause specifies.
    fn project(self, named: &[Named]) -> Result<Self, String> {
        let columns = self.columns(named);
        let (mut rows, mut lineages) = (vec![], vec![]);
        for (scope, lineage) in self.scopes().zip(&self.rows) {
            let (row, notes) = row(&columns, named.iter().map(|(_, expr)| scope.evaluate(expr)));
            rows.push(row);
            lineages.push(Lineage { notes, ..lineage.clone() });
        }
        Ok(Self { table: table(columns, rows)?, rows: lineages, ..self }.collect_unsupported())
    }

    /// Renames columns, and drops those whose new name is `None`.
    fn rename(self, new_name: impl Fn(&str) -> Option<String>) -> Result<Self, String> {
        let columns = self.table.columns().iter();
        let named = columns.filter_map(|old| Some((new_name(&old.name)?, Expr::Column(old.name.clone()))));
        let named: Vec<Named> = named.collect();
        self.project(&named)
    }

    /// Returns the columns of expressions. The type of each is that of its first supported value.
    fn columns(&self, named: &[Named]) -> Vec<Column> {
        let of_type = |expr| {
            let mut values = self.scopes().filter_map(|scope| scope.evaluate(expr).ok());
            match values.next().map(|value| value.of_type) {
                Some(Type::Int) => Type::Long,
                Some(of_type) => of_type,
                None => Type::Dynamic,
            }
        };
        named.iter().map(|(name, expr)| Column::new(name, of_type(expr))).collect()
    }

    fn reorder(mut self, at: usize, names: &[String]) -> Result<Self, String> {
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        let table = (self.semantics.project_reorder)(self.semantics, &self.table, &names).map_err(refused)?;
        for lineage in &mut self.rows {
            lineage.kept.insert(operator("project-reorder", lineage.id, at));
        }
        Ok(Self { table, ..self })
    }

    /// `sort`, which no clause specifies.
    fn sort(self, keys: &[Key]) -> Result<Self, String> {
        let mut rows = vec![];
        for ((scope, lineage), cells) in self.scopes().zip(&self.rows).zip(self.table.rows()) {
            let values = keys.iter().map(|key| Ok(scope.evaluate(&key.expr)?.dynamic));
            rows.push((values.collect::<Result<Vec<_>, String>>()?, lineage.clone(), cells.clone()));
        }
        rows.sort_by(|(left, ..), (right, ..)| {
            let orders = keys.iter().zip(left.iter().zip(right));
            orders.map(|(key, (left, right))| compare(key, left, right)).fold(Ordering::Equal, Ordering::then)
        });
        let (lineages, cells) = rows.into_iter().map(|(_, lineage, cells)| (lineage, cells)).unzip();
        Ok(Self { table: table(self.table.columns().to_vec(), cells)?, rows: lineages, ..self })
    }

    /// `count`, which no clause specifies.
    fn count(self) -> Result<Self, String> {
        let count = self.rows.len() as i64;
        let kept = self.rows.into_iter().flat_map(|lineage| lineage.kept).collect();
        let table = table(vec![Column::new("Count", Type::Long)], vec![vec![Dynamic::Long(count)]])?;
        let notes = [("Count".to_owned(), Note::default())].into();
        Ok(Self { table, rows: vec![Lineage { id: 0, kept, notes }], ..self })
    }
}

/// The prefix of the reason if the query is supported, but we return an error that the
/// emulator did not return.
pub const REFUSED: &str = "refused: ";

fn refused(why: impl Display) -> String {
    format!("{REFUSED}{why}")
}

/// Returns the call of a tabular operator for a row.
fn operator(name: &str, row: usize, at: usize) -> Call {
    Call { row, at, name: name.to_owned(), is_specified: true }
}

/// Returns the cells of a row, and their notes.
fn row(columns: &[Column], answers: impl Iterator<Item = Answer>) -> (Vec<Dynamic>, Notes) {
    let cells = columns.iter().zip(answers).map(|(column, answer)| {
        let (cell, note) = cell(column, answer);
        (cell, (column.name.clone(), note))
    });
    cells.unzip()
}

/// Returns a cell and its note.
fn cell(column: &Column, answer: Answer) -> (Dynamic, Note) {
    let why = match answer {
        Ok(value) if column.r#type.admits(&value.dynamic) => {
            return (value.dynamic, Note { calls: value.calls, unsupported: None });
        }
        Ok(value) => refused(format!("a {} in a column of {}", value.of_type, column.r#type)),
        Err(why) => why,
    };
    (column.r#type.empty(), Note { unsupported: Some(why), ..Note::default() })
}

/// Compares two cells by a sort key.
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
