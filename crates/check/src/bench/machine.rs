use std::env::consts::{ARCH, OS};
use std::thread::available_parallelism;

use serde::{Deserialize, Serialize};

/// The machine that a run was measured on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Machine {
    /// The model of its processor, or the architecture if the model is unknown.
    pub cpu: String,
    /// The number of threads that can run at once.
    pub cores: usize,
    /// The operating system and the architecture.
    pub os: String,
}

impl Machine {
    /// The machine this program runs on.
    pub fn here() -> Self {
        Self {
            cpu: linux_model().or_else(windows_model).unwrap_or_else(|| ARCH.to_owned()),
            cores: available_parallelism().map_or(1, usize::from),
            os: format!("{OS} {ARCH}"),
        }
    }
}

fn linux_model() -> Option<String> {
    let text = std::fs::read_to_string("/proc/cpuinfo").ok()?;
    let (_, model) = text.lines().find_map(|line| line.strip_prefix("model name")?.split_once(": "))?;
    Some(model.trim().to_owned())
}

fn windows_model() -> Option<String> {
    std::env::var("PROCESSOR_IDENTIFIER").ok()
}
