//! Which clause decided about each part of a command line.

use super::is_separator;

/// A part of a command line that one clause decides about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    /// The characters of the line. They are empty if the end of the line decides.
    pub text: String,
    /// What they add to the argument.
    pub gives: String,
    /// The index of the argument that they belong to; `None` if they are between arguments.
    pub argument: Option<usize>,
    /// The id of the clause.
    pub clause: &'static str,
    /// What it says about them, in a few words.
    pub says: &'static str,
}

/// Splits a command line as [`parse_command_line`](super::parse_command_line) does under the default
/// profile, and says which clause decided about each part.
///
/// The texts of the steps are the line, and what the steps of one argument give is that argument.
///
/// ```
/// use rulespec::kql::explain_command_line;
///
/// let steps = explain_command_line(r#"a.exe \"b"#);
/// let told: Vec<_> = steps.iter().map(|step| (&*step.text, &*step.gives, step.clause)).collect();
/// assert_eq!(
///     told,
///     [("a.exe", "a.exe", "CMD-06"), (" ", "", "CMD-06"), ("\\\"", "\"", "CMD-14"), ("b", "b", "CMD-18")]
/// );
/// ```
///
/// Spec: CMD-02
pub fn explain_command_line(line: &str) -> Vec<Step> {
    let line: Vec<char> = line.chars().collect();
    let end = line.iter().position(|&c| c == '\0').unwrap_or(line.len());
    let mut reader = Reader { rest: &line[..end], steps: vec![], argument: Some(0) };
    reader.program_name();
    let mut argument = 1;
    while !reader.rest.is_empty() {
        reader.separators();
        reader.argument = Some(argument);
        reader.argument();
        argument += 1;
    }
    reader.rest = &line[end..];
    reader.argument = None;
    reader.drop(line.len() - end, "CMD-02", "U+0000 ends the line: the rest is not read");
    reader.steps
}

/// What is left of a line, and the steps so far.
struct Reader<'a> {
    rest: &'a [char],
    steps: Vec<Step>,
    argument: Option<usize>,
}

