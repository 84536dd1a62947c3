//! Laws of `=~`, `has` and `has_any`, by quickcheck, under several profiles.

use quickcheck::{Arbitrary, Gen};

use rulespec::kql::profile::CaseFolding;
use rulespec::kql::{Dynamic, Profile, eq_ci, fold, has, has_any};

/// A text so short that two of them are often equal, apart from case.
#[derive(Debug, Clone)]
struct Text(String);

impl Arbitrary for Text {
    fn arbitrary(g: &mut Gen) -> Self {
        let count = u8::arbitrary(g) % 5;
        let characters = ['a', 'A', 'b', 's', 'ſ', '1', '_', '/', ' ', 'é', 'É', 'σ', 'ς', 'İ', '😀'];
        Self((0..count).filter_map(|_| g.choose(&characters)).collect())
    }

    fn shrink(&self) -> Box<dyn Iterator<Item = Self>> {
        Box::new(self.0.shrink().map(Self))
    }
}

macro_rules! laws {
    ($($profile_name:ident: $profile:expr,)+) => {
        $(mod $profile_name {
            use super::*;

            quickcheck::quickcheck! {
                fn a_string_equals_itself(a: Text) -> bool {
                    eq_ci(&a.0, &a.0, &$profile)
                }

                fn equality_is_symmetric(a: Text, b: Text) -> bool {
                    eq_ci(&a.0, &b.0, &$profile) == eq_ci(&b.0, &a.0, &$profile)
                }

                fn equality_is_transitive(a: Text, b: Text, c: Text) -> bool {
                    let equal = |a: &Text, b: &Text| eq_ci(&a.0, &b.0, &$profile);
                    !(equal(&a, &b) && equal(&b, &c)) || equal(&a, &c)
                }

                fn equality_ignores_ascii_case(a: Text) -> bool {
                    eq_ci(&a.0.to_ascii_uppercase(), &a.0.to_ascii_lowercase(), &$profile)
                }

                fn a_text_with_a_suffix_is_not_equal_to_the_text(a: Text, b: Text) -> bool {
                    b.0.is_empty() || !eq_ci(&(a.0.clone() + &b.0), &a.0, &$profile)
                }

                fn a_string_has_itself(a: Text) -> bool {
                    has(&a.0, &a.0, &$profile)
                }

                fn a_string_has_the_empty_string(a: Text) -> bool {
                    has(&a.0, "", &$profile)
                }

                fn a_string_has_its_equals(a: Text, b: Text) -> bool {
                    !eq_ci(&a.0, &b.0, &$profile) || has(&a.0, &b.0, &$profile)
                }

                fn if_a_text_has_a_lookup_it_contains_the_lookup(a: Text, b: Text) -> bool {
                    let folded = |text: &Text| fold(&text.0, &$profile).into_iter().collect::<String>();
                    !has(&a.0, &b.0, &$profile) || folded(&a).contains(&folded(&b))
                }

                fn a_string_between_separators_is_found(a: Text, b: Text, c: Text) -> bool {
                    has(&format!("{}|{}|{}", a.0, b.0, c.0), &b.0, &$profile)
                }

                fn has_any_of_one_is_has(a: Text, b: Text) -> bool {
                    let lookup = Dynamic::from(b.0.as_str());
                    has_any(&a.0, &[lookup], &$profile) == has(&a.0, &b.0, &$profile)
                }

                fn has_any_of_more_is_no_less(a: Text, b: Text, c: Text) -> bool {
                    let (one, more) = (Dynamic::from(b.0.as_str()), Dynamic::from(c.0.as_str()));
                    !has_any(&a.0, std::slice::from_ref(&one), &$profile) || has_any(&a.0, &[more, one], &$profile)
                }
            }
        })+
    };
}

laws! {
    with_simple_folding: Profile { case_folding: CaseFolding::Simple, ..Profile::default() },
    with_lower_case: Profile { case_folding: CaseFolding::Lower, ..Profile::default() },
    with_upper_case: Profile { case_folding: CaseFolding::Upper, ..Profile::default() },
}
