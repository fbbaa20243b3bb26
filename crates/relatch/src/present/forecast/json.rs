//! A forecast, for programs.

use std::collections::BTreeMap;

use device_sim::forecast::{Ending, Interval as Counts, Outlook, Why};
use eligibility::decide::VerdictWord;
use eligibility::facts::FactName;
use eligibility::policy::Reading;
use schemars::JsonSchema;
use serde::Serialize;

use crate::json::{ByWord, Version, Word, pretty};
use crate::present::wording::{group_by, since_press};
use crate::report::forecast::ForecastReport;
use crate::report::inventories::InventoriesReport;

/// A forecast of the action on a fleet: `relatch simulate --fleet --format json`.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub(crate) struct Forecast<'a> {
    /// The version of this shape.
    schema: Version,
    /// The policy that planned.
    policy: &'a str,
    /// The reading of the policy.
    reading: Word<Reading>,
    #[serde(flatten)]
    inventories: &'a InventoriesReport,
    /// The devices for which the button is not pressed.
    not_pressed: NotPressed,
    /// The devices for which it is pressed, and which are not simulated.
    not_simulated: NotSimulated<'a>,
    /// The number of simulated devices.
    simulated: u64,
    /// The seed of all samples.
    seed: u64,
    /// The number of samples of everything unknown.
    repeats: u32,
    /// The number of virtual days.
    days: u16,
    /// The title of the assumptions.
    assumptions: &'a str,
    /// The assumptions of the command line.
    assumed: &'a [String],
    /// The devices for which each of them holds: those that can have it and whose value is
    /// unknown.
    assumed_devices: Vec<u64>,
    /// The devices by state of the action at the last checkpoint without these assumptions; null if
    /// nothing was assumed.
    #[schemars(extend("propertyNames" = { "enum": Ending::WORDS }))]
    without_assumed: Option<BTreeMap<&'static str, Interval>>,
    /// The devices for which each variable was sampled.
    sampled: BTreeMap<&'static str, u64>,
    /// The devices by state of the action, at several times after the press.
    checkpoints: Vec<Checkpoint>,
    /// The devices by the facts of `--by`.
    groups: Vec<Group>,
    /// Always empty.
    findings: [(); 0],
}

/// The devices for which the button is not pressed, by decision.
#[derive(Serialize, JsonSchema)]
struct NotPressed {
    /// The action does not work.
    ineligible: u64,
    /// The policy or the known facts do not decide.
    undetermined: u64,
}

/// The devices that are not simulated.
#[derive(Serialize, JsonSchema)]
struct NotSimulated<'a> {
    /// Their number.
    devices: u64,
    /// The devices by reason.
    reasons: BTreeMap<&'a str, u64>,
}

/// A number of devices over all samples.
#[derive(Serialize, JsonSchema)]
struct Interval {
    /// The 5th percentile.
    low: u64,
    /// The median.
    median: u64,
    /// The 95th percentile.
    high: u64,
}

/// The devices by state of the action, at one time after the press.
#[derive(Serialize, JsonSchema)]
struct Checkpoint {
    /// The time after the press, in words.
    after: String,
    /// The time after the press, in virtual seconds.
    seconds: i64,
    /// The devices by state of the action.
    #[schemars(extend("propertyNames" = { "enum": Ending::WORDS }))]
    states: BTreeMap<&'static str, Interval>,
    /// The devices by state and reason; pairs that never occur are left out.
    reasons: Vec<Reason>,
}

/// The devices whose action is in one state for one reason.
#[derive(Serialize, JsonSchema)]
struct Reason {
    /// The state of the action.
    #[schemars(extend("enum" = Ending::WORDS))]
    state: &'static str,
    /// The reason.
    #[schemars(extend("enum" = Why::WORDS))]
    reason: &'static str,
    #[serde(flatten)]
    devices: Interval,
}

/// The simulated devices with the same values of the facts of `--by`.
#[derive(Serialize, JsonSchema)]
struct Group {
    /// The values; null if unknown.
    by: ByWord<FactName, Option<String>>,
    /// The number of simulated devices.
    devices: u64,
    /// The devices by state of the action, at several times after the press.
    checkpoints: Vec<Checkpoint>,
}

impl From<Counts> for Interval {
    fn from(counts: Counts) -> Self {
        Self { low: counts.low, median: counts.median, high: counts.high }
    }
}

pub(super) fn render(report: &ForecastReport) -> String {
    let sampled =
        report.outlook.drawn().iter().map(|(variable, devices)| (variable.name(), *devices));
    let reasons = report.not_simulated.iter().map(|(reason, devices)| (reason.as_str(), *devices));
    pretty(&Forecast {
        schema: Version,
        policy: &report.policy.id,
        reading: Word(report.policy.reading),
        inventories: &report.inventories,
        not_pressed: NotPressed {
            ineligible: report.verdicts.of(VerdictWord::Ineligible),
            undetermined: report.verdicts.of(VerdictWord::Undetermined),
        },
        not_simulated: NotSimulated {
            devices: report.not_simulated_devices(),
            reasons: reasons.collect(),
        },
        simulated: report.outlook.simulated(),
        seed: report.seed,
        repeats: report.repeats,
        days: report.days,
        assumptions: &report.assumptions,
        assumed: &report.assumed,
        assumed_devices: report.outlook.given().iter().map(|(_, devices)| *devices).collect(),
        without_assumed: report.without_assumed.as_ref().map(last_states),
        sampled: sampled.collect(),
        checkpoints: checkpoints(report, None),
        groups: groups(report),
        findings: [],
    })
}

/// Returns the devices by state at the last checkpoint.
fn last_states(outlook: &Outlook) -> BTreeMap<&'static str, Interval> {
    let last = outlook.checkpoints().len() - 1;
    let state = |state: &Ending| (state.as_str(), outlook.count(None, last, *state, None).into());
    Ending::ALL.iter().map(state).collect()
}

fn checkpoints(report: &ForecastReport, group: Option<usize>) -> Vec<Checkpoint> {
    let outlook = &report.outlook;
    let checkpoints = outlook.checkpoints().iter().enumerate().map(|(checkpoint, after)| {
        let state = |state: &Ending| {
            (state.as_str(), outlook.count(group, checkpoint, *state, None).into())
        };
        let reasons = Ending::ALL.iter().flat_map(|state| {
            Why::ALL.iter().map(move |reason| {
                (*state, *reason, outlook.count(group, checkpoint, *state, Some(*reason)))
            })
        });
        let reasons = reasons.filter(|(_, _, devices)| devices.high > 0);
        Checkpoint {
            after: since_press(*after),
            seconds: after.num_seconds(),
            states: Ending::ALL.iter().map(state).collect(),
            reasons: reasons
                .map(|(state, reason, devices)| Reason {
                    state: state.as_str(),
                    reason: reason.as_str(),
                    devices: devices.into(),
                })
                .collect(),
        }
    });
    checkpoints.collect()
}

fn groups(report: &ForecastReport) -> Vec<Group> {
    if report.by.is_empty() {
        return Vec::new();
    }
    let groups = report.groups.iter().enumerate().map(|(number, (values, devices))| Group {
        by: group_by(&report.by, values).collect(),
        devices: *devices,
        checkpoints: checkpoints(report, Some(number)),
    });
    groups.collect()
}
