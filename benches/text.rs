//! `=~`, `indexof` and `substring` by [`rulespec::fast::text`], by the reference, and
//! by alternatives.

#![allow(missing_docs, reason = "macros write public items")]

#[path = "common/comparison.rs"]
mod comparison;

use comparison::Comparison;
use criterion::{Criterion, criterion_group, criterion_main};
use regex::Regex;
use rulespec::fast::text;
use rulespec::kql::{Profile, eq_ci, indexof, substring};
use rulespec_check::bench::data;
use rulespec_testing::rule::PROGRAM;

fn repeat(names: &[&str]) -> Vec<String> {
    names.iter().cycle().take(1000).map(|&name| name.to_owned()).collect()
}

fn equality(c: &mut Criterion) {
    let profile = Profile::default();
    let regex = Regex::new(r"(?i-u)\A(?:bitsadmin\.exe)\z").unwrap();
    let real = ["svchost.exe", "browser.exe", "powershell.exe", "cmd.exe", "msiexec.exe", "curl.exe"];
    for (set, names) in [
        ("real", repeat(&real)),
        ("all-match", repeat(&["bitsadmin.exe", "BitsAdmin.exe", "BITSADMIN.EXE"])),
        ("no-match-of-the-same-length", repeat(&["powershell.ex", "bitsadmin.ex_", "backgroundtas"])),
        ("lines", data::real_lines(1000)),
    ] {
        for name in &names {
            let expected = eq_ci(name, PROGRAM, &profile);
            assert_eq!((text::eq_ci(name, PROGRAM), regex.is_match(name)), (expected, expected));
        }
        let mut comparison = Comparison::new(c, &format!("text/=~/{set}"), &names);
        comparison.bench("fast", |name| text::eq_ci(name, PROGRAM));
        comparison.bench("reference", |name| eq_ci(name, PROGRAM, &profile));
        comparison.bench("regex", |name| regex.is_match(name));
        comparison.finish();
    }
}

/// Host names, command lines, and texts for which a search or a count is slow.
fn texts() -> [(&'static str, Vec<String>); 7] {
    let hosts = ["ws07.corp.example", "dc1", "mail.example.com", "srv-ber-0042.ad.corp.example"];
    [
        ("hosts", repeat(&hosts)),
        ("hosts-not-ascii", repeat(&["zürich-07.corp.example", "münchen"])),
        ("real", data::real_lines(1000)),
        ("quoted-4KiB", data::long_quoted_lines(20)),
        ("no-match-4KiB", vec!["x".repeat(4 << 10)]),
        ("no-match-not-ascii-4KiB", vec!["é".repeat(2 << 10)]),
        ("all-match-at-the-end-4KiB", vec!["x".repeat((4 << 10) - 1) + "."]),
    ]
}

fn indexof_and_substring(c: &mut Criterion) {
    for (name, texts) in texts() {
        for text in &texts {
            assert_eq!(text::indexof(text, "."), indexof(text, "."));
            assert_eq!(text::substring(text, 5, Some(9)), substring(text, 5, Some(9)));
        }
        let mut comparison = Comparison::new(c, &format!("text/indexof/{name}"), &texts);
        comparison.bench("fast", |text| text::indexof(text, "."));
        comparison.bench("reference", |text| indexof(text, "."));
        comparison.bench("find-and-count", |text| text.find('.').map(|at| text[..at].chars().count()));
        comparison.finish();
        let mut comparison = Comparison::new(c, &format!("text/substring/{name}"), &texts);
        comparison.bench("fast", |text| text::substring(text, 5, Some(9)).len());
        comparison.bench("reference", |text| substring(text, 5, Some(9)));
        comparison.bench("chars", |text| text.chars().skip(5).take(9).collect::<String>());
        comparison.finish();
    }
}

criterion_group! { name = all; config = comparison::criterion(); targets = equality, indexof_and_substring }
criterion_main!(all);
