//! Explains why the rule selects a row or not.

use super::{Expression, LOCAL_FILE, REMOTE_URL, is_upload, parsed_command_line, selection};
use crate::kql::first_occurrence;
use crate::kql::{Dynamic, Error, Profile, Row, Semantics};

/// Why the rule selects a row or not.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Explanation {
    /// Whether the first stage selects the row.
    pub matched: bool,
    /// The result of each predicate of the first stage, in the order of the query.
    pub findings: Vec<Finding>,
    /// The indices of the findings that determined `matched`.
    pub decided_by: Vec<usize>,
    /// The arguments of the command line: an array, or null.
    pub arguments: Dynamic,
    /// The index of the argument that is `RemoteUrl`; `None` if there are too few arguments.
    pub remote_url: Option<usize>,
    /// The index of the argument that is `LocalFile`; `None` if there are no arguments.
    pub local_file: Option<usize>,
    /// The switch that makes `Direction` an upload.
    pub upload: Option<Occurrence>,
}

/// The result of one predicate.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Finding {
    /// The predicate, as KQL text.
    pub predicate: String,
    /// The left operand of the predicate, as KQL text.
    pub looked_at: String,
    /// The value of the left operand.
    pub value: Dynamic,
    /// The missing column, if `value` is the default of `column_ifexists`.
    pub absent: Option<String>,
    /// The value of the predicate; `None` if it is null.
    pub holds: Option<bool>,
    /// The first occurrence of any term that the predicate searches for.
    pub occurrence: Option<Occurrence>,
}

/// An occurrence of a term, as `has` finds it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Occurrence {
    /// The term, as written in the rule.
    pub term: String,
    /// The number of characters before the occurrence.
    pub at: usize,
    /// The number of characters in the occurrence.
    pub length: usize,
}

/// Explains why the rule selects a row or not.
///
/// If an `and` is false, its first false operand decides. If an `or` is true, its first
/// true operand decides. Otherwise, every operand whose value equals the result decides.
///
/// # Errors
///
/// Returns [`UnknownColumn`](crate::kql::ErrorKind::UnknownColumn) if the row lacks
/// `FileName` or `ProcessCommandLine`, and [`WrongType`](crate::kql::ErrorKind::WrongType)
/// if they are not strings.
///
/// ```
/// use rulespec::kql::{Profile, Table};
/// use rulespec::rule::explain;
///
/// let table = Table::from_json(&serde_json::json!({
///     "columns": [{"name": "FileName", "type": "string"}, {"name": "ProcessCommandLine", "type": "string"}],
///     "rows": [["bitsadmin.exe", "bitsadmin /list"]],
/// }))?;
/// for row in table.rows_by_name() {
///     let explanation = explain(row, &Profile::default())?;
///     assert!(!explanation.matched);
///     let decider = &explanation.findings[explanation.decided_by[0]];
///     assert_eq!(decider.looked_at, "ProcessCommandLine");
/// }
/// # Ok::<(), rulespec::kql::Error>(())
/// ```
///
/// Spec: RUL-50, RUL-51
pub fn explain(row: Row<'_>, profile: &Profile) -> Result<Explanation, Error> {
    let kql = &Semantics::with_profile(*profile);
    let selection = selection();
    let mut findings = vec![];
    let decision = decide(&selection, row, kql, &mut findings)?;
    let arguments = parsed_command_line().evaluate(row, kql)?;
    Ok(Explanation {
        matched: decision.holds == Some(true),
        findings,
        decided_by: decision.decided_by,
        remote_url: position(&arguments, REMOTE_URL),
        local_file: position(&arguments, LOCAL_FILE),
        upload: inspect(&is_upload(), row, kql)?.occurrence,
        arguments,
    })
}

/// The value of a predicate, and the indices of the findings that determined it.
struct Decision {
    holds: Option<bool>,
    decided_by: Vec<usize>,
}

/// Spec: RUL-50
fn decide(
    predicate: &Expression,
    row: Row<'_>,
    kql: &Semantics,
    findings: &mut Vec<Finding>,
) -> Result<Decision, Error> {
    let (a, b, deciding) = match predicate {
        Expression::And(a, b) => (a, b, false),
        Expression::Or(a, b) => (a, b, true),
        leaf => {
            findings.push(inspect(leaf, row, kql)?);
            let holds = leaf.truth(row, kql)?;
            return Ok(Decision { holds, decided_by: vec![findings.len() - 1] });
        }
    };
    let a = decide(a, row, kql, findings)?;
    let b = decide(b, row, kql, findings)?;
    let holds = predicate.truth(row, kql)?;
    let max_deciders = if holds == Some(deciding) { 1 } else { 2 };
    let deciders = [a, b].into_iter().filter(|operand| operand.holds == holds).take(max_deciders);
    Ok(Decision { holds, decided_by: deciders.flat_map(|operand| operand.decided_by).collect() })
}

fn inspect(leaf: &Expression, row: Row<'_>, kql: &Semantics) -> Result<Finding, Error> {
    let (subject, terms): (_, &[Expression]) = match leaf {
        Expression::EqCi(subject, _) => (&**subject, &[]),
        Expression::Has(subject, term) => (subject, std::slice::from_ref(term)),
        Expression::HasAny(subject, terms) => (subject, terms),
        leaf => (leaf, &[]),
    };
    let value = subject.evaluate(row, kql)?;
    let text = kql.call_tostring(&value);
    let mut occurrences = vec![];
    for term in terms {
        let term = kql.call_tostring(&term.evaluate(row, kql)?);
        occurrences.extend(occurrence(&text, &term, kql));
    }
    Ok(Finding {
        predicate: leaf.to_string(),
        looked_at: subject.to_string(),
        value,
        absent: absent(subject, row),
        holds: leaf.truth(row, kql)?,
        occurrence: occurrences.into_iter().min_by_key(|occurrence| occurrence.at),
    })
}

/// Spec: RUL-03
fn absent(subject: &Expression, row: Row<'_>) -> Option<String> {
    match subject {
        Expression::ColumnIfExists(name, _) if row.get(name).is_none() => Some(name.clone()),
        _ => None,
    }
}

fn occurrence(text: &str, term: &str, kql: &Semantics) -> Option<Occurrence> {
    let at = first_occurrence(text, term, &kql.profile)?;
    Some(Occurrence { term: term.to_owned(), at, length: term.chars().count() })
}

/// The position, counted from 0, of the argument at a negative index.
fn position(arguments: &Dynamic, index: i64) -> Option<usize> {
    let Dynamic::Array(arguments) = arguments else { return None };
    let from_end = usize::try_from(index.unsigned_abs()).ok()?;
    arguments.len().checked_sub(from_end)
}
