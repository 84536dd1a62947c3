//! The clauses of chapter 45.

use super::value;
use serde_json::json;

#[test]
fn val_01_values_are_equal_by_value() {
    assert_eq!(value("1 == 1.0 and 'a' == 'a' and 'a' != 'A'"), json!(true));
}

#[test]
fn val_02_a_dynamic_equals_a_value_of_its_own_type() {
    assert_eq!(value("dynamic(1) == 1"), json!(true));
    assert_eq!(value("dynamic('1') == 1"), json!(false));
    assert_eq!(value("1 == 'a'"), json!("unsupported"));
}

#[test]
fn val_03_one_null_is_unequal_and_two_are_null() {
    assert_eq!(value("long(null) == 1"), json!(false));
    assert_eq!(value("long(null) != 1"), json!(true));
    assert_eq!(value("long(null) == long(null)"), json!(null));
}

#[test]
fn val_04_numbers_and_times_have_an_order() {
    assert_eq!(value("1 < 1.5 and 1h <= 60m and datetime(2020-01-02) > datetime(2020-01-01)"), json!(true));
    assert_eq!(value("long(null) < 1"), json!(null));
    assert_eq!(value("'a' < 'b'"), json!("wrong-type"));
}

#[test]
fn val_05_nan_is_equal_to_nothing() {
    assert_eq!(value("real(nan) == real(nan) or real(nan) < 1.0 or real(nan) > 1.0"), json!(false));
}

#[test]
fn val_06_logic_has_three_values() {
    assert_eq!(value("bool(null) and false"), json!(false));
    assert_eq!(value("bool(null) or true"), json!(true));
    assert_eq!(value("not(bool(null) and true)"), json!(null));
}

#[test]
fn val_07_both_ends_are_in_the_range() {
    assert_eq!(value("1 between (1 .. 3) and 3 between (1 .. 3) and 4 !between (1 .. 3)"), json!(true));
    assert_eq!(value("datetime(2020-01-02) between (datetime(2020-01-01) .. 1d)"), json!(true));
    assert_eq!(value("long(null) between (1 .. 3)"), json!(null));
}

#[test]
fn val_08_the_first_true_condition_counts() {
    assert_eq!(value("case(bool(null), 1, true, 2, true, 3, 4)"), json!(2));
    assert_eq!(value("case(true, 1)"), json!("wrong-count"));
}

#[test]
fn val_09_the_first_value_that_is_given() {
    assert_eq!(value("coalesce(long(null), 2, 3)"), json!(2));
    assert_eq!(value("coalesce('', 'a')"), json!("a"));
}

#[test]
fn val_10_sums_wrap_around() {
    assert_eq!(value("9223372036854775807 + 1"), json!(i64::MIN));
}

#[test]
fn val_11_a_real_makes_a_real() {
    assert_eq!(value("gettype(int(1) + int(1))"), json!("long"));
    assert_eq!(value("1 + 0.5"), json!(1.5));
}

#[test]
fn val_12_null_makes_null() {
    assert_eq!(value("1 + long(null)"), json!(null));
}

#[test]
fn val_13_quotients_of_longs_are_rounded_towards_zero() {
    assert_eq!(value("-5 / 3"), json!(-1));
}

#[test]
fn val_14_division_by_zero() {
    assert_eq!(value("1 / 0"), json!(null));
    assert_eq!(value("1 / 0.0"), json!("Infinity"));
}

#[test]
fn val_15_remainders_are_not_negative() {
    assert_eq!(value("pack_array(-7 % 3, 7 % -3, -5.5 % 3.0)"), json!([2, 1, 0.5]));
}

#[test]
fn val_16_the_negative_of_an_int_is_a_long() {
    assert_eq!(value("-int(-2147483648)"), json!(2_147_483_648_i64));
}

#[test]
fn val_17_a_dynamic_operand_is_converted() {
    assert_eq!(value("dynamic('2') + 1"), json!(3));
    assert_eq!(value("dynamic(1) + dynamic(1)"), json!("unsupported"));
}

