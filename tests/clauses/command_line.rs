//! The clauses of chapter 10.

use rulespec::kql::profile::*;
use rulespec::kql::{Dynamic, ErrorKind, Profile, parse_command_line};

fn parse(line: &str) -> Vec<String> {
    parse_under(line, Profile::default())
}

fn parse_under(line: &str, profile: Profile) -> Vec<String> {
    match parse_command_line(line, "windows", &profile).unwrap() {
        Dynamic::Array(elements) => {
            elements.iter().map(|element| element.as_str().unwrap().to_owned()).collect()
        }
        other => panic!("{line:?} gives {other:?}"),
    }
}

#[test]
fn cmd_01_the_result_is_the_program_name_and_each_argument_in_order() {
    let result = parse_command_line("bitsadmin /list 7", "windows", &Profile::default());
    assert_eq!(result, Ok(Dynamic::strings(["bitsadmin", "/list", "7"])));
    assert_eq!(parse("one"), ["one"]);
    assert_eq!(parse("b a b a"), ["b", "a", "b", "a"]);
}

#[test]
fn cmd_02_nul_ends_the_line_or_is_an_ordinary_character() {
    let ordinary = Profile { nul: Nul::Ordinary, ..Profile::default() };
    assert_eq!(parse("x y\0z w\0"), ["x", "y"]);
    assert_eq!(parse_under("x y\0z w\0", ordinary), ["x", "y\0z", "w\0"]);
    assert_eq!(parse("\"x\0\" y"), ["x"]);
    assert_eq!(parse_under("\0 y", ordinary), ["\0", "y"]);
    assert_eq!(parse_command_line("\0 y", "windows", &Profile::default()), Ok(Dynamic::Array(vec![])));
    assert_eq!(parse(" \0y"), [""]);
}

