use proptest::collection::vec;
use proptest::prelude::*;

use super::{any_profile, string_of};
use rulespec::kql::profile::Nul;
use rulespec::kql::{Dynamic, Profile, parse_command_line};
use rulespec_testing::quote::quote;

fn split(line: &str, profile: &Profile) -> Dynamic {
    parse_command_line(line, "windows", profile).unwrap()
}

fn split_to_strings(line: &str, profile: &Profile) -> Vec<String> {
    match split(line, profile) {
        Dynamic::Null => vec![],
        Dynamic::Array(elements) => elements.iter().map(|e| e.as_str().unwrap().to_owned()).collect(),
        other => panic!("{line:?} gives {other:?}"),
    }
}

/// A line of the characters that the clauses mention, and a few others.
fn any_line() -> impl Strategy<Value = String> {
    string_of(&['a', 'b', ' ', '\t', '"', '\\', '\n', '\0', 'é', '\''])
}

fn any_argument() -> impl Strategy<Value = String> {
    string_of(&['a', ' ', '\t', '"', '\\', '\n', 'é'])
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn the_result_is_null_or_an_array_of_strings(
        line in prop_oneof![any::<String>(), any_line()], profile in any_profile(),
    ) {
        split_to_strings(&line, &profile);
    }

    #[test]
    fn only_quotes_backslashes_and_blanks_are_removed(
        line in string_of(&['a', 'b', ' ', '\t', '"', '\\', 'é']), profile in any_profile(),
    ) {
        let without_special = |text: &str| text.replace(['"', '\\', ' ', '\t'], "");
        let arguments = split_to_strings(&line, &profile).concat();
        prop_assert_eq!(without_special(&arguments), without_special(&line));
    }

    #[test]
    fn a_line_without_quotes_and_backslashes_is_split_at_blanks(
        program in "[a-z/.]{1,6}", line in string_of(&['a', 'b', ' ', '\t', '/', 'é', '\'']),
        profile in any_profile(),
    ) {
        let line = program + &line;
        let words: Vec<&str> = line.split([' ', '\t']).filter(|word| !word.is_empty()).collect();
        prop_assert_eq!(split_to_strings(&line, &profile), words);
    }

    #[test]
    fn quoting_and_splitting_is_a_round_trip(
        program in string_of(&['a', ' ', '\t', '\\', '\n', 'é']), arguments in vec(any_argument(), 0..4),
        profile in any_profile(),
    ) {
        let line = arguments.iter().fold(format!("\"{program}\""), |line, argument| line + " " + &quote(argument));
        let mut expected = vec![program];
        expected.extend(arguments);
        prop_assert_eq!(split_to_strings(&line, &profile), expected);
    }

    #[test]
    fn trailing_blanks_add_nothing(
        arguments in vec(any_argument(), 0..4), blanks in "[ \t]{1,3}", profile in any_profile(),
    ) {
        let line = arguments.iter().fold("x".to_owned(), |line, argument| line + " " + &quote(argument));
        prop_assert_eq!(split(&(line.clone() + &blanks), &profile), split(&line, &profile));
    }

    #[test]
    fn text_after_nul_is_ignored_if_nul_ends_the_line(line in any_line(), rest in any_line(), profile in any_profile()) {
        let profile = Profile { nul: Nul::Ends, ..profile };
        prop_assert_eq!(split(&format!("{line}\0{rest}"), &profile), split(&line, &profile));
    }

    #[test]
    fn another_parser_is_an_error_null_or_the_same_as_windows(
        line in any_line(), parser in "[wW]indows|posix|", profile in any_profile(),
    ) {
        let result = parse_command_line(&line, &parser, &profile);
        prop_assert!(result.is_err() || result == Ok(Dynamic::Null) || result == Ok(split(&line, &profile)));
    }
}