impl Reader<'_> {
    /// Takes characters from the line that give a text.
    fn give(&mut self, count: usize, gives: String, clause: &'static str, says: &'static str) {
        let (taken, rest) = self.rest.split_at(count);
        self.rest = rest;
        let text: String = taken.iter().collect();
        if count > 0 {
            self.steps.push(Step { text, gives, argument: self.argument, clause, says });
        }
    }

    /// Takes characters that belong to no argument's text.
    fn drop(&mut self, count: usize, clause: &'static str, says: &'static str) {
        self.give(count, String::new(), clause, says);
    }

    /// Takes characters that are literal.
    fn keep(&mut self, count: usize, clause: &'static str, says: &'static str) {
        self.give(count, self.rest[..count].iter().collect(), clause, says);
    }

    /// The end of the line decides.
    fn end(&mut self, clause: &'static str, says: &'static str) {
        let (text, gives) = (String::new(), String::new());
        self.steps.push(Step { text, gives, argument: self.argument, clause, says });
    }

    /// The number of next characters with a property.
    fn count(&self, is_in: impl Fn(char) -> bool) -> usize {
        self.rest.iter().take_while(|&&c| is_in(c)).count()
    }

    /// Spec: CMD-03, CMD-04, CMD-05, CMD-06, CMD-08
    fn program_name(&mut self) {
        let is_quoted = self.rest.first() == Some(&'"');
        let ends = |c: char| if is_quoted { c == '"' } else { ('\u{1}'..='\u{20}').contains(&c) };
        if is_quoted {
            self.drop(1, "CMD-04", "opens the program name, and is no part of it");
        } else if self.rest.first().is_some_and(|&c| is_separator(c)) {
            return self.drop(1, "CMD-08", "a blank at the start: the program name is empty");
        }
        while let Some(&next) = self.rest.first().filter(|&&c| !ends(c)) {
            match next {
                '\\' => self.keep(self.count(|c| c == '\\'), "CMD-03", "literal in the program name"),
                '"' => self.keep(self.count(|c| c == '"'), "CMD-06", "kept within the program name"),
                _ if is_quoted => {
                    let count = self.count(|c| !ends(c) && c != '\\');
                    self.keep(count, "CMD-04", "the program name, up to the next quote");
                }
                _ => {
                    let count = self.count(|c| !ends(c) && c != '\\' && c != '"');
                    self.keep(count, "CMD-06", "the program name, up to a character from U+0001 to U+0020");
                }
            }
        }
        self.program_name_end(is_quoted);
    }

    /// Spec: CMD-04, CMD-05, CMD-06
    fn program_name_end(&mut self, is_quoted: bool) {
        match (is_quoted, self.rest.is_empty()) {
            (true, true) => self.end("CMD-04", "the end of the line ends the program name"),
            (true, false) => self.drop(1, "CMD-05", "closes the program name and ends it"),
            (false, true) => {}
            (false, false) => self.drop(1, "CMD-06", "ends the program name, and is dropped"),
        }
    }

    /// Spec: CMD-09, CMD-10
    fn separators(&mut self) {
        let count = self.count(is_separator);
        self.argument = None;
        if count == self.rest.len() {
            self.drop(count, "CMD-10", "blanks at the end add no argument");
        } else {
            self.drop(count, "CMD-09", "separates arguments");
        }
    }

    /// Spec: CMD-11, CMD-15, CMD-16, CMD-17, CMD-18
    fn argument(&mut self) {
        let (mut quoted, mut was_quoted) = (false, false);
        while let Some(&next) = self.rest.first() {
            match next {
                '\\' => self.backslashes(),
                '"' if quoted => {
                    self.closing_quote();
                    quoted = false;
                }
                '"' => {
                    let opens = "opens a quoted part";
                    let again = "opens a quoted part again";
                    let (clause, says) = if was_quoted { ("CMD-17", again) } else { ("CMD-11", opens) };
                    self.drop(1, clause, says);
                    (quoted, was_quoted) = (true, true);
                }
                c if is_separator(c) && quoted => {
                    self.keep(self.count(is_separator), "CMD-11", "blanks inside a quoted part are kept");
                }
                c if is_separator(c) => return,
                _ => {
                    let count = self.count(|c| !is_separator(c) && c != '"' && c != '\\');
                    self.keep(count, "CMD-18", "not special: literal");
                }
            }
        }
        if quoted {
            self.end("CMD-16", "the end of the line closes the quoted part");
        }
    }

    /// Spec: CMD-07, CMD-11, CMD-15
    fn closing_quote(&mut self) {
        let is_new = self.steps.len() < 2 || self.steps[self.steps.len() - 2].argument != self.argument;
        let opened = self.steps.last().is_some_and(|step| step.text == "\"" && step.gives.is_empty());
        let ends = self.rest.get(1).is_none_or(|&c| is_separator(c));
        if is_new && opened && ends {
            self.drop(1, "CMD-07", "nothing between two quotes: an empty argument");
        } else {
            self.drop(1, "CMD-11", "closes the quoted part");
        }
        if self.rest.first() == Some(&'"') {
            self.keep(1, "CMD-15", "literal, directly after a closing quote; the text after it is unquoted");
        }
    }

    /// Spec: CMD-12, CMD-13, CMD-14
    fn backslashes(&mut self) {
        let count = self.count(|c| c == '\\');
        let half = "\\".repeat(count / 2);
        if self.rest.get(count) != Some(&'"') {
            self.keep(count, "CMD-12", "literal, because no quote follows");
        } else if count.is_multiple_of(2) {
            self.give(count, half, "CMD-13", "an even number before a quote: half as many; the quote counts");
        } else {
            let says = "an odd number before a quote: half as many, and a literal quote";
            self.give(count + 1, half + "\"", "CMD-14", says);
        }
    }
}
