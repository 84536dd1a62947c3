use jiff::{SignedDuration, Timestamp, tz};
use proptest::prelude::*;

use super::*;

fn read_in(text: &str, unzoned: Unzoned<'_>) -> String {
    match Stamp::parse(text).map(|stamp| stamp.reading(unzoned)) {
        Some(Reading::Known(time)) => time.to_string(),
        Some(Reading::Undecided(Candidates { month_first, day_first })) => {
            format!("{month_first} or {day_first}")
        }
        Some(Reading::NoZone) => "local".to_owned(),
        Some(Reading::OutOfRange) | None => "not understood".to_owned(),
    }
}

fn utc(text: &str) -> String {
    read_in(text, Unzoned::Utc)
}

#[track_caller]
fn assert_all(texts: &[&str], expected: &str) {
    for text in texts {
        assert_eq!(utc(text), expected, "{text:?}");
    }
}

#[test]
fn tel_80_iso_8601_is_read_in_its_variants() {
    assert_all(
        &[
            "2026-11-24T18:20:55.1234567Z",
            "2026-11-24T18:20:55.123456789123456789Z",
            "2026-11-24t18:20:55,1234567z",
            "2026-11-24 18:20:55.1234567",
            "2026-11-24 18:20:55.1234567 UTC",
            "2026-11-24 18:20:55.1234567 GMT",
            "2026-11-24T19:20:55.1234567+01:00",
            "2026-11-24T19:20:55.1234567+01:00[Europe/Berlin]",
            "2026-11-24 13:20:55.1234567 -0500",
            "2026-11-24T13:20:55.1234567-0500",
            "2026-11-24 19:20:55.1234567+01",
            "20261124T182055.1234567Z",
            "2026/11/24 18:20:55.1234567",
            "2026-11-24, 6:20:55.1234567 p.m.",
            "  2026-11-24 18:20:55.1234567 \u{a0}",
        ],
        "2026-11-24T18:20:55.1234567Z",
    );
    assert_all(&["2016-12-31T23:59:60Z", "20161231T235960.0Z"], "2016-12-31T23:59:59.0000000Z");
    assert_all(&["2026-11-24", "20261124T000000Z", "2026-11-24T00:00"], "2026-11-24T00:00:00.0000000Z");
}

#[test]
fn tel_80_a_number_is_a_time_of_this_century() {
    assert_all(
        &[
            "1795544455.1234567",
            "1795544455.12345678",
            "1.7955444551234567e9",
            "1795544455123.4567",
            "1795544455123456.7",
            "1795544455123456789",
            "134400180551234567",
        ],
        "2026-11-24T18:20:55.1234567Z",
    );
    assert_all(
        &["1795544455", "1795544455000", "/Date(1795544455000)/", "/Date(1795544455000+0100)/"],
        "2026-11-24T18:20:55.0000000Z",
    );
    // A date, a time of 1970, one of 2612 and .NET's ticks.
    assert_all(
        &[
            "20261124",
            "1",
            "20261124182055",
            "639148512551234567",
            "/Date()/",
            "/Date(1+x)/",
            "1e999",
            "1e-999",
        ],
        "not understood",
    );
    assert_eq!(utc("/Date(-62135596800000)/"), "0001-01-01T00:00:00.0000000Z");
}

