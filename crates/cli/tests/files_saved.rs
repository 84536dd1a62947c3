//! The files that the command writes: nothing that was saved before is lost.

use std::collections::BTreeSet;
use std::fs;
use std::os::unix::fs::{MetadataExt, PermissionsExt, symlink};
use std::path::Path;
use std::process::{Command, Output, Stdio};
use std::time::{Duration, Instant};

use super::screen::{Screen, rulespec};
use assert_cmd::cargo::cargo_bin;
use rulespec::suite::{Vector, clauses, load_directory};
use rulespec_check::report::json;

const NAIVE: &str = "tests/engines/naive.py";
const SAVED: &str = "spec/observed/adxlite.json";

fn command(arguments: &str) -> Command {
    let mut command = Command::new(cargo_bin("rulespec"));
    command.current_dir(rulespec_testing::files::ROOT).args(arguments.split(' '));
    command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    command
}

/// Runs the command on a disk on which files may have only a few hundred bytes.
fn on_full_disk(arguments: &str) -> Output {
    let line = format!("ulimit -f 1; trap '' XFSZ; exec {} {arguments}", cargo_bin("rulespec").display());
    let mut shell = Command::new("sh");
    shell.current_dir(rulespec_testing::files::ROOT).args(["-c", &line]).output().unwrap()
}

fn run(arguments: &str) -> Screen {
    rulespec(arguments.split(' '))
}

/// The names in a directory, with the hidden ones.
fn names(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).unwrap();
    let mut names: Vec<String> =
        entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

