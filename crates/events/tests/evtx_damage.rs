//! Event logs with damaged headers, tables and checksums.

use std::io::Cursor;

use rulespec_events::Item;
use rulespec_events::evtx::read;
use rulespec_testing::event_log::{
    CHUNK_SIZE, Element, LOG_HEADER_SIZE, event, write_chunk_checksums, write_header_checksum, write_log,
};
use rulespec_testing::log_damage::{Tally, written_logs};
use rulespec_testing::reader::collect_items;

const SYSMON: &str = "Microsoft-Windows-Sysmon";

/// Offsets in the header of a log.
const CHUNK_COUNT: usize = 42;
const LOG_FLAGS: usize = 120;
/// Offsets in the header of a chunk.
const LAST_NUMBER: usize = LOG_HEADER_SIZE + 16;
const LAST_ID: usize = LOG_HEADER_SIZE + 32;
const LAST_RECORD: usize = LOG_HEADER_SIZE + 44;
const FREE_SPACE: usize = LOG_HEADER_SIZE + 48;
const NAME_TABLE: usize = LOG_HEADER_SIZE + 128;
const TEMPLATE_TABLE: usize = LOG_HEADER_SIZE + 384;
const DIRTY: u8 = 1;

const HEADER_FAULT: &str = "log: byte 4096: chunk 0: its header does not match its checksum; ";

fn sysmon(command_line: &str) -> Element {
    event(SYSMON, "1", &[("Image", r"C:\a.exe"), ("CommandLine", command_line)])
}

/// The command lines of the events, and the faults.
fn read_log(log: &[u8]) -> (Vec<String>, Vec<String>) {
    let (mut lines, mut faults) = (vec![], vec![]);
    for item in
        collect_items(None, |_| true, |options, sink| read(Cursor::new(log), &"log".into(), options, sink))
    {
        match item {
            Item::Event(event) => {
                lines.push(event.cell("ProcessCommandLine").unwrap().as_str().unwrap().to_owned());
            }
            Item::Fault(fault) => faults.push(fault.to_string()),
            Item::Filtered(_) | Item::Skipped(_) => panic!("{item:?}"),
        }
    }
    (lines, faults)
}

/// A log of one chunk with six records, and the offset of each record.
fn six() -> (Vec<u8>, Vec<usize>) {
    let log = write_log(&[&["a", "b", "c", "d", "e", "f"].map(sysmon)]);
    let starts = memchr::memmem::find_iter(&log, b"\x2a\x2a\0\0").collect();
    (log, starts)
}

fn set(log: &mut [u8], offset: usize, value: u32) {
    log[offset..offset + 4].copy_from_slice(&value.to_le_bytes());
}

const ALL: [&str; 6] = ["a", "b", "c", "d", "e", "f"];

#[test]
fn tel_85_a_wrong_field_of_a_chunk_header_hides_no_record() {
    for (field, value) in [
        (LAST_NUMBER, 1),
        (LAST_ID, 1),
        (LAST_ID, 9),
        (LAST_RECORD, 512),
        (FREE_SPACE, 0),
        (FREE_SPACE, 512),
        (FREE_SPACE, 600),
        (FREE_SPACE, 65536),
        (FREE_SPACE, u32::MAX),
        (TEMPLATE_TABLE, u32::MAX),
    ] {
        let (mut log, _) = six();
        set(&mut log, field, value);
        let (lines, faults) = read_log(&log);
        assert_eq!(lines, ALL, "{field} {value}");
        assert!(matches!(&*faults, [fault] if fault.starts_with(HEADER_FAULT)), "{faults:?}");
    }
}

#[test]
fn tel_85_records_that_a_header_does_not_count_yet_are_read() {
    let (mut log, starts) = six();
    for (field, value) in
        [(LAST_NUMBER, 2), (LAST_ID, 2), (LAST_RECORD, starts[1] - 4096), (FREE_SPACE, starts[2] - 4096)]
    {
        set(&mut log, field, value as u32);
    }
    write_chunk_checksums(&mut log[LOG_HEADER_SIZE..]);
    assert_eq!(read_log(&log), (ALL.map(str::to_owned).to_vec(), vec![]));
}

