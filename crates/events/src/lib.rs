//! Reads Windows and Defender telemetry as rows of DeviceProcessEvents, as chapters 70 to 74 of
//! the specification in [`rulespec`] define them.
//!
//! ```
//! use std::ops::ControlFlow;
//!
//! use rulespec_events::{Item, Options, read_bytes};
//!
//! let export = br#"
//! {"Timestamp": "2026-01-02T03:04:05Z", "FileName": "a.exe", "ProcessCommandLine": "a.exe /x"}
//! {"Timestamp": "2026-01-02T03:04:06Z", "FileName": "b.exe", "ProcessCommandLine": "b.exe"}
//! "#;
//! let mut events = 0;
//! let flow = read_bytes(export, &"export.jsonl".into(), &Options::default(), &mut |item| {
//!     match item {
//!         Item::Event(_) => events += 1,
//!         Item::Fault(fault) => eprintln!("{fault}"),
//!         Item::Filtered(_) | Item::Skipped(_) => {}
//!     }
//!     ControlFlow::Continue(())
//! });
//! assert_eq!((events, flow), (2, ControlFlow::Continue(())));
//! ```
//!
//! # Overview
//!
//! * [`read()`] streams one input: a file or standard input, which may be compressed (`.gz`, `.bz2`,
//!   `.xz`, `.zst`) or an archive (`.tar`, `.zip`). It detects the [`Format`] and passes each event to
//!   the caller as an [`Item`]. It has one event in memory at a time, reports what is damaged and
//!   continues after it, and never panics on any input. [`read_bytes()`] does the same for bytes in
//!   memory, and [`read_all()`] for several inputs in parallel.
//! * [`Options`] select the events that become rows, set the number of threads and the zone of local
//!   times ([`TimeZone`]), and can stop the reading.
//! * [`Shapes`] say where the JSON and CSV exports of many tools have the values of an event. A mapping
//!   file adds the paths of another tool: [`Shapes::with_mapping`].
//! * An [`Event`] is one process creation as a row. A [`Fault`] says what could not be read, where,
//!   and what to do about it.
//! * [`evtx`], [`xml`], [`json`] and [`csv`] have the reader of each format.
//! * [`duplicates`] finds second reports of one process.
//!
//! # Crate features
//!
//! No feature is enabled by default.
//!
//! * **parquet** reads Parquet and Arrow IPC files: [`Format::Parquet`] and [`Format::Arrow`].
//!   Without it, such an input is a fault.

#![cfg_attr(docsrs, feature(doc_cfg))]

#[cfg(feature = "parquet")]
mod columnar;
mod container;
pub mod csv;
mod defender;
pub mod duplicates;
mod encoding;
pub mod evtx;
mod format;
mod inputs;
pub mod json;
mod line_blocks;
mod lines;
mod name_set;
mod names;
mod ordered;
mod place;
mod prefilter;
mod recognition;
mod resolve;
mod resources;
mod security;
mod shapes;
mod size;
mod syslog;
mod sysmon;
#[cfg(test)]
mod testing;
#[doc(hidden)]
pub mod time;
mod tree;
mod value;
#[doc(hidden)]
pub mod windows_event;
pub mod xml;

use std::fmt;
use std::ops::ControlFlow;
use std::sync::Arc;
use std::sync::atomic::AtomicU64;

use rulespec::kql::{Column, Dynamic, Error, Table};
use time::{DateOrders, TimeNotes};

pub use container::{read, read_bytes};
pub use defender::{known_column, known_columns};
pub use format::Format;
pub use inputs::{ReadError, read_all};
pub use names::Names;
pub use place::{Place, Position};
pub use shapes::{MappingError, ShapeEntry, Shapes};
#[doc(hidden)]
pub use size::{size_of_content, size_of_row};
pub use time::{DateOrder, TimeZone, TimeZoneError};
#[doc(hidden)]
pub use windows_event::WindowsEvent;

/// The kind of log that an event comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Source {
    /// Sysmon event 1, process creation.
    Sysmon,
    /// Security event 4688, a new process has been created.
    Security,
    /// Defender's table DeviceProcessEvents.
    Defender,
}

