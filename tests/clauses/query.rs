//! The clauses of chapter 55. `robustness.rs` has the test of QRY-12.

use serde_json::{Value as Json, json};

use super::{rows, value};

/// The kind of error of a query, or its rows.
fn outcome(query: &str) -> Json {
    rows(query).unwrap_or_else(|error| error.kind().as_str().into())
}

#[test]
fn qry_01_case_matters() {
    assert_eq!(value("TRUE"), true);
    for text in [
        "PRINT 1",
        "print NOT(true)",
        "print DateTime(2020-01-01)",
        "print 1D",
        "print tRUE",
        "print x = dynamic(NULL)",
    ] {
        assert!(rows(text).is_err(), "{text}");
    }
}

#[test]
fn qry_02_blanks_and_comments_separate_tokens() {
    assert_eq!(outcome("print // 1\u{2028}\u{a0}2//"), json!([[2]]));
    assert_eq!(outcome("\u{feff}print\u{200b}'//'"), json!([["//"]]));
    assert_eq!(outcome("print /* 1 */ 2"), "syntax");
}

#[test]
fn qry_03_other_names_are_in_brackets() {
    assert_eq!(outcome("print ['é b'] = 1, 3x = 2, $y = 3 | project ['é b'], 3x, $y"), json!([[1, 2, 3]]));
    assert_eq!(outcome("print has = 1 | project ['has']"), json!([[1]]));
    for text in
        ["print é = 1", "print has = 1 | project has", "print asc = 1", "print true = 1", "print x-y = 1"]
    {
        assert_eq!(outcome(text), "syntax", "{text}");
    }
}

