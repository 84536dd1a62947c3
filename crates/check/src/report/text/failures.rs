//! The failures that are shown, and how many are not.

use super::failure;
use super::options::Options;
use super::wrap::wrapped;
use crate::report::cause::{Group, groups};
use crate::report::model::Report;

/// How many causes are shown by default, with one failure each.
const MAX_CAUSES: usize = 3;

/// Failures, grouped by their cause, then known failures without a vector.
pub fn failures(report: &Report, options: Options) -> String {
    let explained = report.explained();
    let mut groups = groups(report);
    // The summary says how many were not asked, and why.
    groups.retain(|group| options.verbose || !group.cause.is_not_asked());
    let mut out = String::new();
    for (group, count) in groups.iter().zip(shares(&groups, options)) {
        out += &failure::group(group, count, report, &explained, options);
    }
    for one in report.stale.iter().take(max_stale(options)) {
        out += &failure::stale(one, options.painter());
    }
    out + &rest(&groups, report, options)
}

/// How many failures of each group are shown.
fn shares(groups: &[Group<'_>], options: Options) -> Vec<usize> {
    let mut shares = vec![0; groups.len()];
    let Some(mut left) = options.max_failures.or(options.verbose.then_some(usize::MAX)) else {
        shares.iter_mut().take(MAX_CAUSES).for_each(|share| *share = 1);
        return shares;
    };
    // One of each group, then another one of each, and so on.
    let largest = groups.iter().map(|group| group.failures.len()).max().unwrap_or_default();
    for number in 1..=largest {
        for (share, group) in shares.iter_mut().zip(groups) {
            if left > 0 && group.failures.len() >= number {
                (*share, left) = (number, left - 1);
            }
        }
        if left == 0 {
            break;
        }
    }
    shares
}

/// What is not shown, and the options that show it.
fn rest(groups: &[Group<'_>], report: &Report, options: Options) -> String {
    let shares = shares(groups, options);
    let counts = [
        (shares.iter().sum(), groups.iter().map(|group| group.failures.len()).sum(), "failures"),
        (shares.iter().filter(|share| **share > 0).count(), groups.len(), "causes"),
        (max_stale(options).min(report.stale.len()), report.stale.len(), "known failures without a vector"),
    ];
    let counts: Vec<(usize, usize, &str)> =
        counts.into_iter().filter(|(shown, all, _)| shown < all).collect();
    let parts: Vec<String> =
        counts.iter().map(|(shown, all, what)| format!("{shown} of {all} {what}")).collect();
    match parts.is_empty() {
        true => String::new(),
        false => {
            let line = format!("shown: {}; --max-failures N shows N, -v all", parts.join(", "));
            wrapped("", 2, &line) + "\n"
        }
    }
}

/// How many known failures without a vector are shown.
fn max_stale(options: Options) -> usize {
    options.max_failures.unwrap_or(options.max_listed(MAX_CAUSES))
}
