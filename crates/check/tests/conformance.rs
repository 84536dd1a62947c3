//! The reference conforms to every vector, under every alternative of the open points. The fast
//! engine gives the same answers as the reference.

use rulespec::kql::Profile;
use rulespec::suite::{self, Vector, Want};
use rulespec_check::engine::{Answer, Engine, Fast, Reference};
use rulespec_testing::assert_none;
use serde_json::{Value as Json, json};

fn as_json(answer: Answer) -> Json {
    match answer {
        Answer::Value(value) => value,
        Answer::Error(kind) => json!({"error": kind}),
        Answer::Unsupported(_)
        | Answer::Crashed(_)
        | Answer::Stalled(_)
        | Answer::Garbled(_)
        | Answer::NotAsked(_)
        | Answer::Retried { .. }
        | Answer::Excerpt(_) => json!({"unsupported": answer.to_string()}),
    }
}

/// The vector's wanted answers, each with its profile.
fn wanted(vector: &Vector) -> Vec<(Profile, &Json)> {
    match &vector.want {
        Want::Settled { want } => vec![(Profile::default(), want)],
        Want::Open { open, wants } => wants
            .iter()
            .map(|(alternative, want)| {
                let mut profile = Profile::default();
                let known = profile.choose(open, alternative);
                assert!(known, "{}: {open} has no alternative {alternative:?}", vector.id);
                (profile, want)
            })
            .collect(),
    }
}

#[test]
fn the_reference_conforms() {
    let mut failures = vec![];
    for vector in &suite::vectors().unwrap() {
        for (profile, want) in wanted(vector) {
            let got = as_json(Reference::with_profile(profile).ask(&vector.r#fn, &vector.args));
            if got != *want {
                let Vector { id, title, r#fn, args, .. } = vector;
                let args = json!(args);
                failures.push(format!("{id} {title}\n  call {fn} {args}\n  want {want}\n  got  {got}"));
            }
        }
    }
    assert_none("answers are wrong", &failures);
}

#[test]
fn every_open_vector_has_an_answer_for_each_alternative() {
    for vector in suite::vectors().unwrap() {
        let Want::Open { open, wants } = &vector.want else { continue };
        let point = Profile::POINTS.iter().find(|(id, _)| id == open);
        let (_, alternatives) = point.unwrap_or_else(|| panic!("{}: no open point {open}", vector.id));
        for alternative in *alternatives {
            assert!(wants.contains_key(*alternative), "{}: no answer for {alternative}", vector.id);
        }
    }
}

#[test]
fn the_fast_engine_answers_every_vector_like_the_reference() {
    let (mut fast, mut reference) = (Fast::default(), Reference::default());
    for vector in suite::vectors().unwrap() {
        let answer = reference.ask(&vector.r#fn, &vector.args);
        assert_eq!(fast.ask(&vector.r#fn, &vector.args), answer, "{}", vector.id);
    }
}
