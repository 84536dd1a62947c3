use proptest::collection::vec;
use proptest::prelude::*;

use super::fast::{MARKS, every_string};
use super::{any_profile, string_of};
use rulespec::kql::profile::Nul;
use rulespec::kql::{Dynamic, Profile, explain_command_line, parse_command_line};
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

/// Asserts that the steps of a line are the line, and give its arguments.
fn assert_explained(line: &str) {
    let steps = explain_command_line(line);
    let mut arguments: Vec<String> = vec![];
    for step in &steps {
        if let Some(argument) = step.argument {
            arguments.resize(arguments.len().max(argument + 1), String::new());
            arguments[argument] += &step.gives;
        }
    }
    assert_eq!(steps.iter().map(|step| &*step.text).collect::<String>(), line);
    assert_eq!(arguments, split_to_strings(line, &Profile::default()), "{line:?}: {steps:?}");
}

#[test]
fn every_short_command_line_is_explained_as_it_is_split() {
    let lines = every_string(&MARKS, 7);
    assert_eq!(lines.len(), 97_656);
    lines.iter().for_each(|line| assert_explained(line));
}

/// The parts of the last argument, with the clauses that decided about them.
#[test]
fn each_quote_and_backslash_has_the_clause_that_decided_about_it() {
    for (line, parts) in [
        (r#""a\\""#, &[("\"", "CMD-04"), ("a", "CMD-04"), (r"\\", "CMD-03"), ("\"", "CMD-05")][..]),
        (r#"a"\"#, &[("a", "CMD-06"), ("\"", "CMD-06"), (r"\", "CMD-03")]),
        ("\"a", &[("\"", "CMD-04"), ("a", "CMD-04"), ("", "CMD-04")]),
        (" ", &[(" ", "CMD-08")]),
        (r#"x """#, &[("\"", "CMD-11"), ("\"", "CMD-07")]),
        (r#"x ""y"#, &[("\"", "CMD-11"), ("\"", "CMD-11"), ("y", "CMD-18")]),
        (r#"x a"""#, &[("a", "CMD-18"), ("\"", "CMD-11"), ("\"", "CMD-11")]),
        (r#"x """"#, &[("\"", "CMD-11"), ("\"", "CMD-11"), ("\"", "CMD-15")]),
        (
            r#"x "a"b"c"#,
            &[
                ("\"", "CMD-11"),
                ("a", "CMD-18"),
                ("\"", "CMD-11"),
                ("b", "CMD-18"),
                ("\"", "CMD-17"),
                ("c", "CMD-18"),
                ("", "CMD-16"),
            ],
        ),
        (r#"x " ""#, &[("\"", "CMD-11"), (" ", "CMD-11"), ("\"", "CMD-11")]),
        (r"x \\a", &[(r"\\", "CMD-12"), ("a", "CMD-18")]),
        (r#"x \\""#, &[(r"\\", "CMD-13"), ("\"", "CMD-11"), ("", "CMD-16")]),
        (r#"x \\\""#, &[(r#"\\\""#, "CMD-14")]),
    ] {
        let steps = explain_command_line(line);
        let last = steps.iter().filter_map(|step| step.argument).max();
        let of_last = steps.iter().filter(|step| step.argument == last);
        let found: Vec<_> = of_last.map(|step| (&*step.text, step.clause)).collect();
        assert_eq!(found, parts, "{line}");
    }
    let between = explain_command_line("x\ty \0z");
    let found = between.iter().filter(|step| step.argument.is_none()).map(|step| (&*step.text, step.clause));
    assert_eq!(found.collect::<Vec<_>>(), [(" ", "CMD-10"), ("\0z", "CMD-02")]);
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