#[test]
fn val_20_integers_in_text() {
    assert_eq!(value("pack_array(tolong(' 7 '), tolong('0x1F'), tolong('1.5'))"), json!([7, 31, null]));
}

#[test]
fn val_21_reals_lose_their_fraction_and_saturate() {
    assert_eq!(value("pack_array(tolong(-2.9), toint(1e19))"), json!([-2, i32::MAX]));
}

#[test]
fn val_22_a_long_keeps_its_lower_half_and_a_text_does_not() {
    assert_eq!(value("toint(2147483648)"), json!(i32::MIN));
    assert_eq!(value("toint('2147483648')"), json!(null));
}

#[test]
fn val_23_reals_in_text() {
    assert_eq!(
        value("pack_array(todouble('1e3'), todouble('.5'), todouble('0x1F'))"),
        json!([1000.0, 0.5, null])
    );
}

#[test]
fn val_24_bools_in_text() {
    assert_eq!(value("pack_array(tobool('TRUE'), tobool('-1'), tobool('yes'))"), json!([true, true, null]));
}

#[test]
fn val_25_ticks_count_from_year_1() {
    assert_eq!(value("todatetime(0)"), json!("0001-01-01T00:00:00.0000000Z"));
    assert_eq!(value("todatetime('2020-02-30')"), json!(null));
}

#[test]
fn val_26_timespans_in_text() {
    assert_eq!(value("totimespan('13:00') + totimespan('1d')"), json!("1.13:00:00"));
}

#[test]
fn val_27_types_have_names() {
    assert_eq!(value("pack_array(gettype(1.5), gettype(dynamic(1.5)))"), json!(["real", "double"]));
}

#[test]
fn val_28_null_stays_null() {
    assert_eq!(value("tolong(real(null))"), json!(null));
}

#[test]
fn val_30_functions_of_reals() {
    assert_eq!(value("pack_array(sqrt(2.25), log(-1.0), abs(-3))"), json!([1.5, null, 3]));
}

#[test]
fn val_31_extremes_ignore_nulls() {
    assert_eq!(value("max_of(1, long(null), 3) - min_of(long(null), 1)"), json!(2));
}

#[test]
fn val_32_properties_of_null_are_null() {
    assert_eq!(value("isnan(real(null))"), json!(null));
    assert_eq!(value("isfinite(1.0) and isinf(1.0 / 0.0)"), json!(true));
}

#[test]
fn val_33_halves_are_rounded_away_from_zero() {
    assert_eq!(value("pack_array(round(2.5), round(-2.5), round(2.25, 1))"), json!([3.0, -3.0, 2.3]));
}

#[test]
fn val_34_a_string_is_never_null() {
    assert_eq!(value("isnull('') or isnotnull(long(null))"), json!(false));
}

#[test]
fn val_35_values_have_a_common_type() {
    assert_eq!(value("gettype(iff(true, 1, 2.5))"), json!("real"));
    assert_eq!(value("iff(true, 1, 'a')"), json!("wrong-type"));
}

#[test]
fn val_13_the_least_long_has_no_quotient_by_minus_one() {
    for expression in
        ["-9223372036854775808 / -1", "abs(-9223372036854775808)", "bin(-9223372036854775808, 7)"]
    {
        assert_eq!(value(expression), json!("unsupported"), "{expression}");
    }
    assert_eq!(value("-9223372036854775808 % -1"), json!(0));
}

#[test]
fn val_25_a_minute_has_sixty_seconds() {
    for text in
        ["2026-01-02 03:04:60", "2026-01-02T03:04:60.5Z", "20260102T030460", "2026-01-02T03:04:60+01:00"]
    {
        assert_eq!(value(&format!("todatetime('{text}')")), json!(null), "{text}");
        assert_eq!(value(&format!("datetime({text})")), json!("syntax"), "{text}");
    }
    assert_eq!(value("datetime(2026-01-02 03:04:59)"), json!("2026-01-02T03:04:59.0000000Z"));
    assert_eq!(value("todatetime('2026-01-02 03:59:00+00:00')"), json!("2026-01-02T03:59:00.0000000Z"));
}
