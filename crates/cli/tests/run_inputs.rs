//! `rulespec run` on directories and patterns, and what it says of files that are not telemetry.

use std::ffi::OsStr;
use std::fs;
use std::io::Write;
use std::path::Path;
use std::process::Command;

use serde_json::{Value as Json, json};

use super::screen::{Screen, rulespec};

/// A line of an export with a detection that has this file name as its URL.
pub fn line(name: &str) -> String {
    let row = json!({"Timestamp": "2026-01-02T03:04:05Z", "FileName": "bitsadmin.exe",
        "ProcessCommandLine": format!("bitsadmin /addfile j {name} C:\\a")});
    format!("{row}\n")
}

fn write(path: &Path, content: impl AsRef<[u8]>) {
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, content).unwrap();
}

/// A directory with telemetry and other files, each detection of which names its file.
fn triage() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    for name in ["b.jsonl", ".hidden.jsonl", "a.json", "sub/c.jsonl", "sub/deep/d.jsonl"] {
        write(&folder.path().join(name), line(name));
    }
    write(&folder.path().join("notes.txt"), "What we found\n");
    write(&folder.path().join("sub/more.txt"), "More of it\n");
    write(&folder.path().join("sub/empty.evtx"), "");
    write(&folder.path().join("sub/settings.json"), "{\"level\": \"info\"}\n");
    folder
}

fn run<S: AsRef<OsStr>>(arguments: impl IntoIterator<Item = S>) -> Screen {
    let arguments = arguments.into_iter().map(|argument| argument.as_ref().to_owned());
    rulespec(["run".into(), "--format=jsonl".into()].into_iter().chain(arguments))
}

