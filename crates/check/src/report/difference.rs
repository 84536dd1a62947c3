//! Where two values differ.

use serde_json::Value as Json;

/// The difference between two values that a reader looks for first: where it
/// lies, and the two parts there.
///
/// ```
/// use rulespec_check::report::first_difference;
/// use serde_json::json;
///
/// let (want, got) = (json!(["foo", "", "bar"]), json!(["foo", "bar"]));
/// let (place, want, got) = first_difference(&want, &got).unwrap();
/// assert_eq!((place.as_str(), want, got), ("[1]", Some(&json!("")), Some(&json!("bar"))));
/// ```
pub fn first_difference<'a>(
    want: &'a Json,
    got: &'a Json,
) -> Option<(String, Option<&'a Json>, Option<&'a Json>)> {
    let inner = |step: String, want: Option<&'a Json>, got: Option<&'a Json>| match (want, got) {
        (Some(want), Some(got)) => {
            first_difference(want, got).map(|(place, want, got)| (format!("{step}{place}"), want, got))
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
        (want, got) if crate::verdict::same(want, got) => None,
        (want, got) => Some((String::new(), Some(want), Some(got))),
    }
}
