//! No text can do harm: what it costs is bounded, and it cannot exhaust the stack.

use std::time::{Duration, Instant};

use proptest::prelude::*;

use super::said;
use rulespec::kql::{Argument, Dynamic, Semantics, Timespan, Type};
use rulespec::query::{Context, Diagnostics, Function};
use rulespec_testing::query_check::{assert_spans, process};
use rulespec_testing::query_text;

/// Ways to put an expression into another.
const NESTINGS: [(&str, &str, &str); 12] = [
    ("(", "n", ")"),
    ("tostring(", "n", ")"),
    ("-(", "n", ")"),
    ("d[", "0", "]"),
    ("", "d", ".a"),
    ("", "n", " + 1"),
    ("(1 + ", "n", ")"),
    ("n in (", "n", ")"),
    ("n between ((", "n", ") .. 1)"),
    ("iff(f and ", "f", ", true, false)"),
    ("(f or f and not(", "f", "))"),
    ("a has (a =~ (", "f", "))"),
];

/// Spec: QRY-12
#[test]
fn qry_12_what_is_nested_too_deeply_is_refused_on_a_small_stack() {
    let run = || {
        for depth in [10, 24, 49, 98, 99, 100, 101, 300, 30_000] {
            for (open, inner, close) in NESTINGS {
                let text = format!("T | extend x = {}{inner}{}", open.repeat(depth), close.repeat(depth));
                let too_deep = |said: Diagnostics| said.all()[0].message.contains("in one another");
                assert!(depth < 101 || process(&text).is_some_and(too_deep), "{text:.100}");
                assert!(depth > 24 || !process(&text).is_some_and(too_deep), "{text:.100}");
            }
            for (open, close) in [("[", "]"), ("{'a':", "}"), ("[[],", "]")] {
                let _ = process(&format!("print dynamic({}1{})", open.repeat(depth), close.repeat(depth)));
            }
            let _ = process(&format!("{}T{}", "(".repeat(depth), ")".repeat(depth)));
        }
    };
    std::thread::Builder::new().stack_size(2 << 20).spawn(run).unwrap().join().unwrap();
}

/// Texts whose parts are repeated up to the longest text.
const REPEATED: [(&str, &str, &str); 40] = [
    ("", "(", ""),
    ("", "[", ""),
    ("", "{", ""),
    ("", "|", ""),
    ("", ",", ""),
    ("", "\"", ""),
    ("", "'", ""),
    ("", "`", ""),
    ("", "~~~", ""),
    ("", "//", ""),
    ("", "//\n", ""),
    ("", "\\", ""),
    ("", "-", ""),
    ("", "!", ""),
    ("", "é", ""),
    ("", "\u{feff}", ""),
    ("", "a", ""),
    ("", "1", ""),
    ("", "1e", ""),
    ("", "T|", ""),
    ("", "let x=1;", ""),
    ("", "let x=T|count;", "x"),
    ("T", "|nope", ""),
    ("T", "|count", ""),
    ("T", "|where f", ""),
    ("T", "|extend a=b", ""),
    ("T", "|project-away zz*", ""),
    ("T|extend x=1", ",y=1", ""),
    ("T|project 1", ",1", ""),
    ("print 1", ",1", ""),
    ("T|where f", " and f", ""),
    ("T|where a in ('x'", ",'x'", ")"),
    ("T|where a in ('x'", ",zz", ")"),
    ("T|where n==1", "+1", ""),
    ("T|where d", ".a", ""),
    ("T|project-reorder *", ",*", ""),
    ("T|project-rename x=a", ",x=a", ""),
    ("datatable(a:long)[1", ",1", "]"),
    ("datatable(a:long", ",a:long", ")[]"),
    ("print dynamic([1", ",1", "])"),
];

#[test]
fn the_longest_texts_take_little_time() {
    let limit = if cfg!(debug_assertions) { 20 } else { 2 };
    for (before, part, after) in REPEATED {
        let count = (rulespec::query::MAX_LEN - before.len() - after.len()) / part.len();
        let text = format!("{before}{}{after}", part.repeat(count));
        let start = Instant::now();
        let said = process(&text);
        assert!(start.elapsed() < Duration::from_secs(limit), "{text:.40}: {:?}", start.elapsed());
        said.iter().for_each(|said| assert_spans(&text, said));
    }
    let declared: String =
        (0..40_000).map(|number| format!("let a{} = a{number}|where f;", number + 1)).collect();
    assert!(process(&format!("let a0 = T|where f;{declared}a40000")).is_some());
    let too_long = " ".repeat(rulespec::query::MAX_LEN + 1);
    assert!(said(&too_long)[0].contains("longer than"));
}

