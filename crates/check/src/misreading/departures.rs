//! Where misreadings depart from the reference.

use std::collections::HashMap;
use std::sync::{Arc, LazyLock, OnceLock};

use super::all;
use crate::engine::{Answer, Engine, Reference};
use crate::verdict::same;
use rulespec::suite::{Vector, vectors};

/// What the reference and each misreading answer to one question; each is asked
/// when its answer is first wanted.
pub(super) struct Departures {
    right: OnceLock<Answer>,
    /// One a misreading; `None` where it answers as the reference does.
    wrong: Vec<OnceLock<Option<Answer>>>,
}

impl Departures {
    fn new() -> Self {
        Self { right: OnceLock::new(), wrong: vec![OnceLock::new(); all().len()] }
    }

    /// Those of a vector. Of the embedded suite they are kept, so that whoever
    /// explains many engines does not ask the same again and again.
    pub(super) fn of(vector: &Vector) -> Arc<Self> {
        static EMBEDDED: LazyLock<HashMap<String, (Vector, Arc<Departures>)>> = LazyLock::new(|| {
            let vectors = vectors().unwrap_or_default().into_iter();
            vectors.map(|vector| (vector.id.clone(), (vector, Arc::new(Departures::new())))).collect()
        });
        match EMBEDDED.get(&vector.id) {
            Some((same, kept)) if same.r#fn == vector.r#fn && same.args == vector.args => kept.clone(),
            _ => Arc::new(Self::new()),
        }
    }

    /// The reference's answer.
    pub(super) fn right(&self, vector: &Vector) -> &Answer {
        self.right.get_or_init(|| Reference::default().ask(&vector.r#fn, &vector.args))
    }

    /// The answer of the misreading of this number in [`all`], where it is not
    /// the reference's.
    pub(super) fn wrong(&self, number: usize, vector: &Vector) -> Option<&Answer> {
        let ask = || {
            let answer = all().get(number)?.engine().ask(&vector.r#fn, &vector.args);
            (!agree(&answer, self.right(vector))).then_some(answer)
        };
        self.wrong.get(number)?.get_or_init(ask).as_ref()
    }
}

/// Whether two engines answer alike; how they word an error does not matter.
pub(super) fn agree(a: &Answer, b: &Answer) -> bool {
    match (a, b) {
        (Answer::Value(a), Answer::Value(b)) => same(a, b),
        (Answer::Error(_), Answer::Error(_)) => true,
        _ => false,
    }
}
