//! Laws of `=~`, `has` and `has_any`.

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;

use super::any_profile;
use rulespec::kql::{Dynamic, Profile, eq_ci, fold, has, has_any};

/// A text so short that two of them are often equal, apart from case.
fn text() -> impl Strategy<Value = String> {
    let characters = &['a', 'A', 'b', 's', 'ſ', '1', '_', '/', ' ', 'é', 'É', 'σ', 'ς', 'İ', '😀'];
    vec(select(&characters[..]), 0..5).prop_map(String::from_iter)
}

fn has_any_of(text: &str, lookups: &[&str], profile: &Profile) -> bool {
    let lookups: Vec<Dynamic> = lookups.iter().map(|lookup| Dynamic::from(*lookup)).collect();
    has_any(text, &lookups, profile)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn equality_is_an_equivalence(a in text(), b in text(), c in text(), profile in any_profile()) {
        let equal = |a: &str, b: &str| eq_ci(a, b, &profile);
        prop_assert!(equal(&a, &a));
        prop_assert_eq!(equal(&a, &b), equal(&b, &a));
        prop_assert!(!(equal(&a, &b) && equal(&b, &c)) || equal(&a, &c));
    }

    #[test]
    fn equality_ignores_ascii_case(a in text(), profile in any_profile()) {
        prop_assert!(eq_ci(&a.to_ascii_uppercase(), &a.to_ascii_lowercase(), &profile));
    }

    #[test]
    fn a_text_with_a_suffix_is_not_equal_to_the_text(a in text(), suffix in text(), profile in any_profile()) {
        prop_assume!(!suffix.is_empty());
        prop_assert!(!eq_ci(&(a.clone() + &suffix), &a, &profile));
    }

    #[test]
    fn a_text_has_itself_its_equals_and_the_empty_text(a in text(), b in text(), profile in any_profile()) {
        prop_assert!(has(&a, &a, &profile) && has(&a, "", &profile));
        prop_assert!(!eq_ci(&a, &b, &profile) || has(&a, &b, &profile));
    }

    #[test]
    fn if_a_text_has_a_lookup_it_contains_the_lookup(a in text(), b in text(), profile in any_profile()) {
        let folded = |text: &str| fold(text, &profile).into_iter().collect::<String>();
        prop_assert!(!has(&a, &b, &profile) || folded(&a).contains(&folded(&b)));
    }

    #[test]
    fn a_text_between_separators_is_found(a in text(), b in text(), c in text(), profile in any_profile()) {
        let text = format!("{a}|{b}|{c}");
        prop_assert!(has(&text, &b, &profile));
    }

    #[test]
    fn has_any_of_one_is_has_and_another_lookup_only_adds(
        a in text(), b in text(), c in text(), profile in any_profile(),
    ) {
        prop_assert_eq!(has_any_of(&a, &[&b], &profile), has(&a, &b, &profile));
        prop_assert!(!has_any_of(&a, &[&b], &profile) || has_any_of(&a, &[&c, &b], &profile));
    }
}
