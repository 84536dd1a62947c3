use std::fmt;
use std::ops::ControlFlow;

use serde_json::Value as Json;

/// The texts of a scope that begin alike, up to a length.
///
/// Shown as the JSON string of what they begin with; where it is that text alone,
/// with `itself` behind it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Part {
    /// What they begin with.
    pub prefix: String,
    /// How many characters the longest has.
    pub length: usize,
    /// Whether it is the prefix alone, and nothing longer.
    pub alone: bool,
}

impl Part {
    /// Every text up to a length.
    pub fn all(length: usize) -> Self {
        Self::of("", length)
    }

    /// Those of them that begin so.
    pub fn of(prefix: &str, length: usize) -> Self {
        Self { prefix: prefix.to_owned(), length, alone: false }
    }

    /// What it falls into, in its order: the prefix itself, and what begins with the
    /// prefix and a character more. Empty where nothing is left to part.
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

/// Hands over the texts of a part, each before those that begin with it.
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

/// Every text up to a length.
pub(super) fn all_texts(alphabet: &str, length: usize) -> Vec<String> {
    let mut all = vec![];
    let _: ControlFlow<()> = texts(alphabet, &Part::all(length), &mut |text| {
        all.push(text.to_owned());
        ControlFlow::Continue(())
    });
    all
}
