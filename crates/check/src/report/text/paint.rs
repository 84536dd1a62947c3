//! Colours, or none.

/// Puts text in colours where that is wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Paint {
    /// Whether it is.
    pub colour: bool,
}

impl Paint {
    /// What stands back: labels, places.
    pub fn quiet(self, text: &str) -> String {
        self.with("2", text)
    }

    /// What is wrong.
    pub fn wrong(self, text: &str) -> String {
        self.with("1;31", text)
    }

    /// What is right.
    pub fn right(self, text: &str) -> String {
        self.with("32", text)
    }

    /// What is neither right nor wrong.
    pub fn neutral(self, text: &str) -> String {
        self.with("33", text)
    }

    /// What stands out.
    pub fn strong(self, text: &str) -> String {
        self.with("1", text)
    }

    fn with(self, code: &str, text: &str) -> String {
        match self.colour && !text.is_empty() {
            true => format!("\x1b[{code}m{text}\x1b[0m"),
            false => text.to_owned(),
        }
    }
}
