//! A JSON object as a tree of values, with all of them or only those that decide what it is.

pub(crate) mod candidate;

use std::borrow::Cow;
use std::cell::RefCell;
use std::{fmt, iter};

use serde::de::{DeserializeSeed, Deserializer, Error as _, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::value::RawValue;
use serde_json::{Error, Value as Json};

use super::value::{Key, Value};
use crate::json::value_count;
use crate::name_set::NameSet;
use candidate::Candidate;

/// The maximum number of members of an object. It limits the work on a malicious object.
const MAX_MEMBERS: usize = 1_000;

/// For how many members there is room at first.
const EXPECTED_MEMBERS: usize = 8;

/// The members of an object in their order.
pub(super) type Members<'a> = Vec<(Cow<'a, str>, Node<'a>)>;

/// A value of a JSON text.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Node<'a> {
    /// A text, a number, a truth value or null.
    Leaf(Value<'a>),
    List(Vec<Node<'a>>),
    Object(Members<'a>),
}

/// The members of an object that decide what it is.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Decisive<'a> {
    pub(super) members: Members<'a>,
    /// The texts of all members, also of those that are not kept, that may be events.
    pub(super) candidates: Vec<Candidate<'a>>,
}

/// Parses an object.
///
/// # Errors
///
/// Returns an error if the text is not a JSON object, if an object has more than 1,000 members, or
/// if there are more than 100,000 values at any depth.
///
/// Spec: TEL-52, TEL-72
pub(super) fn parse(text: &str) -> Result<Members<'_>, Error> {
    parse_with(text, Kept::EVERYTHING)
}

/// Parses an object. Keeps only members with these names, at any depth, and the objects that they are in.
///
/// Members that are not kept are validated too, so whether an object can be parsed does not depend on
/// the set.
///
/// # Errors
///
/// Returns the same errors as [`parse`].
pub(super) fn parse_decisive<'a>(text: &'a str, names: &NameSet) -> Result<Decisive<'a>, Error> {
    let candidates = RefCell::default();
    let members = parse_with(
        text,
        Kept {
            names: Some(names),
            candidates: Some(&candidates),
            text,
            has_lines: candidate::may_be_lines(text.as_bytes()),
        },
    )?;
    Ok(Decisive { members, candidates: candidates.into_inner() })
}

fn parse_with<'a>(text: &'a str, kept: Kept<'_, 'a>) -> Result<Members<'a>, Error> {
    value_count::check(text)?;
    let mut input = serde_json::Deserializer::from_str(text);
    let root = input.deserialize_map(NodeSeed::root(kept))?;
    input.end()?;
    match root {
        Some(Node::Object(members)) => Ok(members),
        Some(Node::Leaf(_) | Node::List(_)) | None => Ok(vec![]),
    }
}

/// Parses any JSON text.
///
/// # Errors
///
/// Returns the same errors as [`parse`].
pub(super) fn parse_any(text: &str) -> Result<Node<'_>, Error> {
    value_count::check(text)?;
    let mut input = serde_json::Deserializer::from_str(text);
    let root = NodeSeed::root(Kept::EVERYTHING).deserialize(&mut input)?;
    input.end()?;
    Ok(root.unwrap_or(Node::List(vec![])))
}

impl<'a> Node<'a> {
    /// The value at a path below an object. A member whose key is a whole path is at that path too. If
    /// several are at the same path, the last one counts. The elements of a list are counted from 0.
    ///
    /// Spec: TEL-53
    pub(super) fn find<'t>(members: &'t Members<'a>, path: &str) -> Option<&'t Node<'a>> {
        let first = path.as_bytes().first();
        let candidates = members.iter().rev().filter(|(key, _)| key.as_bytes().first() == first);
        let found = candidates.into_iter().find_map(|(key, node)| match path.strip_prefix(&**key)? {
            "" => Some(node),
            rest => node.below(rest.strip_prefix('.')?),
        });
        found.or_else(|| separate_attribute(members, path))
    }

    /// The value at a path below an object, if it has one that is not empty.
    pub(super) fn find_value<'t>(members: &'t Members<'a>, path: &str) -> Option<&'t Node<'a>> {
        Self::find(members, path).filter(|node| !node.is_empty())
    }

    /// The value at a path below this value.
    fn below(&self, path: &str) -> Option<&Self> {
        match self {
            Self::Object(members) => Self::find(members, path).or_else(|| attribute(members, path)),
            // An exporter that knows no attributes writes the only one as the text.
            Self::Leaf(value) => (path.starts_with('@') && !value.is_empty()).then_some(self),
            Self::List(list) => {
                let (index, rest) = path.split_once('.').unwrap_or((path, ""));
                let element = list.get(index.parse::<usize>().ok()?)?;
                if rest.is_empty() { Some(element) } else { element.below(rest) }
            }
        }
    }

    /// The text of a value. That of an object is its text as an element of XML, or `""` if it has none.
    pub(super) fn text(&self) -> Cow<'_, str> {
        match self {
            Self::Leaf(value) => value.text(),
            Self::Object(members) => element_text(members).map(Self::text).unwrap_or_default(),
            // Elasticsearch can write every value as a list.
            Self::List(list) => match &list[..] {
                [Self::Leaf(value)] => value.text(),
                _ => Cow::Owned(self.to_json().to_string()),
            },
        }
    }

    /// Whether this is null, an empty text, or an element without a text.
    pub(super) fn is_empty(&self) -> bool {
        match self {
            Self::Leaf(value) => value.is_empty(),
            Self::Object(members) => element_text(members).is_none_or(Self::is_empty),
            Self::List(list) => list.is_empty(),
        }
    }

    pub(super) fn is_null(&self) -> bool {
        matches!(self, Self::Leaf(Value::Other(json)) if json.is_null())
    }

    pub(super) fn to_json(&self) -> Json {
        match self {
            Self::Leaf(Value::Text(text) | Value::LocalTime(text)) => Json::from(&**text),
            Self::Leaf(Value::Other(json)) => Json::clone(json),
            Self::List(list) => list.iter().map(Self::to_json).collect(),
            Self::Object(members) => {
                members.iter().map(|(key, node)| (key.to_string(), node.to_json())).collect()
            }
        }
    }

    /// The value of a cell.
    pub(super) fn value(&self) -> Cow<'_, Value<'a>> {
        match self {
            Self::Leaf(value) => Cow::Borrowed(value),
            Self::List(_) | Self::Object(_) => Cow::Owned(Value::from(self.to_json())),
        }
    }
}