#[test]
fn tel_85_records_of_an_earlier_use_of_the_chunk_are_no_events() {
    for first_id in [1_u64, 3, 100, 1 << 40] {
        for is_header_valid in [true, false] {
            let (mut log, starts) = six();
            // Records e and f are older.
            for (start, id) in [(starts[4], first_id), (starts[5], first_id + 1)] {
                log[start + 8..start + 16].copy_from_slice(&id.to_le_bytes());
            }
            let fields = [
                (LAST_NUMBER, 4),
                (LAST_ID, 4),
                (LAST_RECORD, starts[3] - 4096),
                (FREE_SPACE, starts[4] - 4096),
            ];
            fields.into_iter().for_each(|(field, value)| set(&mut log, field, value as u32));
            write_chunk_checksums(&mut log[LOG_HEADER_SIZE..]);
            if !is_header_valid {
                set(&mut log, FREE_SPACE, 65536);
            }
            let (lines, faults) = read_log(&log);
            assert_eq!(lines, ALL[..4], "{first_id}");
            assert_eq!(faults.len(), usize::from(!is_header_valid), "{faults:?}");
        }
    }
}

#[test]
fn tel_85_a_damaged_record_header_hides_no_other_record() {
    let (log, starts) = six();
    let (size, next_size) = (starts[3] - starts[2], starts[4] - starts[3]);
    for (offset, value) in [
        (0, 0),
        (4, 0),
        (4, 28),
        (4, size - 8),
        (4, size + 8),
        (4, size + next_size),
        (4, 1 << 20),
        (8, 9999),
        (12, 1),
        (size - 4, 0),
    ] {
        for is_header_valid in [true, false] {
            let mut log = log.clone();
            set(&mut log, starts[2] + offset, value as u32);
            if !is_header_valid {
                set(&mut log, TEMPLATE_TABLE, 1);
            }
            let (mut lines, faults) = read_log(&log);
            lines.retain(|line| line != "c");
            assert_eq!(lines, ["a", "b", "d", "e", "f"], "{offset} {value}: {faults:?}");
            assert!(!faults.is_empty());
        }
    }
}

#[test]
fn tel_85_missing_records_are_reported() {
    let (mut log, starts) = six();
    log[starts[4]..LOG_HEADER_SIZE + CHUNK_SIZE].fill(0);
    let (lines, faults) = read_log(&log);
    assert_eq!(lines, ALL[..4]);
    let expected = "log: byte 4096: chunk 0: 2 of the 6 records that its header counts, 1 to 6, cannot be found, and its records do not match their checksum; ";
    assert!(matches!(&*faults, [fault] if fault.starts_with(expected)), "{faults:?}");
}

#[test]
fn tel_86_a_wrong_checksum_is_a_fault() {
    let (log, starts) = six();
    assert_eq!(read_log(&log), (ALL.map(str::to_owned).to_vec(), vec![]));
    for (offset, expected) in [
        (24, "log: byte 0: the header of the log does not match its checksum; "),
        (TEMPLATE_TABLE, HEADER_FAULT),
        (starts[1] + 16, "log: byte 4096: chunk 0: its records do not match their checksum; "),
    ] {
        let mut log = log.clone();
        log[offset] ^= 1;
        let (lines, faults) = read_log(&log);
        assert_eq!(lines, ALL);
        assert!(matches!(&*faults, [fault] if fault.starts_with(expected)), "{faults:?}");
    }
}

