//! A set of names that is asked for every key of an input.

/// The lengths from this one on are not told apart.
const MAX_LEN: usize = 63;

/// How many last bytes are told apart.
const LAST_BYTES: usize = 64;

/// A set of names. A name is looked for among those of its length with its last byte, which are few.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct NameSet {
    /// The names by length and last byte. It is empty if there are none.
    names: Vec<Vec<Box<str>>>,
}

impl NameSet {
    pub(crate) fn insert(&mut self, name: &str) {
        self.names.resize_with((MAX_LEN + 1) * LAST_BYTES, Vec::new);
        if let Some(names) = self.names.get_mut(index(name))
            && !names.iter().any(|other| **other == *name)
        {
            names.push(name.into());
        }
    }

    #[inline]
    pub(crate) fn contains(&self, name: &str) -> bool {
        let first = name.as_bytes().first();
        let is_same = |other: &str| other.as_bytes().first() == first && other == name;
        self.names.get(index(name)).is_some_and(|names| names.iter().any(|other| is_same(other)))
    }
}

fn index(name: &str) -> usize {
    let last = name.as_bytes().last().copied().unwrap_or_default();
    name.len().min(MAX_LEN) * LAST_BYTES + usize::from(last) % LAST_BYTES
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
