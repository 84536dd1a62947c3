//! The content of a `.zst`, which may have several frames.

use std::io::{self, BufRead, ErrorKind, Read};

use ruzstd::decoding::errors::{FrameDecoderError, ReadFrameHeaderError};
use ruzstd::decoding::{BlockDecodingStrategy, FrameDecoder};

/// Decompresses all frames of a `.zst`. A frame whose window is larger than the 128 MiB of
/// `zstd --long` is an error.
pub(super) struct ZstReader<R> {
    input: R,
    decoder: FrameDecoder,
    is_in_frame: bool,
}

impl<R: BufRead> ZstReader<R> {
    pub(super) fn new(input: R) -> Self {
        Self { input, decoder: FrameDecoder::new(), is_in_frame: false }
    }

    /// Starts with the next frame, or skips one that has no content. Returns false at the end.
    fn next_frame(&mut self) -> io::Result<bool> {
        let is_at_end = loop {
            match self.input.fill_buf() {
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                available => break available?.is_empty(),
            }
        };
        if is_at_end {
            return Ok(false);
        }
        match self.decoder.init(&mut self.input) {
            Ok(()) => self.is_in_frame = true,
            Err(FrameDecoderError::ReadFrameHeaderError(ReadFrameHeaderError::SkipFrame {
                length, ..
            })) => {
                io::copy(&mut self.input.by_ref().take(length.into()), &mut io::sink())?;
            }
            Err(error) => return Err(damaged(&error)),
        }
        Ok(true)
    }

    /// Decodes until there is some content, or the frame ends.
    fn decode(&mut self) -> io::Result<()> {
        while self.decoder.can_collect() == 0 && !self.decoder.is_finished() {
            let one_block = BlockDecodingStrategy::UptoBlocks(1);
            self.decoder.decode_blocks(&mut self.input, one_block).map_err(|error| damaged(&error))?;
        }
        Ok(())
    }

    fn end_frame(&mut self) -> io::Result<()> {
        self.is_in_frame = false;
        let stored = self.decoder.get_checksum_from_data();
        match stored.is_none() || stored == self.decoder.get_calculated_checksum() {
            true => Ok(()),
            false => Err(io::Error::new(ErrorKind::InvalidData, "the checksum of its content is wrong")),
        }
    }
}

fn damaged(error: &FrameDecoderError) -> io::Error {
    match error {
        FrameDecoderError::WindowSizeTooBig { requested, max } => {
            let what = format!("its window of {requested} bytes is larger than {max} bytes");
            io::Error::new(ErrorKind::FileTooLarge, what)
        }
        FrameDecoderError::DictNotProvided { .. } => {
            io::Error::new(ErrorKind::Unsupported, "it needs the dictionary that it was compressed with")
        }
        FrameDecoderError::ReadFrameHeaderError(ReadFrameHeaderError::BadMagicNumber(_)) => {
            io::Error::new(ErrorKind::InvalidData, "the data after its last frame is not zstd")
        }
        _ => io::Error::new(ErrorKind::InvalidData, "its compression is cut off or damaged"),
    }
}

impl<R: BufRead> Read for ZstReader<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        loop {
            if !self.is_in_frame {
                match self.next_frame()? {
                    true => continue,
                    false => return Ok(0),
                }
            }
            self.decode()?;
            match self.decoder.read(buffer)? {
                0 if !buffer.is_empty() => self.end_frame()?,
                read => return Ok(read),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use ruzstd::encoding::{CompressionLevel, compress_to_vec};

    use super::*;

    fn frame(bytes: &[u8]) -> Vec<u8> {
        compress_to_vec(bytes, CompressionLevel::Fastest)
    }

    fn read(bytes: &[u8]) -> (String, Option<String>) {
        let mut text = String::new();
        let result = ZstReader::new(io::BufReader::with_capacity(3, bytes)).read_to_string(&mut text);
        (text, result.err().map(|error| error.to_string()))
    }

    #[test]
    fn tel_34_all_frames_are_read() {
        let skipped = b"\x5a\x2a\x4d\x18\x03\0\0\0abc";
        let bytes = [skipped, &frame(b"ab")[..], skipped, &frame(b""), &frame(b"c")].concat();
        assert_eq!(read(&bytes), ("abc".to_owned(), None));
    }

    #[test]
    fn tel_36_a_damaged_frame_is_an_error() {
        let bytes = frame(&b"some text, some text, some text".repeat(10));
        let (_, error) = read(&bytes[..bytes.len() - 1]);
        assert_eq!(error.as_deref(), Some("its compression is cut off or damaged"));
        let mut wrong = bytes.clone();
        *wrong.last_mut().unwrap() ^= 1;
        assert_eq!(read(&wrong).1.as_deref(), Some("the checksum of its content is wrong"));
        let (_, error) = read(&[&frame(b"ab")[..], b"garbage"].concat());
        assert_eq!(error.as_deref(), Some("the data after its last frame is not zstd"));
        // 4 GiB, by the descriptor of its window.
        let (_, error) = read(b"\x28\xb5\x2f\xfd\0\xb0\x01\0\0");
        assert_eq!(error.as_deref(), Some("its window of 4294967296 bytes is larger than 134217728 bytes"));
    }
}
