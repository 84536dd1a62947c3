//! The binder: resolves names, and gives every expression its type.

mod columns;
mod names;
mod operators;
mod scalar;
mod scope;
mod strings;

use std::collections::{HashMap, HashSet};

use super::bound::{BoundQuery, BoundSource, Step};
use super::diagnostic::{Diagnostic, Diagnostics, Span, similar};
use super::run::{Context, evaluate_constant};
use super::syntax::{Expr, ExprKind, Let, LetValue, Name, Pipeline, Query, Source};
use crate::kql::{Column, Dynamic, ErrorKind, Table, Type};
use names::Style;
use scope::{Columns, Declared, Rows};

/// The columns of the tables that a query can read, by name.
pub type Schemas = HashMap<String, Vec<Column>>;

impl Query {
    /// Resolves the names of the query, and checks its types.
    ///
    /// # Errors
    ///
    /// Returns every name that does not exist, every operand that has the wrong type, and what the
    /// specification does not cover.
    ///
    /// Spec: QRY-21, QRY-22, QRY-23
    pub fn bind(&self, tables: &Schemas, context: Context<'_>) -> Result<BoundQuery, Diagnostics> {
        let mut binder = Binder {
            tables,
            context,
            declared: HashMap::new(),
            diagnostics: vec![],
            budget: MAX_WORK,
            has_numbered: false,
        };
        for declared in &self.lets {
            binder.declare(declared);
        }
        let bound = binder.pipeline(&self.pipeline);
        match bound {
            Some(Rows { source, steps, columns, .. }) if binder.diagnostics.is_empty() => {
                Ok(BoundQuery { source, steps, columns: columns.columns })
            }
            _ => Err(Diagnostics::new(binder.diagnostics, &self.text)),
        }
    }
}

/// How many columns the operators of a query can have in all, for each column that they list.
///
/// Spec: QRY-12
const MAX_WORK: usize = 1 << 20;

/// How many columns a table can have.
///
/// Spec: QRY-12
const MAX_COLUMNS: usize = 2_000;

/// How many diagnostics are collected.
const MAX_DIAGNOSTICS: usize = 20;

struct Binder<'a> {
    tables: &'a Schemas,
    context: Context<'a>,
    declared: HashMap<String, Declared>,
    diagnostics: Vec<Diagnostic>,
    /// What is left of [`MAX_WORK`].
    budget: usize,
    /// Whether an operator has a column with a numbered name.
    has_numbered: bool,
}

