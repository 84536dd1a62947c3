//! Texts in an object that are events themselves: JSON, XML, or lines of keys and values.

use std::borrow::Cow;
use std::ops::ControlFlow;

use base64::Engine;
use base64::prelude::BASE64_STANDARD as STANDARD;

use super::{MAX_DEPTH, Resolver};
use crate::tree::candidate::{Candidate, LINE_MARKS, is_base64_of_event, may_have_creation};
use crate::tree::{self, Members, Node};
use crate::value::Value;
use crate::{Item, Sink, windows_event, xml};

/// The maximum length of the lines before the message of an event.
const MAX_LINES_LEN: usize = 16 << 10;

/// How many texts an event may be nested in.
const MAX_NESTING: usize = 2;

impl Resolver<'_> {
    /// Reports the events in the texts of an object. Returns `None` if there are none.
    ///
    /// Spec: TEL-104
    pub(super) fn report_texts(&self, root: &Members<'_>, sink: &mut Sink<'_>) -> Option<ControlFlow<()>> {
        let mut reported = None;
        let mut level: Vec<&Node<'_>> = root.iter().map(|(_, node)| node).collect();
        for _ in 0..=MAX_DEPTH {
            let mut inner = vec![];
            for node in level {
                match node {
                    Node::Leaf(Value::Text(text)) => {
                        let flow = self.report_text(text, root, sink);
                        if flow.is_some_and(|flow| flow.is_break()) {
                            return flow;
                        }
                        reported = reported.or(flow);
                    }
                    Node::Leaf(Value::Other(_) | Value::LocalTime(_)) => {}
                    Node::List(list) => inner.extend(list),
                    Node::Object(members) => inner.extend(members.iter().map(|(_, node)| node)),
                }
            }
            if reported.is_some() {
                return reported;
            }
            level = inner;
        }
        None
    }

    /// What the texts of an event of another kind have, but for events that are no process creations
    /// either.
    ///
    /// Spec: TEL-104
    pub(super) fn creations_in_texts(&self, root: &Members<'_>) -> Vec<Item> {
        let mut items = vec![];
        let resolver = Resolver { has_only_creations: true, ..*self };
        let _ = resolver.report_texts(root, &mut |item| {
            items.extend(Some(item).filter(|item| !matches!(item, Item::Skipped(_))));
            ControlFlow::Continue(())
        });
        items
    }

    /// Whether any of these texts has what [`creations_in_texts`](Self::creations_in_texts) returns.
    pub(super) fn have_creations(&self, texts: &[Candidate<'_>]) -> bool {
        let may_have = |text: &&Candidate<'_>| self.shapes().has_mapping || text.may_have_creation();
        texts.iter().filter(may_have).any(|text| match text.decoded() {
            Some(text) => {
                let root = vec![(Cow::Borrowed(""), Node::Leaf(Value::Text(text)))];
                !self.creations_in_texts(&root).is_empty()
            }
            None => true,
        })
    }

    /// Reports the events in a text of an object.
    fn report_text(&self, text: &str, root: &Members<'_>, sink: &mut Sink<'_>) -> Option<ControlFlow<()>> {
        // A mapping may have other names for what a process creation is told by.
        let is_searched = !self.has_only_creations || self.shapes().has_mapping || may_have_creation(text);
        if self.nesting >= MAX_NESTING || !is_searched {
            return None;
        }
        let inner = Resolver {
            nesting: self.nesting + 1,
            candidates: &[],
            is_complete: true,
            has_lists: true,
            ..*self
        };
        let start = text.trim_start();
        if start.starts_with('{') {
            return match inner.report_json(text, sink) {
                Ok(flow) => flow,
                Err(_) if text.contains('\n') => {
                    let flows = text.lines().filter_map(|line| inner.report_json(line, sink).ok().flatten());
                    let flows: Vec<_> = flows.collect();
                    flows.into_iter().reduce(|first, next| if first.is_break() { first } else { next })
                }
                Err(_) => None,
            };
        }
        if start.starts_with('[') {
            let parsed = tree::parse_any(text).ok()?;
            let root = vec![(Cow::Borrowed(""), parsed.value)];
            return inner.tell_before(&parsed.repeated, sink, |sink| inner.report(&root, sink));
        }
        if xml::begins_event(start.as_bytes()) || start.starts_with("<?xml") && start.contains("Event") {
            return self.report_xml(text, sink);
        }
        if let Some(decoded) = base64_text(start) {
            return inner.report_text(&decoded, root, sink);
        }
        inner.report(&lines(text, root)?, sink)
    }

    /// Reports the events in an XML text.
    fn report_xml(&self, text: &str, sink: &mut Sink<'_>) -> Option<ControlFlow<()>> {
        let mut events = xml::events(text).peekable();
        events.peek()?;
        Some(events.try_for_each(|event| match event {
            Ok(event) => windows_event::report(&event, self.place.clone(), self.options, sink),
            Err(what) => {
                let what = format!("a text of the object cannot be read: {what}");
                sink(Item::fault(self.place.clone(), what, "export it again"))
            }
        }))
    }
}

/// The text that a Base64 text stands for, if that is an object, a list or an event.
fn base64_text(text: &str) -> Option<String> {
    String::from_utf8(is_base64_of_event(text).then(|| STANDARD.decode(text.trim_end()).ok())??).ok()
}

/// The members of an event that is a text of lines `Key=value`. The first line may be its time, unless the
/// object around it has one, and the message is the rest of the text.
fn lines<'t>(text: &'t str, root: &Members<'t>) -> Option<Members<'t>> {
    let leaf = |text| Node::Leaf(Value::Text(Cow::Borrowed(text)));
    let (start, message) = text.split_once("Message=").unwrap_or((text, ""));
    if start.len() > MAX_LINES_LEN
        || !start.lines().any(|line| LINE_MARKS.iter().any(|mark| line.starts_with(mark)))
    {
        return None;
    }
    let mut members: Members<'_> = vec![(Cow::Borrowed("Message"), leaf(message))];
    members.extend(root.iter().filter(|(key, _)| key == "_time").cloned());
    for (number, line) in start.lines().enumerate() {
        let pair = line.split_once('=').or_else(|| (number == 0).then_some(("Date and Time", line)));
        members.extend(pair.map(|(key, value)| (Cow::Borrowed(key.trim()), leaf(value))));
    }
    Some(members)
}