#[test]
fn cmd_03_a_backslash_is_ordinary_in_the_program_name() {
    assert_eq!(parse(r#""C:\dir\" next"#), [r"C:\dir\", "next"]);
    assert_eq!(parse(r#"\\"a b"#), [r#"\\"a"#, "b"]);
    assert_eq!(parse(r#"a\\\" b"#), [r#"a\\\""#, "b"]);
    assert_eq!(parse(r#""\\\\" b"#), [r"\\\\", "b"]);
}

#[test]
fn cmd_04_a_quoted_program_name_runs_to_the_next_quote() {
    assert_eq!(parse(r#""one two" three"#), ["one two", "three"]);
    assert_eq!(parse(r#""one two"#), ["one two"]);
    assert_eq!(parse("\"\ta\n\" b"), ["\ta\n", "b"]);
    assert_eq!(parse(r#""" b"#), ["", "b"]);
    assert_eq!(parse(r#"""#), [""]);
}

#[test]
fn cmd_05_text_after_the_closing_quote_is_arguments() {
    assert_eq!(parse(r#""one"two three"#), ["one", "two", "three"]);
    assert_eq!(parse(r#""one""two three""#), ["one", "two three"]);
    assert_eq!(parse(r#""one"\\"two three""#), ["one", r"\two three"]);
    assert_eq!(parse("\"one\"\n"), ["one", "\n"]);
    assert_eq!(parse(r#""one""""#), ["one", ""]);
}

#[test]
fn cmd_06_any_other_program_name_ends_at_a_control_character_or_blank() {
    for end in '\u{1}'..='\u{20}' {
        assert_eq!(parse(&format!("one{end}two")), ["one", "two"], "{end:?}");
    }
    for kept in ['!', '"', '\u{7f}', '\u{80}', '\u{a0}', '\u{2028}'] {
        assert_eq!(parse(&format!("one{kept}two")), [format!("one{kept}two")], "{kept:?}");
    }
    assert_eq!(parse("one\n two"), ["one", "two"]);
    assert_eq!(parse("one\n\n two"), ["one", "\n", "two"]);
    assert_eq!(parse(r#"o"ne tw"o"#), [r#"o"ne"#, "two"]);
}

#[test]
fn cmd_07_an_empty_pair_of_quotes_is_an_argument() {
    assert_eq!(parse(r#"x "" y "" """#), ["x", "", "y", "", ""]);
    assert_eq!(parse("x\t\"\""), ["x", ""]);
}

#[test]
fn cmd_08_after_a_leading_blank_the_program_name_is_empty() {
    assert_eq!(parse(" one"), ["", "one"]);
    assert_eq!(parse("\t \tone two"), ["", "one", "two"]);
    assert_eq!(parse(r#" "one two"three"#), ["", "one twothree"]);
}

#[test]
fn cmd_09_only_space_and_tab_separate_arguments() {
    assert_eq!(parse("x one \t\t two\tthree"), ["x", "one", "two", "three"]);
    for kept in ('\u{1}'..'\u{20}').filter(|&c| c != '\t').chain(['\u{85}', '\u{a0}', '\u{2028}', '\u{3000}'])
    {
        assert_eq!(parse(&format!("x a{kept}b")), ["x".to_owned(), format!("a{kept}b")], "{kept:?}");
        assert_eq!(parse(&format!("x {kept}")), ["x".to_owned(), kept.to_string()], "{kept:?}");
    }
}

#[test]
fn cmd_10_trailing_blanks_add_no_argument() {
    assert_eq!(parse("x "), ["x"]);
    assert_eq!(parse("x one \t \t"), ["x", "one"]);
    assert_eq!(parse(r#"x "" "#), ["x", ""]);
}

#[test]
fn cmd_11_quotes_open_and_close_anywhere_in_an_argument() {
    assert_eq!(parse(r#"x "one two""#), ["x", "one two"]);
    assert_eq!(parse(r#"x o"ne t"wo three"#), ["x", "one two", "three"]);
    assert_eq!(parse(r#"x "one two"three"four five""#), ["x", "one twothreefour five"]);
    assert_eq!(parse("x \" \t \""), ["x", " \t "]);
}

#[test]
fn cmd_12_backslashes_not_followed_by_a_quote_are_kept() {
    for count in 1..6 {
        let run = "\\".repeat(count);
        assert_eq!(parse(&format!("x {run}")), ["x", &run]);
        assert_eq!(parse(&format!("x a{run}b {run}c")), ["x", &format!("a{run}b"), &format!("{run}c")]);
        assert_eq!(parse(&format!("x \"a{run} b\"")), ["x", &format!("a{run} b")]);
    }
}

#[test]
fn cmd_13_an_even_run_before_a_quote_is_halved_and_the_quote_opens_or_closes() {
    for half in 1..4 {
        let (run, left) = ("\\".repeat(2 * half), "\\".repeat(half));
        assert_eq!(parse(&format!("x {run}\"a b\" c")), ["x", &format!("{left}a b"), "c"]);
        assert_eq!(parse(&format!("x \"a b{run}\" c")), ["x", &format!("a b{left}"), "c"]);
    }
}

#[test]
fn cmd_14_an_odd_run_before_a_quote_is_halved_and_the_quote_is_text() {
    for half in 0..4 {
        let (run, left) = ("\\".repeat(2 * half + 1), "\\".repeat(half));
        assert_eq!(parse(&format!("x {run}\"a b")), ["x", &format!("{left}\"a"), "b"]);
        assert_eq!(parse(&format!("x \"a{run}\" b\" c")), ["x", &format!("a{left}\" b"), "c"]);
    }
}

#[test]
fn cmd_15_a_quote_after_a_closing_quote_is_text_and_the_rest_is_unquoted() {
    let from_outside = [("", false), ("", true), ("", false), ("\"", false), ("\"", true), ("\"", false)];
    for (count, (text, inside)) in from_outside.into_iter().enumerate() {
        let line = format!("x a{} b", "\"".repeat(count));
        let want = if inside { vec![format!("a{text} b")] } else { vec![format!("a{text}"), "b".to_owned()] };
        assert_eq!(parse(&line)[1..], want, "{line}");
    }
    assert_eq!(parse(r#"x "a""b c"#), ["x", r#"a"b"#, "c"]);
    assert_eq!(parse(r#"x "a"""b c"#), ["x", r#"a"b c"#]);
}

#[test]
fn cmd_16_the_end_of_the_line_closes_a_quoted_part() {
    assert_eq!(parse(r#"x "one two "#), ["x", "one two "]);
    assert_eq!(parse(r#"x one" two"#), ["x", "one two"]);
    assert_eq!(parse(r#"x ""#), ["x", ""]);
    assert_eq!(parse(r#"x "one\"#), ["x", r"one\"]);
}

#[test]
fn cmd_17_after_other_characters_a_quote_opens_again() {
    assert_eq!(parse(r#"x ""a" b""#), ["x", "a b"]);
    assert_eq!(parse(r#"x ""\\" b""#), ["x", r"\ b"]);
    assert_eq!(parse(r#"x ""\"" b""#), ["x", "\" b"]);
    assert_eq!(parse("x \"\"\n\" b\""), ["x", "\n b"]);
}

#[test]
fn cmd_18_no_other_character_is_special_and_case_is_preserved() {
    for c in ('!'..='~').filter(|&c| c != '"') {
        assert_eq!(parse(&format!("x {c} {c}{c}b")), ["x".to_owned(), c.to_string(), format!("{c}{c}b")]);
        assert_eq!(parse(&format!("x a{c} b")), ["x".to_owned(), format!("a{c}"), "b".to_owned()]);
    }
    assert_eq!(parse("X %Path% 'A b'"), ["X", "%Path%", "'A", "b'"]);
}

#[test]
fn cmd_19_an_empty_line_depends_on_its_open_point() {
    let under = |empty_command_line| {
        parse_command_line("", "windows", &Profile { empty_command_line, ..Profile::default() }).unwrap()
    };
    assert_eq!(under(EmptyCommandLine::default()), Dynamic::Array(vec![]));
    assert_eq!(under(EmptyCommandLine::Null), Dynamic::Null);
    assert_eq!(under(EmptyCommandLine::EmptyArgument), Dynamic::strings([""]));
}

#[test]
fn cmd_20_a_line_of_blanks_depends_on_its_open_point() {
    let under = |line, blank_command_line| {
        parse_command_line(line, "windows", &Profile { blank_command_line, ..Profile::default() }).unwrap()
    };
    for line in [" ", "\t", " \t\t "] {
        assert_eq!(under(line, BlankCommandLine::default()), Dynamic::strings([""]));
        assert_eq!(under(line, BlankCommandLine::EmptyArray), Dynamic::Array(vec![]));
        assert_eq!(under(line, BlankCommandLine::Null), Dynamic::Null);
    }
    assert_eq!(under("\n", BlankCommandLine::Null), Dynamic::strings([""]));
    assert_eq!(under("\u{a0}", BlankCommandLine::Null), Dynamic::strings(["\u{a0}"]));
}

#[test]
fn cmd_21_an_undocumented_parser_depends_on_its_open_point() {
    let under = |parser, unknown_parser| {
        parse_command_line("a b", parser, &Profile { unknown_parser, ..Profile::default() })
    };
    for parser in ["posix", "", "windows ", "window"] {
        let error = under(parser, UnknownParser::default()).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::UnknownParser);
        assert_eq!(under(parser, UnknownParser::Null), Ok(Dynamic::Null));
        assert_eq!(under(parser, UnknownParser::Accepted), Ok(Dynamic::strings(["a", "b"])));
    }
    assert_eq!(under("windows", UnknownParser::Null), Ok(Dynamic::strings(["a", "b"])));
    let error = under("posix", UnknownParser::Error).unwrap_err().to_string();
    assert_eq!(error, r#"unknown-parser: parse_command_line has no parser "posix"; it has "windows""#);
}

#[test]
fn cmd_22_windows_in_another_case_depends_on_its_open_point() {
    let under = |parser, parser_case| {
        parse_command_line("a b", parser, &Profile { parser_case, ..Profile::default() })
    };
    for parser in ["Windows", "WINDOWS"] {
        let error = under(parser, ParserCase::default()).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::UnknownParser);
        assert_eq!(under(parser, ParserCase::Null), Ok(Dynamic::Null));
    }
    assert_eq!(under("posix", ParserCase::Null).unwrap_err().kind(), ErrorKind::UnknownParser);
}

#[test]
fn cmd_24_an_argument_is_a_string_or_depends_on_its_open_point() {
    let guid = "6F9619FF-8B86-D011-B42D-00C04FC964FF";
    let line = format!(
        "x 7 1.5 {guid} {{{guid}}} 2026-11-24T18:20:55 2026-11-24 2026-13-24T18:20:55 2026-11-24T18:20:é"
    );
    let strings: Vec<&str> = line.split(' ').collect();
    assert_eq!(parse(&line), strings);
    let typed = Profile { typed_strings: TypedStrings::Typed, ..Profile::default() };
    let result = parse_command_line(&line, "windows", &typed).unwrap().to_json();
    let mut expected = strings;
    let lower_case = guid.to_lowercase();
    (expected[3], expected[5]) = (&lower_case, "2026-11-24T18:20:55.0000000Z");
    assert_eq!(result, serde_json::json!(expected));
}

#[test]
fn cmd_23_non_ascii_characters_are_preserved() {
    assert_eq!(parse("\u{feff}é \"ü 😀\" \u{fffd}"), ["\u{feff}é", "ü 😀", "\u{fffd}"]);
    assert_eq!(parse("“a b” ＂"), ["“a", "b”", "＂"]);
    assert_eq!(parse("x e\u{301} é"), ["x", "e\u{301}", "é"]);
}
