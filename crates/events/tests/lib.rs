//! Tests of the readers through their public API.

mod evtx;
mod examples;
mod json;
mod limits;
mod mutations;
mod packed;
