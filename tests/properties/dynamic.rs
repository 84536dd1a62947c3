use proptest::collection::vec;
use proptest::prelude::*;

use super::any_json_value;
use rulespec::kql::{Dynamic, Type, element, iff, tostring};

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn a_negative_index_is_one_counted_from_the_end(elements in vec(any_json_value(), 1..6), back in 1..6_i64) {
        let count = elements.len() as i64;
        let array = Dynamic::Array(elements.clone());
        let wanted = usize::try_from(count - back).ok().map(|at| elements[at].clone());
        prop_assert_eq!(element(&array, -back), wanted.unwrap_or(Dynamic::Null));
        if back <= count {
            prop_assert_eq!(element(&array, -back), element(&array, count - back));
        }
    }

    #[test]
    fn there_are_as_many_elements_as_indices(elements in vec(Just(Dynamic::from("x")), 0..6), at in any::<i64>()) {
        let count = elements.len() as i64;
        let array = Dynamic::Array(elements);
        for at in [at, at % 8] {
            prop_assert_eq!(element(&array, at).is_null(), !(-count..count).contains(&at));
        }
    }

    #[test]
    fn a_string_as_text_is_itself(text in any::<String>()) {
        prop_assert_eq!(tostring(&Dynamic::from(text.as_str()), Type::Dynamic), text);
    }

    #[test]
    fn an_array_as_text_reads_back(elements in vec(any_json_value(), 0..4)) {
        let array = Dynamic::Array(elements);
        let json: serde_json::Value = serde_json::from_str(&tostring(&array, Type::Dynamic)).unwrap();
        prop_assert_eq!(Dynamic::from_json(&json), array);
    }

    #[test]
    fn a_whole_number_as_text_reads_back(number in any::<i64>()) {
        prop_assert_eq!(tostring(&number.into(), Type::Dynamic).parse(), Ok(number));
    }

    #[test]
    fn iff_gives_one_of_its_arguments(
        condition in any::<Option<bool>>(), then in any_json_value(), otherwise in any_json_value(),
    ) {
        let answer = iff(condition, then.clone(), otherwise.clone());
        let wanted = match condition {
            Some(true) => then,
            _ => otherwise,
        };
        prop_assert_eq!(answer, wanted);
    }

    #[test]
    fn iff_of_the_contrary_exchanges_the_branches(
        condition in any::<bool>(), then in any_json_value(), otherwise in any_json_value(),
    ) {
        let contrary = iff(Some(!condition), otherwise.clone(), then.clone());
        prop_assert_eq!(iff(Some(condition), then, otherwise), contrary);
    }

    #[test]
    fn a_value_is_what_its_json_is(value in any_json_value()) {
        prop_assert_eq!(Dynamic::from_json(&value.to_json()), value);
    }
}
