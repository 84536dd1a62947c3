//! Where misreadings depart from the reference.

use std::collections::HashMap;
use std::sync::{Arc, LazyLock, OnceLock};

use super::catalogue::all;
use crate::engine::{Answer, Engine, Reference};
use crate::verdict::agrees;
use rulespec::suite::{Vector, vectors};

/// What the reference and each misreading answer to one call. Each is asked when its
/// answer is first needed.
pub(super) struct Departures {
    expected: OnceLock<Answer>,
    /// One per misreading; `None` if it agrees with the reference.
    wrong: Vec<OnceLock<Option<Answer>>>,
}

impl Departures {
    fn new() -> Self {
        Self { expected: OnceLock::new(), wrong: vec![OnceLock::new(); all().len()] }
    }

    /// The departures for a vector. Those for the embedded suite are cached, so that
    /// explaining several engines asks each misreading only once.
    pub(super) fn of(vector: &Vector) -> Arc<Self> {
        static EMBEDDED: LazyLock<HashMap<String, (Vector, Arc<Departures>)>> = LazyLock::new(|| {
            let vectors = vectors().unwrap_or_default().into_iter();
            vectors.map(|vector| (vector.id.clone(), (vector, Arc::new(Departures::new())))).collect()
        });
        match EMBEDDED.get(&vector.id) {
            Some((same, cached)) if same.r#fn == vector.r#fn && same.args == vector.args => cached.clone(),
            _ => Arc::new(Self::new()),
        }
    }

    /// The reference's answer.
    pub(super) fn expected(&self, vector: &Vector) -> &Answer {
        self.expected.get_or_init(|| Reference::default().ask(&vector.r#fn, &vector.args))
    }

    /// The answer of a misreading, by its index in [`all`], if it departs from the
    /// reference.
    pub(super) fn wrong(&self, index: usize, vector: &Vector) -> Option<&Answer> {
        let ask = || {
            let answer = all().get(index)?.engine().ask(&vector.r#fn, &vector.args);
            (!agrees(self.expected(vector), &answer)).then_some(answer)
        };
        self.wrong.get(index)?.get_or_init(ask).as_ref()
    }
}
