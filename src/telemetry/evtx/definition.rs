//! A template's definition: which elements and attributes its values stand in.
//!
//! The decoder gives the values of a record in the order of their numbers. What the
//! numbers stand for is written once, in the template's definition: tokens of binary
//! XML, as MS-EVEN6 2.2.12 has them.

/// Before the tokens of a definition: where the next one is, a GUID, and their length.
const HEADER: usize = 24;
/// Before a name: where the next one is, and a hash.
const NAME_HEADER: usize = 6;
/// What an element depends on where that is no value.
const NOTHING: u16 = 0xffff;
/// The type of a text.
const STRING: u8 = 1;

/// UTF-16, little-endian, of a chunk.
pub(super) type Utf16<'c> = &'c [u8];

/// An element that is open.
#[derive(Debug)]
pub(super) struct Element<'c> {
    pub(super) name: Utf16<'c>,
    /// Its attribute `Name`, where that is no value of the record.
    pub(super) named: Option<Utf16<'c>>,
    /// The value without which it is left out.
    pub(super) depends_on: Option<u16>,
}

/// What stands in an element or in an attribute.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Content<'c> {
    /// The same in each record.
    Text(Utf16<'c>),
    /// The value of that number.
    Value(u16),
}

/// Tells what stands where in the definition at that place of a chunk: the open
/// elements, the outermost first, the attribute where it is in one, and what it is.
///
/// `None` where the definition has anything else, or where `each` says so.
pub(super) fn contents<'c>(
    chunk: &'c [u8],
    at: u32,
    mut each: impl FnMut(&[Element<'c>], Option<Utf16<'c>>, Content<'c>) -> Option<()>,
) -> Option<()> {
    let mut tokens = Tokens::of(chunk, at as usize)?;
    let mut open: Vec<Element<'c>> = Vec::new();
    let mut attribute = None;
    while let Some(token) = tokens.next()? {
        match token {
            Token::Open { name, depends_on } => open.push(Element { name, named: None, depends_on }),
            Token::Attribute(name) => attribute = Some(name),
            Token::Opened => attribute = None,
            Token::Close => {
                attribute = None;
                open.pop()?;
            }
            Token::Content(content) => {
                if let (Some(name), Content::Text(text)) = (attribute, content)
                    && is(name, "Name")
                {
                    open.last_mut()?.named = Some(text);
                }
                each(&open, attribute, content)?;
            }
        }
    }
    Some(())
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
        let length = u32::from_le_bytes(*chunk.get(at..)?.get(HEADER - 4..)?.first_chunk()?);
        let at = at.checked_add(HEADER)?;
        let end = at.checked_add(length as usize).filter(|end| *end <= chunk.len())?;
        Some(Self { chunk, at, end })
    }

    /// The next token, `Some(None)` at the end, and `None` where it is none of those.
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
                0x03 | 0x04 => Some(Token::Close),
                0x05 | 0x45 => Some(Token::Content(Content::Text(self.text()?))),
                0x06 | 0x46 => Some(Token::Attribute(self.name()?)),
                0x0d | 0x0e => {
                    let number = u16::from_le_bytes(self.take()?);
                    let [_its_type] = self.take()?;
                    Some(Token::Content(Content::Value(number)))
                }
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
        (of_type == STRING && !has_nul(text)).then_some(text)
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
        (!has_nul(name)).then_some(name)
    }
}

/// Whether a text ends before its length says so.
fn has_nul(text: Utf16<'_>) -> bool {
    text.as_chunks().0.contains(&[0, 0])
}
