//! How an engine does on a clause, in words and signs.

use maud::{Markup, html};
use rulespec_check::report::{ClauseOutcome, Report, Standing};

/// Its name, also in addresses and as a class.
pub fn name(standing: Standing) -> String {
    standing.as_str().replace(' ', "-")
}

/// The sign in tables.
pub fn sign(standing: Standing) -> &'static str {
    match standing {
        Standing::Met => "✓",
        Standing::Missed => "✗",
        Standing::PartlyAsked => "◐",
        Standing::Unsupported => "–",
        Standing::Open => "?",
        Standing::NotAsked => "·",
    }
}

/// What a report says about a clause.
pub fn outcome<'a>(report: &'a Report, clause: &str) -> Option<&'a ClauseOutcome> {
    report.clauses.iter().find(|outcome| outcome.id == clause)
}

/// The content of a cell: the sign, its name for those who do not see it, and how many vectors pass.
pub fn cell(outcome: Option<&ClauseOutcome>) -> Markup {
    let standing = outcome.map_or(Standing::NotAsked, |outcome| outcome.standing);
    html! {
        span aria-hidden="true" { (sign(standing)) }
        span.unseen { (standing.as_str()) }
        @if let Some(outcome) = outcome.filter(|_| standing == Standing::Missed) {
            " " span.count { (outcome.passed) "/" (outcome.asked) }
        }
    }
}

/// The signs and what they mean.
pub fn legend() -> Markup {
    html! {
        dl.legend {
            @for standing in Standing::ALL {
                div {
                    dt class=(name(standing)) { (sign(standing)) }
                    dd { b { (standing.as_str()) } ": " (standing.meaning()) }
                }
            }
        }
    }
}
