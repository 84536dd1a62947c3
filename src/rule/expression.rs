use crate::kql::{Column, Dynamic, Error, ErrorKind, Row, Semantics, Type};

/// A scalar expression of KQL, of the kinds the rule uses.
///
/// Its `Display` is KQL text.
///
/// ```
/// use rulespec::rule::Expression;
///
/// let name = Expression::column("FileName");
/// let predicate = Expression::EqCi(Box::new(name), Box::new(Expression::string("bitsadmin.exe")));
/// assert_eq!(predicate.to_string(), r#"FileName =~ "bitsadmin.exe""#);
/// ```
///
/// Spec: RUL-38
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
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

    /// The type of the expression over these columns.
    ///
    /// KQL binds a query before it runs it, so what is wrong here is an error
    /// even for a table without rows.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::UnknownColumn`] where it names a column that is not there;
    /// [`ErrorKind::WrongType`] where an operand has not the type it must have.
    ///
    /// Spec: RUL-03, RUL-14, RUL-17
    pub fn type_in(&self, columns: &[Column]) -> Result<Type, Error> {
        let operand = |operand: &Self, r#type| self.require(operand, r#type, columns);
        let coerced = |operand: &Self| self.require_text(operand, columns);
        match self {
            Self::Column(name) => column_type(name, columns),
            Self::String(_) => Ok(Type::String),
            Self::Long(_) => Ok(Type::Long),
            Self::EqCi(a, b) | Self::Has(a, b) => {
                coerced(a).and(operand(b, Type::String)).and(Ok(Type::Bool))
            }
            Self::HasAny(text, lookups) => {
                let lookups = lookups.iter().try_for_each(|lookup| operand(lookup, Type::String));
                coerced(text).and(lookups).and(Ok(Type::Bool))
            }
            Self::And(a, b) | Self::Or(a, b) => {
                operand(a, Type::Bool).and(operand(b, Type::Bool)).and(Ok(Type::Bool))
            }
            Self::ColumnIfExists(name, default) => self.default_type(name, default, columns),
            Self::ParseCommandLine(line, parser) => {
                operand(line, Type::String).and(operand(parser, Type::String)).and(Ok(Type::Dynamic))
            }
            Self::Element(array, index) => {
                operand(array, Type::Dynamic).and(operand(index, Type::Long)).and(Ok(Type::Dynamic))
            }
            Self::ToString(value) => value.type_in(columns).and(Ok(Type::String)),
            Self::Iff(condition, then, otherwise) => {
                let r#type = operand(condition, Type::Bool).and(then.type_in(columns))?;
                operand(otherwise, r#type).and(Ok(r#type))
            }
            Self::Substring(text, start, length) => {
                let length = length.iter().try_for_each(|length| operand(length, Type::Long));
                coerced(text).and(operand(start, Type::Long)).and(length).and(Ok(Type::String))
            }
            Self::IndexOf(text, lookup) => coerced(text).and(coerced(lookup)).and(Ok(Type::Long)),
            Self::Add(a, b) => operand(a, Type::Long).and(operand(b, Type::Long)).and(Ok(Type::Long)),
        }
    }

    /// The left operand of `=~`, `has` and `has_any`, and the texts of `indexof` and `substring`,
    /// may be dynamic; then their text counts.
    ///
    /// Spec: RUL-17
    fn require_text(&self, operand: &Self, columns: &[Column]) -> Result<(), Error> {
        match operand.type_in(columns)? {
            Type::Dynamic => Ok(()),
            _ => self.require(operand, Type::String, columns),
        }
    }

    fn require(&self, operand: &Self, r#type: Type, columns: &[Column]) -> Result<(), Error> {
        let found = operand.type_in(columns)?;
        if found == r#type {
            return Ok(());
        }
        let detail = format!("{operand} is of type {found}, and must be of type {type} in {self}");
        Err(Error::new(ErrorKind::WrongType, detail))
    }

    /// Spec: RUL-03
    fn default_type(&self, name: &str, default: &Self, columns: &[Column]) -> Result<Type, Error> {
        let r#type = default.type_in(columns)?;
        if columns.iter().any(|column| column.name == name) {
            self.require(&Self::column(name), r#type, columns)?;
        }
        Ok(r#type)
    }

    /// The value of the expression for one row.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::UnknownColumn`] and [`ErrorKind::WrongType`] only where
    /// [`Expression::type_in`] has one too; [`ErrorKind::UnknownParser`].
    pub fn evaluate(&self, row: Row<'_>, by: &Semantics) -> Result<Dynamic, Error> {
        Ok(match self {
            Self::Column(name) => row.cell(name)?.clone(),
            Self::String(text) => Dynamic::String(text.clone()),
            Self::Long(value) => Dynamic::Long(*value),
            Self::EqCi(a, b) => (by.eq_ci)(by, &a.text(row, by)?, &b.text(row, by)?).into(),
            Self::Has(text, lookup) => (by.has)(by, &text.text(row, by)?, &lookup.text(row, by)?).into(),
            Self::HasAny(text, lookups) => {
                let lookups = lookups.iter().map(|lookup| lookup.evaluate(row, by));
                let lookups: Vec<Dynamic> = lookups.collect::<Result<_, _>>()?;
                (by.has_any)(by, &text.text(row, by)?, &lookups).into()
            }
            Self::And(a, b) => truth(and(a.truth(row, by)?, b.truth(row, by)?)),
            Self::Or(a, b) => truth(or(a.truth(row, by)?, b.truth(row, by)?)),
            Self::ColumnIfExists(name, default) => {
                (by.column_ifexists)(by, row, name, default.evaluate(row, by)?)
            }
            Self::ParseCommandLine(line, parser) => {
                (by.parse_command_line)(by, &line.text(row, by)?, &parser.text(row, by)?)?
            }
            Self::Element(array, index) => match index.long(row, by)? {
                Some(index) => (by.element)(by, &array.evaluate(row, by)?, index),
                None => Dynamic::Null,
            },
            Self::ToString(value) => {
                (by.tostring)(by, &value.evaluate(row, by)?, value.type_in(row.columns())?).into()
            }
            Self::Iff(condition, then, otherwise) => {
                let (then, otherwise) = (then.evaluate(row, by)?, otherwise.evaluate(row, by)?);
                (by.iff)(by, condition.truth(row, by)?, then, otherwise)
            }
            Self::Substring(text, start, length) => part(text, start, length.as_deref(), row, by)?,
            Self::IndexOf(text, lookup) => {
                let at = (by.indexof)(by, &text.text(row, by)?, &lookup.text(row, by)?);
                at.map_or(Dynamic::Null, Dynamic::Long)
            }
            Self::Add(a, b) => match (a.long(row, by)?, b.long(row, by)?) {
                (Some(a), Some(b)) => Dynamic::Long(a.wrapping_add(b)),
                _ => Dynamic::Null,
            },
        })
    }
}

impl Expression {
    /// The text of the expression for one row; of a dynamic value, what `tostring` makes of it.
    ///
    /// Spec: TXT-04, RUL-17
    fn text(&self, row: Row<'_>, by: &Semantics) -> Result<String, Error> {
        match self.evaluate(row, by)? {
            Dynamic::String(text) => Ok(text),
            // A string is never null: see TXT-04.
            Dynamic::Null => Ok(String::new()),
            value if self.type_in(row.columns())? == Type::Dynamic => Ok(by.call_tostring(&value)),
            _ => Err(self.wrong_type(Type::String)),
        }
    }

    fn long(&self, row: Row<'_>, by: &Semantics) -> Result<Option<i64>, Error> {
        match self.evaluate(row, by)? {
            Dynamic::Long(value) => Ok(Some(value)),
            Dynamic::Null => Ok(None),
            _ => Err(self.wrong_type(Type::Long)),
        }
    }

    /// The truth of the expression for one row; `None` where it is null.
    pub(super) fn truth(&self, row: Row<'_>, by: &Semantics) -> Result<Option<bool>, Error> {
        match self.evaluate(row, by)? {
            Dynamic::Bool(value) => Ok(Some(value)),
            Dynamic::Null => Ok(None),
            _ => Err(self.wrong_type(Type::Bool)),
        }
    }

    fn wrong_type(&self, r#type: Type) -> Error {
        Error::new(ErrorKind::WrongType, format!("{self} must be of type {type}"))
    }
}

fn part(
    text: &Expression,
    start: &Expression,
    length: Option<&Expression>,
    row: Row<'_>,
    by: &Semantics,
) -> Result<Dynamic, Error> {
    let text = text.text(row, by)?;
    let length = length.map(|length| length.long(row, by)).transpose()?;
    Ok(match (start.long(row, by)?, length) {
        (Some(start), None) => (by.substring)(by, &text, start, None).into(),
        (Some(start), Some(Some(length))) => (by.substring)(by, &text, start, Some(length)).into(),
        _ => Type::String.empty(),
    })
}

fn column_type(name: &str, columns: &[Column]) -> Result<Type, Error> {
    let column = columns.iter().find(|column| column.name == name);
    column.map(|column| column.r#type).ok_or_else(|| crate::kql::table::unknown(name))
}

fn truth(value: Option<bool>) -> Dynamic {
    value.map_or(Dynamic::Null, Dynamic::Bool)
}

fn and(a: Option<bool>, b: Option<bool>) -> Option<bool> {
    match (a, b) {
        (Some(false), _) | (_, Some(false)) => Some(false),
        (Some(true), Some(true)) => Some(true),
        _ => None,
    }
}

fn or(a: Option<bool>, b: Option<bool>) -> Option<bool> {
    and(a.map(|a| !a), b.map(|b| !b)).map(|neither| !neither)
}
