//! Tests of the public API.

mod attribution;
mod conformance;
mod diff;
mod digests;
mod engine_limits;
mod engine_process;
mod explore;
mod explore_pace;
mod html;
mod kin;
mod kusto_open_points;
mod kusto_results;
mod large_reports;
mod messages;
mod misreadings;
mod observed;
mod queries;
mod report_no_answers;
mod shortest;
mod vectors;
