//! Chapter 40: subscripts, `tostring`, and `iff`.

use super::profile::{BoolText, IffNull};
use super::{Dynamic, Profile};

/// `array[index]`: the element there, counted from 0, or from the end where
/// `index` is negative; null where there is none.
///
/// ```
/// use rulespec::kql::{Dynamic, element};
///
/// let array = Dynamic::strings(["bitsadmin", "url", "file"]);
/// assert_eq!(element(&array, -1), Dynamic::from("file"));
/// assert_eq!(element(&array, -4), Dynamic::Null);
/// ```
///
/// Spec: DYN-01, DYN-02, DYN-03, DYN-04, DYN-05, DYN-06
pub fn element(array: &Dynamic, index: i64) -> Dynamic {
    let Dynamic::Array(elements) = array else {
        return Dynamic::Null;
    };
    let count = elements.len() as i64;
    let at = if index < 0 { count.saturating_add(index) } else { index };
    match usize::try_from(at) {
        Ok(at) => elements.get(at).cloned().unwrap_or_default(),
        Err(_) => Dynamic::Null,
    }
}

/// `tostring(value)`: a value as text; never null.
///
/// ```
/// use rulespec::kql::{Dynamic, Profile, tostring};
///
/// let profile = Profile::default();
/// assert_eq!(tostring(&Dynamic::Null, &profile), "");
/// assert_eq!(tostring(&Dynamic::from("as it is"), &profile), "as it is");
/// assert_eq!(tostring(&Dynamic::strings(["a", "b"]), &profile), r#"["a","b"]"#);
/// ```
///
/// Spec: DYN-07, DYN-08, DYN-09, DYN-10, DYN-11
pub fn tostring(value: &Dynamic, profile: &Profile) -> String {
    match (value, profile.bool_text) {
        (Dynamic::Null, _) => String::new(),
        (Dynamic::String(text), _) => text.clone(),
        (Dynamic::Bool(true), BoolText::Capital) => "True".to_owned(),
        (Dynamic::Bool(false), BoolText::Capital) => "False".to_owned(),
        (Dynamic::Datetime(time), _) => time.to_string(),
        (Dynamic::Timespan(span), _) => span.to_string(),
        (value, _) => value.to_json().to_string(),
    }
}

/// `iff(condition, then, otherwise)`: one of two values, unchanged.
///
/// ```
/// use rulespec::kql::{Dynamic, Profile, iff};
///
/// let (then, otherwise) = (Dynamic::from("Upload"), Dynamic::from("Download"));
/// let answer = iff(Some(false), then, otherwise, &Profile::default());
/// assert_eq!(answer, Dynamic::from("Download"));
/// ```
///
/// Spec: DYN-12, DYN-13, DYN-14, DYN-15
pub fn iff(condition: Option<bool>, then: Dynamic, otherwise: Dynamic, profile: &Profile) -> Dynamic {
    match (condition, profile.iff_null) {
        (Some(true), _) => then,
        (Some(false), _) | (None, IffNull::Else) => otherwise,
        (None, IffNull::Null) => Dynamic::Null,
    }
}
