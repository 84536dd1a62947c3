#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| rulespec::targets::event_log(bytes));
