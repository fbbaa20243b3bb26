//! A plan, for programs.

use std::collections::BTreeMap;

use eligibility::decide::{Cause, ReasonCode, VerdictWord};
use eligibility::facts::FactName;
use eligibility::policy::Reading;
use fleet::VerdictCounts;
use inventory::Rejection;
use schemars::JsonSchema;
use serde::Serialize;

use crate::json::{ByWord, Version, Word, names, pretty};
use crate::present::remedy::{OutOfReach, RemediesObject};
use crate::present::wording::group_by;
use crate::report::caution::Caution;
use crate::report::inventories::InventoriesReport;
use crate::report::pages::Period;
use crate::report::plan::PlanReport;
use crate::report::remedy::FindOut;
use crate::report::stale::{StaleDevices, by_age};

/// The decisions for a fleet: `relatch plan --format json`.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub(crate) struct Plan<'a> {
    /// The version of this shape.
    schema: Version,
    /// The policy that decided.
    policy: &'a str,
    /// The reading of the policy.
    reading: Word<Reading>,
    #[serde(flatten)]
    inventories: &'a InventoriesReport,
    /// The latest check-in of any device, in UTC.
    latest_check_in: Option<String>,
    /// Devices that have not checked in for a while.
    stale: Stale,
    /// The devices by decision.
    decisions: Decisions,
    /// The eligible devices whose promise a caution contradicts.
    contradicted: u64,
    /// The known disagreements with the policy about devices of the inventories.
    cautions: &'a [Caution],
    /// Notes on the action.
    notes: &'a [Caution],
    /// The needed changes.
    remedies: RemediesObject<'a>,
    /// The devices that no possible changes make eligible.
    out_of_reach: Vec<OutOfReach<'a>>,
    /// The facts that would settle devices.
    find_out: &'a [FindOut],
    /// The counts of all pages, oldest first.
    pages: Vec<Page>,
    /// The undetermined devices by cause.
    undetermined: ByWord<Cause, u64>,
    /// The devices by each of their reasons.
    reasons: ByWord<ReasonCode, u64>,
    /// The devices by the rule that decides them.
    rules: BTreeMap<&'a str, u64>,
    /// The conditional devices by each unknown fact that the action requires.
    needs: ByWord<FactName, u64>,
    /// The undetermined devices by each unknown fact that would change the decision.
    missing: ByWord<FactName, u64>,
    /// The devices by the facts of `--by`.
    groups: Vec<Group>,
    /// The columns of the inventories.
    columns: Columns<'a>,
    /// The first of the rejected rows.
    rejections: Vec<Rejected<'a>>,
    /// The newest revision of the policy, if it is newer.
    newer: Option<Newer<'a>>,
    /// The list of devices that was written.
    devices: Option<&'a str>,
}

/// Devices that have not checked in for a while; an action waits for the next check-in.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
struct Stale {
    /// The date of `--now`.
    now: Option<String>,
    /// The devices without a known check-in.
    no_check_in: u64,
    /// The stale devices by age.
    devices: Vec<StaleDevices>,
}

/// Numbers of devices by decision.
#[derive(Serialize, JsonSchema)]
struct Decisions {
    /// The action works.
    eligible: u64,
    /// The action works only if the unknown facts turn out right.
    conditional: u64,
    /// The action does not work.
    ineligible: u64,
    /// The policy or the known facts do not decide.
    undetermined: u64,
}

/// Consecutive pages with the same counts.
#[derive(Serialize, JsonSchema)]
struct Page {
    /// The date of the first page.
    from: String,
    /// The date of the last page; null if the newest page is one of them.
    to: Option<String>,
    /// The devices by decision.
    decisions: Decisions,
}

/// The devices with the same values of the facts of `--by`.
#[derive(Serialize, JsonSchema)]
struct Group {
    /// The values; null if unknown.
    by: ByWord<FactName, Option<String>>,
    /// The number of devices.
    devices: u64,
    /// The devices by decision.
    decisions: Decisions,
}

/// The columns of all inventories together.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
struct Columns<'a> {
    /// The headers of the columns that were used.
    recognised: &'a [String],
    /// The headers of the columns that were not used.
    ignored: &'a [String],
    /// Those of the ignored columns whose names are not known.
    not_understood: &'a [String],
    /// The columns that an inventory lacks.
    missing: Vec<MissingColumn>,
    /// The facts that no column gives.
    unknown_facts: Vec<Word<FactName>>,
}

/// A column that an inventory lacks.
#[derive(Serialize, JsonSchema)]
struct MissingColumn {
    /// Its usual header.
    column: &'static str,
    /// The facts that it would give.
    facts: Vec<Word<FactName>>,
}