#[test]
fn tel_80_the_forms_of_portals_and_systems_are_read() {
    assert_all(
        &[
            "11/24/2026, 6:20:55 PM",
            "11/24/2026, 6:20:55\u{202f}PM",
            "\u{200e}11\u{200e}/\u{200e}24\u{200e}/\u{200e}2026\u{200e} \u{200e}6\u{200e}:\u{200e}20\u{200e}:\u{200e}55\u{200e} \u{200e}PM",
            "11/24/2026 6:20:55 pm",
            "11/24/2026, 7:20:55 PM GMT+1",
            "24/11/2026, 18:20:55",
            "24/11/2026 18:20:55",
            "24/11/2026, 6:20:55 p.\u{a0}m.",
            "24-11-2026 18:20:55",
            "24.11.2026 18:20:55",
            "24.11.2026, 18:20:55",
            "24. 11. 2026 18:20:55",
            "24.11.2026 18.20.55",
            "2026. 11. 24. 18:20:55",
            "2026/11/24 18:20:55",
            "Nov 24, 2026 6:20:55 PM",
            "Nov 24, 2026, 6:20:55 P.M.",
            "Nov 24, 2026 @ 18:20:55.000",
            "November 24, 2026 at 6:20:55 PM",
            "Tuesday, November 24, 2026 6:20:55 PM",
            "Tue Nov 24 18:20:55 2026",
            "Tue Nov 24 18:20:55 UTC 2026",
            "Tue Nov 24 2026 19:20:55 GMT+0100 (Central European Standard Time)",
            "24 Nov 2026 18:20:55",
            "24-Nov-2026 18:20:55",
            "Tue, 24 Nov 2026 18:20:55 +0000",
            "Tue, 24 Nov 2026 18:20:55 GMT",
            "Tue, 24 Nov 2026 13:20:55 EST",
            "Tue, 24 Nov 2026 13:20:55 -0500 (EST)",
            "24 Nov 2026 10:20:55 PST",
        ],
        "2026-11-24T18:20:55.0000000Z",
    );
    assert_all(&["11/24/2026 12:00 AM", "24.11.2026", "Nov 24, 2026"], "2026-11-24T00:00:00.0000000Z");
    assert_all(&["11/24/2026 12:05:06 PM"], "2026-11-24T12:05:06.0000000Z");
}

#[test]
fn tel_80_what_is_not_a_time_is_not_understood() {
    assert_all(
        &[
            "",
            "yesterday",
            "2026-13-01",
            "2026-02-30T00:00:00Z",
            "2026-11-24T24:00:00Z",
            "2026-11-24T18:61:00Z",
            "2026-11-24T18:20:55.",
            "2026-11-24T18:20:55X",
            "2026-11-24T18:20:55 CET",
            "2026-11-24T18:20:55+16:00",
            "2026-11-24T18:20:55+01:60",
            "2026-11-24T18:20:55[Europe/Berlin]",
            "2026-11-24T18:20:55Z and more",
            "2026-11/24 18:20:55",
            "0000-01-01T00:00:00Z",
            "11/24/26, 6:20:55 PM",
            "13/13/2026 18:20:55",
            "11/24/2026, 18:20:55 PM",
            "11/24/2026, 0:20:55 AM",
            "Nov 24 18:20:55",
            "Nov 31, 2026 6:20:55 PM",
            "Wed, 24 Nov 2026 18:20:55 GMT",
            "24 Smarch 2026 18:20:55",
            "24.11.2026 um 18:20:55",
            "2026-11-24T18:20:55\u{661}Z",
        ],
        "not understood",
    );
    let long = format!("2026-11-24T18:20:55.{}Z", "1".repeat(200));
    assert_all(&[&long], "not understood");
}

#[test]
fn tel_81_day_and_month_are_told_apart_only_by_what_is_no_date() {
    let orders = |month_first, day_first| DateOrders { month_first, day_first };
    for (text, expected) in [
        ("6/24/2026, 6:20:55 PM", orders(true, false)),
        ("24/6/2026 18:20:55", orders(false, true)),
        ("24-06-2026 18:20:55", orders(false, true)),
        ("6/3/2026 18:20:55", orders(false, false)),
        ("6/6/2026 18:20:55", orders(false, false)),
        ("24.6.2026 18:20:55", orders(false, false)),
        ("2026-06-24", orders(false, false)),
        ("2026/06/24", orders(false, false)),
        ("24", orders(false, false)),
        ("Wed 6/3/2026", orders(true, false)),
    ] {
        assert_eq!(super::orders(text), expected, "{text}");
    }
    assert_eq!(utc("6/3/2026, 6:20:55 PM"), "2026-06-03T18:20:55.0000000Z or 2026-03-06T18:20:55.0000000Z");
    assert_eq!(utc("3.6.2026 18:20:55"), "2026-06-03T18:20:55.0000000Z");
    assert_eq!(utc("6/6/2026 18:20:55"), "2026-06-06T18:20:55.0000000Z");
}

