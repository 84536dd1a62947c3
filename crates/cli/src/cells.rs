//! The option `--raw` of the commands that write CSV.

use clap::Args;

use super::failure::Failure;
use rulespec_check::spreadsheet::Cells;

/// The paragraph of the help texts about CSV.
macro_rules! csv_help {
    () => {
        "\
CSV is safe to open in a spreadsheet: an apostrophe comes before text that would be a
formula, such as =1+1 or @SUM(1), at the start of a cell and after each semicolon, tab
and line break in it, where some spreadsheets begin another cell. An apostrophe in such
a place is doubled. To restore the text, remove one apostrophe from each of these
places, or use --raw."
    };
}
pub(crate) use csv_help;

/// The option `--raw`.
#[derive(Debug, Clone, Copy, Args)]
pub struct CellArguments {
    /// Write CSV without apostrophes before formulas; unsafe to open in a spreadsheet
    #[arg(long, help_heading = "Output")]
    raw: bool,
}

impl CellArguments {
    /// How text becomes a cell.
    pub fn cells(self) -> Cells {
        if self.raw { Cells::Raw } else { Cells::Safe }
    }

    /// Fails if the option was given and the output is not CSV.
    pub fn check(self, is_csv: bool) -> Result<(), Failure> {
        match self.raw && !is_csv {
            true => Err(Failure::usage(&"--raw requires --format csv")),
            false => Ok(()),
        }
    }
}
