//! The functions of times: chapter 47.
//!
//! Spec: TIM-01, TIM-02

use super::Parameter::{Datetime as Time, Long, Number, String as Text, Timespan as Span};
use super::{Evaluate, Function, Naming, Returns, constant, text};
use crate::kql::{Argument, Datetime, Dynamic, Error, ErrorKind, Timespan, Type, Unit};
use crate::kql::{add, as_real, floor, format_datetime, format_timespan, subtract};
use crate::kql::{datetime_add, datetime_diff, day_of_week, end_of, part_of, start_of};

pub(super) const FUNCTIONS: &[Function] = &[
    Function::new("now", |context, arguments| {
        let offset = arguments.first().map_or(Some(Timespan::from_ticks(0)), span);
        Ok(offset.and_then(|offset| context.now.checked_add(offset)).into())
    })
    .may_take(&[Span])
    .gives(Type::Datetime),
    Function::new("ago", |context, arguments| {
        let offset =
            span(&arguments[0]).and_then(|span| span.ticks().checked_neg()).map(Timespan::from_ticks);
        Ok(offset.and_then(|offset| context.now.checked_add(offset)).into())
    })
    .takes(&[Span])
    .gives(Type::Datetime),
    moment("startofday", |_, arguments| Ok(start(Unit::Day, arguments))).named(Naming::First),
    moment("startofweek", |_, arguments| Ok(start(Unit::Week, arguments))),
    moment("startofmonth", |_, arguments| Ok(start(Unit::Month, arguments))),
    moment("startofyear", |_, arguments| Ok(start(Unit::Year, arguments))),
    moment("endofday", |_, arguments| Ok(end(Unit::Day, arguments))),
    moment("endofweek", |_, arguments| Ok(end(Unit::Week, arguments))),
    moment("endofmonth", |_, arguments| Ok(end(Unit::Month, arguments))),
    moment("endofyear", |_, arguments| Ok(end(Unit::Year, arguments))),
    Function::new("datetime_add", |_, arguments| {
        let unit = unit(&arguments[0])?;
        let parts = arguments[1].value.as_long().zip(arguments[2].value.as_datetime());
        let sum = parts.and_then(|(count, time)| datetime_add(unit, count, time));
        Ok(sum.into())
    })
    .takes(&[Text, Long, Time])
    .gives(Type::Datetime)
    .checked(|constants| one_of(constants, &["week"])),
    Function::new("datetime_diff", |_, arguments| {
        let unit = unit(&arguments[0])?;
        if unit == Unit::Week {
            return Err(Error::new(ErrorKind::Unsupported, "datetime_diff of weeks is not specified"));
        }
        let times = arguments[1].value.as_datetime().zip(arguments[2].value.as_datetime());
        Ok(times.and_then(|(a, b)| datetime_diff(unit, a, b)).into())
    })
    .takes(&[Text, Time, Time])
    .gives(Type::Long)
    .checked(|constants| one_of(constants, &["week"])),
    Function::new("datetime_part", |_, arguments| {
        let Some(time) = arguments[1].value.as_datetime() else { return Ok(Dynamic::Null) };
        let part = part_of(text(&arguments[0]), time);
        let message = || format!("the part {:?} of a datetime is not specified", text(&arguments[0]));
        part.map(Dynamic::Long).ok_or_else(|| Error::new(ErrorKind::Unsupported, message()))
    })
    .takes(&[Text, Time])
    .gives(Type::Int)
    .checked(|constants| one_of(constants, &["week_of_year", "weekofyear", "dayofyear"])),
    part("dayofmonth", |_, arguments| Ok(part_named("day", arguments))),
    part("dayofyear", |_, arguments| Ok(part_named("dayofyear", arguments))),
    part("hourofday", |_, arguments| Ok(part_named("hour", arguments))),
    part("getmonth", |_, arguments| Ok(part_named("month", arguments))),
    part("monthofyear", |_, arguments| Ok(part_named("month", arguments))),
    part("getyear", |_, arguments| Ok(part_named("year", arguments))),
    part("week_of_year", |_, arguments| Ok(part_named("week_of_year", arguments))),
    part("weekofyear", |_, arguments| Ok(part_named("week_of_year", arguments))),
    Function::new("dayofweek", |_, arguments| {
        let day = arguments[0].value.as_datetime().and_then(day_of_week);
        Ok(day.into())
    })
    .takes(&[Time])
    .gives(Type::Timespan),
    Function::new("format_datetime", |_, arguments| {
        let Some(time) = arguments[0].value.as_datetime() else { return Ok("".into()) };
        specified(format_datetime(time, text(&arguments[1])), &arguments[1])
    })
    .takes(&[Time, Text])
    .gives(Type::String)
    .named(Naming::First)
    .checked(is_format),
    Function::new("format_timespan", |_, arguments| {
        let Some(span) = span(&arguments[0]) else { return Ok("".into()) };
        specified(format_timespan(span, text(&arguments[1])), &arguments[1])
    })
    .takes(&[Span, Text])
    .gives(Type::String)
    .named(Naming::First)
    .checked(is_format),
    Function::new("bin_at", |_, arguments| {
        let [value, step, fixed] = [0, 1, 2].map(|index| &arguments[index].value);
        let multiple = floor(&subtract(value, fixed)?, step)?;
        add(fixed, &multiple)
    })
    .takes(&[Time, Span, Time])
    .gives(Type::Datetime)
    .named(Naming::First),
    Function::new("make_datetime", |_, arguments| Ok(make_datetime(arguments)?.into()))
        .takes(&[Long, Long, Long])
        .may_take(&[Long, Long, Number])
        .gives(Type::Datetime)
        .checked(|arguments| match arguments.len() {
            4 => Err(Error::new(ErrorKind::WrongCount, "make_datetime takes 3, 5 or 6 arguments, not 4")),
            _ => Ok(()),
        }),
    Function::new("make_timespan", |_, arguments| Ok(make_timespan(arguments).into()))
        .takes(&[Long, Long])
        .may_take(&[Number, Number])
        .returns(Returns::Of(|types| match types.len() {
            2 => Ok(Type::Timespan),
            _ => Err(ErrorKind::Unsupported),
        })),
];

