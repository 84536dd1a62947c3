//! The functions and operators that an expression can call.

mod arithmetic;
mod comparison;
mod conversion;
mod strings;
mod time;

use super::run::Context;
use crate::kql::{Argument, Dynamic, Error, ErrorKind, Type, as_real};

/// A function or an operator of KQL.
///
/// Spec: QRY-40
pub struct Function {
    /// Its name in KQL.
    pub name: &'static str,
    /// The parameters that must be given.
    pub required: &'static [Parameter],
    /// The parameters that may follow.
    pub optional: &'static [Parameter],
    /// The parameter that may be repeated at the end.
    pub rest: Option<Parameter>,
    /// The type of the result.
    pub returns: Returns,
    /// The name of an unnamed column with its result.
    pub naming: Naming,
    /// What is checked of the arguments when a call is bound, given those that are constants.
    pub check: Option<Check>,
    evaluation: Evaluation,
}

/// How a function is evaluated.
enum Evaluation {
    /// By a function of all arguments.
    Call(Evaluate),
    /// By a function of a real; the result is null if the argument is.
    Real(fn(f64) -> f64),
    /// By a conversion of the first argument; the result is null if it cannot be converted.
    Conversion(fn(&Dynamic) -> Option<Dynamic>),
}

/// A function of the arguments of a call.
type Evaluate = fn(Context<'_>, &[Argument]) -> Result<Dynamic, Error>;

/// A check of the arguments that are constants.
pub type Check = fn(&[Option<Dynamic>]) -> Result<(), Error>;

/// What a parameter accepts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Parameter {
    /// Any value.
    Any,
    /// A string.
    String,
    /// A string, or a dynamic that is converted to one.
    Text,
    /// Any value, which is converted to a string.
    AsText,
    /// A bool.
    Bool,
    /// A bool, or a dynamic that is one.
    Truth,
    /// An int or a long.
    Long,
    /// A number.
    Number,
    /// A point in time.
    Datetime,
    /// A length of time.
    Timespan,
    /// A value that has an order among those of its type.
    Ordered,
    /// A dynamic.
    Dynamic,
}

