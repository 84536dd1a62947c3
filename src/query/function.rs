//! The functions and operators that an expression can call.

mod comparison;
mod strings;
mod values;

use super::run::Context;
use crate::kql::{Argument, Dynamic, Error, Type};

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
    evaluate: fn(Context<'_>, &[Argument]) -> Result<Dynamic, Error>,
}

/// What a parameter accepts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Parameter {
    /// Any value.
    Any,
    /// A string.
    String,
    /// A string, or a dynamic that is converted to one.
    Text,
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
    /// A dynamic.
    Dynamic,
}

impl Parameter {
    /// Whether an argument of this type is accepted.
    pub fn accepts(self, r#type: Type) -> bool {
        match self {
            Self::Any => true,
            Self::String => r#type == Type::String,
            Self::Text => matches!(r#type, Type::String | Type::Dynamic),
            Self::Bool => r#type == Type::Bool,
            Self::Truth => matches!(r#type, Type::Bool | Type::Dynamic),
            Self::Long => matches!(r#type, Type::Int | Type::Long),
            Self::Number => matches!(r#type, Type::Int | Type::Long | Type::Real | Type::Dynamic),
            Self::Datetime => matches!(r#type, Type::Datetime | Type::Dynamic),
            Self::Timespan => matches!(r#type, Type::Timespan | Type::Dynamic),
            Self::Dynamic => r#type == Type::Dynamic,
        }
    }

    /// What is accepted, for messages.
    pub fn expected(self) -> &'static str {
        match self {
            Self::Any => "any value",
            Self::String => "a string",
            Self::Text => "a string or a dynamic",
            Self::Bool => "a bool",
            Self::Truth => "a bool or a dynamic",
            Self::Long => "a long",
            Self::Number => "a number",
            Self::Datetime => "a datetime",
            Self::Timespan => "a timespan",
            Self::Dynamic => "a dynamic",
        }
    }
}

/// The type of a result.
#[derive(Clone, Copy)]
pub enum Returns {
    /// Always this type.
    Type(Type),
    /// What a function says of the types of the arguments; none if they do not fit.
    Of(fn(&[Type]) -> Option<Type>),
    /// The common type of the arguments that can be the result, given their index and number.
    Common(fn(usize, usize) -> bool),
}

/// The name of an unnamed column.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Naming {
    /// `Column1` and so on.
    Numbered,
    /// That of the first argument.
    First,
    /// The name of the function, `_`, and the name of the first argument.
    Prefixed,
}

impl Function {
    /// A function without parameters, for the tables of functions.
    const fn new(
        name: &'static str,
        evaluate: fn(Context<'_>, &[Argument]) -> Result<Dynamic, Error>,
    ) -> Self {
        Self {
            name,
            required: &[],
            optional: &[],
            rest: None,
            returns: Returns::Type(Type::Dynamic),
            naming: Naming::Numbered,
            evaluate,
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
    #[allow(dead_code)]
    const fn named(self, naming: Naming) -> Self {
        Self { naming, ..self }
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

    /// The parameter that an argument is for.
    pub fn parameter(&self, index: usize) -> Option<Parameter> {
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
            None => (self.evaluate)(context, arguments),
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
const TABLES: [&[Function]; 3] = [strings::FUNCTIONS, comparison::FUNCTIONS, values::FUNCTIONS];

/// The text of an argument whose parameter is [`Parameter::Text`].
fn text(argument: &Argument) -> &str {
    argument.value.as_str().unwrap_or_default()
}

/// The value of an argument as a bool; none if it is null.
fn truth(argument: &Argument) -> Option<bool> {
    argument.value.as_bool()
}