/// A function of a time and a number of units.
const fn moment(name: &'static str, evaluate: Evaluate) -> Function {
    Function::new(name, evaluate).takes(&[Time]).may_take(&[Long]).gives(Type::Datetime)
}

/// A function that gives a part of a time.
const fn part(name: &'static str, evaluate: Evaluate) -> Function {
    Function::new(name, evaluate).takes(&[Time]).gives(Type::Int)
}

fn span(argument: &Argument) -> Option<Timespan> {
    match argument.value {
        Dynamic::Timespan(span) => Some(span),
        _ => None,
    }
}

/// The text of a time, if its format is specified.
fn specified(text_of_time: Option<String>, format: &Argument) -> Result<Dynamic, Error> {
    let message = || format!("the format {:?} of a time is not specified", text(format));
    text_of_time.map(Dynamic::String).ok_or_else(|| Error::new(ErrorKind::Unsupported, message()))
}

fn unit(argument: &Argument) -> Result<Unit, Error> {
    let message = || format!("the unit {:?} of times is not specified", text(argument));
    Unit::from_name(text(argument)).ok_or_else(|| Error::new(ErrorKind::Unsupported, message()))
}

/// The names that are both units of time spans and parts of times.
const UNITS: [&str; 10] = [
    "year",
    "quarter",
    "month",
    "day",
    "hour",
    "minute",
    "second",
    "millisecond",
    "microsecond",
    "nanosecond",
];

/// Checks that the first argument is one of [`UNITS`] or one of these names. Their case does not matter.
///
/// Spec: TIM-10
fn one_of(constants: &[Option<Dynamic>], others: &[&str]) -> Result<(), Error> {
    let name = constant(constants, 0)?;
    let names = [&UNITS, others].concat();
    if names.iter().any(|known| known.eq_ignore_ascii_case(name)) {
        return Ok(());
    }
    Err(Error::new(ErrorKind::InvalidArgument, format!("{name:?} is none of {}", names.join(", "))))
}

/// Checks that the second argument is a format.
fn is_format(constants: &[Option<Dynamic>]) -> Result<(), Error> {
    match constant(constants, 1)? {
        "" => Err(Error::new(ErrorKind::InvalidArgument, "the format is empty")),
        _ => Ok(()),
    }
}

fn part_named(name: &str, arguments: &[Argument]) -> Dynamic {
    let part = arguments[0].value.as_datetime().and_then(|time| part_of(name, time));
    part.into()
}

/// Spec: TIM-07, TIM-08
fn start(unit: Unit, arguments: &[Argument]) -> Dynamic {
    boundary(arguments, |time, offset| start_of(unit, time, offset))
}

/// Spec: TIM-07, TIM-08
fn end(unit: Unit, arguments: &[Argument]) -> Dynamic {
    boundary(arguments, |time, offset| end_of(unit, time, offset))
}

fn boundary(arguments: &[Argument], of: impl Fn(Datetime, i64) -> Option<Datetime>) -> Dynamic {
    let offset = arguments.get(1).map_or(Some(0), |offset| offset.value.as_long());
    let time = arguments[0].value.as_datetime().zip(offset);
    time.and_then(|(time, offset)| of(time, offset)).into()
}

/// Spec: TIM-12
fn make_datetime(arguments: &[Argument]) -> Result<Option<Datetime>, Error> {
    let part = |index: usize| arguments.get(index).map_or(Some(0), |argument| argument.value.as_long());
    let seconds = arguments.get(5).map_or(Some(0.0), |argument| as_real(&argument.value));
    let (Some(year), Some(month), Some(day), Some(hour), Some(minute), Some(seconds @ 0.0..60.0)) =
        (part(0), part(1), part(2), part(3), part(4), seconds)
    else {
        return Ok(None);
    };
    let ticks = (seconds * 1e7).round();
    if ticks / 1e7 != seconds {
        let message = "make_datetime with a fraction of a tick is not specified";
        return Err(Error::new(ErrorKind::Unsupported, message));
    }
    Ok(Datetime::from_parts([year, month, day], [hour, minute], ticks as i64))
}

/// Spec: TIM-12
fn make_timespan(arguments: &[Argument]) -> Option<Timespan> {
    let [hours, minutes] = [0, 1].map(|index| arguments[index].value.as_long());
    let (hours, minutes) = (hours?, minutes?);
    ((0..24).contains(&hours) && (0..60).contains(&minutes))
        .then(|| Timespan::from_minutes(hours * 60 + minutes))
}
