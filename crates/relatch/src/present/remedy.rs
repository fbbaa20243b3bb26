//! The changes that a fleet needs, and the facts to find out.

use std::fmt::Write;

use eligibility::decide::ReasonCode;
use eligibility::facts::FactName;
use eligibility::policy::Policy;
use fleet::Step;
use schemars::JsonSchema;
use serde::Serialize;

use super::html::Html;
use super::paragraph::{filled, labelled};
use super::table::{Column, Sheet, grouped};
use super::wording;
use crate::json::Word;
use crate::report::remedy::Remedies;

/// The best measures, and what they leave.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub(super) struct RemediesObject<'a> {
    /// The costs.
    costs: &'a str,
    /// The best sets of one, two and three measures, as long as each makes more devices eligible.
    measures: Vec<MeasuresObject>,
    /// Changes that the policy rewards and a caution contradicts; they count nowhere.
    contradicted: Vec<Contradicted<'a>>,
}

/// A set of measures.
#[derive(Serialize, JsonSchema)]
struct MeasuresObject {
    /// The measures.
    measures: Vec<Measure>,
    /// The devices that become eligible.
    unlocked: u64,
    /// All devices that are eligible then.
    eligible: u64,
    /// The cost.
    cost: u64,
}

/// A change of one fact.
#[derive(Serialize, JsonSchema)]
struct Measure {
    /// The fact.
    fact: Word<FactName>,
    /// Its new value; of a version, the least.
    to: String,
}

/// A change that a caution contradicts.
#[derive(Serialize, JsonSchema)]
struct Contradicted<'a> {
    /// The measures.
    measures: Vec<Measure>,
    /// The name of the caution.
    caution: &'a str,
    /// The devices.
    devices: u64,
}

/// Devices that no possible changes make eligible.
#[derive(Serialize, JsonSchema)]
pub(super) struct OutOfReach<'a> {
    /// The reason that the action does not work.
    reason: Word<ReasonCode>,
    /// The rule or prerequisite behind it.
    clause: Option<&'a str>,
    /// The devices.
    devices: u64,
}

impl<'a> RemediesObject<'a> {
    pub(super) fn of(remedies: &'a Remedies, eligible: u64) -> Self {
        let measures = remedies.measures.iter().map(|one| MeasuresObject {
            measures: measures(&one.steps),
            unlocked: one.unlocked,
            eligible: eligible + one.unlocked,
            cost: one.cost,
        });
        let contradicted = remedies.contradicted.iter().map(|(steps, caution, devices)| {
            Contradicted { measures: self::measures(steps), caution, devices: *devices }
        });
        Self {
            costs: &remedies.costs,
            measures: measures.collect(),
            contradicted: contradicted.collect(),
        }
    }
}

impl<'a> OutOfReach<'a> {
    pub(super) fn all(policy: &'a Policy, remedies: &Remedies) -> Vec<Self> {
        let each = remedies.out_of_reach.iter().map(|(reason, devices)| Self {
            reason: Word(reason.code),
            clause: reason.clause.map(|clause| policy.clause_id(clause)),
            devices: *devices,
        });
        each.collect()
    }
}

fn measures(steps: &[Step]) -> Vec<Measure> {
    let each =
        steps.iter().map(|step| Measure { fact: Word(step.fact), to: step.fact.text(step.value) });
    each.collect()
}

/// Returns changes in a few words: `reset-token=active + os-version>=8.0`.
pub(super) fn changes(steps: &[Step]) -> String {
    let each = steps.iter().map(|step| {
        let sign = if step.fact == FactName::OsVersion { ">=" } else { "=" };
        format!("{}{sign}{}", step.fact, step.fact.text(step.value))
    });
    each.collect::<Vec<_>>().join(" + ")
}

/// Returns changes as actions of a person.
fn to_do(steps: &[Step]) -> String {
    let each = steps.iter().map(|step| {
        let value = step.fact.text(step.value);
        match (step.fact, value.as_str()) {
            (FactName::Management, mode) => format!("re-enroll as {mode}"),
            (FactName::OsVersion, version) => format!("update to {version} or later"),
            (FactName::PasscodeRequired, "true") => "require a passcode".to_owned(),
            (FactName::PasscodeSet, "true") => "have a passcode set".to_owned(),
            (FactName::ResetToken, "active") => "activate the reset token".to_owned(),
            (fact, value) => format!("set {fact} to {value}"),
        }
    });
    each.collect::<Vec<_>>().join(", ")
}

