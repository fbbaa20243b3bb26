//! `relatch`: what *Remove passcode / Reset passcode* will do, before it is pressed.

use std::process::ExitCode;

fn main() -> ExitCode {
    relatch::main()
}
