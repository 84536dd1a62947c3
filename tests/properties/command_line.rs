use proptest::collection::vec;
use proptest::prelude::*;

use super::{any_profile, string_of};
use rulespec::kql::profile::Nul;
use rulespec::kql::{Dynamic, Profile, parse_command_line};
use rulespec_testing::quoted::quoted;

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

/// Lines made of what the rules speak of.
fn any_line() -> impl Strategy<Value = String> {
    string_of(&['a', 'b', ' ', '\t', '"', '\\', '\n', '\0', 'é', '\''])
}

fn any_argument() -> impl Strategy<Value = String> {
    string_of(&['a', ' ', '\t', '"', '\\', '\n', 'é'])
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn any_string_has_an_answer(line in any::<String>(), profile in any_profile()) {
        split_to_strings(&line, &profile);
    }

    #[test]
    fn the_answer_is_null_or_an_array_of_strings(line in any_line(), profile in any_profile()) {
        split_to_strings(&line, &profile);
    }

    #[test]
    fn nothing_but_quotes_backslashes_and_blanks_is_lost(
        line in string_of(&['a', 'b', ' ', '\t', '"', '\\', 'é']), profile in any_profile(),
    ) {
        let ordinary = |text: &str| text.replace(['"', '\\', ' ', '\t'], "");
        prop_assert_eq!(ordinary(&split_to_strings(&line, &profile).concat()), ordinary(&line));
    }

    #[test]
    fn a_plain_line_is_split_on_blanks(
        program in "[a-z/.]{1,6}", line in string_of(&['a', 'b', ' ', '\t', '/', 'é', '\'']),
        profile in any_profile(),
    ) {
        let line = program + &line;
        let words: Vec<&str> = line.split([' ', '\t']).filter(|word| !word.is_empty()).collect();
        prop_assert_eq!(split_to_strings(&line, &profile), words);
    }

    #[test]
    fn what_is_quoted_is_split_as_it_was(
        program in string_of(&['a', ' ', '\t', '\\', '\n', 'é']), arguments in vec(any_argument(), 0..4),
        profile in any_profile(),
    ) {
        let line = arguments.iter().fold(format!("\"{program}\""), |line, argument| line + " " + &quoted(argument));
        let mut wanted = vec![program];
        wanted.extend(arguments);
        prop_assert_eq!(split_to_strings(&line, &profile), wanted);
    }

    #[test]
    fn blanks_at_the_end_add_nothing(
        arguments in vec(any_argument(), 0..4), blanks in "[ \t]{1,3}", profile in any_profile(),
    ) {
        let line = arguments.iter().fold("x".to_owned(), |line, argument| line + " " + &quoted(argument));
        prop_assert_eq!(split(&(line.clone() + &blanks), &profile), split(&line, &profile));
    }

    #[test]
    fn what_follows_nul_is_not_read(line in any_line(), rest in any_line(), profile in any_profile()) {
        let profile = Profile { nul: Nul::Ends, ..profile };
        prop_assert_eq!(split(&format!("{line}\0{rest}"), &profile), split(&line, &profile));
    }

    #[test]
    fn a_parser_is_refused_or_null_or_the_same(
        line in any_line(), parser in "[wW]indows|posix|", profile in any_profile(),
    ) {
        let answer = parse_command_line(&line, &parser, &profile);
        let same = split(&line, &profile);
        prop_assert!(answer.is_err() || answer == Ok(Dynamic::Null) || answer == Ok(same));
    }
}
