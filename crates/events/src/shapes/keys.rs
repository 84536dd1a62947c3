//! The keys that the members of objects may have so that there are values at paths.

use crate::name_set::NameSet;

/// Inserts the keys that the value at a path may have: its own, with or without those of the objects
/// around it.
pub(super) fn insert_path(kept: &mut NameSet, path: &str) {
    for path in path.split('\\') {
        kept.insert(path);
        for (at, _) in path.match_indices('.') {
            let rest = path.get(at + 1..).unwrap_or_default();
            kept.insert(rest);
            kept.insert(rest.strip_prefix('@').unwrap_or(rest));
        }
    }
}

/// The keys that an object must have one of so that there is a value at one of these paths.
pub(super) fn first_keys<'p>(paths: impl Iterator<Item = &'p String>) -> NameSet {
    let mut keys = NameSet::default();
    for path in paths {
        keys.insert(path);
        path.match_indices('.').for_each(|(at, _)| keys.insert(path.split_at(at).0));
    }
    keys
}
