use super::{Assignments, Column, Dynamic, Error, Predicate, Profile, Row, Table, Type};

/// A replaceable set of all functions and operators of chapters 10 to 50.
///
/// The rule and the built-in engines run on such a set. The default is the reference. A set
/// with one function replaced is an engine that misreads one clause.
///
/// ```
/// use rulespec::kql::Semantics;
///
/// let mut substring = Semantics::default();
/// substring.has = |_, text, lookup| text.to_lowercase().contains(&lookup.to_lowercase());
/// assert!(substring.call_has("bitsadmin /transferred", "/Transfer"));
/// assert!(!Semantics::default().call_has("bitsadmin /transferred", "/Transfer"));
/// ```
#[derive(Debug, Clone)]
#[non_exhaustive]
#[allow(clippy::type_complexity)] // the types are the functions' own
pub struct Semantics {
    /// The choice for each open point.
    pub profile: Profile,
    /// `a =~ b`.
    pub eq_ci: fn(&Self, &str, &str) -> bool,
    /// `text has lookup`.
    pub has: fn(&Self, &str, &str) -> bool,
    /// `text has_any (lookups)`.
    pub has_any: fn(&Self, &str, &[Dynamic]) -> bool,
    /// `parse_command_line(line, parser)`.
    pub parse_command_line: fn(&Self, &str, &str) -> Result<Dynamic, Error>,
    /// `array[index]`.
    pub element: fn(&Self, &Dynamic, i64) -> Dynamic,
    /// `tostring(value)` of an expression of this type.
    pub tostring: fn(&Self, &Dynamic, Type) -> String,
    /// `indexof(text, lookup)`.
    pub indexof: fn(&Self, &str, &str) -> Option<i64>,
    /// `substring(text, start, length)`.
    pub substring: fn(&Self, &str, i64, Option<i64>) -> String,
    /// `iff(condition, then, otherwise)`.
    pub iff: fn(&Self, Option<bool>, Dynamic, Dynamic) -> Dynamic,
    /// `column_ifexists(name, default)`.
    pub column_ifexists: fn(&Self, Row<'_>, &str, Dynamic) -> Dynamic,
    /// `where`.
    pub filter: fn(&Self, &Table, &Predicate<'_>) -> Result<Table, Error>,
    /// `extend`.
    pub extend: fn(&Self, &Table, &[Column], &Assignments<'_>) -> Result<Table, Error>,
    /// `project-reorder`.
    pub project_reorder: fn(&Self, &Table, &[&str]) -> Result<Table, Error>,
    /// The functions and operators of queries without a field here that are replaced, by name.
    pub replaced: Vec<(&'static str, Replacement)>,
    /// The functions whose arguments need not be constants, by name.
    pub unchecked: Vec<&'static str>,
}

/// An argument of a function, and the type of its expression.
#[derive(Debug, Clone, PartialEq)]
pub struct Argument {
    /// The value.
    pub value: Dynamic,
    /// The type of the expression, which a null has too.
    pub r#type: Type,
}

/// A function that replaces one of the specification.
pub type Replacement = fn(&Semantics, &[Argument]) -> Result<Dynamic, Error>;

impl Default for Semantics {
    fn default() -> Self {
        Self::with_profile(Profile::default())
    }
}

impl Semantics {
    /// The reference with the choices of a profile.
    pub fn with_profile(profile: Profile) -> Self {
        Self {
            profile,
            eq_ci: |this, a, b| super::eq_ci(a, b, &this.profile),
            has: |this, text, lookup| super::has(text, lookup, &this.profile),
            has_any: |this, text, lookups| {
                lookups.iter().any(|lookup| this.call_has(text, &this.call_tostring(lookup)))
            },
            parse_command_line: |this, line, parser| super::parse_command_line(line, parser, &this.profile),
            element: |_, array, index| super::element(array, index),
            tostring: |_, value, of_type| super::tostring(value, of_type),
            indexof: |_, text, lookup| super::indexof(text, lookup),
            substring: |_, text, start, length| super::substring(text, start, length),
            iff: |_, condition, then, otherwise| super::iff(condition, then, otherwise),
            column_ifexists: |_, row, name, default| super::column_ifexists(row, name, default),
            filter: |_, table, predicate| table.filter(predicate),
            extend: |_, table, assigned, value| table.extend(assigned, value),
            project_reorder: |_, table, listed| table.project_reorder(listed),
            replaced: vec![],
            unchecked: vec![],
        }
    }

    /// Replaces a function or an operator of queries that has no field of its own.
    pub fn replace(&mut self, name: &'static str, replacement: Replacement) {
        self.replaced.retain(|(replaced, _)| *replaced != name);
        self.replaced.push((name, replacement));
    }

    /// Returns what replaces a function or an operator of queries.
    pub fn replacement(&self, name: &str) -> Option<Replacement> {
        self.replaced.iter().find(|(replaced, _)| *replaced == name).map(|(_, replacement)| *replacement)
    }

    /// Calls `has` of this set.
    pub fn call_has(&self, text: &str, lookup: &str) -> bool {
        (self.has)(self, text, lookup)
    }

    /// Calls `tostring` of this set for a dynamic value.
    pub fn call_tostring(&self, value: &Dynamic) -> String {
        (self.tostring)(self, value, Type::Dynamic)
    }
}