#[test]
fn tel_82_a_local_time_is_in_the_given_zone_unless_it_names_one() {
    let zone: TimeZone = "America/New_York".parse().unwrap();
    let local = |text| read_in(text, Unzoned::Local(Some(&zone)));
    assert_eq!(local("11/24/2026, 1:20:55 PM"), "2026-11-24T18:20:55.0000000Z");
    assert_eq!(local("2026-07-24 14:20:55"), "2026-07-24T18:20:55.0000000Z");
    assert_eq!(local("2026-11-24T18:20:55Z"), "2026-11-24T18:20:55.0000000Z");
    assert_eq!(local("1795544455"), "2026-11-24T18:20:55.0000000Z");
    // Clocks are set back at 2:00 on 2026-11-01, and forward at 2:00 on 2026-03-08.
    assert_eq!(local("2026-11-01 01:30:00"), "2026-11-01T05:30:00.0000000Z");
    assert_eq!(local("2026-03-08 02:30:00"), "2026-03-08T07:30:00.0000000Z");
    assert_eq!(read_in("11/24/2026, 1:20:55 PM", Unzoned::Local(None)), "local");
    assert_eq!(read_in("6/3/2026, 1:20:55 PM", Unzoned::Local(None)), "local");
    assert_eq!(read_in("2026-11-24T18:20:55+01", Unzoned::Local(None)), "2026-11-24T17:20:55.0000000Z");
}

#[test]
fn tel_82_a_zone_is_a_name_or_an_offset() {
    for (text, shown) in [
        ("europe/berlin", "Europe/Berlin"),
        ("UTC", "UTC"),
        ("+02:00", "+02:00"),
        ("-0530", "-05:30"),
        ("+00:00", "UTC"),
    ] {
        assert_eq!(text.parse::<TimeZone>().unwrap().to_string(), shown);
    }
    for text in ["", "Nowhere", "+25:00", "+2", "02:00", "Etc/Unknown", "../etc/passwd"] {
        assert!(text.parse::<TimeZone>().is_err(), "{text}");
    }
}

/// Writes an instant in each form, each with what it is truncated to.
fn forms(instant: Timestamp, zone: &tz::TimeZone) -> Vec<(String, SignedDuration)> {
    let (tick, second) = (SignedDuration::from_nanos(100), SignedDuration::from_secs(1));
    let zoned = instant.to_zoned(zone.clone());
    let utc = instant.to_zoned(tz::TimeZone::UTC);
    let mut forms: Vec<(String, SignedDuration)> = [
        ("%Y-%m-%dT%H:%M:%S%.9f%:z", tick),
        ("%Y-%m-%d %H:%M:%S.%7N %z", tick),
        ("%Y%m%dT%H%M%S,%9N%z", tick),
        ("%a, %d %b %Y %H:%M:%S %z", second),
        ("%b %d, %Y %I:%M:%S %p %z", second),
        ("%A, %B %d, %Y at %I:%M:%S %P %:z", second),
        ("%a %b %e %H:%M:%S %z %Y", second),
        ("%a %m/%d/%Y, %I:%M:%S\u{202f}%p GMT%:z", second),
        ("%d.%m.%Y %H:%M:%S.%9N %:z", tick),
    ]
    .into_iter()
    .map(|(format, unit)| (zoned.strftime(format).to_string(), unit))
    .collect();
    let utc_forms = [("%Y-%m-%d %H:%M:%S%.9f UTC", tick), ("%d %b %Y %H:%M:%S", second)];
    forms.extend(utc_forms.map(|(format, unit)| (utc.strftime(format).to_string(), unit)));
    let nanoseconds = instant.as_nanosecond();
    forms.push((format!("{}.{:09}", nanoseconds / 1_000_000_000, nanoseconds % 1_000_000_000), tick));
    forms.push((instant.as_second().to_string(), second));
    let millisecond = SignedDuration::from_millis(1);
    forms.push((instant.as_millisecond().to_string(), millisecond));
    forms.push((format!("/Date({})/", instant.as_millisecond()), millisecond));
    forms.push((instant.as_microsecond().to_string(), SignedDuration::from_micros(1)));
    forms.push((nanoseconds.to_string(), tick));
    forms.push((((nanoseconds / 100) + 116_444_736_000_000_000).to_string(), tick));
    forms
}

