//! Writes the seeds of the fuzz targets, with one folder for each target.
//!
//! ```console
//! $ cargo run --package rulespec-testing --example fuzz_seeds -- fuzz/seeds
//! ```

use std::error::Error;
use std::fs;
use std::path::{Path, PathBuf};

use rulespec_testing::files;
use rulespec_testing::targets::seeds;

fn main() -> Result<(), Box<dyn Error>> {
    let folder: PathBuf = std::env::args_os().nth(1).ok_or("usage: fuzz_seeds FOLDER")?.into();
    for (target, name, bytes) in seeds()? {
        write(&folder, target, &name, &bytes)?;
    }
    for entry in fs::read_dir(files::path("examples/events"))? {
        let path = entry?.path();
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        write(&folder, "telemetry", &name, &fs::read(&path)?)?;
    }
    Ok(())
}

fn write(folder: &Path, target: &str, name: &str, bytes: &[u8]) -> std::io::Result<()> {
    let folder = folder.join(target);
    fs::create_dir_all(&folder)?;
    fs::write(folder.join(name), bytes)
}