impl Binder<'_> {
    fn report<T>(&mut self, diagnostic: Diagnostic) -> Option<T> {
        if self.diagnostics.len() < MAX_DIAGNOSTICS {
            self.diagnostics.push(diagnostic);
        }
        None
    }

    /// Checks the number of columns.
    fn check_width(&mut self, columns: usize, span: Span) -> Option<()> {
        if columns <= MAX_COLUMNS {
            return Some(());
        }
        self.error(ErrorKind::Syntax, span, format!("more than {MAX_COLUMNS} columns"))
    }

    /// Takes from the budget.
    fn spend(&mut self, work: usize, span: Span) -> Option<()> {
        match self.budget.checked_sub(work) {
            Some(left) => {
                self.budget = left;
                Some(())
            }
            None => {
                self.budget = 0;
                self.error(ErrorKind::Syntax, span, "the query has too many operators and columns")
            }
        }
    }

    fn error<T>(&mut self, kind: ErrorKind, span: Span, message: impl Into<String>) -> Option<T> {
        self.report(Diagnostic::new(kind, span, message))
    }

    /// Spec: QRY-20
    fn declare(&mut self, declaration: &Let) {
        let Let { name, value } = declaration;
        if self.declared.contains_key(&name.text) {
            let message = format!("{:?} is declared twice", name.text);
            self.error::<()>(ErrorKind::RepeatedColumn, name.span, message);
        }
        let declared = match value {
            LetValue::Scalar(Expr { kind: ExprKind::Name(table), span, .. }) if self.is_table(table) => {
                self.table(&Name { text: table.clone(), span: *span }).map(Declared::Table)
            }
            LetValue::Scalar(value) => self.constant(value).map(|(value, of)| Declared::Scalar(value, of)),
            LetValue::Table(pipeline) => self.pipeline(pipeline).map(Declared::Table),
        };
        self.declared.insert(name.text.clone(), declared.unwrap_or(Declared::Unknown));
    }

    /// The value of an expression that refers to no column.
    fn constant(&mut self, value: &Expr) -> Option<(Dynamic, Type)> {
        let scalar = self.scalar(value, &Columns::default())?;
        match evaluate_constant(&scalar, self.context) {
            Ok(value) => Some((value, scalar.r#type)),
            Err(error) => self.error(error.kind(), value.span, error.to_string()),
        }
    }

    fn is_table(&self, name: &str) -> bool {
        match self.declared.get(name) {
            Some(declared) => matches!(declared, Declared::Table(_)),
            None => self.tables.contains_key(name),
        }
    }

    fn table(&mut self, name: &Name) -> Option<Rows> {
        match self.declared.get(&name.text) {
            Some(Declared::Table(rows)) => {
                let rows = rows.clone();
                self.spend(rows.work, name.span)?;
                return Some(rows);
            }
            Some(Declared::Unknown) => return None,
            Some(Declared::Scalar(..)) => {
                let message = format!("{:?} is a scalar, not a table", name.text);
                return self.error(ErrorKind::WrongType, name.span, message);
            }
            None => {}
        }
        let Some(columns) = self.tables.get(&name.text) else {
            let message = format!("there is no table {:?}", name.text);
            let diagnostic = Diagnostic::new(ErrorKind::UnknownTable, name.span, message);
            let help = similar(&name.text, self.tables.keys().map(String::as_str));
            return self.report(diagnostic.with_help(help.unwrap_or_else(|| self.known_tables())));
        };
        let source = BoundSource::Table(name.text.clone(), columns.clone());
        Some(Rows::new(source))
    }

    fn known_tables(&self) -> String {
        let declared = self.declared.iter().filter(|(_, declared)| matches!(declared, Declared::Table(_)));
        let mut known: Vec<&str> =
            self.tables.keys().chain(declared.map(|(name, _)| name)).map(String::as_str).collect();
        known.sort_unstable();
        if known.is_empty() {
            "there are no tables".to_owned()
        } else {
            format!("the tables are: {}", known.join(", "))
        }
    }

    fn pipeline(&mut self, pipeline: &Pipeline) -> Option<Rows> {
        let mut rows = self.source(&pipeline.source)?;
        for operator in &pipeline.operators {
            self.operator(operator, &mut rows)?;
        }
        Some(rows)
    }

    fn source(&mut self, source: &Source) -> Option<Rows> {
        match source {
            Source::Table(name) => self.table(name),
            Source::Parenthesized(inner) => self.pipeline(inner),
            Source::Datatable(columns, cells) => self.datatable(columns, cells),
            Source::Print(values) => {
                let mut one_row = Table::default();
                one_row.push(vec![]).ok()?;
                let mut rows = Rows::new(BoundSource::Rows(one_row));
                let assigned = self.assignments(values, &mut rows.columns, Style::Print)?;
                rows.columns.columns = assigned.iter().map(|(column, _)| column.clone()).collect();
                rows.steps.push(Step::Project(assigned));
                Some(rows)
            }
        }
    }

    /// Spec: QRY-30
    fn datatable(&mut self, columns: &[(Name, Type)], cells: &[Expr]) -> Option<Rows> {
        self.check_width(columns.len(), columns.first()?.0.span)?;
        let mut names = HashSet::new();
        for (name, _) in columns {
            if !names.insert(&name.text) {
                let message = format!("column {:?} is named twice", name.text);
                return self.error(ErrorKind::RepeatedColumn, name.span, message);
            }
        }
        let named = columns.iter().map(|(name, r#type)| Column::new(&name.text, *r#type)).collect();
        let mut table = Table::new(named).ok()?;
        let count = self.diagnostics.len();
        for row in cells.chunks(columns.len()) {
            let cells = row.iter().zip(columns).filter_map(|(cell, (_, r#type))| self.cell(cell, *r#type));
            let cells: Vec<Dynamic> = cells.collect();
            if cells.len() == columns.len() {
                table.push(cells).ok()?;
            }
        }
        let rows = Rows::new(BoundSource::Rows(table));
        (self.diagnostics.len() == count).then_some(rows)
    }

    /// The value of a literal in a column of this type.
    ///
    /// Spec: QRY-30
    fn cell(&mut self, cell: &Expr, r#type: Type) -> Option<Dynamic> {
        let (value, of_type) = self.constant(cell)?;
        let converted = match (r#type, value) {
            (r#type, Dynamic::Null) => r#type.empty(),
            (Type::Real, Dynamic::Long(value)) => Dynamic::Real(value as f64),
            (Type::Datetime, Dynamic::String(text)) => text.parse().map_or(Dynamic::Null, Dynamic::Datetime),
            (_, value) => value,
        };
        if r#type.admits(&converted) {
            return Some(converted);
        }
        self.report(Diagnostic::unsupported(cell.span, format!("a {of_type} in a column of type {type}")))
    }
}
