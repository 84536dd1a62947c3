//! The Python package that runs ports, as an engine of the protocol.

use std::fs;

use anyhow::Context as _;
use tempfile::TempDir;

macro_rules! files {
    ($($name:literal),* $(,)?) => { &[$(($name, include_str!(concat!("ports/", $name)))),*] };
}

/// The files of the package, with their contents.
const PACKAGE: &[(&str, &str)] = files![
    "__init__.py",
    "__main__.py",
    "_answers.py",
    "_cells.py",
    "_clickhouse.py",
    "_duckdb.py",
    "_engine.py",
    "_polars.py",
    "_require.py",
    "_sigma.py",
    "_spark.py",
    "_sql.py",
    "_sqlite.py",
    "_sysmon.py",
    "_types.py",
];

/// What Python runs if it is given the folder.
const MAIN: &str = "from ports.__main__ import main\n\nmain()\n";

/// Writes the package to a temporary folder, which Python can run.
///
/// # Errors
///
/// Returns an error if the folder cannot be written.
pub fn write() -> anyhow::Result<TempDir> {
    let folder = TempDir::with_prefix("rulespec-").context("cannot create a temporary folder")?;
    let package = folder.path().join("ports");
    fs::create_dir(&package).context("cannot create a temporary folder")?;
    for (name, text) in PACKAGE {
        fs::write(package.join(name), text).context("cannot write a temporary file")?;
    }
    fs::write(folder.path().join("__main__.py"), MAIN).context("cannot write a temporary file")?;
    Ok(folder)
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::path::Path;

    #[test]
    fn every_file_of_the_package_is_embedded() {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/diff/ports");
        let files = fs::read_dir(folder).unwrap().map(|file| file.unwrap().file_name());
        let mut names: Vec<String> = files.map(|name| name.into_string().unwrap()).collect();
        names.retain(|name| name.ends_with(".py"));
        names.sort();
        assert!(super::PACKAGE.iter().map(|(name, _)| *name).eq(&names), "{names:?}");
    }
}
