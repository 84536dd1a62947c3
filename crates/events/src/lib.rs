//! Chapter 70: real telemetry as rows of DeviceProcessEvents.
//!
//! [`read`] streams one input, whatever its shape, and hands every event to the
//! caller as an [`Item`]. It holds one event in memory at a time, keeps all that
//! is good around what is broken, and never panics on what it reads.
//!
//! | module | what |
//! |---|---|
//! | [`windows_event`] | one Windows event, however it was written down |
//! | `unwanted` | what is decided before a row is built |
//! | `sysmon`, `security` | Sysmon 1 and Security 4688 → a row |
//! | `defender` | DeviceProcessEvents as exported → a row |
//! | [`evtx`], [`xml`] | readers of Windows' own forms |
//! | [`json`], [`csv`] | readers of exports, line by line |
//! | `columnar` | reader of Parquet and Arrow IPC (feature `parquet`) |
//! | [`container`] | files, standard input, `.gz` and `.zip` |
//! | [`duplicates`] | finds second reports of one process |
//! | [`mod@format`] | which shape an input has, told by its content |

mod blocks;
#[cfg(feature = "parquet")]
mod columnar;
pub mod container;
pub mod csv;
mod defender;
pub mod duplicates;
pub mod evtx;
pub mod format;
mod inputs;
pub mod json;
mod lines;
mod names;
mod ordered;
mod security;
mod sysmon;
mod unwanted;
mod value;
pub mod windows_event;
pub mod xml;

use std::fmt;
use std::ops::ControlFlow;
use std::sync::Arc;
use std::sync::atomic::AtomicU64;

use rulespec::kql::{Column, Dynamic, Error, Table};

pub use container::{read, read_bytes};
pub use format::Format;
pub use inputs::read_all;
pub use names::Names;
pub use windows_event::WindowsEvent;

/// Where an event was recorded.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Source {
    /// Sysmon event 1, process create.
    Sysmon,
    /// Security event 4688, a new process has been created.
    Security,
    /// Defender's DeviceProcessEvents.
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

/// Where something stands in the input.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Place {
    /// The file, with the member of an archive after a `!`: `logs.zip!a.json`.
    pub file: Arc<str>,
    /// Where in it.
    pub position: Position,
}

/// Where in a file something stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Position {
    /// The file as a whole.
    Whole,
    /// A record of an event log, by its EventRecordID.
    Record(u64),
    /// A line, counted from 1.
    Line(u64),
    /// An element of an array or an event of an XML document, counted from 1.
    Element(u64),
    /// A byte, counted from 0.
    Byte(u64),
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.file)?;
        match self.position {
            Position::Whole => Ok(()),
            Position::Record(n) => write!(f, ": record {n}"),
            Position::Line(n) => write!(f, ":{n}"),
            Position::Element(n) => write!(f, ": event {n}"),
            Position::Byte(n) => write!(f, ": byte {n}"),
        }
    }
}

/// One process creation as a row of DeviceProcessEvents.
///
/// The columns are those its source has: a Security event, for one, has no
/// `ProcessVersionInfoOriginalFileName`.
#[derive(Debug, Clone, PartialEq)]
pub struct Event {
    /// Where it was recorded.
    pub source: Source,
    /// Where it stands in the input.
    pub place: Place,
    /// The columns of its table.
    pub columns: Arc<[Column]>,
    /// One cell a column.
    pub row: Vec<Dynamic>,
}

impl Event {
    /// The event as a table of one row.
    ///
    /// # Errors
    ///
    /// Where row and columns do not fit each other, which no reader here causes.
    pub fn table(&self) -> Result<Table, Error> {
        let mut table = Table::new(self.columns.to_vec())?;
        table.push(self.row.clone())?;
        Ok(table)
    }
}

/// What a reader hands on.
#[derive(Debug, Clone, PartialEq)]
pub enum Item {
    /// A process creation that [`Options::keep`] wants.
    Event(Box<Event>),
    /// A process creation that [`Options::keep`] does not want: counted, not built.
    Passed(Source),
    /// Something else than a process creation.
    Skipped(Skip),
    /// Something that could not be read.
    Fault(Fault),
}

/// Why something readable is no process creation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Skip {
    /// A Sysmon event other than 1.
    OtherSysmonEvent,
    /// A Security event other than 4688.
    OtherSecurityEvent,
    /// A Windows event of another provider.
    OtherProvider,
    /// A row of another table than DeviceProcessEvents.
    OtherTable,
    /// An object that has no shape this reader knows.
    UnknownShape,
}

impl fmt::Display for Skip {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::OtherSysmonEvent => "Sysmon, not event 1",
            Self::OtherSecurityEvent => "Security, not event 4688",
            Self::OtherProvider => "another provider's event",
            Self::OtherTable => "another table's row",
            Self::UnknownShape => "no known shape",
        })
    }
}

/// Something that could not be read, where, and what to do about it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{place}: {what}; {remedy}")]
pub struct Fault {
    /// Where.
    pub place: Place,
    /// What is wrong, in lower case, without a full stop.
    pub what: String,
    /// What the reader of the message can do.
    pub remedy: String,
}

/// Says of a process creation whether it is wanted, by what it is called. Threads may
/// ask it at once.
pub type Keep = Arc<dyn Fn(Names<'_>) -> bool + Send + Sync>;

/// How to read.
#[derive(Clone)]
pub struct Options {
    /// The shape of the input; told by its content where `None`.
    pub format: Option<Format>,
    /// Which process creations are wanted as rows.
    pub keep: Keep,
    /// Counts the bytes read, as they lie on disk, for a progress bar.
    pub progress: Arc<AtomicU64>,
    /// How many threads may work on one input; what comes out is the same.
    pub jobs: usize,
}

/// Takes the items of one input, and may end the reading.
pub type Sink<'a> = dyn FnMut(Item) -> ControlFlow<()> + 'a;
