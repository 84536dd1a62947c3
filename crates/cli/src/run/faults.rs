//! What could not be read, told on standard error as it happens.

use std::io::Write;

use super::summary::grouped;
use crate::palette::{Palette, Styled};
use crate::printable::{printable, shortened};
use crate::progress::Progress;
use rulespec_events::Fault;

/// How many faults of one input are told.
const TOLD: u64 = 20;

/// The most characters of one fault that are told.
const LONGEST: usize = 1_000;

/// The faults of one input.
#[derive(Debug, Default)]
pub struct Faults {
    count: u64,
}

impl Faults {
    /// Counts a fault, and tells it where it is one of the first.
    pub fn tell(&mut self, fault: &Fault, progress: &Progress) {
        self.count += 1;
        if self.count <= TOLD {
            progress.aside(|| say(&shortened(&fault.to_string(), LONGEST)));
        }
    }

    /// Tells how many faults of the input were counted only.
    pub fn end(&self, input: &str, progress: &Progress) {
        if let Some(more @ 1..) = self.count.checked_sub(TOLD) {
            progress.aside(|| say(&format!("{}: {} more faults", printable(input), grouped(more))));
        }
    }
}

fn say(text: &str) {
    let program = Styled(Palette::stderr().wrong, "rulespec:");
    // Where standard error is gone there is nobody to tell.
    let _ = writeln!(std::io::stderr().lock(), "{program} {text}");
}
