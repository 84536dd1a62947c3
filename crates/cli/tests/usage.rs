//! Errors in the arguments say what was meant.

use std::fs;
use std::path::Path;

use super::screen::{SUITE, Screen, rulespec};

const PYTHON: &str = "engines/python/engine.py";

fn refused(arguments: &[&str]) -> String {
    let screen = rulespec(arguments);
    assert_eq!((screen.status, screen.out.as_str()), (2, ""), "{screen}");
    screen.err
}

#[test]
fn a_missing_separator_is_shown_in_the_corrected_command_line() {
    for (arguments, corrected) in [
        (&["check", "python3", "eng.py"][..], "rulespec check -- python3 eng.py\n"),
        (&["check", "--fn", "has", "-v", "./eng", "-x"], "rulespec check --fn has -v -- ./eng -x\n"),
        (&["smoke", "./eng"], "rulespec smoke -- ./eng\n"),
        (&["bench", "--rounds=6", "./my eng"], "rulespec bench --rounds=6 -- './my eng'\n"),
        (&["explore", "--save", "found", "./eng"], "rulespec explore --save found -- ./eng\n"),
        (&["digest", "--color", "never", "./eng"], "rulespec digest --color never -- ./eng\n"),
    ] {
        let err = refused(arguments);
        assert!(
            err.contains(&format!("goes after `--`, and options of rulespec before that: {corrected}")),
            "{err}"
        );
    }
}

#[cfg(feature = "events")]
#[test]
fn diff_takes_a_word_that_is_no_file_for_a_program() {
    let rule = "spec/rule.kql";
    for (arguments, corrected) in [
        (&["diff", "python3", "port.py"][..], "rulespec diff -- python3 port.py\n"),
        (&["diff", rule, "./port"], "rulespec diff spec/rule.kql -- ./port\n"),
        (&["diff", "--seed", "5", rule, "python3", "port.py"], "--seed 5 spec/rule.kql -- python3 port.py\n"),
    ] {
        let err = refused(arguments);
        assert!(err.contains(corrected), "{err}");
    }
    let typo = refused(&["diff", "spec/rul.kql"]);
    assert_eq!(typo, "rulespec: spec/rul.kql: there is no such file; check the path\n");
}

#[test]
fn an_option_that_does_not_exist_is_not_taken_for_an_engine() {
    for arguments in [&["check", "--foo", "x"][..], &["check", "--foo", "--", "python3", PYTHON]] {
        let err = refused(arguments);
        assert!(err.contains("unexpected argument '--foo'") && !err.contains("tip:"), "{err}");
    }
    assert!(refused(&["check", "--formt", "json"]).contains("a similar argument exists: '--format'"));
}

/// The subcommands that a help text of the full build lists.
fn listed(help: &str) -> impl Iterator<Item = &str> {
    let (_, commands) = help.split_once("\nCommands:\n").unwrap();
    // The second line of a description has more blanks.
    let names = commands.lines().map_while(|line| line.strip_prefix("  ")?.split(' ').next());
    names.filter(|name| !name.is_empty())
}

#[test]
fn a_subcommand_that_this_build_does_not_have_is_told_with_those_that_have_it() {
    let all = listed(include_str!("snapshots/integration__help__rulespec.snap")).map(|name| vec![name]);
    let of_list = listed(include_str!("snapshots/integration__help__rulespec-list.snap"));
    let all: Vec<Vec<&str>> = all.chain(of_list.map(|name| vec!["list", name])).collect();
    assert!(all.contains(&vec!["lint"]) && all.contains(&vec!["list", "shapes"]), "{all:?}");
    let is_left_out = |words: &&Vec<&str>| rulespec([&words[..], &["--help"]].concat()).status != 0;
    let left_out: Vec<&Vec<&str>> = all.iter().filter(is_left_out).collect();
    assert_eq!(left_out.is_empty(), cfg!(all(feature = "events", feature = "lint")), "{left_out:?}");
    for words in left_out {
        let err = refused(&[&["--color", "never"], &words[..], &["--strict"]].concat());
        let name = words.join(" ");
        let told =
            format!("rulespec: this build does not have the subcommand {name}, which needs the feature ");
        let remedy = "; use a prebuilt binary, or run: cargo install rulespec-cli --features ";
        assert!(err.starts_with(&told) && err.contains(remedy), "{err}");
    }
    assert!(refused(&["list", "lint"]).contains("unrecognized subcommand 'lint'"));
}

#[test]
fn values_of_filters_that_do_not_exist_suggest_others() {
    for (arguments, help) in [
        (&["check", "--fn", "hass"][..], "no vector has the function \"hass\"; did you mean has?\n"),
        (&["check", "--clause", "TRM-5"], "no vector has the clause \"TRM-5\"; did you mean TRM-05?\n"),
        (&["check", "--clause", "TEL-01"], "; `rulespec show TEL-01` shows the clause\n"),
        (&["export", "csv", "--only", "cmd-007"], "did you mean cmd-0007?\n"),
        (&["check", "--evidence", "x"], "; choose one of binder, derived, documented, observed, open\n"),
        (
            &["list", "clauses", "--chapter", "XYZ"],
            "there is no chapter \"XYZ\"; choose one by its number, its name or its letters: 10-command-line (CMD), ",
        ),
        (&["list", "clauses", "--evidence", "documentd"], "did you mean documented?\n"),
        (&["list", "misreadings", "--clause", "CMD-7"], "did you mean CMD-07?\n"),
        (
            &["check", "--engine", "./mine"],
            "tip: --engine names an embedded engine; write the command of another one",
        ),
    ] {
        let err = refused(arguments);
        assert!(err.contains(help), "{err}");
    }
}

