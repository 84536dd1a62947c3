//! How much of the failures is displayed.

use std::borrow::Cow;

/// How much of the failures is displayed, so that a page stays small.
#[derive(Debug, Clone, Copy)]
pub struct Cut {
    /// The length of a value in the example of a clause, in bytes of HTML.
    pub example: usize,
    /// The number of lines that say what differs.
    pub lines: usize,
    /// The length of a value in the rows of the others.
    pub row: usize,
    /// The number of rows of each clause. The others are only named.
    pub rows: usize,
}

/// From everything to only the most important.
pub const CUTS: [Cut; 7] = [
    Cut { example: 4000, lines: 60, row: 240, rows: usize::MAX },
    Cut { example: 600, lines: 30, row: 160, rows: 1000 },
    Cut { example: 400, lines: 20, row: 120, rows: 100 },
    Cut { example: 240, lines: 10, row: 80, rows: 20 },
    Cut { example: 160, lines: 6, row: 60, rows: 8 },
    Cut { example: 120, lines: 4, row: 40, rows: 3 },
    Cut { example: 60, lines: 2, row: 30, rows: 0 },
];

impl Cut {
    pub fn example(self, text: &str) -> String {
        cut(text, self.example).into_owned()
    }

    pub fn row(self, text: &str) -> String {
        cut(text, self.row).into_owned()
    }
}

/// The start of a text whose HTML has at most `limit` bytes.
fn cut(text: &str, limit: usize) -> Cow<'_, str> {
    let mut left = limit;
    for (at, c) in text.char_indices() {
        let size = match c {
            '&' => 5,
            '<' | '>' => 4,
            c => c.len_utf8(),
        };
        if size > left {
            return format!("{}…", text.get(..at).unwrap_or_default()).into();
        }
        left -= size;
    }
    text.into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_cut_by_the_length_of_its_html() {
        for (text, want) in
            [("abcdef", "abcdef"), ("abcdefg", "abcdef…"), ("&&", "&…"), ("äöüß", "äöü…"), ("", "")]
        {
            assert_eq!(cut(text, 6), want);
        }
    }
}
