//! Handling of Ctrl-C, hang-up and termination signals.

use std::process::exit;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU8, Ordering};

use super::status::Status;
use rulespec_check::engine::process::end_all;
use rulespec_check::stop::Stop;

/// The exit status for the signal that has arrived; 0 if there was none.
static SIGNALLED: AtomicU8 = AtomicU8::new(0);
/// The stop of a command that ends by itself after a signal.
static STOP: OnceLock<Stop> = OnceLock::new();

/// Installs the handler of signals. A signal kills all running engines and exits, unless the
/// command has taken [`stop`]. The engines would not receive it themselves, because they run in
/// sessions of their own.
///
/// Spec: PRO-16
pub fn install_handler() -> anyhow::Result<()> {
    #[cfg(unix)]
    {
        use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM};
        let mut signals = signal_hook::iterator::Signals::new([SIGINT, SIGTERM, SIGHUP])?;
        std::thread::Builder::new().name("signals".to_owned()).spawn(move || {
            for signal in signals.forever() {
                handle(match signal {
                    SIGHUP => Status::HungUp,
                    SIGTERM => Status::Terminated,
                    _ => Status::Interrupted,
                });
            }
        })?;
    }
    #[cfg(not(unix))]
    ctrlc::set_handler(|| handle(Status::Interrupted))?;
    Ok(())
}

fn handle(status: Status) {
    let is_first = SIGNALLED.swap(status as u8, Ordering::Relaxed) == 0;
    match STOP.get() {
        Some(stop) if is_first => stop.request(),
        Some(_) | None => {
            end_all();
            exit(status as i32);
        }
    }
}

/// Makes the first signal request this stop instead of exiting, so that the command can show
/// partial results. The next signal exits.
pub fn stop() -> Stop {
    STOP.get_or_init(Stop::default).clone()
}

/// The exit status for the signal that has arrived, if there was one.
pub fn status() -> Option<Status> {
    let status = SIGNALLED.load(Ordering::Relaxed);
    [Status::HungUp, Status::Interrupted, Status::Terminated].into_iter().find(|one| *one as u8 == status)
}
