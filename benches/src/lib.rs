//! Benchmarks stand in `benches/`, what they once showed in `record/`; there is no code here.
