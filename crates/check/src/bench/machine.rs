use std::thread::available_parallelism;

use serde::{Deserialize, Serialize};

/// What a run was measured on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Machine {
    /// The model of its processor; the architecture where that is not told.
    pub cpu: String,
    /// How many threads may run at once.
    pub cores: usize,
    /// The operating system and the architecture.
    pub os: String,
}

impl Machine {
    /// The one this runs on.
    pub fn here() -> Self {
        use std::env::consts::{ARCH, OS};
        Self {
            cpu: model().unwrap_or_else(|| ARCH.to_owned()),
            cores: available_parallelism().map_or(1, usize::from),
            os: format!("{OS} {ARCH}"),
        }
    }
}

/// The model as Linux or Windows tell it.
fn model() -> Option<String> {
    let told = std::fs::read_to_string("/proc/cpuinfo").ok();
    let linux =
        || told.as_deref()?.lines().find_map(|line| line.strip_prefix("model name")?.split_once(": "));
    let windows = || std::env::var("PROCESSOR_IDENTIFIER").ok();
    linux().map(|(_, model)| model.trim().to_owned()).or_else(windows)
}
