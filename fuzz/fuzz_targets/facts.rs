//! See `testkit::fuzzed::facts_are_read_alike`.

#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| testkit::fuzzed::facts_are_read_alike(bytes));
