//! Handling of Ctrl-C and termination signals.

use std::sync::{Mutex, PoisonError};

use super::status::Status;
use rulespec_check::engine::process::end_all;

/// What the first signal does instead of exiting.
type Action = Box<dyn FnOnce() + Send>;

static FIRST_ACTION: Mutex<Option<Action>> = Mutex::new(None);

/// Installs the handler of Ctrl-C, hang-up and termination signals. By default, a signal kills
/// all running engines and exits. The engines would not receive it themselves, because they run
/// in process groups of their own.
pub fn install_handler() -> anyhow::Result<()> {
    ctrlc::set_handler(|| {
        let action = FIRST_ACTION.lock().unwrap_or_else(PoisonError::into_inner).take();
        match action {
            Some(action) => action(),
            None => {
                end_all();
                std::process::exit(Status::Interrupted as i32);
            }
        }
    })?;
    Ok(())
}

/// Makes the first signal run this action instead of exiting, so that the command can show partial
/// results. The next signal exits.
pub fn on_first(action: impl FnOnce() + Send + 'static) {
    *FIRST_ACTION.lock().unwrap_or_else(PoisonError::into_inner) = Some(Box::new(action));
}
