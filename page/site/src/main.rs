//! `rulespec-site`: writes the site of the specification to a folder.

use std::path::PathBuf;

use clap::Parser;

/// Write the site of the specification
#[derive(Parser)]
#[command(
    name = "rulespec-site",
    after_help = "\
Examples:
  cargo run --release
  cargo run --release -- --output /srv/www/rulespec

The folder lists the files of the site in .rulespec-site. Listed files that are no longer part of the
site are removed; other files are kept."
)]
struct Arguments {
    /// The folder to write to
    #[arg(long, value_name = "DIR", default_value = concat!(env!("CARGO_MANIFEST_DIR"), "/../dist"), hide_default_value = true)]
    output: PathBuf,
}

fn main() -> anyhow::Result<()> {
    let arguments = Arguments::parse();
    let files = rulespec_site::generate()?;
    rulespec_site::folder::write(&arguments.output, &files)?;
    println!("wrote {} files to {}", files.len(), arguments.output.display());
    Ok(())
}
