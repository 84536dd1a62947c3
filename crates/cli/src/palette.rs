//! Colours, or none.

use std::fmt;

use anstyle::{AnsiColor, Style};

/// The styles of one output stream, all of them empty where it takes no colour.
#[derive(Debug, Clone, Copy, Default)]
pub struct Palette {
    /// What stands back: labels.
    pub quiet: Style,
    /// What went wrong.
    pub wrong: Style,
}

impl Palette {
    /// The styles for standard output.
    pub fn stdout() -> Self {
        Self::for_choice(anstream::AutoStream::choice(&std::io::stdout()))
    }

    /// The styles for standard error.
    pub fn stderr() -> Self {
        Self::for_choice(anstream::AutoStream::choice(&std::io::stderr()))
    }

    /// Whether these are styles at all.
    pub fn coloured(self) -> bool {
        self.quiet != Style::new()
    }

    fn for_choice(choice: anstream::ColorChoice) -> Self {
        match choice {
            anstream::ColorChoice::Never => Self::default(),
            _ => Self { quiet: Style::new().dimmed(), wrong: AnsiColor::Red.on_default() },
        }
    }
}

/// A text in a style.
pub struct Styled<T>(pub Style, pub T);

impl<T: fmt::Display> fmt::Display for Styled<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{}{}", self.0.render(), self.1, self.0.render_reset())
    }
}
