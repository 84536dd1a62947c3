//! A test a vector, for `cargo test` of a crate that has an engine.
//!
//! ```toml
//! [dev-dependencies]
//! rulespec = { version = "0.1", default-features = false, features = ["harness"] }
//!
//! [[test]]
//! name = "rulespec"
//! harness = false
//! ```
//!
//! ```no_run
//! // tests/rulespec.rs
//! use rulespec_check::engine::Reference;
//!
//! fn main() {
//!     rulespec_check::harness::main(|| Box::new(Reference::default())); // yours here
//! }
//! ```
//!
//! `cargo test --test rulespec cmd-0007` runs one, and all the options of tests are
//! there. An open point fails no test.

use std::cell::RefCell;
use std::sync::Arc;

use libtest_mimic::{Arguments, Conclusion, Failed, Trial};

use crate::engine::Engine;
use crate::report::call::{self, Limit};
use crate::verdict::{Verdict, judge};
use rulespec::suite::{self, Clause, Vector};

thread_local! {
    /// The engine of a thread that runs tests; none before its first.
    static ENGINE: RefCell<Option<Box<dyn Engine>>> = const { RefCell::new(None) };
}

/// Runs a test for each vector, by the arguments of the process, and ends the
/// process as tests do. Each thread makes one engine.
pub fn main(engine: impl Fn() -> Box<dyn Engine> + Send + Sync + 'static) -> ! {
    run(&Arguments::from_args(), engine).exit()
}

/// Runs a test for each vector that these arguments select.
///
/// # Panics
///
/// Where the embedded suite is broken, which the tests of this crate rule out.
pub fn run(
    arguments: &Arguments,
    engine: impl Fn() -> Box<dyn Engine> + Send + Sync + 'static,
) -> Conclusion {
    let vectors = suite::vectors().unwrap_or_else(|error| panic!("the suite is broken: {error}"));
    let (clauses, engine) = (Arc::new(suite::clauses()), Arc::new(engine));
    let trial = |vector: Vector| {
        let (clauses, engine) = (Arc::clone(&clauses), Arc::clone(&engine));
        let (name, kind) = (format!("{} {}", vector.id, vector.title), vector.clauses.join(", "));
        Trial::test(name, move || verdict(&vector, &clauses, &*engine)).with_kind(kind)
    };
    libtest_mimic::run(arguments, vectors.into_iter().map(trial).collect())
}

fn verdict(vector: &Vector, clauses: &[Clause], make: &dyn Fn() -> Box<dyn Engine>) -> Result<(), Failed> {
    ENGINE.with_borrow_mut(|slot| {
        let engine = match slot {
            Some(engine) => engine,
            None => slot.insert(started(make)?),
        };
        let answer = engine.ask(&vector.r#fn, &vector.args);
        let verdict = judge(&vector.want, &answer);
        if !verdict.is_failure() {
            return Ok(());
        }
        let got = call::answered(&answer, Limit::SHORT);
        Err(message(vector, clauses, &verdict, &got).into())
    })
}

/// An engine that has been greeted.
fn started(make: &dyn Fn() -> Box<dyn Engine>) -> Result<Box<dyn Engine>, Failed> {
    let mut engine = make();
    engine.hello().map_err(|error| format!("the engine cannot be run: {error}"))?;
    Ok(engine)
}

fn message(vector: &Vector, clauses: &[Clause], verdict: &Verdict, got: &str) -> String {
    let limit = Limit::SHORT;
    let mut message = format!(
        "{verdict}\n  call   {}\n  want   {}\n  got    {got}",
        call::call(vector, limit),
        call::wanted(&vector.want, limit)
    );
    for clause in clauses.iter().filter(|clause| vector.clauses.contains(&clause.id)) {
        message += &format!("\n  {} {}  spec/{}:{}", clause.id, clause.text, clause.file, clause.line);
    }
    message
}
