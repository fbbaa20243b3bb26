//! The vocabulary of scenarios, for people.

use std::fmt::Write;

use super::json::models;

pub(super) fn render() -> String {
    let mut text = String::new();
    for model in models() {
        if !text.is_empty() {
            text.push('\n');
        }
        let _ = writeln!(text, "{}\n\nverbs", model.model);
        for verb in model.verbs {
            let _ = writeln!(text, "  {verb}");
        }
        let _ = writeln!(text, "\noutcomes of calls");
        for outcome in model.outcomes {
            let _ = writeln!(text, "  {} = {}", outcome.name, outcome.values.join(" | "));
        }
        let _ = writeln!(text, "\nobservables");
        for observable in model.observables {
            let values = observable.values.join(" | ");
            let meaning = observable.meaning;
            let _ = writeln!(text, "  {} = {values}\n      {meaning}", observable.name);
        }
    }
    text
}
