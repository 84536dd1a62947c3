use proptest::collection::vec;
use proptest::prelude::*;

use super::{any_json_value, any_profile, any_text};
use rulespec::kql::terms::{first_occurrence, is_term_character};
use rulespec::kql::text::fold;
use rulespec::kql::{Dynamic, Profile, Type, has, has_any, tostring};

/// The places where `text` may be cut without cutting a term: those between two
/// characters of which one is no term character, and the two ends.
fn places_between_terms(text: &[char]) -> Vec<bool> {
    let mut places = vec![true; text.len() + 1];
    for (at, pair) in text.windows(2).enumerate() {
        places[at + 1] = !pair.iter().all(|&c| is_term_character(c));
    }
    places
}

/// All occurrences that `has` counts, by the definition: stretches of the text
/// that equal the lookup and are cut out between terms.
fn occurrences(text: &str, lookup: &str, profile: &Profile) -> Vec<usize> {
    let free = places_between_terms(&text.chars().collect::<Vec<_>>());
    let (text, lookup) = (fold(text, profile), fold(lookup, profile));
    if lookup.is_empty() {
        return (0..=text.len()).collect();
    }
    let stretches = text.windows(lookup.len()).enumerate();
    let cut_out =
        stretches.filter(|(at, stretch)| *stretch == &lookup[..] && free[*at] && free[*at + lookup.len()]);
    cut_out.map(|(at, _)| at).collect()
}

/// A text and a lookup that is often a part of it.
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
    fn has_is_its_definition_by_enumeration((text, lookup) in text_and_lookup(), profile in any_profile()) {
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
    fn has_any_minds_no_order_and_no_repetition(
        text in any_text(), lookups in vec(any_text(), 0..4), profile in any_profile(),
    ) {
        let there: Vec<Dynamic> = lookups.iter().map(|lookup| Dynamic::from(lookup.as_str())).collect();
        let and_back: Vec<Dynamic> = there.iter().chain(there.iter().rev()).cloned().collect();
        prop_assert_eq!(has_any(&text, &there, &profile), has_any(&text, &and_back, &profile));
    }

    #[test]
    fn has_minds_no_ascii_case((text, lookup) in text_and_lookup(), profile in any_profile()) {
        let answer = has(&text, &lookup, &profile);
        prop_assert_eq!(has(&text.to_ascii_uppercase(), &lookup.to_ascii_lowercase(), &profile), answer);
        prop_assert_eq!(has(&text.to_ascii_lowercase(), &lookup.to_ascii_uppercase(), &profile), answer);
    }

    #[test]
    fn separators_around_the_text_change_nothing_but_for_separators(
        (text, lookup) in text_and_lookup(), profile in any_profile(),
    ) {
        let wrapped = has(&format!(";{text};"), &lookup, &profile);
        prop_assert_eq!(wrapped, has(&text, &lookup, &profile));
    }

    #[test]
    fn a_letter_in_front_of_a_term_hides_it(text in "[a-z]{1,5}", profile in any_profile()) {
        prop_assert!(has(&text, &text, &profile));
        let before = format!("x{text}");
        let behind = format!("{text}x");
        prop_assert!(!has(&before, &text, &profile) && !has(&behind, &text, &profile));
    }

    #[test]
    fn any_strings_have_an_answer(text in any::<String>(), lookup in any::<String>(), profile in any_profile()) {
        prop_assert!(!has(&text, &lookup, &profile) || fold(&text, &profile).len() >= fold(&lookup, &profile).len());
    }
}
