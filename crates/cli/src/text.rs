//! Options that say how much a text report shows.

use clap::Args;

use rulespec_check::report::text::Options;

/// How much a text report shows.
#[derive(Debug, Args)]
#[command(next_help_heading = "Output")]
pub struct TextArguments {
    /// Show every outcome and longer values
    #[arg(long, short)]
    verbose: bool,

    /// Show only the summary
    #[arg(long, short, conflicts_with_all = ["verbose", "max_failures"])]
    quiet: bool,

    /// Show at most NUMBER failures, or `all`, of different causes if possible; by default, one of
    /// each of the three causes that explain most
    #[arg(long, value_name = "NUMBER", value_parser = number)]
    max_failures: Option<usize>,
}

impl TextArguments {
    /// The options of the report.
    pub fn options(&self, colour: bool) -> Options {
        let max_failures = if self.quiet { Some(0) } else { self.max_failures };
        Options { colour, verbose: self.verbose, max_failures }
    }
}

/// Parses a number or `all`.
fn number(text: &str) -> Result<usize, String> {
    match text {
        "all" => Ok(usize::MAX),
        text => text.parse().map_err(|_| "expected a number or all".to_owned()),
    }
}
