//! How an engine does on a clause, in words and signs.

use maud::{Markup, html};
use rulespec_check::report::{ClauseOutcome, Report, Standing};

/// The standings, in the order of the legend.
pub const ALL: [Standing; 5] =
    [Standing::Met, Standing::Missed, Standing::Unsupported, Standing::Open, Standing::NotAsked];

/// Its name, also in addresses and as a class.
pub fn name(standing: Standing) -> &'static str {
    match standing {
        Standing::Met => "met",
        Standing::Missed => "missed",
        Standing::Unsupported => "unsupported",
        Standing::Open => "open",
        Standing::NotAsked => "not-asked",
    }
}

/// What it means.
pub fn meaning(standing: Standing) -> &'static str {
    match standing {
        Standing::Met => "the engine gives the expected answer to every vector",
        Standing::Missed => "the engine gives another answer to at least one vector",
        Standing::Unsupported => "the engine does not have the functions",
        Standing::Open => "no public evidence decides the clause",
        Standing::NotAsked => "the engine was not asked",
    }
}

/// The sign in tables.
pub fn sign(standing: Standing) -> &'static str {
    match standing {
        Standing::Met => "✓",
        Standing::Missed => "✗",
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
        span.unseen { (name(standing).replace('-', " ")) }
        @if let Some(outcome) = outcome.filter(|_| standing == Standing::Missed) {
            " " span.count { (outcome.passed) "/" (outcome.asked) }
        }
    }
}

/// The signs and what they mean.
pub fn legend() -> Markup {
    html! {
        dl.legend {
            @for standing in ALL {
                div {
                    dt class=(name(standing)) { (sign(standing)) }
                    dd { b { (name(standing).replace('-', " ")) } ": " (meaning(standing)) }
                }
            }
        }
    }
}
