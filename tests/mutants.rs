//! The list of mutants that need not be caught, tests/mutants.json, is about code
//! that is there. Whether each of them is missed is found out by `.ci/mutants`.

use std::collections::BTreeSet;

use rulespec_testing::assert_none;
use rulespec_testing::files::sources;

/// Why some mutants need not be caught: those of a file, of a function, or one.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord, serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct Reason {
    is: String,
    file: String,
    function: Option<String>,
    mutant: Option<String>,
    /// The source, from where it is changed.
    at: Option<String>,
    why: String,
}

fn offences(reason: &Reason, sources: &[(String, String)]) -> Vec<&'static str> {
    let Some((_, source)) = sources.iter().find(|(path, _)| *path == reason.file) else {
        return vec!["there is no such file"];
    };
    let defined = |name: &str| {
        let name = format!("fn {}", name.rsplit("::").next().unwrap_or(name));
        source.split(&name).skip(1).any(|after| after.starts_with(['(', '<']))
    };
    let within = reason.mutant.as_deref().and_then(|mutant| mutant.rsplit_once(" in ")).map(|(_, name)| name);
    let function = reason.function.as_deref().or(within);
    let mut offences = vec![];
    let mut demand = |holds: bool, what: &'static str| offences.extend((!holds).then_some(what));
    demand(function.is_none_or(defined), "there is no such function");
    demand(reason.at.as_ref().is_none_or(|at| source.contains(at)), "the source has no such place");
    demand(reason.mutant.is_some() == reason.at.is_some(), "`mutant` and `at` go together");
    demand(reason.is == "not asked" || reason.mutant.is_some(), "what is equivalent is argued one by one");
    demand(["equivalent", "not asked"].contains(&reason.is.as_str()), "`is` has an unknown word");
    demand(reason.why.len() > 20 && !reason.why.ends_with('.'), "`why` is no reason in a clause");
    offences
}

#[test]
fn what_need_not_be_caught_is_there() {
    let text = include_str!("mutants.json");
    let reasons: Vec<Reason> = serde_json::from_str(text).unwrap();
    let sources = sources();
    let mut told = vec![];
    for reason in &reasons {
        told.extend(offences(reason, &sources).iter().map(|what| format!("{what}: {reason:?}")));
    }
    assert_none("reasons are stale", &told);
    assert_eq!(reasons.iter().collect::<BTreeSet<_>>().len(), reasons.len(), "a reason stands twice");
}
