//! Which vectors to ask.

use super::{Clause, Vector, Want};

/// What to select vectors by. Of several values of one kind any will do; of
/// several kinds all must.
///
/// ```
/// use rulespec::suite::{self, Selection};
///
/// let selection = Selection { chapters: vec!["CMD".into()], ..Selection::default() };
/// let chosen = selection.of(&suite::vectors()?, &suite::clauses())?;
/// assert!(chosen.iter().all(|vector| vector.clauses.iter().any(|id| id.starts_with("CMD-"))));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Selection {
    /// Ids of vectors.
    pub ids: Vec<String>,
    /// Ids of clauses.
    pub clauses: Vec<String>,
    /// Letters of chapters.
    pub chapters: Vec<String>,
    /// Names of functions.
    pub functions: Vec<String>,
    /// Words of evidence; `open` for open points.
    pub evidence: Vec<String>,
}

/// A selection that selects nothing.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SelectError {
    /// One value fits no vector at all.
    #[error("no vector has the {kind} {value:?}; `rulespec list` names all there are")]
    Unknown {
        /// What it is a value of.
        kind: &'static str,
        /// The value.
        value: String,
    },
    /// Each value fits some vector, but no vector fits them all.
    #[error("no vector fits everything asked for; ask for less at once")]
    Nothing,
}

impl Selection {
    /// The vectors that fit, in their order; never none.
    ///
    /// # Errors
    ///
    /// Where some value fits no vector, or no vector fits all.
    pub fn of(&self, vectors: &[Vector], clauses: &[Clause]) -> Result<Vec<Vector>, SelectError> {
        type Fits = fn(&Vector, &str, &[Clause]) -> bool;
        let kinds: [(&'static str, &[String], Fits); 5] = [
            ("id", &self.ids, |vector, id, _| vector.id.eq_ignore_ascii_case(id)),
            ("clause", &self.clauses, |vector, id, _| any(&vector.clauses, id)),
            ("chapter", &self.chapters, in_chapter),
            ("function", &self.functions, |vector, name, _| vector.r#fn == name),
            ("evidence", &self.evidence, has_evidence),
        ];
        let mut chosen: Vec<&Vector> = vectors.iter().collect();
        for (kind, values, fits) in kinds {
            let idle = |value: &&String| !vectors.iter().any(|vector| fits(vector, value, clauses));
            if let Some(value) = values.iter().find(idle) {
                return Err(SelectError::Unknown { kind, value: value.clone() });
            }
            chosen.retain(|vector| {
                values.is_empty() || values.iter().any(|value| fits(vector, value, clauses))
            });
        }
        match chosen.is_empty() {
            true => Err(SelectError::Nothing),
            false => Ok(chosen.into_iter().cloned().collect()),
        }
    }
}

fn any(ids: &[String], id: &str) -> bool {
    ids.iter().any(|own| own.eq_ignore_ascii_case(id))
}

fn in_chapter(vector: &Vector, chapter: &str, _: &[Clause]) -> bool {
    let letters = |id: &String| id.split('-').next().unwrap_or_default().eq_ignore_ascii_case(chapter);
    vector.clauses.iter().any(letters)
}

/// Whether a vector rests on this kind of evidence: its own word, else that of
/// one of its clauses; an open point is open, whatever its clauses rest on.
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
