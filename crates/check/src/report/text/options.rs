use crate::report::call::Limit;
use crate::report::painter::Painter;

/// How a report is shown.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Options {
    /// Use colours, as ANSI escapes.
    pub colour: bool,
    /// Show every outcome and not only failures, and do not cut long values early.
    pub verbose: bool,
    /// How many failures are shown, of different causes if possible. By default, one of each of the
    /// causes that explain most or, if verbose, all.
    pub max_failures: Option<usize>,
}

impl Options {
    pub(crate) fn painter(self) -> Painter {
        Painter { colour: self.colour }
    }

    pub(super) fn limit(self) -> Limit {
        match self.verbose {
            true => Limit::LONG,
            false => Limit::SHORT,
        }
    }

    /// How many items of a list are shown, if not all.
    pub(super) fn max_listed(self, max: usize) -> usize {
        if self.verbose { usize::MAX } else { max }
    }
}
