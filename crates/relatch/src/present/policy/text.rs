//! Policies, for people.

use std::fmt::Write;

use eligibility::policy::{Conjunction, Effect, Policy, PolicyDocument, Rule, Scope};

use crate::present::paragraph::filled;
use crate::present::table::{Column, Sheet};
use crate::present::terminal::Style;

pub(crate) fn list(documents: &[PolicyDocument]) -> String {
    let rows = documents.iter().map(|document| {
        let (date, rules) = (document.documented.to_string(), document.rules.len().to_string());
        vec![document.id.clone(), date, rules, document.title.clone()]
    });
    let headings = [
        ("policy", Column::Words),
        ("documented", Column::Words),
        ("rules", Column::Number),
        ("title", Column::Words),
    ];
    let table = Sheet::new(headings, rows).table();
    let newest = documents.last().map_or("", |document| &document.id);
    let names = format!(
        "The default is {newest}, the newest. `--policy` also takes a date (2018-03-29), `latest`, \
         and the day on which a page was in force (as-of:2018-05-01)."
    );
    format!("{table}\n{}\nNext: relatch policy show {newest}\n", filled(&names))
}

pub(crate) fn show(document: &PolicyDocument, policy: &Policy) -> String {
    let mut text = String::new();
    let bold = Style::Bold;
    let _ = writeln!(text, "{bold}{}{bold:#}", document.title);
    let _ = writeln!(text, "{}, documented {}", document.id, document.documented);
    let _ = writeln!(text, "{}", document.source);
    let _ = writeln!(text, "{} reading, hit policy {}", policy.reading, document.hit_policy);
    if let Some(base) = &document.base {
        let own = document.own_rules();
        let rules = policy.rules.iter().take(own).map(|rule| format!("`{}`", rule.id));
        let rules = rules.collect::<Vec<_>>().join(", ");
        let first = if own == 0 { String::new() } else { format!("; {rules} come first") };
        let _ = writeln!(text, "extends {}{first}", base.id);
    }
    if !policy.prerequisites.is_empty() {
        let _ = writeln!(text, "\nPrerequisites");
    }
    for prerequisite in &policy.prerequisites {
        let _ = writeln!(text, "  {}: {}", prerequisite.id, prerequisite.holds);
    }
    for scope in Scope::ALL {
        for (heading, supported) in [("supported", true), ("not supported", false)] {
            let rules: Vec<_> = policy
                .rules
                .iter()
                .filter(|rule| rule.scope == *scope)
                .filter(|rule| (rule.then != Effect::Unsupported) == supported)
                .collect();
            if !rules.is_empty() {
                let _ = writeln!(text, "\n{} passcode, {heading}", scope_words(*scope));
                text.push_str(&rules_table(&rules));
            }
        }
    }
    text
}

const fn scope_words(scope: Scope) -> &'static str {
    match scope {
        Scope::Device => "Device",
        Scope::WorkProfile => "Work profile",
    }
}

fn rules_table(rules: &[&Rule]) -> String {
    use eligibility::facts::FactName::{Management, OsVersion, Platform};
    let named = [Platform, Management, OsVersion];
    let rows = rules.iter().map(|rule| {
        let values = |fact| {
            let condition = rule.when.on(fact);
            condition.map_or_else(|| "any".to_owned(), eligibility::policy::Condition::values)
        };
        let others = rule.when.conditions().iter().filter(|one| !named.contains(&one.fact));
        let others = Conjunction::new(others.cloned());
        vec![
            rule.id.clone(),
            values(Platform),
            values(Management),
            values(OsVersion),
            join(&others.to_string(), &rule.needs),
            rule.source.clone(),
        ]
    });
    let words = |heading| (heading, Column::Words);
    let headings = ["rule", "platform", "management", "version", "if", "source"].map(words);
    Sheet::new(headings, rows).table()
}

fn join(others: &str, needs: &Conjunction) -> String {
    let needs = needs.to_string();
    match (others.is_empty(), needs.is_empty()) {
        (_, true) => others.to_owned(),
        (true, false) => format!("needs {needs}"),
        (false, false) => format!("{others}; needs {needs}"),
    }
}
