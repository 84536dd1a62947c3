//! The page of the specification on rules of other collections: its tables are current, and every claim has
//! an event that shows it.

mod event;
mod rules;
mod tables;

use std::path::Path;

use event::{Claim, Recording, claims, vectors};
use rules::{Kin, kin, selects};
use rulespec::rule::Rule;
use rulespec_testing::{assert_none, files::ROOT};

const PAGE: &str = "spec/kin.md";
/// The page with every difference.
const DIFFERENCES: &str = "spec/kin/differences.md";
/// If this variable is set, the tests write the tables.
const WRITE: &str = "RULESPEC_WRITE_KIN";

/// Puts a table into a page between the two lines that name it.
fn with_table(page: &str, name: &str, table: &str) -> String {
    let mark = format!("<!-- {name} -->\n");
    let parts: Vec<&str> = page.split(&mark).collect();
    let [before, _, after] = parts.as_slice() else { panic!("the page needs two lines {mark}") };
    [before, table, after].join(&mark)
}

fn assert_current(page: &str, tables: &[(&str, String)]) {
    let path = Path::new(ROOT).join(page);
    let written = std::fs::read_to_string(&path).unwrap();
    let current = tables.iter().fold(written.clone(), |text, (name, table)| with_table(&text, name, table));
    if std::env::var_os(WRITE).is_some() {
        return std::fs::write(path, current).unwrap();
    }
    assert!(
        current == written,
        "the tables of {page} are stale; update them with\n\
         {WRITE}=1 cargo test --profile thorough -p rulespec-check --test integration kin -- --ignored"
    );
}

#[test]
#[ignore = "takes minutes without optimisation: see .ci/nightly"]
fn the_tables_are_current() {
    let (kin, vectors) = (kin(), vectors());
    let differences = tables::differences(&kin, &vectors);
    let counts = tables::counts(&kin, &vectors, &differences);
    let tables =
        [("sources", tables::sources(&kin)), ("counts", counts), ("claims", tables::claims(&claims()))];
    assert_current(PAGE, &tables);
    assert_current(DIFFERENCES, &[("differences", tables::findings(&kin, &differences))]);
}

#[test]
fn every_claim_is_shown_by_its_event() {
    let kin = kin();
    let mut offences = vec![];
    for Claim { claim, rule, event, ours, theirs } in claims() {
        let named = kin.iter().find(|kin| kin.name == rule);
        let named = named.unwrap_or_else(|| panic!("spec/kin/claims.json: there is no spec/kin/{rule}.kql"));
        let events = [Recording { id: String::new(), cells: event, selected: None }];
        let found = [Rule::bitsadmin_activity(), &named.rule].map(|rule| selects(rule, &events)[0]);
        if found != [ours, theirs] {
            offences.push(format!("{rule}: {claim}: ours and theirs are {found:?}"));
        }
    }
    assert_none("claims are not shown by their events", &offences);
}

/// The columns that vectors lack are filled in, which must not change what Bitsadmin Activity selects.
#[test]
fn the_events_of_the_vectors_are_selected_as_the_vectors_say() {
    let vectors = vectors();
    let found = selects(Rule::bitsadmin_activity(), &vectors);
    let said =
        vectors.iter().zip(found).filter_map(|(vector, found)| Some((vector, found, vector.selected?)));
    let wrong = said.filter(|(_, found, wanted)| found != wanted);
    let wrong: Vec<String> = wrong.map(|(vector, ..)| vector.id.clone()).collect();
    assert_none("vectors are answered differently", &wrong);
    assert!(vectors.iter().filter(|vector| vector.selected.is_some()).count() > 50);
}

#[test]
fn every_rule_states_its_facts() {
    let kin = kin();
    assert!(kin.len() >= 10);
    let offences = kin.iter().flat_map(Kin::offences).collect::<Vec<_>>();
    assert_none("rules in spec/kin lack facts", &offences);
}
