//! A set of names that is asked for every key of an input.

/// The lengths from this one on are not told apart.
const MAX_LEN: usize = 63;

/// How many last bytes are told apart.
const LAST_BYTES: usize = 64;

/// A set of names. A name is looked for among those of its length with its last byte, which are few.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct NameSet {
    /// The names, grouped by length and last byte. Each has its sample. The list is empty if the set is.
    names: Vec<Vec<(u64, Box<str>)>>,
}

impl NameSet {
    pub(crate) fn insert(&mut self, name: &str) {
        self.names.resize_with((MAX_LEN + 1) * LAST_BYTES, Vec::new);
        if let Some(names) = self.names.get_mut(index(name))
            && !names.iter().any(|(_, other)| **other == *name)
        {
            names.push((sample(name), name.into()));
        }
    }

    #[inline]
    pub(crate) fn contains(&self, name: &str) -> bool {
        let Some(names) = self.names.get(index(name)).filter(|names| !names.is_empty()) else {
            return false;
        };
        let expected = sample(name);
        names.iter().any(|(sample, other)| *sample == expected && **other == *name)
    }
}

fn index(name: &str) -> usize {
    let last = name.as_bytes().last().copied().unwrap_or_default();
    name.len().min(MAX_LEN) * LAST_BYTES + usize::from(last) % LAST_BYTES
}

/// A trace of the names that were seen, which tells a new one from most others.
#[derive(Debug, Default)]
pub(crate) struct NameTrace([u64; 16]);

impl NameTrace {
    /// Inserts a name. Returns whether this one may have been inserted before.
    #[inline]
    pub(crate) fn insert(&mut self, name: &str) -> bool {
        // The high bits of the product depend on all bits of the sample.
        let hash = (sample(name) ^ name.len() as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 54;
        let bit = 1 << (hash % 64);
        self.0.get_mut(hash as usize / 64).is_none_or(|word| {
            let is_set = *word & bit != 0;
            *word |= bit;
            is_set
        })
    }
}

/// A number made of the first and the last bytes of a name. Names of one length rarely have the same.
fn sample(name: &str) -> u64 {
    let bytes = name.as_bytes();
    match (bytes.first_chunk(), bytes.last_chunk()) {
        (Some(first), Some(last)) => u64::from_le_bytes(*first) ^ u64::from_le_bytes(*last).rotate_left(4),
        (None, _) | (_, None) => bytes.iter().fold(0, |sample, byte| sample << 8 | u64::from(*byte)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_trace_knows_each_name_again_and_few_others() {
        let mut trace = NameTrace::default();
        let names: Vec<String> = (0..100).map(|number| format!("InitiatingProcess{number}Name")).collect();
        let confused = names.iter().filter(|name| trace.insert(name)).count();
        assert!(confused < 20, "{confused}");
        assert!(names.iter().all(|name| trace.insert(name)));
    }

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
