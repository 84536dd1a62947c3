//! Compares the fast parsers of command lines with the reference.

use rulespec::fast::command_line::{Arguments, last_two, split, split_to_owned};
use rulespec::kql::{self, Dynamic, Profile};

/// Asserts that every fast way of parsing a line gives the reference's arguments.
pub fn assert_parses_like_reference(line: &str, buffer: &mut Arguments) {
    let expected = kql::parse_command_line(line, "windows", &Profile::default()).unwrap();
    assert_eq!(Dynamic::strings(split(line)), expected, "split({line:?})");
    assert_eq!(Dynamic::strings(split_to_owned(line)), expected, "split_to_owned({line:?})");
    let parsed = buffer.parse(line);
    assert_eq!(Dynamic::strings(parsed.iter()), expected, "Arguments::parse({line:?})");
    let by_index = (0..parsed.len()).map(|index| parsed.get(index).unwrap());
    assert_eq!(Dynamic::strings(by_index), expected, "Arguments::parse({line:?}), by index");
    assert_eq!(parsed.get(parsed.len()), None);
    assert_eq!(parsed.is_empty(), expected == Dynamic::Array(vec![]));
    let last = last_two(line).map(|argument| argument.map_or(Dynamic::Null, |text| text.as_ref().into()));
    assert_eq!(last, [-2, -1].map(|index| kql::element(&expected, index)), "last_two({line:?})");
}
