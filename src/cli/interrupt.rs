//! What happens on Ctrl-C.

use crate::engine::process::end_all;

/// The exit status of a program that was interrupted, as shells write it.
const INTERRUPTED: i32 = 130;

/// From here on, Ctrl-C, a hang-up and a request to end also end every engine that
/// runs, with its process group, which would not hear of them otherwise.
pub fn end_engines() -> anyhow::Result<()> {
    ctrlc::set_handler(|| {
        end_all();
        std::process::exit(INTERRUPTED);
    })?;
    Ok(())
}