impl fmt::Display for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Sysmon => "Sysmon 1",
            Self::Security => "Security 4688",
            Self::Defender => "Defender",
        })
    }
}

/// One process creation as a row of DeviceProcessEvents.
///
/// It has the columns that its source has: a Security event, for example, has no
/// `ProcessVersionInfoOriginalFileName`.
#[derive(Debug, Clone, PartialEq)]
pub struct Event {
    /// The kind of log.
    pub source: Source,
    /// The place in the input.
    pub place: Place,
    /// The columns of the row.
    pub columns: Arc<[Column]>,
    /// One cell per column.
    pub row: Vec<Dynamic>,
    /// What the times of the row leave open. `None` in what [`read()`] reports.
    pub(crate) times: Option<Box<TimeNotes>>,
}

impl Event {
    /// Returns the cell of a column, or `None` if there is no such column.
    pub fn cell(&self, column: &str) -> Option<&Dynamic> {
        let index = self.columns.iter().position(|other| other.name == column)?;
        self.row.get(index)
    }

    /// What the event does not report.
    pub fn missing(&self) -> Missing {
        let is_empty = |column| self.cell(column).and_then(Dynamic::as_str).is_none_or(str::is_empty);
        Missing { program: is_empty("FileName"), command_line: is_empty("ProcessCommandLine") }
    }

    /// Returns the event as a table of one row.
    ///
    /// # Errors
    ///
    /// Returns an error if the row does not fit the columns. The rows of [`read()`] always do.
    pub fn table(&self) -> Result<Table, Error> {
        let mut table = Table::new(self.columns.to_vec())?;
        table.push(self.row.clone())?;
        Ok(table)
    }
}

/// What a reader passes to the caller.
#[derive(Debug, Clone, PartialEq)]
pub enum Item {
    /// A process creation that [`Options::keep`] accepts.
    Event(Box<Event>),
    /// A process creation that [`Options::keep`] rejects. No row is built for it.
    Filtered(Filtered),
    /// Something other than a process creation.
    Skipped(Skip),
    /// Something that could not be read.
    Fault(Fault),
}

impl Item {
    pub(crate) fn fault(place: Place, what: impl Into<String>, remedy: impl Into<String>) -> Self {
        Self::Fault(Fault::new(place, what, remedy))
    }

    /// Notes the orders of day and month that a rejected event shows.
    pub(crate) fn with_orders(self, orders: impl FnOnce() -> DateOrders) -> Self {
        match self {
            Self::Filtered(filtered) => Self::Filtered(Filtered { orders: orders(), ..filtered }),
            other @ (Self::Event(_) | Self::Skipped(_) | Self::Fault(_)) => other,
        }
    }
}

/// A process creation that [`Options::keep`] rejects.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct Filtered {
    /// The kind of log.
    pub source: Source,
    /// What the event does not report.
    pub missing: Missing,
    /// The orders of day and month that its times show. None in what [`read()`] reports.
    pub(crate) orders: DateOrders,
}

impl Filtered {
    pub(crate) fn new(source: Source, names: &Names<'_>) -> Self {
        Self { source, missing: names.missing(), orders: DateOrders::default() }
    }
}

impl From<&Event> for Filtered {
    /// What is reported in place of an event that is not wanted.
    fn from(event: &Event) -> Self {
        Self { source: event.source, missing: event.missing(), orders: DateOrders::default() }
    }
}

/// Which of the values that a rule on processes needs a process creation does not report.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct Missing {
    /// The program: its path or file name is empty.
    pub program: bool,
    /// The command line. It is empty in a Security event if the policy that logs it is off.
    pub command_line: bool,
}

/// Why something readable is not a process creation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Skip {
    /// A Sysmon event other than 1.
    OtherSysmonEvent,
    /// A Security event other than 4688.
    OtherSecurityEvent,
    /// A Windows event of another provider.
    OtherProvider,
    /// A row of a table other than DeviceProcessEvents.
    OtherTable,
    /// An object with an unknown structure.
    UnknownShape,
}

