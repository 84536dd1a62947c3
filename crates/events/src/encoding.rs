//! Texts in UTF-16, and texts whose lines end in a carriage return, read as UTF-8 with line feeds.

use std::borrow::Cow;
use std::cell::Cell;
use std::io::{BufRead, BufReader, ErrorKind, Read, Result};
use std::ops::Range;

use encoding_rs::{CoderResult, Decoder, UTF_16BE, UTF_16LE};

use crate::format::HEAD_LEN;

/// The encoding of a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Encoding {
    Utf8,
    Utf16Le,
    Utf16Be,
}

impl Encoding {
    /// Detects the encoding by the byte order mark, or by the zeros next to the first two characters
    /// of ASCII.
    ///
    /// Spec: TEL-29, TEL-90
    pub(crate) fn detect(head: &[u8]) -> Self {
        match *head {
            [0xff, 0xfe, ..] => Self::Utf16Le,
            [0xfe, 0xff, ..] => Self::Utf16Be,
            [first, 0, second, 0, ..] if is_ascii_text(first) && is_ascii_text(second) => Self::Utf16Le,
            [0, first, 0, second, ..] if is_ascii_text(first) && is_ascii_text(second) => Self::Utf16Be,
            _ => Self::Utf8,
        }
    }

    fn decoder(self) -> Option<Decoder> {
        match self {
            Self::Utf8 => None,
            Self::Utf16Le => Some(UTF_16LE.new_decoder_with_bom_removal()),
            Self::Utf16Be => Some(UTF_16BE.new_decoder_with_bom_removal()),
        }
    }
}

fn is_ascii_text(byte: u8) -> bool {
    byte.is_ascii_graphic() || byte.is_ascii_whitespace()
}

/// The first bytes of an input in UTF-8, whatever their encoding, without a byte order mark.
pub(crate) fn decoded_head(head: &[u8]) -> Cow<'_, [u8]> {
    let Some(mut decoder) = Encoding::detect(head).decoder() else {
        return Cow::Borrowed(head.strip_prefix(b"\xef\xbb\xbf").unwrap_or(head));
    };
    let mut text = String::with_capacity(decoder.max_utf8_buffer_length(head.len()).unwrap_or_default());
    // The text may be cut off within a character.
    let _ = decoder.decode_to_string(head, &mut text, false);
    Cow::Owned(text.into_bytes())
}

/// How a text is encoded, and how its lines end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct TextEncoding {
    encoding: Encoding,
    /// Whether the lines end in a carriage return alone, as on the first Macintosh.
    has_lone_returns: bool,
}

impl TextEncoding {
    /// Spec: TEL-90, TEL-91
    pub(crate) fn detect(head: &[u8]) -> Self {
        let text = decoded_head(head);
        // A line feed may follow the last carriage return.
        let first = memchr::memchr(b'\r', &text);
        let has_lone_returns = first.is_some_and(|at| at.saturating_add(1) < text.len())
            && memchr::memchr(b'\n', &text).is_none();
        Self { encoding: Encoding::detect(head), has_lone_returns }
    }

    /// Returns a text as UTF-8 with line feeds. Sets a flag if something in it is not valid in UTF-16.
    pub(crate) fn utf_8<'a>(
        self,
        input: impl BufRead + 'a,
        has_invalid: &'a Cell<bool>,
    ) -> Box<dyn BufRead + 'a> {
        let text: Box<dyn BufRead + 'a> = match self.encoding.decoder() {
            None => Box::new(input),
            Some(decoder) => Box::new(Transcoder::new(input, decoder, has_invalid)),
        };
        match self.has_lone_returns {
            false => text,
            true => Box::new(BufReader::with_capacity(HEAD_LEN, LineFeeds { text })),
        }
    }
}

/// Transcodes an input to UTF-8.
///
/// What is not valid in the encoding becomes U+FFFD and sets a flag.
struct Transcoder<'f, R> {
    input: R,
    decoder: Decoder,
    /// The text that was transcoded last, and the range of it that has not been consumed.
    text: Vec<u8>,
    unread: Range<usize>,
    has_ended: bool,
    has_invalid: &'f Cell<bool>,
}

impl<'f, R> Transcoder<'f, R> {
    fn new(input: R, decoder: Decoder, has_invalid: &'f Cell<bool>) -> Self {
        Self { input, decoder, text: vec![0; HEAD_LEN], unread: 0..0, has_ended: false, has_invalid }
    }
}

impl<R: BufRead> BufRead for Transcoder<'_, R> {
    fn fill_buf(&mut self) -> Result<&[u8]> {
        while self.unread.is_empty() && !self.has_ended {
            let bytes = match self.input.fill_buf() {
                Err(error) if error.kind() == ErrorKind::Interrupted => continue,
                bytes => bytes?,
            };
            let is_last = bytes.is_empty();
            let (result, read, written, is_invalid) =
                self.decoder.decode_to_utf8(bytes, &mut self.text, is_last);
            self.input.consume(read);
            self.unread = 0..written;
            self.has_ended = is_last && result == CoderResult::InputEmpty;
            self.has_invalid.set(self.has_invalid.get() || is_invalid);
        }
        Ok(self.text.get(self.unread.clone()).unwrap_or_default())
    }

    fn consume(&mut self, count: usize) {
        self.unread.start = self.unread.start.saturating_add(count).min(self.unread.end);
    }
}

impl<R: BufRead> Read for Transcoder<'_, R> {
    fn read(&mut self, buffer: &mut [u8]) -> Result<usize> {
        let read = self.fill_buf()?.read(buffer)?;
        self.consume(read);
        Ok(read)
    }
}

/// Reads each carriage return as a line feed.
struct LineFeeds<R> {
    text: R,
}

impl<R: Read> Read for LineFeeds<R> {
    fn read(&mut self, buffer: &mut [u8]) -> Result<usize> {
        let read = self.text.read(buffer)?;
        buffer.iter_mut().take(read).filter(|byte| **byte == b'\r').for_each(|byte| *byte = b'\n');
        Ok(read)
    }
}

#[cfg(test)]
mod tests;
