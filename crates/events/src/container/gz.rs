//! The content of a `.gz`, which may have several members.

use std::cell::Cell;
use std::io::{self, BufRead, ErrorKind, Read};

use flate2::bufread::GzDecoder;

/// Decompresses all members of a `.gz`.
///
/// Zeros after the last member are padding. Anything else that is not a member ends the content, and
/// sets a flag: unlike `MultiGzDecoder`, this does not report it as damage of the member before.
pub(super) struct GzReader<'f, R> {
    /// `None` after the end.
    decoder: Option<GzDecoder<R>>,
    is_first: bool,
    has_trailing_data: &'f Cell<bool>,
}

impl<'f, R: BufRead> GzReader<'f, R> {
    pub(super) fn new(input: R, has_trailing_data: &'f Cell<bool>) -> Self {
        Self { decoder: Some(GzDecoder::new(input)), is_first: true, has_trailing_data }
    }

    /// Starts with the next member, if there is any more input.
    fn next_member(&mut self) -> io::Result<()> {
        let Some(decoder) = &mut self.decoder else {
            return Ok(());
        };
        let is_at_end = skip_zeros(decoder.get_mut())?;
        self.decoder = self.decoder.take().filter(|_| !is_at_end);
        self.decoder = self.decoder.take().map(|decoder| GzDecoder::new(decoder.into_inner()));
        self.is_first = false;
        Ok(())
    }
}

/// Skips zeros. Returns whether the input ends after them.
pub(super) fn skip_zeros(input: &mut (impl BufRead + ?Sized)) -> io::Result<bool> {
    loop {
        let available = match input.fill_buf() {
            Err(error) if error.kind() == ErrorKind::Interrupted => continue,
            available => available?,
        };
        let (len, zeros) = (available.len(), available.iter().take_while(|byte| **byte == 0).count());
        input.consume(zeros);
        if zeros < len || len == 0 {
            return Ok(len == 0);
        }
    }
}

impl<R: BufRead> Read for GzReader<'_, R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        while let Some(decoder) = &mut self.decoder {
            let has_header = decoder.header().is_some();
            match decoder.read(buffer) {
                Ok(0) if !buffer.is_empty() => self.next_member()?,
                Err(error)
                    if !self.is_first
                        && !has_header
                        && matches!(error.kind(), ErrorKind::InvalidInput | ErrorKind::UnexpectedEof) =>
                {
                    self.has_trailing_data.set(true);
                    self.decoder = None;
                }
                result => return result,
            }
        }
        Ok(0)
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use flate2::Compression;
    use flate2::write::GzEncoder;

    use super::*;

    fn member(bytes: &[u8]) -> Vec<u8> {
        let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
        encoder.write_all(bytes).unwrap();
        encoder.finish().unwrap()
    }

    /// The content, the error at its end, and whether there is other data after it.
    fn read(bytes: &[u8], chunk_len: usize) -> (String, Option<ErrorKind>, bool) {
        let has_trailing_data = Cell::new(false);
        let input = io::BufReader::with_capacity(chunk_len, bytes);
        let mut text = String::new();
        let result = GzReader::new(input, &has_trailing_data).read_to_string(&mut text);
        (text, result.err().map(|error| error.kind()), has_trailing_data.get())
    }

    #[test]
    fn tel_34_data_after_the_last_member_ends_the_content() {
        let (a, b) = (member(b"a"), member(b"b"));
        for chunk_len in [1, 3, 4096] {
            for (after, expected) in [
                (vec![], ("ab", None, false)),
                (vec![0; 5_000], ("ab", None, false)),
                (b"x".to_vec(), ("ab", None, true)),
                (b"garbage garbage garbage".to_vec(), ("ab", None, true)),
                (b"\0\0\0garbage".to_vec(), ("ab", None, true)),
                (b"\x1f".to_vec(), ("ab", None, true)),
                (b"\x1f\x8b\x08\0\0\0\0\0\0\0garbage".to_vec(), ("ab", Some(ErrorKind::InvalidInput), false)),
                ([&[0; 3], &member(b"c")[..]].concat(), ("abc", None, false)),
            ] {
                let (text, error, is_followed) = read(&[&a[..], &b, &after].concat(), chunk_len);
                assert_eq!((text.as_str(), error, is_followed), expected, "{after:?}");
            }
        }
    }

    #[test]
    fn damage_within_a_member_is_an_error() {
        let whole = member(b"abc");
        for end in [5, whole.len() - 9, whole.len() - 1] {
            assert_eq!(read(&whole[..end], 64).1, Some(ErrorKind::UnexpectedEof), "{end}");
        }
        let mut wrong = whole.clone();
        *wrong.iter_mut().nth_back(5).unwrap() ^= 1;
        assert_eq!(read(&[wrong, member(b"d")].concat(), 64).1, Some(ErrorKind::InvalidInput));
    }
}
