//! A JSON object as a tree of values, with all of them or only those that decide what it is.

pub(crate) mod candidate;
mod parse;

use std::borrow::Cow;
use std::iter;

use serde_json::Value as Json;

use super::value::Value;
pub(super) use parse::{Decisive, Parsed, Repeated, parse, parse_any, parse_decisive};

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

/// Returns the name of a column without the zone that follows it, and whether that is the local one.
///
/// Spec: TEL-61
pub(super) fn bare_name(name: &str) -> (&str, bool) {
    match name.strip_suffix(" [Local Time]") {
        Some(bare) => (bare, true),
        None => (name.strip_suffix(" [UTC]").unwrap_or(name), false),
    }
}
