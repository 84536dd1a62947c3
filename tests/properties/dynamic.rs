use proptest::collection::vec;
use proptest::prelude::*;

use super::any_json_value;
use rulespec::kql::{Dynamic, Type, element, iff, tostring};

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn an_index_counts_from_the_start_or_the_end(
        elements in vec(any_json_value(), 0..6), near in -8..8_i64, far in any::<i64>(),
    ) {
        let array = Dynamic::Array(elements.clone());
        for index in [near, far] {
            let from_start = if index < 0 { index.saturating_add(elements.len() as i64) } else { index };
            let expected = usize::try_from(from_start).ok().and_then(|index| elements.get(index));
            prop_assert_eq!(element(&array, index), expected.cloned().unwrap_or_default());
        }
    }

    #[test]
    fn tostring_of_a_string_is_the_string(text in any::<String>()) {
        prop_assert_eq!(tostring(&Dynamic::from(text.as_str()), Type::Dynamic), text);
    }

    #[test]
    fn tostring_of_an_array_is_its_json(elements in vec(any_json_value(), 0..4)) {
        let array = Dynamic::Array(elements);
        let json: serde_json::Value = serde_json::from_str(&tostring(&array, Type::Dynamic)).unwrap();
        prop_assert_eq!(Dynamic::from_json(&json), array);
    }

    #[test]
    fn tostring_of_an_integer_can_be_parsed(number in any::<i64>()) {
        prop_assert_eq!(tostring(&number.into(), Type::Dynamic).parse(), Ok(number));
    }

    #[test]
    fn iff_returns_one_of_its_arguments(
        condition in any::<Option<bool>>(), then in any_json_value(), otherwise in any_json_value(),
    ) {
        let result = iff(condition, then.clone(), otherwise.clone());
        prop_assert_eq!(result, if condition == Some(true) { then } else { otherwise });
    }

    #[test]
    fn a_value_survives_the_round_trip_through_json(value in any_json_value()) {
        prop_assert_eq!(Dynamic::from_json(&value.to_json()), value);
    }
}
