use std::io::Write;
use std::sync::atomic::Ordering;

use flate2::Compression;
use flate2::write::GzEncoder;
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

use super::*;
use crate::testing::collect_items;
use rulespec_testing::event_log;

pub(super) fn xml() -> Vec<u8> {
    b"<Event><System><Provider Name='Microsoft-Windows-Sysmon'/><EventID>1</EventID></System>\
      <EventData><Data Name='Image'>a</Data></EventData></Event>"
        .to_vec()
}

pub(super) fn log() -> Vec<u8> {
    event_log::write_log(&[&[event_log::event("Microsoft-Windows-Sysmon", "1", &[("Image", "a")])]])
}

pub(super) fn gz(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

pub(super) fn zip(members: &[(&str, &[u8])]) -> Vec<u8> {
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in members {
        writer.start_file(*name, SimpleFileOptions::default()).unwrap();
        writer.write_all(bytes).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

fn file(bytes: &[u8]) -> tempfile::NamedTempFile {
    let mut file = tempfile::NamedTempFile::new().unwrap();
    file.write_all(bytes).unwrap();
    file
}

fn describe(item: &Item, name: &str) -> String {
    let description = match item {
        Item::Event(event) => event.place.to_string(),
        Item::Fault(fault) => format!("{}: {}", fault.place, fault.what),
        Item::Filtered(_) | Item::Skipped(_) => format!("{item:?}"),
    };
    description.replace(name, "f")
}

pub(super) fn stream_items(bytes: &[u8], limit: &Limit) -> Vec<String> {
    let items =
        collect_items(&Options::default(), |options, sink| stream(bytes, &"f".into(), limit, options, sink));
    items.iter().map(|item| describe(item, "f")).collect()
}

/// The places of the events in a file with this content, and the faults. A stream must give the
/// same.
pub(super) fn items(bytes: &[u8]) -> Vec<String> {
    let file = file(bytes);
    let name = file.path().to_string_lossy();
    let items = collect_items(&Options::default(), |options, sink| read(file.path(), options, sink));
    let items: Vec<_> = items.iter().map(|item| describe(item, &name)).collect();
    assert_eq!(items, stream_items(bytes, &Limit::new(0)));
    items
}

#[test]
fn tel_33_an_input_that_is_not_a_readable_file_is_a_fault() {
    let folder = tempfile::tempdir().unwrap();
    for (path, expected) in [
        (folder.path().to_owned(), "is a directory; name the files in it"),
        (folder.path().join("none"), "there is no such file; check the path"),
    ] {
        let items = collect_items(&Options::default(), |options, sink| read(&path, options, sink));
        let [Item::Fault(fault)] = &items[..] else { panic!("{items:?}") };
        assert_eq!(format!("{}; {}", fault.what, fault.remedy), expected);
    }
    assert_eq!(items(b""), ["f: is empty"]);
    assert_eq!(items(b"hello"), ["f: is a text of an unknown format"]);
}

#[test]
fn tel_33_a_sink_that_breaks_stops_the_reading() {
    let archive = zip(&[("a", &[xml(), xml()].concat()), ("b", &xml())]);
    let mut count = 0;
    let flow = stream(&archive[..], &"f".into(), &Limit::new(0), &Options::default(), &mut |_| {
        count += 1;
        ControlFlow::Break(())
    });
    assert_eq!((flow, count), (ControlFlow::Break(()), 1));
}

#[test]
fn tel_34_gz_and_zip_are_read_whatever_their_names() {
    assert_eq!(items(&gz(&xml())), ["f: event 1"]);
    assert_eq!(items(&[gz(&xml()), gz(&xml())].concat()), ["f: event 1", "f: event 2"]);
    let archive = zip(&[("a.txt", &xml()), ("folder/b", &gz(&xml())), ("c.evtx", &log())]);
    assert_eq!(items(&archive), ["f!a.txt: event 1", "f!folder/b: event 1", "f!c.evtx: record 1"]);
}

#[test]
fn tel_34_the_members_beside_an_unknown_or_empty_one_are_read() {
    let archive = zip(&[("readme", b"hello"), ("a", &xml()), ("none", b"")]);
    assert_eq!(
        items(&archive),
        ["f!readme: is a text of an unknown format", "f!a: event 1", "f!none: is empty"]
    );
}

#[test]
fn tel_34_members_of_one_name_are_all_read() {
    let mut archive = zip(&[("a", &xml()), ("b", &xml()), ("c", &[xml(), xml()].concat())]);
    for at in 0..archive.len() - 46 {
        // The name in the local header, and in the central directory.
        for (signature, name) in [(b"PK\x03\x04", at + 30), (b"PK\x01\x02", at + 46)] {
            if archive[at..].starts_with(signature) && archive[name] == b'c' {
                archive[name] = b'a';
            }
        }
    }
    assert_eq!(items(&archive), ["f!a: event 1", "f!b: event 1", "f!a: event 1", "f!a: event 2"]);
}

#[test]
fn tel_34_data_after_gzip_content_is_a_fault_after_the_content() {
    let fault = "f: the data after its gzip content is not gzip";
    let after = |content: &[u8], after: &[u8]| items(&[&gz(content)[..], after].concat());
    for garbage in [&b"x"[..], b"garbage and more garbage", &[b'x'; 100_000], b"\0\0x"] {
        assert_eq!(after(&xml(), garbage), ["f: event 1", fault]);
        assert_eq!(after(&log(), garbage), ["f: record 1", fault]);
        // The only line has no line feed.
        let row = br#"{"Timestamp":"2026-01-02T03:04:05Z","FileName":"a","ProcessCommandLine":"a"}"#;
        assert_eq!(after(row, garbage), ["f:1", fault]);
    }
    assert_eq!(after(&xml(), &[0; 100_000]), ["f: event 1"]);
}

#[test]
fn tel_35_an_archive_in_an_archive_is_a_fault() {
    let inner = zip(&[("a", &xml())]);
    assert_eq!(items(&gz(&inner)), ["f: is an archive inside an archive"]);
    assert_eq!(items(&gz(&gz(&xml()))), ["f: is an archive inside an archive"]);
    let archive = zip(&[("z", &inner), ("g", &gz(&gz(&xml()))), ("a", &xml())]);
    let archives = ["f!z: is an archive inside an archive", "f!g: is an archive inside an archive"];
    assert_eq!(items(&archive), [archives[0], archives[1], "f!a: event 1"]);
}

#[test]
fn tel_36_a_log_inside_an_archive_is_spooled() {
    assert_eq!(items(&log()), ["f: record 1"]);
    assert_eq!(items(&gz(&log())), ["f: record 1"]);
    assert_eq!(items(&zip(&[("a", &gz(&log()))])), ["f!a: record 1"]);
}

#[test]
fn tel_36_a_truncated_archive_is_read_up_to_its_end() {
    let many = [xml(), xml(), xml()].concat();
    let mut encoder = GzEncoder::new(Vec::new(), Compression::none());
    encoder.write_all(&many).unwrap();
    let whole = encoder.finish().unwrap();
    let found = items(&whole[..whole.len() - 20]);
    assert_eq!(found[..2], ["f: event 1", "f: event 2"]);
    assert!(found[2].starts_with("f: byte "), "{found:?}");
    let whole = gz(&log());
    assert_eq!(items(&whole[..whole.len() - 1]).last().unwrap(), "f: cannot be read: unexpected end of file");
    let archive = zip(&[("a", &xml())]);
    let found = items(&archive[..archive.len() - 30]);
    assert!(found[0].starts_with("f: cannot be read as a zip archive: "), "{found:?}");
}

#[test]
fn tel_37_an_archive_that_unpacks_to_too_much_is_a_fault() {
    let bomb = [gz(&xml()), gz(&vec![b' '; 2 << 20])].concat();
    let items = stream_items(&bomb, &Limit::with_min(1 << 20, 0));
    assert_eq!((items.len(), &*items[0]), (2, "f: event 1"));
    assert!(items[1].ends_with("the archive unpacks to more than 1 MiB and 250 times its size"), "{items:?}");
}

#[test]
fn tel_37_the_members_of_an_archive_share_its_limit() {
    let (limit, options) = (Limit::with_min(0, 4), Options::default());
    let mut buffer = [0; 300];
    let mut read = 0;
    while let Ok(bytes) = LimitedReader::new(io::repeat(0), &limit, &options).read(&mut buffer) {
        read += bytes;
    }
    assert_eq!(read, 4 * 300);
    assert!(limit.is_exceeded());
}

#[test]
fn tel_37_an_input_may_unpack_to_256_mib_or_250_times_its_size() {
    assert_eq!([0, 1 << 20, 2 << 20].map(|size| Limit::new(size).bytes() >> 20), [256, 256, 500]);
}

#[test]
fn tel_38_progress_counts_the_bytes_of_the_file_as_stored() {
    let bytes = gz(&xml());
    let file = file(&bytes);
    let options = Options::default();
    let _ = read(file.path(), &options, &mut |_| ControlFlow::Continue(()));
    assert_eq!(options.progress.load(Ordering::Relaxed), bytes.len() as u64);
}
