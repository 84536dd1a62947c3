//! Tests of archives and compressions other than `.gz` and `.zip`.

use std::io::Write;

use bzip2::write::BzEncoder;
use lzma_rust2::{XzOptions, XzWriter};
use ruzstd::encoding::{CompressionLevel, compress_to_vec};
use tar::{Builder, EntryType, Header};

use super::tests::{gz, items, log, stream_items, xml, zip};
use super::*;
use crate::testing::collect_items;

fn bz2(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = BzEncoder::new(vec![], bzip2::Compression::best());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

fn xz(bytes: &[u8]) -> Vec<u8> {
    let mut writer = XzWriter::new(vec![], XzOptions::with_preset(9)).unwrap();
    writer.write_all(bytes).unwrap();
    writer.finish().unwrap()
}

fn zst(bytes: &[u8]) -> Vec<u8> {
    compress_to_vec(bytes, CompressionLevel::Fastest)
}

type Compress = fn(&[u8]) -> Vec<u8>;

const COMPRESSIONS: [Compress; 4] = [gz, bz2, xz, zst];

fn header(size: usize, entry_type: EntryType) -> Header {
    let mut header = Header::new_gnu();
    header.set_size(size as u64);
    header.set_entry_type(entry_type);
    header
}

fn tar(members: &[(&str, &[u8])]) -> Vec<u8> {
    let mut builder = Builder::new(vec![]);
    for (name, bytes) in members {
        builder.append_data(&mut header(bytes.len(), EntryType::Regular), name, *bytes).unwrap();
    }
    builder.into_inner().unwrap()
}

#[test]
fn tel_34_every_compression_is_read() {
    for compress in COMPRESSIONS {
        assert_eq!(items(&compress(&xml())), ["f: event 1"]);
        assert_eq!(items(&compress(&log())), ["f: record 1"]);
        assert_eq!(items(&[compress(&xml()), compress(&xml())].concat()), ["f: event 1", "f: event 2"]);
        assert_eq!(items(&compress(b"")), ["f: is empty"]);
    }
}

#[test]
fn tel_34_the_members_of_a_tar_are_read() {
    let long = "folder/".repeat(30) + "c";
    let archive = tar(&[("a", &xml()), ("a", &log()), (&long, &[xml(), xml()].concat()), ("none", b"")]);
    let expected = [
        "f!a: event 1",
        "f!a: record 1",
        &format!("f!{long}: event 1"),
        &format!("f!{long}: event 2"),
        "f!none: is empty",
    ];
    assert_eq!(items(&archive), expected);
    for compress in COMPRESSIONS {
        assert_eq!(items(&compress(&archive)), expected);
        assert_eq!(items(&tar(&[("a", &compress(&xml()))])), ["f!a: event 1"]);
        assert_eq!(items(&zip(&[("a", &compress(&xml()))])), ["f!a: event 1"]);
    }
    assert_eq!(items(&[&archive[..], &[0; 5_000], &tar(&[("./z", &xml())])].concat())[5..], ["f!z: event 1"]);
}

#[test]
fn tel_34_links_directories_and_attributes_of_a_tar_are_skipped() {
    let mut builder = Builder::new(vec![]);
    for entry_type in [EntryType::Directory, EntryType::Symlink, EntryType::Link, EntryType::Char] {
        builder.append_data(&mut header(0, entry_type), "x", &b""[..]).unwrap();
    }
    builder.append_pax_extensions([("comment", &b"some"[..]), ("path", b"\xc3\xa4")]).unwrap();
    builder.append_data(&mut header(xml().len(), EntryType::Regular), "a", &*xml()).unwrap();
    assert_eq!(items(&builder.into_inner().unwrap()), ["f!ä: event 1"]);
}

#[test]
fn tel_35_an_archive_in_an_archive_is_a_fault() {
    let fault = "is an archive inside an archive";
    let (inner, compressed) = (tar(&[("a", &xml())]), zst(&bz2(&xml())));
    for member in [inner.clone(), gz(&inner), zip(&[("a", &xml())]), compressed.clone()] {
        assert_eq!(items(&tar(&[("b", &member), ("c", &xml())])), [&format!("f!b: {fault}"), "f!c: event 1"]);
        assert_eq!(items(&zip(&[("b", &member)])), [format!("f!b: {fault}")]);
    }
    assert_eq!(items(&compressed), [format!("f: {fault}")]);
    assert_eq!(items(&xz(&zip(&[("a", &xml())]))), [format!("f: {fault}")]);
}

#[test]
fn tel_36_a_truncated_tar_is_read_up_to_its_end() {
    let archive = tar(&[("a", &xml()), ("b", &[xml(), xml()].concat()), ("c", b"hello")]);
    let cut = |len: usize| items(&archive[..len]);
    let fault = "f: cannot be read: the archive is cut off";
    // In the second of two events, in the name of the last member, and before its content.
    assert_eq!(cut(3 * 512 + 200)[..2], ["f!a: event 1", "f!b: event 1"]);
    assert_eq!(cut(3 * 512 + 200).last().unwrap(), fault);
    assert_eq!(cut(3 * 512)[1..], ["f!b: cannot be read: the archive is cut off", fault]);
    let found = cut(4 * 512 + 50);
    assert_eq!(found[1..3], ["f!b: event 1", "f!b: event 2"]);
    assert!(found[3].starts_with("f: cannot be read: "), "{found:?}");
    assert_eq!(cut(4 * 512).last().unwrap(), "f: the archive ends without its end mark");
    assert_eq!(cut(5 * 512 + 2).last().unwrap(), fault);
    for compress in COMPRESSIONS {
        let whole = compress(&archive);
        let found = items(&whole[..whole.len() - 12]);
        assert!(found.last().unwrap().starts_with("f: cannot be read: "), "{found:?}");
    }
}

#[test]
fn tel_36_a_damaged_compression_is_a_fault_after_the_content() {
    for compress in COMPRESSIONS {
        let found = items(&[&compress(&[xml(), b"\n".to_vec()].concat())[..], b"garbage"].concat());
        assert_eq!((found.len(), &*found[0]), (2, "f: event 1"), "{found:?}");
        let whole = compress(&xml().repeat(100));
        for end in 12..whole.len() {
            let found = items(&whole[..end]);
            assert!(
                found.last().is_some_and(|last| last.contains(": ") && !last.ends_with("event 100")),
                "{found:?}"
            );
        }
    }
}

#[test]
fn tel_36_a_wrong_header_ends_a_tar() {
    let mut archive = tar(&[("a", &xml()), ("b", &xml())]);
    archive[1024] ^= 1;
    assert_eq!(items(&archive), ["f!a: event 1", "f: cannot be read: archive header checksum mismatch"]);
    let archive = [&tar(&[("a", &xml())])[..], &[b'x'; 1024]].concat();
    let found = items(&archive);
    assert_eq!((found.len(), &*found[0]), (2, "f!a: event 1"));
}

#[test]
fn tel_37_every_compression_is_limited() {
    for compress in [bz2, xz, zst] {
        let content = [xml(), vec![b' '; 2 << 20], xml()].concat();
        let found = stream_items(&compress(&content), &Limit::with_min(1 << 20, 0));
        assert_eq!((found.len(), &*found[0]), (2, "f: event 1"));
        assert!(found[1].contains("unpacks to more than 1 MiB"), "{found:?}");
    }
}

#[test]
fn tel_94_a_dictionary_that_is_too_large_is_a_fault() {
    let mut options = XzOptions::with_preset(9);
    options.lzma_options.dict_size = 128 << 20;
    let mut writer = XzWriter::new(vec![], options).unwrap();
    writer.write_all(&xml()).unwrap();
    let found = items(&writer.finish().unwrap());
    assert_eq!(found, ["f: cannot be read: its dictionary is larger than the 64 MiB of `xz -9`"]);
    let window = items(b"\x28\xb5\x2f\xfd\0\xb0\x01\0\0");
    assert_eq!(window, ["f: cannot be read: its window of 4294967296 bytes is larger than 134217728 bytes"]);
}

#[test]
fn tel_37_the_holes_of_a_sparse_member_are_limited() {
    let mut header = header(512, EntryType::GNUSparse);
    let gnu = header.as_gnu_mut().unwrap();
    let octal =
        |field: &mut [u8], value: u64| field[..11].copy_from_slice(format!("{value:011o}").as_bytes());
    octal(&mut gnu.realsize, 1 << 30);
    octal(&mut gnu.sparse[0].offset, (1 << 30) - 512);
    octal(&mut gnu.sparse[0].numbytes, 512);
    header.set_path("a").unwrap();
    header.set_cksum();
    let archive = [header.as_bytes(), &[0; 3 * 512][..], &tar(&[("b", &xml())])].concat();
    let options = Options { format: Some(Format::Json), ..Options::default() };
    let found = collect_items(&options, |options, sink| {
        stream(&archive[..], &"f".into(), &Limit::with_min(1 << 20, 0), options, sink)
    });
    let text = format!("{found:?}");
    assert!(text.contains("unpacks to more than 1 MiB"), "{text}");
}

#[test]
fn tel_94_the_header_of_a_tar_member_is_bounded() {
    let mut header = header(3 << 20, EntryType::GNULongName);
    header.set_cksum();
    let archive = [header.as_bytes(), &vec![b'x'; 3 << 20][..], &tar(&[("a", &xml())])].concat();
    assert_eq!(items(&archive), ["f: cannot be read: a header of more than 1 MiB"]);
}

/// Sets a byte in both headers of a member, at this offset from the flags.
fn set_in_headers(archive: &mut [u8], member: u8, offset: usize, value: u8) {
    for at in 0..archive.len() - 46 {
        for (signature, flags, name) in [(b"PK\x03\x04", 6, 30), (b"PK\x01\x02", 8, 46)] {
            if archive[at..].starts_with(signature) && archive[at + name] == member {
                archive[at + flags + offset] = value;
            }
        }
    }
}

#[test]
fn tel_94_a_member_that_cannot_be_unpacked_does_not_affect_the_others() {
    for (offset, value, expected) in [
        (0, 1, "is encrypted"),
        (2, 93, "is compressed with Zstandard, which is not read in a zip archive"),
        (2, 1, "is compressed with an old or unknown method, which is not read in a zip archive"),
    ] {
        let mut archive = zip(&[("a", &xml()), ("b", &xml()), ("c", &xml())]);
        set_in_headers(&mut archive, b'b', offset, value);
        assert_eq!(items(&archive), ["f!a: event 1", &format!("f!b: {expected}"), "f!c: event 1"]);
    }
}

#[test]
fn tel_34_zip_members_of_bzip2_are_read() {
    let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
    let options = zip::write::SimpleFileOptions::default();
    let options = options.compression_method(zip::CompressionMethod::Bzip2);
    writer.start_file("a", options).unwrap();
    writer.write_all(&xml()).unwrap();
    assert_eq!(items(&writer.finish().unwrap().into_inner()), ["f!a: event 1"]);
}

#[test]
fn tel_95_a_member_that_is_not_telemetry_does_not_affect_the_others() {
    let found = items(&tar(&[("setup.exe", b"MZ\x90\0\x03"), ("a", &xml())]));
    assert_eq!(found, ["f!setup.exe: is a Windows program", "f!a: event 1"]);
    let file = b"version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 1\n";
    let items =
        collect_items(&Options::default(), |options, sink| read_bytes(file, &"a.json".into(), options, sink));
    let [Item::Fault(fault)] = &items[..] else { panic!("{items:?}") };
    assert_eq!(fault.kind, FaultKind::NotTelemetry("a pointer of Git LFS"));
    assert_eq!(fault.remedy, "download the content it stands for, and name that file");
}

#[test]
fn tel_34_several_zip_archives_in_one_file_are_read() {
    let [a, b, none] = [zip(&[("a", &xml()), ("b", &xml())]), zip(&[("c", &log())]), zip(&[])];
    let all = ["f!a: event 1", "f!b: event 1", "f!c: record 1"];
    assert_eq!(items(&[&a[..], &b].concat()), all);
    assert_eq!(items(&[&a[..], &none, &b, &none].concat()), all);
    assert_eq!(items(&[&b[..], &b, &b].concat()), [all[2]; 3]);
    let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
    writer.set_comment("comment").unwrap();
    let commented = writer.finish().unwrap().into_inner();
    assert_eq!(items(&[&b[..], &commented].concat()), [all[2]]);
    let many = [&b[..], &none.repeat(2_000)].concat();
    assert!(items(&many)[0].ends_with("bytes are in no archive and are not read"));
}

#[test]
fn tel_34_what_is_beside_zip_archives_is_a_fault() {
    let [a, b] = [zip(&[("a", &xml())]), zip(&[("b", &xml())])];
    let after = "f: 5 bytes after a zip archive are not read";
    assert_eq!(items(&[&a[..], b"other"].concat()), ["f!a: event 1", after]);
    assert_eq!(items(&[&a[..], b"other", &b].concat()), ["f!a: event 1", after, "f!b: event 1"]);
    let cut = a.len() - 30;
    let before = format!("f: its first {cut} bytes are in no archive and are not read");
    assert_eq!(items(&[&a[..cut], &b].concat()), [&*before, "f!b: event 1"]);
}