#[test]
fn tel_86_a_log_without_checksums_is_read() {
    const NO_CHECKSUM: u8 = 4;
    let (mut log, _) = six();
    for start in [0, LOG_HEADER_SIZE] {
        log[start + 120] = NO_CHECKSUM;
        set(&mut log, start + 124, 0);
    }
    // With a checksum, the flag is wrong.
    let (lines, faults) = read_log(&log);
    assert_eq!(lines, ALL);
    assert!(matches!(&*faults, [fault] if fault.starts_with(HEADER_FAULT)), "{faults:?}");
    set(&mut log, LOG_HEADER_SIZE + 52, 0);
    assert_eq!(read_log(&log), (ALL.map(str::to_owned).to_vec(), vec![]));
}

#[test]
fn tel_86_the_checksums_of_an_open_log_are_one_fault() {
    let mut log = write_log(&[&[sysmon("a")], &[sysmon("b")], &[sysmon("c")]]);
    log[LOG_FLAGS] = DIRTY;
    assert_eq!(read_log(&log).1, [""; 0]);
    set(&mut log, TEMPLATE_TABLE, 1);
    set(&mut log, TEMPLATE_TABLE + 2 * CHUNK_SIZE, 1);
    let (lines, faults) = read_log(&log);
    assert_eq!(lines, ["a", "b", "c"]);
    let expected =
        "log: the log was still open when it was copied, and the checksums of chunks 0, 2 do not match; ";
    assert!(matches!(&*faults, [fault] if fault.starts_with(expected)), "{faults:?}");
}

#[test]
fn tel_87_a_damaged_table_of_names_costs_no_record() {
    for value in [1, 65535, u32::MAX] {
        let (mut log, _) = six();
        set(&mut log, NAME_TABLE, value);
        let (lines, faults) = read_log(&log);
        assert_eq!(lines, ALL, "{value}");
        assert_eq!(faults.len(), 1, "{faults:?}");
    }
    let (mut log, _) = six();
    set(&mut log, NAME_TABLE, u32::MAX);
    let fault = &read_log(&log).1[0];
    assert!(fault.starts_with("log: byte 4096: chunk 0: its table of names cannot be read ("), "{fault}");
}

#[test]
fn tel_87_a_chunk_without_its_signature_or_header_is_read() {
    for (offset, len) in [(0, 1), (0, 512), (0, 520)] {
        let mut log =
            write_log(&[&["a", "b"].map(sysmon), &["c", "d", "e"].map(sysmon), &["f", "g"].map(sysmon)]);
        let start = LOG_HEADER_SIZE + CHUNK_SIZE + offset;
        log[start..start + len].fill(0);
        let (lines, faults) = read_log(&log);
        let expected: &[&str] =
            if len > 512 { &["a", "b", "d", "e", "f", "g"] } else { &["a", "b", "c", "d", "e", "f", "g"] };
        assert_eq!(lines, expected, "{len}: {faults:?}");
        let expected = "log: byte 69632: chunk 1: it lacks the signature of a chunk";
        assert!(faults.iter().any(|fault| fault.starts_with(expected)), "{faults:?}");
    }
}

#[test]
fn tel_88_reserved_space_after_the_last_chunk_is_no_fault() {
    let mut log = write_log(&[&[sysmon("a")], &[sysmon("b")]]);
    log.resize(log.len() + 5 * CHUNK_SIZE, 0);
    assert_eq!(read_log(&log), (vec!["a".to_owned(), "b".to_owned()], vec![]));
}

#[test]
fn tel_88_a_chunk_without_records_is_no_fault() {
    let mut log = write_log::<Element>(&[&[]]);
    for at in [LAST_NUMBER, LAST_ID] {
        log[at..at + 8].fill(0xff);
    }
    write_chunk_checksums(&mut log[LOG_HEADER_SIZE..]);
    assert_eq!(read_log(&log), (vec![], vec![]));
}

