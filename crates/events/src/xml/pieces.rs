//! An XML file split after every `>`, and decoded.

use std::io::{self, BufRead, Read};

use crate::encoding::Encoding;

/// The maximum size of an event in bytes.
pub(super) const MAX_EVENT_SIZE: usize = 16 << 20;

/// The bytes after a `>` up to and including the next one.
pub(super) struct Piece {
    /// The offset in the file.
    pub(super) offset: u64,
    /// The content in UTF-8, unless the file is damaged.
    pub(super) bytes: Vec<u8>,
}

impl Encoding {
    /// The length in the file of this UTF-8 text.
    pub(super) fn encoded_len(self, utf8: &[u8]) -> u64 {
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

/// Splits a file into its pieces.
pub(super) struct PieceReader<R> {
    input: R,
    encoding: Option<Encoding>,
    /// How many bytes of the file have been read.
    pub(super) position: u64,
}

impl<R: BufRead> PieceReader<R> {
    pub(super) fn new(input: R) -> Self {
        Self { input, encoding: None, position: 0 }
    }

    /// The encoding of the file. Before the first piece has been read, it is UTF-8.
    pub(super) fn encoding(&self) -> Encoding {
        self.encoding.unwrap_or(Encoding::Utf8)
    }

    /// Reads the next piece. Returns `None` at the end of the file. A piece that is longer than the
    /// maximum size of an event is split there.
    ///
    /// # Errors
    ///
    /// Returns an error if the file cannot be read.
    pub(super) fn next(&mut self) -> io::Result<Option<Piece>> {
        let encoding = match self.encoding {
            Some(encoding) => encoding,
            None => *self.encoding.insert(Encoding::detect(self.input.fill_buf()?)),
        };
        let offset = self.position;
        let mut bytes = Vec::new();
        while bytes.len() < MAX_EVENT_SIZE {
            let room = (MAX_EVENT_SIZE - bytes.len()) as u64;
            let mut read = self.input.by_ref().take(room).read_until(b'>', &mut bytes)?;
            if encoding == Encoding::Utf16Le && bytes.len() % 2 == 1 {
                read += self.input.by_ref().take(1).read_to_end(&mut bytes)?;
            }
            if read == 0 || encoding.ends_in_bracket(&bytes) {
                break;
            }
        }
        self.position = offset.saturating_add(bytes.len() as u64);
        Ok((!bytes.is_empty()).then(|| Piece { offset, bytes: encoding.decode(bytes) }))
    }
}
