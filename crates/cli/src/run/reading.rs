//! How the reading of inputs ends.

use std::io;
use std::thread;

use crate::failure::Failure;
use rulespec_check::panic_text;
use rulespec_events::ReadError;

/// How the reading of all inputs ended.
pub enum Reading {
    /// All inputs were read to their ends, or it was reported why not.
    Complete,
    /// A signal ended it.
    Interrupted,
    /// Not all of the inputs could be read.
    Failed(Failure),
}

impl Reading {
    /// How a call of [`read_all`](rulespec_events::read_all) ended, which may have panicked.
    ///
    /// # Errors
    ///
    /// Returns the error of writing the output, if there was one.
    pub fn of(result: thread::Result<Result<(), ReadError<anyhow::Error>>>) -> anyhow::Result<Self> {
        match result {
            Ok(Ok(())) => Ok(Self::Complete),
            Ok(Err(ReadError::Take(error))) => Err(error),
            Ok(Err(ReadError::Stopped)) => Ok(Self::Interrupted),
            Ok(Err(ReadError::Threads(error))) => {
                Ok(Self::Failed(Failure::failed(&ReadError::<io::Error>::Threads(error))))
            }
            Err(panic) => {
                let text = panic_text(&*panic).unwrap_or("no message");
                let message = format!("a bug ended the reading, and part of the input was not read: {text}");
                Ok(Self::Failed(Failure::failed(&message)))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::status::Status;

    #[test]
    fn a_panic_or_a_missing_thread_is_a_failure_with_its_message() {
        let threads = || Ok(Err(ReadError::Threads(io::ErrorKind::WouldBlock.into())));
        let panics = || Err(Box::new("the worker is broken") as Box<dyn std::any::Any + Send>);
        for (result, expected) in [(threads(), "(ulimit -u)"), (panics(), "the worker is broken")] {
            let Ok(Reading::Failed(failure)) = Reading::of(result) else { panic!("{expected}") };
            assert_eq!(failure.status, Status::Io);
            assert!(failure.to_string().contains(expected), "{failure}");
        }
    }
}
