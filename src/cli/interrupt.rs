//! What happens on Ctrl-C.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use super::status::Status;
use crate::engine::process::end_all;
use crate::explore::Watch;

/// Whether the first Ctrl-C is only a request.
static ASKS_FIRST: AtomicBool = AtomicBool::new(false);
/// Whether that request was made.
static ASKED: AtomicBool = AtomicBool::new(false);

/// The search that runs, which is to tell what it has found.
static SEARCH: Mutex<Option<Arc<Watch>>> = Mutex::new(None);

/// From here on, Ctrl-C, a hang-up and a request to end also end every engine that
/// runs, with its process group, which would not hear of them otherwise.
pub fn end_engines() -> anyhow::Result<()> {
    ctrlc::set_handler(|| {
        if ASKS_FIRST.load(Ordering::Relaxed) && !ASKED.swap(true, Ordering::Relaxed) {
            return;
        }
        let search = SEARCH.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let Some(search) = &search {
            search.stop.store(true, Ordering::Relaxed);
        }
        end_all();
        if search.is_none() {
            std::process::exit(Status::Interrupted as i32);
        }
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

/// From here on, the first of these ends a search, which keeps what it has found; the
/// next one ends the program.
pub fn end_search(watch: &Arc<Watch>) {
    *SEARCH.lock().unwrap_or_else(PoisonError::into_inner) = Some(Arc::clone(watch));
}
