//! A check of a Parquet file's footer before it is decoded.
//!
//! The decoder allocates memory for as many row groups and columns as the footer announces, and
//! recurses as deep as its groups are nested. A malicious footer could thus abort the process. The
//! footer is in Thrift's compact protocol.

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};

/// The maximum depth of nested columns.
const MAX_DEPTH: usize = 64;

/// The ids of the fields that matter, and Thrift's ids of their types.
const SCHEMA: i64 = 2;
const CHILDREN: i64 = 5;
const I32: u8 = 5;
const LIST: u8 = 9;
const STRUCT: u8 = 12;

/// Checks that the footer has as many elements as it announces. A file without a footer is left to
/// the decoder.
///
/// # Errors
///
/// Returns what is wrong with the footer.
///
/// Spec: TEL-73
pub(super) fn check(mut file: &File) -> Result<(), String> {
    match read_footer(&mut file) {
        Ok(Some(footer)) => match (ThriftReader { rest: &footer, depth: 0 }).footer() {
            Some(()) => Ok(()),
            None => {
                Err("the footer has fewer elements than it announces, or is nested too deeply".to_owned())
            }
        },
        Ok(None) => Ok(()),
        Err(error) => Err(error.to_string()),
    }
}

fn read_footer(file: &mut &File) -> io::Result<Option<Vec<u8>>> {
    let end = file.seek(SeekFrom::End(0))?;
    let Some(length_start) = end.checked_sub(8) else {
        return Ok(None);
    };
    let mut length = [0; 4];
    file.seek(SeekFrom::Start(length_start))?;
    file.read_exact(&mut length)?;
    let Some(start) = length_start.checked_sub(u64::from(u32::from_le_bytes(length))) else {
        return Ok(None);
    };
    let mut footer = vec![];
    file.seek(SeekFrom::Start(start))?;
    file.take(length_start - start).read_to_end(&mut footer)?;
    Ok(Some(footer))
}

/// Reads the footer. Each method returns `None` if the footer is invalid.
struct ThriftReader<'a> {
    /// What has not been read yet.
    rest: &'a [u8],
    /// The depth of nested values.
    depth: usize,
}

impl<'a> ThriftReader<'a> {
    fn footer(mut self) -> Option<()> {
        self.fields(|this, field, of_type| match (field, of_type) {
            (SCHEMA, LIST) => this.schema(),
            _ => this.skip(of_type),
        })
    }

    /// Reads the columns. The children of a group follow it.
    fn schema(&mut self) -> Option<()> {
        let (of_type, columns) = self.list()?;
        // The number of children to come of each open group.
        let mut open: Vec<i64> = vec![];
        for _ in 0..columns {
            if let Some(remaining) = open.last_mut() {
                *remaining -= 1;
            }
            let mut children = 0;
            match of_type {
                STRUCT => self.fields(|this, field, of_type| match (field, of_type) {
                    (CHILDREN, I32) => this.integer().map(|count| children = count),
                    _ => this.skip(of_type),
                })?,
                _ => self.skip(of_type)?,
            }
            if children > 0 {
                (children <= columns as i64 && open.len() < MAX_DEPTH).then(|| open.push(children))?;
            }
            while open.last() == Some(&0) {
                open.pop();
            }
        }
        Some(())
    }

    /// Reads the fields of a structure by calling `read_field` with the id and type of each.
    fn fields(&mut self, mut read_field: impl FnMut(&mut Self, i64, u8) -> Option<()>) -> Option<()> {
        let mut id = 0_i64;
        loop {
            let head = self.byte()?;
            if head == 0 {
                return Some(());
            }
            id = match head >> 4 {
                0 => self.integer()?,
                delta => id.checked_add(i64::from(delta))?,
            };
            read_field(self, id, head & 0x0f)?;
        }
    }

    /// Skips a value of this type.
    fn skip(&mut self, of_type: u8) -> Option<()> {
        match of_type {
            // The type of a boolean field is its value.
            1 | 2 => Some(()),
            3 => self.byte().map(|_| ()),
            4..=6 => self.integer().map(|_| ()),
            7 => self.bytes(8).map(|_| ()),
            8 => {
                let length = self.varint()?;
                self.bytes(usize::try_from(length).ok()?).map(|_| ())
            }
            LIST | 10 => self.nested(Self::skip_list),
            STRUCT => self.nested(|this| this.fields(|this, _, of_type| this.skip(of_type))),
            _ => None,
        }
    }

    fn skip_list(&mut self) -> Option<()> {
        let (of_type, count) = self.list()?;
        // In a list, a boolean is a byte.
        let of_type = if of_type <= 2 { 3 } else { of_type };
        (0..count).try_for_each(|_| self.skip(of_type))
    }

