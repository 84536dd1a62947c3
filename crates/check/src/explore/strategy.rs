//! Cases for proptest.

use arbitrary::Unstructured;
use proptest::collection::vec;
use proptest::prelude::{Strategy, any};

use super::case::Case;
use super::generate::Style;
use rulespec::Function;

/// How many bytes a case is generated from.
const BYTES: usize = 512;

/// A proptest strategy of calls of one function.
///
/// proptest shrinks the bytes that a case is generated from. [`Case::simpler`] shrinks
/// further.
///
/// ```
/// use proptest::strategy::{Strategy, ValueTree};
/// use proptest::test_runner::TestRunner;
/// use rulespec::Function;
/// use rulespec_check::explore::{cases, generate::WellFormed};
///
/// let mut tree = cases::<WellFormed>(Function::Has).new_tree(&mut TestRunner::deterministic()).unwrap();
/// while tree.simplify() {}
/// assert_eq!(tree.current().args, ["", ""]);
/// ```
pub fn cases<S: Style>(function: Function) -> impl Strategy<Value = Case> + Clone {
    let generate = move |bytes: Vec<u8>| Case::of::<S>(function, &mut Unstructured::new(&bytes)).ok();
    vec(any::<u8>(), 0..=BYTES).prop_filter_map("a slice can always be read", generate)
}
