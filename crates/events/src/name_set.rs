//! A set of names that is asked for every key of an input.

use std::collections::HashSet;

/// A set of names. Most names that are not in it are rejected by their length and last byte.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct NameSet {
    /// For each length, capped, a bit for each last byte, modulo 64.
    masks: Vec<u64>,
    names: HashSet<Box<str>>,
}

/// The length from which all names share a mask.
const MAX_LEN: usize = 63;

impl NameSet {
    pub(crate) fn insert(&mut self, name: &str) {
        self.masks.resize(MAX_LEN + 1, 0);
        let (len, bit) = signature(name);
        if let Some(mask) = self.masks.get_mut(len) {
            *mask |= bit;
        }
        self.names.insert(name.into());
    }

    pub(crate) fn contains(&self, name: &str) -> bool {
        let (len, bit) = signature(name);
        self.masks.get(len).is_some_and(|mask| mask & bit != 0) && self.names.contains(name)
    }
}

fn signature(name: &str) -> (usize, u64) {
    let last = name.as_bytes().last().copied().unwrap_or_default();
    (name.len().min(MAX_LEN), 1 << (last % 64))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_set_has_the_names_that_were_inserted() {
        let mut set = NameSet::default();
        assert!(!set.contains("") && !set.contains("a"));
        let long = "x".repeat(100);
        for name in ["", "a", "EventID", "winlog", &long] {
            set.insert(name);
            assert!(set.contains(name), "{name}");
        }
        for name in ["b", "EventIX", "EvenxID", "eventID", &long[1..], "wimlog"] {
            assert!(!set.contains(name), "{name}");
        }
    }
}
