//! What holds of every text of a query.

use rulespec::fast::plan::Plan;
use rulespec::kql::{Datetime, Semantics};
use rulespec::query::{Context, Diagnostics, MAX_LEN, Query, Schemas};

use crate::query_text;

/// Parses, prints, binds, clones and runs a text, also as a prepared plan. Returns what is wrong with it.
pub fn process(text: &str) -> Option<Diagnostics> {
    let query: Query = match text.parse() {
        Ok(query) => query,
        Err(diagnostics) => return Some(diagnostics),
    };
    let text = query.to_string();
    let printed = if text.len() > MAX_LEN { Ok(query.clone()) } else { text.parse() };
    let printed: Query = printed.unwrap_or_else(|said| panic!("{text}\n{said}"));
    // NaN is not itself.
    let has_nan = text.contains("real(nan)");
    assert!(has_nan || printed == query, "{text}");
    assert_eq!(printed.to_string(), text);
    let table = query_text::table();
    let schemas = Schemas::from([("T".to_owned(), table.columns().to_vec())]);
    let kql = Semantics::default();
    let context = Context { kql: &kql, now: Datetime::from_ticks_since_1970(0).expect("1970 is a year") };
    let bound = query.bind(&schemas, context);
    let again = printed.bind(&schemas, context);
    match (bound, again) {
        (Ok(bound), again) => {
            assert!(has_nan || again.is_ok_and(|again| again == bound.clone()), "{text}");
            let result = bound.run(&table, context);
            // Compared as text, because NaN does not equal itself.
            let planned = Plan::new(&bound).run(&table, context.now);
            assert_eq!(format!("{planned:?}"), format!("{result:?}"), "{text}");
            assert!(result.is_err() || result.is_ok_and(|result| result.columns() == bound.columns));
            None
        }
        (Err(said), again) => {
            // Printing drops parentheses, so that errors may change places with each other.
            let kinds = |said: &Diagnostics| {
                let mut kinds: Vec<_> = said.all().iter().map(|one| format!("{:?}", one.kind)).collect();
                kinds.sort_unstable();
                kinds
            };
            assert_eq!(again.map_err(|said| kinds(&said)), Err(kinds(&said)), "{text}");
            Some(said)
        }
    }
}

/// Asserts that each diagnostic is about a part of the text.
pub fn assert_spans(text: &str, said: &Diagnostics) {
    assert!(!said.all().is_empty() && said.all().len() <= 50);
    for one in said.all() {
        assert!(
            one.span.start <= one.span.end && text.get(one.span.start..one.span.end).is_some(),
            "{one:?}"
        );
    }
}