/// The text of an object that is an element of XML.
pub(super) fn element_text<'t, 'a>(members: &'t Members<'a>) -> Option<&'t Node<'a>> {
    let is_text = |key: &str| matches!(key, "#text" | "text" | "Value" | "value" | "_");
    members.iter().find(|(key, node)| is_text(key) && matches!(node, Node::Leaf(_))).map(|(_, node)| node)
}

/// The attribute of an element, `@Name`, by one of the names that exporters give it.
///
/// Spec: TEL-102
pub(super) fn attribute<'t, 'a>(element: &'t Members<'a>, path: &str) -> Option<&'t Node<'a>> {
    let name = path.strip_prefix('@')?;
    let grouped = || {
        ["#attributes", "$", "@attributes", "attributes"].iter().find_map(|group| {
            match Node::find(element, group)? {
                Node::Object(attributes) => Node::find(attributes, name),
                Node::Leaf(_) | Node::List(_) => None,
            }
        })
    };
    grouped().or_else(|| Node::find(element, name))
}

/// The attribute of an element that is beside it: `Provider_attributes` has those of `Provider`.
///
/// Spec: TEL-102
fn separate_attribute<'t, 'a>(members: &'t Members<'a>, path: &str) -> Option<&'t Node<'a>> {
    // Few objects have such a member.
    let mut attributes =
        members.iter().filter_map(|(key, node)| Some((key.strip_suffix("_attributes")?, node)));
    let first = attributes.next()?;
    let (element, name) = path.split_once(".@")?;
    let (_, attributes) = iter::once(first).chain(attributes).find(|(key, _)| *key == element)?;
    match attributes {
        Node::Object(attributes) => Node::find(attributes, name),
        Node::Leaf(_) | Node::List(_) => None,
    }
}

/// What is kept of an object.
#[derive(Clone, Copy)]
struct Kept<'s, 'a> {
    /// The names of the members that are kept, or `None` for all.
    names: Option<&'s NameSet>,
    /// Where the texts are put that may be events.
    candidates: Option<&'s RefCell<Vec<Candidate<'a>>>>,
    /// The text of the object.
    text: &'a str,
    /// Whether the lines of an event may be in it.
    has_lines: bool,
}

impl Kept<'_, '_> {
    const EVERYTHING: Self = Self { names: None, candidates: None, text: "", has_lines: false };
}

/// Deserializes a value. Returns `None` if it is not kept.
#[derive(Clone, Copy)]
struct NodeSeed<'s, 'a> {
    kept: Kept<'s, 'a>,
    /// Whether this value is kept, whatever it is.
    is_kept: bool,
}

impl<'s, 'a> NodeSeed<'s, 'a> {
    /// Deserializes the root of a text.
    fn root(kept: Kept<'s, 'a>) -> Self {
        Self { kept, is_kept: true }
    }

    fn leaf<E>(self, json: impl Into<Json>) -> Result<Option<Node<'a>>, E> {
        Ok(self.is_kept.then(|| Node::Leaf(Value::Other(Box::new(json.into())))))
    }

    /// Notes the content of a text if it may be an event.
    fn note(self, content: &str, candidate: impl FnOnce() -> Candidate<'a>) {
        if let Some(candidates) = self.kept.candidates
            && (candidate::may_begin_event(content)
                || self.kept.has_lines && candidate::may_be_lines(content.as_bytes()))
        {
            candidates.borrow_mut().push(candidate());
        }
    }

    /// Reads the value of a key that is not kept. A text is skipped, which takes less time.
    ///
    /// A lone surrogate in it is not an error here, because the caller replaces it before the object is
    /// deserialized.
    fn skip<M: MapAccess<'a>>(self, key: &Cow<'a, str>, map: &mut M) -> Result<Option<Node<'a>>, M::Error> {
        let value = match key {
            Cow::Borrowed(key) => value_after(self.kept.text, key),
            Cow::Owned(_) => None,
        };
        let Some(content) = value.and_then(|value| value.strip_prefix('"')) else {
            return map.next_value_seed(self);
        };
        if self.kept.has_lines {
            let text: &'a RawValue = map.next_value()?;
            self.note(text.get().strip_prefix('"').unwrap_or_default(), || Candidate::Raw(text.get()));
        } else {
            self.note(content, || Candidate::Raw(value.unwrap_or_default()));
            map.next_value::<IgnoredAny>()?;
        }
        Ok(None)
    }
}