/// A row whose cells cannot be separated or contradict each other.
#[derive(Serialize, JsonSchema)]
struct Rejected<'a> {
    /// The inventory.
    inventory: &'a str,
    /// The number of the row, from 1, without the header.
    row: u64,
    /// The line on which the row begins, in inventories that have lines.
    line: Option<u64>,
    /// The header of the column at fault, if it is one column.
    column: Option<&'a str>,
    /// The text at fault.
    text: &'a str,
    /// The expected text.
    expected: &'a str,
}

/// The newest revision of the policy.
#[derive(Serialize, JsonSchema)]
struct Newer<'a> {
    /// Its id.
    policy: &'a str,
    /// The number of devices that it decides differently.
    differs: u64,
}

pub(super) fn render(report: &PlanReport) -> String {
    let summary = &report.summary;
    let rules = &report.policy.rules;
    let latest = report.inventories.check_ins.newest();
    let causes = Cause::ALL
        .iter()
        .map(|cause| (*cause, summary.causes.get(cause).copied().unwrap_or_default()));
    let newer = report.newer.as_ref();
    pretty(&Plan {
        schema: Version,
        policy: &report.policy.id,
        reading: Word(report.policy.reading),
        inventories: &report.inventories,
        latest_check_in: latest.map(|time| time.format("%FT%TZ").to_string()),
        stale: stale(report),
        decisions: decisions(&summary.verdicts),
        contradicted: report.cautions.contradicted,
        cautions: &report.cautions.cautions,
        notes: &report.cautions.notes,
        remedies: RemediesObject::of(&report.remedies, summary.verdicts.of(VerdictWord::Eligible)),
        out_of_reach: OutOfReach::all(&report.policy, &report.remedies),
        find_out: &report.remedies.find_out,
        pages: report.pages.iter().map(page).collect(),
        undetermined: causes.collect(),
        reasons: summary.reasons.iter().map(|(code, devices)| (*code, *devices)).collect(),
        rules: summary
            .rules
            .iter()
            .map(|(rule, devices)| (rules[usize::from(*rule)].id.as_str(), *devices))
            .collect(),
        needs: summary.open_needs.iter().map(|(fact, devices)| (*fact, *devices)).collect(),
        missing: summary.missing.iter().map(|(fact, devices)| (*fact, *devices)).collect(),
        groups: groups(report),
        columns: columns(&report.inventories.columns),
        rejections: report.inventories.rejections.iter().map(rejected).collect(),
        newer: newer.map(|(policy, differs)| Newer { policy, differs: *differs }),
        devices: report.devices.as_deref(),
    })
}

fn stale(report: &PlanReport) -> Stale {
    let inventories = &report.inventories;
    Stale {
        now: report.now.map(|now| now.to_string()),
        no_check_in: inventories.devices() - inventories.check_ins.devices(),
        devices: by_age(&inventories.check_ins, report.now),
    }
}

fn decisions(verdicts: &VerdictCounts) -> Decisions {
    Decisions {
        eligible: verdicts.of(VerdictWord::Eligible),
        conditional: verdicts.of(VerdictWord::Conditional),
        ineligible: verdicts.of(VerdictWord::Ineligible),
        undetermined: verdicts.of(VerdictWord::Undetermined),
    }
}

fn page(period: &Period<VerdictCounts>) -> Page {
    Page {
        from: period.from.to_string(),
        to: period.to.map(|to| to.to_string()),
        decisions: decisions(&period.answer),
    }
}

fn groups(report: &PlanReport) -> Vec<Group> {
    if report.by.is_empty() {
        return Vec::new();
    }
    let groups = report.summary.groups.iter().map(|group| Group {
        by: group_by(&report.by, &group.values).collect(),
        devices: group.verdicts.devices(),
        decisions: decisions(&group.verdicts),
    });
    groups.collect()
}

fn columns(columns: &inventory::Columns) -> Columns<'_> {
    let missing = columns.missing.iter();
    Columns {
        recognised: &columns.recognised,
        ignored: &columns.ignored,
        not_understood: &columns.not_understood,
        missing: missing
            .map(|one| MissingColumn { column: one.name, facts: names(one.facts) })
            .collect(),
        unknown_facts: names(columns.unknown),
    }
}

fn rejected((inventory, rejection): &(String, Rejection)) -> Rejected<'_> {
    Rejected {
        inventory,
        row: rejection.row,
        line: rejection.line,
        column: rejection.column.as_deref(),
        text: &rejection.text,
        expected: &rejection.expected,
    }
}