    fn nested(&mut self, skip: impl FnOnce(&mut Self) -> Option<()>) -> Option<()> {
        self.depth = self.depth.checked_add(1).filter(|depth| *depth <= MAX_DEPTH)?;
        skip(self)?;
        self.depth -= 1;
        Some(())
    }

    /// Reads the type and the number of a list's elements. Each element takes at least a byte.
    fn list(&mut self) -> Option<(u8, usize)> {
        let head = self.byte()?;
        let count = match head >> 4 {
            15 => usize::try_from(self.varint()?).ok()?,
            count => usize::from(count),
        };
        (count <= self.rest.len()).then_some((head & 0x0f, count))
    }

    fn byte(&mut self) -> Option<u8> {
        self.bytes(1)?.first().copied()
    }

    fn bytes(&mut self, count: usize) -> Option<&'a [u8]> {
        let (bytes, rest) = self.rest.split_at_checked(count)?;
        self.rest = rest;
        Some(bytes)
    }

    fn varint(&mut self) -> Option<u64> {
        let mut number = 0;
        for shift in (0..64).step_by(7) {
            let byte = self.byte()?;
            number |= u64::from(byte & 0x7f) << shift;
            if byte & 0x80 == 0 {
                return Some(number);
            }
        }
        None
    }

    /// Reads a signed integer in zigzag encoding.
    fn integer(&mut self) -> Option<i64> {
        let number = self.varint()?;
        Some((number >> 1) as i64 ^ -((number & 1) as i64))
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use parquet::basic::Compression;

    use super::super::tests::{as_parquet, items, table};
    use super::*;
    use crate::Format;

    const INVALID: &str = "the footer has fewer elements than it announces, or is nested too deeply";

    fn checked(footer: &[u8]) -> Result<(), String> {
        let mut file = tempfile::tempfile().unwrap();
        let length = u32::try_from(footer.len()).unwrap().to_le_bytes();
        file.write_all(&[b"PAR1", footer, &length, b"PAR1"].concat()).unwrap();
        check(&file)
    }

    /// A valid file, and its footer.
    fn valid_file() -> (Vec<u8>, Vec<u8>) {
        let file = as_parquet(&table(), Compression::SNAPPY);
        let mut read = tempfile::tempfile().unwrap();
        read.write_all(&file).unwrap();
        let footer = read_footer(&mut &read).unwrap().unwrap();
        (file, footer)
    }

    #[test]
    fn tel_73_a_valid_footer_is_accepted() {
        assert_eq!(checked(&valid_file().1), Ok(()));
    }

    #[test]
    fn tel_39_a_list_that_is_announced_as_huge_takes_no_memory() {
        let (file, footer) = valid_file();
        let columns = &file[..file.len() - footer.len() - 8];
        let mut rejected = 0;
        for at in (0..footer.len()).filter(|at| footer[*at] & 0x0f == STRUCT) {
            let damaged = [&footer[..at], &[0xfc, 0xff, 0xff, 0xff, 0xff, 0x07], &footer[at + 1..]].concat();
            rejected += usize::from(checked(&damaged) == Err(INVALID.to_owned()));
            let length = u32::try_from(damaged.len()).unwrap().to_le_bytes();
            let items = items(&[columns, &damaged, &length, b"PAR1"].concat(), Some(Format::Parquet));
            assert!(items.len() <= 12, "{at}");
        }
        assert!(rejected > 5, "{rejected}");
    }

    /// A footer whose columns are nested groups.
    fn nested(depth: u64) -> Vec<u8> {
        let mut footer = vec![0x15, 0x02, 0x19, 0xfc];
        let mut count = depth;
        while count >= 0x80 {
            footer.push(count as u8 | 0x80);
            count >>= 7;
        }
        footer.push(count as u8);
        let group = [0x48, 1, b'a', 0x15, 0x02, 0];
        (0..depth).for_each(|_| footer.extend(group));
        footer.push(0);
        footer
    }

    #[test]
    fn tel_39_deeply_nested_groups_are_rejected() {
        assert_eq!(checked(&nested(64)), Ok(()));
        assert_eq!(checked(&nested(65)), Err(INVALID.to_owned()));
        assert_eq!(checked(&nested(200_000)), Err(INVALID.to_owned()));
        // Lists of lists, which the format does not use.
        let lists = [&[0xf9, 0x19][..], &[0x19; 200_000], &[0; 2]].concat();
        assert_eq!(checked(&lists), Err(INVALID.to_owned()));
    }
}
