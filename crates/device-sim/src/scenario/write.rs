//! Writing a scenario as a file that reads back as the same scenario.

use std::fmt::Write;

use super::{Expectation, Scenario, Subject, Wanted};
use crate::model::Value;
use crate::model::duration::format_duration;
use crate::model::format_instant;
use crate::model::quote;

/// Writes a scenario; `remarks` go before it as comments, one line each.
///
/// Properties are written, too; spans are not, since the text is new.
pub fn write_scenario(scenario: &Scenario, remarks: &[String]) -> String {
    let mut text = String::new();
    for remark in remarks {
        line(&mut text, &format!("# {remark}"));
    }
    line(&mut text, &format!("title = {}", quote(&scenario.title)));
    line(&mut text, &format!("seed = {}", scenario.seed));
    line(&mut text, &format!("start = {}", format_instant(scenario.start)));
    line(&mut text, &format!("run-for = \"{}\"", format_duration(scenario.run_for)));
    for device in &scenario.devices {
        line(&mut text, &format!("\n[devices.{}]", quote(&device.name)));
        text.push_str(&device.setup.to_toml());
    }
    for step in &scenario.steps {
        line(&mut text, &format!("\n[[step]]\nat = \"{}\"", format_duration(step.at)));
        line(&mut text, &format!("on = {}", quote(&scenario.devices[step.device].name)));
        if let Some(call) = &step.call {
            line(&mut text, &format!("do = \"{}\"", call.verb()));
            text.push_str(&call.to_toml());
        }
        write_expectations(&mut text, &step.expect);
    }
    for property in &scenario.properties {
        line(&mut text, &format!("\n[[{}]]", property.mode.as_str()));
        if let Some(name) = &property.name {
            line(&mut text, &format!("name = {}", quote(name)));
        }
        line(&mut text, &format!("on = {}", quote(&scenario.devices[property.device].name)));
        if let super::Mode::Eventually(Some(within)) = property.mode {
            line(&mut text, &format!("within = \"{}\"", format_duration(within)));
        }
        if property.may_not_apply {
            line(&mut text, "may-not-apply = true");
        }
        if !property.when.is_empty() {
            line(&mut text, &format!("when = {}", table(property.when.iter())));
        }
        write_expectations(&mut text, &property.expect);
    }
    text
}

fn line(text: &mut String, content: &str) {
    writeln!(text, "{content}").expect("a string takes all text");
}

fn write_expectations(text: &mut String, expectations: &[Expectation]) {
    let (outcomes, state): (Vec<_>, Vec<_>) =
        expectations.iter().partition(|wanted| matches!(wanted.subject, Subject::Outcome(_)));
    for wanted in outcomes {
        line(text, &format!("{} = {}", wanted.subject.name(), wanted_in_toml(&wanted.wanted)));
    }
    if !state.is_empty() {
        line(text, &format!("expect = {}", table(state.into_iter())));
    }
}

fn table<'a>(expectations: impl Iterator<Item = &'a Expectation>) -> String {
    let entries: Vec<_> = expectations
        .map(|wanted| format!("{} = {}", wanted.subject.name(), wanted_in_toml(&wanted.wanted)))
        .collect();
    format!("{{ {} }}", entries.join(", "))
}

fn wanted_in_toml(wanted: &Wanted) -> String {
    match wanted {
        Wanted::AnyOf(any) => values(any),
        Wanted::NoneOf(none) => format!("{{ not = {} }}", values(none)),
        Wanted::Between(low, high) => quote(&wanted_range(*low, *high)),
    }
}

/// `>=2, <=4`: what reads back as the same range.
pub(crate) fn wanted_range(low: i64, high: i64) -> String {
    let mut parts = Vec::new();
    if low != i64::MIN || high == i64::MAX {
        parts.push(format!(">={low}"));
    }
    if high != i64::MAX {
        parts.push(format!("<={high}"));
    }
    parts.join(", ")
}

fn values(values: &[Value]) -> String {
    let written: Vec<_> = values
        .iter()
        .map(|value| match value {
            Value::Truth(_) | Value::Number(_) => value.to_string(),
            Value::Word(text) => quote(text),
            Value::Text(text) => quote(text),
        })
        .collect();
    match written.as_slice() {
        [one] => one.clone(),
        _ => format!("[{}]", written.join(", ")),
    }
}
