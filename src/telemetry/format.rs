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

/// The shape an input has, by its first bytes.
pub fn recognise(head: &[u8]) -> Option<Format> {
    match head {
        [b'E', b'l', b'f', ..] => Some(Format::Evtx),
        [b'<', ..] | [0xff, 0xfe, ..] | [0xfe, 0xff, ..] | [0xef, ..] => Some(Format::Xml),
        [b'{' | b'[', ..] => Some(Format::Json),
        _ => None,
    }
}
