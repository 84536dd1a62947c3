//! Tests of the readers through their public API.

mod evtx;
mod examples;
mod exports;
mod forms;
mod json;
mod limits;
mod mutations;
mod packed;
