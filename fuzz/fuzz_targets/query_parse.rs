#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| rulespec_testing::targets::query_parse(bytes));
