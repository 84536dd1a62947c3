//! `rulespec run` on a machine that lacks threads, descriptors or space.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use assert_cmd::cargo::cargo_bin;
use rulespec_testing::files::ROOT;

const EXAMPLE: &str = "examples/events/defender.jsonl";

/// Runs a program under limits, which are arguments of `ulimit`, as a user whom they apply to: not
/// root, and if possible one who runs nothing else, since the limit on processes counts all of them.
fn run_limited(limits: &str, program: &Path, arguments: &[&str]) -> Output {
    let mut command = match rustix::process::geteuid().is_root() {
        true => {
            let user = 20_000 + std::process::id() % 40_000;
            let mut command = Command::new("setpriv");
            command.arg(format!("--reuid={user}"));
            command.args(["--regid=65534", "--clear-groups", "bash"]);
            command
        }
        false => Command::new("bash"),
    };
    command.args(["-c", "ulimit $1 && shift && exec timeout 60 \"$@\"", "bash", limits]);
    command.arg(program).arg("run").args(arguments).stdin(Stdio::null());
    command.output().unwrap()
}

/// A folder that every user can read, with the command and several copies of the example.
fn public_folder() -> (tempfile::TempDir, PathBuf, Vec<String>) {
    let folder = tempfile::tempdir().unwrap();
    fs::set_permissions(folder.path(), fs::Permissions::from_mode(0o755)).unwrap();
    let program = folder.path().join("rulespec");
    fs::copy(cargo_bin("rulespec"), &program).unwrap();
    let copies = (0..6).map(|number| {
        let copy = folder.path().join(format!("{number}.jsonl"));
        fs::copy(Path::new(ROOT).join(EXAMPLE), &copy).unwrap();
        copy.to_str().unwrap().to_owned()
    });
    let copies = copies.collect();
    (folder, program, copies)
}

#[test]
fn a_thread_that_cannot_start_is_an_error_that_names_the_limit() {
    let (_folder, program, copies) = public_folder();
    let files: Vec<&str> = copies.iter().map(String::as_str).collect();
    // Of several inputs and of one.
    for files in [&files[..], &files[..1]] {
        for limit in ["-u 40", "-u 100"] {
            let arguments = [&["-q", "--strict", "--format", "json", "--jobs", "256"], files].concat();
            let output = run_limited(limit, &program, &arguments);
            let error = String::from_utf8_lossy(&output.stderr);
            // Which thread is the first that cannot start depends on what else the user runs.
            let expected: &[&str] = match output.status.code() {
                Some(1) => &[".jsonl: not all threads to read it can be started"],
                Some(5) => &["rulespec: not all threads can be started", "cannot handle signals"],
                other => panic!("{limit} {other:?} {error}"),
            };
            assert!(expected.iter().any(|expected| error.contains(expected)), "{limit} {error}");
            assert!(error.contains("ulimit -u") && !error.contains("panicked"), "{error}");
        }
    }
}

#[test]
fn an_input_that_cannot_be_opened_for_want_of_descriptors_is_a_fault_that_names_the_limit() {
    let (_folder, program, copies) = public_folder();
    let files: Vec<&str> = copies.iter().map(String::as_str).collect();
    let mut faults = 0;
    for limit in 4..=10 {
        for jobs in ["1", "6"] {
            let arguments = [&["--strict", "--format", "jsonl", "--jobs", jobs], &files[..]].concat();
            let output = run_limited(&format!("-n {limit}"), &program, &arguments);
            let error = String::from_utf8_lossy(&output.stderr);
            assert!(!error.contains("panicked"), "{error}");
            let matches = output.stdout.iter().filter(|byte| **byte == b'\n').count();
            match output.status.code() {
                Some(0) => assert_eq!(matches, 3 * files.len(), "{limit} {jobs}"),
                Some(5) if error.contains("cannot handle signals") => {}
                Some(1) => {
                    let named = "jsonl: cannot be opened: Too many open files (os error 24); use fewer jobs, \
                                 or raise the limit on open files (ulimit -n)";
                    let count = error.matches(named).count();
                    assert_eq!(matches, 3 * (files.len() - count), "{limit} {jobs} {error}");
                    faults += count;
                }
                // The loader of the command has no descriptor for its libraries.
                Some(127) if limit < 5 => {}
                other => panic!("{limit} {jobs} {other:?} {error}"),
            }
        }
    }
    assert!(faults > 0);
}