/// The first line of what a command that exits with 3 says.
fn not_started(arguments: &[&str]) -> String {
    let screen = rulespec([&["check", "--"], arguments].concat());
    assert_eq!((screen.status, screen.out.as_str()), (3, ""), "{screen}");
    screen.err
}

#[test]
fn an_engine_that_cannot_be_started_has_a_remedy() {
    for (arguments, remedy) in [
        (
            &["python3 engine.py"][..],
            "write its words apart, without quotes around them: -- python3 engine.py\n",
        ),
        (
            &["python3", "no/engine.py"],
            "no/engine.py\"; a relative path begins in the folder where rulespec runs",
        ),
        (
            &["python3", "-c", "import rulespec_no_module.x"],
            "install the package that has \"rulespec_no_module\"",
        ),
        (
            &["python3", "-c", "raise ModuleNotFoundError(\"No module named 'duckdb_kql'\")"],
            "pip install duckdb-kql",
        ),
        (
            &["python3", "-c", "print('{\"engine\":\"e\",\"version\":1}')"],
            "`version` is not a string: {\"engine\"",
        ),
        (&["python3", "-c", "print('\\x1b[31m')"], "line 1 column 1: \\x1b[31m; print nothing but answers"),
    ] {
        let err = not_started(arguments);
        assert!(err.contains(remedy), "{err}");
    }
}

#[test]
fn the_standard_error_of_an_engine_is_indented() {
    let err = not_started(&["python3", "-c", "import sys; sys.exit('a\\n\\x1b[31mb')"]);
    let wanted = "exit status: 1; run the same command by hand to see what it prints; its standard error \
                  ends:\n    a\n    \\x1b[31mb\n";
    assert!(err.ends_with(wanted), "{err}");
}

#[test]
fn completions_suggest_names_but_messages_and_help_do_not_list_them() {
    for shell in ["bash", "elvish", "fish", "powershell", "zsh"] {
        let script = rulespec(["completions", shell]).out;
        // Elvish and PowerShell complete no values, and fish only those of options.
        let names =
            ["CMD-07", "has_any", "OPEN-NUL", "regex-word-boundary", "S-REGEX", "duckdb-kql", "partly-asked"];
        let count = match shell {
            "bash" | "zsh" => names.len(),
            "fish" => 2,
            _ => 0,
        };
        let absent: Vec<_> = names.iter().take(count).filter(|name| !script.contains(**name)).collect();
        assert!(absent.is_empty(), "{shell}: {absent:?}");
        assert!(!script.contains("(=~ "), "zsh expands a word that begins with =");
        assert!(!script.contains("trm-0100") && script.len() < 1 << 20, "{shell}: {}", script.len());
    }
    for command in ["show", "check"] {
        let help = rulespec([command, "--help"]).out;
        assert!(!help.contains("CMD-21") && !help.contains("regex-word-boundary"), "{help}");
    }
    assert!(rulespec(["check", "--clause", "CMD-7"]).err.len() < 200);
}

#[cfg(unix)]
#[test]
fn bash_completes_the_names() {
    let folder = tempfile::tempdir().unwrap();
    let script = folder.path().join("rulespec.bash");
    fs::write(&script, rulespec(["completions", "bash"]).out).unwrap();
    let complete = |words: &str, last: &str, before: &str| {
        let ask = format!(
            "source '{}'; COMP_WORDS=({words}); COMP_CWORD=$((${{#COMP_WORDS[@]}} - 1)); \
             _rulespec rulespec '{last}' '{before}'; echo \"${{COMPREPLY[@]}}\"",
            script.display()
        );
        let output = std::process::Command::new("bash").args(["-c", &ask]).output().unwrap();
        String::from_utf8(output.stdout).unwrap()
    };
    assert_eq!(complete("rulespec check --clause CMD-07", "CMD-07", "--clause"), "CMD-07\n");
    assert_eq!(complete("rulespec check --fn has_a", "has_a", "--fn"), "has_any\n");
    assert_eq!(complete("rulespec show OPEN-NU", "OPEN-NU", "show"), "OPEN-NUL\n");
}

#[test]
fn the_version_tells_the_protocol_and_the_features() {
    assert_eq!(rulespec(["-V"]).out, "rulespec VERSION\n");
    let long = rulespec(["--version"]).out;
    let features = if cfg!(feature = "events") { "features: events" } else { "features: none" };
    assert!(long.starts_with(&format!("rulespec VERSION\nprotocol 1\n{features}")), "{long}");
}

