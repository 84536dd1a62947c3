//! How an engine is asked, whatever it is made of.

pub mod inside;

use serde_json::Value as Json;

pub use inside::Reference;

/// Something that answers questions about KQL functions.
pub trait Engine {
    /// Calls one function, by the name KQL gives it, with arguments as the
    /// protocol writes them.
    fn ask(&mut self, function: &str, args: &[Json]) -> Answer;
}

/// What an engine answered.
#[derive(Debug, Clone, PartialEq)]
pub enum Answer {
    /// A value.
    Value(Json),
    /// An error, by its kind or in the engine's own words.
    Error(String),
    /// The engine does not have the function, in its own words.
    Unsupported(String),
}
