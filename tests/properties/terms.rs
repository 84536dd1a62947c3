use proptest::collection::vec;
use proptest::prelude::*;

use super::{any_json_value, any_profile, any_text};
use rulespec::kql::fold;
use rulespec::kql::{Dynamic, Profile, Type, has, has_any, tostring};
use rulespec::kql::{first_occurrence, is_term_character};

/// For every position of `text`, whether it is not inside a term: whether it is an end of the
/// text, or one of its two neighbours is not a term character.
fn positions_between_terms(text: &[char]) -> Vec<bool> {
    let mut positions = vec![true; text.len() + 1];
    for (at, pair) in text.windows(2).enumerate() {
        positions[at + 1] = !pair.iter().all(|&c| is_term_character(c));
    }
    positions
}

/// Returns all occurrences that satisfy the definition of `has`: substrings that equal the
/// lookup and neither begin nor end inside a term.
fn occurrences(text: &str, lookup: &str, profile: &Profile) -> Vec<usize> {
    let is_between_terms = positions_between_terms(&text.chars().collect::<Vec<_>>());
    let (text, lookup) = (fold(text, profile), fold(lookup, profile));
    let starts = 0..(text.len() + 1).saturating_sub(lookup.len());
    let is_bounded =
        |at: usize| lookup.is_empty() || is_between_terms[at] && is_between_terms[at + lookup.len()];
    starts.filter(|&at| text[at..].starts_with(&lookup) && is_bounded(at)).collect()
}

/// A text, and a lookup that is often a part of it.
fn text_and_lookup() -> impl Strategy<Value = (String, String)> {
    let part = |(text, from, length): (String, usize, usize)| {
        let lookup = text.chars().skip(from).take(length).collect();
        (text, lookup)
    };
    prop_oneof![(any_text(), any_text()), (any_text(), 0..8_usize, 0..4_usize).prop_map(part),]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn has_agrees_with_its_definition((text, lookup) in text_and_lookup(), profile in any_profile()) {
        let occurrences = occurrences(&text, &lookup, &profile);
        prop_assert_eq!(has(&text, &lookup, &profile), !occurrences.is_empty());
        prop_assert_eq!(first_occurrence(&text, &lookup, &profile), occurrences.first().copied());
    }

    #[test]
    fn has_any_is_the_disjunction_of_has(
        text in any_text(), lookups in vec(any_json_value(), 0..4), profile in any_profile(),
    ) {
        let one = lookups.iter().map(|lookup| has(&text, &tostring(lookup, Type::Dynamic), &profile));
        prop_assert_eq!(has_any(&text, &lookups, &profile), one.into_iter().fold(false, |any, one| any | one));
    }

    #[test]
    fn has_any_ignores_order_and_repetition(
        text in any_text(), lookups in vec(any_text(), 0..4), profile in any_profile(),
    ) {
        let once: Vec<Dynamic> = lookups.iter().map(|lookup| Dynamic::from(lookup.as_str())).collect();
        let reversed_and_once: Vec<Dynamic> = once.iter().rev().chain(&once).cloned().collect();
        prop_assert_eq!(has_any(&text, &once, &profile), has_any(&text, &reversed_and_once, &profile));
    }

    #[test]
    fn has_ignores_ascii_case((text, lookup) in text_and_lookup(), profile in any_profile()) {
        let answer = has(&text, &lookup, &profile);
        prop_assert_eq!(has(&text.to_ascii_uppercase(), &lookup.to_ascii_lowercase(), &profile), answer);
        prop_assert_eq!(has(&text.to_ascii_lowercase(), &lookup.to_ascii_uppercase(), &profile), answer);
    }

    #[test]
    fn separators_around_the_text_do_not_matter(
        (text, lookup) in text_and_lookup(), profile in any_profile(),
    ) {
        let wrapped = has(&format!(";{text};"), &lookup, &profile);
        prop_assert_eq!(wrapped, has(&text, &lookup, &profile));
    }

    #[test]
    fn a_letter_next_to_a_term_hides_it(text in "[a-z]{1,5}", profile in any_profile()) {
        prop_assert!(has(&text, &text, &profile));
        let [before, after] = [format!("x{text}"), format!("{text}x")];
        prop_assert!(!has(&before, &text, &profile) && !has(&after, &text, &profile));
    }

    #[test]
    fn has_is_total_and_false_for_a_longer_lookup(text in any::<String>(), lookup in any::<String>(), profile in any_profile()) {
        prop_assert!(!has(&text, &lookup, &profile) || fold(&text, &profile).len() >= fold(&lookup, &profile).len());
    }
}
