//! Tests of the readers through their public API.

mod evtx;
mod evtx_damage;
mod examples;
mod exports;
mod forms;
mod json;
mod limits;
mod mutations;
mod packed;
