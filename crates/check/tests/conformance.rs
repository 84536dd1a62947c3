//! The reference answers every vector as the vector wants, and every open point
//! under every alternative; the fast engine answers as the reference.

use rulespec::kql::Profile;
use rulespec::suite::{self, Vector, Want};
use rulespec_check::engine::{Answer, Engine, Fast, Reference};
use serde_json::{Value as Json, json};

fn as_json(answer: Answer) -> Json {
    match answer {
        Answer::Value(value) => value,
        Answer::Error(kind) => json!({"error": kind}),
        other => json!({"unsupported": other.to_string()}),
    }
}

/// The vector's wanted answers, each with the profile under which it is wanted.
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
    let vectors = suite::vectors().unwrap();
    let mut wrong = vec![];
    for vector in &vectors {
        for (profile, want) in wanted(vector) {
            let got = as_json(Reference::under(profile).ask(&vector.r#fn, &vector.args));
            if got != *want {
                wrong.push(format!(
                    "{} {}\n  call {} {}\n  want {want}\n  got  {got}",
                    vector.id,
                    vector.title,
                    vector.r#fn,
                    json!(vector.args)
                ));
            }
        }
    }
    assert!(wrong.is_empty(), "{} answers are wrong:\n{}", wrong.len(), wrong.join("\n"));
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
fn the_fast_engine_answers_every_vector_as_the_reference() {
    let (mut fast, mut reference) = (Fast::default(), Reference::default());
    for vector in suite::vectors().unwrap() {
        let answer = reference.ask(&vector.r#fn, &vector.args);
        assert_eq!(fast.ask(&vector.r#fn, &vector.args), answer, "{}", vector.id);
    }
}
