//! What every evaluator and every room must show. One binary; this is its table of contents.

mod android;
