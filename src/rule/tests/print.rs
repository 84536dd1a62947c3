use super::*;

fn assert_prints(cases: impl IntoIterator<Item = (Expression, &'static str)>) {
    for (expression, text) in cases {
        assert_eq!(expression.to_string(), text);
    }
}

#[test]
fn rul_38_and_binds_more_tightly_than_or() {
    let [a, b, c] = ["a", "b", "c"].map(column);
    let (and, or) = (a.clone().and(b.clone()), a.or(b));
    assert_prints([
        (or.clone().and(c.clone()), "(a or b) and c"),
        (c.clone().and(or.clone()), "c and (a or b)"),
        (and.clone().or(c.clone()), "a and b or c"),
        (c.clone().or(and.clone()), "c or a and b"),
        (and.clone().and(c.clone()), "a and b and c"),
        (c.clone().and(and), "c and (a and b)"),
        (c.or(or), "c or (a or b)"),
    ]);
}

#[test]
fn rul_38_operands_of_lower_precedence_are_parenthesized() {
    let sum = column("a").add(column("b"));
    let equality = column("a").eq_ci(column("b"));
    assert_prints([
        (sum.clone().eq_ci(column("c")), "a + b =~ c"),
        (equality.clone().eq_ci(column("c")), "(a =~ b) =~ c"),
        (sum.clone().add(sum.clone()), "a + b + (a + b)"),
        (sum.element(Expression::Long(-2)), "(a + b)[-2]"),
        (equality.tostring(), "tostring(a =~ b)"),
    ]);
}

#[test]
fn rul_38_strings_are_escaped() {
    let text = string("a\"b\\c\n\r\t\u{0}\u{7f}\u{85}é'");
    assert_prints([(text, r#""a\"b\\c\n\r\t\u0000\u007F\u0085é'""#)]);
}

#[test]
fn rul_38_a_name_that_is_no_identifier_is_in_brackets() {
    let cases = [("a_1", "a_1"), ("_a", "_a"), ("1a", "[\"1a\"]"), ("a b", "[\"a b\"]"), ("", "[\"\"]")];
    assert_prints(cases.map(|(name, text)| (column(name), text)));
}

#[test]
fn rul_38_every_stage_is_one_operator() {
    let stage = Stage::Where(column("a").has(string("x")));
    assert_eq!(stage.to_string(), "where a has \"x\"");
    let stage = Stage::ProjectReorder(vec!["a".to_owned(), "b c".to_owned()]);
    assert_eq!(stage.to_string(), "project-reorder\n    a,\n    [\"b c\"]");
}