impl Parameter {
    /// Whether an argument of this type is accepted.
    pub fn accepts(self, r#type: Type) -> bool {
        match self {
            Self::Any | Self::AsText => true,
            Self::String => r#type == Type::String,
            Self::Text => matches!(r#type, Type::String | Type::Dynamic),
            Self::Bool => r#type == Type::Bool,
            Self::Truth => matches!(r#type, Type::Bool | Type::Dynamic),
            Self::Long => matches!(r#type, Type::Int | Type::Long),
            Self::Number => matches!(r#type, Type::Int | Type::Long | Type::Real),
            Self::Datetime => r#type == Type::Datetime,
            Self::Timespan => r#type == Type::Timespan,
            Self::Ordered => !matches!(r#type, Type::Guid | Type::Dynamic),
            Self::Dynamic => r#type == Type::Dynamic,
        }
    }

    /// What is accepted, for messages.
    pub fn expected(self) -> &'static str {
        match self {
            Self::Any | Self::AsText => "any value",
            Self::String => "a string",
            Self::Text => "a string or a dynamic",
            Self::Bool => "a bool",
            Self::Truth => "a bool or a dynamic",
            Self::Long => "a long",
            Self::Number => "a number",
            Self::Datetime => "a datetime",
            Self::Timespan => "a timespan",
            Self::Ordered => "a number, a time, a string or a bool",
            Self::Dynamic => "a dynamic",
        }
    }
}

/// The type of a result.
#[derive(Clone, Copy)]
pub enum Returns {
    /// Always this type.
    Type(Type),
    /// What a function says of the types of the arguments: the type of the result, or the kind of error.
    Of(ReturnsOf),
    /// The common type of the arguments that can be the result, given their index and number.
    Common(fn(usize, usize) -> bool),
}

/// The type of a result for the types of the arguments.
pub type ReturnsOf = fn(&[Type]) -> Result<Type, ErrorKind>;

/// The name of an unnamed column.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Naming {
    /// `Column1` and so on.
    Numbered,
    /// That of the first argument.
    First,
    /// This word, `_`, and the name of the first argument.
    Prefixed(&'static str),
}

impl Function {
    /// A function without parameters, for the tables of functions.
    const fn new(name: &'static str, evaluate: Evaluate) -> Self {
        Self::with(name, Evaluation::Call(evaluate))
    }

    /// A function without parameters that is evaluated in this way.
    const fn with(name: &'static str, evaluation: Evaluation) -> Self {
        Self {
            name,
            required: &[],
            optional: &[],
            rest: None,
            returns: Returns::Type(Type::Dynamic),
            naming: Naming::Numbered,
            check: None,
            evaluation,
        }
    }

    /// Adds the parameters that must be given.
    const fn takes(self, required: &'static [Parameter]) -> Self {
        Self { required, ..self }
    }

    /// Adds parameters that may be given.
    const fn may_take(self, optional: &'static [Parameter]) -> Self {
        Self { optional, ..self }
    }

    /// Adds a parameter that may be repeated.
    const fn takes_more(self, rest: Parameter) -> Self {
        Self { rest: Some(rest), ..self }
    }

    /// Sets the type of the result.
    const fn gives(self, r#type: Type) -> Self {
        Self { returns: Returns::Type(r#type), ..self }
    }

    /// Sets how the type of the result is determined.
    const fn returns(self, returns: Returns) -> Self {
        Self { returns, ..self }
    }

    /// Sets how an unnamed column with the result is named.
    const fn named(self, naming: Naming) -> Self {
        Self { naming, ..self }
    }

    /// Sets what is checked when a call is bound.
    const fn checked(self, check: Check) -> Self {
        Self { check: Some(check), ..self }
    }

    /// Returns the function or operator with this name.
    ///
    /// ```
    /// use rulespec::query::Function;
    ///
    /// assert_eq!(Function::find("has").unwrap().name, "has");
    /// assert!(Function::find("Has").is_none());
    /// ```
    pub fn find(name: &str) -> Option<&'static Self> {
        Self::all().find(|function| function.name == name)
    }

    /// Returns every function and operator.
    pub fn all() -> impl Iterator<Item = &'static Self> {
        TABLES.iter().copied().flatten()
    }

    /// The parameter that an argument is for, given how many there are.
    pub fn parameter(&self, index: usize, count: usize) -> Option<Parameter> {
        if self.name == "case" && index.is_multiple_of(2) && index + 1 < count {
            return Some(Parameter::Bool);
        }
        self.required.iter().chain(self.optional).nth(index).copied().or(self.rest)
    }

    /// Calls the function, or what replaces it in the semantics.
    ///
    /// # Errors
    ///
    /// Returns the error of the function.
    pub fn call(&self, context: Context<'_>, arguments: &[Argument]) -> Result<Dynamic, Error> {
        match context.kql.replacement(self.name) {
            Some(replacement) => replacement(context.kql, arguments),
            None => match self.evaluation {
                Evaluation::Call(evaluate) => evaluate(context, arguments),
                Evaluation::Real(function) => {
                    let value = arguments.first().and_then(|argument| as_real(&argument.value));
                    Ok(value.map(function).into())
                }
                Evaluation::Conversion(convert) => {
                    Ok(arguments.first().and_then(|argument| convert(&argument.value)).into())
                }
            },
        }
    }
}

impl PartialEq for Function {
    fn eq(&self, other: &Self) -> bool {
        self.name == other.name
    }
}

impl std::fmt::Debug for Function {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.name)
    }
}

/// Every function and operator, by chapter.
const TABLES: [&[Function]; 8] = [
    strings::TEXT,
    strings::SEARCH,
    strings::LISTS,
    strings::PATTERNS,
    comparison::FUNCTIONS,
    arithmetic::FUNCTIONS,
    conversion::FUNCTIONS,
    time::FUNCTIONS,
];

/// The string of an argument, which must be a constant.
///
/// Spec: RGX-03, STR-20
fn constant(constants: &[Option<Dynamic>], index: usize) -> Result<&str, Error> {
    let constant = constants.get(index).and_then(Option::as_ref).and_then(Dynamic::as_str);
    constant.ok_or_else(not_constant)
}

/// The error for an argument that is not a constant.
fn not_constant() -> Error {
    Error::new(ErrorKind::InvalidArgument, "this argument must be a constant")
}

/// The text of an argument whose parameter is [`Parameter::Text`] or [`Parameter::AsText`].
fn text(argument: &Argument) -> &str {
    argument.value.as_str().unwrap_or_default()
}

/// The value of an argument as a bool; none if it is null.
fn truth(argument: &Argument) -> Option<bool> {
    argument.value.as_bool()
}
