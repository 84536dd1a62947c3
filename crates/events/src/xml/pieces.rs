//! An XML file cut at every `>`, and decoded.

use std::io::{self, BufRead, Read};

/// What one event, and so a piece of one, may take at most.
pub(super) const LARGEST_EVENT: usize = 16 << 20;

/// What stands between two `>`, with the latter.
pub(super) struct Piece {
    /// Where in the file it starts.
    pub(super) start: u64,
    /// Its bytes in UTF-8, where the file is not broken.
    pub(super) bytes: Vec<u8>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Encoding {
    Utf8,
    Utf16Le,
    Utf16Be,
}

impl Encoding {
    /// The encoding, told by the byte order mark or by the zero beside a first `<`.
    ///
    /// Spec: TEL-29
    fn of(head: &[u8]) -> Self {
        match head {
            [0xff, 0xfe, ..] | [b'<', 0, ..] => Self::Utf16Le,
            [0xfe, 0xff, ..] | [0, b'<', ..] => Self::Utf16Be,
            _ => Self::Utf8,
        }
    }

    /// The length in the file of what is these bytes in UTF-8.
    pub(super) fn length_in_file(self, utf8: &[u8]) -> u64 {
        match self {
            Self::Utf8 => utf8.len() as u64,
            Self::Utf16Le | Self::Utf16Be => 2 * String::from_utf8_lossy(utf8).encode_utf16().count() as u64,
        }
    }

    fn ends_in_bracket(self, bytes: &[u8]) -> bool {
        match self {
            Self::Utf8 => true,
            Self::Utf16Le => bytes.len().is_multiple_of(2) && bytes.ends_with(&[b'>', 0]),
            Self::Utf16Be => bytes.len().is_multiple_of(2) && bytes.ends_with(&[0, b'>']),
        }
    }

    fn decode(self, bytes: Vec<u8>) -> Vec<u8> {
        let unit = match self {
            Self::Utf8 => return bytes,
            Self::Utf16Le => u16::from_le_bytes,
            Self::Utf16Be => u16::from_be_bytes,
        };
        let (units, rest) = bytes.as_chunks::<2>();
        let mut text: String = char::decode_utf16(units.iter().map(|&pair| unit(pair)))
            .map(|char| char.unwrap_or(char::REPLACEMENT_CHARACTER))
            .collect();
        if !rest.is_empty() {
            text.push(char::REPLACEMENT_CHARACTER);
        }
        text.into_bytes()
    }
}

/// Cuts a file into its pieces.
pub(super) struct Pieces<R> {
    input: R,
    encoding: Option<Encoding>,
    /// How much of the file is read.
    pub(super) position: u64,
}

impl<R: BufRead> Pieces<R> {
    pub(super) fn new(input: R) -> Self {
        Self { input, encoding: None, position: 0 }
    }

    /// The file's encoding; UTF-8 before the first piece is read.
    pub(super) fn encoding(&self) -> Encoding {
        self.encoding.unwrap_or(Encoding::Utf8)
    }

    /// The next piece, or `None` at the end of the file. One longer than an event
    /// may be is cut there.
    ///
    /// # Errors
    ///
    /// Where the file cannot be read on.
    pub(super) fn next(&mut self) -> io::Result<Option<Piece>> {
        let encoding = match self.encoding {
            Some(encoding) => encoding,
            None => *self.encoding.insert(Encoding::of(self.input.fill_buf()?)),
        };
        let start = self.position;
        let mut bytes = Vec::new();
        while bytes.len() < LARGEST_EVENT {
            let room = (LARGEST_EVENT - bytes.len()) as u64;
            let mut read = self.input.by_ref().take(room).read_until(b'>', &mut bytes)?;
            if encoding == Encoding::Utf16Le && bytes.len() % 2 == 1 {
                read += self.input.by_ref().take(1).read_to_end(&mut bytes)?;
            }
            if read == 0 || encoding.ends_in_bracket(&bytes) {
                break;
            }
        }
        self.position = start.saturating_add(bytes.len() as u64);
        Ok((!bytes.is_empty()).then(|| Piece { start, bytes: encoding.decode(bytes) }))
    }
}
