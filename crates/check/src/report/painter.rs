/// Colours text by its meaning with ANSI escapes, or leaves it as it is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Painter {
    /// Whether to colour text.
    pub colour: bool,
}

impl Painter {
    /// Dimmed: labels and source locations.
    pub fn muted(self, text: &str) -> String {
        self.paint("2", text)
    }

    /// Red: failures.
    pub fn error(self, text: &str) -> String {
        self.paint("1;31", text)
    }

    /// Green: what is right.
    pub fn success(self, text: &str) -> String {
        self.paint("32", text)
    }

    /// Yellow: neither right nor wrong.
    pub fn warning(self, text: &str) -> String {
        self.paint("33", text)
    }

    /// Bold: names and totals.
    pub fn strong(self, text: &str) -> String {
        self.paint("1", text)
    }

    fn paint(self, code: &str, text: &str) -> String {
        match self.colour && !text.is_empty() {
            true => format!("\x1b[{code}m{text}\x1b[0m"),
            false => text.to_owned(),
        }
    }
}
