//! action.yml: what it installs from a release, and that its inputs are data.

use std::fs;
use std::path::Path;
use std::process::Command;

use assert_cmd::cargo::cargo_bin;
use rulespec_testing::files::path;
use tempfile::TempDir;

const TARGET: &str = "x86_64-unknown-linux-musl";
const ARCHIVE: &str = concat!("rulespec-", env!("CARGO_PKG_VERSION"), "-x86_64-unknown-linux-musl.tar.gz");

/// A folder with a release, made as a release is, and one for the runner.
struct Release {
    releases: TempDir,
    runner: TempDir,
}

impl Release {
    fn new() -> Self {
        let release = Self { releases: TempDir::new().unwrap(), runner: TempDir::new().unwrap() };
        let archive = Command::new(path(".ci/archive"))
            .args([cargo_bin("rulespec").as_os_str(), TARGET.as_ref(), release.folder().as_os_str()])
            .output()
            .unwrap();
        assert!(archive.status.success(), "{archive:?}");
        release
    }

    fn folder(&self) -> std::path::PathBuf {
        self.releases.path().join(concat!("v", env!("CARGO_PKG_VERSION")))
    }

    /// Runs the action with these inputs, and returns its exit status and what it printed.
    fn run(&self, inputs: &[(&str, &str)]) -> (i32, String) {
        let mut action = Command::new("bash");
        action.arg(path(".ci/action")).current_dir(path(""));
        action.env("RULESPEC_RELEASES", format!("file://{}", self.releases.path().display()));
        action.env("RUNNER_TEMP", self.runner.path()).env("RUNNER_OS", "Linux").env("RUNNER_ARCH", "X64");
        action.envs(inputs.iter().map(|(name, value)| (format!("INPUT_{name}"), value)));
        let output = action.output().unwrap();
        let printed = [output.stdout, output.stderr].concat();
        (output.status.code().unwrap(), String::from_utf8(printed).unwrap())
    }
}

#[test]
fn the_action_installs_a_release_and_annotates() {
    let release = Release::new();
    let naive = "python3 'tests/engines/naive.py'";
    let (status, printed) = release.run(&[("ENGINE", naive), ("ARGS", "--clause \"TRM-01\"")]);
    assert_eq!(status, 1, "{printed}");
    assert!(printed.contains("::error") && printed.contains("TRM-01"), "{printed}");
    assert!(release.runner.path().join("rulespec").join(ARCHIVE).exists());

    let fixtures = "tests/fixtures/diff";
    let rules = format!("{fixtures}/certutil.kql\n{fixtures}/certutil.kql\n");
    let sql = format!("{fixtures}/certutil.sql");
    let diff = [("COMMAND", "diff"), ("ARGS", "--cases 300")];
    assert_eq!(release.run(&[&diff[..], &[("RULE", &rules)]].concat()).0, 0);
    let (status, printed) =
        release.run(&[&diff[..], &[("RULE", &rules[..rules.len() / 2]), ("SQL", &sql)]].concat());
    assert!(status == 1 && printed.contains("::error"), "{printed}");
}

#[test]
fn an_archive_with_another_checksum_is_not_run() {
    let release = Release::new();
    // The archive could be unpacked and run.
    let digest = format!("{}  {ARCHIVE}\n", "0".repeat(64));
    fs::write(release.folder().join(format!("{ARCHIVE}.sha256")), digest).unwrap();
    let (status, printed) = release.run(&[("ENGINE", "true")]);
    assert!(status == 2 && printed.contains("does not have the checksum"), "{printed}");
    let unpacked = fs::read_dir(release.runner.path().join("rulespec")).unwrap().count();
    assert_eq!(unpacked, 2, "the archive and its checksum");
}

#[test]
fn inputs_are_data() {
    let release = Release::new();
    let mark = release.runner.path().join("mark");
    let touch = format!("touch {}", mark.display());
    for inputs in [
        vec![("ENGINE", format!("false; {touch}"))],
        vec![("ENGINE", format!("`{touch}` $({touch})"))],
        vec![("ENGINE", "false".to_owned()), ("ARGS", format!("--only $({touch})"))],
        vec![("COMMAND", "diff".to_owned()), ("RULE", format!("--sql=$({touch})"))],
        vec![("COMMAND", format!("check; {touch}"))],
        vec![("ENGINE", "false".to_owned()), ("VERSION", format!("0.1.0;{touch}"))],
        vec![("ENGINE", "false".to_owned()), ("VERSION", "0.1.0/../../x".to_owned())],
        vec![("ENGINE", "it's".to_owned())],
        vec![("ENGINE", " ".to_owned())],
        vec![("RULE", "a.kql".to_owned()), ("ENGINE", "false".to_owned())],
        vec![("COMMAND", "a%\n::warning::b".to_owned())],
    ] {
        let inputs: Vec<(&str, &str)> = inputs.iter().map(|(name, value)| (*name, value.as_str())).collect();
        let (status, printed) = release.run(&inputs);
        assert!(matches!(status, 2 | 3), "{inputs:?}: exit status {status}\n{printed}");
        assert!(!printed.contains("\n::warning") && !Path::exists(&mark), "{inputs:?}:\n{printed}");
    }
}
