//! Times as exports write them.

mod offset;
mod zone;

pub use zone::{TimeZone, TimeZoneError};
