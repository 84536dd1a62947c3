use std::fmt;
use std::ops::ControlFlow;

use serde_json::Value as Json;

/// The texts of a scope with a common prefix, up to a length.
///
/// Displayed as the prefix in JSON, followed by `itself` if the part is only that text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Part {
    /// The common prefix.
    pub prefix: String,
    /// The maximum number of characters of a text.
    pub length: usize,
    /// Whether the part is only the prefix itself.
    pub alone: bool,
}

impl Part {
    /// All texts up to a length.
    pub fn all(length: usize) -> Self {
        Self::of("", length)
    }

    /// The texts with a prefix, up to a length.
    pub fn of(prefix: &str, length: usize) -> Self {
        Self { prefix: prefix.to_owned(), length, alone: false }
    }

    /// The parts that it consists of, in order: the prefix itself, then the texts with
    /// the prefix and one more character. Empty if it is only the prefix.
    pub fn parts(&self, alphabet: &str) -> Vec<Self> {
        if self.alone {
            return vec![];
        }
        let mut parts = vec![Self { alone: true, ..self.clone() }];
        if self.prefix.chars().count() < self.length {
            parts.extend(alphabet.chars().map(|c| Self::of(&format!("{}{c}", self.prefix), self.length)));
        }
        parts
    }
}

impl fmt::Display for Part {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let alone = if self.alone { " itself" } else { "" };
        write!(f, "{}{alone}", Json::from(self.prefix.as_str()))
    }
}

/// Calls `each` with every text of a part. A text comes before the texts that begin
/// with it.
pub(super) fn texts<B>(
    alphabet: &str,
    part: &Part,
    each: &mut dyn FnMut(&str) -> ControlFlow<B>,
) -> ControlFlow<B> {
    each(&part.prefix)?;
    for longer in part.parts(alphabet).iter().skip(1) {
        texts(alphabet, longer, each)?;
    }
    ControlFlow::Continue(())
}

/// All texts up to a length.
pub(super) fn all_texts(alphabet: &str, length: usize) -> Vec<String> {
    let mut all = vec![];
    let _: ControlFlow<()> = texts(alphabet, &Part::all(length), &mut |text| {
        all.push(text.to_owned());
        ControlFlow::Continue(())
    });
    all
}
