//! Types and values of expressions and stages that the rule itself does not have.

use super::*;

fn b(expression: Expression) -> Box<Expression> {
    Box::new(expression)
}

fn string(text: &str) -> Box<Expression> {
    b(Expression::string(text))
}

fn long(value: i64) -> Box<Expression> {
    b(Expression::Long(value))
}

/// A row with a bool, a null bool, a null long and a string.
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

fn column(name: &str) -> Box<Expression> {
    b(Expression::column(name))
}

#[test]
fn and_and_or_have_three_values() {
    let truth = [("t", Some(true)), ("f", Some(false)), ("n", None)];
    for (a, a_value) in truth {
        for (c, c_value) in truth {
            let and = match (a_value, c_value) {
                (Some(false), _) | (_, Some(false)) => Dynamic::Bool(false),
                (None, _) | (_, None) => Dynamic::Null,
                _ => Dynamic::Bool(true),
            };
            let or = match (a_value, c_value) {
                (Some(true), _) | (_, Some(true)) => Dynamic::Bool(true),
                (None, _) | (_, None) => Dynamic::Null,
                _ => Dynamic::Bool(false),
            };
            assert_eq!(evaluate(&Expression::And(column(a), column(c))), Ok(and), "{a} and {c}");
            assert_eq!(evaluate(&Expression::Or(column(a), column(c))), Ok(or), "{a} or {c}");
        }
    }
}

#[test]
fn sums_add_and_carry_null() {
    assert_eq!(evaluate(&Expression::Add(long(2), long(-5))), Ok(Dynamic::Long(-3)));
    assert_eq!(evaluate(&Expression::Add(long(2), column("l"))), Ok(Dynamic::Null));
    assert_eq!(evaluate(&Expression::Add(long(i64::MAX), long(1))), Ok(Dynamic::Long(i64::MIN)));
}

#[test]
fn substring_of_a_null_start_or_length_is_empty() {
    let part = |start, length| evaluate(&Expression::Substring(string("abc"), start, length));
    assert_eq!(part(long(1), None), Ok(Dynamic::from("bc")));
    assert_eq!(part(long(1), Some(long(1))), Ok(Dynamic::from("b")));
    assert_eq!(part(column("l"), None), Ok(Dynamic::from("")));
    assert_eq!(part(long(0), Some(column("l"))), Ok(Dynamic::from("")));
}

#[test]
fn a_subscript_of_null_is_null() {
    let parsed = Expression::ParseCommandLine(string("a b"), string("windows"));
    let element = |index| evaluate(&Expression::Element(b(parsed.clone()), index));
    assert_eq!(element(long(1)), Ok(Dynamic::from("b")));
    assert_eq!(element(column("l")), Ok(Dynamic::Null));
}

#[test]
fn evaluation_without_the_type_check_is_an_error_not_a_value() {
    let kind = |expression: Expression| evaluate(&expression).unwrap_err().kind();
    assert_eq!(kind(Expression::EqCi(long(1), string("1"))), ErrorKind::WrongType);
    assert_eq!(kind(Expression::Add(string("1"), long(1))), ErrorKind::WrongType);
    assert_eq!(kind(Expression::And(column("t"), string("x"))), ErrorKind::WrongType);
    assert_eq!(kind(Expression::column("absent")), ErrorKind::UnknownColumn);
}

#[test]
fn operands_of_the_wrong_type_are_errors() {
    let wrong = [
        Expression::EqCi(column("l"), string("")),
        Expression::EqCi(string(""), column("l")),
        Expression::Has(string(""), long(1)),
        Expression::HasAny(string(""), vec![Expression::Long(1)]),
        Expression::HasAny(long(1), vec![]),
        Expression::And(column("t"), column("l")),
        Expression::Or(column("l"), column("t")),
        Expression::ColumnIfExists("l".to_owned(), string("")),
        Expression::ParseCommandLine(column("l"), string("windows")),
        Expression::Element(string("a"), long(0)),
        Expression::Iff(column("l"), string(""), string("")),
        Expression::Iff(column("t"), string(""), long(0)),
        Expression::Substring(long(0), long(0), None),
        Expression::Substring(string(""), string(""), None),
        Expression::Substring(string(""), long(0), Some(string(""))),
        Expression::IndexOf(string(""), long(0)),
        Expression::Add(long(0), string("")),
    ];
    for expression in wrong {
        let error = expression.type_in(cells().columns()).map_err(|error| error.kind());
        assert_eq!(error, Err(ErrorKind::WrongType), "{expression}");
    }
}

#[test]
fn expressions_have_their_types() {
    let parsed = b(Expression::ParseCommandLine(string("a"), string("windows")));
    let typed = [
        (Expression::column("l"), Type::Long),
        (Expression::Has(string(""), string("")), Type::Bool),
        (Expression::ColumnIfExists("absent".to_owned(), long(1)), Type::Long),
        (Expression::Element(parsed.clone(), long(0)), Type::Dynamic),
        (Expression::ToString(parsed), Type::String),
        (Expression::Iff(column("n"), long(0), column("l")), Type::Long),
        (Expression::IndexOf(string(""), string("")), Type::Long),
        (Expression::Substring(string(""), long(0), Some(long(0))), Type::String),
    ];
    for (expression, r#type) in typed {
        assert_eq!(expression.type_in(cells().columns()), Ok(r#type), "{expression}");
    }
}

#[test]
fn where_takes_a_bool_and_drops_null() {
    let kept = |predicate| Stage::Where(predicate).apply(&cells(), &Semantics::default());
    assert_eq!(kept(Expression::column("t")).unwrap().rows().len(), 1);
    assert_eq!(kept(Expression::column("n")).unwrap().rows().len(), 0);
    assert_eq!(kept(Expression::column("l")).unwrap_err().kind(), ErrorKind::WrongType);
}

/// A string that is null by a set of functions in which `iff` of null is.
fn null_string() -> (Expression, Semantics) {
    let by = Semantics { iff: |_, _, _, _| Dynamic::Null, ..Semantics::default() };
    (Expression::Iff(column("n"), string("a"), string("b")), by)
}

#[test]
fn a_null_string_is_stored_as_the_empty_one() {
    let (value, by) = null_string();
    let stage = Stage::Extend(vec![("s".to_owned(), value)]);
    assert_eq!(values(&stage.apply(&cells(), &by).unwrap(), "s"), [Dynamic::from("")]);
}

#[test]
fn a_null_string_is_read_as_the_empty_one() {
    let (value, by) = null_string();
    let stage = Stage::Where(Expression::EqCi(b(value), string("")));
    assert_eq!(stage.apply(&cells(), &by).unwrap().rows().len(), 1);
}

#[test]
fn a_repeated_name_is_an_error() {
    let kind = |stage: Stage| stage.apply(&cells(), &Semantics::default()).unwrap_err().kind();
    let twice = vec![("x".to_owned(), Expression::Long(1)); 2];
    assert_eq!(kind(Stage::Extend(twice)), ErrorKind::RepeatedColumn);
    assert_eq!(kind(Stage::ProjectReorder(vec!["t".to_owned(); 2])), ErrorKind::RepeatedColumn);
}
