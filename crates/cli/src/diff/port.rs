//! Ports that the command can run: SQL and Sigma through Python, and programs.

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};
use rulespec::kql::{Datetime, Table};
use rulespec_check::diff::{CommandPort, Port, PortError, QueryPort, Selected};
use rulespec_check::engine::StartError;
use rulespec_check::engine::process::{Limits, Process};
use rulespec_check::stop::Stop;
use tempfile::TempDir;

use super::script;
use crate::failure::Failure;
use crate::file;

/// The port.
#[derive(Debug, Args)]
#[command(next_help_heading = "Port")]
pub struct PortArguments {
    /// SQL statement that selects rows of DeviceProcessEvents; needs --on
    #[arg(long, value_name = "FILE", requires = "on", conflicts_with = "sigma")]
    sql: Option<PathBuf>,

    /// Sigma rule, converted by pySigma
    #[arg(long, value_name = "FILE")]
    sigma: Option<PathBuf>,

    /// Database that runs the statement; sqlite for a Sigma rule by default
    #[arg(long, value_enum, value_name = "DATABASE")]
    on: Option<Database>,

    /// Python that has the package of the database
    #[arg(long, value_name = "PROGRAM", default_value = if cfg!(windows) { "python" } else { "python3" })]
    python: OsString,
}

/// A database that runs SQL.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Database {
    /// DuckDB; pip install duckdb
    Duckdb,
    /// SQLite, which Python has
    Sqlite,
    /// ClickHouse; pip install chdb
    Chdb,
    /// Polars; pip install polars
    Polars,
    /// Spark; pip install pyspark
    Spark,
}

/// The names of the databases.
pub fn databases() -> Vec<&'static str> {
    Database::value_variants().iter().map(|database| database.name()).collect()
}

impl Database {
    fn name(self) -> &'static str {
        match self {
            Self::Duckdb => "duckdb",
            Self::Sqlite => "sqlite",
            Self::Chdb => "chdb",
            Self::Polars => "polars",
            Self::Spark => "spark",
        }
    }
}

impl PortArguments {
    /// Whether there is a port.
    pub fn is_given(&self) -> bool {
        self.file().is_some()
    }

    /// Whether the clock of the port cannot be set.
    pub fn has_own_clock(&self) -> bool {
        matches!(self.on, Some(Database::Chdb | Database::Spark))
    }

    /// The port cannot be run. A package that is missing may be there for another Python.
    fn failure(&self, error: StartError) -> Failure {
        let StartError { what, remedy } = error;
        let remedy = match what.contains("pip install ") {
            true => {
                let python = self.python.display();
                format!("use the pip of {python}, or name a Python that has the package with --python")
            }
            false => remedy,
        };
        Failure::engine(&StartError { what, remedy })
    }

    /// The file with the port.
    pub fn file(&self) -> Option<&Path> {
        self.sql.as_deref().or(self.sigma.as_deref())
    }
}

/// Starts a port. `now` is the time that its clock shows, if it is SQL or Sigma.
///
/// # Errors
///
/// Returns wrong usage if its file cannot be read, or an error of the engine if it cannot be run.
pub fn start(
    arguments: &PortArguments,
    program: &[OsString],
    now: Datetime,
    limits: &Limits,
    stop: &Stop,
) -> anyhow::Result<Box<dyn Port>> {
    let Some(path) = arguments.file() else {
        return Ok(Box::new(CommandPort::new(program.to_vec(), limits.clone(), stop.clone())));
    };
    let text = file::read(path)?;
    let database = arguments.on.unwrap_or(Database::Sqlite);
    let script = script::write()?;
    let mut argv =
        vec![arguments.python.clone(), script.path().into(), "--on".into(), database.name().into()];
    argv.extend(["--now".into(), now.to_string().into()]);
    if arguments.sigma.is_some() {
        argv.extend(["--language".into(), "sigma".into()]);
    }
    let engine = Process::new(argv, limits.clone()).stopped_by(stop.clone());
    let name = path.display().to_string();
    let port = QueryPort::start(Box::new(engine), &name, &text).map_err(|error| arguments.failure(error))?;
    Ok(Box::new(Scripted { port, _script: script }))
}

/// A port that a script runs, which must be there until the port ends.
struct Scripted {
    port: QueryPort,
    _script: TempDir,
}

impl Port for Scripted {
    fn name(&self) -> String {
        self.port.name()
    }

    fn text(&self) -> &str {
        self.port.text()
    }

    fn select(&mut self, table: &Table) -> Result<Selected, PortError> {
        self.port.select(table)
    }
}