/// Runs `rulespec check` of one vector, and returns what it wrote to a file of this name.
fn saved(folder: &Path, name: &str, options: &[&str]) -> (Screen, String) {
    let file = folder.join(name);
    let arguments = ["check", "--only", "cmd-0007", "--output", file.to_str().unwrap()];
    let screen = rulespec([&arguments, options].concat());
    (screen, fs::read_to_string(&file).unwrap_or_default())
}

#[test]
fn the_extension_of_the_output_chooses_the_format() {
    let folder = tempfile::tempdir().unwrap();
    for (name, start) in [
        ("a.html", "<!doctype html>"),
        ("a.HTM", "<!doctype html>"),
        ("a.json", "{"),
        ("a.xml", "<?xml"),
        ("a.txt", "rulespec fast "),
        ("a", "rulespec fast "),
    ] {
        let (screen, text) = saved(folder.path(), name, &[]);
        assert!(text.starts_with(start), "{name}: {screen}{text}");
        assert_eq!((screen.status, screen.err.as_str()), (0, ""), "{name}");
    }
}

#[cfg(feature = "events")]
#[test]
fn run_and_report_choose_the_format_by_the_extension_too() {
    let folder = tempfile::tempdir().unwrap();
    let file = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
    for (arguments, name, start) in [
        (&["run", "-q", "examples/events/defender.jsonl"][..], "a.json", "[\n"),
        (&["run", "-q", "examples/events/defender.jsonl"], "a.ndjson", "{\"TimeGenerated\""),
        (&["run", "-q", "examples/events/defender.jsonl"], "a.csv", "TimeGenerated,"),
        (&["report", "spec/observed/wine.json"], "b.html", "<!doctype html>"),
        (&["report", "spec/observed/wine.json"], "b.md", "| "),
    ] {
        let screen = rulespec([arguments, &["--output", &file(name)]].concat());
        let text = fs::read_to_string(file(name)).unwrap_or_default();
        assert!(screen.status == 0 && text.starts_with(start), "{name}: {screen}{text}");
    }
}

#[test]
fn a_format_that_the_extension_contradicts_is_told() {
    let folder = tempfile::tempdir().unwrap();
    let (screen, text) = saved(folder.path(), "b.html", &["--format", "json"]);
    assert!(text.starts_with('{'), "{text}");
    assert!(screen.err.ends_with("b.html: --format json counts, not the extension html\n"), "{screen}");
    let (screen, text) = saved(folder.path(), "b.csv", &[]);
    assert_eq!((screen.status, text.as_str()), (2, ""), "{screen}");
    let remedy = "csv is not a format of this command; choose one with --format: text, json, junit, github, html; \
                  or name another file\n";
    assert!(screen.err.ends_with(remedy), "{screen}");
}

#[test]
fn export_does_not_write_to_a_filled_folder_without_force() {
    let folder = tempfile::tempdir().unwrap();
    let name = folder.path().to_str().unwrap();
    let export = ["export", "kql", "--suite", SUITE, "--output", name];
    fs::write(folder.path().join("mine.kql"), "T").unwrap();
    for arguments in [export.to_vec(), [&export[..], &["--open-points"]].concat()] {
        let screen = rulespec(&arguments);
        assert_eq!(screen.status, 2, "{screen}");
        assert!(screen.err.ends_with("directory is not empty; choose another directory or use --force\n"));
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
    }
    let screen = rulespec([&export[..], &["--force"]].concat());
    assert_eq!(screen.status, 0, "{screen}");
    assert!(fs::read_dir(folder.path()).unwrap().count() > 1);
    assert_eq!(fs::read_to_string(folder.path().join("mine.kql")).unwrap(), "T");
}

#[test]
fn explore_saves_only_in_a_folder_that_is_named() {
    let err = refused(&["explore", "--save", "--", "true"]);
    assert!(err.contains("a value is required for '--save <DIR>'"), "{err}");
}

#[test]
fn a_digest_that_agrees_says_so() {
    let digest = ["digest", "--fn", "[]", "--fn", "iff", "--length", "1", "--", "python3"];
    let screen = rulespec([&digest[..], &[PYTHON]].concat());
    assert!(screen.out.ends_with("the engine agrees with the reference on all 33 calls\n"), "{screen}");
    let screen = rulespec(["digest", "--fn", "[]", "--length", "1"]);
    assert!(!screen.out.contains("agrees"), "{screen}");
}

#[test]
fn a_chapter_has_the_names_of_its_file_and_of_its_clauses() {
    for command in [&["list", "clauses"][..], &["list", "vectors"], &["export", "jsonl"]] {
        let of = |name: &str| rulespec([command, &["--chapter", name]].concat());
        let letters = of("TRM");
        assert!(letters.status == 0 && letters.out.to_lowercase().contains("trm-0"), "{letters}");
        for name in ["30", "terms", "30-terms", "30-terms.md", "spec/30-terms.md", "trm"] {
            assert_eq!(of(name).out, letters.out, "{command:?} {name}");
        }
    }
    assert!(
        rulespec(["list", "clauses", "--chapter", "70"]).out.lines().all(|line| line.starts_with("TEL-"))
    );
}
