//! Selecting vectors.

use super::{Clause, Vector, Want};

/// Criteria to select vectors by.
///
/// A vector is selected if, for every criterion that has values, it matches at least one of
/// them.
///
/// ```
/// use rulespec::suite::{self, Selection};
///
/// let selection = Selection { chapters: vec!["CMD".into()], ..Selection::default() };
/// let chosen = selection.apply(&suite::vectors()?, &suite::clauses())?;
/// assert!(chosen.iter().all(|vector| vector.clauses.iter().any(|id| id.starts_with("CMD-"))));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Selection {
    /// Ids of vectors.
    pub ids: Vec<String>,
    /// Ids of clauses.
    pub clauses: Vec<String>,
    /// Names of chapters, such as `CMD` or `10`: see [`Clause::is_of_chapter`].
    pub chapters: Vec<String>,
    /// Names of functions.
    pub functions: Vec<String>,
    /// Kinds of evidence, such as `documented`; `open` selects open points.
    pub evidence: Vec<String>,
}

/// The error for a selection that selects nothing.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SelectError {
    /// A value matches no vector at all.
    #[error("no vector has the {kind} {value:?}; see `rulespec list`")]
    Unknown {
        /// The criterion.
        kind: &'static str,
        /// The value.
        value: String,
    },
    /// Each value matches some vector, but no vector matches every criterion.
    #[error("no vector matches all of the criteria; use fewer")]
    NoMatch,
}

impl Selection {
    /// Returns the vectors that match, in order: at least one.
    ///
    /// # Errors
    ///
    /// Returns an error if a value matches no vector, or if no vector matches every criterion.
    pub fn apply(&self, vectors: &[Vector], clauses: &[Clause]) -> Result<Vec<Vector>, SelectError> {
        type Matches = fn(&Vector, &str, &[Clause]) -> bool;
        let criteria: [(&'static str, &[String], Matches); 5] = [
            ("id", &self.ids, |vector, id, _| vector.id.eq_ignore_ascii_case(id)),
            ("clause", &self.clauses, has_clause),
            ("chapter", &self.chapters, is_of_chapter),
            ("function", &self.functions, |vector, name, _| vector.r#fn == name),
            ("evidence", &self.evidence, has_evidence),
        ];
        let mut chosen: Vec<&Vector> = vectors.iter().collect();
        for (kind, values, matches) in criteria {
            let is_unknown = |value: &&String| !vectors.iter().any(|vector| matches(vector, value, clauses));
            if let Some(value) = values.iter().find(is_unknown) {
                return Err(SelectError::Unknown { kind, value: value.clone() });
            }
            chosen.retain(|vector| {
                values.is_empty() || values.iter().any(|value| matches(vector, value, clauses))
            });
        }
        match chosen.is_empty() {
            true => Err(SelectError::NoMatch),
            false => Ok(chosen.into_iter().cloned().collect()),
        }
    }
}

fn has_clause(vector: &Vector, id: &str, _: &[Clause]) -> bool {
    vector.clauses.iter().any(|clause| clause.eq_ignore_ascii_case(id))
}

fn is_of_chapter(vector: &Vector, chapter: &str, clauses: &[Clause]) -> bool {
    let letters = |id: &String| id.split('-').next().unwrap_or_default().eq_ignore_ascii_case(chapter);
    let is_tested = |clause: &Clause| clause.is_of_chapter(chapter) && vector.clauses.contains(&clause.id);
    vector.clauses.iter().any(letters) || clauses.iter().any(is_tested)
}

/// Whether a vector has this kind of evidence.
///
/// A vector of an open point is `open`. Any other has its own evidence, or else that of its
/// clauses.
fn has_evidence(vector: &Vector, word: &str, clauses: &[Clause]) -> bool {
    let is = |evidence: &str| evidence.split(|c: char| !c.is_alphanumeric()).next() == Some(word);
    match (&vector.want, &vector.evidence) {
        (Want::Open { .. }, _) => word == "open",
        (Want::Settled { .. }, Some(evidence)) => is(evidence),
        (Want::Settled { .. }, None) => {
            clauses.iter().any(|clause| vector.clauses.contains(&clause.id) && is(&clause.evidence))
        }
    }
}
