//! Types and values of expressions and stages that the rule itself does not use.

use super::*;

fn long(value: i64) -> Expression {
    Expression::Long(value)
}

fn parsed(line: &str) -> Expression {
    string(line).parse_command_line(string("windows"))
}

/// A row with the bools true, false and null, and a null long.
fn cells() -> Table {
    let columns = [("t", Type::Bool), ("f", Type::Bool), ("n", Type::Bool), ("l", Type::Long)];
    let columns = columns.map(|(name, r#type)| Column::new(name, r#type)).to_vec();
    let mut table = Table::new(columns).unwrap();
    table.push(vec![true.into(), false.into(), Dynamic::Null, Dynamic::Null]).unwrap();
    table
}

fn evaluate(expression: &Expression) -> Result<Dynamic, Error> {
    let table = cells();
    let row = table.rows_by_name().next().unwrap();
    expression.evaluate(row, &Semantics::default())
}

fn apply(stage: &Stage) -> Result<Table, Error> {
    stage.apply(&cells(), &Semantics::default())
}

fn assert_values<V: Into<Dynamic>>(cases: impl IntoIterator<Item = (Expression, V)>) {
    for (expression, value) in cases {
        assert_eq!(evaluate(&expression), Ok(value.into()), "{expression}");
    }
}

#[test]
fn and_and_or_have_three_values() {
    let (t, f, n) = (Dynamic::Bool(true), Dynamic::Bool(false), Dynamic::Null);
    for (a, b, and, or) in [
        ("t", "t", &t, &t),
        ("t", "f", &f, &t),
        ("t", "n", &n, &t),
        ("f", "f", &f, &f),
        ("f", "n", &f, &n),
        ("n", "n", &n, &n),
    ] {
        for (a, b) in [(a, b), (b, a)] {
            let (a, b) = (column(a), column(b));
            assert_values([(a.clone().and(b.clone()), and.clone()), (a.or(b), or.clone())]);
        }
    }
}

#[test]
fn sums_wrap_and_propagate_null() {
    assert_values([
        (long(2).add(long(-5)), Dynamic::Long(-3)),
        (long(2).add(column("l")), Dynamic::Null),
        (long(i64::MAX).add(long(1)), Dynamic::Long(i64::MIN)),
    ]);
}

#[test]
fn substring_of_a_null_start_or_length_is_empty() {
    let abc = || string("abc");
    assert_values([
        (abc().substring(long(1), None), "bc"),
        (abc().substring(long(1), long(1)), "b"),
        (abc().substring(column("l"), None), ""),
        (abc().substring(long(0), column("l")), ""),
    ]);
}

#[test]
fn an_element_at_a_null_index_is_null() {
    assert_values([
        (parsed("a b").element(long(1)), Dynamic::from("b")),
        (parsed("a b").element(column("l")), Dynamic::Null),
    ]);
}

#[test]
fn evaluation_without_the_type_check_is_an_error_not_a_value() {
    for (expression, kind) in [
        (long(1).eq_ci(string("1")), ErrorKind::WrongType),
        (string("1").add(long(1)), ErrorKind::WrongType),
        (column("t").and(string("x")), ErrorKind::WrongType),
        (column("absent"), ErrorKind::UnknownColumn),
    ] {
        assert_eq!(evaluate(&expression).unwrap_err().kind(), kind, "{expression}");
    }
}

#[test]
fn operands_of_the_wrong_type_are_errors() {
    for expression in [
        column("l").eq_ci(string("")),
        string("").eq_ci(column("l")),
        string("").has(long(1)),
        string("").has_any([long(1)]),
        long(1).has_any([]),
        column("t").and(column("l")),
        column("l").or(column("t")),
        Expression::column_ifexists("l", string("")),
        column("l").parse_command_line(string("windows")),
        string("a").element(long(0)),
        column("l").iff(string(""), string("")),
        column("t").iff(string(""), long(0)),
        long(0).substring(long(0), None),
        string("").substring(string(""), None),
        string("").substring(long(0), string("")),
        string("").indexof(long(0)),
        long(0).add(string("")),
    ] {
        let error = expression.type_in(cells().columns()).map_err(|error| error.kind());
        assert_eq!(error, Err(ErrorKind::WrongType), "{expression}");
    }
}

#[test]
fn expressions_have_their_types() {
    for (expression, r#type) in [
        (column("l"), Type::Long),
        (string("").has(string("")), Type::Bool),
        (Expression::column_ifexists("absent", long(1)), Type::Long),
        (parsed("a").element(long(0)), Type::Dynamic),
        (parsed("a").tostring(), Type::String),
        (column("n").iff(long(0), column("l")), Type::Long),
        (string("").indexof(string("")), Type::Long),
        (string("").substring(long(0), long(0)), Type::String),
    ] {
        assert_eq!(expression.type_in(cells().columns()), Ok(r#type), "{expression}");
    }
}

#[test]
fn where_takes_a_bool_and_drops_null() {
    let filtered = |name| apply(&Stage::Where(column(name)));
    assert_eq!(filtered("t").unwrap().rows().len(), 1);
    assert_eq!(filtered("n").unwrap().rows().len(), 0);
    assert_eq!(filtered("l").unwrap_err().kind(), ErrorKind::WrongType);
}

/// A string expression, and functions under which its value is null.
fn null_string() -> (Expression, Semantics) {
    let kql = Semantics { iff: |_, _, _, _| Dynamic::Null, ..Semantics::default() };
    (column("n").iff(string("a"), string("b")), kql)
}

#[test]
fn a_null_string_is_stored_as_an_empty_string() {
    let (value, kql) = null_string();
    let stage = Stage::Extend(vec![("s".to_owned(), value)]);
    assert_eq!(values(&stage.apply(&cells(), &kql).unwrap(), "s"), [Dynamic::from("")]);
}

#[test]
fn a_null_string_is_read_as_an_empty_string() {
    let (value, kql) = null_string();
    let stage = Stage::Where(value.eq_ci(string("")));
    assert_eq!(stage.apply(&cells(), &kql).unwrap().rows().len(), 1);
}

#[test]
fn a_repeated_name_is_an_error() {
    let repeated_value = vec![("x".to_owned(), long(1)); 2];
    for stage in [Stage::Extend(repeated_value), Stage::ProjectReorder(vec!["t".to_owned(); 2])] {
        assert_eq!(apply(&stage).unwrap_err().kind(), ErrorKind::RepeatedColumn);
    }
}
