/// Cuts a stream into lines and keeps no more of it than one line may have.
///
/// Spec: PRO-01, PRO-13
#[derive(Debug)]
pub(super) struct Lines {
    held: Vec<u8>,
    /// How much of `held` has been handed out.
    taken: usize,
    /// Up to where `held` is known to have no further line feed.
    searched: usize,
    limit: usize,
    /// Whether what comes, up to the next line feed, is of a line that is too long.
    passing: bool,
}

/// A line that is longer than it may be. It is not kept; the lines after it are.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct TooLong;

impl Lines {
    /// No lines yet; none may have more bytes than `limit`.
    pub(super) fn new(limit: usize) -> Self {
        Self { held: vec![], taken: 0, searched: 0, limit, passing: false }
    }

    /// Takes in a piece of the stream.
    pub(super) fn push(&mut self, piece: &[u8]) {
        self.held.drain(..self.taken);
        self.searched -= self.taken;
        self.taken = 0;
        let kept = if self.passing { self.after_line_feed(piece) } else { piece };
        self.held.extend_from_slice(kept);
    }

    fn after_line_feed<'a>(&mut self, piece: &'a [u8]) -> &'a [u8] {
        let end = piece.iter().position(|&byte| byte == b'\n');
        self.passing = end.is_none();
        end.and_then(|end| piece.get(end + 1..)).unwrap_or_default()
    }

    /// The next whole line, without its line feed; `None` where it has not ended
    /// yet.
    pub(super) fn next(&mut self) -> Option<Result<&[u8], TooLong>> {
        let unsearched = self.held.get(self.searched..)?;
        let Some(found) = unsearched.iter().position(|&byte| byte == b'\n') else {
            self.searched = self.held.len();
            if self.rest().len() <= self.limit {
                return None;
            }
            self.passing = true;
            self.taken = self.held.len();
            return Some(Err(TooLong));
        };
        let (start, end) = (self.taken, self.searched + found);
        self.taken = end + 1;
        self.searched = self.taken;
        let line = self.held.get(start..end)?;
        Some(if line.len() > self.limit { Err(TooLong) } else { Ok(line) })
    }

    /// What is left at the end of the stream: a line without a line feed.
    pub(super) fn rest(&self) -> &[u8] {
        self.held.get(self.taken..).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all(lines: &mut Lines) -> Vec<Result<String, TooLong>> {
        let text = |line: &[u8]| String::from_utf8_lossy(line).into_owned();
        std::iter::from_fn(|| lines.next().map(|line| line.map(text))).take(9).collect()
    }

    #[test]
    fn pieces_become_lines_wherever_they_are_cut() {
        let mut lines = Lines::new(5);
        lines.push(b"ab\nc");
        assert_eq!(all(&mut lines), [Ok("ab".to_owned())]);
        lines.push(b"d\n\nef");
        assert_eq!(all(&mut lines), [Ok("cd".to_owned()), Ok(String::new())]);
        assert_eq!(lines.rest(), b"ef");
    }

    #[test]
    fn a_line_may_be_as_long_as_the_limit_and_no_longer() {
        let mut lines = Lines::new(3);
        lines.push(b"abc\nabcd\nx\n");
        assert_eq!(all(&mut lines), [Ok("abc".to_owned()), Err(TooLong), Ok("x".to_owned())]);
    }

    #[test]
    fn of_a_line_that_is_too_long_nothing_is_kept() {
        let mut lines = Lines::new(3);
        lines.push(b"abcd");
        assert_eq!(all(&mut lines), [Err(TooLong)]);
        lines.push(b"efgh");
        assert_eq!((all(&mut lines), lines.rest()), (vec![], &b""[..]));
        lines.push(b"i\nj\nk");
        assert_eq!((all(&mut lines), lines.rest()), (vec![Ok("j".to_owned())], &b"k"[..]));
    }
}
