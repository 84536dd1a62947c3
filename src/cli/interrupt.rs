//! What happens on Ctrl-C.

use std::sync::atomic::Ordering;
use std::sync::{Arc, Mutex, PoisonError};

use crate::engine::process::end_all;
use crate::explore::Watch;

/// The exit status of a program that was interrupted, as shells write it.
const INTERRUPTED: i32 = 130;

/// The search that runs, which is to tell what it has found.
static SEARCH: Mutex<Option<Arc<Watch>>> = Mutex::new(None);

/// From here on, Ctrl-C, a hang-up and a request to end also end every engine that
/// runs, with its process group, which would not hear of them otherwise.
pub fn end_engines() -> anyhow::Result<()> {
    ctrlc::set_handler(|| {
        let search = SEARCH.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let Some(search) = &search {
            search.stop.store(true, Ordering::Relaxed);
        }
        end_all();
        if search.is_none() {
            std::process::exit(INTERRUPTED);
        }
    })?;
    Ok(())
}

/// From here on, the first of these ends a search, which keeps what it has found; the
/// next one ends the program.
pub fn end_search(watch: &Arc<Watch>) {
    *SEARCH.lock().unwrap_or_else(PoisonError::into_inner) = Some(Arc::clone(watch));
}
