//! The list of mutants that need not be caught, tests/mutants.json, refers to code that
//! exists. `.ci/mutants` checks that each of them is in fact missed.

use std::collections::BTreeSet;

use rulespec_testing::assert_none;
use rulespec_testing::files::sources;

/// The reason why the mutants of a file, the mutants of a function, or a single mutant need
/// not be caught.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord, serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct Reason {
    is: String,
    file: String,
    function: Option<String>,
    mutant: Option<String>,
    /// The source text that begins where the mutant changes it.
    at: Option<String>,
    why: String,
}

fn offences(reason: &Reason, sources: &[(String, String)]) -> Vec<&'static str> {
    let Some((_, source)) = sources.iter().find(|(path, _)| *path == reason.file) else {
        return vec!["there is no such file"];
    };
    let is_defined = |name: &str| {
        let name = format!("fn {}", name.rsplit("::").next().unwrap_or(name));
        source.split(&name).skip(1).any(|after| after.starts_with(['(', '<']))
    };
    let mutated =
        reason.mutant.as_deref().and_then(|mutant| mutant.rsplit_once(" in ")).map(|(_, name)| name);
    let function = reason.function.as_deref().or(mutated);
    let mut offences = vec![];
    let mut require = |holds: bool, offence| offences.extend((!holds).then_some(offence));
    require(function.is_none_or(is_defined), "there is no such function");
    require(reason.at.as_ref().is_none_or(|at| source.contains(at)), "the source has no such text");
    require(reason.mutant.is_some() == reason.at.is_some(), "`mutant` and `at` go together");
    require(
        reason.is == "not asked" || reason.mutant.is_some(),
        "each equivalent mutant needs its own reason",
    );
    require(["equivalent", "not asked"].contains(&reason.is.as_str()), "`is` has an unknown value");
    require(reason.why.len() > 20 && !reason.why.ends_with('.'), "`why` is too short or ends in a full stop");
    offences
}

#[test]
fn reasons_refer_to_existing_code() {
    let reasons: Vec<Reason> = serde_json::from_str(include_str!("mutants.json")).unwrap();
    let sources = sources();
    let mut found = vec![];
    for reason in &reasons {
        found.extend(offences(reason, &sources).iter().map(|offence| format!("{offence}: {reason:?}")));
    }
    assert_none("reasons are invalid", &found);
    assert_eq!(reasons.iter().collect::<BTreeSet<_>>().len(), reasons.len(), "there is a duplicate");
}
