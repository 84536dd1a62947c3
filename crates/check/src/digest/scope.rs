use std::ops::{ControlFlow, RangeInclusive};

use serde_json::{Value as Json, json};

use super::texts::{Part, all_texts, texts};
use rulespec::Function;

/// The longest texts that a scope is asked for; beyond, nobody would see the end.
pub const LONGEST: usize = 12;

/// Questions to one function: every text over an alphabet up to a length, with
/// everything that stands beside a text.
#[derive(Debug)]
pub struct Scope {
    /// The function.
    pub function: Function,
    /// The characters of the texts, in their order.
    pub alphabet: &'static str,
    /// The lengths whose hashes the specification has.
    pub lengths: RangeInclusive<usize>,
    /// Whether a text is asked about at all.
    asks: fn(&str) -> bool,
    /// What stands beside each text, where texts have at most so many characters.
    beside: fn(usize) -> Vec<Vec<Json>>,
    /// The arguments: a text and what stands beside it.
    args: fn(&str, &[Json]) -> Vec<Json>,
}

impl Scope {
    /// The length that is asked where none is named: the longest of those in the
    /// specification.
    pub fn usual_length(&self) -> usize {
        *self.lengths.end()
    }

    /// Whether a text is over the alphabet.
    pub fn is_over(&self, text: &str) -> bool {
        text.chars().all(|c| self.alphabet.contains(c))
    }

    /// How many questions a part has at most.
    pub fn count(&self, part: &Part) -> usize {
        let longer = if part.alone { 0 } else { part.length.saturating_sub(part.prefix.chars().count()) };
        let characters = self.alphabet.chars().count();
        let texts = (0..longer).fold(1_usize, |texts, _| texts.saturating_mul(characters).saturating_add(1));
        texts.saturating_mul((self.beside)(part.length).len())
    }

    /// Hands over the arguments of every question of a part, in their order.
    pub(super) fn questions<B>(
        &self,
        part: &Part,
        each: &mut dyn FnMut(Vec<Json>) -> ControlFlow<B>,
    ) -> ControlFlow<B> {
        let beside = (self.beside)(part.length);
        let mut ask = |text: &str| match (self.asks)(text) {
            true => beside.iter().try_for_each(|beside| each((self.args)(text, beside))),
            false => ControlFlow::Continue(()),
        };
        if part.alone { ask(&part.prefix) } else { texts(self.alphabet, part, &mut ask) }
    }
}

/// The scope of a function, where it has one.
pub fn scope(function: Function) -> Option<&'static Scope> {
    SCOPES.iter().find(|scope| scope.function == function)
}

/// Every scope, as `spec/digests.md` tells them.
pub const SCOPES: &[Scope] = &[
    Scope {
        function: Function::ParseCommandLine,
        alphabet: "a \t\"\\",
        lengths: 5..=8,
        asks: |line| line.chars().any(|c| c != ' ' && c != '\t'),
        beside: |_| vec![vec![json!("windows")]],
        args: text_first,
    },
    Scope {
        function: Function::EqCi,
        alphabet: "aA@`éÉ",
        lengths: 2..=4,
        asks: every,
        beside: |length| each_alone(all_texts("aA@`éÉ", length)),
        args: text_first,
    },
    Scope {
        function: Function::IndexOf,
        alphabet: "abA",
        lengths: 5..=8,
        asks: every,
        beside: |_| each_alone(all_texts("abA", 3).into_iter().skip(1)),
        args: text_first,
    },
    Scope {
        function: Function::Substring,
        alphabet: "ab",
        lengths: 4..=7,
        asks: every,
        beside: starts_and_lengths,
        args: text_first,
    },
    Scope {
        function: Function::Has,
        alphabet: "aA7_éÉ",
        lengths: 3..=4,
        asks: every,
        beside: |_| each_alone(all_texts("aA7_éÉ", 4)),
        args: text_first,
    },
    Scope {
        function: Function::HasAny,
        alphabet: "aA_éÉ",
        lengths: 3..=5,
        asks: every,
        beside: |_| each_alone(up_to_two(&all_texts("aA_éÉ", 2))),
        args: text_first,
    },
    Scope {
        function: Function::Element,
        alphabet: "ab",
        lengths: 2..=6,
        asks: every,
        beside: |length| each_alone(around(length)),
        args: |text, beside| [&[characters(text)], beside].concat(),
    },
    Scope {
        function: Function::ToString,
        alphabet: "a\"\\ é",
        lengths: 3..=6,
        asks: every,
        beside: |_| vec![vec![]],
        args: |text, _| vec![characters(text)],
    },
    Scope {
        function: Function::Iff,
        alphabet: "ab",
        lengths: 2..=3,
        asks: every,
        beside: |length| {
            let others = all_texts("ab", length);
            [true, false]
                .iter()
                .flat_map(|truth| others.iter().map(move |o| vec![json!(truth), json!(o)]))
                .collect()
        },
        args: |text, beside| [&beside[..1], &[json!(text)], &beside[1..]].concat(),
    },
];

fn every(_: &str) -> bool {
    true
}

fn text_first(text: &str, beside: &[Json]) -> Vec<Json> {
    [&[json!(text)], beside].concat()
}

fn each_alone<J: Into<Json>>(arguments: impl IntoIterator<Item = J>) -> Vec<Vec<Json>> {
    arguments.into_iter().map(|argument| vec![argument.into()]).collect()
}

/// The array of a text's characters.
fn characters(text: &str) -> Json {
    text.chars().map(String::from).collect()
}

/// The numbers from one before the first place of so many, counted from the end, to
/// one behind the last.
fn around(length: usize) -> RangeInclusive<i64> {
    let length = length as i64;
    -length - 1..=length + 1
}

/// Every start with no length, then with every length.
fn starts_and_lengths(length: usize) -> Vec<Vec<Json>> {
    let lengths = || (-1..=length as i64 + 1).map(Some);
    let of = |start: i64| {
        let with = move |length: Option<i64>| [start].into_iter().chain(length).map(Json::from).collect();
        [None].into_iter().chain(lengths()).map(with)
    };
    around(length).flat_map(of).collect()
}

/// Every array of none, one or two of these.
fn up_to_two(of: &[String]) -> Vec<Json> {
    let from = |first: &String| {
        let pairs = of.iter().map(|second| json!([first, second])).collect::<Vec<_>>();
        [vec![json!([first])], pairs].concat()
    };
    [vec![json!([])], of.iter().flat_map(from).collect()].concat()
}
