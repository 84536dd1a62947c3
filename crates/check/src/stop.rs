//! Ends a run early: on request, or at a deadline.

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use crate::clock::Instant;

/// Ends a run early: on request, or at a deadline. Clones share the request.
///
/// An engine process that has one leaves all further questions
/// [unanswered](crate::engine::Answer::NotAsked) as soon as it is set.
///
/// ```
/// use rulespec_check::stop::{Reason, Stop};
/// use std::time::Duration;
///
/// let stop = Stop::default();
/// assert_eq!(stop.reason(), None);
/// assert_eq!(stop.after(Duration::ZERO).reason(), Some(Reason::TimeOver));
/// stop.request();
/// assert_eq!(stop.reason(), Some(Reason::Interrupted));
/// ```
///
/// Spec: PRO-24
#[derive(Debug, Clone, Default)]
pub struct Stop {
    requested: Arc<AtomicBool>,
    deadline: Option<Instant>,
}

/// Why a run ends early.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reason {
    /// It was requested.
    Interrupted,
    /// The deadline has passed.
    TimeOver,
}

impl Stop {
    /// The same stop, which is also set when this much time has passed from now. An earlier
    /// deadline remains.
    #[must_use]
    pub fn after(&self, time: Duration) -> Self {
        // A deadline that the clock cannot represent is never reached.
        let deadline = Instant::now().checked_add(time);
        let deadline = [self.deadline, deadline].into_iter().flatten().min();
        Self { requested: Arc::clone(&self.requested), deadline }
    }

    /// Requests the end of every run that has a clone of this.
    pub fn request(&self) {
        self.requested.store(true, Ordering::Relaxed);
    }

    /// Why the run must end now, if it must.
    pub fn reason(&self) -> Option<Reason> {
        if self.requested.load(Ordering::Relaxed) {
            return Some(Reason::Interrupted);
        }
        self.deadline.is_some_and(|deadline| Instant::now() >= deadline).then_some(Reason::TimeOver)
    }

    /// Whether the run must end now.
    pub fn is_set(&self) -> bool {
        self.reason().is_some()
    }

    /// The earlier of this deadline and `other`.
    #[cfg(not(target_family = "wasm"))]
    pub(crate) fn sooner(&self, other: Instant) -> Instant {
        self.deadline.map_or(other, |deadline| deadline.min(other))
    }
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Interrupted => "the run was interrupted",
            Self::TimeOver => "the time limit of the run was reached",
        })
    }
}
