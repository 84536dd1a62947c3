//! Which shape an input has.

/// A shape of telemetry.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Format {
    /// A Windows event log.
    Evtx,
    /// Windows event XML, as `wevtutil` and Event Viewer export it.
    Xml,
    /// JSON, one object a line, or one array of objects.
    Json,
    /// Comma-separated values with a header, as the Defender portal exports them.
    Csv,
}
