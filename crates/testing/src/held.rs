//! How a fast function is held to the reference, by tests and by fuzzing.

use rulespec::fast::command_line::{Arguments, last_two, split, split_to_owned};
use rulespec::kql::{self, Dynamic, Profile};

/// Asserts that every way of parsing a line gives what the reference gives.
pub fn parses_as_the_reference(line: &str, arguments: &mut Arguments) {
    let reference = kql::parse_command_line(line, "windows", &Profile::default()).unwrap();
    assert_eq!(Dynamic::strings(split(line)), reference, "{line:?}");
    assert_eq!(Dynamic::strings(split_to_owned(line)), reference, "{line:?}, to owned");
    let parsed = arguments.parse(line);
    assert_eq!(Dynamic::strings(parsed.iter()), reference, "{line:?}, in a buffer");
    let one_by_one = (0..parsed.len()).map(|number| parsed.get(number).unwrap());
    assert_eq!(Dynamic::strings(one_by_one), reference, "{line:?}, one by one");
    assert_eq!(parsed.get(parsed.len()), None);
    assert_eq!(parsed.is_empty(), reference == Dynamic::Array(vec![]));
    let last = last_two(line).map(|argument| argument.map_or(Dynamic::Null, |text| text.as_ref().into()));
    assert_eq!(last, [-2, -1].map(|index| kql::element(&reference, index)), "{line:?}, the last two");
}