/// The URLs of the detections.
fn urls(screen: &Screen) -> Vec<String> {
    let line = |line: &str| serde_json::from_str::<Json>(line).unwrap();
    screen.out.lines().map(|text| line(text)["RemoteUrl"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn a_directory_stands_for_its_files_in_the_order_of_their_names() {
    let folder = triage();
    let flat = run([folder.path()]);
    assert_eq!(
        (flat.status, urls(&flat)),
        (0, [".hidden.jsonl", "a.json", "b.jsonl"].map(Into::into).into())
    );
    let counts = "2 skipped: 1 × a directory (read with --recursive); 1 × a text of an unknown format\n";
    assert!(flat.err.starts_with(&format!("files     3 read\n          {counts}")), "{flat}");
    for option in ["-r", "--recursive"] {
        let all = run([OsStr::new(option), folder.path().as_os_str()]);
        let expected = [".hidden.jsonl", "a.json", "b.jsonl", "sub/c.jsonl", "sub/deep/d.jsonl"];
        assert_eq!((all.status, urls(&all)), (0, expected.map(Into::into).into()));
        let counts = "4 skipped: 1 × a file in which nothing was recognised; 2 × a text of an unknown format; \
                      1 × an empty file\n";
        assert!(all.err.starts_with(&format!("files     5 read\n          {counts}")), "{all}");
    }
}

#[test]
fn files_that_only_look_like_telemetry_are_no_errors_in_a_directory() {
    let folder = tempfile::tempdir().unwrap();
    for (name, content) in [
        ("a.jsonl", line("x").as_str()),
        ("Cargo.toml", "[package]\nname = \"a\"\n\n[[bin]]\nname = \"b\"\n"),
        ("Cargo.lock", "[[package]]\nname = \"a\"\n"),
        ("desktop.ini", "\r\n[.ShellClassInfo]\r\nIconIndex=0\r\n"),
        ("service.log", "[2026-01-01 10:00:00] INFO started\n[2026-01-01 10:00:01] INFO {\"a\": 1}\n"),
        ("page.tpl", "{{ title }}\n{\"a\": 1}\n"),
        ("pom.xml", "<?xml version=\"1.0\"?>\n<project><name>a</name></project>\n"),
    ] {
        write(&folder.path().join(name), content);
    }
    let screen = run([OsStr::new("--strict"), folder.path().as_os_str()]);
    assert_eq!((screen.status, urls(&screen)), (0, vec!["x".into()]), "{screen}");
    assert!(!screen.err.contains("errors"), "{screen}");
    write(&folder.path().join("inventory.csv"), "DeviceId,DeviceName\n1,ws07\n");
    let screen = run([folder.path()]);
    assert_eq!((screen.status, screen.err.contains("errors")), (0, false), "{screen}");
    let screen = run([OsStr::new("--strict"), folder.path().as_os_str()]);
    assert!(screen.status == 1 && screen.err.contains("the header lacks FileName"), "{screen}");
}

#[test]
fn a_table_is_recognised_by_the_columns_that_only_a_mapping_knows() {
    let folder = tempfile::tempdir().unwrap();
    let [mapping, table] = ["map.toml", "table.csv"].map(|name| folder.path().join(name));
    write(
        &mapping,
        "[row]\nTimestamp = [\"wann\"]\nFileName = [\"programm\"]\nProcessCommandLine = [\"aufruf\"]\n",
    );
    let rows = "\"wann\";\"programm\";\"aufruf\"\n\
                \"2026-01-02T03:04:05Z\";\"bitsadmin.exe\";\"bitsadmin /addfile j x C:\\a\"\n";
    for content in [rows.to_owned(), format!("sep=;\r\n{rows}"), format!("sep=^\n{}", rows.replace(';', "^"))]
    {
        write(&table, content);
        let screen = run([OsStr::new("--mapping"), mapping.as_os_str(), table.as_os_str()]);
        assert_eq!((screen.status, urls(&screen)), (0, vec!["x".into()]), "{screen}");
        let screen = run([&table]);
        assert!(screen.status == 1 && screen.err.contains("is a text of an unknown format"), "{screen}");
    }
}

#[test]
fn events_of_unknown_providers_lead_to_the_alias_of_a_mapping() {
    let folder = tempfile::tempdir().unwrap();
    let [mapping, export] = ["map.toml", "export.jsonl"].map(|name| folder.path().join(name));
    write(&mapping, "[event]\nevent_id = [\"nr\"]\nprovider = [\"quelle\"]\n");
    write(&export, "{\"nr\": 1, \"quelle\": \"Unser Sysmon\"}\n".repeat(2));
    let note = format!(
        "note: {}: 2 events of unknown providers; give them a name under [alias] in the mapping\n",
        export.display()
    );
    let with_mapping = [OsStr::new("--mapping"), mapping.as_os_str()];
    let screen = run(with_mapping.into_iter().chain([export.as_os_str()]));
    assert!(screen.status == 0 && screen.err.starts_with(&note), "{screen}");
    write(
        &mapping,
        "[event]\nevent_id = [\"nr\"]\nprovider = [\"quelle\"]\n[alias]\n\"Unser Sysmon\" = \"Microsoft-Windows-Sysmon\"\n",
    );
    let screen = run(with_mapping.into_iter().chain([export.as_os_str()]));
    assert!(!screen.err.contains("note:"), "{screen}");
}

#[test]
fn verbose_names_what_is_skipped() {
    let folder = triage();
    let screen = run([OsStr::new("-rvq"), folder.path().as_os_str()]);
    let mut lines: Vec<String> =
        screen.err.replace(&*folder.path().to_string_lossy(), "DIR").lines().map(str::to_owned).collect();
    lines.sort();
    let expected = [
        "skipped: DIR/notes.txt: a text of an unknown format",
        "skipped: DIR/sub/empty.evtx: an empty file",
        "skipped: DIR/sub/more.txt: a text of an unknown format",
        "skipped: DIR/sub/settings.json: a file in which nothing was recognised",
    ];
    assert_eq!((screen.status, lines), (0, expected.map(Into::into).into()));
}

#[test]
fn strict_accepts_files_that_are_not_telemetry_but_not_what_is_damaged_or_not_recognised() {
    let folder = triage();
    let strict = || run([OsStr::new("--strict"), OsStr::new("-r"), folder.path().as_os_str()]);
    let unrecognised = strict();
    assert_eq!((unrecognised.status, urls(&unrecognised).len()), (1, 5));
    assert!(
        unrecognised.err.contains("settings.json: no event was recognised in 1 object: "),
        "{unrecognised}"
    );
    assert!(unrecognised.err.contains("files     5 read; 1 could not be read\n"), "{unrecognised}");
    fs::remove_file(folder.path().join("sub/settings.json")).unwrap();
    assert_eq!(strict().status, 0);
    write(&folder.path().join("damaged.jsonl"), line("x") + "{\"broken\n");
    let damaged = strict();
    assert_eq!((damaged.status, urls(&damaged).len()), (1, 6));
    assert_eq!(run([OsStr::new("-r"), folder.path().as_os_str()]).status, 0);
}

#[test]
fn a_directory_without_telemetry_fails() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("logs");
    fs::create_dir(&path).unwrap();
    let message = |screen: &Screen| screen.err.lines().next().unwrap_or_default().to_owned();
    let empty = run([&path]);
    assert_eq!(
        (empty.status, message(&empty).contains("logs: has no files; name one")),
        (1, true),
        "{empty}"
    );
    write(&path.join("sub/notes.txt"), "What we found\n");
    let flat = run([&path]);
    assert_eq!((flat.status, message(&flat).contains("use --recursive")), (1, true), "{flat}");
    let all = run([Path::new("-r"), &path]);
    assert_eq!((all.status, all.out.as_str()), (1, ""));
    assert!(message(&all).contains("logs: none of its 1 files is telemetry; "), "{all}");
    // What else is named is read, and does not make up for it.
    let good = folder.path().join("good.jsonl");
    write(&good, line("good"));
    let both = run([Path::new("-r"), &path, &good]);
    assert_eq!((both.status, urls(&both)), (1, vec!["good".to_owned()]));
    // Events of other kinds are telemetry.
    write(&path.join("none.json"), "[{\"EventID\": 5, \"SourceName\": \"Microsoft-Windows-Sysmon\"}]\n");
    assert_eq!(run([&path]).status, 0);
}

#[test]
fn a_file_that_is_named_and_gives_nothing_fails_whatever_else_is_named() {
    let folder = triage();
    let file = |name: &str| folder.path().join(name);
    for (bad, message) in [
        ("notes.txt", "is a text of an unknown format"),
        ("sub/empty.evtx", "is empty"),
        ("sub/settings.json", "no event was recognised in 1 object"),
        ("missing.evtx", "there is no such file"),
        ("sub/missing-*.evtx", "no file matches this pattern"),
    ] {
        let screen = run([file("a.json"), file(bad), file("b.jsonl")]);
        assert_eq!((screen.status, urls(&screen).len()), (1, 2), "{screen}");
        let named = format!("rulespec: {}: {message}", file(bad).display());
        assert!(screen.err.contains(&named), "{screen}");
        assert!(screen.err.ends_with("errors    1\n"), "{screen}");
    }
    assert_eq!(run([file("a.json"), file("b.jsonl")]).status, 0);
}

#[test]
fn the_members_of_an_archive_are_treated_as_the_files_of_a_directory() {
    let folder = tempfile::tempdir().unwrap();
    let archive = |name: &str, members: &[(&str, &str)]| {
        let path = folder.path().join(name);
        let mut zip = zip::ZipWriter::new(fs::File::create(&path).unwrap());
        for (name, content) in members {
            zip.start_file(*name, zip::write::SimpleFileOptions::default()).unwrap();
            zip.write_all(content.as_bytes()).unwrap();
        }
        zip.finish().unwrap();
        path
    };
    let event = line("x");
    let mixed = archive("mixed.zip", &[("a.txt", "notes\n"), ("b.jsonl", &event), ("c.evtx", "")]);
    let screen = run([Path::new("--strict"), &mixed]);
    assert_eq!((screen.status, urls(&screen).len()), (0, 1), "{screen}");
    assert!(
        screen.err.contains("2 skipped: 1 × a text of an unknown format; 1 × an empty file\n"),
        "{screen}"
    );
    let other = archive("other.zip", &[("a.txt", "notes\n"), ("c.evtx", "")]);
    let screen = run([&other]);
    assert_eq!(screen.status, 1);
    let message = format!("rulespec: {}: no event was recognised in it; ", other.display());
    assert!(screen.err.contains(&message), "{screen}");
    assert_eq!(run([folder.path()]).status, 0);
}

#[test]
fn patterns_are_expanded_where_no_shell_did_it() {
    let folder = triage();
    for (pattern, expected) in [
        ("*.jsonl", &[".hidden.jsonl", "b.jsonl"][..]),
        ("?.json*", &["a.json", "b.jsonl"]),
        ("[ab].js*", &["a.json", "b.jsonl"]),
        ("**/[!s]*.json*", &[".hidden.jsonl", "a.json", "b.jsonl", "sub/c.jsonl", "sub/deep/d.jsonl"]),
        ("s*/**/*.jsonl", &["sub/c.jsonl", "sub/deep/d.jsonl"]),
        ("*/*/d.jsonl", &["sub/deep/d.jsonl"]),
    ] {
        let absolute = run([folder.path().join(pattern)]);
        assert_eq!((absolute.status, urls(&absolute)), (0, expected.iter().map(|&url| url.into()).collect()));
        let mut command = Command::new(assert_cmd::cargo::cargo_bin("rulespec"));
        let relative = command.current_dir(folder.path()).args(["run", "--format=jsonl", pattern]);
        let relative = String::from_utf8(relative.output().unwrap().stdout).unwrap();
        let places: Vec<Json> =
            relative.lines().map(|line| serde_json::from_str::<Json>(line).unwrap()).collect();
        let files: Vec<&str> =
            places.iter().map(|line| line["_rulespec"]["place"]["file"].as_str().unwrap()).collect();
        assert_eq!(files, expected);
    }
    // A file of that name comes first. A pattern stands for files, not for directories.
    write(&folder.path().join("[ab].js*"), line("itself"));
    assert_eq!(urls(&run([folder.path().join("[ab].js*")])), ["itself"]);
    let directories = run([folder.path().join("s*b")]);
    assert!(directories.status == 1 && directories.err.contains("s*b: no file matches"), "{directories}");
    let wrong = run([folder.path().join("[x")]);
    assert!(wrong.status == 1 && wrong.err.contains("[x: is no file and no pattern: "), "{wrong}");
}

#[cfg(unix)]
#[test]
fn links_to_directories_are_not_followed_and_pipes_are_not_opened() {
    use std::os::unix::fs::symlink;
    let folder = triage();
    symlink("..", folder.path().join("sub/loop")).unwrap();
    symlink("../a.json", folder.path().join("sub/link.json")).unwrap();
    symlink("nowhere", folder.path().join("sub/broken.evtx")).unwrap();
    let pipe = folder.path().join("sub/pipe");
    assert!(Command::new("mkfifo").arg(&pipe).status().unwrap().success());
    for path in [folder.path().join("sub"), folder.path().join("sub/**/*")] {
        let screen = run([Path::new("-r"), &path]);
        // Only a file that is named must be telemetry.
        assert_eq!(screen.status, i32::from(path.ends_with("*")), "{screen}");
        assert_eq!(urls(&screen), ["sub/c.jsonl", "sub/deep/d.jsonl", "a.json"]);
        for count in ["1 × a link to a directory", "1 × a pipe, socket or device", "1 × a broken link"] {
            assert!(screen.err.contains(count), "{screen}");
        }
    }
    // A link that is named is followed.
    assert_eq!(urls(&run([folder.path().join("sub/loop")])).len(), 3);
}

#[test]
fn objects_that_are_not_recognised_among_others_are_noted() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("a.jsonl");
    write(&file, line("a") + "{\"a\": {\"b\": 1}, \"c\": 2}\n[]\n{}\n");
    let screen = run([OsStr::new("--strict"), file.as_os_str()]);
    let note = format!("note: {}: objects not recognised: 2; the first has a.b, c; ", file.display());
    assert!(screen.status == 0 && screen.err.starts_with(&note), "{screen}");
    assert!(screen.err.contains("skipped   2: 2 × unknown structure\n"), "{screen}");
    let quiet = run([OsStr::new("-q"), file.as_os_str()]);
    assert_eq!((quiet.status, &*quiet.err), (0, ""));
}