fn ticks(duration: SignedDuration) -> i64 {
    i64::try_from(duration.as_nanos() / 100).unwrap()
}

proptest! {
    #[test]
    fn an_instant_reads_back_the_same_in_every_form_and_zone(
        nanoseconds in 946_684_800_000_000_000_i128..4_102_444_800_000_000_000,
        zone in prop::sample::select(vec!["UTC", "Europe/Berlin", "America/St_Johns", "Asia/Kathmandu", "Pacific/Apia"]),
    ) {
        let instant = Timestamp::from_nanosecond(nanoseconds).unwrap();
        let database = tz::TimeZoneDatabase::bundled();
        for (text, unit) in forms(instant, &database.get(zone).unwrap()) {
            let unit = ticks(unit);
            let expected = i64::try_from(nanoseconds / 100).unwrap() / unit * unit;
            let expected = Datetime::from_ticks_since_1970(expected).unwrap();
            // Day and month may be told apart by their weekday, or not.
            let read = utc(&text);
            prop_assert!(read.split(" or ").any(|read| read == expected.to_string()), "{text} is {read}");
        }
    }

    #[test]
    fn a_local_time_reads_back_the_same_in_its_zone(
        seconds in 946_684_800_i64..4_102_444_800,
        zone in prop::sample::select(vec!["Europe/Berlin", "America/St_Johns", "Pacific/Apia"]),
    ) {
        let instant = Timestamp::from_second(seconds).unwrap();
        let zoned = instant.to_zoned(tz::TimeZoneDatabase::bundled().get(zone).unwrap());
        let zone: TimeZone = zone.parse().unwrap();
        let text = zoned.strftime("%Y-%m-%d %H:%M:%S").to_string();
        let expected = zoned.datetime().to_zoned(zoned.time_zone().clone()).unwrap().timestamp().as_second();
        let expected = Datetime::from_ticks_since_1970(expected * 10_000_000).unwrap();
        prop_assert_eq!(read_in(&text, Unzoned::Local(Some(&zone))), expected.to_string());
    }

    #[test]
    fn no_text_panics(text in "\\PC{0,40}", damaged in "[0-9TZ:/. +,eapmAPM-]{0,30}") {
        let zone: TimeZone = "America/New_York".parse().unwrap();
        for text in [text, damaged] {
            let _ = (super::read(&text, None), super::read(&text, Some(&zone)), text.parse::<TimeZone>());
        }
    }

    #[test]
    fn what_the_specification_reads_as_iso_8601_is_the_same_here(
        text in "[0-9]{4}-[01][0-9]-[0-3][0-9][T ][0-2][0-9]:[0-6][0-9]:[0-6][0-9](\\.[0-9]{1,9})?(Z|[+-](0[0-9]|1[0-5]):?[0-5][0-9])?",
    ) {
        // A leap second of telemetry is the second before it.
        let mut iso = text.clone();
        if &text[17..19] == "60" {
            iso.replace_range(17..19, "59");
        }
        let expected = iso.parse::<Datetime>().map_or("not understood".to_owned(), |time| time.to_string());
        prop_assert_eq!(utc(&text), expected);
    }
}