/// Adds the most useful changes and their effects.
pub(super) fn first(text: &mut String, remedies: &Remedies, eligible: u64) {
    if let Some(best) = remedies.find_out.iter().max_by_key(|one| (one.alone, one.devices)) {
        let alone = match best.alone {
            0 => "with other facts".to_owned(),
            alone if alone == best.devices => "alone".to_owned(),
            alone => format!("{} of them alone", grouped(alone)),
        };
        let settles =
            format!("{}, which settles {}, {alone}", best.fact, wording::devices(best.devices));
        let _ = write!(text, "\n{}", labelled(0, "Find out first: ", &settles));
    }
    if remedies.measures.is_empty() {
        return;
    }
    let _ = write!(text, "{}", what_to_change(remedies, eligible, "eligible").text());
    let _ = writeln!(text, "Costs: {}.", remedies.costs);
}

/// Returns the sets of measures, with a heading for the devices that are eligible then.
fn what_to_change(remedies: &Remedies, eligible: u64, then: &str) -> Sheet {
    let rows = remedies.measures.iter().map(|one| {
        let all = grouped(eligible + one.unlocked);
        vec![to_do(&one.steps), format!("+{}", grouped(one.unlocked)), all, grouped(one.cost)]
    });
    let headings = [
        ("what to change", Column::Words),
        ("gain", Column::Number),
        (then, Column::Number),
        ("cost", Column::Number),
    ];
    Sheet::new(headings, rows)
}

/// Adds what to find out, what to change and what stays out of reach to a page.
pub(super) fn in_page(html: &mut Html, policy: &Policy, remedies: &Remedies, eligible: u64) {
    if !remedies.find_out.is_empty() {
        html.leaf("h3", &[], "Find out, instead of changing anything");
        let mut facts: Vec<_> = remedies.find_out.iter().collect();
        facts.sort_by_key(|one| std::cmp::Reverse((one.alone, one.devices)));
        let rows = facts.into_iter().map(|one| {
            let place = one.place.clone().unwrap_or_default();
            vec![one.fact.to_string(), grouped(one.devices), grouped(one.alone), place]
        });
        let headings = [
            ("fact", Column::Words),
            ("settles devices", Column::Number),
            ("of them alone", Column::Number),
            ("where to find it", Column::Words),
        ];
        html.table("Facts to find out", &Sheet::new(headings, rows));
    }
    if !remedies.measures.is_empty() {
        html.leaf("h3", &[], "Change: what unlocks most");
        html.table("What to change", &what_to_change(remedies, eligible, "eligible then"));
        html.leaf("p", &[("class", "quiet")], &format!("Costs: {}.", remedies.costs));
    }
    for line in not_counted(remedies) {
        html.leaf("p", &[], &line);
    }
    if !remedies.out_of_reach.is_empty() {
        html.leaf("h3", &[], "Out of reach of every change");
        let rows = remedies
            .out_of_reach
            .iter()
            .map(|(reason, devices)| vec![grouped(*devices), wording::reason(policy, reason)]);
        let headings = [("devices", Column::Number), ("because", Column::Words)];
        html.table("Out of reach", &Sheet::new(headings, rows));
    }
}

/// Returns the changes that a caution contradicts, as sentences.
fn not_counted(remedies: &Remedies) -> impl Iterator<Item = String> {
    remedies.contradicted.iter().map(|(steps, caution, devices)| {
        let change = format!("{} for {}", to_do(steps), wording::devices(*devices));
        format!("Not counted: {change}, which caution `{caution}` contradicts.")
    })
}

/// Adds the devices out of reach, and the sources of facts.
pub(super) fn details(text: &mut String, policy: &Policy, remedies: &Remedies) {
    if !remedies.contradicted.is_empty() {
        text.push('\n');
    }
    for line in not_counted(remedies) {
        text.push_str(&filled(&line));
    }
    if !remedies.out_of_reach.is_empty() {
        let all = remedies.out_of_reach.iter().map(|(_, devices)| devices).sum();
        let _ = writeln!(text, "\nOut of reach of every change: {}", wording::devices(all));
        for (reason, devices) in &remedies.out_of_reach {
            let label = format!("{:>7}  ", grouped(*devices));
            text.push_str(&labelled(2, &label, &wording::reason(policy, reason)));
        }
    }
    if !remedies.find_out.is_empty() {
        let _ = writeln!(text, "\nTo find out, instead of changing anything");
        for one in &remedies.find_out {
            let alone = match one.alone {
                0 => "with other facts".to_owned(),
                alone if alone == one.devices => "alone".to_owned(),
                alone => format!("{} alone", grouped(alone)),
            };
            let label = format!("{}  ", one.fact);
            let place = one.place.as_deref().map(|place| format!(": {place}")).unwrap_or_default();
            let settles = format!("settles {}, {alone}{place}", wording::devices(one.devices));
            text.push_str(&labelled(2, &label, &settles));
        }
    }
}
