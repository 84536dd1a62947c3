//! The operators that are written between operands, and how strongly they bind.

use std::collections::HashMap;
use std::sync::LazyLock;

/// How strongly the outermost operator of an expression binds, from the least.
///
/// Spec: QRY-13
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::query) enum Tier {
    Or,
    And,
    Equality,
    Relational,
    Sum,
    Product,
    Strings,
    Signed,
    Primary,
}

impl Tier {
    /// Whether an operator of this tier can be the left operand of another.
    pub(in crate::query) fn is_chained(self) -> bool {
        matches!(self, Self::Sum | Self::Product)
    }

    /// The next stronger tier.
    pub(in crate::query) fn next(self) -> Self {
        match self {
            Self::Or => Self::And,
            Self::And => Self::Equality,
            Self::Equality => Self::Relational,
            Self::Relational => Self::Sum,
            Self::Sum => Self::Product,
            Self::Product => Self::Strings,
            Self::Strings => Self::Signed,
            Self::Signed | Self::Primary => Self::Primary,
        }
    }
}

/// The operators that are written between operands, with their tiers.
static OPERATORS: LazyLock<HashMap<&str, (&str, Tier)>> = LazyLock::new(|| {
    let tier = |names: &'static [&str], tier| names.iter().map(move |name| (*name, (*name, tier)));
    tier(&["or"], Tier::Or)
        .chain(tier(&["and"], Tier::And))
        .chain(tier(&EQUALITY, Tier::Equality))
        .chain(tier(&LISTS, Tier::Equality))
        .chain(tier(&["between", "!between"], Tier::Equality))
        .chain(tier(&["<", "<=", ">", ">="], Tier::Relational))
        .chain(tier(&["+", "-"], Tier::Sum))
        .chain(tier(&["*", "/", "%"], Tier::Product))
        .chain(tier(&STRINGS, Tier::Strings))
        .collect()
});

/// Returns the operator with this name that is written between operands, and its tier.
///
/// Spec: QRY-13
pub(in crate::query) fn operator(name: &str) -> Option<(&'static str, Tier)> {
    OPERATORS.get(name).copied()
}

/// Whether this is the name of an operator that is written between two operands.
pub fn is_operator(name: &str) -> bool {
    let is_list = LISTS.contains(&name) || name.ends_with("between");
    operator(name).is_some_and(|(_, tier)| tier > Tier::And && !is_list)
}

/// The operators of two operands that are not chained: those that compare for equality.
const EQUALITY: [&str; 3] = ["==", "!=", "<>"];
/// The operators whose right operand is a list.
pub(in crate::query) const LISTS: [&str; 6] = ["in", "!in", "in~", "!in~", "has_any", "has_all"];
/// The operators of strings. They bind tighter than arithmetic, and are not chained.
const STRINGS: [&str; 27] = [
    "=~",
    "!~",
    "has",
    "!has",
    "has_cs",
    "!has_cs",
    "hasprefix",
    "!hasprefix",
    "hasprefix_cs",
    "!hasprefix_cs",
    "hassuffix",
    "!hassuffix",
    "hassuffix_cs",
    "!hassuffix_cs",
    "contains",
    "!contains",
    "contains_cs",
    "!contains_cs",
    "startswith",
    "!startswith",
    "startswith_cs",
    "!startswith_cs",
    "endswith",
    "!endswith",
    "endswith_cs",
    "!endswith_cs",
    "matches regex",
];
