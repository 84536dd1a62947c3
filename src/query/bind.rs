//! The binder: resolves names, and gives every expression its type.

mod operators;
mod scalar;
mod scope;
mod strings;

use std::collections::HashMap;

use super::bound::{BoundQuery, BoundSource, Step};
use super::diagnostic::{Diagnostic, Diagnostics, Span};
use super::run::{Context, evaluate_constant};
use super::syntax::{Expr, ExprKind, Let, LetValue, Name, Pipeline, Query, Source};
use crate::kql::{Column, Dynamic, ErrorKind, Table, Type};
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
        let mut binder = Binder { tables, context, declared: HashMap::new(), diagnostics: vec![] };
        for declared in &self.lets {
            binder.declare(declared);
        }
        let bound = binder.pipeline(&self.pipeline);
        match bound {
            Some(Rows { source, steps, columns }) if binder.diagnostics.is_empty() => {
                Ok(BoundQuery { source, steps, columns: columns.columns })
            }
            _ => Err(Diagnostics::new(binder.diagnostics, &self.text)),
        }
    }
}

struct Binder<'a> {
    tables: &'a Schemas,
    context: Context<'a>,
    declared: HashMap<String, Declared>,
    diagnostics: Vec<Diagnostic>,
}

impl Binder<'_> {
    fn report<T>(&mut self, diagnostic: Diagnostic) -> Option<T> {
        self.diagnostics.push(diagnostic);
        None
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
            Some(Declared::Table(rows)) => return Some(rows.clone()),
            Some(Declared::Unknown) => return None,
            Some(Declared::Scalar(..)) => {
                let message = format!("{:?} is a scalar, not a table", name.text);
                return self.error(ErrorKind::WrongType, name.span, message);
            }
            None => {}
        }
        let Some(columns) = self.tables.get(&name.text) else {
            let mut known: Vec<&str> = self.tables.keys().map(String::as_str).collect();
            known.sort_unstable();
            let known = known.join(", ");
            let message = format!("there is no table {:?}", name.text);
            let diagnostic = Diagnostic::new(ErrorKind::UnknownTable, name.span, message);
            return self.report(diagnostic.with_help(format!("the tables are: {known}")));
        };
        let source = BoundSource::Table(name.text.clone(), columns.clone());
        Some(Rows { source, steps: vec![], columns: Columns::new(columns.clone()) })
    }

    fn pipeline(&mut self, pipeline: &Pipeline) -> Option<Rows> {
        let mut rows = self.source(&pipeline.source)?;
        for operator in &pipeline.operators {
            self.operator(operator, &mut rows);
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
                let source = BoundSource::Rows(one_row);
                let mut rows = Rows { source, steps: vec![], columns: Columns::default() };
                let assigned =
                    self.assignments(values, &mut rows.columns, |index, _| format!("print_{index}"));
                rows.columns.columns = assigned.iter().map(|(column, _)| column.clone()).collect();
                rows.steps.push(Step::Project(assigned));
                Some(rows)
            }
        }
    }

    /// Spec: QRY-30
    fn datatable(&mut self, columns: &[(Name, Type)], cells: &[Expr]) -> Option<Rows> {
        for (index, (name, _)) in columns.iter().enumerate() {
            if columns[..index].iter().any(|(other, _)| other == name) {
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
        let columns = Columns::new(table.columns().to_vec());
        let rows = Rows { source: BoundSource::Rows(table), steps: vec![], columns };
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
