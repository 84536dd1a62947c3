//! Numbers and durations with three significant digits.

use super::statistics::Interval;

/// A duration in a suitable unit: `812 ns`, `1.25 µs`.
pub fn duration(ns: f64) -> String {
    let (value, unit) = match ns {
        ..1e3 => (ns, "ns"),
        ..1e6 => (ns / 1e3, "µs"),
        ..1e9 => (ns / 1e6, "ms"),
        _ => (ns / 1e9, "s"),
    };
    format!("{} {unit}", digits(value))
}

/// A number with three significant digits, or more if its integer part has more.
pub fn digits(value: f64) -> String {
    match value {
        ..0.01 => format!("{value:.4}"),
        ..0.1 => format!("{value:.3}"),
        ..10.0 => format!("{value:.2}"),
        ..100.0 => format!("{value:.1}"),
        _ => format!("{value:.0}"),
    }
}

/// The bounds of an interval: `0.20 and 0.22`.
pub fn bounds(interval: Interval) -> String {
    format!("{} and {}", digits(interval.low), digits(interval.high))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_and_ratios_have_three_digits() {
        let shown = [0.5, 812.4, 1250.0, 99_950.0, 2.5e7, 3.0e9].map(duration);
        assert_eq!(shown, ["0.50 ns", "812 ns", "1.25 µs", "100.0 µs", "25.0 ms", "3.00 s"]);
        let shown = [0.0012, 0.0123, 0.123, 1.0, 12.34, 1234.5].map(digits);
        assert_eq!(shown, ["0.0012", "0.012", "0.12", "1.00", "12.3", "1234"]);
    }
}
