use std::io::{Seek, Write};
use std::sync::atomic::Ordering;

use flate2::Compression;
use flate2::write::GzEncoder;
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

use super::*;
use rulespec_testing::event_log;

fn xml() -> Vec<u8> {
    b"<Event><System><Provider Name='Microsoft-Windows-Sysmon'/><EventID>1</EventID></System></Event>"
        .to_vec()
}

fn log() -> Vec<u8> {
    event_log::write_log(&[&[event_log::event("Microsoft-Windows-Sysmon", "1", &[("Image", "a")])]])
}

fn gz(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

fn zip(members: &[(&str, &[u8])]) -> Vec<u8> {
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

fn tell(item: Item, name: &str) -> String {
    let told = match item {
        Item::Event(event) => event.place.to_string(),
        Item::Fault(fault) => format!("{}: {}", fault.place, fault.what),
        other => format!("{other:?}"),
    };
    told.replace(name, "f")
}

/// Where the events are, and the faults, of a file that holds these bytes, and
/// that they are the same where the bytes come once only.
fn told(bytes: &[u8]) -> Vec<String> {
    let options = Options { format: None, keep: Arc::new(|_| true), progress: Arc::default(), jobs: 1 };
    let file = file(bytes);
    let name = file.path().to_string_lossy().into_owned();
    let (mut told, mut streamed) = (Vec::new(), Vec::new());
    let _ = read(file.path(), &options, &mut |item| {
        told.push(tell(item, &name));
        ControlFlow::Continue(())
    });
    let _ = stream(bytes, &"f".into(), &Bound::of(0), &options, &mut |item| {
        streamed.push(tell(item, &name));
        ControlFlow::Continue(())
    });
    assert_eq!(told, streamed);
    told
}

#[test]
fn tel_33_what_is_no_file_to_read_is_a_fault() {
    let options = Options { format: None, keep: Arc::new(|_| true), progress: Arc::default(), jobs: 1 };
    let folder = tempfile::tempdir().unwrap();
    let mut faults = Vec::new();
    for path in [folder.path().to_owned(), folder.path().join("none")] {
        let _ = read(&path, &options, &mut |item| {
            if let Item::Fault(fault) = item {
                faults.push(format!("{}; {}", fault.what, fault.remedy));
            }
            ControlFlow::Continue(())
        });
    }
    assert_eq!(faults, ["is a directory; name the files in it", "there is no such file; check the path"]);
    assert_eq!(told(b""), ["f: is empty"]);
    assert_eq!(told(b"MZ\x90"), ["f: has no known shape"]);
}

#[test]
fn tel_33_a_sink_that_breaks_ends_the_reading() {
    let options = Options { format: None, keep: Arc::new(|_| true), progress: Arc::default(), jobs: 1 };
    let archive = zip(&[("a", &[xml(), xml()].concat()), ("b", &xml())]);
    let mut count = 0;
    let flow = stream(&archive[..], &"f".into(), &Bound::of(0), &options, &mut |_| {
        count += 1;
        ControlFlow::Break(())
    });
    assert_eq!((flow, count), (ControlFlow::Break(()), 1));
}

#[test]
fn tel_34_gz_and_zip_are_read_whatever_their_names() {
    assert_eq!(told(&gz(&xml())), ["f: event 1"]);
    assert_eq!(told(&[gz(&xml()), gz(&xml())].concat()), ["f: event 1", "f: event 2"]);
    let archive = zip(&[("a.txt", &xml()), ("folder/b", &gz(&xml())), ("c.evtx", &log())]);
    assert_eq!(told(&archive), ["f!a.txt: event 1", "f!folder/b: event 1", "f!c.evtx: record 1"]);
}

#[test]
fn tel_34_a_member_that_is_nothing_costs_itself_only() {
    let archive = zip(&[("readme", b"hello"), ("a", &xml()), ("none", b"")]);
    assert_eq!(told(&archive), ["f!readme: has no known shape", "f!a: event 1", "f!none: is empty"]);
}

#[test]
fn tel_35_an_archive_in_an_archive_is_a_fault() {
    let inner = zip(&[("a", &xml())]);
    assert_eq!(told(&gz(&inner)), ["f: is an archive inside another"]);
    assert_eq!(told(&gz(&gz(&xml()))), ["f: is an archive inside another"]);
    let archive = zip(&[("z", &inner), ("g", &gz(&gz(&xml()))), ("a", &xml())]);
    let archives = ["f!z: is an archive inside another", "f!g: is an archive inside another"];
    assert_eq!(told(&archive), [archives[0], archives[1], "f!a: event 1"]);
}

#[test]
fn tel_36_a_log_inside_an_archive_is_spooled() {
    assert_eq!(told(&log()), ["f: record 1"]);
    assert_eq!(told(&gz(&log())), ["f: record 1"]);
    assert_eq!(told(&zip(&[("a", &gz(&log()))])), ["f!a: record 1"]);
}

#[test]
fn tel_36_an_archive_that_was_cut_off_is_read_as_far_as_it_goes() {
    let many = [xml(), xml(), xml()].concat();
    let mut encoder = GzEncoder::new(Vec::new(), Compression::none());
    encoder.write_all(&many).unwrap();
    let whole = encoder.finish().unwrap();
    let told_of = told(&whole[..whole.len() - 20]);
    assert_eq!(told_of[..2], ["f: event 1", "f: event 2"]);
    assert!(told_of[2].starts_with("f: byte "), "{told_of:?}");
    let whole = gz(&log());
    assert_eq!(told(&whole[..whole.len() - 1]).last().unwrap(), "f: cannot be read: unexpected end of file");
    let archive = zip(&[("a", &xml())]);
    let told_of = told(&archive[..archive.len() - 30]);
    assert!(told_of[0].starts_with("f: cannot be read as a zip archive: "), "{told_of:?}");
}

#[test]
fn tel_37_what_unpacks_to_too_much_is_a_fault() {
    let bomb = [gz(&xml()), gz(&vec![b' '; 2 << 20])].concat();
    let options = Options { format: None, keep: Arc::new(|_| true), progress: Arc::default(), jobs: 1 };
    let mut told = Vec::new();
    let _ = stream(&bomb[..], &"f".into(), &Bound::of_at_least(1 << 20, 0), &options, &mut |item| {
        told.push(tell(item, "f"));
        ControlFlow::Continue(())
    });
    assert_eq!((told.len(), &*told[0]), (2, "f: event 1"));
    assert!(told[1].ends_with("the archive unpacks to more than 1 MiB and 250 times its size"), "{told:?}");
}

#[test]
fn tel_37_the_members_of_an_archive_share_its_bound() {
    let bound = Bound::of_at_least(0, 4);
    let mut buffer = [0; 300];
    let mut read = 0;
    while let Ok(bytes) = Bounded::new(io::repeat(0), &bound).read(&mut buffer) {
        read += bytes;
    }
    assert_eq!(read, 4 * 300);
    assert!(bound.is_exceeded());
}

#[test]
fn tel_37_an_input_may_unpack_to_256_mib_or_250_times_its_size() {
    assert_eq!([0, 1 << 20, 2 << 20].map(|packed| Bound::of(packed).allowed() >> 20), [256, 256, 500]);
}

#[test]
fn tel_38_progress_counts_the_bytes_of_the_file() {
    let bytes = gz(&xml());
    let file = file(&bytes);
    let options = Options { format: None, keep: Arc::new(|_| true), progress: Arc::default(), jobs: 1 };
    let _ = read(file.path(), &options, &mut |_| ControlFlow::Continue(()));
    assert_eq!(options.progress.load(Ordering::Relaxed), bytes.len() as u64);
}

#[test]
fn tel_36_a_spooled_stream_is_the_stream() {
    let (mut spooled, broken) = seekable::spool(&mut &b"abc"[..]).unwrap();
    spooled.seek(io::SeekFrom::Start(1)).unwrap();
    let mut rest = String::new();
    spooled.read_to_string(&mut rest).unwrap();
    assert_eq!((rest.as_str(), broken.is_none()), ("bc", true));
}
