//! The next byte of some kind, eight bytes at a time.
//!
//! Arguments are short: what looks at eight bytes in a few instructions and costs
//! nothing to start is quicker here than what looks at 32 and has to be called.

const ONES: u64 = 0x0101_0101_0101_0101;
const TOPS: u64 = 0x8080_8080_8080_8080;

/// Where the first space, tab or `"` from `at` on is, or the length.
#[inline]
pub(super) fn separator_or_quote(bytes: &[u8], at: usize) -> usize {
    // A space and a quote differ in one bit.
    let marks = |word: u64| zeros((word & !(ONES * 2)) ^ (ONES * 0x20)) | zeros(word ^ (ONES * 0x09));
    first(bytes, at, marks)
}

/// Where the first byte up to U+0020 from `at` on is, or the length.
pub(super) fn blank_or_control(bytes: &[u8], at: usize) -> usize {
    first(bytes, at, |word| word.wrapping_sub(ONES * 0x21) & !word & TOPS)
}

/// Where the first `"` from `at` on is, or the length.
#[inline]
pub(super) fn quote(bytes: &[u8], at: usize) -> usize {
    if bytes.get(at) == Some(&b'"') {
        return at;
    }
    first(bytes, at, |word| zeros(word ^ (ONES * 0x22)))
}

/// The top bit of each byte that is zero. Of the bytes above the first zero some
/// may be marked too.
fn zeros(word: u64) -> u64 {
    word.wrapping_sub(ONES) & !word & TOPS
}

/// Where the first byte that `marks` marks is. Only the lowest mark of a word
/// counts.
fn first(bytes: &[u8], at: usize, marks: impl Fn(u64) -> u64) -> usize {
    let (words, tail) = bytes.get(at..).unwrap_or_default().as_chunks::<8>();
    let mut start = at;
    for word in words {
        let marked = marks(u64::from_le_bytes(*word));
        if marked != 0 {
            return start + marked.trailing_zeros() as usize / 8;
        }
        start += 8;
    }
    // No byte that is looked for has its top bit set.
    let mut last = [0xff; 8];
    last.iter_mut().zip(tail).for_each(|(to, from)| *to = *from);
    match marks(u64::from_le_bytes(last)) {
        0 => bytes.len().max(at),
        marked => start + marked.trailing_zeros() as usize / 8,
    }
}
