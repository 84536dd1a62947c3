//! The values of literals.

use crate::kql::{Dynamic, Timespan, Type, is_guid};

/// A literal: a value and its type.
#[derive(Debug, Clone, PartialEq)]
pub struct Literal {
    /// The value.
    pub value: Dynamic,
    /// The type, which a null has too.
    pub r#type: Type,
}

impl Literal {
    /// Creates a literal.
    pub fn new(value: impl Into<Dynamic>, r#type: Type) -> Self {
        Self { value: value.into(), r#type }
    }
}

/// Returns the value of a literal that begins with a digit: a long, a real or a timespan.
///
/// Spec: QRY-07, QRY-08
pub(super) fn number(text: &str) -> Option<Literal> {
    if let Some(digits) = text.strip_prefix("0x").or_else(|| text.strip_prefix("0X")) {
        let digits = Some(digits).filter(|digits| !digits.starts_with(['+', '-']))?;
        return Some(Literal::new(i64::from_str_radix(digits, 16).ok()?, Type::Long));
    }
    if text.bytes().all(|byte| byte.is_ascii_digit()) {
        return Some(Literal::new(text.parse::<i64>().ok()?, Type::Long));
    }
    let is_real = text.bytes().all(|byte| byte.is_ascii_digit() || b".eE+-".contains(&byte));
    Some(match is_real {
        true => Literal::new(Dynamic::Real(real(text)?), Type::Real),
        false => Literal::new(Dynamic::Timespan(Timespan::with_unit(text)?), Type::Timespan),
    })
}

/// Whether this is a number of nanoseconds. Nothing says how Kusto makes ticks of them.
///
/// Spec: QRY-08
pub(super) fn is_in_nanoseconds(text: &str) -> bool {
    let unit = text.trim_start_matches(|c: char| c.is_ascii_digit() || c == '.' || c == '-');
    let is_unit = matches!(unit, "nano" | "nanos" | "nanosec" | "nanosecond" | "nanoseconds");
    is_unit && unit.len() < text.len()
}

/// Returns the value of a typed literal, such as `long(-5)`, given the name of its type and the
/// text in parentheses. Returns `None` if the text is no value of that type.
///
/// Spec: QRY-09
pub(super) fn typed(type_name: &str, text: &str) -> Option<Literal> {
    let r#type = type_named(type_name)?;
    if text == "null" {
        return Some(Literal::new(Dynamic::Null, r#type));
    }
    let value = match r#type {
        Type::Bool => Dynamic::Bool(match text {
            "true" | "1" => true,
            "false" | "0" => false,
            _ => return None,
        }),
        Type::Int => Dynamic::Long(text.parse::<i32>().ok()?.into()),
        Type::Long => match text.parse() {
            Ok(value) => Dynamic::Long(value),
            Err(_) => number(text).filter(|literal| literal.r#type == Type::Long)?.value,
        },
        Type::Real => Dynamic::Real(real(text)?),
        Type::Datetime => Dynamic::Datetime(text.parse().ok()?),
        Type::Timespan => match text.parse() {
            Ok(span) => Dynamic::Timespan(span),
            Err(_) => Dynamic::Timespan(span(text)?),
        },
        Type::Guid => Dynamic::from(is_guid(text).then(|| text.to_ascii_lowercase())?),
        Type::String | Type::Dynamic => return None,
    };
    Some(Literal::new(value, r#type))
}

/// A real: digits, or what may be in the parentheses of a typed literal instead.
fn real(text: &str) -> Option<f64> {
    match text {
        "nan" | "NaN" => Some(f64::NAN),
        "+inf" | "inf" => Some(f64::INFINITY),
        "-inf" => Some(f64::NEG_INFINITY),
        _ => text.parse().ok().filter(|value: &f64| value.is_finite()),
    }
}

/// A timespan in the parentheses of a typed literal: a number of days, one with a unit, or one that
/// ` seconds` follows.
fn span(text: &str) -> Option<Timespan> {
    let digits = text.strip_prefix('-').unwrap_or(text);
    let is_days = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
    match text.strip_suffix(" seconds") {
        Some(seconds) => Timespan::with_unit(&format!("{seconds}s")),
        None if is_days => Timespan::with_unit(&format!("{text}d")),
        None => Timespan::with_unit(text),
    }
}

/// Returns the type with this name or synonym, such as `long` or `double`.
///
/// Spec: QRY-09
pub(super) fn type_named(name: &str) -> Option<Type> {
    Some(match name {
        "boolean" => Type::Bool,
        "date" => Type::Datetime,
        "double" => Type::Real,
        "time" => Type::Timespan,
        name => return Type::from_name(name),
    })
}
