//! The named values of an event, in whatever form an export has them.

use std::borrow::Cow;

use super::{message, names, template};
use crate::shapes::{Extra, Shapes, first_lowercase};
use crate::tree::{self, Members, Node, Repeated, element_text};
use crate::value::Value;
use crate::{Source, windows_event, xml};

/// The maximum number of values of an event.
const MAX_VALUES: usize = 1_000;

/// How often data may be a text in data that are a text.
const MAX_NESTING: usize = 2;

/// A name and a value.
pub(super) type Pair<'t> = (Cow<'t, str>, Cow<'t, str>);

/// The named values of an event.
#[derive(Debug, Default)]
pub(super) struct Data<'t, 'a> {
    /// If several have the same name, the last one counts.
    pairs: Vec<Pair<'t>>,
    /// An object whose members are further values.
    object: Option<&'t Members<'a>>,
    ambiguous: Option<&'static str>,
    /// The names that an object in a text has more than once.
    pub(super) repeated: Repeated,
}

impl<'t, 'a> Data<'t, 'a> {
    /// The data of an event, from the first place that has the program, or else from the first place
    /// that has any.
    ///
    /// Spec: TEL-98
    pub(super) fn of(event: &'t Members<'a>, source: Source, shapes: &Shapes) -> Self {
        let program = windows_event::program_name(source);
        let mut first: Option<Self> = None;
        for path in &shapes.event.data {
            let is_escaped = shapes.event.escaped.contains(path);
            let mut repeated = Repeated::new();
            let data = match plain_object(event, path) {
                _ if path == "." => Self::of_pairs(beside(event, source), false),
                _ if event.iter().all(|(key, _)| !is_related(key, path)) => continue,
                Some(object) if !is_escaped => Self { object: Some(object), ..Self::default() },
                Some(_) | None => Self::of_pairs(pairs_at(event, path, source, &mut repeated), is_escaped),
            };
            let data = Self { repeated, ..data };
            if data.get(program).is_some() {
                return data;
            }
            let has_values = path != "." && data.names().next().is_some();
            first = first.or(Some(data).filter(|_| has_values));
        }
        first.unwrap_or_default()
    }

    fn of_pairs(pairs: Vec<Pair<'t>>, is_escaped: bool) -> Self {
        let mut data = Self { pairs, ..Self::default() };
        if is_escaped {
            data.unescape();
        }
        data
    }

    /// The value with this name. Some exporters write names with a small first letter.
    pub(super) fn get(&self, name: &str) -> Option<Cow<'_, str>> {
        self.get_exactly(name).or_else(|| self.get_exactly(&first_lowercase(name)))
    }

    fn get_exactly(&self, name: &str) -> Option<Cow<'_, str>> {
        if let Some((_, value)) = self.pairs.iter().rev().find(|(other, _)| other == name) {
            return Some(Cow::Borrowed(value));
        }
        let (_, node) = self.object?.iter().rev().find(|(other, _)| other == name)?;
        // Null is no value.
        Some(node.text()).filter(|_| !node.is_null())
    }

    /// The names of all values.
    pub(super) fn names(&self) -> impl Iterator<Item = &str> {
        let members = self.object.into_iter().flatten().map(|(name, _)| &**name);
        members.chain(self.pairs.iter().map(|(name, _)| &**name))
    }

    /// Adds values with these names that the data lack, or have without a text, from other members of the
    /// event.
    ///
    /// Spec: TEL-98
    pub(super) fn fill(
        &mut self,
        event: &'t Members<'a>,
        names: &[&'static str],
        source: Source,
        shapes: &Shapes,
    ) {
        let extra = match source {
            Source::Security => &shapes.security,
            Source::Sysmon | Source::Defender => &shapes.sysmon,
        };
        for name in names {
            if self.get(name).is_none_or(|value| value.is_empty())
                && let Some(value) = extra_value(event, extra, name)
            {
                self.pairs.push((Cow::Borrowed(*name), value));
            }
        }
    }

    /// Adds the values that the data lack from the message of the event.
    ///
    /// Spec: TEL-98
    pub(super) fn fill_from_message(&mut self, event: &'t Members<'a>, source: Source, shapes: &Shapes) {
        // In a flat event, the description is that of the program.
        let is_message =
            |path: &&String| source == Source::Security || !path.eq_ignore_ascii_case("Description");
        for path in shapes.event.message.iter().filter(is_message) {
            let Some(message) = Node::find_value(event, path) else {
                continue;
            };
            let text = message.text();
            let text = match shapes.event.escaped.contains(path) {
                true => Cow::Owned(unescaped(text.trim_matches('"'))),
                false => text,
            };
            match message::values(&text, source) {
                Ok(values) => {
                    let lacking = values.into_iter().filter(|(name, _)| self.get(name).is_none());
                    let lacking: Vec<Pair<'t>> =
                        lacking.map(|(name, value)| (Cow::Borrowed(name), Cow::Owned(value))).collect();
                    self.pairs.extend(lacking);
                }
                Err(label) => self.ambiguous = Some(label),
            }
            return;
        }
    }

    /// The label that the message has more than once, so that nothing was taken from it.
    pub(super) fn ambiguous(&self) -> Option<&'static str> {
        self.ambiguous
    }

    /// Removes the backslash before each backslash and quote.
    ///
    /// Spec: TEL-98
    fn unescape(&mut self) {
        for (_, value) in &mut self.pairs {
            if value.contains('\\') {
                *value = Cow::Owned(unescaped(value));
            }
        }
    }

    /// The values with the names that Windows gives them, those that count first.
    pub(super) fn into_pairs(self) -> Vec<(String, String)> {
        let members = self.object.into_iter().flatten().rev();
        let members = members.map(|(name, node)| (Cow::Borrowed(&**name), node.text()));
        let pairs = self.pairs.into_iter().rev().chain(members);
        pairs.map(|(name, value)| (first_uppercase(name), value.into_owned())).collect()
    }
}

