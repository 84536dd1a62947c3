//! Texts that a regular expression matches.

use regex_syntax::hir::{Class, Hir, HirKind};

/// How many texts are made of one pattern.
const MAX_SAMPLES: usize = 12;
/// The most repetitions that are written out.
const MAX_REPEATED: u32 = 50;

/// Whether a function takes a regular expression.
pub(super) fn takes_pattern(function: &str) -> bool {
    function.contains("regex") || function.starts_with("extract") || function.starts_with("trim")
}

/// Some texts that a pattern matches, the shortest ones first in each alternation. None if it is no
/// pattern.
pub(super) fn samples(pattern: &str) -> Vec<String> {
    regex_syntax::parse(pattern).map_or_else(|_| vec![pattern.to_owned()], |hir| of(&hir))
}

fn of(hir: &Hir) -> Vec<String> {
    match hir.kind() {
        HirKind::Empty | HirKind::Look(_) => vec![String::new()],
        HirKind::Literal(literal) => vec![String::from_utf8_lossy(&literal.0).into_owned()],
        HirKind::Class(class) => one_of(class),
        HirKind::Repetition(repetition) => {
            let min = repetition.min.min(MAX_REPEATED);
            let more = repetition.max.is_none_or(|max| max > repetition.min);
            let counts = [min].into_iter().chain(more.then_some(min + 1));
            let samples = of(&repetition.sub);
            counts.flat_map(|count| samples.iter().map(move |text| text.repeat(count as usize))).collect()
        }
        HirKind::Capture(capture) => of(&capture.sub),
        HirKind::Concat(parts) => parts.iter().map(of).fold(vec![String::new()], |before, after| {
            let pairs = before.iter().flat_map(|a| after.iter().map(move |b| format!("{a}{b}")));
            pairs.take(MAX_SAMPLES).collect()
        }),
        HirKind::Alternation(branches) => {
            branches.iter().flat_map(|branch| of(branch).into_iter().take(2)).take(MAX_SAMPLES).collect()
        }
    }
}

/// A character of a class: a letter if there is one, or a digit, or else its first.
fn one_of(class: &Class) -> Vec<String> {
    let has = |wanted: char| match class {
        Class::Unicode(class) => {
            class.ranges().iter().any(|range| (range.start()..=range.end()).contains(&wanted))
        }
        Class::Bytes(class) => {
            class.ranges().iter().any(|range| (range.start()..=range.end()).contains(&(wanted as u8)))
        }
    };
    let first = match class {
        Class::Unicode(class) => class.ranges().first().map(|range| range.start()),
        Class::Bytes(class) => class.ranges().first().map(|range| char::from(range.start())),
    };
    let known = ['a', 'A', '0', ' ', '.'].into_iter().filter(|c| has(*c)).take(2);
    let mut characters: Vec<String> = known.map(String::from).collect();
    if characters.is_empty() {
        characters.extend(first.map(String::from));
    }
    characters
}
