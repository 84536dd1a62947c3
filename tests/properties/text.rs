use proptest::prelude::*;

use super::{any_ascii, any_profile, any_text};
use rulespec::kql::{eq_ci, indexof, substring};

fn count(text: &str) -> i64 {
    text.chars().count() as i64
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn two_parts_make_up_the_text(text in any_text(), at in 0..14_i64) {
        let head = substring(&text, 0, Some(at));
        prop_assert_eq!(head + &substring(&text, at, None), text);
    }

    #[test]
    fn substring_has_the_length_or_what_is_left(
        text in any_text(), start in -14..14_i64, length in -3..14_i64,
    ) {
        let part = substring(&text, start, Some(length));
        let from = if start < 0 { count(&text) + start } else { start };
        let left = if from < 0 { 0 } else { (count(&text) - from).max(0) };
        prop_assert_eq!(count(&part), length.clamp(0, left));
        prop_assert!(text.contains(&part));
    }

    #[test]
    fn a_negative_start_counts_from_the_end(text in any_text(), back in 1..14_i64) {
        let at = count(&text) - back;
        let expected = if at < 0 { String::new() } else { substring(&text, at, None) };
        prop_assert_eq!(substring(&text, -back, None), expected);
    }

    #[test]
    fn indexof_finds_the_first_occurrence(
        text in any_text(), from in 0..12_i64, length in 1..4_i64, other in any_ascii(),
    ) {
        for lookup in [substring(&text, from, Some(length)), other] {
            prop_assume!(!lookup.is_empty());
            let occurs_at = |at: &i64| substring(&text, *at, Some(count(&lookup))) == lookup;
            let first = (0..count(&text)).find(occurs_at);
            prop_assert_eq!(indexof(&text, &lookup), Some(first.unwrap_or(-1)));
        }
    }

    #[test]
    fn host_and_domain_make_up_the_name(host in "[a-z0-9-]{1,8}", domain in "[a-z.]{0,8}") {
        let name = format!("{host}.{domain}");
        let dot = indexof(&name, ".").unwrap();
        prop_assert_eq!(substring(&name, 0, Some(dot)), host);
        prop_assert_eq!(substring(&name, dot + 1, None), domain);
    }

    #[test]
    fn indexof_and_substring_are_total(
        text in any::<String>(), start in any::<i64>(), length in any::<Option<i64>>(),
    ) {
        let part = substring(&text, start, length);
        prop_assert!(count(&part) <= count(&text));
        prop_assert_eq!(indexof(&text, &part).is_none(), part.is_empty());
    }

    #[test]
    fn ascii_strings_are_compared_like_in_rust(a in any_ascii(), b in any_ascii(), profile in any_profile()) {
        prop_assert_eq!(eq_ci(&a, &b, &profile), a.eq_ignore_ascii_case(&b));
    }
}
