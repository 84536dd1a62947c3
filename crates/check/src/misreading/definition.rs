//! What a misreading is, and how the chapters declare theirs.

use crate::engine::Reference;

/// One way to misread a clause.
#[derive(Debug, Clone, Copy)]
pub struct Misreading {
    /// Its name, in kebab case.
    pub name: &'static str,
    /// What an engine with this misreading assumes, in one sentence.
    pub says: &'static str,
    /// The id of the clause that it breaks.
    pub breaks: &'static str,
    pub(super) apply: fn(&mut Reference),
}

impl Misreading {
    /// An engine that misreads this clause and otherwise answers as the reference does.
    ///
    /// ```
    /// use rulespec_check::engine::{Answer, Engine};
    /// use serde_json::json;
    ///
    /// let misreading = rulespec_check::misreading::named("has-as-substring").unwrap();
    /// let answer = misreading.engine().ask("has", &[json!("/transferred"), json!("/Transfer")]);
    /// assert_eq!(answer, Answer::Value(json!(true)));
    /// ```
    pub fn engine(&self) -> Reference {
        let mut engine = Reference::default();
        self.apply(&mut engine);
        engine
    }

    /// Makes an engine misread this clause too. This replaces an earlier misreading of
    /// the same function.
    pub fn apply(&self, engine: &mut Reference) {
        (self.apply)(engine);
    }
}

/// Declares the misreadings of a chapter, each by the one function that it replaces, or by a change
/// of the engine. A function without a field of its own is given by its name in KQL.
macro_rules! misreadings {
    ($($name:literal misreads $clause:literal: $says:literal, $function:literal => $reading:expr;)+) => {
        misreadings! {
            $($name misreads $clause: $says, |engine| engine.semantics.replace($function, $reading);)+
        }
    };
    ($($name:literal misreads $clause:literal: $says:literal, $function:ident = $reading:expr;)+) => {
        misreadings! {
            $($name misreads $clause: $says, |engine| engine.semantics.$function = $reading;)+
        }
    };
    ($($name:literal misreads $clause:literal: $says:literal, $apply:expr;)+) => {
        pub(super) const MISREADINGS: &[$crate::misreading::definition::Misreading] = &[
            $($crate::misreading::definition::Misreading {
                name: $name,
                says: $says,
                breaks: $clause,
                apply: $apply,
            }),+
        ];
    };
}

pub(super) use misreadings;
