//! A syntax tree is what its text is.

use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use proptest::sample::select;

use rulespec::kql::{Datetime, Dynamic, Timespan, Type};
use rulespec::query::syntax::{
    Assignment, Direction, Expr, ExprKind, Key, Let, LetValue, Name, Nulls, Operator, OperatorKind, Pattern,
    Pipeline, Source,
};
use rulespec::query::{Literal, Query, Span};

const SPAN: Span = Span { start: 0, end: 0 };

fn text() -> impl Strategy<Value = String> {
    prop_oneof!["\\PC{0,6}", "[\\x00-\\x20'\"\\\\`~h@]{0,6}", "[a-c]{1,2}"]
}

fn name() -> impl Strategy<Value = Name> {
    let words = "and has let print view range true kind datetime dynamic not take where 1d 3x a b c null";
    let words = select(words.split(' ').collect::<Vec<_>>()).prop_map(str::to_owned);
    prop_oneof![words, "[a-zA-Z_][a-zA-Z0-9_]{0,5}", text()].prop_map(|text| Name { text, span: SPAN })
}

fn real() -> impl Strategy<Value = f64> {
    any::<f64>().prop_filter("NaN is not itself", |value| !value.is_nan())
}

fn datetime() -> impl Strategy<Value = Datetime> {
    let times = ["0001-01-01", "2026-01-02T03:04:05.6789012Z", "9999-12-31T23:59:59.9999999Z"];
    select(times.map(|time| time.parse().unwrap()).to_vec())
}

fn scalar() -> impl Strategy<Value = Dynamic> {
    prop_oneof![
        Just(Dynamic::Null),
        any::<bool>().prop_map(Dynamic::Bool),
        any::<i64>().prop_map(Dynamic::Long),
        Just(Dynamic::Long(i64::MIN)),
        real().prop_map(Dynamic::Real),
        text().prop_map(Dynamic::String),
        datetime().prop_map(Dynamic::Datetime),
        any::<i64>().prop_map(|ticks| Dynamic::Timespan(Timespan::from_ticks(ticks))),
    ]
}

fn dynamic() -> impl Strategy<Value = Dynamic> {
    scalar().prop_recursive(3, 12, 4, |inner| {
        prop_oneof![
            vec(inner.clone(), 0..4).prop_map(Dynamic::Array),
            vec((text(), inner), 0..3).prop_map(Dynamic::Bag),
        ]
    })
}

