//! The recorded benchmark results in `benches/record/` are valid.

use std::collections::HashSet;
use std::fs::File;

#[test]
fn recorded_times_are_medians_within_their_intervals() {
    let mut rows = csv::Reader::from_path("benches/record/times.csv").unwrap();
    let header = ["time", "commit", "cores", "cpu", "bench", "way", "median_ns", "low_ns", "high_ns"];
    assert_eq!(rows.headers().unwrap().iter().collect::<Vec<_>>(), header);
    let mut seen = HashSet::new();
    for row in rows.records() {
        let row = row.unwrap();
        row[0].parse::<jiff::Timestamp>().unwrap();
        let ns = [&row[7], &row[6], &row[8]].map(|ns| ns.parse::<f64>().unwrap());
        assert!(ns[0] > 0.0 && ns.is_sorted(), "{row:?}");
        assert!(row[2].parse::<usize>().unwrap() > 0 && !row[1].is_empty(), "{row:?}");
        assert!(seen.insert([&row[0], &row[4], &row[5]].map(str::to_owned)), "duplicate: {row:?}");
    }
    assert!(!seen.is_empty());
}

#[test]
fn recorded_instructions_have_a_count_for_each_function_and_name_the_compiler() {
    let file = File::open("benches/record/instructions.csv").unwrap();
    let mut rows = csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(file);
    let rows: Vec<csv::StringRecord> = rows.records().map(Result::unwrap).collect();
    assert!(rows[0][0].starts_with("# rustc "), "{:?}", rows[0]);
    assert_eq!(rows[1].iter().collect::<Vec<_>>(), ["function", "instructions"]);
    let names: HashSet<&str> = rows[2..].iter().map(|row| &row[0]).collect();
    assert_eq!(names.len(), rows.len() - 2);
    assert!(rows[2..].iter().all(|row| row[1].parse::<u64>().is_ok_and(|count| count > 0)));
}
