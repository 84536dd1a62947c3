//! The scalar expressions that the rule uses, and functions that build them.

/// A scalar expression of KQL, limited to the forms that the rule uses.
///
/// Its `Display` is KQL text.
///
/// ```
/// use rulespec::rule::Expression;
///
/// let predicate = Expression::column("FileName").eq_ci(Expression::string("bitsadmin.exe"));
/// assert_eq!(predicate.to_string(), r#"FileName =~ "bitsadmin.exe""#);
/// ```
///
/// Spec: RUL-38
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Expression {
    /// A column of the input.
    Column(String),
    /// A string literal.
    String(String),
    /// A `long` literal.
    Long(i64),
    /// `a =~ b`.
    EqCi(Box<Expression>, Box<Expression>),
    /// `text has lookup`.
    Has(Box<Expression>, Box<Expression>),
    /// `text has_any (lookup, …)`.
    HasAny(Box<Expression>, Vec<Expression>),
    /// `a and b`.
    And(Box<Expression>, Box<Expression>),
    /// `a or b`.
    Or(Box<Expression>, Box<Expression>),
    /// `column_ifexists("name", default)`.
    ColumnIfExists(String, Box<Expression>),
    /// `parse_command_line(line, parser)`.
    ParseCommandLine(Box<Expression>, Box<Expression>),
    /// `array[index]`.
    Element(Box<Expression>, Box<Expression>),
    /// `tostring(value)`.
    ToString(Box<Expression>),
    /// `iff(condition, then, otherwise)`.
    Iff(Box<Expression>, Box<Expression>, Box<Expression>),
    /// `substring(text, start)` or `substring(text, start, length)`.
    Substring(Box<Expression>, Box<Expression>, Option<Box<Expression>>),
    /// `indexof(text, lookup)`.
    IndexOf(Box<Expression>, Box<Expression>),
    /// `a + b`.
    Add(Box<Expression>, Box<Expression>),
}

impl Expression {
    /// A column of the input.
    pub fn column(name: &str) -> Self {
        Self::Column(name.to_owned())
    }

    /// A string literal.
    pub fn string(text: &str) -> Self {
        Self::String(text.to_owned())
    }

    /// `self =~ other`.
    pub fn eq_ci(self, other: Self) -> Self {
        Self::EqCi(self.into(), other.into())
    }

    /// `self has lookup`.
    pub fn has(self, lookup: Self) -> Self {
        Self::Has(self.into(), lookup.into())
    }

    /// `self has_any (lookup, …)`.
    pub fn has_any(self, lookups: impl IntoIterator<Item = Self>) -> Self {
        Self::HasAny(self.into(), lookups.into_iter().collect())
    }

    /// `self and other`.
    pub fn and(self, other: Self) -> Self {
        Self::And(self.into(), other.into())
    }

    /// `self or other`.
    pub fn or(self, other: Self) -> Self {
        Self::Or(self.into(), other.into())
    }

    /// `column_ifexists("name", default)`.
    pub fn column_ifexists(name: &str, default: Self) -> Self {
        Self::ColumnIfExists(name.to_owned(), default.into())
    }

    /// `parse_command_line(self, parser)`.
    pub fn parse_command_line(self, parser: Self) -> Self {
        Self::ParseCommandLine(self.into(), parser.into())
    }

    /// `self[index]`.
    pub fn element(self, index: Self) -> Self {
        Self::Element(self.into(), index.into())
    }

    /// `tostring(self)`.
    pub fn tostring(self) -> Self {
        Self::ToString(self.into())
    }

    /// `iff(self, then, otherwise)`.
    pub fn iff(self, then: Self, otherwise: Self) -> Self {
        Self::Iff(self.into(), then.into(), otherwise.into())
    }

    /// `substring(self, start, length)`, or `substring(self, start)` if there is no length.
    pub fn substring(self, start: Self, length: impl Into<Option<Self>>) -> Self {
        Self::Substring(self.into(), start.into(), length.into().map(Box::new))
    }

    /// `indexof(self, lookup)`.
    pub fn indexof(self, lookup: Self) -> Self {
        Self::IndexOf(self.into(), lookup.into())
    }

    /// `self + other`.
    #[allow(clippy::should_implement_trait)] // consistent with the other builders
    pub fn add(self, other: Self) -> Self {
        Self::Add(self.into(), other.into())
    }

    /// Calls `change` on every node of the expression, operands first.
    pub fn rewrite(&mut self, change: &mut dyn FnMut(&mut Self)) {
        match self {
            Self::Column(_) | Self::String(_) | Self::Long(_) => {}
            Self::ToString(a) | Self::ColumnIfExists(_, a) => a.rewrite(change),
            Self::EqCi(a, b)
            | Self::Has(a, b)
            | Self::And(a, b)
            | Self::Or(a, b)
            | Self::IndexOf(a, b)
            | Self::Add(a, b)
            | Self::ParseCommandLine(a, b)
            | Self::Element(a, b)
            | Self::Substring(a, b, None) => [a, b].into_iter().for_each(|part| part.rewrite(change)),
            Self::Iff(a, b, c) | Self::Substring(a, b, Some(c)) => {
                [a, b, c].into_iter().for_each(|part| part.rewrite(change));
            }
            Self::HasAny(a, lookups) => {
                a.rewrite(change);
                lookups.iter_mut().for_each(|part| part.rewrite(change));
            }
        }
        change(self);
    }
}
