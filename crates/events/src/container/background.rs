//! A stream that is read on a thread of its own, so that the wait for it can be given up.

use std::io::{self, Cursor, Read};
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, sync_channel};
use std::thread;
use std::time::Duration;

use super::limit::stopped;
use crate::StopCheck;
use crate::format::HEAD_LEN;

/// How often a wait looks whether the reading was stopped.
const CHECK_INTERVAL: Duration = Duration::from_millis(50);

/// Bytes that the thread has read. The first message, without bytes, says that the stream is open.
type Message = io::Result<Vec<u8>>;

/// Reads a stream that may make its reader wait without end.
///
/// If the reading is stopped, the thread is left behind. It ends with its current read.
pub(super) struct BackgroundReader<'o> {
    messages: Receiver<Message>,
    current: Cursor<Vec<u8>>,
    is_stopped: &'o StopCheck,
}

impl<'o> BackgroundReader<'o> {
    /// Opens a stream on a new thread, and waits until it is open.
    ///
    /// # Errors
    ///
    /// Returns an error if the stream cannot be opened, or if the reading is stopped before it is.
    pub(super) fn open<R: Read>(
        open: impl FnOnce() -> io::Result<R> + Send + 'static,
        is_stopped: &'o StopCheck,
    ) -> io::Result<Self> {
        // What was read ahead is bounded by one message in the queue.
        let (sender, messages) = sync_channel(1);
        let read = move || match open() {
            Ok(stream) => send_all(stream, &sender),
            // The receiver is gone if the reading was stopped.
            Err(error) => drop(sender.send(Err(error))),
        };
        thread::Builder::new().name("input".to_owned()).spawn(read)?;
        let mut reader = Self { messages, current: Cursor::default(), is_stopped };
        reader.receive()?;
        Ok(reader)
    }

    /// Waits for the next message. Returns an empty one at the end of the stream.
    fn receive(&mut self) -> io::Result<Vec<u8>> {
        loop {
            if (self.is_stopped)() {
                return Err(stopped());
            }
            match self.messages.recv_timeout(CHECK_INTERVAL) {
                Ok(message) => return message,
                Err(RecvTimeoutError::Timeout) => {}
                Err(RecvTimeoutError::Disconnected) => return Ok(vec![]),
            }
        }
    }
}

impl Read for BackgroundReader<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.current.position() >= self.current.get_ref().len() as u64 {
            self.current = Cursor::new(self.receive()?);
        }
        self.current.read(buffer)
    }
}

/// Sends everything that the stream supplies, as soon as it does, up to an error.
fn send_all(mut stream: impl Read, sender: &SyncSender<Message>) {
    let mut next = Ok(vec![]);
    loop {
        let is_last = next.is_err();
        if sender.send(next).is_err() || is_last {
            return;
        }
        next = match read_some(&mut stream) {
            Ok(bytes) if bytes.is_empty() => return,
            other => other,
        };
    }
}

fn read_some(stream: &mut impl Read) -> Message {
    let mut buffer = vec![0; HEAD_LEN];
    loop {
        match stream.read(&mut buffer) {
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            read => {
                buffer.truncate(read?);
                return Ok(buffer);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::sync::atomic::{AtomicBool, Ordering};
    use std::time::Instant;

    use super::*;

    /// Supplies these pieces, then an error.
    struct Pieces(Vec<&'static [u8]>);

    impl Read for Pieces {
        fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
            match self.0.pop() {
                Some(mut piece) => piece.read(buffer),
                None => Err(io::Error::other("the line is dead")),
            }
        }
    }

    fn never() -> StopCheck {
        Arc::new(|| false)
    }

    #[test]
    fn bytes_and_errors_arrive_in_order() {
        let never = never();
        let mut reader = BackgroundReader::open(|| Ok(Pieces(vec![b"cd", b"ab"])), &never).unwrap();
        let mut read = vec![];
        let error = reader.read_to_end(&mut read).unwrap_err();
        assert_eq!((read.as_slice(), error.to_string()), (&b"abcd"[..], "the line is dead".to_owned()));
        assert_eq!(reader.read_to_end(&mut read).unwrap(), 0);
        let refused = BackgroundReader::open(|| Err::<Pieces, _>(io::Error::other("refused")), &never);
        assert_eq!(refused.err().map(|error| error.to_string()), Some("refused".to_owned()));
    }

    /// A stream that supplies nothing, and never ends.
    struct Silent;

    impl Read for Silent {
        fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
            loop {
                thread::park();
            }
        }
    }

    #[test]
    fn a_wait_is_given_up_on_a_stop() {
        let flag = Arc::new(AtomicBool::new(false));
        let is_stopped: StopCheck = {
            let flag = Arc::clone(&flag);
            Arc::new(move || flag.load(Ordering::Relaxed))
        };
        let mut reader = BackgroundReader::open(|| Ok(Silent), &is_stopped).unwrap();
        let start = Instant::now();
        thread::scope(|scope| {
            scope.spawn(|| {
                thread::sleep(Duration::from_millis(20));
                flag.store(true, Ordering::Relaxed);
            });
            assert!(reader.read(&mut [0; 8]).is_err());
        });
        assert!(start.elapsed() < Duration::from_millis(900));
    }
}
