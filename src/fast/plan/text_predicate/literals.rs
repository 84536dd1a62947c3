//! The literals that a test asks for.

use regex_syntax::ParserBuilder;
use regex_syntax::hir::{Class, Hir, HirKind};

use super::Kind;
use crate::fast::folding::fold;
use crate::fast::literals::Literals;

/// Literals, one of which each text that passes has, in any case. `None` if none are known.
pub(super) fn of_kind(kind: &Kind) -> Option<Literals> {
    match kind {
        Kind::Terms(terms) => Literals::new(terms.lookups()),
        Kind::Word(word) => Literals::new([word.text()]),
        Kind::Equal(words) => Literals::new(words.texts()),
        Kind::AllTerms(all) => Literals::new(all.iter().max_by_key(|term| term.min_text_len())?.lookups()),
        Kind::Contains(finder) => Literals::exact(finder),
        Kind::Regex(regex) => {
            let mut parser = ParserBuilder::new().octal(true).build();
            Literals::new(of_regex(&parser.parse(regex.as_str()).ok()?))
        }
        Kind::StartsWith(..) | Kind::EndsWith(..) | Kind::Cased(..) => None,
    }
}

/// Literals, one of which each match has. There are none if none are known.
fn of_regex(regex: &Hir) -> Vec<String> {
    match regex.kind() {
        HirKind::Capture(capture) => of_regex(&capture.sub),
        HirKind::Repetition(repetition) if repetition.min > 0 => of_regex(&repetition.sub),
        HirKind::Alternation(alternatives) => {
            let literals: Vec<Vec<String>> = alternatives.iter().map(of_regex).collect();
            if literals.iter().any(Vec::is_empty) { vec![] } else { literals.concat() }
        }
        HirKind::Concat(parts) => best(parts),
        _ => literal(regex).into_iter().collect(),
    }
}

/// Of the literals of parts that follow each other, those of which the shortest is the longest.
fn best(parts: &[Hir]) -> Vec<String> {
    let mut all = vec![];
    let mut run = String::new();
    for part in parts {
        match literal(part) {
            Some(literal) => run.push_str(&literal),
            None => all.extend([vec![std::mem::take(&mut run)], of_regex(part)]),
        }
    }
    all.push(vec![run]);
    let shortest = |literals: &Vec<String>| literals.iter().map(String::len).min().unwrap_or_default();
    all.into_iter().max_by_key(shortest).unwrap_or_default()
}

/// The text that a literal is, or the letter whose forms the characters of a class are.
fn literal(regex: &Hir) -> Option<String> {
    match regex.kind() {
        HirKind::Literal(literal) => String::from_utf8(literal.0.to_vec()).ok(),
        HirKind::Class(Class::Unicode(class)) => {
            let ranges = class.ranges();
            let first = fold(ranges.first()?.start());
            // A letter has fewer forms than this.
            let are_few = ranges.len() < 8 && ranges.iter().all(|range| range.len() < 8);
            let mut characters = ranges.iter().flat_map(|range| range.start()..=range.end());
            (are_few && characters.all(|c| fold(c) == first)).then(|| first.to_string())
        }
        _ => None,
    }
}
