//! A template's definition: which elements and attributes its values stand in.
//!
//! The decoder gives the values of a record in the order of their numbers. What the
//! numbers stand for is written once, in the template's definition: tokens of binary
//! XML, as MS-EVEN6 2.2.12 names them, in the form that a chunk of a log has them in,
//! where a name is a place of the chunk. What is read here is what Windows writes;
//! the rest is nobody's to guess.

/// Before the tokens of a definition: where the next one is, a GUID, and their length.
const HEADER: usize = 24;
/// Before a name: where the next one is, and a hash.
const NAME_HEADER: usize = 6;
/// Names of more units are none of Windows'.
const LONGEST_NAME: usize = 64;
/// What an element depends on where that is no value.
const NOTHING: u16 = 0xffff;
/// The type of a text.
const STRING: u8 = 1;

/// UTF-16, little-endian, of a chunk.
pub(super) type Utf16<'c> = &'c [u8];

/// An element, as far as it was read.
#[derive(Debug)]
pub(super) struct Element<'c> {
    pub(super) name: Utf16<'c>,
    /// The value without which it is left out.
    pub(super) depends_on: Option<u16>,
    pub(super) attributes: Vec<(Utf16<'c>, Content<'c>)>,
    /// What stands directly in it.
    pub(super) contents: Vec<Content<'c>>,
    /// How many elements stand directly in it.
    pub(super) children: usize,
}

/// What stands in an element or in an attribute.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Content<'c> {
    /// The same in each record.
    Text(Utf16<'c>),
    /// The value of that number.
    Value(u16),
}

