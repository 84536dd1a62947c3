//! The readers of telemetry, by their public interface.

mod evtx;
mod examples;
mod json;
mod limits;
mod mutations;