/// Whether a member with this key can have a value at a path, or below it.
fn is_related(key: &str, path: &str) -> bool {
    if key.as_bytes().first() != path.as_bytes().first() {
        return false;
    }
    let (shorter, longer) = if key.len() < path.len() { (key, path) } else { (path, key) };
    longer.strip_prefix(shorter).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
}

/// The object at a path, if its members are the data, and no other member belongs to them.
fn plain_object<'t, 'a>(event: &'t Members<'a>, path: &str) -> Option<&'t Members<'a>> {
    let mut related = event.iter().filter(|(key, _)| is_related(key, path));
    let (key, node) = related.next().filter(|_| related.next().is_none())?;
    let Node::Object(members) = node else {
        return None;
    };
    match path.strip_prefix(&**key)?.strip_prefix('.') {
        Some(rest) => plain_object(members, rest),
        None => {
            let is_plain = |key: &str| {
                !matches!(key, "Data" | "EventData" | "UserData") && !key.starts_with(['@', '#', '$'])
            };
            (members.len() <= MAX_VALUES && members.iter().all(|(key, _)| is_plain(key))).then_some(members)
        }
    }
}

fn unescaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut chars = text.chars().peekable();
    while let Some(char) = chars.next() {
        let is_escape = char == '\\' && chars.peek().is_some_and(|next| matches!(next, '\\' | '"'));
        out.push(if is_escape { chars.next().unwrap_or(char) } else { char });
    }
    out
}

fn first_uppercase(name: Cow<'_, str>) -> String {
    let mut letters = name.chars();
    letters.next().into_iter().flat_map(char::to_uppercase).chain(letters).collect()
}

/// A value that is not among the data.
fn extra_value<'t>(event: &'t Members<'_>, extra: &Extra, name: &str) -> Option<Cow<'t, str>> {
    let part = |path| Node::find_value(event, path).map(Node::text);
    extra.get(name)?.iter().find_map(|path| match path.split_once('\\') {
        None => part(path),
        Some((domain, account)) => {
            let account = part(account)?;
            let domain = part(domain).map_or_else(String::new, |domain| format!("{domain}\\"));
            Some(Cow::Owned(domain + &account))
        }
    })
}

/// The values of a flattened event: those that are beside its provider, channel and so on.
fn beside<'t>(event: &'t Members<'_>, source: Source) -> Vec<Pair<'t>> {
    let known = names(source);
    let is_leaf = |node: &Node<'_>| match node {
        Node::Leaf(_) => !node.is_null(),
        Node::List(list) => matches!(&list[..], [Node::Leaf(_)]),
        Node::Object(_) => false,
    };
    let leaves = event.iter().filter(|(key, node)| is_leaf(node) && known.contains(&&**key));
    leaves.map(|(key, node)| (Cow::Borrowed(&**key), node.text())).collect()
}