#[test]
fn tel_88_counted_chunks_without_content_are_one_fault() {
    let mut log = write_log(&[&[sysmon("a")], &[sysmon("b")], &[sysmon("c")]]);
    log.resize(log.len() + 7 * CHUNK_SIZE, 0);
    log[LOG_HEADER_SIZE + CHUNK_SIZE..LOG_HEADER_SIZE + 2 * CHUNK_SIZE].fill(0);
    log[CHUNK_COUNT] = 10;
    write_header_checksum(&mut log);
    let (lines, faults) = read_log(&log);
    assert_eq!(lines, ["a", "c"]);
    let expected = "log: byte 69632: there are only zeros in place of chunks 1, 3 to 9; ";
    assert!(matches!(&*faults, [fault] if fault.starts_with(expected)), "{faults:?}");
}

#[test]
fn tel_88_bytes_in_place_of_a_chunk_are_one_fault() {
    let mut log = write_log(&[&[sysmon("a")], &[sysmon("b")]]);
    log.resize(log.len() + 3 * CHUNK_SIZE, b'x');
    let (lines, faults) = read_log(&log);
    assert_eq!(lines, ["a", "b"]);
    let expected = "log: byte 135168: there is neither the signature of a chunk nor a record in place of chunks 2 to 4; ";
    assert!(matches!(&*faults, [fault] if fault.starts_with(expected)), "{faults:?}");
}

#[test]
fn tel_89_chunks_without_the_header_of_a_log_are_read() {
    let log = write_log(&[&[sysmon("a")], &["b", "c"].map(sysmon)]);
    let chunks = &log[LOG_HEADER_SIZE..];
    assert_eq!(read_log(chunks), (["a", "b", "c"].map(str::to_owned).to_vec(), vec![]));
    assert_eq!(read_log(&chunks[CHUNK_SIZE..]), (["b", "c"].map(str::to_owned).to_vec(), vec![]));
    let items = collect_items(
        None,
        |_| true,
        |options, sink| rulespec_events::read_bytes(chunks, &"carved".into(), options, sink),
    );
    assert!(matches!(&*items, [Item::Event(_), Item::Event(_), Item::Event(_)]), "{items:?}");
    let mut damaged = log.clone();
    damaged[..8].fill(0);
    let items = collect_items(
        None,
        |_| true,
        |options, sink| rulespec_events::read_bytes(&damaged, &"damaged".into(), options, sink),
    );
    let events = items.iter().filter(|item| matches!(item, Item::Event(_))).count();
    assert_eq!((events, items.len()), (3, 4), "{items:?}");
    let mut damaged = chunks.to_vec();
    damaged[CHUNK_SIZE] = 0;
    let fault = &read_log(&damaged).1[0];
    assert!(fault.starts_with("log: byte 65536: chunk 1: it lacks the signature of a chunk"), "{fault}");
}

#[test]
fn tel_89_a_damaged_header_of_a_log_hides_no_chunk() {
    for at in (0..128).step_by(2) {
        let mut log = write_log(&[&[sysmon("a")], &["b", "c"].map(sysmon)]);
        log[at..at + 2].fill(0xff);
        let (lines, faults) = read_log(&log);
        assert_eq!(lines, ["a", "b", "c"], "{at}: {faults:?}");
        // The flags have no checksum.
        assert!(!faults.is_empty() || (120..124).contains(&at), "{at}");
    }
}

#[test]
fn tel_89_chunks_beyond_the_count_are_read() {
    let mut log = write_log(&[&[sysmon("a")], &[sysmon("b")], &[sysmon("c")]]);
    log[CHUNK_COUNT] = 1;
    write_header_checksum(&mut log);
    assert_eq!(read_log(&log), (["a", "b", "c"].map(str::to_owned).to_vec(), vec![]));
}

#[test]
fn tel_85_damage_costs_no_record_that_it_does_not_touch() {
    let logs = written_logs();
    let mut tally = Tally::default();
    for seed in 0..300 {
        tally.add(&logs[seed as usize % 2], seed);
    }
    println!("{} of {} untouched records are lost", tally.lost, tally.untouched);
    tally.assert_almost_complete();
}
