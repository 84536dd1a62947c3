//! `rulespec completions`: shell completions.

use std::sync::LazyLock;

use clap::builder::PossibleValuesParser;
use clap::{Arg, Args, Command};
use clap_complete::Shell;

use super::show;
use super::status::Status;
use super::stdout;
use rulespec::Function;
use rulespec::suite::{self, Clause};
use rulespec_check::digest::SCOPES;

/// Print shell completions
///
/// They complete options, files, and the names that `rulespec show` knows, except those of vectors.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  source <(rulespec completions bash)      # in ~/.bashrc
  rulespec completions fish > ~/.config/fish/completions/rulespec.fish

Exit status:
  0  the completions were printed
  2  wrong usage
  5  a file or standard output could not be read or written")]
pub struct Arguments {
    /// Shell to generate completions for
    shell: Shell,
}

/// Runs `rulespec completions`.
pub fn run(arguments: &Arguments) -> anyhow::Result<Status> {
    static CLAUSES: LazyLock<Vec<Clause>> = LazyLock::new(suite::clauses);
    let mut command = with_values(super::command(), &CLAUSES, arguments.shell);
    // Buffered, because clap_complete panics if it cannot write.
    let mut script = vec![];
    clap_complete::generate(arguments.shell, &mut command, "rulespec", &mut script);
    stdout::print(script)?;
    Ok(Status::Success)
}

/// The command, with the values that completions suggest. They are not those of the real command, whose
/// messages and help would have hundreds of values.
fn with_values(command: Command, clauses: &'static [Clause], shell: Shell) -> Command {
    let subcommand = command.get_name().to_owned();
    let suggested = |arg: Arg| match (subcommand.as_str(), arg.get_id().as_str()) {
        (_, "clause") => takes(arg, shell, clauses.iter().map(|clause| clause.id.as_str())),
        ("digest", "functions") => takes(arg, shell, SCOPES.iter().map(|scope| scope.function.name())),
        (_, "functions") => takes(arg, shell, Function::ALL.into_iter().map(Function::name)),
        ("show", "name") => takes(arg, shell, show::names(clauses).into_iter()),
        _ => arg,
    };
    command.mut_args(suggested).mut_subcommands(|subcommand| with_values(subcommand, clauses, shell))
}

/// Zsh expands a word that begins with `=`, so it is not suggested there.
fn takes(arg: Arg, shell: Shell, values: impl Iterator<Item = &'static str>) -> Arg {
    let values = values.filter(|value| shell != Shell::Zsh || !value.starts_with('='));
    arg.value_parser(PossibleValuesParser::new(values))
}
