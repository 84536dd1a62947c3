//! The clauses of chapter 47.

use super::value;
use serde_json::json;

#[test]
fn tim_01_times_end_with_year_9999() {
    assert_eq!(value("datetime(9999-12-31 23:59:59.9999999) + 1tick"), json!(null));
}

#[test]
fn tim_02_now_is_the_time_of_the_query() {
    assert_eq!(value("now() - ago(1h)"), json!("01:00:00"));
    assert_eq!(value("now()"), json!("2026-01-02T03:04:05.0000000Z"));
}

#[test]
fn tim_03_times_and_spans_are_added() {
    assert_eq!(value("datetime(2020-03-01) - datetime(2020-02-28) + 1h"), json!("2.01:00:00"));
}

#[test]
fn tim_04_spans_are_multiplied() {
    assert_eq!(value("pack_array(1h * 1.5, 1d / 1h)"), json!(["01:30:00", 24.0]));
}

#[test]
fn tim_05_bins_are_rounded_down() {
    assert_eq!(value("pack_array(bin(-7, 5), floor(2.75, 0.5), bin(7, 0))"), json!([-10, 2.5, null]));
}

#[test]
fn tim_06_bins_of_times_count_from_year_1() {
    assert_eq!(value("bin(datetime(2020-01-01), 7d)"), json!("2019-12-30T00:00:00.0000000Z"));
}

#[test]
fn tim_07_units_have_a_first_and_a_last_tick() {
    assert_eq!(
        value("endofweek(datetime(2020-06-15)) - startofweek(datetime(2020-06-15))"),
        json!("6.23:59:59.9999999")
    );
}

#[test]
fn tim_08_an_offset_moves_the_unit() {
    assert_eq!(value("startofmonth(datetime(2020-06-15), -13)"), json!("2019-05-01T00:00:00.0000000Z"));
}

#[test]
fn tim_09_a_day_that_a_month_lacks_is_its_last() {
    assert_eq!(
        value("datetime_add('month', 1, datetime(2020-01-31))"),
        json!("2020-02-29T00:00:00.0000000Z")
    );
}

#[test]
fn tim_10_starts_of_units_are_counted() {
    assert_eq!(value("datetime_diff('year', datetime(2021-01-01), datetime(2020-12-31))"), json!(1));
    assert_eq!(value("datetime_diff('week', now(), now())"), json!("unsupported"));
}

#[test]
fn tim_11_parts_of_a_time() {
    assert_eq!(value("week_of_year(datetime(2016-01-01))"), json!(53));
    assert_eq!(value("dayofweek(datetime(2020-06-15))"), json!("1.00:00:00"));
}

#[test]
fn tim_12_times_from_parts() {
    assert_eq!(value("make_timespan(2, 30)"), json!("02:30:00"));
    assert_eq!(value("make_datetime(2021, 2, 29)"), json!(null));
}

#[test]
fn tim_13_formats_of_datetimes() {
    assert_eq!(
        value("format_datetime(datetime(2020-01-05 13:04), 'h:mm tt d/M dddd')"),
        json!("1:04 PM 5/1 0505")
    );
    assert_eq!(value("format_datetime(now(), 'Q')"), json!("unsupported"));
}

#[test]
fn tim_14_formats_of_timespans() {
    assert_eq!(value("format_timespan(-150m, 'hh:mm')"), json!("-02:30"));
}

#[test]
fn tim_14_days_have_up_to_eight_letters() {
    assert_eq!(value("format_timespan(1d, 'dddddddd')"), json!("00000001"));
    for count in [9, 70_000] {
        assert_eq!(value(&format!("format_timespan(1d, '{}')", "d".repeat(count))), json!("unsupported"));
    }
}

#[test]
fn tim_14_the_least_span_has_a_text() {
    let least = "totimespan('-10675199.02:48:05.4775808')";
    assert_eq!(
        value(&format!("format_timespan({least}, 'd.hh:mm:ss.fffffff')")),
        json!("-10675199.02:48:05.4775808")
    );
}

#[test]
fn tim_04_spans_that_do_not_fit_are_not_specified() {
    let least = "totimespan('-10675199.02:48:05.4775808')";
    for expression in [
        "bin(x, 7d)",
        "floor(x, 7d)",
        "-x",
        "x - 1tick",
        "-1tick + x",
        "x * 2",
        "x * -1.5",
        "x / -1",
        "x / 0.0",
    ] {
        let expression = expression.replace('x', least);
        assert_eq!(value(&expression), json!("unsupported"), "{expression}");
    }
    assert_eq!(value(&format!("now() - {least}")), json!(null));
    assert_eq!(value(&format!("bin({least}, 1tick)")), json!("-10675199.02:48:05.4775808"));
    assert_eq!(value(&format!("{least} % -1tick")), json!("00:00:00"));
    assert_eq!(value("1h / 0"), json!(null));
    assert_eq!(value("1h % 0s"), json!(null));
}

#[test]
fn tim_12_seconds_end_before_60() {
    assert_eq!(value("make_datetime(2026, 1, 2, 3, 4, 59.9999999)"), json!("2026-01-02T03:04:59.9999999Z"));
    assert_eq!(value("make_datetime(2026, 1, 2, 3, 4, 0.1234567)"), json!("2026-01-02T03:04:00.1234567Z"));
    assert_eq!(value("make_datetime(2026, 1, 2, 3, 4, 5)"), json!("2026-01-02T03:04:05.0000000Z"));
    for parts in [
        "3, 4, 60",
        "3, 4, 60.5",
        "3, 4, -1",
        "3, 4, real(nan)",
        "3, 4, real(+inf)",
        "24, 0",
        "0, 60",
        "-1, 0",
    ] {
        assert_eq!(value(&format!("make_datetime(2026, 1, 2, {parts})")), json!(null), "{parts}");
    }
    for date in ["0, 1, 1", "10000, 1, 1", "-1, 1, 1", "2026, 13, 1", "2026, 1, 4294967297", "2026, 1, 0"] {
        assert_eq!(value(&format!("make_datetime({date})")), json!(null), "{date}");
    }
}

#[test]
fn tim_12_what_is_smaller_than_a_tick_is_not_specified() {
    for seconds in ["59.99999999", "0.00000005", "0.12345678", "1.0 / 3"] {
        assert_eq!(value(&format!("make_datetime(2026, 1, 2, 3, 4, {seconds})")), json!("unsupported"));
    }
}
