//! What an input may be packed in, and what may be packed in what.

use std::cell::Cell;
use std::io::{self, BufRead, ErrorKind, Read};

use bzip2::bufread::MultiBzDecoder;
use lzma_rust2::XzReader;

use super::gz::GzReader;
use super::zst::ZstReader;

/// How much memory the decoder of `.xz` may take, in KiB: what it takes for `xz -9`, and some more.
const MAX_XZ_MEMORY: u32 = 72 << 10;

/// An archive, or a compression.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Packing {
    Compression(Compression),
    Tar,
    Zip,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Compression {
    Gz,
    Bz2,
    Xz,
    Zst,
}

impl Packing {
    /// Detects what an input is packed in.
    ///
    /// Spec: TEL-34
    pub(crate) fn detect(head: &[u8]) -> Option<Self> {
        Some(match head {
            [b'P', b'K', 3, 4, ..] | [b'P', b'K', 5, 6, ..] => Self::Zip,
            [0x1f, 0x8b, ..] => Self::Compression(Compression::Gz),
            // The start of a block, or the end of an empty file.
            [b'B', b'Z', b'h', b'1'..=b'9', b'1', b'A', b'Y', b'&', ..]
            | [b'B', b'Z', b'h', b'1'..=b'9', 0x17, 0x72, 0x45, 0x38, ..] => {
                Self::Compression(Compression::Bz2)
            }
            [0xfd, b'7', b'z', b'X', b'Z', 0, ..] => Self::Compression(Compression::Xz),
            // A frame, or one that is skipped.
            [0x28, 0xb5, 0x2f, 0xfd, ..] | [0x50..=0x5f, 0x2a, 0x4d, 0x18, ..] => {
                Self::Compression(Compression::Zst)
            }
            _ if is_tar(head) => Self::Tar,
            _ => return None,
        })
    }
}

/// Whether a `.tar` begins here: the first header has a sum of its own bytes.
fn is_tar(head: &[u8]) -> bool {
    let Some(header) = head.first_chunk::<512>() else {
        return false;
    };
    let bytes = header.iter().enumerate();
    // In the sum itself, blanks are counted.
    let sum: u32 = bytes.map(|(at, byte)| if (148..156).contains(&at) { 32 } else { u32::from(*byte) }).sum();
    tar::Header::from_byte_slice(header).cksum().is_ok_and(|expected| expected == sum)
}

impl Compression {
    /// Returns the content of a compressed input. A flag is set if it is followed by other data that
    /// is not reported otherwise.
    ///
    /// Spec: TEL-34, TEL-94
    pub(super) fn content<'a>(
        self,
        input: impl BufRead + 'a,
        has_trailing_data: &'a Cell<bool>,
    ) -> Box<dyn Read + 'a> {
        match self {
            Self::Gz => Box::new(GzReader::new(input, has_trailing_data)),
            Self::Bz2 => Box::new(MultiBzDecoder::new(input)),
            Self::Xz => Box::new(BoundedXzReader(XzReader::new_mem_limit(input, true, MAX_XZ_MEMORY))),
            Self::Zst => Box::new(ZstReader::new(input)),
        }
    }
}

/// Says what it means that a decoder has too little memory.
struct BoundedXzReader<R: Read>(XzReader<R>);

impl<R: Read> Read for BoundedXzReader<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.0.read(buffer).map_err(|error| match error.kind() {
            ErrorKind::OutOfMemory => {
                io::Error::new(ErrorKind::FileTooLarge, "its dictionary is larger than the 64 MiB of `xz -9`")
            }
            _ => error,
        })
    }
}

/// What contains an input, and thus what the input may be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Layer {
    /// A file or standard input.
    Outermost,
    /// The content of a compressed file, as in a `.tar.gz`.
    Content,
    /// A member of an archive.
    Member,
    /// The content of a compressed member of an archive.
    MemberContent,
}

impl Layer {
    /// The layer of what such an input contains if it is packed like this. Returns `None` if it must
    /// not be packed.
    ///
    /// Spec: TEL-35
    pub(super) fn inside(self, packing: Packing) -> Option<Self> {
        match (self, packing) {
            (Self::Outermost, Packing::Tar | Packing::Zip) | (Self::Content, Packing::Tar) => {
                Some(Self::Member)
            }
            (Self::Outermost, Packing::Compression(_)) => Some(Self::Content),
            (Self::Member, Packing::Compression(_)) => Some(Self::MemberContent),
            (Self::Content, Packing::Compression(_) | Packing::Zip)
            | (Self::Member, Packing::Tar | Packing::Zip)
            | (Self::MemberContent, _) => None,
        }
    }
}
