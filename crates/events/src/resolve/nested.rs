//! Texts in an object that are events themselves: JSON, XML, or lines of keys and values.

use std::borrow::Cow;
use std::ops::ControlFlow;

use base64::Engine;
use base64::prelude::BASE64_STANDARD as STANDARD;

use super::{MAX_DEPTH, Resolver};
use crate::tree::{self, Members, Node};
use crate::value::Value;
use crate::{Item, Sink, windows_event, xml};

/// The maximum length of the lines before the message of an event.
const MAX_LINES_LEN: usize = 16 << 10;

/// What a line with the id of an event begins with.
const LINE_MARKS: [&str; 2] = ["EventCode=", "EventID="];

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
        let _ = self.report_texts(root, &mut |item| {
            items.extend(Some(item).filter(|item| !matches!(item, Item::Skipped(_))));
            ControlFlow::Continue(())
        });
        items
    }

    /// Reports the events in a text of an object.
    fn report_text(&self, text: &str, root: &Members<'_>, sink: &mut Sink<'_>) -> Option<ControlFlow<()>> {
        if self.nesting >= MAX_NESTING {
            return None;
        }
        let inner = Resolver { nesting: self.nesting + 1, text: None, ..*self };
        let start = text.trim_start();
        if start.starts_with('{') {
            return match tree::parse(text, None) {
                Ok(members) => inner.report(&members, sink),
                Err(_) if text.contains('\n') => {
                    let lines = text.lines().filter_map(|line| tree::parse(line, None).ok());
                    let flows: Vec<_> = lines.filter_map(|line| inner.report(&line, sink)).collect();
                    flows.into_iter().reduce(|first, next| if first.is_break() { first } else { next })
                }
                Err(_) => None,
            };
        }
        if start.starts_with('[') {
            let node = tree::parse_any(text).ok()?;
            return inner.report(&vec![(Cow::Borrowed(""), node)], sink);
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

/// Whether an object, as JSON, may have a text that is an event.
///
/// This takes much less time than to parse the object, and most events have no such text.
pub(super) fn may_have_event(json: &str) -> bool {
    let mut quotes = memchr::memchr_iter(b'"', json.as_bytes());
    quotes.any(|at| json.get(at.saturating_add(1)..).is_some_and(may_begin_event))
        || LINE_MARKS.iter().any(|mark| memchr::memmem::find(json.as_bytes(), mark.as_bytes()).is_some())
}

/// Whether the content of a string of JSON may begin an event.
fn may_begin_event(content: &str) -> bool {
    let mut start = content.trim_start();
    while let Some(rest) = ["\\n", "\\r", "\\t"].iter().find_map(|blank| start.strip_prefix(blank)) {
        start = rest.trim_start();
    }
    match start.as_bytes() {
        // Not a GUID.
        [b'{' | b'[', next, ..] => matches!(next, b'\\' | b'{' | b'[' | b' '),
        [b'<', ..] => true,
        _ => start.starts_with("\\u003c") || is_base64_of_event(start),
    }
}

/// The text that a Base64 text stands for, if that is an object, a list or an event.
fn base64_text(text: &str) -> Option<String> {
    String::from_utf8(is_base64_of_event(text).then(|| STANDARD.decode(text.trim_end()).ok())??).ok()
}

/// Whether a text begins like the Base64 of JSON or XML.
fn is_base64_of_event(text: &str) -> bool {
    ["eyJ", "ewo", "ew0", "W3s", "Wwo", "PEV2ZW50"].iter().any(|start| text.starts_with(start))
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
