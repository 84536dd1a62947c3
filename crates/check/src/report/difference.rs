//! Where two JSON values differ.

use serde_json::{Number, Value as Json};

/// That two numbers have the same value, and only their types differ, so that they may look equal.
///
/// Spec: PRO-19
pub(super) fn types(want: Option<&Json>, got: Option<&Json>) -> Option<String> {
    let (Some(Json::Number(want)), Some(Json::Number(got))) = (want, got) else { return None };
    let name = |number: &Number| if number.is_f64() { "a real" } else { "a whole number" };
    let is_same = want.is_f64() != got.is_f64() && want.as_f64() == got.as_f64();
    is_same.then(|| format!("the type differs: {}, not {}", name(got), name(want)))
}

/// The first difference between two values: its path and the two parts at that path.
///
/// A part is `None` if only the other value has the path. The path is empty if the
/// values differ as a whole.
///
/// ```
/// use rulespec_check::report::first_difference;
/// use serde_json::json;
///
/// let (want, got) = (json!(["foo", "", "bar"]), json!(["foo", "bar"]));
/// let (path, want, got) = first_difference(&want, &got).unwrap();
/// assert_eq!((path.as_str(), want, got), ("[1]", Some(&json!("")), Some(&json!("bar"))));
/// ```
pub fn first_difference<'a>(
    want: &'a Json,
    got: &'a Json,
) -> Option<(String, Option<&'a Json>, Option<&'a Json>)> {
    let inner = |step: String, want: Option<&'a Json>, got: Option<&'a Json>| match (want, got) {
        (Some(want), Some(got)) => {
            first_difference(want, got).map(|(path, want, got)| (format!("{step}{path}"), want, got))
        }
        (None, None) => None,
        (want, got) => Some((step, want, got)),
    };
    match (want, got) {
        (Json::Array(wanted), Json::Array(gotten)) => (0..wanted.len().max(gotten.len()))
            .find_map(|at| inner(format!("[{at}]"), wanted.get(at), gotten.get(at))),
        (Json::Object(wanted), Json::Object(gotten)) => {
            let names = wanted.keys().chain(gotten.keys().filter(|name| !wanted.contains_key(*name)));
            names
                .map(|name| (name, wanted.get(name), gotten.get(name)))
                .find_map(|(name, want, got)| inner(format!(".{name}"), want, got))
        }
        (want, got) if crate::verdict::json_eq(want, got) => None,
        (want, got) => Some((String::new(), Some(want), Some(got))),
    }
}
