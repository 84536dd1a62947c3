//! Lines of at most 80 columns, if the content allows it: words are not broken.

use textwrap::{Options, WordSplitter};

use crate::printable::inert;

const WIDTH: usize = 80;

/// Wraps a text at blanks. The first line begins with `first`, the others are indented. No line is a
/// workflow command of GitHub.
pub fn wrapped(first: &str, indent: usize, text: &str) -> String {
    let indent = " ".repeat(indent);
    let options = Options::new(WIDTH)
        .initial_indent(first)
        .subsequent_indent(&indent)
        .break_words(false)
        .word_splitter(WordSplitter::NoHyphenation);
    textwrap::wrap(text, options).iter().map(|line| inert(line) + "\n").collect()
}
