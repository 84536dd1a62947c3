use std::ops::{ControlFlow, RangeInclusive};

use serde_json::{Value as Json, json};

use super::texts::{Part, all_texts, texts};
use rulespec::Function;

/// The maximum length of texts. Longer ones would take too long.
pub const MAX_LENGTH: usize = 12;

/// Questions about one function: every text over an alphabet up to a length, combined
/// with every choice of the other arguments.
#[derive(Debug)]
pub struct Scope {
    /// The function.
    pub function: Function,
    /// The characters of the texts, in order.
    pub alphabet: &'static str,
    /// The lengths whose hashes the specification lists.
    pub lengths: RangeInclusive<usize>,
    /// Whether a text is included.
    includes: fn(&str) -> bool,
    /// All choices of the other arguments, given the maximum length of the texts.
    others: fn(usize) -> Vec<Vec<Json>>,
    /// The arguments, from a text and the other arguments.
    args: fn(&str, &[Json]) -> Vec<Json>,
}

impl Scope {
    /// The length by default: the longest in the specification.
    pub fn default_length(&self) -> usize {
        *self.lengths.end()
    }

    /// Whether every character of a text is in the alphabet.
    pub fn is_over(&self, text: &str) -> bool {
        text.chars().all(|c| self.alphabet.contains(c))
    }

    /// An upper bound for the number of questions of a part.
    pub fn count(&self, part: &Part) -> usize {
        let longer = if part.alone { 0 } else { part.length.saturating_sub(part.prefix.chars().count()) };
        let characters = self.alphabet.chars().count();
        let texts = (0..longer).fold(1_usize, |texts, _| texts.saturating_mul(characters).saturating_add(1));
        texts.saturating_mul((self.others)(part.length).len())
    }

    /// Calls `each` with the arguments of every question of a part, in order.
    pub(super) fn questions<B>(
        &self,
        part: &Part,
        each: &mut dyn FnMut(Vec<Json>) -> ControlFlow<B>,
    ) -> ControlFlow<B> {
        let others = (self.others)(part.length);
        let mut ask = |text: &str| match (self.includes)(text) {
            true => others.iter().try_for_each(|others| each((self.args)(text, others))),
            false => ControlFlow::Continue(()),
        };
        if part.alone { ask(&part.prefix) } else { texts(self.alphabet, part, &mut ask) }
    }
}

/// The scope of a function, if it has one.
pub fn scope(function: Function) -> Option<&'static Scope> {
    SCOPES.iter().find(|scope| scope.function == function)
}

/// All scopes, as defined in `spec/digests.md`.
pub const SCOPES: &[Scope] = &[
    Scope {
        function: Function::ParseCommandLine,
        alphabet: "a \t\"\\",
        lengths: 5..=8,
        includes: |line| line.chars().any(|c| c != ' ' && c != '\t'),
        others: |_| vec![vec![json!("windows")]],
        args: text_first,
    },
    Scope {
        function: Function::EqCi,
        alphabet: "aA@`éÉ",
        lengths: 2..=4,
        includes: every,
        others: |length| each_alone(all_texts("aA@`éÉ", length)),
        args: text_first,
    },
    Scope {
        function: Function::IndexOf,
        alphabet: "abA",
        lengths: 5..=8,
        includes: every,
        others: |_| each_alone(all_texts("abA", 3).into_iter().skip(1)),
        args: text_first,
    },
    Scope {
        function: Function::Substring,
        alphabet: "ab",
        lengths: 4..=7,
        includes: every,
        others: starts_and_lengths,
        args: text_first,
    },
    Scope {
        function: Function::Has,
        alphabet: "aA7_éÉ",
        lengths: 3..=4,
        includes: every,
        others: |_| each_alone(all_texts("aA7_éÉ", 4)),
        args: text_first,
    },
    Scope {
        function: Function::HasAny,
        alphabet: "aA_éÉ",
        lengths: 3..=5,
        includes: every,
        others: |_| each_alone(up_to_two(&all_texts("aA_éÉ", 2))),
        args: text_first,
    },
    Scope {
        function: Function::Element,
        alphabet: "ab",
        lengths: 2..=6,
        includes: every,
        others: |length| each_alone(around(length)),
        args: |text, others| [&[characters(text)], others].concat(),
    },
    Scope {
        function: Function::ToString,
        alphabet: "a\"\\ é",
        lengths: 3..=6,
        includes: every,
        others: |_| vec![vec![]],
        args: |text, _| vec![characters(text)],
    },
    Scope {
        function: Function::Iff,
        alphabet: "ab",
        lengths: 2..=3,
        includes: every,
        others: |length| {
            let texts = all_texts("ab", length);
            let with = |condition| texts.iter().map(move |text| vec![json!(condition), json!(text)]);
            with(true).chain(with(false)).collect()
        },
        args: |text, others| [&others[..1], &[json!(text)], &others[1..]].concat(),
    },
];

fn every(_: &str) -> bool {
    true
}

fn text_first(text: &str, others: &[Json]) -> Vec<Json> {
    [&[json!(text)], others].concat()
}

fn each_alone<J: Into<Json>>(arguments: impl IntoIterator<Item = J>) -> Vec<Vec<Json>> {
    arguments.into_iter().map(|argument| vec![argument.into()]).collect()
}

/// The array of a text's characters.
fn characters(text: &str) -> Json {
    text.chars().map(String::from).collect()
}

/// The indexes into a text of this length, negative ones too, and one more at both ends.
fn around(length: usize) -> RangeInclusive<i64> {
    let length = length as i64;
    -length - 1..=length + 1
}

/// Every start: first without a length, then with every length.
fn starts_and_lengths(length: usize) -> Vec<Vec<Json>> {
    let lengths = -1..=length as i64 + 1;
    let mut others = vec![];
    for start in around(length) {
        others.push(vec![start.into()]);
        others.extend(lengths.clone().map(|length| vec![start.into(), length.into()]));
    }
    others
}

/// The empty array, and for each text the array of it, followed by its pairs.
fn up_to_two(texts: &[String]) -> Vec<Json> {
    let mut arrays = vec![json!([])];
    for first in texts {
        arrays.push(json!([first]));
        arrays.extend(texts.iter().map(|second| json!([first, second])));
    }
    arrays
}
