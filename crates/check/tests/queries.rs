//! Engines that answer nothing but queries.

use rulespec::suite;
use rulespec_check::check;
use rulespec_check::engine::{Answer, AsQueries, Engine, Hello, Reference, StartError};
use rulespec_check::report::Outcome;
use rulespec_check::verdict::Verdict;
use serde_json::Value as Json;

/// The reference, with nothing but queries.
struct Queries(Reference);

impl Engine for Queries {
    fn hello(&mut self) -> Result<Hello, StartError> {
        Ok(Hello { functions: Some(vec!["query".to_owned()]), ..self.0.hello()? })
    }

    fn ask(&mut self, function: &str, args: &[Json]) -> Answer {
        assert_eq!(function, "query");
        self.0.ask(function, args)
    }
}

/// The reference answers every vector as a query as it does directly.
#[test]
fn pro_26_every_vector_can_be_asked_as_a_query() {
    let report =
        check(&mut AsQueries::new(Queries(Reference::default())), &suite::vectors().unwrap()).unwrap();
    let is_wrong =
        |outcome: &&Outcome| outcome.verdict.is_failure() || outcome.verdict == Verdict::Unsupported;
    let failures = report.outcomes.iter().filter(is_wrong);
    let failures: Vec<String> = failures
        .map(|outcome| {
            let (id, args) = (&outcome.vector.id, Json::from(outcome.vector.args.clone()));
            format!("{id} {} {args}: {}, {}", outcome.vector.r#fn, outcome.verdict, outcome.answer)
        })
        .collect();
    assert!(failures.is_empty(), "{} failures:\n{}", failures.len(), failures.join("\n"));
}

/// A query reads the tables that are given by name, at a fixed time.
#[test]
fn pro_25_a_query_reads_the_given_tables() {
    let tables = serde_json::json!({"A": {"columns": [{"name": "n", "type": "long"}], "rows": [[1], [2]]}});
    let ask = |text: &str| Reference::default().ask("query", &[text.into(), tables.clone()]);
    let rows = |answer: Answer| match answer {
        Answer::Value(table) => table["rows"].clone(),
        other => panic!("{other}"),
    };
    assert_eq!(rows(ask("A | where n > 1")), serde_json::json!([[2]]));
    assert_eq!(rows(ask("print x = now()")), serde_json::json!([["2026-01-02T03:04:05.6789012Z"]]));
    assert_eq!(ask("B"), Answer::Error("unknown-table".to_owned()));
}
