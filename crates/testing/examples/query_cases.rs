//! Writes queries with what is said of them, one a line, for `engines/microsoft-binder/agree.mjs`:
//! those of the vectors, generated ones, and the member `query` of each line of some files.
//!
//! ```console
//! $ cargo run --release --package rulespec-testing --example query_cases -- 100000 emulator.jsonl
//! ```

use std::error::Error;
use std::io::{BufWriter, Write};
use std::{env, fs, io};

use rulespec::suite::vectors;
use rulespec_testing::query_text::{self, numbered, verdict};
use serde_json::{Map, Value as Json};

fn main() -> Result<(), Box<dyn Error>> {
    let count: u64 = env::args().nth(1).ok_or("usage: query_cases COUNT [FILE…]")?.parse()?;
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
    for file in env::args().skip(2) {
        for line in fs::read_to_string(file)?.lines() {
            let record: Json = serde_json::from_str(line)?;
            write(record["query"].as_str().unwrap_or_default(), &Map::new())?;
        }
    }
    Ok(())
}