/// Tells of each element of the definition at that place of a chunk, when it ends: it is
/// the last of those given, which are the elements that it stands in.
///
/// `None` where the definition is not of one element, or has anything but elements,
/// attributes of one piece, texts and values; or where `each` says so.
pub(super) fn elements<'c>(
    chunk: &'c [u8],
    at: u32,
    mut each: impl FnMut(&[Element<'c>]) -> Option<()>,
) -> Option<()> {
    let mut tokens = Tokens::of(chunk, at as usize)?;
    let mut open: Vec<Element<'c>> = Vec::new();
    // The attribute that is read; whether attributes may come.
    let (mut attribute, mut in_start, mut has_ended) = (None, false, false);
    while let Some(token) = tokens.next()? {
        if has_ended || attribute.is_some() && !matches!(token, Token::Content(_)) {
            return None;
        }
        match (token, in_start) {
            (Token::Open { name, depends_on }, false) => {
                if let Some(parent) = open.last_mut() {
                    parent.children += 1;
                }
                let (attributes, contents) = (Vec::new(), Vec::new());
                open.push(Element { name, depends_on, attributes, contents, children: 0 });
                in_start = true;
            }
            (Token::Attribute(name), true) => attribute = Some(name),
            (Token::Content(content), true) => {
                open.last_mut()?.attributes.push((attribute.take()?, content));
            }
            (Token::Content(content), false) => open.last_mut()?.contents.push(content),
            (Token::Opened, true) => in_start = false,
            (Token::CloseEmpty, true) | (Token::Close, false) => {
                each(&open)?;
                open.pop()?;
                (in_start, has_ended) = (false, open.is_empty());
            }
            _ => return None,
        }
    }
    has_ended.then_some(())
}

/// Where the definition at that place of a chunk ends, as it says.
pub(super) fn definition_end(chunk: &[u8], at: usize) -> Option<usize> {
    let length = u32::from_le_bytes(*chunk.get(at..)?.get(HEADER - 4..)?.first_chunk()?);
    at.checked_add(HEADER)?.checked_add(length as usize)
}

/// Whether UTF-16 is this text, which is ASCII.
pub(super) fn is(utf16: Utf16<'_>, text: &str) -> bool {
    utf16.len() == 2 * text.len()
        && utf16.as_chunks().0.iter().zip(text.bytes()).all(|(unit, byte)| *unit == [byte, 0])
}

enum Token<'c> {
    Open {
        name: Utf16<'c>,
        depends_on: Option<u16>,
    },
    Attribute(Utf16<'c>),
    /// The attributes have ended.
    Opened,
    /// The attributes have ended, and the element with them.
    CloseEmpty,
    Close,
    Content(Content<'c>),
}

/// Reads the tokens of one definition.
struct Tokens<'c> {
    chunk: &'c [u8],
    at: usize,
    end: usize,
}

impl<'c> Tokens<'c> {
    fn of(chunk: &'c [u8], at: usize) -> Option<Self> {
        let end = definition_end(chunk, at).filter(|end| *end <= chunk.len())?;
        Some(Self { chunk, at: at.checked_add(HEADER)?, end })
    }

    /// The next token, `Some(None)` at the end, and `None` where it is none of those.
    /// A bit of most tokens says whether others follow, which the others say, too.
    fn next(&mut self) -> Option<Option<Token<'c>>> {
        loop {
            if self.at >= self.end {
                return Some(None);
            }
            let [token] = self.take()?;
            return Some(match token {
                0x00 => None,
                0x01 | 0x41 => Some(self.open(token == 0x41)?),
                0x02 => Some(Token::Opened),
                0x03 => Some(Token::CloseEmpty),
                0x04 => Some(Token::Close),
                0x05 | 0x45 => Some(Token::Content(Content::Text(self.text()?))),
                0x06 | 0x46 => Some(Token::Attribute(self.name()?)),
                // A value that is left out where it is null, or is not.
                0x0d | 0x0e => {
                    let number = u16::from_le_bytes(self.take()?);
                    let [_its_type] = self.take()?;
                    Some(Token::Content(Content::Value(number)))
                }
                // Where a fragment begins.
                0x0f => {
                    let [_major, _minor, _flags] = self.take()?;
                    continue;
                }
                _ => return None,
            });
        }
    }

    fn take<const N: usize>(&mut self) -> Option<[u8; N]> {
        let taken = self.chunk.get(self.at..)?.first_chunk()?;
        self.at += N;
        Some(*taken)
    }

    fn open(&mut self, has_attributes: bool) -> Option<Token<'c>> {
        let depends_on = Some(u16::from_le_bytes(self.take()?)).filter(|number| *number != NOTHING);
        let _size = self.take::<4>()?;
        let name = self.name()?;
        if has_attributes {
            let _size = self.take::<4>()?;
        }
        Some(Token::Open { name, depends_on })
    }

    fn text(&mut self) -> Option<Utf16<'c>> {
        let [of_type] = self.take()?;
        let units = u16::from_le_bytes(self.take()?);
        let text = self.chunk.get(self.at..)?.get(..2 * usize::from(units))?;
        self.at += text.len();
        // A text ends at a NUL, whatever its length says.
        (of_type == STRING && !text.as_chunks().0.contains(&[0, 0])).then_some(text)
    }

    /// A name, which stands anywhere in the chunk: here where it is first used.
    fn name(&mut self) -> Option<Utf16<'c>> {
        let at = u32::from_le_bytes(self.take()?) as usize;
        let rest = self.chunk.get(at.checked_add(NAME_HEADER)?..)?;
        let (units, rest) = rest.split_first_chunk()?;
        let name = rest.get(..2 * usize::from(u16::from_le_bytes(*units)))?;
        if at == self.at {
            self.at += NAME_HEADER + 2 + name.len() + 2;
        }
        // The decoder writes any name as it is, and so might end a string with it.
        let is_plain = |[low, high]: &[u8; 2]| {
            *high == 0 && (low.is_ascii_alphanumeric() || matches!(low, b'_' | b'-' | b'.' | b':'))
        };
        (name.len() <= 2 * LONGEST_NAME && name.as_chunks().0.iter().all(is_plain)).then_some(name)
    }
}
