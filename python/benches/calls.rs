//! Measures the calls of calls.py in Rust: the best of seven loops of 200,000 calls, in
//! nanoseconds per call.

use std::hint::black_box;
use std::time::Instant;

use rulespec::fast::{semantics, text};
use rulespec::kql::{Dynamic, Type};

const LINE: &str =
    r#""C:\Windows\System32\bitsadmin.exe" /transfer update http://files.example/a C:\Users\Public\a.bin"#;
const NAME: &str = "ws07.corp.example";
const LOOPS: u32 = 200_000;

fn measure<T>(name: &str, call: impl Fn() -> T) {
    let round = || {
        let start = Instant::now();
        (0..LOOPS).for_each(|_| drop(black_box(call())));
        start.elapsed().as_nanos() as u64 / u64::from(LOOPS)
    };
    println!("{name:20} {:7} ns", (0..7).map(|_| round()).min().unwrap_or_default());
}

fn main() {
    let by = semantics();
    let terms = ["/Transfer", "/AddFile"].map(Dynamic::from);
    let words = Dynamic::strings(["a", "b", "c"]);
    measure("eq_ci", || text::eq_ci(black_box("BITSADMIN.EXE"), black_box("bitsadmin.exe")));
    measure("has", || (by.has)(&by, black_box(LINE), black_box("/Transfer")));
    measure("has_any", || (by.has_any)(&by, black_box(LINE), black_box(&terms)));
    measure("parse_command_line", || (by.parse_command_line)(&by, black_box(LINE), black_box("windows")));
    measure("indexof", || text::indexof(black_box(NAME), black_box(".")));
    measure("substring", || text::substring(black_box(NAME), black_box(5), None).to_owned());
    measure("element", || (by.element)(&by, black_box(&words), black_box(-1)));
    measure("tostring", || (by.tostring)(&by, black_box(&Dynamic::Long(7)), Type::Dynamic));
}
