//! The comparison and the badges say what was recorded.

use rulespec_check::report::{Report, Standing, json};
use rulespec_testing::files::files;
use serde_json::Value as Json;

use crate::{PARSED, SITE};

fn reports() -> Vec<(String, Report)> {
    let load = |(path, text): (String, String)| {
        let name = path.trim_start_matches("spec/observed/").trim_end_matches(".json").to_owned();
        (name, json::load(&path, &text).unwrap())
    };
    files("spec/observed", "json").into_iter().map(load).collect()
}

#[test]
fn badges_have_the_form_of_shields_io() {
    for (engine, report) in reports() {
        let badge: Json = serde_json::from_slice(&SITE[&format!("badges/{engine}.json")]).unwrap();
        let counts = report.counts();
        let (met, asked) = (counts.of(Standing::Met), counts.total());
        assert_eq!(badge["schemaVersion"], 1);
        assert_eq!(badge["label"], "rulespec");
        assert_eq!(badge["message"], format!("{met} of {asked} clauses"));
        assert!(
            ["brightgreen", "green", "yellow", "orange", "red"].contains(&badge["color"].as_str().unwrap())
        );
        assert_eq!(badge.as_object().unwrap().len(), 4);
    }
}

#[test]
fn the_matrix_has_every_result() {
    let page = &PARSED["compare.html"].elements;
    for (engine, report) in reports() {
        let cells = page
            .iter()
            .filter(|element| element.name == "td" && element.attribute("data-engine") == Some(&engine));
        let states: Vec<&str> = cells.filter_map(|cell| cell.attribute("data-state")).collect();
        let told = [
            (Standing::Met, "met"),
            (Standing::Missed, "missed"),
            (Standing::PartlyAsked, "partly-asked"),
            (Standing::Unsupported, "unsupported"),
        ];
        for (standing, name) in told {
            let shown = states.iter().filter(|state| **state == name).count();
            assert_eq!(shown, report.counts().of(standing), "{engine}: {name}");
        }
    }
}

#[test]
fn the_chart_has_a_line_for_each_engine() {
    let page = &PARSED["compare.html"].elements;
    let lines = page.iter().filter(|element| element.name == "polyline");
    assert_eq!(lines.count(), reports().len());
}
