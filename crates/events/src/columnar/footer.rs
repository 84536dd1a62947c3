//! What is looked at in a Parquet file's footer before the decoder sees it.
//!
//! The decoder makes room for as many row groups and columns as the footer says, and
//! calls itself as deep as its groups are nested: where a footer lies, that would end
//! the process. The footer is in Thrift's compact protocol.

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};

/// Columns nested deeper are not read.
const DEEPEST: usize = 64;

/// The numbers of the fields that matter, and of the types that Thrift gives them.
const SCHEMA: i64 = 2;
const CHILDREN: i64 = 5;
const I32: u8 = 5;
const LIST: u8 = 9;
const STRUCT: u8 = 12;

/// Says whether the footer has what it says that it has. A file that has no footer
/// is left to the decoder.
///
/// # Errors
///
/// What is wrong with it.
///
/// Spec: TEL-73
pub(super) fn check(mut file: &File) -> Result<(), String> {
    match footer(&mut file) {
        Ok(Some(footer)) => match (Walk { rest: &footer, depth: 0 }).footer() {
            Some(()) => Ok(()),
            None => Err("the footer has less in it than it says, or is nested too deeply".to_owned()),
        },
        Ok(None) => Ok(()),
        Err(error) => Err(error.to_string()),
    }
}

fn footer(file: &mut &File) -> io::Result<Option<Vec<u8>>> {
    let end = file.seek(SeekFrom::End(0))?;
    let Some(mark) = end.checked_sub(8) else {
        return Ok(None);
    };
    let mut length = [0; 4];
    file.seek(SeekFrom::Start(mark))?;
    file.read_exact(&mut length)?;
    let Some(start) = mark.checked_sub(u64::from(u32::from_le_bytes(length))) else {
        return Ok(None);
    };
    let mut footer = vec![];
    file.seek(SeekFrom::Start(start))?;
    file.take(mark - start).read_to_end(&mut footer)?;
    Ok(Some(footer))
}

/// What is left of the footer, and how deep in it that stands.
struct Walk<'a> {
    rest: &'a [u8],
    depth: usize,
}

impl<'a> Walk<'a> {
    fn footer(mut self) -> Option<()> {
        self.fields(|walk, field, of_type| match (field, of_type) {
            (SCHEMA, LIST) => walk.schema(),
            _ => walk.pass(of_type),
        })
    }

    /// The columns, each group's followed by its children.
    fn schema(&mut self) -> Option<()> {
        let (of_type, columns) = self.list()?;
        let mut open: Vec<i64> = vec![];
        for _ in 0..columns {
            if let Some(left) = open.last_mut() {
                *left -= 1;
            }
            let mut children = 0;
            match of_type {
                STRUCT => self.fields(|walk, field, of_type| match (field, of_type) {
                    (CHILDREN, I32) => walk.integer().map(|count| children = count),
                    _ => walk.pass(of_type),
                })?,
                _ => self.pass(of_type)?,
            }
            if children > 0 {
                (children <= columns as i64 && open.len() < DEEPEST).then(|| open.push(children))?;
            }
            while open.last() == Some(&0) {
                open.pop();
            }
        }
        Some(())
    }

    /// Reads the fields of a structure: `field` each one, by its number and type.
    fn fields(&mut self, mut field: impl FnMut(&mut Self, i64, u8) -> Option<()>) -> Option<()> {
        let mut number = 0_i64;
        loop {
            let head = self.byte()?;
            if head == 0 {
                return Some(());
            }
            number = match head >> 4 {
                0 => self.integer()?,
                more => number.checked_add(i64::from(more))?,
            };
            field(self, number, head & 0x0f)?;
        }
    }

    /// Passes over a value of that type.
    fn pass(&mut self, of_type: u8) -> Option<()> {
        match of_type {
            // A truth value of a structure is in its type.
            1 | 2 => Some(()),
            3 => self.byte().map(|_| ()),
            4..=6 => self.integer().map(|_| ()),
            7 => self.bytes(8).map(|_| ()),
            8 => {
                let length = self.varint()?;
                self.bytes(usize::try_from(length).ok()?).map(|_| ())
            }
            LIST | 10 => self.deeper(Self::pass_list),
            STRUCT => self.deeper(|walk| walk.fields(|walk, _, of_type| walk.pass(of_type))),
            _ => None,
        }
    }

    fn pass_list(&mut self) -> Option<()> {
        let (of_type, count) = self.list()?;
        // In a list a truth value is a byte.
        let of_type = if of_type <= 2 { 3 } else { of_type };
        (0..count).try_for_each(|_| self.pass(of_type))
    }

    fn deeper(&mut self, pass: impl FnOnce(&mut Self) -> Option<()>) -> Option<()> {
        self.depth = self.depth.checked_add(1).filter(|depth| *depth <= DEEPEST)?;
        pass(self)?;
        self.depth -= 1;
        Some(())
    }

    /// The type and the count of a list's elements, each of which takes a byte.
    fn list(&mut self) -> Option<(u8, usize)> {
        let head = self.byte()?;
        let count = match head >> 4 {
            15 => usize::try_from(self.varint()?).ok()?,
            few => usize::from(few),
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

    /// A signed integer: what is odd is negative.
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

    const REFUSED: &str = "the footer has less in it than it says, or is nested too deeply";

    fn checked(footer: &[u8]) -> Result<(), String> {
        let mut file = tempfile::tempfile().unwrap();
        let length = u32::try_from(footer.len()).unwrap().to_le_bytes();
        file.write_all(&[b"PAR1", footer, &length, b"PAR1"].concat()).unwrap();
        check(&file)
    }

    /// A file of the same columns, and its footer.
    fn whole() -> (Vec<u8>, Vec<u8>) {
        let file = as_parquet(&table(), Compression::SNAPPY);
        let mut read = tempfile::tempfile().unwrap();
        read.write_all(&file).unwrap();
        let footer = footer(&mut &read).unwrap().unwrap();
        (file, footer)
    }

    #[test]
    fn tel_73_a_footer_as_it_is_written_is_left_to_the_decoder() {
        assert_eq!(checked(&whole().1), Ok(()));
    }

    #[test]
    fn tel_39_a_list_that_is_said_to_be_huge_costs_no_memory() {
        let (file, footer) = whole();
        let columns = &file[..file.len() - footer.len() - 8];
        let mut refused = 0;
        for at in (0..footer.len()).filter(|at| footer[*at] & 0x0f == STRUCT) {
            let lying = [&footer[..at], &[0xfc, 0xff, 0xff, 0xff, 0xff, 0x07], &footer[at + 1..]].concat();
            refused += usize::from(checked(&lying) == Err(REFUSED.to_owned()));
            let length = u32::try_from(lying.len()).unwrap().to_le_bytes();
            let items = items(&[columns, &lying, &length, b"PAR1"].concat(), Some(Format::Parquet));
            assert!(items.len() <= 12, "{at}");
        }
        assert!(refused > 5, "{refused}");
    }

    /// A footer whose columns are groups, each within the one before.
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
    fn tel_39_groups_nested_deeply_are_refused() {
        assert_eq!(checked(&nested(64)), Ok(()));
        assert_eq!(checked(&nested(65)), Err(REFUSED.to_owned()));
        assert_eq!(checked(&nested(200_000)), Err(REFUSED.to_owned()));
        // Lists of lists, which the format knows nowhere.
        let lists = [&[0xf9, 0x19][..], &[0x19; 200_000], &[0; 2]].concat();
        assert_eq!(checked(&lists), Err(REFUSED.to_owned()));
    }
}