/// The calls of saved finds.
fn calls(folder: &Path) -> BTreeSet<String> {
    let vectors = load_directory(folder, &clauses()).unwrap();
    vectors.iter().map(|Vector { r#fn, args, .. }| serde_json::json!([r#fn, args]).to_string()).collect()
}

#[test]
fn searches_at_the_same_time_lose_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let save = folder.path().join("found");
    let explore = |seed: u64| {
        let options = format!("explore --cases 300 --seed {seed} --format json --save {}", save.display());
        command(&format!("{options} -- python3 {NAIVE}")).stdout(Stdio::piped()).spawn().unwrap()
    };
    let mut found = BTreeSet::new();
    for seeds in [[1, 2, 3, 4], [5, 5, 5, 5]] {
        for search in seeds.map(explore) {
            let output = search.wait_with_output().unwrap();
            assert_eq!(output.status.code(), Some(1));
            let json: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
            for find in json["finds"].as_array().unwrap() {
                found.insert(serde_json::json!([find["fn"], find["args"]]).to_string());
            }
        }
    }
    assert!(found.len() > 4, "{found:?}");
    assert_eq!(calls(&save), found);
    assert_eq!(run(&format!("lint {}", save.display())).to_string(), "exit status 0\nno problems found\n");
    assert_eq!(names(&save), [".found.lock", "found.json"]);
}

#[test]
fn a_find_has_the_id_that_it_is_saved_with() {
    let folder = tempfile::tempdir().unwrap();
    let save = folder.path().to_str().unwrap();
    let explore = |seed: u64| {
        let options = format!("explore --cases 300 --seed {seed} --format json --save {save}");
        command(&format!("{options} -- python3 {NAIVE}")).stdout(Stdio::piped()).spawn().unwrap()
    };
    let shown = [6, 7].map(explore).map(|search| search.wait_with_output().unwrap().stdout);
    let vectors = load_directory(folder.path(), &clauses()).unwrap();
    for shown in shown {
        let json: serde_json::Value = serde_json::from_slice(&shown).unwrap();
        for find in json["finds"].as_array().unwrap() {
            let vector = vectors.iter().find(|vector| vector.id == find["id"]).unwrap();
            assert_eq!(serde_json::json!(vector.args), find["args"]);
        }
    }
}

#[test]
fn a_full_disk_keeps_the_old_file_and_shows_the_result() {
    let folder = tempfile::tempdir().unwrap();
    let file = |name: &str| folder.path().join(name);
    let found = file("found.json");
    let explore = format!("explore --cases 300 --seed 1 --save {}", folder.path().display());
    run(&format!("{explore} --fn has -- python3 {NAIVE}"));
    let old = fs::read_to_string(&found).unwrap();
    let [report, page, known, bench] = ["a.txt", "b.txt", "c.txt", "d.txt"].map(file);
    let before = "old-1  # kept\n";
    for path in [&report, &page, &known, &bench] {
        fs::write(path, before).unwrap();
    }
    let reported = "clauses it was asked";
    for (arguments, path, shown) in [
        (format!("{explore} -- python3 {NAIVE}"), &found, "FAIL fnd-"),
        (format!("check --format json -o {}", report.display()), &report, reported),
        (format!("check --write-known {} -- python3 {NAIVE}", known.display()), &known, reported),
        (format!("report --format html -o {} {SAVED}", page.display()), &page, "<!doctype html>"),
        (format!("bench --fn has --time 0.01 --rounds 6 --save {}", bench.display()), &bench, "has"),
    ] {
        let output = on_full_disk(&arguments);
        let error = String::from_utf8(output.stderr).unwrap();
        let named = format!("rulespec: {}: cannot be written: File too large", path.display());
        assert!(error.contains(&named), "{arguments}: {error}");
        assert!(String::from_utf8(output.stdout).unwrap().contains(shown), "{arguments}");
        assert_eq!(output.status.code(), Some(5), "{arguments}");
    }
    assert_eq!(fs::read_to_string(&found).unwrap(), old);
    for path in [&report, &page, &known, &bench] {
        assert_eq!(fs::read_to_string(path).unwrap(), before);
    }
    assert_eq!(names(folder.path()), [".found.lock", "a.txt", "b.txt", "c.txt", "d.txt", "found.json"]);
    for arguments in ["export kql -o", "copy", "man"] {
        let directory = file(&arguments.replace(' ', "-"));
        assert_eq!(on_full_disk(&format!("{arguments} {}", directory.display())).status.code(), Some(5));
    }
}

#[test]
fn a_device_that_is_full_does_not_hide_the_result() {
    let screen = run("check --fn has -o /dev/full");
    assert!(screen.status == 5 && screen.out.contains("clauses it was asked"), "{screen}");
    let named = "rulespec: /dev/full: cannot be written: No space left on device (os error 28)\n";
    assert_eq!(screen.err, named);
}

#[test]
fn a_target_that_cannot_be_written_is_named_before_the_work() {
    let folder = tempfile::tempdir().unwrap();
    let name = folder.path().display();
    fs::write(folder.path().join("file"), "").unwrap();
    let silent = "-- python3 tests/engines/faulty.py never-says-hello";
    for arguments in [
        format!("check -o {name} {silent}"),
        format!("check -o {name}/none/x.json {silent}"),
        format!("check --write-known {name}/none/x.txt {silent}"),
        format!("check -o {name}/file/x.json {silent}"),
        format!("explore --save {name}/file {silent}"),
        format!("bench --save {name}/none/x.json {silent}"),
        format!("import --engine e --version 1 -o {name}/none/x.json no/such/file"),
        format!("report -o {name}/none/x.json no/such/file"),
        format!("export kql -o {name}/file"),
        format!("copy --force {name}/file"),
        format!("man {name}/file"),
    ] {
        let start = Instant::now();
        let screen = run(&arguments);
        assert_eq!((screen.status, screen.out.as_str()), (2, ""), "{arguments}: {screen}");
        assert!(screen.err.starts_with(&format!("rulespec: {name}")), "{arguments}: {screen}");
        assert!(start.elapsed() < Duration::from_secs(5), "{arguments}");
    }
    assert_eq!(names(folder.path()), ["file"]);
}

#[test]
fn links_and_permissions_of_a_target_are_kept() {
    let folder = tempfile::tempdir().unwrap();
    let [real, link, again] = ["real.json", "link.json", "again.json"].map(|name| folder.path().join(name));
    symlink("real.json", &link).unwrap();
    symlink(&link, &again).unwrap();
    let check = || run(&format!("check --fn has --format json -o {}", again.display()));
    // The link to a file that does not exist creates it.
    assert_eq!(check().status, 0);
    fs::set_permissions(&real, fs::Permissions::from_mode(0o640)).unwrap();
    let old = fs::metadata(&real).unwrap();
    assert_eq!(check().status, 0);
    let new = fs::symlink_metadata(&real).unwrap();
    assert_eq!((new.is_file(), new.mode(), new.uid()), (true, old.mode(), old.uid()));
    assert_ne!(new.ino(), old.ino());
    assert!([link, again].iter().all(|link| link.is_symlink()));
    symlink("loop", folder.path().join("loop")).unwrap();
    assert_eq!(run(&format!("check --fn has -o {}/loop", folder.path().display())).status, 2);
}

#[test]
fn standard_output_and_pipes_are_written_directly() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("out");
    let file = fs::File::create(&path).unwrap();
    let ended = command("check --fn has --format json -o /dev/stdout").stdout(file).status().unwrap();
    let text = fs::read_to_string(&path).unwrap();
    let (report, rest) = text.split_at(text.find("\n}\n").unwrap() + 3);
    assert!(ended.success() && json::load("out", report).unwrap().conforms());
    assert!(rest.contains("clauses it was asked"), "{rest}");
    let dash = run("check --fn has --format json -o -");
    assert_eq!(
        dash.out.split_at(dash.out.find("\n}\n").unwrap() + 3).0.lines().count(),
        report.lines().count()
    );
    assert!(!Path::new(rulespec_testing::files::ROOT).join("-").exists());
    let pipe = folder.path().join("pipe");
    assert!(Command::new("mkfifo").arg(&pipe).status().unwrap().success());
    let screen = run(&format!("check --fn has -o {}", pipe.display()));
    assert!(screen.status == 2 && screen.err.contains("no program reads from this named pipe"), "{screen}");
    let reader = Command::new("cat").arg(&pipe).stdout(Stdio::piped()).spawn().unwrap();
    assert_eq!(run(&format!("check --fn has --format json -o {}", pipe.display())).status, 0);
    let read = String::from_utf8(reader.wait_with_output().unwrap().stdout).unwrap();
    assert!(json::load("pipe", &read).unwrap().conforms());
}

