//! Simpler texts.

use serde_json::Value as Json;

use super::list::shorter;

/// The longest texts from which any two characters are removed together, not only
/// adjacent ones, because quotes come in pairs.
const MAX_PAIRS_LEN: usize = 20;

/// What a character may be replaced with, the simplest first.
const PLAIN: [char; 6] = ['a', 'b', '1', '.', ' ', 'A'];

/// Every text that is one step simpler.
pub(crate) fn simpler_text(text: &str) -> impl Iterator<Item = String> + use<> {
    let all: Vec<char> = text.chars().collect();
    let fewer = shorter(&all).chain(without_two(all.clone()));
    let plainer = (0..all.len()).flat_map(move |at| {
        let all = all.clone();
        plainer(all[at]).into_iter().map(move |plain| {
            let mut all = all.clone();
            all[at] = plain;
            all
        })
    });
    fewer.chain(plainer).map(String::from_iter)
}

fn without_two(all: Vec<char>) -> impl Iterator<Item = Vec<char>> {
    let count = if all.len() <= MAX_PAIRS_LEN { all.len() } else { 0 };
    let pairs = (0..count).flat_map(move |a| (a + 2..count).map(move |b| (a, b)));
    pairs.map(move |(a, b)| {
        let kept = all.iter().enumerate().filter(|(at, _)| *at != a && *at != b);
        kept.map(|(_, c)| *c).collect()
    })
}

/// The characters that are simpler than this one.
fn plainer(c: char) -> Vec<char> {
    let own = [c.to_ascii_lowercase(), '-'];
    let mut plain: Vec<char> =
        PLAIN.into_iter().chain(own).filter(|other| effort(*other) < effort(c)).collect();
    plain.dedup();
    plain
}

/// How hard a character is to read.
pub(super) fn effort(c: char) -> (u32, u32) {
    let group = match c {
        'a'..='z' => 0,
        '0'..='9' => 1,
        '.' | ' ' => 2,
        'A'..='Z' => 3,
        '!'..='~' => 4,
        c if c.is_ascii() => 5,
        _ => 6,
    };
    (group, u32::from(c))
}

/// The same range removed from both texts, counted from the front and from the back.
pub(super) fn in_both_texts(args: &[Json]) -> impl Iterator<Item = Vec<Json>> {
    let texts = match args {
        [Json::String(a), Json::String(b)] => vec![a.chars().collect(), b.chars().collect()],
        _ => vec![],
    };
    let longest = texts.iter().map(|text: &Vec<char>| text.len()).min().unwrap_or(0);
    let ranges = (0..longest).flat_map(move |from| (1..=longest - from).rev().map(move |len| (from, len)));
    ranges.flat_map(move |(from, length)| {
        let without = |text: &Vec<char>, from: usize| -> Json {
            let (front, rest) = text.split_at(from);
            Json::from(front.iter().chain(&rest[length..]).collect::<String>())
        };
        let front = texts.iter().map(|text| without(text, from)).collect();
        let back = texts.iter().map(|text| without(text, text.len() - length - from)).collect();
        [front, back]
    })
}

/// One character removed from all texts, or simplified in all of them.
pub(super) fn in_all_texts(args: &[Json]) -> impl Iterator<Item = Vec<Json>> {
    let mut characters = vec![];
    for_texts(&mut args.to_vec(), &mut |text| characters.extend(text.chars()));
    characters.sort_unstable();
    characters.dedup();
    let changes = characters.into_iter().flat_map(|c| {
        let plainer = plainer(c).into_iter().map(String::from);
        std::iter::once(String::new()).chain(plainer).map(move |to| (c, to))
    });
    changes.map(|(c, to)| {
        let mut args = args.to_vec();
        for_texts(&mut args, &mut |text| *text = text.replace(c, &to));
        args
    })
}

fn for_texts(values: &mut [Json], change: &mut dyn FnMut(&mut String)) {
    for value in values {
        match value {
            Json::String(text) => change(text),
            Json::Array(elements) => for_texts(elements, change),
            Json::Null | Json::Bool(_) | Json::Number(_) | Json::Object(_) => {}
        }
    }
}