fn literal() -> impl Strategy<Value = Literal> {
    let typed = scalar().prop_map(|value| match &value {
        Dynamic::Bool(_) => Literal::new(value, Type::Bool),
        Dynamic::Real(_) => Literal::new(value, Type::Real),
        Dynamic::String(_) => Literal::new(value, Type::String),
        Dynamic::Datetime(_) => Literal::new(value, Type::Datetime),
        Dynamic::Timespan(_) => Literal::new(value, Type::Timespan),
        Dynamic::Long(_) | Dynamic::Null | Dynamic::Array(_) | Dynamic::Bag(_) => {
            Literal::new(value, Type::Long)
        }
    });
    let nulls =
        [Type::Bool, Type::Int, Type::Real, Type::Datetime, Type::Timespan, Type::Guid, Type::Dynamic];
    prop_oneof![
        typed,
        any::<i32>().prop_map(|value| Literal::new(i64::from(value), Type::Int)),
        select(nulls.to_vec()).prop_map(|r#type| Literal::new(Dynamic::Null, r#type)),
        Just(Literal::new("74be27de-1e4e-49d9-b579-fe0b331d3642", Type::Guid)),
        dynamic().prop_map(|value| Literal::new(value, Type::Dynamic)),
    ]
}

fn expr() -> impl Strategy<Value = Expr> {
    let new = |kind| Expr::new(kind, SPAN);
    let leaf =
        prop_oneof![literal().prop_map(ExprKind::Literal), name().prop_map(|name| ExprKind::Name(name.text))];
    leaf.prop_map(new).prop_recursive(5, 40, 4, move |inner| {
        let boxed = inner.clone().prop_map(Box::new);
        let operators =
            "== != < <= > >= + - * / % =~ !~ has !has_cs contains startswith_cs !endswith hasprefix";
        let operators: Vec<&'static str> = operators.split(' ').chain(["matches regex"]).collect();
        let functions = select(vec!["indexof", "not", "tostring", "f1"]);
        let functions = functions.prop_map(|text| Name { text: text.to_owned(), span: SPAN });
        let lists = select(vec!["in", "!in", "in~", "!in~", "has_any", "has_all"]);
        prop_oneof![
            boxed.clone().prop_map(ExprKind::Negative),
            (select(operators), boxed.clone(), boxed.clone())
                .prop_map(|(name, a, b)| ExprKind::Binary(name, a, b)),
            (select(vec!["and", "or"]), vec(inner.clone(), 2..4))
                .prop_map(|(word, all)| ExprKind::Logical(word, all)),
            (lists, boxed.clone(), vec(inner.clone(), 1..4))
                .prop_map(|(name, a, all)| ExprKind::List(name, a, all)),
            (select(vec!["between", "!between"]), [inner.clone(), inner.clone(), inner.clone()])
                .prop_map(|(name, operands)| ExprKind::Between(name, operands.into())),
            (functions, vec(inner.clone(), 0..4)).prop_map(|(name, all)| ExprKind::Call(name, all)),
            (boxed.clone(), name()).prop_map(|(value, name)| ExprKind::Member(value, name)),
            (boxed.clone(), boxed).prop_map(|(value, index)| ExprKind::Element(value, index)),
        ]
        .prop_map(new)
    })
}

fn assignments() -> impl Strategy<Value = Vec<Assignment>> {
    let assignment = (option::of(name()), expr()).prop_map(|(name, value)| Assignment { name, value });
    vec(assignment, 1..4)
}

fn direction() -> impl Strategy<Value = Option<Direction>> {
    option::of(select(vec![Direction::Ascending, Direction::Descending]))
}

fn patterns(is_ordered: bool) -> impl Strategy<Value = Vec<Pattern>> {
    let wild = "[a-z0-9]{0,3}\\*[a-z0-9*]{0,3}".prop_map(|text| (Name { text, span: SPAN }, true));
    let named = prop_oneof![wild, name().prop_map(|name| (name, false))];
    let pattern = (named, direction()).prop_map(move |((name, is_wild), order)| Pattern {
        name,
        is_wild,
        order: order.filter(|_| is_ordered),
    });
    vec(pattern, 1..4)
}

fn key() -> impl Strategy<Value = Key> {
    let nulls = option::of(select(vec![Nulls::First, Nulls::Last]));
    (expr(), direction(), nulls).prop_map(|(value, direction, nulls)| Key { value, direction, nulls })
}

fn operator() -> impl Strategy<Value = Operator> {
    let kind = prop_oneof![
        expr().prop_map(OperatorKind::Where),
        assignments().prop_map(OperatorKind::Extend),
        assignments().prop_map(OperatorKind::Project),
        patterns(false).prop_map(OperatorKind::ProjectAway),
        patterns(false).prop_map(OperatorKind::ProjectKeep),
        patterns(true).prop_map(OperatorKind::ProjectReorder),
        vec((name(), name()), 1..3).prop_map(OperatorKind::ProjectRename),
        Just(OperatorKind::Distinct(vec![])),
        assignments().prop_map(OperatorKind::Distinct),
        expr().prop_map(OperatorKind::Take),
        vec(key(), 1..3).prop_map(OperatorKind::Sort),
        (expr(), key()).prop_map(|(count, key)| OperatorKind::Top(count, key)),
        option::of(name()).prop_map(OperatorKind::Count),
    ];
    kind.prop_map(|kind| Operator { kind, span: SPAN })
}

fn datatable() -> impl Strategy<Value = Source> {
    let r#type = select(vec![Type::Bool, Type::Int, Type::Real, Type::String, Type::Dynamic, Type::Guid]);
    let cells = vec(literal().prop_map(|literal| Expr::new(ExprKind::Literal(literal), SPAN)), 0..3);
    (name(), r#type, cells).prop_map(|(name, r#type, cells)| Source::Datatable(vec![(name, r#type)], cells))
}

fn pipeline() -> impl Strategy<Value = Pipeline> {
    let source =
        prop_oneof![name().prop_map(Source::Table), datatable(), assignments().prop_map(Source::Print)];
    let pipeline =
        (source, vec(operator(), 0..3)).prop_map(|(source, operators)| Pipeline { source, operators });
    pipeline.prop_recursive(2, 3, 1, |inner| {
        let inner = inner.prop_map(|inner| Source::Parenthesized(inner.into()));
        (inner, vec(operator(), 0..2)).prop_map(|(source, operators)| Pipeline { source, operators })
    })
}

fn declared() -> impl Strategy<Value = Let> {
    let is_table = |pipeline: &Pipeline| {
        !pipeline.operators.is_empty() || matches!(pipeline.source, Source::Print(_) | Source::Datatable(..))
    };
    let table =
        pipeline().prop_filter("a name or parentheses can be a scalar", is_table).prop_map(LetValue::Table);
    let value = prop_oneof![expr().prop_map(LetValue::Scalar), table];
    (name(), value).prop_map(|(name, value)| Let { name, value })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(500))]

    #[test]
    fn a_tree_is_what_its_text_is(lets in vec(declared(), 0..3), pipeline in pipeline()) {
        let query = Query::new(lets, pipeline);
        let text = query.to_string();
        let parsed = text.parse::<Query>().unwrap_or_else(|said| panic!("{text}\n{said}"));
        prop_assert_eq!(&parsed, &query, "{}", text);
        prop_assert_eq!(parsed.to_string(), text);
    }
}