#[test]
fn a_reader_never_sees_part_of_a_file() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("report.json");
    let arguments = format!("check --format json -o {}", path.display());
    assert!(command(&arguments).status().unwrap().success());
    for _ in 0..3 {
        let mut writer = command(&arguments).spawn().unwrap();
        while writer.try_wait().unwrap().is_none() {
            json::load("report.json", &fs::read_to_string(&path).unwrap()).unwrap();
        }
    }
}

#[test]
fn a_command_that_is_killed_leaves_the_old_file_or_the_new_one() {
    let folder = tempfile::tempdir().unwrap();
    let (path, save) = (folder.path().join("report.json"), folder.path().join("found"));
    let check = format!("check --format json -o {}", path.display());
    assert!(command(&check).status().unwrap().success());
    let mut earlier = BTreeSet::new();
    let other = folder.path().join("other");
    let explore = |seed: u32, save: &Path| {
        format!("explore --cases 50 --seed {seed} --save {} -- python3 {NAIVE}", save.display())
    };
    for round in 0..25 {
        for (arguments, whole) in
            [(check.clone(), check.clone()), (explore(round, &save), explore(round, &other))]
        {
            // A run that is not killed shows how long it takes at the moment.
            let start = Instant::now();
            command(&whole).status().unwrap();
            let moment = start.elapsed().mul_f64(f64::from(round * 37 % 100 + 30) / 100.0);
            let mut killed = command(&arguments).spawn().unwrap();
            std::thread::sleep(moment);
            killed.kill().unwrap();
            killed.wait().unwrap();
        }
        json::load("report.json", &fs::read_to_string(&path).unwrap()).unwrap();
        if save.join("found.json").exists() {
            let now = calls(&save);
            assert!(now.is_superset(&earlier), "{earlier:?} {now:?}");
            earlier = now;
        }
    }
    assert!(!earlier.is_empty(), "no search was fast enough");
    let left = names(folder.path());
    let is_known = |name: &String| {
        ["found", "other", "report.json"].contains(&name.as_str())
            || name.starts_with(".rulespec-") && name.ends_with(".tmp")
    };
    assert!(left.iter().all(is_known), "{left:?}");
}

#[test]
fn a_temporary_file_is_not_read_as_part_of_a_suite() {
    let folder = tempfile::tempdir().unwrap();
    let name = folder.path().to_str().unwrap();
    assert_eq!(run(&format!("copy {name}")).status, 0);
    fs::write(folder.path().join("vectors/.rulespec-Ab12Cd.tmp"), "[").unwrap();
    assert_eq!(run(&format!("check --suite {name}/vectors")).status, 0);
}

#[test]
fn a_copy_can_be_linted_and_checked_as_it_is() {
    let folder = tempfile::tempdir().unwrap();
    let name = folder.path().to_str().unwrap();
    assert_eq!(run(&format!("copy {name}")).status, 0);
    assert_eq!(run(&format!("lint {name}")).to_string(), "exit status 0\nno problems found\n");
    assert_eq!(run(&format!("check --suite {name}")).status, 0);
    assert_eq!(run(&format!("show --suite {name} trm-0001")).status, 0);
}

#[test]
fn a_copy_follows_no_link_out_of_its_directory() {
    let folder = tempfile::tempdir().unwrap();
    let [outside, copy] = ["outside", "copy"].map(|name| folder.path().join(name));
    fs::create_dir(&outside).unwrap();
    fs::create_dir(&copy).unwrap();
    symlink("../outside", copy.join("vectors")).unwrap();
    let force = format!("copy --force {}", copy.display());
    let screen = run(&force);
    let message = format!("{}/vectors: is a symbolic link, not a directory; remove it\n", copy.display());
    assert_eq!((screen.status, screen.err), (2, format!("rulespec: {message}")));
    assert_eq!((names(&outside).len(), names(&copy).len()), (0, 1), "nothing is written");
    fs::remove_file(copy.join("vectors")).unwrap();
    fs::write(outside.join("mine"), "mine").unwrap();
    symlink("../outside/mine", copy.join("README.md")).unwrap();
    assert_eq!(run(&force).status, 0);
    assert_eq!(fs::read_to_string(outside.join("mine")).unwrap(), "mine");
    assert!(fs::symlink_metadata(copy.join("README.md")).unwrap().is_file());
}
