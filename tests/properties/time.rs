use proptest::prelude::*;

use rulespec::kql::{Datetime, Dynamic, Timespan, floor};

/// From 0001-01-01T00:00:00 to 9999-12-31T23:59:59.9999999, in ticks since 1970.
const DATETIMES: std::ops::RangeInclusive<i64> = -621_355_968_000_000_000..=2_534_023_007_999_999_999;

pub(super) fn any_datetime() -> impl Strategy<Value = Datetime> {
    let whole_seconds = DATETIMES.prop_map(|ticks| ticks.div_euclid(10_000_000) * 10_000_000);
    prop_oneof![DATETIMES, whole_seconds].prop_map(|ticks| Datetime::from_ticks_since_1970(ticks).unwrap())
}

/// A timespan in KQL's format.
fn any_timespan_text() -> impl Strategy<Value = String> {
    let parts = (any::<bool>(), 0..10_675_199_i64, 0..24, 0..60, 0..60, 0..10_000_000);
    let no_days = (any::<bool>(), Just(0), 0..24, 0..60, 0..60, Just(0));
    prop_oneof![parts, no_days].prop_map(|(minus, days, hours, minutes, seconds, ticks)| {
        let zero = (days, hours, minutes, seconds, ticks) == (0, 0, 0, 0, 0);
        let minus = if minus && !zero { "-" } else { "" };
        let days = if days == 0 { String::new() } else { format!("{days}.") };
        let fraction = if ticks == 0 { String::new() } else { format!(".{ticks:07}") };
        format!("{minus}{days}{hours:02}:{minutes:02}:{seconds:02}{fraction}")
    })
}

pub(super) fn any_timespan() -> impl Strategy<Value = Timespan> {
    any_timespan_text().prop_map(|text| text.parse().unwrap())
}

#[test]
fn the_first_and_the_last_datetime_can_be_formatted_and_parsed() {
    let ends = [
        (*DATETIMES.start(), "0001-01-01T00:00:00.0000000Z"),
        (*DATETIMES.end(), "9999-12-31T23:59:59.9999999Z"),
    ];
    for (ticks, text) in ends {
        let time = Datetime::from_ticks_since_1970(ticks).unwrap();
        assert_eq!(time.to_string(), text);
        assert_eq!(text.parse(), Ok(time));
        assert_eq!(text.trim_end_matches('Z').parse(), Ok(time));
    }
    assert_eq!(Datetime::from_ticks_since_1970(DATETIMES.start() - 1), None);
    assert_eq!(Datetime::from_ticks_since_1970(DATETIMES.end() + 1), None);
    assert_eq!(Datetime::from_ticks_since_1970(i64::MAX), None);
    assert_eq!(Datetime::from_ticks_since_1970(i64::MIN), None);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn formatting_and_parsing_a_datetime_is_a_round_trip(time in any_datetime()) {
        prop_assert_eq!(time.to_string().parse(), Ok(time));
        prop_assert_eq!(Datetime::from_ticks_since_1970(time.ticks_since_1970()), Some(time));
    }

    #[test]
    fn datetimes_sort_like_their_texts_and_ticks(a in any_datetime(), b in any_datetime()) {
        prop_assert_eq!(a.cmp(&b), a.to_string().cmp(&b.to_string()));
        prop_assert_eq!(a.cmp(&b), a.ticks_since_1970().cmp(&b.ticks_since_1970()));
    }

    #[test]
    fn an_offset_is_subtracted(time in any_datetime(), minutes in 1..839_i64) {
        prop_assume!(time.checked_add(Timespan::from_minutes(minutes)).is_some());
        let local = time.checked_add(Timespan::from_minutes(minutes)).unwrap().to_string();
        let text = format!("{}+{:02}:{:02}", local.trim_end_matches('Z'), minutes / 60, minutes % 60);
        prop_assert_eq!(text.parse(), Ok(time));
    }

    #[test]
    fn parsing_and_formatting_a_timespan_is_a_round_trip(text in any_timespan_text()) {
        let span: Timespan = text.parse().unwrap();
        prop_assert_eq!(span.to_string(), text);
    }

    #[test]
    fn a_timespan_of_minutes_has_their_ticks(minutes in -1_000_000..1_000_000_i64) {
        let span = Timespan::from_minutes(minutes);
        prop_assert_eq!(span.ticks(), minutes * 600_000_000);
        prop_assert_eq!(span.to_string().parse(), Ok(span));
    }

    #[test]
    fn adding_a_span_and_subtracting_it_is_a_round_trip(time in any_datetime(), minutes in 0..1_000_000_i64) {
        let there = time.checked_add(Timespan::from_minutes(minutes));
        let back = there.and_then(|there| there.checked_add(Timespan::from_minutes(-minutes)));
        prop_assert!(there.is_none() || back == Some(time));
    }

    #[test]
    fn a_bin_is_the_last_multiple_of_the_step(time in any_datetime(), minutes in 1..1_000_000_i64) {
        let step = Timespan::from_minutes(minutes);
        let bin = floor(&Dynamic::Datetime(time), &Dynamic::Timespan(step)).unwrap().as_datetime().unwrap();
        let since_year_1 = bin.ticks_since_1970() - DATETIMES.start();
        prop_assert_eq!(since_year_1.rem_euclid(step.ticks()), 0);
        prop_assert!((0..step.ticks()).contains(&(time.ticks_since_1970() - bin.ticks_since_1970())));
    }

    #[test]
    fn parsed_texts_survive_a_round_trip(text in "[-0-9.:TZ +]{0,30}") {
        if let Ok(time) = text.parse::<Datetime>() {
            prop_assert_eq!(time.to_string().parse(), Ok(time));
        }
        if let Ok(span) = text.parse::<Timespan>() {
            prop_assert_eq!(span.to_string().parse(), Ok(span));
        }
    }
}
