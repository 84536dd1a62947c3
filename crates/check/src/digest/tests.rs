use super::*;
use crate::engine::{Fast, Hello, Reference, StartError};
use rulespec::Function;
use rulespec::kql::Profile;

/// The lines that are hashed for a part, with the reference's answers.
fn lines(function: Function, part: &Part) -> String {
    let mut out = vec![];
    write_lines(&mut Reference::default(), scope(function).unwrap(), part, &mut out).unwrap();
    String::from_utf8(out).unwrap()
}

/// The hash of the answers of an engine.
fn hash(engine: &mut dyn Engine, scope: &Scope, part: &Part) -> Digest {
    match digest(engine, scope, part, &Stop::default(), &mut |_| {}) {
        Outcome::Hashed(digest) => digest,
        other => panic!("{other:?}"),
    }
}

fn only(prefix: &str) -> Part {
    Part { alone: true, ..Part::of(prefix, 3) }
}

#[test]
fn a_line_is_the_arguments_and_the_answer() {
    assert_eq!(
        lines(Function::ParseCommandLine, &only("a\t\"")),
        "{\"args\":[\"a\\t\\\"\",\"windows\"],\"ok\":[\"a\",\"\"]}\n"
    );
    assert!(lines(Function::Has, &only("é")).starts_with("{\"args\":[\"é\",\"\"],\"ok\":true}\n"));
    assert_eq!(line(&[], &Answer::Error("anything".to_owned())), "{\"args\":[],\"error\":true}\n");
}

#[test]
fn a_text_comes_before_texts_that_begin_with_it() {
    let lines = lines(Function::ToString, &Part::of("é", 2));
    let asked: Vec<&str> = lines.lines().map(|line| line.split(",\"ok\"").next().unwrap()).collect();
    let arrays =
        [r#"["é"]"#, r#"["é","a"]"#, r#"["é","\""]"#, r#"["é","\\"]"#, r#"["é"," "]"#, r#"["é","é"]"#];
    assert_eq!(asked, arrays.map(|array| format!("{{\"args\":[{array}]")));
}

#[test]
fn other_arguments_vary_faster_than_the_text() {
    assert_eq!(lines(Function::Substring, &Part { length: 0, ..only("") }).lines().count(), 3 * 4);
    let start =
        "{\"args\":[\"\",-1],\"ok\":\"\"}\n{\"args\":[\"\",-1,-1],\"ok\":\"\"}\n{\"args\":[\"\",-1,0]";
    assert!(lines(Function::Substring, &Part { length: 0, ..only("") }).starts_with(start));
    assert!(lines(Function::Iff, &only("a")).starts_with("{\"args\":[true,\"a\",\"\"],\"ok\":\"a\"}\n"));
    assert_eq!(
        lines(Function::HasAny, &only("a")).lines().nth(2).unwrap(),
        r#"{"args":["a",["",""]],"ok":true}"#
    );
}

#[test]
fn a_part_is_the_concatenation_of_its_parts() {
    for scope in SCOPES {
        let whole = Part::all(2);
        let parts = whole.parts(scope.alphabet);
        assert_eq!(parts.len(), 1 + scope.alphabet.chars().count());
        let joined: String = parts.iter().map(|part| lines(scope.function, part)).collect();
        assert_eq!(joined, lines(scope.function, &whole), "{}", scope.function);
    }
    assert_eq!(Part::of("aaa", 3).parts("ab"), [only("aaa")]);
    assert_eq!(only("aaa").parts("ab"), []);
}

#[test]
fn the_hash_is_computed_over_the_lines() {
    let digest = hash(&mut Reference::default(), scope(Function::Element).unwrap(), &Part::all(2));
    let lines = lines(Function::Element, &Part::all(2));
    let sha256: String = Sha256::digest(lines).iter().map(|byte| format!("{byte:02x}")).collect();
    assert_eq!((digest.questions, digest.sha256), (49, sha256));
}

#[test]
fn no_question_depends_on_an_open_point() {
    for scope in SCOPES {
        let part = Part::all(1);
        let settled = hash(&mut Reference::default(), scope, &part);
        for (point, alternatives) in Profile::POINTS {
            for alternative in *alternatives {
                let mut profile = Profile::default();
                assert!(profile.choose(point, alternative));
                let under = hash(&mut Reference::with_profile(profile), scope, &part);
                assert_eq!(under, settled, "{} under {point} {alternative}", scope.function);
            }
        }
    }
}

#[test]
fn engines_that_agree_have_the_same_hash() {
    for scope in SCOPES {
        let part = Part::all(*scope.lengths.start());
        let reference = hash(&mut Reference::default(), scope, &part);
        let mut asked = 0;
        let both =
            compare(&mut Reference::default(), &mut Fast::default(), scope, &part, &mut |more| asked += more);
        assert_eq!(both, Outcome::Hashed(reference.clone()), "{}", scope.function);
        assert_eq!(asked, reference.questions);
    }
}

/// The reference with one wrong answer.
struct OneError;

impl Engine for OneError {
    fn hello(&mut self) -> Result<Hello, StartError> {
        Reference::default().hello()
    }

    fn ask(&mut self, function: &str, args: &[Json]) -> Answer {
        match args.first().and_then(Json::as_str) {
            Some("aba") => Answer::Error("slip".to_owned()),
            _ => Reference::default().ask(function, args),
        }
    }
}

#[test]
fn the_first_difference_is_returned() {
    let scope = scope(Function::IndexOf).unwrap();
    let difference = compare(&mut Reference::default(), &mut OneError, scope, &Part::all(3), &mut |_| {});
    // The texts before "aba" are "", "a", "aa", "aaa", "aab", "aaA" and "ab".
    let lookups = 39;
    assert_eq!(
        difference,
        Outcome::Differs(Box::new(Difference {
            alike: 7 * lookups,
            args: vec!["aba".into(), "a".into()],
            want: Answer::Value(0.into()),
            got: Answer::Error("slip".to_owned()),
        }))
    );
}

/// An engine that is given up after a while.
struct GivenUp(usize);

impl Engine for GivenUp {
    fn hello(&mut self) -> Result<Hello, StartError> {
        Reference::default().hello()
    }

    fn ask(&mut self, function: &str, args: &[Json]) -> Answer {
        self.0 += 1;
        match self.0 {
            0..100 => Reference::default().ask(function, args),
            _ => Answer::NotAsked("given up".to_owned()),
        }
    }
}

#[test]
fn a_digest_that_was_not_finished_is_none() {
    let scope = scope(Function::IndexOf).unwrap();
    let compared = compare(&mut Reference::default(), &mut GivenUp(0), scope, &Part::all(3), &mut |_| {});
    assert_eq!(compared, Outcome::Stopped { alike: 99, why: "given up".to_owned() });
    let stop = Stop::default();
    stop.request();
    let stopped = digest(&mut Reference::default(), scope, &Part::all(3), &stop, &mut |_| {});
    assert!(matches!(stopped, Outcome::Stopped { alike: 0, .. }), "{stopped:?}");
}
