//! The search finds every misreading, and shows it by the shortest input there is or
//! nearly: by enumeration of all that are shorter.

use serde_json::{Map, Value as Json, json};

use super::asked::{Asked, Pair};
use super::causes::Inquiry;
use super::generate::Case;
use super::judge::agrees;
use super::{Engines, Plan, Watch, search};
use crate::engine::{Answer, Engine, Reference};
use crate::misreading::{Misreading, all};
use rulespec::Function;

/// How much longer than the shortest a question may be.
const LONGER: usize = 2;
/// The longest questions that are enumerated: beyond, there are too many.
const LONGEST: usize = 5;

/// The ten thousand questions of a seed with their right answers, the whole rule last.
fn questions(seed: u64) -> Vec<(Case, Answer)> {
    let cases = search::of_every_function(&Plan { seed, ..Plan::default() }, 10_000);
    let mut reference = Reference::default();
    let mut both: Vec<_> =
        cases.map(|case| (case.clone(), reference.ask(case.function.name(), &case.args))).collect();
    both.sort_by_key(|(case, _)| case.function == Function::BitsadminActivity);
    both
}

/// What shows a misreading first, made as simple as it can be. An answer that is right
/// under another alternative of an open point shows nothing.
fn simplest(misreading: &Misreading, questions: &[(Case, Answer)]) -> Option<Asked> {
    let mut engine = misreading.engine();
    let watch = Watch::default();
    let make = || -> Box<dyn Engine> { Box::new(misreading.engine()) };
    let mut inquiry = Inquiry::new(Pair::new(Engines { engine: &make, against: None }), &watch.stop);
    for (case, right) in questions {
        let got = engine.ask(case.function.name(), &case.args);
        if !agrees(right, &got) {
            inquiry.take(0, Asked { case: case.clone(), right: right.clone(), got });
        }
        if let Some(cause) = inquiry.causes.pop() {
            return Some(cause.asked);
        }
    }
    None
}

fn departs(misreading: &mut Reference, case: &Case) -> bool {
    let right = Reference::default().ask(case.function.name(), &case.args);
    !agrees(&right, &misreading.ask(case.function.name(), &case.args))
}

/// How long an argument is: its characters and digits, and one for every element.
fn length(value: &Json) -> usize {
    match value {
        Json::Null | Json::Bool(_) => 0,
        Json::Number(number) => number.to_string().len(),
        Json::String(text) => text.chars().count(),
        Json::Array(elements) => elements.iter().map(|element| 1 + length(element)).sum(),
        Json::Object(row) => row.iter().map(|(name, cell)| 1 + name.chars().count() + length(cell)).sum(),
    }
}

/// What may stand in an argument's place.
enum Kind {
    Own(Json),
    Text,
    Number,
    Truth,
    Any,
    List,
    Row,
    /// Names, all of them different.
    Columns,
    /// Names.
    Listed,
}

/// What the arguments of a function are; none where there are too many questions.
fn kinds(case: &Case) -> Option<Vec<Kind>> {
    use Kind::{Any, Columns, List, Listed, Number, Own, Row, Text, Truth};
    Some(match case.function {
        Function::EqCi | Function::Has | Function::IndexOf => vec![Text, Text],
        Function::HasAny => vec![Text, List],
        Function::ParseCommandLine => vec![Text, Own(case.args[1].clone())],
        Function::Substring if case.args.len() == 2 => vec![Text, Number],
        Function::Substring => vec![Text, Number, Number],
        Function::Element if case.args[0].is_null() => vec![Own(Json::Null), Number],
        Function::Element => vec![List, Number],
        Function::ToString if case.args.len() == 2 => case.args.iter().cloned().map(Own).collect(),
        Function::ToString => vec![Any],
        Function::Iff => vec![Truth, Any, Any],
        Function::ColumnIfExists => vec![Row, Text, Any],
        Function::ProjectReorder => vec![Columns, Listed],
        Function::Where | Function::Extend | Function::BitsadminActivity => return None,
    })
}

/// The characters of a question, and those that show something most often.
fn alphabet(case: &Case) -> Vec<char> {
    let own = |args: &[Json]| args.iter().filter_map(Json::as_str).collect::<String>();
    let more = match case.function {
        Function::ColumnIfExists | Function::ProjectReorder => "aAb".to_owned(),
        Function::ParseCommandLine => "a \"\\".to_owned() + &own(&case.args[..1]),
        Function::EqCi
        | Function::Has
        | Function::HasAny
        | Function::Element
        | Function::ToString
        | Function::IndexOf
        | Function::Substring
        | Function::Iff
        | Function::Where
        | Function::Extend
        | Function::BitsadminActivity => "aA .".to_owned() + &own(&case.args),
    };
    let mut all: Vec<char> = more.chars().collect();
    all.sort_unstable();
    all.dedup();
    all
}

fn texts(alphabet: &[char], length: usize) -> Vec<Json> {
    let longer = |texts: Vec<String>, _| {
        texts.iter().flat_map(|text| alphabet.iter().map(move |c| format!("{text}{c}"))).collect()
    };
    (0..length).fold(vec![String::new()], longer).into_iter().map(Json::from).collect()
}

/// The whole numbers of so many characters; of those of three and more, some.
fn numbers(length: usize) -> Vec<Json> {
    let most = |digits: usize| 10_i64.pow(u32::try_from(digits).unwrap()) - 1;
    let of = |digits: usize| match digits {
        0 => vec![],
        1 | 2 => (most(digits - 1) + 1..=most(digits)).collect(),
        _ => vec![most(digits - 1) + 1, most(digits)],
    };
    let below = of(length.saturating_sub(1)).into_iter().map(|number| -number);
    let zero = (length == 1).then_some(0);
    zero.into_iter().chain(of(length)).chain(below).map(Json::from).collect()
}

