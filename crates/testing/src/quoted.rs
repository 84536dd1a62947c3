//! The other way round: what an argument is written as, for tests and for fuzzing.

/// An argument within quotes, by the documented rule: backslashes are doubled
/// where a quote follows, and every quote of its own gets one more before it.
pub fn quoted(argument: &str) -> String {
    let mut text = String::from("\"");
    let mut backslashes = 0;
    for c in argument.chars() {
        if c == '"' {
            text.push_str(&"\\".repeat(backslashes + 1));
        }
        backslashes = if c == '\\' { backslashes + 1 } else { 0 };
        text.push(c);
    }
    text + &"\\".repeat(backslashes) + "\""
}
