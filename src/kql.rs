//! The Kusto (KQL) semantics under the rule: chapters 10 to 50 of the
//! specification, one module a chapter.
//!
//! These functions are the *reference*: the shortest honest reading of the
//! clauses, in their order. They are written to be read and compared, not to be
//! quick, and they are total: no input makes them panic.
//!
//! | chapter | module | what |
//! |---|---|---|
//! | 10 `CMD` | [`command_line`] | `parse_command_line(…, "windows")` |
//! | 20 `TXT` | [`text`] | `=~`, `indexof`, `substring` |
//! | 30 `TRM` | [`terms`] | `has`, `has_any` |
//! | 40 `DYN` | [`dynamic`] | subscripts, `tostring`, `iff` |
//! | 50 `TAB` | [`table`] | `where`, `extend`, `column_ifexists`, `project-reorder` |
//!
//! Where public evidence does not decide a question, the answer depends on a
//! [`Profile`]: one choice for every open point of chapter 90.

pub mod command_line;
pub mod dynamic;
mod error;
pub mod profile;
mod semantics;
pub mod table;
pub mod terms;
pub mod text;
mod time;
mod value;

pub use command_line::parse_command_line;
pub use dynamic::{element, iff, tostring};
pub use error::{Error, ErrorKind};
pub use profile::Profile;
pub use semantics::Semantics;
pub use table::{Column, Row, Table, column_ifexists};
pub use terms::{has, has_any};
pub use text::{eq_ci, indexof, substring};
pub use time::{Datetime, Timespan};
pub use value::{Dynamic, Type};
