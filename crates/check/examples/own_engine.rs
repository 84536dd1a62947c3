//! An engine in Rust, with one test per vector.
//!
//! In your own crate this is `tests/rulespec.rs`, with `harness = false` in its `[[test]]`. Run it
//! here:
//!
//! ```console
//! $ cargo run -p rulespec-check --features harness --example own_engine
//! $ cargo run -p rulespec-check --features harness --example own_engine -- trm-
//! ```
//!
//! Some tests fail: it implements `has` as a substring search, and no other function.

use rulespec_check::engine::{Answer, Engine, Hello, StartError};
use serde_json::{Value, json};

struct Mine;

impl Engine for Mine {
    fn hello(&mut self) -> Result<Hello, StartError> {
        Ok(Hello { engine: "mine".to_owned(), version: "0.1".to_owned(), functions: None })
    }

    fn ask(&mut self, function: &str, args: &[Value]) -> Answer {
        match (function, args) {
            ("has", [Value::String(text), Value::String(lookup)]) => {
                Answer::Value(json!(text.to_lowercase().contains(&lookup.to_lowercase())))
            }
            _ => Answer::Unsupported(format!("there is no {function}")),
        }
    }
}

fn main() {
    rulespec_check::harness::main(|| Box::new(Mine));
}
