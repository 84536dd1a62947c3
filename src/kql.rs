//! The Kusto (KQL) semantics under the rule: chapters 10 to 50 of the specification.
//!
//! These functions are the *reference*: the shortest faithful implementation of the
//! clauses, chapter by chapter. They are written for clarity, not for speed.
//! They are total: no input makes them panic.
//!
//! | chapter | file | contents |
//! |---|---|---|
//! | 10 `CMD` | `command_line.rs` | [`parse_command_line`], [`explain_command_line`] |
//! | 20 `TXT` | `text.rs` | [`eq_ci`] (`=~`), [`contains`], [`tolower`], [`indexof`], [`substring`] |
//! | 25 `STR` | `strings.rs` | [`replace_string`], [`countof`], [`base64_decode`] |
//! | 30 `TRM` | `terms.rs` | [`has`], [`has_any`], [`has_part`], [`occurrences`] |
//! | 35 `RGX` | `pattern.rs` | [`pattern`], [`extract`], [`extract_all`], [`replace_regex`] |
//! | 40 `DYN` | `dynamic.rs` | [`element`] (subscripts), [`tostring`], [`iff`] |
//! | 45 `VAL` | `comparison.rs` | [`equals`], [`order`], [`between`], [`and`], [`or`] |
//! | | `arithmetic.rs` | [`add`], [`subtract`], [`multiply`], [`divide`], [`remainder`], [`negative`] |
//! | | `conversion.rs` | [`tolong`], [`todouble`], [`tobool`], [`gettype`] |
//! | 47 `TIM` | `calendar.rs` | [`floor`] (`bin`), [`start_of`], [`datetime_add`], [`datetime_diff`], [`part_of`] |
//! | | `time_format.rs` | [`format_datetime`], [`format_timespan`] |
//! | 50 `TAB` | `table.rs` | [`Table`]: `where`, `extend`, `project-reorder`; [`column_ifexists`] |
//!
//! The values, times, errors and open points that they share are in `value.rs`, `time.rs`,
//! `error.rs` and `profile.rs`. [`Semantics`] (`semantics.rs`) is the set of all functions as one
//! value, so that the rule also runs with functions that are faster, or deliberately wrong.
//!
//! If public evidence does not decide a question, the answer depends on a [`Profile`]:
//! one choice for every open point of chapter 90.

mod arithmetic;
mod calendar;
mod command_line;
mod comparison;
mod conversion;
mod dynamic;
mod error;
mod pattern;
pub mod profile;
mod semantics;
mod strings;
mod table;
mod terms;
mod text;
mod time;
mod time_format;
mod value;

pub use arithmetic::{add, as_real, divide, multiply, negative, remainder, subtract};
pub use calendar::{Unit, datetime_add, datetime_diff, day_of_week, end_of, floor, part_of, start_of};
#[doc(hidden)]
pub use command_line::is_guid;
pub use command_line::{Step, explain_command_line, parse_command_line};
pub use comparison::{and, between, equals, or, order};
pub use conversion::{gettype, tobool, todatetime, todouble, tolong, totimespan};
pub use dynamic::{element, iff, member, parse_json, slice, tostring};
pub use error::{Error, ErrorKind};
pub use pattern::{Piece, extract, extract_all, matches, pattern, pieces, replace_regex, trim_pattern};
pub use profile::Profile;
pub use semantics::{Argument, Replacement, Semantics};
pub use strings::{base64_decode, base64_encode, countof, limited, places, replace_string};
pub(crate) use table::first_of_equal;
#[doc(hidden)]
pub use table::unknown_column;
pub use table::{Assignments, Column, Predicate, Row, Table, column_ifexists};
#[doc(hidden)]
pub use terms::first_occurrence;
pub use terms::{Occurrence, Part, has, has_any, has_part, is_term_character, occurrences};
pub use text::{Case, contains, ends_with, eq_ci, indexof, starts_with, substring, tolower, toupper};
#[doc(hidden)]
pub use text::{fold, fold_character};
pub(crate) use time::TICKS_TO_1970;
pub use time::{Datetime, ParseTimeError, Timespan};
pub use time_format::{format_datetime, format_timespan};
pub use value::{Dynamic, Type};
