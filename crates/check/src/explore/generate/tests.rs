use arbitrary::{Arbitrary, Unstructured};

use super::*;
use crate::engine::{Answer, Engine, Reference};

/// Bytes without any pattern, the same ones for the same number.
fn bytes(number: u64) -> Vec<u8> {
    crate::explore::source::bytes(7, number, 1024)
}

#[test]
fn every_function_is_asked_and_answers() {
    for function in Function::ALL {
        let mut answered = 0;
        for number in 0..200 {
            let case = Case::of::<WellFormed>(function, &mut Unstructured::new(&bytes(number))).unwrap();
            let answer = Reference::default().ask(case.function.name(), &case.args);
            answered += u32::from(matches!(answer, Answer::Value(_)));
            let kind = |kind: &str| answer == Answer::Error(kind.to_owned());
            assert!(!kind("wrong-count"), "{case:?}");
            assert!(!kind("wrong-type") || function == Function::BitsadminActivity, "{case:?}");
        }
        assert!(answered > 100, "{function} has an answer {answered} times of 200");
    }
}

#[test]
fn wild_questions_are_refused_now_and_then() {
    let mut refused = 0;
    for number in 0..500 {
        let Question { case, .. } =
            Question::<Wild>::arbitrary(&mut Unstructured::new(&bytes(number))).unwrap();
        let answer = Reference::default().ask(case.function.name(), &case.args);
        refused += u32::from(matches!(answer, Answer::Error(_)));
    }
    assert!((10..250).contains(&refused), "{refused} of 500 are refused");
}

#[test]
fn no_bytes_make_a_question_too() {
    for function in Function::ALL {
        assert!(Case::of::<Wild>(function, &mut Unstructured::new(&[])).is_ok());
    }
}
