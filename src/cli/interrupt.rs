//! What happens on Ctrl-C.

use std::sync::atomic::{AtomicBool, Ordering};

use super::status::Status;
use crate::engine::process::end_all;

/// Whether the first Ctrl-C is only a request.
static ASKS_FIRST: AtomicBool = AtomicBool::new(false);
/// Whether that request was made.
static ASKED: AtomicBool = AtomicBool::new(false);

/// From here on, Ctrl-C, a hang-up and a request to end also end every engine that
/// runs, with its process group, which would not hear of them otherwise.
pub fn end_engines() -> anyhow::Result<()> {
    ctrlc::set_handler(|| {
        if ASKS_FIRST.load(Ordering::Relaxed) && !ASKED.swap(true, Ordering::Relaxed) {
            return;
        }
        end_all();
        std::process::exit(Status::Interrupted as i32);
    })?;
    Ok(())
}

/// From here on, the first Ctrl-C is only a request to come to an end, which is to
/// be looked for; the second one ends.
pub fn ask_first() {
    ASKS_FIRST.store(true, Ordering::Relaxed);
}

/// Whether the request was made.
pub fn is_asked() -> bool {
    ASKED.load(Ordering::Relaxed)
}
