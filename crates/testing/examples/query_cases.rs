//! Writes queries with what is said of them, one a line, for `engines/microsoft-binder/agree.mjs`:
//! those of the vectors, generated ones, and those that were recorded, if there is the recorded data.
//!
//! ```console
//! $ cargo run --release --package rulespec-testing --example query_cases -- 100000
//! ```

use std::error::Error;
use std::io::{BufWriter, Write};
use std::{env, fs, io};

use rulespec::suite::vectors;
use rulespec_testing::external::data_path;
use rulespec_testing::query_text::{self, numbered, verdict};
use serde_json::{Map, Value as Json};

fn main() -> Result<(), Box<dyn Error>> {
    let count: u64 = env::args().nth(1).ok_or("usage: query_cases COUNT")?.parse()?;
    let mut out = BufWriter::new(io::stdout().lock());
    let mut write = |text: &str, tables: &Map<String, Json>| -> Result<(), Box<dyn Error>> {
        Ok(writeln!(out, "{}", verdict(text, tables)?)?)
    };
    for vector in vectors()?.iter().filter(|vector| vector.r#fn == "query") {
        if let [Json::String(text), Json::Object(tables)] = vector.args.as_slice() {
            write(text, tables)?;
        }
    }
    let tables = Map::from_iter([("T".to_owned(), query_text::table().to_json())]);
    for number in 0..count {
        write(&numbered(number), &tables)?;
    }
    let recorded = data_path("kusto/emulator.jsonl");
    if !recorded.exists() {
        eprintln!("skipped: the recorded queries; there is no {}", recorded.display());
        return Ok(());
    }
    for line in fs::read_to_string(recorded)?.lines() {
        let record: Json = serde_json::from_str(line)?;
        write(record["query"].as_str().unwrap_or_default(), &Map::new())?;
    }
    Ok(())
}
