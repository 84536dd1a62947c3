//! The engines in `engines/` that we wrote conform in the functions that they have.

use std::path::Path;
use std::time::Instant;

use rulespec::Function;
use rulespec::kql::Profile;
use rulespec::suite::{self, Want};
use rulespec_check::engine::process::{Limits, Process};
use rulespec_check::engine::{Answer, Engine, Question};
use rulespec_check::verdict::{Verdict, judge};
use rulespec_testing::files::ROOT;

/// Asserts that every vector passes whose function the engine supports, and returns their number.
fn assert_conforms(program: &str, script: &str) -> usize {
    let script = Path::new(ROOT).join(script);
    let mut engine = Process::new(vec![program.into(), script.into()], Limits::default());
    engine.hello().unwrap();
    let vectors = suite::vectors().unwrap();
    let questions: Vec<_> =
        vectors.iter().map(|vector| Question { function: &vector.r#fn, args: &vector.args }).collect();
    let (mut wrong, mut asked, start) = (vec![], 0, Instant::now());
    engine.ask_all(&questions, &mut |number, answer| {
        if matches!(answer, Answer::Unsupported(_)) {
            return;
        }
        asked += 1;
        let vector = &vectors[number];
        let passes = match (judge(&vector.want, &answer), &vector.want) {
            (Verdict::Open(followed), Want::Open { open, .. }) => {
                followed.iter().any(|name| name == default(open))
            }
            (verdict, _) => verdict == Verdict::Pass,
        };
        if !passes {
            wrong.push(format!("{} {}: {answer}", vector.id, vector.title));
        }
    });
    println!("{program}: {asked} of {} vectors asked in {:?}", vectors.len(), start.elapsed());
    assert!(wrong.is_empty(), "{} answers are wrong:\n{}", wrong.len(), wrong.join("\n"));
    asked
}

fn default(open: &str) -> &'static str {
    let point = Profile::POINTS.iter().find(|(id, _)| *id == open);
    point.and_then(|(_, alternatives)| alternatives.first()).unwrap()
}

pub fn the_python_engine_conforms() {
    let vectors = suite::vectors().unwrap();
    let of_functions = vectors.iter().filter(|vector| vector.r#fn != Function::Query.name()).count();
    assert_eq!(assert_conforms("python3", "engines/python/engine.py"), of_functions);
}

pub fn the_node_engine_conforms_in_the_functions_it_has() {
    assert!(assert_conforms("node", "engines/node/engine.mjs") > 300);
}