/// Every list of this length of elements that a kind allows.
fn lists(kind: &Kind, alphabet: &[char], length: usize) -> Vec<Vec<Json>> {
    if length == 0 {
        return vec![vec![]];
    }
    (1..=length)
        .flat_map(|first| {
            let rest = lists(kind, alphabet, length - first);
            let with = move |one: Json| {
                rest.iter().map(|rest| [std::slice::from_ref(&one), &rest[..]].concat()).collect::<Vec<_>>()
            };
            values(kind, alphabet, first - 1).into_iter().flat_map(with)
        })
        .collect()
}

fn is_each_once(names: &[Json]) -> bool {
    (1..names.len()).all(|at| !names[..at].contains(&names[at]))
}

fn rows(alphabet: &[char], length: usize) -> Vec<Json> {
    let row = |members: Vec<Json>| Json::Object(members.iter().filter_map(member).collect::<Map<_, _>>());
    let members = lists(&Kind::List, alphabet, length + length / 2);
    let pairs = members.into_iter().filter(|all| all.iter().all(|one| member(one).is_some()));
    pairs.map(row).filter(|row| self::length(row) == length).collect()
}

fn member(pair: &Json) -> Option<(String, Json)> {
    match pair.as_array()?.as_slice() {
        [Json::String(name), cell] if !name.is_empty() => Some((name.clone(), cell.clone())),
        _ => None,
    }
}

/// Every value of a kind and of this length.
fn values(kind: &Kind, alphabet: &[char], length: usize) -> Vec<Json> {
    let arrays = |kind: &Kind| lists(kind, alphabet, length).into_iter();
    match kind {
        Kind::Own(value) => {
            if length == 0 {
                vec![value.clone()]
            } else {
                vec![]
            }
        }
        Kind::Text => texts(alphabet, length),
        Kind::Number => numbers(length),
        Kind::Truth if length > 0 => vec![],
        Kind::Truth => vec![Json::Null, json!(false), json!(true)],
        Kind::Any => {
            let plain = [values(&Kind::Truth, alphabet, length), numbers(length), texts(alphabet, length)];
            plain.concat().into_iter().chain(arrays(&Kind::Any).map(Json::from)).collect()
        }
        Kind::List => arrays(&Kind::Any).map(Json::from).collect(),
        Kind::Row => rows(alphabet, length),
        Kind::Columns => arrays(&Kind::Text).filter(|names| is_each_once(names)).map(Json::from).collect(),
        Kind::Listed => arrays(&Kind::Text).map(Json::from).collect(),
    }
}

/// Every way to fill these places with so many characters together.
fn filled(kinds: &[Kind], alphabet: &[char], length: usize) -> Vec<Vec<Json>> {
    let Some((first, rest)) = kinds.split_first() else {
        return if length == 0 { vec![vec![]] } else { vec![] };
    };
    (0..=length)
        .flat_map(|own| {
            let rest = filled(rest, alphabet, length - own);
            let values = if rest.is_empty() { vec![] } else { values(first, alphabet, own) };
            values.into_iter().flat_map(move |value| {
                rest.iter().map(|rest| [std::slice::from_ref(&value), &rest[..]].concat()).collect::<Vec<_>>()
            })
        })
        .collect()
}

/// A question that shows a misreading too and is shorter than is allowed; of tables,
/// where there are too many, one a step simpler.
fn shorter(misreading: &Misreading, case: &Case) -> Option<Case> {
    let mut engine = misreading.engine();
    let Some(kinds) = kinds(case) else {
        return case.simpler().find(|case| departs(&mut engine, case));
    };
    let own = |(kind, arg): (&Kind, &Json)| if matches!(kind, Kind::Own(_)) { 0 } else { length(arg) };
    let length: usize = kinds.iter().zip(&case.args).map(own).sum();
    let alphabet = alphabet(case);
    (0..length.saturating_sub(LONGER).min(LONGEST + 1)).find_map(|length| {
        let questions = filled(&kinds, &alphabet, length).into_iter();
        questions.map(|args| Case { function: case.function, args }).find(|case| departs(&mut engine, case))
    })
}

/// What is wrong with how a seed's questions show the misreadings.
fn offences(seed: u64) -> Vec<String> {
    let questions = questions(seed);
    let offence = |misreading: &Misreading| {
        let Some(asked) = simplest(misreading, &questions) else {
            return Some(format!("{}: not found", misreading.name));
        };
        let shorter = shorter(misreading, &asked.case)?;
        Some(format!("{}, seed {seed}: {:?} where {shorter:?} would do", misreading.name, asked.case))
    };
    all().iter().filter_map(offence).collect()
}

#[test]
fn every_misreading_is_found_and_shown_by_the_shortest_input_or_nearly() {
    let offences = offences(7);
    assert!(offences.is_empty(), "{} of {}:\n{}", offences.len(), all().len(), offences.join("\n"));
}

/// `cargo test --profile thorough --lib -- --ignored other_seeds`
#[test]
#[ignore = "takes minutes where it is not optimised: see .ci/run"]
fn misreadings_are_shown_as_shortly_under_other_seeds() {
    let offences: Vec<String> = [1, 2].into_iter().flat_map(offences).collect();
    assert!(offences.is_empty(), "{}", offences.join("\n"));
}
