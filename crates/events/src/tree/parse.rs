//! Parses JSON texts, with all values or only those that decide.

use std::borrow::Cow;
use std::cell::RefCell;
use std::collections::BTreeSet;
use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, Error as _, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::value::RawValue;
use serde_json::{Error, Value as Json};

use super::candidate::{self, Candidate};
use super::{Members, Node, bare_name};
use crate::json::value_count;
use crate::name_set::{NameSet, NameTrace};
use crate::value::{Key, Value};

/// The maximum number of members of an object. It limits the work on a malicious object.
const MAX_MEMBERS: usize = 1_000;

/// For how many members there is room at first.
const EXPECTED_MEMBERS: usize = 8;

/// The names that an object has more than once, at any depth.
pub(crate) type Repeated = BTreeSet<String>;

/// A parsed JSON text, and the names that an object in it has more than once. The last value of such a
/// name counts.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Parsed<T> {
    pub(crate) value: T,
    pub(crate) repeated: Repeated,
}

/// The members of an object that decide what it is.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Decisive<'a> {
    pub(crate) members: Members<'a>,
    /// The texts of all members, also of those that are not kept, that may be events.
    pub(crate) candidates: Vec<Candidate<'a>>,
    /// Whether a name that decides is there more than once.
    pub(crate) is_repeated: bool,
}

/// Parses an object. Of a name that it has more than once, only the last value is there.
///
/// # Errors
///
/// Returns an error if the text is not a JSON object, if an object has more than 1,000 members, or
/// if there are more than 100,000 values at any depth.
///
/// Spec: TEL-52, TEL-72, TEL-107
pub(crate) fn parse(text: &str) -> Result<Parsed<Members<'_>>, Error> {
    let repeated = RefCell::default();
    let value = parse_with(text, Kept::everything(&repeated))?;
    Ok(Parsed { value, repeated: repeated.into_inner() })
}

/// Parses an object. Keeps only members with these names, at any depth, and the objects that they are in.
///
/// Members that are not kept are validated too, so whether an object can be parsed does not depend on
/// the set.
///
/// # Errors
///
/// Returns the same errors as [`parse`].
pub(crate) fn parse_decisive<'a>(text: &'a str, names: &NameSet) -> Result<Decisive<'a>, Error> {
    let (candidates, repeated) = (RefCell::default(), RefCell::default());
    let members = parse_with(
        text,
        Kept {
            names: Some(names),
            candidates: Some(&candidates),
            text,
            has_lines: candidate::may_be_lines(text.as_bytes()),
            repeated: &repeated,
        },
    )?;
    let is_repeated = !repeated.into_inner().is_empty();
    Ok(Decisive { members, candidates: candidates.into_inner(), is_repeated })
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
pub(crate) fn parse_any(text: &str) -> Result<Parsed<Node<'_>>, Error> {
    value_count::check(text)?;
    let repeated = RefCell::default();
    let mut input = serde_json::Deserializer::from_str(text);
    let root = NodeSeed::root(Kept::everything(&repeated)).deserialize(&mut input)?;
    input.end()?;
    Ok(Parsed { value: root.unwrap_or(Node::List(vec![])), repeated: repeated.into_inner() })
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
    /// Where the names are put that an object has more than once.
    repeated: &'s RefCell<Repeated>,
}

impl<'s> Kept<'s, '_> {
    fn everything(repeated: &'s RefCell<Repeated>) -> Self {
        Self { names: None, candidates: None, text: "", has_lines: false, repeated }
    }
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

    /// Removes the member with this key, if there is one, because another one follows.
    ///
    /// Spec: TEL-107
    #[cold]
    fn remove_earlier(self, members: &mut Members<'a>, key: &str) {
        if let Some(at) = members.iter().position(|(other, _)| other == key) {
            members.remove(at);
            self.kept.repeated.borrow_mut().insert(key.to_owned());
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
        let mut trace = NameTrace::default();
        // Whether an object with members that are kept has a name that is not.
        let mut has_others = false;
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
            if (node.is_some() || has_others) && trace.insert(&key) {
                self.remove_earlier(&mut members, &key);
            }
            let Some(node) = node else {
                continue;
            };
            has_others |= !is_kept;
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
