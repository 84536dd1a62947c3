//! Saved runs of `rulespec bench`.

use serde_json::{Value as Json, json};

/// A saved run of three functions, as JSON.
pub fn run(engine: &str, date: &str) -> Json {
    json!({
        "bench": 1,
        "rulespec": "0.1.0",
        "build": "release",
        "date": date,
        "machine": { "cpu": "Example 9", "cores": 4, "os": "linux x86_64" },
        "engine": { "engine": engine, "version": "1.2" },
        "command": [],
        "reference": "inside",
        "figures": [
            figure("has", [0.20, 0.21, 0.22]),
            figure("indexof", [0.95, 1.00, 1.05]),
            { "fn": "[]", "workload": "digest of []", "questions": 300, "outcome": "unsupported" },
        ],
    })
}

/// A figure with this interval of the ratio.
pub fn figure(function: &str, [low, median, high]: [f64; 3]) -> Json {
    let interval = |by: f64| json!({ "low": low * by, "median": median * by, "high": high * by });
    json!({
        "fn": function,
        "workload": format!("digest of {function}"),
        "questions": 300,
        "outcome": "right",
        "times": {
            "rounds": 30,
            "engine_ns": interval(100.0),
            "reference_ns": { "low": 99.0, "median": 100.0, "high": 101.0 },
            "ratio": interval(1.0),
        },
    })
}
