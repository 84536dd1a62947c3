//! Tests of texts in lower or upper case.

use super::words::Words;
use super::{Kind, TextPredicate};
use crate::fast::terms::{Bounds, Terms};
use crate::kql::{Profile, tolower, toupper};

/// `tolower` or `toupper`.
#[derive(Debug, Clone, Copy)]
pub(in crate::fast::plan) enum Case {
    Lower,
    Upper,
}

impl Case {
    /// The case that a function changes a text to.
    pub(in crate::fast::plan) fn of(function: &str) -> Option<Self> {
        match function {
            "tolower" => Some(Self::Lower),
            "toupper" => Some(Self::Upper),
            _ => None,
        }
    }

    /// The text in this case.
    pub(super) fn of_text(self, text: &str) -> String {
        match self {
            Self::Lower => tolower(text, &Profile::default()),
            Self::Upper => toupper(text, &Profile::default()),
        }
    }

    /// Whether an ASCII text in this case may be, or have, this text.
    fn may_have(self, text: &str) -> bool {
        let is_other = |byte: u8| match self {
            Self::Lower => byte.is_ascii_uppercase(),
            Self::Upper => byte.is_ascii_lowercase(),
        };
        text.is_ascii() && !text.bytes().any(is_other)
    }
}

impl TextPredicate {
    /// The test of a text in this case, as a test of the text itself. `None` if it has no such form.
    pub(in crate::fast::plan) fn after(self, case: Case) -> Option<Self> {
        let of_ascii = self.kind.of_ascii(case)?;
        Some(Kind::Cased(case, Box::new([of_ascii.into(), self])).into())
    }
}

impl Kind {
    /// The test of ASCII texts that passes those that pass this one in this case.
    fn of_ascii(&self, case: Case) -> Option<Self> {
        let possible = |text: &str| case.may_have(text).then(|| text.into());
        Some(match self {
            Self::Equal(words) => match words.with_case() {
                Some(texts) => Self::Equal(Words::new(texts.filter(|text| case.may_have(text)), true)),
                None => self.clone(),
            },
            Self::Contains(finder) => {
                let text = std::str::from_utf8(finder.needle()).ok().filter(|text| case.may_have(text));
                Self::Terms(Box::new(Terms::bounded(text, Bounds::NONE)))
            }
            Self::StartsWith(text, false) => Self::StartsWith(possible(text)?, true),
            Self::EndsWith(text, false) => Self::EndsWith(possible(text)?, true),
            Self::Word(_) | Self::Terms(_) | Self::AllTerms(_) => self.clone(),
            Self::StartsWith(_, true) | Self::EndsWith(_, true) => self.clone(),
            Self::Regex(_) | Self::Cased(..) => return None,
        })
    }
}
