//! See `testkit::fuzzed::packed_is_read_or_refused`.

#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| testkit::fuzzed::packed_is_read_or_refused(bytes));
