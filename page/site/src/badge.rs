//! Badges, in the form of the endpoint of shields.io.

use rulespec_check::report::{Report, Standing};

/// The badge of an engine.
pub fn badge(report: &Report) -> String {
    let counts = report.counts();
    let (met, asked) = (counts.of(Standing::Met), counts.total());
    let badge = serde_json::json!({
        "schemaVersion": 1,
        "label": "rulespec",
        "message": format!("{met} of {asked} clauses"),
        "color": color(met, asked),
    });
    format!("{badge:#}\n")
}

/// The colour for a share of clauses.
fn color(met: usize, asked: usize) -> &'static str {
    match met * 100 / asked.max(1) {
        100 => "brightgreen",
        75.. => "green",
        50.. => "yellow",
        25.. => "orange",
        _ => "red",
    }
}

#[cfg(test)]
mod tests {
    use super::color;

    #[test]
    fn only_all_clauses_are_bright_green() {
        assert_eq!((color(106, 106), color(105, 106)), ("brightgreen", "green"));
        assert_eq!((color(53, 106), color(52, 106), color(0, 0)), ("yellow", "orange", "red"));
    }
}
