//! A test of a few columns that tells early that a query does not select a row.

use super::expr::Expr;
use super::input::Input;
use super::prepare::{Preparation, depends_on_time, has_column};
use super::state::{SHORT, State, Storage};
use super::value::Value;
use crate::fast::semantics;
use crate::kql::{Datetime, Error, ErrorKind, Semantics, Table};
use crate::query::bound::{BoundQuery, BoundSource, Scalar, ScalarKind};
use crate::query::{Context, Function};

/// Tells from a few string columns that a query does not select a row, so that readers of events need
/// not build it.
///
/// ```
/// use rulespec::fast::plan::EarlyFilter;
/// use rulespec::kql::{Column, Datetime, Semantics, Type};
/// use rulespec::query::{Context, Query, Schemas};
///
/// let columns = ["FileName", "AccountName"].map(|name| Column::new(name, Type::String));
/// let schemas = Schemas::from([("Events".to_owned(), columns.to_vec())]);
/// let query: Query = "Events | where FileName =~ 'a.exe' and AccountName == 'x'".parse()?;
/// let bound = query.bind(&schemas, Context { kql: &Semantics::default(), now: Datetime::UNIX_EPOCH })?;
///
/// let filter = EarlyFilter::new(&bound, &["FileName"]);
/// assert!(filter.may_select(&["A.EXE"]));
/// assert!(!filter.may_select(&["b.exe"]));
/// # Ok::<(), rulespec::query::Diagnostics>(())
/// ```
#[derive(Debug, Clone)]
pub struct EarlyFilter {
    /// What is true of each row that is selected; none if nothing is known.
    predicate: Option<Expr>,
    /// The known columns, by their index; none if the query's table does not have it.
    known: Vec<Option<usize>>,
    columns: usize,
    semantics: Semantics,
}

impl EarlyFilter {
    /// Prepares a filter that knows these string columns.
    pub fn new(query: &BoundQuery, known: &[&str]) -> Self {
        let columns = query.source.columns();
        let index = |name: &&str| columns.iter().position(|column| column.name == **name);
        let known: Vec<Option<usize>> = known.iter().map(index).collect();
        let semantics = semantics();
        let mut preparation = Preparation::new(query, &semantics);
        let indices: Vec<usize> = known.iter().copied().flatten().collect();
        let predicates = match query.source {
            BoundSource::Table(..) => preparation.first_predicates(&indices),
            BoundSource::Rows(_) => vec![],
        };
        let predicate = all(predicates.iter().filter_map(|one| weakened(one, &indices)).collect())
            .map(|predicate| preparation.expr(&predicate));
        Self { predicate, known, columns: columns.len(), semantics }
    }

    /// Whether the query may select a row with these texts in the known columns. If not, it does not
    /// select the row, and returns no error for it.
    pub fn may_select(&self, texts: &[&str]) -> bool {
        let Some(predicate) = &self.predicate else { return true };
        if texts.iter().any(|text| text.len() > SHORT) {
            return true;
        }
        let context = Context { kql: &self.semantics, now: Datetime::UNIX_EPOCH };
        let row = KnownRow { known: &self.known, texts };
        let storage = Storage::default();
        let state = State::new(&row, &storage, self.columns, context, usize::MAX);
        predicate.truth(&state, 0).map_or(true, |truth| truth == Some(true))
    }
}

/// A row of which a few texts are known.
struct KnownRow<'a> {
    known: &'a [Option<usize>],
    texts: &'a [&'a str],
}

impl Input for KnownRow<'_> {
    fn len(&self) -> usize {
        1
    }

    fn cell(&self, column: usize, _: usize) -> Value<'_> {
        let index = self.known.iter().position(|known| *known == Some(column));
        let text = index.and_then(|index| self.texts.get(index)).copied();
        Value::Text(text.unwrap_or_default().into())
    }

    fn table(&self) -> Result<Table, Error> {
        Err(Error::new(ErrorKind::UnknownColumn, "only some columns are known"))
    }
}

/// What is known to be true, from these columns alone, if a predicate is.
fn weakened(predicate: &Scalar, known: &[usize]) -> Option<Scalar> {
    match &predicate.kind {
        ScalarKind::Call(function, operands) if function.name == "and" => {
            all(operands.iter().filter_map(|operand| weakened(operand, known)).collect())
        }
        ScalarKind::Call(function, operands) if function.name == "or" => {
            let may_hold =
                |operand: &&Scalar| operand.constant().is_none_or(|value| value.as_bool() == Some(true));
            let operands = operands.iter().filter(may_hold).map(|operand| weakened(operand, known));
            let operands = operands.collect::<Option<Vec<_>>>().filter(|operands| !operands.is_empty())?;
            Some(Scalar { kind: ScalarKind::Call(function, operands), ..predicate.clone() })
        }
        _ => (has_column(predicate) && is_known(predicate, known)).then(|| predicate.clone()),
    }
}

/// Whether the value of an expression depends on nothing but these columns.
fn is_known(scalar: &Scalar, known: &[usize]) -> bool {
    match &scalar.kind {
        ScalarKind::Column(column) => known.contains(column),
        ScalarKind::Constant(_) => true,
        ScalarKind::Call(function, arguments) => {
            !depends_on_time(function) && arguments.iter().all(|argument| is_known(argument, known))
        }
    }
}

/// All of these predicates.
fn all(mut predicates: Vec<Scalar>) -> Option<Scalar> {
    let function = Function::find("and")?;
    match predicates.len() {
        0 | 1 => predicates.pop(),
        _ => {
            let first = predicates.first()?.clone();
            Some(Scalar { kind: ScalarKind::Call(function, predicates), ..first })
        }
    }
}
