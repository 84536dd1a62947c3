use super::*;

fn utf_16(text: &str, encode: fn(u16) -> [u8; 2]) -> Vec<u8> {
    text.encode_utf16().flat_map(encode).collect()
}

/// A text that arrives in chunks of this length, and whether it is not valid.
fn read(bytes: &[u8], chunk_len: usize) -> (String, bool) {
    let has_invalid = Cell::new(false);
    let mut text = String::new();
    let input = BufReader::with_capacity(chunk_len, bytes);
    TextEncoding::detect(bytes).utf_8(input, &has_invalid).read_to_string(&mut text).unwrap();
    (text, has_invalid.get())
}

#[test]
fn tel_90_utf_16_becomes_utf_8() {
    let text = "{\"a\": \"ä 😀 㸀\"}\r\n";
    for mark in ["", "\u{feff}"] {
        let marked = format!("{mark}{text}");
        for bytes in [utf_16(&marked, u16::to_le_bytes), utf_16(&marked, u16::to_be_bytes)] {
            for chunk_len in [1, 2, 3, 5, 100] {
                assert_eq!(read(&bytes, chunk_len), (text.to_owned(), false));
            }
            assert!(text.as_bytes().starts_with(&decoded_head(&bytes[..13])));
        }
    }
    assert_eq!(read(text.as_bytes(), 3), (text.to_owned(), false));
}

#[test]
fn tel_90_what_is_not_utf_16_becomes_u_fffd_and_is_told() {
    let mut bytes = utf_16("[\"a\u{1}b\"]", u16::to_le_bytes);
    bytes[6..8].copy_from_slice(&0xd800_u16.to_le_bytes());
    for chunk_len in [1, 3, 100] {
        assert_eq!(read(&bytes, chunk_len), ("[\"a\u{fffd}b\"]".to_owned(), true));
    }
    let odd = [&utf_16("[1, 2]", u16::to_be_bytes)[..], b"\0"].concat();
    assert_eq!(read(&odd, 4), ("[1, 2]\u{fffd}".to_owned(), true));
}

#[test]
fn tel_90_the_first_characters_show_the_encoding() {
    for (head, encoding) in [
        (&b"{\0\"\0"[..], Encoding::Utf16Le),
        (b"\0\r\0\n", Encoding::Utf16Be),
        (b"\xff\xfe", Encoding::Utf16Le),
        (b"{\"a\"", Encoding::Utf8),
        (b"{\0\0\0", Encoding::Utf8),
        (b"\0\0\x01\0", Encoding::Utf8),
        (b"{\0", Encoding::Utf8),
        (b"", Encoding::Utf8),
    ] {
        assert_eq!(Encoding::detect(head), encoding, "{}", head.escape_ascii());
    }
}

#[test]
fn tel_91_lone_carriage_returns_end_lines() {
    for (text, expected) in [
        ("a,b\rc,d\r", "a,b\nc,d\n"),
        ("a,b\r\nc\rd\n", "a,b\r\nc\rd\n"),
        ("a\nb\rc", "a\nb\rc"),
        // A line feed may follow.
        ("a\r", "a\r"),
        ("\u{feff}a\r\rb", "\u{feff}a\n\nb"),
    ] {
        assert_eq!(read(text.as_bytes(), 3).0, expected);
        let text = text.trim_start_matches('\u{feff}');
        let bytes = utf_16(&format!("\u{feff}{text}"), u16::to_be_bytes);
        assert_eq!(read(&bytes, 3).0, expected.trim_start_matches('\u{feff}'));
    }
}

/// Supplies a piece at a time, and must not be asked for more than there is.
struct Pieces(Vec<Vec<u8>>);

impl Read for Pieces {
    fn read(&mut self, buffer: &mut [u8]) -> Result<usize> {
        self.0.pop().expect("only what has arrived is read").as_slice().read(buffer)
    }
}

#[test]
fn tel_71_text_is_available_as_soon_as_it_has_arrived() {
    let bytes = utf_16("\u{feff}{\"a\": 1}\n{\"b\"", u16::to_le_bytes);
    let (first, second) = bytes.split_at(21);
    let has_invalid = Cell::new(false);
    let input = BufReader::new(Pieces(vec![second.to_vec(), first.to_vec()]));
    let mut text = TextEncoding::detect(first).utf_8(input, &has_invalid);
    for expected in ["{\"a\": 1}\n", "{\"b\""] {
        assert_eq!(text.fill_buf().unwrap(), expected.as_bytes());
        text.consume(expected.len());
    }
}
