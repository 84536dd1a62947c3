//! What happens on Ctrl-C.

use std::sync::{Mutex, PoisonError};

use super::status::Status;
use rulespec_check::engine::process::end_all;

/// What the first Ctrl-C does in place of ending the program.
type First = Box<dyn FnOnce() + Send>;

static FIRST: Mutex<Option<First>> = Mutex::new(None);

/// From here on, Ctrl-C, a hang-up and a request to end also end every engine that
/// runs, with its process group, which would not hear of them otherwise.
pub fn end_engines() -> anyhow::Result<()> {
    ctrlc::set_handler(|| {
        let first = FIRST.lock().unwrap_or_else(PoisonError::into_inner).take();
        match first {
            Some(first) => first(),
            None => {
                end_all();
                std::process::exit(Status::Interrupted as i32);
            }
        }
    })?;
    Ok(())
}

/// From here on, the first of these only does this, so that what there is by then can
/// be shown; the next one ends the program.
pub fn at_first(first: impl FnOnce() + Send + 'static) {
    *FIRST.lock().unwrap_or_else(PoisonError::into_inner) = Some(Box::new(first));
}
