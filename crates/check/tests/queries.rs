//! Engines that answer nothing but queries.

use rulespec::suite;
use rulespec_check::check;
use rulespec_check::engine::{Answer, AsQueries, Engine, Hello, Reference, StartError};
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
    let failures = report.outcomes.iter().filter(|outcome| outcome.verdict.is_failure());
    let failures: Vec<String> = failures
        .map(|outcome| {
            let (id, args) = (&outcome.vector.id, Json::from(outcome.vector.args.clone()));
            format!("{id} {} {args}: {}, {}", outcome.vector.r#fn, outcome.verdict, outcome.answer)
        })
        .collect();
    assert!(failures.is_empty(), "{} failures:\n{}", failures.len(), failures.join("\n"));
}
