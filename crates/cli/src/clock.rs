//! The present, and times that stand for it.

use std::time::{SystemTime, UNIX_EPOCH};

use anyhow::Context as _;
use rulespec::kql::Datetime;

/// The present time.
///
/// # Errors
///
/// Returns an error if the clock is outside the years that a datetime can have.
pub fn present() -> anyhow::Result<Datetime> {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).context("the clock is before 1970")?;
    let ticks = i64::try_from(now.as_nanos() / 100).ok().and_then(Datetime::from_ticks_since_1970);
    ticks.context("the clock is after year 9999")
}

/// Parses the value of `--now`.
pub fn now(text: &str) -> Result<Datetime, String> {
    text.parse().map_err(|error| format!("{error}; write it as 2026-01-02T03:04:05Z"))
}
