//! Why the rule selects a row, or does not.

use super::{Expression, LOCAL_FILE, REMOTE_URL, is_upload, parsed_command_line, selection};
use crate::kql::terms::first_occurrence;
use crate::kql::{Dynamic, Error, Profile, Row, Semantics};

/// What the rule saw in one row.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Explanation {
    /// Whether the first stage selects the row.
    pub matched: bool,
    /// Every predicate of the first stage, in the order of the query.
    pub findings: Vec<Finding>,
    /// Which of the findings, by their place, made `matched` what it is.
    pub decided_by: Vec<usize>,
    /// The arguments of the command line: an array, or null.
    pub arguments: Dynamic,
    /// Which of the arguments is `RemoteUrl`; `None` where it is empty for want
    /// of one.
    pub remote_url: Option<usize>,
    /// Which of the arguments is `LocalFile`.
    pub local_file: Option<usize>,
    /// The switch that makes `Direction` an upload.
    pub upload: Option<Occurrence>,
}

/// What one predicate saw.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Finding {
    /// The predicate, as KQL text.
    pub predicate: String,
    /// What it looked at, as KQL text: its left operand.
    pub looked_at: String,
    /// The value of what it looked at.
    pub value: Dynamic,
    /// The column the table lacks, where `value` is a default on that account.
    pub absent: Option<String>,
    /// Whether it holds; `None` where it is null.
    pub holds: Option<bool>,
    /// The first place where a term it looks for occurs, if it looks for terms.
    pub occurrence: Option<Occurrence>,
}

/// A term, found in a text by `has`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Occurrence {
    /// The term looked for, as the rule writes it.
    pub term: String,
    /// How many characters of the text stand before it.
    pub at: usize,
    /// How many characters of the text it takes.
    pub length: usize,
}

/// Why the rule selects the row, or does not.
///
/// Of `and`, the first operand that is false decides that the row is not
/// selected; of `or`, the first that is true decides for it; otherwise both do.
///
/// # Errors
///
/// [`UnknownColumn`](crate::kql::ErrorKind::UnknownColumn) where the row lacks
/// `FileName` or `ProcessCommandLine`; [`WrongType`](crate::kql::ErrorKind::WrongType)
/// where they are no strings.
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
    let by = &Semantics::under(*profile);
    let selection = selection();
    let mut findings = vec![];
    let judgement = judge(&selection, row, by, &mut findings)?;
    let arguments = parsed_command_line().evaluate(row, by)?;
    Ok(Explanation {
        matched: judgement.holds == Some(true),
        findings,
        decided_by: judgement.decided_by,
        remote_url: place(&arguments, REMOTE_URL),
        local_file: place(&arguments, LOCAL_FILE),
        upload: find(&is_upload(), row, by)?.occurrence,
        arguments,
    })
}

/// Whether a predicate holds, and the findings that make it so.
struct Judgement {
    holds: Option<bool>,
    decided_by: Vec<usize>,
}

/// Spec: RUL-50
fn judge(
    predicate: &Expression,
    row: Row<'_>,
    by: &Semantics,
    findings: &mut Vec<Finding>,
) -> Result<Judgement, Error> {
    let (a, b, decisive) = match predicate {
        Expression::And(a, b) => (a, b, false),
        Expression::Or(a, b) => (a, b, true),
        leaf => {
            findings.push(find(leaf, row, by)?);
            let holds = leaf.truth(row, by)?;
            return Ok(Judgement { holds, decided_by: vec![findings.len() - 1] });
        }
    };
    let a = judge(a, row, by, findings)?;
    let b = judge(b, row, by, findings)?;
    let holds = predicate.truth(row, by)?;
    let enough = if holds == Some(decisive) { 1 } else { 2 };
    let deciders = [a, b].into_iter().filter(|operand| operand.holds == holds).take(enough);
    Ok(Judgement { holds, decided_by: deciders.flat_map(|operand| operand.decided_by).collect() })
}

fn find(leaf: &Expression, row: Row<'_>, by: &Semantics) -> Result<Finding, Error> {
    let subject = match leaf {
        Expression::EqCi(subject, _) | Expression::Has(subject, _) | Expression::HasAny(subject, _) => {
            subject
        }
        leaf => leaf,
    };
    let value = subject.evaluate(row, by)?;
    let text = by.call_tostring(&value);
    let mut occurrences = vec![];
    for term in terms(leaf) {
        let term = by.call_tostring(&term.evaluate(row, by)?);
        occurrences.extend(occurrence(&text, &term, by));
    }
    Ok(Finding {
        predicate: leaf.to_string(),
        looked_at: subject.to_string(),
        value,
        absent: absent(subject, row),
        holds: leaf.truth(row, by)?,
        occurrence: occurrences.into_iter().min_by_key(|occurrence| occurrence.at),
    })
}

fn terms(leaf: &Expression) -> &[Expression] {
    match leaf {
        Expression::Has(_, term) => std::slice::from_ref(term),
        Expression::HasAny(_, terms) => terms,
        _ => &[],
    }
}

/// Spec: RUL-03
fn absent(subject: &Expression, row: Row<'_>) -> Option<String> {
    match subject {
        Expression::ColumnIfExists(name, _) if row.get(name).is_none() => Some(name.clone()),
        _ => None,
    }
}

fn occurrence(text: &str, term: &str, by: &Semantics) -> Option<Occurrence> {
    let at = first_occurrence(text, term, &by.profile)?;
    Some(Occurrence { term: term.to_owned(), at, length: term.chars().count() })
}

/// The place, counted from 0, of the element that `index` names.
fn place(arguments: &Dynamic, index: i64) -> Option<usize> {
    let Dynamic::Array(arguments) = arguments else {
        return None;
    };
    let from_end = usize::try_from(index.unsigned_abs()).ok()?;
    arguments.len().checked_sub(from_end)
}