#[test]
fn qry_04_escapes_of_strings() {
    assert_eq!(
        value(r#""\a\b\f\n\r\t\v\"\'\\\x41\u00e9\U0001F600\7\101\4011""#),
        "\u{7}\u{8}\u{c}\n\r\t\u{b}\"'\\Aé😀\u{7}A 11"
    );
    assert_eq!(value("'a\tb'"), "a\tb");
    for text in [r"'\q'", r"'\x4'", r"'\U00110000'", r"'\8'", "'a\nb'", "'a"] {
        assert_eq!(value(text), "syntax", "{text}");
    }
    assert_eq!(value(r"'\ud83d\ude00'"), "unsupported");
}

#[test]
fn qry_05_verbatim_and_multi_line_strings() {
    assert_eq!(value(r#"@'C:\n' @"a""b" @'it''s'"#), r#"C:\na"bit's"#);
    assert_eq!(value("```a\\n\n'b'``` ~~~```~~~"), "a\\n\n'b'```");
    assert_eq!(value("@'a\nb'"), "syntax");
}

#[test]
fn qry_06_adjacent_strings_are_one() {
    assert_eq!(value("'a' \"b\" // c\n h'd' H@\"e\" ```f```"), "abdef");
    assert_eq!(value("dynamic(['a' 'b', \"c\"])"), json!(["ab", "c"]));
}

#[test]
fn qry_07_numbers() {
    assert_eq!(
        outcome("print 12, 0x1F, 0Xff, 1., 1.5, 1e3, 1.5E-3, -9223372036854775808"),
        json!([[12, 31, 255, 1.0, 1.5, 1e3, 0.0015, i64::MIN]])
    );
    for text in ["9223372036854775808", "0x8000000000000000", ".5"] {
        assert_eq!(value(text), "syntax", "{text}");
    }
    assert_eq!(value("1_000"), "unknown-column");
}

#[test]
fn qry_08_units_of_time() {
    assert_eq!(
        outcome("print 1d, 1.5h, 2min, 3s, 4ms, 5microsecond, 6ticks"),
        json!([[
            "1.00:00:00",
            "01:30:00",
            "00:02:00",
            "00:00:03",
            "00:00:00.0040000",
            "00:00:00.0000050",
            "00:00:00.0000006"
        ]])
    );
    let forms = [
        ("1d", "d day days"),
        ("1h", "h hr hrs hour hours"),
        ("1m", "m min minute minutes"),
        ("1s", "s sec second seconds"),
        ("1ms", "ms milli millis millisec millisecond milliseconds"),
        ("1microsecond", "micro micros microsec microsecond microseconds"),
        ("1tick", "tick ticks"),
    ];
    for (span, units) in forms {
        for unit in units.split(' ') {
            assert_eq!(value(&format!("1{unit}")), value(span), "{unit}");
            assert_eq!(value(&format!("timespan(1{unit})")), value(span), "{unit}");
        }
    }
    for unit in ["nano", "nanos", "nanosec", "nanosecond", "nanoseconds"] {
        assert_eq!(value(&format!("1{unit}")), "unsupported", "{unit}");
        assert_eq!(value(&format!("timespan(-1.5{unit})")), "unsupported", "{unit}");
    }
    for unit in ["us", "ns", "t", "nan"] {
        assert_eq!(value(&format!("1{unit}")), "unknown-column", "{unit}");
    }
    assert_eq!(value("1 d"), "syntax");
    assert_eq!(value("1w"), "unknown-column");
}

#[test]
fn qry_09_typed_literals() {
    assert_eq!(
        outcome(
            "print bool(1), int(-5), real(-1), double(1.5), timespan(2), time(-1.02:03:04), date(2020-01-02)"
        ),
        json!([[true, -5, -1.0, 1.5, "2.00:00:00", "-1.02:03:04", "2020-01-02T00:00:00.0000000Z"]])
    );
    assert_eq!(
        outcome("print time(15 seconds), time(-1.5 seconds)"),
        json!([["00:00:15", "-00:00:01.5000000"]])
    );
    assert_eq!(value("time( seconds)"), "syntax");
    assert_eq!(
        value("dynamic({'a': [1, -1.5, true, null, datetime(2020-01-02)]})"),
        json!({"a": [1, -1.5, true, null, "2020-01-02T00:00:00.0000000Z"]})
    );
    for text in [
        "int(99999999999)",
        "long(x)",
        "guid(x)",
        "dynamic([1,])",
        "dynamic({a: 1})",
        "dynamic()",
        "boolean(true)",
        "long (5)",
    ] {
        assert_eq!(value(text), "syntax", "{text}");
    }
    assert_eq!(value("decimal(1)"), "unsupported");
}

#[test]
fn qry_10_statements_and_operators() {
    assert_eq!(outcome("let x = 1; ((print y = x) | extend z = y) | project z;"), json!([[1]]));
    for text in ["", "let x = 1;", "print 1;;", "print 1 |", "| take 1", "(print 1", "print 1)"] {
        assert_eq!(outcome(text), "syntax", "{text}");
    }
    assert_eq!(outcome("print 1; print 2"), "unsupported");
}

#[test]
fn qry_11_what_kusto_has_is_refused_by_its_name() {
    for text in [
        "print 1 | summarize count()",
        "union T",
        "range x from 1 to 2 step 1",
        "print rand()",
        "print x = toscalar(T | count)",
        "set x; T",
        "T | where * has 'x'",
        "T | where a like 'x'",
        "let f = () { 1 }; print f()",
        ".show tables",
    ] {
        assert_eq!(outcome(text), "unsupported", "{text}");
    }
    assert_eq!(outcome("print 1 | nosuch"), "syntax");
    assert_eq!(outcome("print nosuch()"), "unknown-function");
}

#[test]
fn qry_13_precedence() {
    assert_eq!(
        outcome("print true or false and false, 5 - 2 - 1, -1 + 2, 'b' has 'a' and false or true"),
        json!([[true, 2, 1, true]])
    );
    for text in [
        "'a' has 'b' has 'c'",
        "1 < 2 < 3",
        "1 == 1 == true",
        "- -1",
        "not true",
        "'a' matches  regex 'a'",
        "true and",
    ] {
        assert_eq!(value(text), "syntax", "{text}");
    }
}

#[test]
fn qry_14_errors_have_a_place_and_help() {
    let said = rows("print x = 1 | where X has 'a' | wher x").unwrap_err().to_string();
    assert_eq!(said, "syntax: 1:33: there is no operator \"wher\"");
    let query: rulespec::query::Query = "print x = 1 | extend y = X".parse().unwrap();
    let kql = rulespec::kql::Semantics::default();
    let context = rulespec::query::Context { kql: &kql, now: "2026-01-02".parse().unwrap() };
    let said = query.bind(&rulespec::query::Schemas::new(), context).unwrap_err();
    assert_eq!(said.all()[0].help.as_deref(), Some("names are case-sensitive: x"));
}

#[test]
fn qry_20_let_gives_names() {
    assert_eq!(outcome("let x = 1 + 1; let V = print y = x; V | extend z = y + x"), json!([[2, 4]]));
    assert_eq!(outcome("let x = 1; let x = 2; print x"), "repeated-column");
    assert_eq!(outcome("let x = y; let y = 1; print x"), "unknown-column");
    assert_eq!(outcome("let x = 1; x"), "wrong-type");
}

#[test]
fn qry_21_columns_come_before_variables() {
    assert_eq!(outcome("let x = 1; let y = 2; print x = 5 | extend z = x + y"), json!([[5, 7]]));
}

#[test]
fn qry_22_an_unknown_name_is_an_error_without_rows() {
    assert_eq!(outcome("datatable(a: long) [] | extend b = c"), "unknown-column");
    assert_eq!(outcome("nosuch | take 1"), "unknown-table");
}

#[test]
fn qry_23_a_wrong_type_is_an_error_without_rows() {
    for predicate in ["a", "a has 'x'", "not(a)", "d", "d.x and a"] {
        let text = format!("datatable(a: long, d: dynamic) [] | where {predicate}");
        assert_eq!(outcome(&text), "wrong-type", "{predicate}");
    }
}

#[test]
fn qry_24_common_types() {
    assert_eq!(outcome("print iff(true, int(1), 2)"), json!([[1]]));
}

#[test]
fn qry_30_a_datatable_is_filled_row_by_row() {
    assert_eq!(
        outcome("datatable(a: string, b: real,) ['x', 1, 'y', real(-2.5),]"),
        json!([["x", 1.0], ["y", -2.5]])
    );
    assert_eq!(outcome("datatable(a: string, b: long) ['x']"), "syntax");
    assert_eq!(outcome("datatable(a: long) [1 + 1]"), "syntax");
    assert_eq!(outcome("datatable(a: long, a: long) []"), "repeated-column");
    assert_eq!(outcome("datatable(a: long) ['x']"), "unsupported");
}

/// The names of the columns of a query.
fn names(query: &str) -> Json {
    let kql = rulespec::kql::Semantics::default();
    let context = rulespec::query::Context { kql: &kql, now: "2026-01-02".parse().unwrap() };
    let bound =
        query.parse::<rulespec::query::Query>().unwrap().bind(&rulespec::query::Schemas::new(), context);
    bound.map_or_else(
        |said| said.all()[0].kind.as_str().into(),
        |bound| bound.columns.iter().map(|column| column.name.as_str()).collect(),
    )
}

#[test]
fn qry_31_print_numbers_its_values() {
    assert_eq!(names("let x = 1; print x, a = 2, tostring(3)"), json!(["print_0", "a", "print_2"]));
    assert_eq!(names("print print_1 = 1, 2"), json!(["print_1", "print_11"]));
    assert_eq!(names("print a = 1, a = 2"), "repeated-column");
}

#[test]
fn qry_32_names_of_values_without_one() {
    let named = |list: &str| names(&format!("print n = 1, s = 'x', d = dynamic(1) | {list}"));
    assert_eq!(
        named("project n, tostring(n), d.a.b, d[0]['k'], d[n], n + 1, (s), 2"),
        json!(["n", "n1", "d_a_b", "d_0_k", "d_", "Column1", "s", "Column2"])
    );
    assert_eq!(
        named("project dynamic([1])[0], column_ifexists('s', ''), column_ifexists('z', '')"),
        json!(["0", "s", "Column1"])
    );
    assert_eq!(named("extend tostring(n), n + 1"), json!(["n", "s", "d", "Column1"]));
    for (list, kind) in [
        ("project s, s", "repeated-column"),
        ("project s, tostring(s)", "repeated-column"),
        ("project 1, Column1 = 2", "unsupported"),
        ("extend n = 2, tostring(n)", "unsupported"),
        ("project 1 | extend 2", "unsupported"),
        ("extend ['Column1'] = 1 | extend 2", "unsupported"),
        ("extend [''] = 1", "unsupported"),
    ] {
        assert_eq!(named(list), kind, "{list}");
    }
}

#[test]
fn qry_33_a_star_stands_for_any_characters() {
    let kept = |list: &str| names(&format!("print ab = 1, a = 2, cab = 3 | project-keep {list}"));
    assert_eq!(kept("a*"), json!(["ab", "a"]));
    assert_eq!(kept("*a*b, a"), json!(["ab", "a", "cab"]));
    assert_eq!(kept("*"), json!(["ab", "a", "cab"]));
    for list in ["z*", "A*", "['a*']", "ab, nosuch"] {
        assert_eq!(kept(list), "unknown-column", "{list}");
    }
}

#[test]
fn qry_34_numbers_of_rows_and_keys() {
    let table = "datatable(n: long) [3, 1, 2]";
    assert_eq!(outcome(&format!("let k = 1; {table} | top k + 1 by -n")), json!([[1], [2]]));
    for (rest, kind) in [
        ("take 1.5", "wrong-type"),
        ("take n", "unknown-column"),
        ("take -1", "unsupported"),
        ("take int(null)", "unsupported"),
        ("sort by dynamic(1)", "wrong-type"),
        ("sort by guid(null)", "unsupported"),
        ("top 1 by n, n", "syntax"),
    ] {
        assert_eq!(outcome(&format!("{table} | {rest}")), kind, "{rest}");
    }
}

#[test]
fn qry_40_arguments_are_counted() {
    for text in ["not()", "not(true, false)", "iff(true, 1)"] {
        assert_eq!(value(text), "wrong-count", "{text}");
    }
    assert_eq!(value("not(true,)"), "syntax");
}

#[test]
fn qry_42_an_array_in_a_list_stands_for_its_elements() {
    assert_eq!(value("'a x' has_any ('y', dynamic(['z', 'x']))"), true);
}

#[test]
fn qry_08_spans_that_are_too_long_are_refused() {
    for span in ["10675200d", "99999999999999999999d", "9223372036854775808tick", "1e999"] {
        assert_eq!(value(span), json!("syntax"), "{span}");
    }
    for span in ["10675200d", "99999999999999999999d", "-99999999999999999999.5d", "9223372036854775808tick"]
    {
        assert_eq!(value(&format!("timespan({span})")), json!("syntax"), "{span}");
        assert_eq!(value(&format!("totimespan('{span}')")), json!(null), "{span}");
    }
    assert_eq!(value("timespan(-9223372036854775808tick)"), json!("-10675199.02:48:05.4775808"));
}

#[test]
fn qry_09_a_literal_has_one_sign() {
    let literals = "timespan(--9223372036854775808tick) timespan(--5d) timespan(-+5d) timespan(--5) \
        timespan(--01:00:00) long(--5) long(0x-5) long(0x+5) int(--5) real(--5)";
    for literal in literals.split_whitespace() {
        assert_eq!(value(literal), json!("syntax"), "{literal}");
    }
    assert_eq!(value("timespan(--5 seconds)"), json!("syntax"));
    assert_eq!(value("timespan(-5 seconds)"), json!("-00:00:05"));
    assert_eq!(value("timespan(-5)"), json!("-5.00:00:00"));
}
