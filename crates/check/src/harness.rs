//! One test per vector, for `cargo test` of a crate that has its own engine.
//!
//! ```toml
//! [dev-dependencies]
//! rulespec-check = { version = "0.1", features = ["harness"] }
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
//!     rulespec_check::harness::main(|| Box::new(Reference::default())); // your engine
//! }
//! ```
//!
//! `cargo test --test rulespec cmd-0007` runs a single vector. The other options of `cargo test`
//! work, too. An open point never fails a test.

use std::cell::RefCell;
use std::sync::Arc;

use libtest_mimic::{Arguments, Completion, Conclusion, Failed, Trial};

use crate::engine::{Answer, Engine};
use crate::report::call::{self, Limit};
use crate::verdict::{Verdict, judge};
use rulespec::suite::{self, Clause, Vector};

thread_local! {
    /// The engine of a test thread. `None` before its first test.
    static ENGINE: RefCell<Option<Box<dyn Engine>>> = const { RefCell::new(None) };
}

/// Runs one test per vector with the command-line arguments, and exits with the status of a test
/// run. Each thread creates one engine.
pub fn main(engine: impl Fn() -> Box<dyn Engine> + Send + Sync + 'static) -> ! {
    run(&Arguments::from_args(), engine).exit()
}

/// Runs one test for each vector that the arguments select. A test is ignored if the engine does not
/// list the function in its [`Hello`](crate::engine::Hello), or answers that it does not have it.
///
/// # Panics
///
/// Panics if the embedded vectors are invalid, which the tests of this crate rule out.
#[doc(hidden)] // shows a type of libtest-mimic; for our tests
pub fn run(
    arguments: &Arguments,
    engine: impl Fn() -> Box<dyn Engine> + Send + Sync + 'static,
) -> Conclusion {
    let vectors = suite::vectors().unwrap_or_else(|error| panic!("the suite is broken: {error}"));
    let (clauses, hello) = (Arc::new(suite::clauses()), engine().hello());
    let engine = Arc::new(engine);
    let trial = |vector: Vector| {
        let (clauses, engine) = (Arc::clone(&clauses), Arc::clone(&engine));
        let (name, kind) = (format!("{} {}", vector.id, vector.title), vector.clauses.join(", "));
        let is_ignored = hello.as_ref().is_ok_and(|hello| !hello.has(&vector.r#fn));
        Trial::ignorable_test(name, move || test(&vector, &clauses, &*engine))
            .with_kind(kind)
            .with_ignored_flag(is_ignored)
    };
    libtest_mimic::run(arguments, vectors.into_iter().map(trial).collect())
}

fn test(
    vector: &Vector,
    clauses: &[Clause],
    create: &dyn Fn() -> Box<dyn Engine>,
) -> Result<Completion, Failed> {
    ENGINE.with_borrow_mut(|slot| {
        let engine = match slot {
            Some(engine) => engine,
            None => {
                let mut engine = create();
                engine.hello().map_err(|error| format!("the engine cannot be run: {error}"))?;
                slot.insert(engine)
            }
        };
        let answer = engine.ask(&vector.r#fn, &vector.args);
        let verdict = judge(&vector.want, &answer);
        match verdict {
            Verdict::Unsupported => Ok(Completion::ignored_with(call::answered(&answer, Limit::SHORT))),
            verdict if verdict.is_failure() => Err(message(vector, clauses, &verdict, &answer).into()),
            _ => Ok(Completion::Completed),
        }
    })
}

fn message(vector: &Vector, clauses: &[Clause], verdict: &Verdict, answer: &Answer) -> String {
    let limit = Limit::SHORT;
    let mut message = format!(
        "{verdict}\n  call   {}\n  want   {}\n  got    {}",
        call::call(vector, limit),
        call::wanted(&vector.want, limit),
        call::answered(answer, limit)
    );
    for clause in clauses.iter().filter(|clause| vector.clauses.contains(&clause.id)) {
        message += &format!("\n  {} {}  spec/{}:{}", clause.id, clause.text, clause.file, clause.line);
    }
    message
}
