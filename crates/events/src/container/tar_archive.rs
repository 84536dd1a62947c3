//! The members of a `.tar`.

use std::cell::Cell;
use std::io::{self, BufRead, ErrorKind, Read};
use std::ops::ControlFlow;
use std::sync::Arc;

use tar::{Archive, Entry, EntryType};

use super::InputReader;
use super::gz::skip_zeros;
use super::limit::LimitedReader;
use super::packing::Layer;
use super::source::Bytes;

/// How much there may be between two members, in bytes: names and other attributes, which are held
/// in memory.
const MAX_HEADER_LEN: u64 = 1 << 20;

/// The length of a block of zeros that ends an archive.
const BLOCK_LEN: u64 = 512;

impl InputReader<'_, '_> {
    /// Reads the members of an archive, and of others that follow it.
    ///
    /// Spec: TEL-34, TEL-35, TEL-36, TEL-94
    pub(super) fn tar(&mut self, input: &mut dyn BufRead, file: &Arc<str>) -> ControlFlow<()> {
        loop {
            let tape = Tape::default();
            let mut archive = Archive::new(TapeReader { input: &mut *input, tape: &tape });
            if let Err(error) = self.tar_members(&mut archive, &tape, file)? {
                return self.unreadable(file, &error);
            }
            if self.limit.is_exceeded() {
                return ControlFlow::Continue(());
            }
            if tape.zeros.get() < BLOCK_LEN {
                let what = "the archive ends without its end mark";
                return self.fault(file, what, "everything in it was read; check that the file is whole");
            }
            match skip_zeros(input) {
                Ok(true) => return ControlFlow::Continue(()),
                Ok(false) => {}
                Err(error) => return self.unreadable(file, &error),
            }
        }
    }

    /// Reads all members. Returns an error that ends the archive.
    fn tar_members(
        &mut self,
        archive: &mut Archive<TapeReader<'_, '_>>,
        tape: &Tape,
        file: &Arc<str>,
    ) -> ControlFlow<(), io::Result<()>> {
        let mut entries = match archive.entries() {
            Ok(entries) => entries,
            Err(error) => return ControlFlow::Continue(Err(error)),
        };
        loop {
            tape.start_header();
            let entry = match entries.next() {
                None => return ControlFlow::Continue(Ok(())),
                Some(Err(error)) => return ControlFlow::Continue(Err(error)),
                Some(Ok(entry)) => entry,
            };
            tape.start_content();
            let mut content = MemberReader { remaining: entry.size(), entry };
            self.tar_member(&mut content, file)?;
            // After the limit, the next header is not read either.
            let rest = if self.limit.is_exceeded() { Ok(0) } else { io::copy(&mut content, &mut io::sink()) };
            if self.limit.is_exceeded() || rest.is_err() {
                return ControlFlow::Continue(rest.map(|_| ()));
            }
        }
    }

    fn tar_member(
        &mut self,
        content: &mut MemberReader<Entry<'_, impl Read>>,
        file: &Arc<str>,
    ) -> ControlFlow<()> {
        let path = content.entry.path_bytes();
        let name = String::from_utf8_lossy(path.strip_prefix(b"./").unwrap_or(&path));
        let name = format!("{file}!{name}").into();
        match content.entry.header().entry_type() {
            EntryType::Regular | EntryType::Continuous => {
                self.open(Bytes::Stream(content), &name, Layer::Member)
            }
            // Only such a member has more content than there is in the archive.
            EntryType::GNUSparse => {
                let mut content = LimitedReader::new(content, self.limit, self.options);
                self.open(Bytes::Stream(&mut content), &name, Layer::Member)
            }
            // Directories, links, devices and attributes.
            _ => ControlFlow::Continue(()),
        }
    }
}

/// What is being read of an archive.
#[derive(Default)]
struct Tape {
    /// How much more may be read before the content of the next member. `None` in its content.
    header_room: Cell<Option<u64>>,
    /// How many zeros were read last, since the content of the last member.
    zeros: Cell<u64>,
}

impl Tape {
    fn start_header(&self) {
        self.header_room.set(Some(MAX_HEADER_LEN));
        self.zeros.set(0);
    }

    fn start_content(&self) {
        self.header_room.set(None);
    }
}

struct TapeReader<'t, 'i> {
    input: &'t mut (dyn BufRead + 'i),
    tape: &'t Tape,
}

impl Read for TapeReader<'_, '_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let Some(room) = self.tape.header_room.get() else {
            return self.input.read(buffer);
        };
        if room == 0 {
            let what = format!("a header of more than {} MiB", MAX_HEADER_LEN >> 20);
            return Err(io::Error::new(ErrorKind::InvalidData, what));
        }
        let read = self.input.take(room).read(buffer)?;
        self.tape.header_room.set(Some(room.saturating_sub(read as u64)));
        let zeros = buffer.iter().take(read).rev().take_while(|byte| **byte == 0).count();
        let before = if zeros == read { self.tape.zeros.get() } else { 0 };
        self.tape.zeros.set(before.saturating_add(zeros as u64));
        Ok(read)
    }
}

/// Reads the content of a member, which must not end early.
struct MemberReader<E> {
    entry: E,
    remaining: u64,
}

impl<E: Read> Read for MemberReader<E> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.entry.read(buffer)?;
        if read == 0 && self.remaining > 0 && !buffer.is_empty() {
            return Err(io::Error::new(ErrorKind::UnexpectedEof, "the archive is cut off"));
        }
        self.remaining = self.remaining.saturating_sub(read as u64);
        Ok(read)
    }
}
