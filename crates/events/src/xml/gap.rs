//! What is between two events: elements around events, lines of tools, and what is not known.

use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event as Xml};

use crate::encoding::Encoding;
use crate::format::preamble;
use crate::syslog;

/// How much of a gap is looked at.
const MAX_LEN: usize = 64 << 10;

/// What a message calls text.
const TEXT: &str = "text";

/// How many elements a message names.
const MAX_NAMES: usize = 5;

/// The maximum length of a name in a message, in characters.
const MAX_NAME_LEN: usize = 60;

/// The bytes between two events.
#[derive(Default)]
pub(super) struct Gap {
    /// The offset in the file of the first byte that is not blank.
    pub(super) offset: u64,
    bytes: Vec<u8>,
}

impl Gap {
    /// Appends bytes that are at this offset of a file in this encoding.
    pub(super) fn push(&mut self, offset: u64, mut bytes: &[u8], encoding: Encoding) {
        if self.bytes.is_empty() {
            let blanks = bytes.iter().take_while(|byte| byte.is_ascii_whitespace()).count();
            let (blanks, rest) = bytes.split_at(blanks);
            self.offset = offset.saturating_add(encoding.encoded_len(blanks));
            bytes = rest;
        }
        let room = MAX_LEN.saturating_sub(self.bytes.len());
        self.bytes.extend(bytes.iter().take(room));
    }

    pub(super) fn is_empty(&self) -> bool {
        self.bytes.is_empty()
    }

    /// What is in the gap. An event follows it if `is_before_event`.
    ///
    /// Spec: TEL-92, TEL-93, TEL-105
    pub(super) fn content(&self, is_before_event: bool) -> GapContent {
        let mut content = GapContent::default();
        let text = String::from_utf8_lossy(if is_before_event {
            without_syslog_header(&self.bytes)
        } else {
            &self.bytes
        });
        // An event may be in a text.
        let text = text.trim().trim_start_matches("]]>").trim_end_matches("<![CDATA[");
        let mut reader = Reader::from_str(text);
        reader.config_mut().check_end_names = false;
        reader.config_mut().allow_unmatched_ends = true;
        loop {
            match reader.read_event() {
                Ok(Xml::Start(tag) | Xml::Empty(tag)) if !is_name(tag.name().as_ref()) => content.text(),
                Ok(Xml::Start(tag)) => content.open(&tag),
                Ok(Xml::Empty(tag)) => {
                    content.open(&tag);
                    content.close();
                }
                Ok(Xml::End(tag)) if is_name(tag.name().as_ref()) => content.close(),
                Ok(Xml::End(_)) => content.text(),
                Ok(Xml::Text(text)) if text.lines().all(is_harmless) => {}
                Ok(Xml::Text(_) | Xml::CData(_) | Xml::GeneralRef(_)) => content.text(),
                Ok(Xml::Comment(_) | Xml::PI(_) | Xml::Decl(_) | Xml::DocType(_)) => {}
                Ok(Xml::Eof) => return content,
                Err(_) => {
                    content.text();
                    return content;
                }
            }
        }
    }
}

/// Removes the header of the line that continues with an event.
fn without_syslog_header(bytes: &[u8]) -> &[u8] {
    let start = memchr::memrchr2(b'\n', b'\r', bytes).map_or(0, |end| end.saturating_add(1));
    let (lines, last) = bytes.split_at(start);
    if syslog::payload(&[last, b"<Event>"].concat()).is_some() { lines } else { bytes }
}

fn is_harmless(line: &str) -> bool {
    let line = line.trim_matches(|char: char| char.is_whitespace() || char == '\u{feff}');
    line.is_empty() || preamble::is_record_number(line.as_bytes())
}

/// Whether this is the name of an element, not a priority such as `<14>` or a lone bracket.
fn is_name(name: &str) -> bool {
    name.starts_with(|first: char| first.is_alphabetic() || first == '_')
}

/// What is in a gap.
#[derive(Default)]
pub(super) struct GapContent {
    /// The elements that begin in the gap and do not end in it, outermost first, each with the number of
    /// other elements that had ended before it.
    open: Vec<(String, usize)>,
    /// How many elements end in the gap that began before it.
    pub(super) ended: usize,
    /// What is in the gap as a whole: the outermost elements, and texts.
    others: Vec<String>,
}

impl GapContent {
    fn open(&mut self, tag: &BytesStart<'_>) {
        let name: String = tag.name().as_ref().chars().take(MAX_NAME_LEN).collect();
        self.open.push((name, self.others.len()));
    }

    fn close(&mut self) {
        match self.open.pop() {
            Some((name, others)) => {
                self.others.truncate(others);
                self.others.push(format!("<{name}>"));
            }
            None => self.ended += 1,
        }
    }

    fn text(&mut self) {
        if self.others.last().is_none_or(|last| last != TEXT) {
            self.others.push(TEXT.to_owned());
        }
    }

    /// Closes the elements that are open at the end of the file.
    pub(super) fn close_all(mut self) -> Self {
        while !self.open.is_empty() {
            self.close();
        }
        self
    }

    /// The names of the elements that are still open.
    pub(super) fn into_open(self) -> impl Iterator<Item = String> {
        self.open.into_iter().map(|(name, _)| name)
    }

    /// What is in the gap and is not known, if there is anything.
    ///
    /// Spec: TEL-105
    pub(super) fn problem(&self) -> Option<String> {
        Some(format!("there is {} here outside of any event", self.names()?))
    }

    /// What is in the gap as a whole, in the order of the ends.
    pub(super) fn names(&self) -> Option<String> {
        let shown = self.others.get(..MAX_NAMES).unwrap_or(&self.others).join(", ");
        match self.others.len().saturating_sub(MAX_NAMES) {
            0 => Some(shown).filter(|shown| !shown.is_empty()),
            more => Some(format!("{shown} and {more} more")),
        }
    }
}
