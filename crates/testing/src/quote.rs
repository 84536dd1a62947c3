//! The inverse of parsing a command line.

/// Quotes an argument by the documented rule: doubles the backslashes before a quote or
/// before the end, and escapes each quote with one more backslash.
pub fn quote(argument: &str) -> String {
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