/// Standard input must be spooled if it is an event log. Its temporary file holds 64 KiB of it, which
/// is not even the first chunk.
#[test]
fn a_log_that_does_not_fit_on_the_disk_is_read_as_far_as_it_fits() {
    let log = Path::new(ROOT).join("examples/events/sysmon.evtx");
    let mut expected = None;
    for (limit, fits) in [("-f 10000", true), ("-f 65", false)] {
        let mut command = Command::new("bash");
        command.args(["-c", "ulimit $1 && shift && exec \"$@\"", "bash", limit]).arg(cargo_bin("rulespec"));
        command.args(["run", "--strict", "--format", "jsonl", "-"]).stdin(fs::File::open(&log).unwrap());
        let output = command.output().unwrap();
        let error = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(i32::from(!fits)), "{error}");
        assert_eq!(
            error.contains("standard input: only its first 66560 bytes fitted in a temporary file"),
            !fits
        );
        // The records are at the beginning of the chunk.
        assert_eq!(*expected.get_or_insert_with(|| output.stdout.clone()), output.stdout, "{error}");
    }
}

#[test]
fn a_directory_that_cannot_be_read_is_an_error() {
    let (folder, program, _) = public_folder();
    let locked = folder.path().join("sub");
    fs::create_dir(&locked).unwrap();
    fs::set_permissions(&locked, fs::Permissions::from_mode(0o000)).unwrap();
    let name = folder.path().to_str().unwrap();
    let pattern = format!("{name}/**/*.jsonl");
    // The command itself is no telemetry, which is no error.
    for (input, options) in [(name, &["-rq"][..]), (&pattern, &["-q"]), (name, &["-rq", "--strict"])] {
        let arguments = [options, &["--format", "jsonl", input]].concat();
        let output = run_limited("-n 1000", &program, &arguments);
        let error = String::from_utf8_lossy(&output.stderr);
        let expected =
            format!("rulespec: {name}/sub: permission denied; change its permissions, or copy it\n");
        assert_eq!(error, expected);
        assert_eq!(output.status.code(), Some(i32::from(options.contains(&"--strict"))), "{arguments:?}");
        assert_eq!(output.stdout.iter().filter(|byte| **byte == b'\n').count(), 18);
    }
}

/// Each row of the second file has a column that no other has. Those of the first lack a column.
#[test]
fn rows_with_a_new_column_each_take_bounded_time_and_memory() {
    let (folder, program, _) = public_folder();
    let row = |number: u32| {
        format!(
            "{{\"TimeGenerated\":\"2026-01-02T03:04:05Z\",\"FileName\":\"x.exe\",\"ProcessCommandLine\":\"x\",\"Key{number}\":1}}\n"
        )
    };
    let path = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
    let (rule, export) = (path("rule.kql"), path("export.jsonl"));
    let sysmon = path("sysmon.xml");
    fs::copy(Path::new(ROOT).join("examples/events/sysmon.xml"), &sysmon).unwrap();
    fs::write(
        &rule,
        "DeviceProcessEvents | where FileName =~ 'x.exe' or InitiatingProcessSignerType == 'none'",
    )
    .unwrap();
    fs::write(&export, (0..20_000).map(row).collect::<String>()).unwrap();
    let arguments = ["--format", "csv", "--jobs", "1", "--rule", &rule, &sysmon, &export];
    let output = run_limited("-v 700000", &program, &arguments);
    let error = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(0), "{error}");
    assert!(error.contains("matches   20,000"), "{error}");
    assert!(error.contains("empty in events that do not have them: InitiatingProcessSignerType"), "{error}");
}
