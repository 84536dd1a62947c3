//! Misreadings of chapter 47: times.

use super::definition::misreadings;
use super::values::value;
use rulespec::kql::{Argument, Datetime, Dynamic, Timespan, Unit, add, divide, floor, subtract};
use rulespec::kql::{format_datetime, format_timespan, part_of, start_of};

const HOUR: i64 = 36_000_000_000;
const DAY: i64 = 24 * HOUR;

misreadings! {
    "times-saturate" misreads "TIM-01":
        "a time before year 1 is the start of year 1",
        |engine| engine.semantics.replace("-", |_, arguments| {
            let difference = subtract(value(arguments, 0), value(arguments, 1))?;
            let is_time = value(arguments, 0).as_datetime().is_some() && !value(arguments, 1).is_null();
            Ok(match difference {
                Dynamic::Null if is_time => value(arguments, 0).clone(),
                difference => difference,
            })
        });
    "ago-without-a-clock" misreads "TIM-02":
        "`ago` is null",
        |engine| engine.semantics.replace("ago", |_, _| Ok(Dynamic::Null));
    "differences-in-whole-days" misreads "TIM-03":
        "the difference of two datetimes is in whole days",
        |engine| engine.semantics.replace("-", |_, arguments| {
            let [a, b] = [value(arguments, 0), value(arguments, 1)];
            let are_times = a.as_datetime().is_some() && b.as_datetime().is_some();
            Ok(match subtract(a, b)? {
                Dynamic::Timespan(span) if are_times => spanning(span.ticks() / DAY * DAY),
                other => other,
            })
        });
    "quotients-of-spans-are-whole" misreads "TIM-04":
        "the quotient of two timespans is a whole number",
        |engine| engine.semantics.replace("/", |_, arguments| {
            Ok(match divide(value(arguments, 0), value(arguments, 1))? {
                Dynamic::Real(quotient) => Dynamic::Real(quotient.trunc()),
                quotient => quotient,
            })
        });
    "bin-rounds-towards-zero" misreads "TIM-05":
        "`bin` of a negative number is rounded towards zero",
        |engine| engine.semantics.replace("bin", |_, arguments| match [value(arguments, 0), value(arguments, 1)] {
            [Dynamic::Long(of), Dynamic::Long(step @ 1..)] => Ok((of / step * step).into()),
            [of, step] => floor(of, step),
        });
    "bins-count-from-1970" misreads "TIM-06":
        "the bins of datetimes are counted from 1970",
        |engine| engine.semantics.replace("bin", |_, arguments| match [value(arguments, 0), value(arguments, 1)] {
            [Dynamic::Datetime(time), step @ Dynamic::Timespan(_)] => {
                let since_1970 = floor(&spanning(time.ticks_since_1970()), step)?;
                add(&Dynamic::Datetime(Datetime::UNIX_EPOCH), &since_1970)
            }
            [of, step] => floor(of, step),
        });
    "weeks-begin-on-monday" misreads "TIM-07":
        "a week begins on Monday",
        |engine| engine.semantics.replace("startofweek", |_, arguments| {
            let day = |time: Datetime| time.checked_add(Timespan::from_ticks(-DAY));
            let sunday = value(arguments, 0).as_datetime().and_then(day).and_then(|time| start_of(Unit::Week, time, 0));
            Ok(sunday.and_then(|sunday| sunday.checked_add(Timespan::from_ticks(DAY))).map_or(Dynamic::Null, Dynamic::Datetime))
        });
    "offset-of-days-ignored" misreads "TIM-08":
        "`startofday` has no offset",
        |engine| engine.semantics.replace("startofday", |_, arguments| Ok(day_of(arguments)));
    "months-have-thirty-days" misreads "TIM-09":
        "a month has thirty days",
        |engine| engine.semantics.replace("datetime_add", |_, arguments| {
            let days = match value(arguments, 0).as_str() {
                Some("month") => 30,
                Some("week") => 7,
                _ => 365,
            };
            let ticks = value(arguments, 1).as_long().and_then(|count| count.checked_mul(days * DAY));
            add(value(arguments, 2), &ticks.map_or(Dynamic::Null, spanning))
        });
    "differences-in-whole-units" misreads "TIM-10":
        "`datetime_diff` counts whole units between the times",
        |engine| engine.semantics.replace("datetime_diff", |_, arguments| {
            let unit = if value(arguments, 0).as_str() == Some("hour") { HOUR } else { DAY };
            Ok(match subtract(value(arguments, 1), value(arguments, 2))? {
                Dynamic::Timespan(span) => (span.ticks() / unit).into(),
                other => other,
            })
        });
    "weeks-count-from-the-first-of-january" misreads "TIM-11":
        "the first week of a year begins on the first of January",
        |engine| engine.semantics.replace("week_of_year", |_, arguments| {
            let days = value(arguments, 0).as_datetime().and_then(|time| part_of("dayofyear", time));
            Ok(days.map_or(Dynamic::Null, |days| Dynamic::Long((days - 1) / 7 + 1)))
        });
    "hours-carry-into-days" misreads "TIM-12":
        "`make_timespan` of 25 hours is a day and an hour",
        |engine| engine.semantics.replace("make_timespan", |_, arguments| {
            let [hours, minutes] = [0, 1].map(|index| value(arguments, index).as_long());
            let minutes = hours.zip(minutes).and_then(|(hours, minutes)| hours.checked_mul(60)?.checked_add(minutes));
            let ticks = minutes.and_then(|minutes| minutes.checked_mul(HOUR / 60));
            Ok(ticks.map_or(Dynamic::Null, spanning))
        });
    "h-counts-to-24" misreads "TIM-13":
        "`h` of `format_datetime` counts to 24",
        |engine| engine.semantics.replace("format_datetime", |_, arguments| {
            let time = value(arguments, 0).as_datetime();
            let format = value(arguments, 1).as_str().unwrap_or_default().replace('h', "H");
            Ok(time.and_then(|time| format_datetime(time, &format)).unwrap_or_default().into())
        });
    "spans-lose-their-sign" misreads "TIM-14":
        "the text of a negative timespan has no sign",
        |engine| engine.semantics.replace("format_timespan", |_, arguments| {
            let Dynamic::Timespan(span) = value(arguments, 0) else { return Ok("".into()) };
            let text = format_timespan(*span, value(arguments, 1).as_str().unwrap_or_default());
            Ok(text.unwrap_or_default().trim_start_matches('-').into())
        });
}

fn spanning(ticks: i64) -> Dynamic {
    Dynamic::Timespan(Timespan::from_ticks(ticks))
}

fn day_of(arguments: &[Argument]) -> Dynamic {
    let start = value(arguments, 0).as_datetime().and_then(|time| start_of(Unit::Day, time, 0));
    start.map_or(Dynamic::Null, Dynamic::Datetime)
}
