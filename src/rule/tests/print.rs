use super::*;

fn b(expression: Expression) -> Box<Expression> {
    Box::new(expression)
}

fn leaf(name: &str) -> Box<Expression> {
    b(Expression::column(name))
}

#[test]
fn rul_38_and_binds_more_tightly_than_or() {
    let or = b(Expression::Or(leaf("a"), leaf("b")));
    let and = b(Expression::And(leaf("a"), leaf("b")));
    let printed = |expression: Expression| expression.to_string();
    assert_eq!(printed(Expression::And(or.clone(), leaf("c"))), "(a or b) and c");
    assert_eq!(printed(Expression::And(leaf("c"), or.clone())), "c and (a or b)");
    assert_eq!(printed(Expression::Or(and.clone(), leaf("c"))), "a and b or c");
    assert_eq!(printed(Expression::Or(leaf("c"), and.clone())), "c or a and b");
    assert_eq!(printed(Expression::And(and.clone(), leaf("c"))), "a and b and c");
    assert_eq!(printed(Expression::And(leaf("c"), and)), "c and (a and b)");
    assert_eq!(printed(Expression::Or(leaf("c"), or)), "c or (a or b)");
}

#[test]
fn rul_38_operands_that_bind_loosely_stand_in_parentheses() {
    let sum = b(Expression::Add(leaf("a"), leaf("b")));
    let same = b(Expression::EqCi(leaf("a"), leaf("b")));
    assert_eq!(Expression::EqCi(sum.clone(), leaf("c")).to_string(), "a + b =~ c");
    assert_eq!(Expression::EqCi(same.clone(), leaf("c")).to_string(), "(a =~ b) =~ c");
    assert_eq!(Expression::Add(sum.clone(), sum.clone()).to_string(), "a + b + (a + b)");
    assert_eq!(Expression::Element(sum, b(Expression::Long(-2))).to_string(), "(a + b)[-2]");
    assert_eq!(Expression::ToString(same).to_string(), "tostring(a =~ b)");
}

#[test]
fn rul_38_strings_are_escaped() {
    let text = Expression::string("a\"b\\c\n\r\t\u{0}\u{7f}\u{85}é'");
    assert_eq!(text.to_string(), r#""a\"b\\c\n\r\t\u0000\u007F\u0085é'""#);
}

#[test]
fn rul_38_a_name_that_is_no_identifier_stands_in_brackets() {
    for (name, printed) in
        [("a_1", "a_1"), ("_a", "_a"), ("1a", "[\"1a\"]"), ("a b", "[\"a b\"]"), ("", "[\"\"]")]
    {
        assert_eq!(Expression::column(name).to_string(), printed);
    }
}

#[test]
fn rul_38_every_stage_is_one_operator() {
    let stage = Stage::Where(Expression::Has(leaf("a"), b(Expression::string("x"))));
    assert_eq!(stage.to_string(), "where a has \"x\"");
    let stage = Stage::ProjectReorder(vec!["a".to_owned(), "b c".to_owned()]);
    assert_eq!(stage.to_string(), "project-reorder\n    a,\n    [\"b c\"]");
}
