//! Runs a scenario, printing its trace and what was expected and not seen:
//! `cargo run -p device-sim --example run_scenario`.

use device_sim::{ScenarioDocument, run};

const SCENARIO: &str = r#"
title = "a token waits for the user"

[devices.phone]
kind = "android"
api-level = 30
enrolment = "work-profile"
lock = "4711"

[[step]]
do = "set-reset-password-token"
returns = true
expect = { work-token = "pending" }

[[step]]
do = "unlock"
user = "device"
credential = "4711"
expect = { work-token = "active" }
"#;

fn main() {
    let (trace, unmet) = run_text(SCENARIO);
    println!("{}", trace.join("\n"));
    println!("{unmet} expectations were not met");
}

/// Returns the events of a scenario file's first scenario and the number of unmet expectations.
fn run_text(text: &str) -> (Vec<String>, usize) {
    let document = ScenarioDocument::read(text).expect("a scenario without problems");
    let mut trace = Vec::new();
    let result = run(&document.scenarios[0], 1, |event| trace.push(event.to_string()));
    (trace, result.findings.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_trace_shows_the_token_becoming_active() {
        let (trace, unmet) = run_text(SCENARIO);
        assert_eq!(unmet, 0);
        assert!(trace[1].contains("work-token: pending -> active"), "{}", trace[1]);
        assert_eq!(run_text(&SCENARIO.replace("\"4711\"\nexpect", "\"0815\"\nexpect")).1, 1);
    }
}
