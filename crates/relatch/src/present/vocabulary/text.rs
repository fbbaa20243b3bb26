//! The vocabulary of scenarios, for people.

use std::fmt::Write;

use super::json::kinds;

pub(super) fn render() -> String {
    let mut text = String::new();
    for kind in kinds() {
        if !text.is_empty() {
            text.push('\n');
        }
        let _ = writeln!(text, "{}\n\nwhat can be done", kind.kind);
        for verb in kind.verbs {
            let _ = writeln!(text, "  {verb}");
        }
        let _ = writeln!(text, "\nwhat a call can come to");
        for outcome in kind.outcomes {
            let _ = writeln!(text, "  {} = {}", outcome.name, outcome.values.join(" | "));
        }
        let _ = writeln!(text, "\nwhat can be looked at");
        for observable in kind.observables {
            let meaning = observable.meaning.unwrap_or_default();
            let values = observable.values.join(" | ");
            let _ = writeln!(text, "  {} = {values}\n      {meaning}", observable.name);
        }
    }
    text
}
