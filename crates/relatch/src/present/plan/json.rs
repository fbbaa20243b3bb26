//! A plan, for programs. The shape is documented in the README.

use std::collections::BTreeMap;

use eligibility::decide::{Cause, ReasonCode, VerdictWord};
use eligibility::facts::FactName;
use fleet::VerdictCounts;
use inventory::Rejection;
use serde::Serialize;

use crate::present::inventories::InventoriesObject;
use crate::present::json::{names, pretty};
use crate::report::plan::PlanReport;
use crate::report::silence::silence;

#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
struct PlanObject<'a> {
    schema: u32,
    policy: &'a str,
    reading: &'static str,
    #[serde(flatten)]
    intake: InventoriesObject<'a>,
    newest_check_in: Option<String>,
    silence: SilenceObject,
    decisions: Decisions,
    undetermined: BTreeMap<&'static str, u64>,
    reasons: BTreeMap<&'static str, u64>,
    rules: BTreeMap<&'a str, u64>,
    needs: BTreeMap<&'static str, u64>,
    missing: BTreeMap<&'static str, u64>,
    groups: Vec<GroupObject>,
    columns: ColumnsObject<'a>,
    rejections: Vec<RejectionObject<'a>>,
    newer: Option<NewerObject<'a>>,
    devices: Option<&'a str>,
}

#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
struct SilenceObject {
    now: Option<String>,
    no_check_in: u64,
    devices: Vec<SilentObject>,
}

#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
struct SilentObject {
    more_than_days: u32,
    before_newest: u64,
    before_now: Option<u64>,
}

#[derive(Serialize)]
struct Decisions {
    eligible: u64,
    conditional: u64,
    ineligible: u64,
    undetermined: u64,
}

#[derive(Serialize)]
struct GroupObject {
    by: BTreeMap<&'static str, Option<String>>,
    devices: u64,
    decisions: Decisions,
}

#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
struct ColumnsObject<'a> {
    recognised: &'a [String],
    ignored: &'a [String],
    missing: Vec<MissingObject>,
    unknown_facts: Vec<&'static str>,
}

#[derive(Serialize)]
struct MissingObject {
    column: &'static str,
    facts: Vec<&'static str>,
}

#[derive(Serialize)]
struct RejectionObject<'a> {
    inventory: &'a str,
    row: u64,
    line: Option<u64>,
    column: Option<&'a str>,
    text: &'a str,
    expected: &'a str,
}

#[derive(Serialize)]
struct NewerObject<'a> {
    policy: &'a str,
    differs: u64,
}

pub(super) fn render(report: &PlanReport) -> String {
    let summary = &report.summary;
    let rules = &report.policy.rules;
    let causes = Cause::ALL
        .iter()
        .map(|cause| (cause.as_str(), summary.causes.get(cause).copied().unwrap_or_default()));
    pretty(&PlanObject {
        schema: 1,
        policy: &report.policy.id,
        reading: report.policy.reading.as_str(),
        intake: (&report.intake).into(),
        newest_check_in: report
            .intake
            .check_ins
            .newest()
            .map(|time| time.format("%FT%TZ").to_string()),
        silence: silence_object(report),
        decisions: decisions(&summary.verdicts),
        undetermined: causes.collect(),
        reasons: named(&summary.reasons, ReasonCode::as_str),
        rules: summary
            .rules
            .iter()
            .map(|(rule, devices)| (rules[usize::from(*rule)].id.as_str(), *devices))
            .collect(),
        needs: named(&summary.open_needs, FactName::as_str),
        missing: named(&summary.missing, FactName::as_str),
        groups: groups(report),
        columns: ColumnsObject {
            recognised: &report.intake.columns.recognised,
            ignored: &report.intake.columns.ignored,
            missing: report
                .intake
                .columns
                .missing
                .iter()
                .map(|one| MissingObject { column: one.name, facts: names(one.facts) })
                .collect(),
            unknown_facts: names(report.intake.columns.unknown),
        },
        rejections: report.intake.rejections.iter().map(rejection).collect(),
        newer: report
            .newer
            .as_ref()
            .map(|(policy, differs)| NewerObject { policy, differs: *differs }),
        devices: report.devices.as_deref(),
    })
}

fn silence_object(report: &PlanReport) -> SilenceObject {
    let intake = &report.intake;
    let silent = silence(&intake.check_ins, report.now).into_iter();
    SilenceObject {
        now: report.now.map(|now| now.to_string()),
        no_check_in: intake.rows - intake.rejected - intake.check_ins.devices(),
        devices: silent
            .map(|one| SilentObject {
                more_than_days: one.days,
                before_newest: one.before_newest,
                before_now: one.before_now,
            })
            .collect(),
    }
}

fn named<K: Copy>(
    counts: &BTreeMap<K, u64>,
    name: impl Fn(K) -> &'static str,
) -> BTreeMap<&'static str, u64> {
    counts.iter().map(|(key, devices)| (name(*key), *devices)).collect()
}

fn decisions(verdicts: &VerdictCounts) -> Decisions {
    Decisions {
        eligible: verdicts.of(VerdictWord::Eligible),
        conditional: verdicts.of(VerdictWord::Conditional),
        ineligible: verdicts.of(VerdictWord::Ineligible),
        undetermined: verdicts.of(VerdictWord::Undetermined),
    }
}

fn groups(report: &PlanReport) -> Vec<GroupObject> {
    if report.by.is_empty() {
        return Vec::new();
    }
    let groups = report.summary.groups.iter().map(|group| {
        let by = report
            .by
            .iter()
            .zip(&group.values)
            .map(|(kind, value)| (kind.as_str(), value.known().map(|value| kind.text(value))));
        GroupObject {
            by: by.collect(),
            devices: group.verdicts.devices(),
            decisions: decisions(&group.verdicts),
        }
    });
    groups.collect()
}

fn rejection((inventory, rejection): &(String, Rejection)) -> RejectionObject<'_> {
    RejectionObject {
        inventory,
        row: rejection.row,
        line: rejection.line,
        column: rejection.column.as_deref(),
        text: &rejection.text,
        expected: &rejection.expected,
    }
}
