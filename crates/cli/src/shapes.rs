//! The table of shapes, with the paths of a mapping file.

use std::path::Path;
use std::sync::Arc;

use rulespec_events::Shapes;

use crate::failure::Failure;
use crate::file;

/// The table of shapes, preceded by the paths of a mapping file.
///
/// # Errors
///
/// Returns wrong usage if the file cannot be opened or is no mapping, and an I/O error if it cannot be
/// read.
pub fn load(mapping: Option<&Path>) -> Result<Arc<Shapes>, Failure> {
    let Some(path) = mapping else {
        return Ok(Shapes::built_in());
    };
    let shapes = Shapes::with_mapping(&file::read(path)?);
    shapes.map(Arc::new).map_err(|error| Failure::usage(&format!("{}: {error}", path.display())))
}