impl Skip {
    /// Whether it is known what was skipped.
    pub fn is_recognised(self) -> bool {
        match self {
            Self::OtherSysmonEvent | Self::OtherSecurityEvent | Self::OtherProvider | Self::OtherTable => {
                true
            }
            Self::UnknownShape => false,
        }
    }
}

impl fmt::Display for Skip {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::OtherSysmonEvent => "Sysmon, not event 1",
            Self::OtherSecurityEvent => "Security, not event 4688",
            Self::OtherProvider => "another provider's event",
            Self::OtherTable => "another table's row",
            Self::UnknownShape => "unknown structure",
        })
    }
}

/// Something that could not be read, its place, and what to do about it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{place}: {what}; {remedy}")]
#[non_exhaustive]
pub struct Fault {
    /// The place in the input.
    pub place: Place,
    /// What the fault is about, for counting.
    pub kind: FaultKind,
    /// What is wrong, in lower case, without a full stop.
    pub what: String,
    /// What the user can do about it.
    pub remedy: String,
}

impl Fault {
    /// A [damage](FaultKind::Damage) at this place. `what` is in lower case, without a full stop.
    pub fn new(place: Place, what: impl Into<String>, remedy: impl Into<String>) -> Self {
        Self { place, kind: FaultKind::Damage, what: what.into(), remedy: remedy.into() }
    }
}

/// What a [`Fault`] is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum FaultKind {
    /// A part of the input cannot be read, or not for certain.
    Damage,
    /// The input is a file of this kind, which is not telemetry: "a PDF document".
    NotTelemetry(&'static str),
    /// The format of the input was detected, but no event was recognised in it.
    Unrecognised,
    /// Events were recognised in the input, but some of its objects or rows were not. This is no error:
    /// answers to queries have objects that describe them.
    PartlyUnrecognised,
}

/// A filter for process creations. Several threads may call it at the same time.
pub type Keep = Arc<dyn Fn(Names<'_>) -> bool + Send + Sync>;

/// Returns whether the reading must stop. Several threads may call it, often and at the same time.
pub type StopCheck = Arc<dyn Fn() -> bool + Send + Sync>;

/// How to read an input. By default, its format is detected and every process creation is kept.
///
/// ```
/// use std::sync::Arc;
///
/// use rulespec_events::{Names, Options};
///
/// let keep = |names: Names<'_>| names.file_name.eq_ignore_ascii_case("bitsadmin.exe");
/// let options = Options { keep: Arc::new(keep), jobs: 4, ..Options::default() };
/// ```
#[derive(Clone)]
pub struct Options {
    /// The format of the input. If `None`, it is detected from the content.
    pub format: Option<Format>,
    /// Returns whether a process creation is wanted as a row.
    pub keep: Keep,
    /// Where JSON and CSV have the values of a Windows event, and columns with other names.
    pub shapes: Arc<Shapes>,
    /// Counts the bytes read of the file as it is stored, for a progress bar.
    pub progress: Arc<AtomicU64>,
    /// How many threads work on one input. It does not affect the output.
    pub jobs: usize,
    /// Whether [`read()`], [`read_bytes()`] and [`read_all()`] must stop. They look at it before each
    /// item and each piece of input, also while they wait for a stream such as a pipe.
    pub is_stopped: StopCheck,
    /// The time zone of times that are local and do not name theirs. If `None`, such a time is left
    /// empty, and a fault says so.
    pub time_zone: Option<TimeZone>,
    /// The order of day and month in times such as `6/3/2026`. If `None`, other times of the input tell
    /// it; if none does, such a time is left empty, and a fault says so.
    pub date_order: Option<DateOrder>,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            format: None,
            keep: Arc::new(|_| true),
            shapes: Shapes::built_in(),
            progress: Arc::default(),
            jobs: 1,
            is_stopped: Arc::new(|| false),
            time_zone: None,
            date_order: None,
        }
    }
}

/// Takes the items of one input. It stops the reading by returning `Break`.
pub type Sink<'a> = dyn FnMut(Item) -> ControlFlow<()> + 'a;
