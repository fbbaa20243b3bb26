//! See `testkit::fuzzed::message_is_read_back`.

#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| testkit::fuzzed::message_is_read_back(bytes));
