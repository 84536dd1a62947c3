//! Engines that are wrong in one way: what people take a clause for.
//!
//! Each is the reference with a function or a stage of the rule exchanged. They
//! show that the vectors notice, and they explain what an engine gets wrong.

/// Declares the misreadings of a chapter, each by the one function it exchanges.
macro_rules! misreadings {
    ($($name:literal misreads $clause:literal: $says:literal, $function:ident = $reading:expr;)+) => {
        pub(super) const MISREADINGS: &[super::Misreading] = &[$(super::Misreading {
            name: $name,
            says: $says,
            breaks: $clause,
            apply: |engine| engine.semantics.$function = $reading,
        }),+];
    };
}

mod command_line;
mod departures;
mod dynamic;
mod explain;
mod rule;
mod table;
mod terms;
mod text;
mod tokeniser;

use std::sync::LazyLock;

use crate::engine::Reference;

pub use explain::explanations;

/// One way to take a clause for something else.
#[derive(Debug, Clone, Copy)]
pub struct Misreading {
    /// Its name, in kebab case.
    pub name: &'static str,
    /// What it takes the clause for, in one sentence.
    pub says: &'static str,
    /// The id of the clause that it breaks.
    pub breaks: &'static str,
    apply: fn(&mut Reference),
}

impl Misreading {
    /// An engine that misreads this clause and answers as the reference does
    /// otherwise.
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

    /// Makes an engine misread this clause too. Where the engine has misread the
    /// same function before, this misreading takes the other's place.
    pub fn apply(&self, engine: &mut Reference) {
        (self.apply)(engine);
    }
}

/// Every misreading, in the order of the chapters.
pub fn all() -> &'static [Misreading] {
    static ALL: LazyLock<Vec<Misreading>> = LazyLock::new(|| {
        [
            command_line::MISREADINGS,
            text::MISREADINGS,
            terms::MISREADINGS,
            dynamic::MISREADINGS,
            table::MISREADINGS,
            rule::MISREADINGS,
        ]
        .concat()
    });
    &ALL
}

/// The misreading of this name.
pub fn named(name: &str) -> Option<&'static Misreading> {
    all().iter().find(|misreading| misreading.name == name)
}
