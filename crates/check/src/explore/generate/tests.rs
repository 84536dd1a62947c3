use arbitrary::{Arbitrary, Unstructured};

use super::*;
use crate::engine::{Answer, Engine, Reference};
use crate::explore::source::bytes;

#[test]
fn every_function_is_called_and_usually_returns_a_value() {
    for function in Function::ALL {
        let mut answered = 0;
        for number in 0..200 {
            let bytes = bytes(7, number, 1024);
            let case = Case::of::<WellFormed>(function, &mut Unstructured::new(&bytes)).unwrap();
            let answer = Reference::default().ask(case.function.name(), &case.args);
            answered += u32::from(matches!(answer, Answer::Value(_)));
            let kind = |kind: &str| answer == Answer::Error(kind.to_owned());
            assert!(!kind("wrong-count"), "{case:?}");
            assert!(!kind("wrong-type") || function == Function::BitsadminActivity, "{case:?}");
        }
        assert!(answered > 100, "{function} returns a value {answered} times of 200");
    }
}

#[test]
fn some_wild_cases_are_refused() {
    let is_refused = |number: &u64| {
        let bytes = bytes(7, *number, 1024);
        let Question { case, .. } = Question::<Wild>::arbitrary(&mut Unstructured::new(&bytes)).unwrap();
        matches!(Reference::default().ask(case.function.name(), &case.args), Answer::Error(_))
    };
    let refused = (0..500).filter(is_refused).count();
    assert!((10..250).contains(&refused), "{refused} of 500 are refused");
}

#[test]
fn a_case_can_be_generated_from_no_bytes() {
    for function in Function::ALL {
        assert!(Case::of::<Wild>(function, &mut Unstructured::new(&[])).is_ok());
    }
}