/// The pairs of data in any form at a path. A member whose key begins with the path belongs to them.
///
/// Spec: TEL-53
fn pairs_at<'t>(
    event: &'t Members<'_>,
    path: &str,
    source: Source,
    repeated: &mut Repeated,
) -> Vec<Pair<'t>> {
    let belongs = |(key, node): &'t (Cow<'_, str>, Node<'_>)| -> Vec<Pair<'t>> {
        if **key == *path {
            return pairs(node, source, 0, repeated);
        }
        if let Some(name) = key.strip_prefix(path).and_then(|rest| rest.strip_prefix('.')) {
            return vec![(Cow::Borrowed(name), node.text())];
        }
        match (path.strip_prefix(&**key).and_then(|rest| rest.strip_prefix('.')), node) {
            (Some(rest), Node::Object(members)) => pairs_at(members, rest, source, repeated),
            (Some(_), Node::Leaf(_) | Node::List(_)) | (None, _) => vec![],
        }
    };
    event.iter().flat_map(belongs).take(MAX_VALUES).collect()
}

/// The pairs of data in any form.
///
/// Spec: TEL-98
fn pairs<'t>(node: &'t Node<'_>, source: Source, nesting: usize, repeated: &mut Repeated) -> Vec<Pair<'t>> {
    match node {
        Node::Leaf(Value::Text(text)) => pairs_of_text(text, source, nesting, repeated),
        Node::Leaf(Value::Other(_) | Value::LocalTime(_)) => vec![],
        Node::List(list) => pairs_of_list(list, source),
        Node::Object(members) => {
            let inner = members.iter().flat_map(|(key, node)| match (&**key, node) {
                ("EventData" | "UserData", Node::Object(_) | Node::List(_)) => {
                    pairs(node, source, nesting, repeated)
                }
                ("Data", Node::Object(_)) => pairs_of_list(std::slice::from_ref(node), source),
                ("Data", Node::List(list)) => pairs_of_list(list, source),
                ("EventData", Node::Leaf(Value::Text(text))) => {
                    pairs_of_text(text, source, nesting, repeated)
                }
                (key, _) if key.starts_with(['@', '#', '$']) => vec![],
                (_, node) if node.is_null() => vec![],
                (_, node) => vec![(Cow::Borrowed(&**key), node.text())],
            });
            inner.take(MAX_VALUES).collect()
        }
    }
}

/// The pairs of a list of elements with names, or of texts of a known template.
fn pairs_of_list<'t>(list: &'t [Node<'_>], source: Source) -> Vec<Pair<'t>> {
    let named: Vec<Pair<'t>> = list.iter().take(MAX_VALUES).filter_map(named_pair).collect();
    if !named.is_empty() {
        return named;
    }
    let texts: Vec<Cow<'t, str>> = list.iter().take(MAX_VALUES).map(Node::text).collect();
    template::named(texts, source)
}

/// The name and the text of an element.
fn named_pair<'t>(element: &'t Node<'_>) -> Option<Pair<'t>> {
    let Node::Object(members) = element else {
        return None;
    };
    let name = tree::attribute(members, "@Name").or_else(|| Node::find(members, "@Name"))?;
    let text = element_text(members).map(Node::text).unwrap_or_default();
    Some((name.text(), text))
}

/// The pairs of data that are a text: JSON, or XML.
fn pairs_of_text<'t>(
    text: &'t str,
    source: Source,
    nesting: usize,
    repeated: &mut Repeated,
) -> Vec<Pair<'t>> {
    let trimmed = text.trim_start();
    if nesting >= MAX_NESTING {
        return vec![];
    }
    if trimmed.starts_with(['{', '[']) {
        let Ok(parsed) = tree::parse_any(text) else {
            return vec![];
        };
        repeated.extend(parsed.repeated);
        return owned(pairs(&parsed.value, source, nesting + 1, repeated));
    }
    if trimmed.starts_with('<') {
        let elements = xml::data(text).unwrap_or_default();
        if elements.iter().all(|(name, _)| name.is_empty()) {
            let texts = elements.into_iter().map(|(_, text)| Cow::Owned(text)).collect();
            return template::named(texts, source);
        }
        return elements.into_iter().map(|(name, text)| (Cow::Owned(name), Cow::Owned(text))).collect();
    }
    vec![]
}

fn owned<'t>(pairs: Vec<Pair<'_>>) -> Vec<Pair<'t>> {
    pairs
        .into_iter()
        .map(|(name, value)| (Cow::Owned(name.into_owned()), Cow::Owned(value.into_owned())))
        .collect()
}