/// Pieces of queries, and of what is none.
fn piece() -> impl Strategy<Value = &'static str> {
    let pieces = "T | where extend project - away keep rename reorder distinct take sort by top count as asc desc \
        nulls first last let x = ; print datatable ( ) [ ] { } , . .. : == != =~ !~ < > <= >= + * / % and or not \
        in !in~ has has_any between matches\u{a0}regex contains a b n i r d t p g f 1 2.5 1d 0x1F 'x' \"y\" @'z' ``` \
        dynamic( datetime( guid(null) true null strlen tostring iff column_ifexists // é \u{200b} \\";
    proptest::sample::select(pieces.split(' ').collect::<Vec<_>>())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn any_text_is_parsed_or_refused(text in "\\PC{0,60}") {
        process(&text).iter().for_each(|said| assert_spans(&text, said));
    }

    #[test]
    fn any_pieces_are_parsed_or_refused(pieces in proptest::collection::vec(piece(), 0..30), glue in "[ \n]?") {
        let text = pieces.join(&glue);
        process(&text).iter().for_each(|said| assert_spans(&text, said));
    }

    #[test]
    fn generated_queries_are_bound_as_what_they_print(bytes in proptest::collection::vec(any::<u8>(), 0..600)) {
        let text = query_text::generate(&bytes);
        process(&text).iter().for_each(|said| assert_spans(&text, said));
    }
}

/// The time to parse and bind 10 KB, in a release build.
#[test]
fn parsing_and_binding_ten_kilobytes_takes_less_than_a_millisecond() {
    let rule = include_str!("../../spec/rule.kql");
    let names: Vec<String> = (0..350).map(|number| format!("@'C:\\tool{number}.exe'")).collect();
    let line = "\n| where a has 'x' or a =~ 'y' and (b has_any ('p', 'q') or s has_any ('r'))";
    let text = format!("T | where a has_any ({}){}", names.join(", "), line.repeat(50));
    assert!(text.len() > 10_000 && rule.len() < text.len());
    let time = || {
        let start = Instant::now();
        assert_eq!(said(&text), [""; 0]);
        start.elapsed()
    };
    let best = (0..20).map(|_| time()).min().unwrap();
    println!("{} bytes: {best:?}", text.len());
    assert!(cfg!(debug_assertions) || best < Duration::from_millis(1), "{best:?}");
}

/// A few values of each type, with the least and the greatest.
fn extremes() -> Vec<Argument> {
    let mut all: Vec<Argument> =
        Type::ALL.into_iter().map(|r#type| Argument { value: r#type.empty(), r#type }).collect();
    let mut add = |r#type, value: Dynamic| all.push(Argument { value, r#type });
    for value in [i64::MIN, i64::MIN + 1, -1, 0, 1, i64::MAX] {
        add(Type::Long, Dynamic::Long(value));
        add(Type::Timespan, Dynamic::Timespan(Timespan::from_ticks(value)));
    }
    for value in [i32::MIN, i32::MAX] {
        add(Type::Int, Dynamic::Long(value.into()));
    }
    for value in [f64::NAN, f64::NEG_INFINITY, f64::MIN, -0.0, f64::MIN_POSITIVE, 59.999_999_99, f64::MAX] {
        add(Type::Real, Dynamic::Real(value));
    }
    for value in ["0001-01-01", "1969-12-31T23:59:59.9999999", "9999-12-31T23:59:59.9999999"] {
        add(Type::Datetime, Dynamic::Datetime(value.parse().unwrap()));
    }
    for value in ["day", "year", "week", "é", "(a)", "-9223372036854775808", "-10675199.02:48:05.4775808"] {
        add(Type::String, Dynamic::from(value));
    }
    add(Type::Bool, Dynamic::Bool(true));
    add(Type::Dynamic, Dynamic::Array(vec![Dynamic::Long(i64::MIN), Dynamic::from("a")]));
    add(Type::Dynamic, Dynamic::Bag(vec![("a".to_owned(), Dynamic::Long(i64::MIN))]));
    all
}

/// A call may return an error, but no arguments make it panic.
#[test]
fn functions_are_total() {
    let kql = Semantics::default();
    let context = Context { kql: &kql, now: "9999-12-31T23:59:59.9999999".parse().unwrap() };
    let extremes = extremes();
    for function in Function::all() {
        let most = function.required.len() + function.optional.len() + usize::from(function.rest.is_some());
        for count in function.required.len()..=most {
            let accepted = |index| {
                let parameter = function.parameter(index, count).unwrap();
                extremes.iter().filter(|argument| parameter.accepts(argument.r#type)).collect::<Vec<_>>()
            };
            let lists: Vec<Vec<&Argument>> = (0..count).map(accepted).collect();
            // All combinations of the first three. Later arguments change with the third.
            for choice in 0..lists.iter().take(3).map(Vec::len).product() {
                let mut rest: usize = choice;
                let mut chosen = vec![];
                for (index, list) in lists.iter().enumerate() {
                    chosen.push(list[rest % list.len()].clone());
                    rest /= if index < 2 { list.len() } else { 1 };
                }
                _ = function.call(context, &chosen);
            }
        }
    }
}