/// What follows a key in the text that it is from, from its value on.
fn value_after<'a>(text: &'a str, key: &'a str) -> Option<&'a str> {
    let start = (key.as_ptr() as usize).checked_sub(text.as_ptr() as usize)?;
    let rest = text.get(start.checked_add(key.len())?..)?;
    Some(rest.strip_prefix('"')?.trim_ascii_start().strip_prefix(':')?.trim_ascii_start())
}

impl<'a> DeserializeSeed<'a> for NodeSeed<'_, 'a> {
    type Value = Option<Node<'a>>;

    fn deserialize<D: Deserializer<'a>>(self, input: D) -> Result<Self::Value, D::Error> {
        input.deserialize_any(self)
    }
}

impl<'a> Visitor<'a> for NodeSeed<'_, 'a> {
    type Value = Option<Node<'a>>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_borrowed_str<E>(self, text: &'a str) -> Result<Self::Value, E> {
        self.note(text, || Candidate::Decoded(Cow::Borrowed(text)));
        Ok(self.is_kept.then_some(Node::Leaf(Value::Text(Cow::Borrowed(text)))))
    }

    fn visit_str<E>(self, text: &str) -> Result<Self::Value, E> {
        self.note(text, || Candidate::Decoded(Cow::Owned(text.to_owned())));
        Ok(self.is_kept.then(|| Node::Leaf(Value::Text(Cow::Owned(text.to_owned())))))
    }

    fn visit_unit<E>(self) -> Result<Self::Value, E> {
        self.leaf(())
    }

    fn visit_bool<E>(self, value: bool) -> Result<Self::Value, E> {
        self.leaf(value)
    }

    fn visit_i64<E>(self, value: i64) -> Result<Self::Value, E> {
        self.leaf(value)
    }

    fn visit_u64<E>(self, value: u64) -> Result<Self::Value, E> {
        self.leaf(value)
    }

    fn visit_f64<E>(self, value: f64) -> Result<Self::Value, E> {
        self.leaf(value)
    }

    fn visit_map<M: MapAccess<'a>>(self, mut map: M) -> Result<Self::Value, M::Error> {
        let mut members = Members::new();
        let mut count = 0;
        while let Some(Key(key)) = map.next_key()? {
            count += 1;
            if count > MAX_MEMBERS {
                return Err(M::Error::custom(format_args!("an object of more than {MAX_MEMBERS} values")));
            }
            let (key, is_local) = match key.as_bytes().last() {
                Some(b']') => without_zone(&key),
                Some(_) | None => (key, false),
            };
            let is_kept = self.kept.names.is_none_or(|names| names.contains(&key));
            let seed = NodeSeed { kept: self.kept, is_kept };
            let node = if is_kept { map.next_value_seed(seed)? } else { seed.skip(&key, &mut map)? };
            let Some(node) = node else {
                continue;
            };
            if members.is_empty() {
                members.reserve(EXPECTED_MEMBERS);
            }
            members.push(match node {
                Node::Leaf(Value::Text(text)) if is_local => (key, Node::Leaf(Value::LocalTime(text))),
                node => (key, node),
            });
        }
        Ok((self.is_kept || !members.is_empty()).then_some(Node::Object(members)))
    }

    fn visit_seq<S: SeqAccess<'a>>(self, mut list: S) -> Result<Self::Value, S::Error> {
        let names = self.kept.names.filter(|_| !self.is_kept);
        let mut nodes = vec![];
        let seed = NodeSeed { kept: Kept { names, ..self.kept }, is_kept: self.is_kept };
        while let Some(node) = list.next_element_seed(seed)? {
            nodes.extend(node);
        }
        Ok((self.is_kept || !nodes.is_empty()).then_some(Node::List(nodes)))
    }
}

/// Returns `TimeGenerated` for `TimeGenerated [UTC]` and for `TimeGenerated [Local Time]`, and whether
/// its values are in local time.
///
/// Spec: TEL-61
fn without_zone<'a>(key: &str) -> (Cow<'a, str>, bool) {
    let (name, is_local) = bare_name(key);
    (Cow::Owned(name.to_owned()), is_local)
}

/// Returns the name of a column without the zone that follows it, and whether that is the local one.
///
/// Spec: TEL-61
pub(super) fn bare_name(name: &str) -> (&str, bool) {
    match name.strip_suffix(" [Local Time]") {
        Some(bare) => (bare, true),
        None => (name.strip_suffix(" [UTC]").unwrap_or(name), false),
    }
}
