//! A forecast, for programs. The shape is documented in the README.

use std::collections::BTreeMap;

use device_sim::forecast::{Ending, Interval, Why};
use eligibility::decide::VerdictWord;
use serde::Serialize;

use crate::present::inventories::InventoriesObject;
use crate::present::json::pretty;
use crate::present::wording::since_press;
use crate::report::forecast::ForecastReport;

#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
struct ForecastObject<'a> {
    schema: u32,
    policy: &'a str,
    reading: &'static str,
    #[serde(flatten)]
    intake: InventoriesObject<'a>,
    not_pressed: NotPressed,
    not_simulated: NotSimulated<'a>,
    simulated: u64,
    seed: u64,
    repeats: u32,
    days: u16,
    assumptions: &'a str,
    assumed: &'a [String],
    drawn: BTreeMap<&'static str, u64>,
    moments: Vec<MomentObject>,
    groups: Vec<GroupObject>,
    findings: [(); 0],
}

#[derive(Serialize)]
struct NotPressed {
    ineligible: u64,
    undetermined: u64,
}

#[derive(Serialize)]
struct NotSimulated<'a> {
    devices: u64,
    reasons: BTreeMap<&'a str, u64>,
}

#[derive(Serialize)]
struct IntervalObject {
    low: u64,
    median: u64,
    high: u64,
}

#[derive(Serialize)]
struct MomentObject {
    after: String,
    seconds: i64,
    endings: BTreeMap<&'static str, IntervalObject>,
    reasons: Vec<ReasonObject>,
}

#[derive(Serialize)]
struct ReasonObject {
    ending: &'static str,
    why: &'static str,
    #[serde(flatten)]
    devices: IntervalObject,
}

#[derive(Serialize)]
struct GroupObject {
    by: BTreeMap<&'static str, Option<String>>,
    devices: u64,
    moments: Vec<MomentObject>,
}

impl From<Interval> for IntervalObject {
    fn from(interval: Interval) -> Self {
        Self { low: interval.low, median: interval.median, high: interval.high }
    }
}

pub(super) fn render(report: &ForecastReport) -> String {
    let drawn = report.outlook.drawn().iter().map(|(topic, devices)| (topic.name(), *devices));
    let reasons = report.not_simulated.iter().map(|(reason, devices)| (reason.as_str(), *devices));
    pretty(&ForecastObject {
        schema: 1,
        policy: &report.policy.id,
        reading: report.policy.reading.as_str(),
        intake: (&report.intake).into(),
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
        drawn: drawn.collect(),
        moments: moments(report, None),
        groups: groups(report),
        findings: [],
    })
}

fn moments(report: &ForecastReport, group: Option<usize>) -> Vec<MomentObject> {
    let outlook = &report.outlook;
    let moments = outlook.moments().iter().enumerate().map(|(moment, after)| {
        let ending =
            |ending: &Ending| (ending.word(), outlook.count(group, moment, *ending, None).into());
        let reasons = Ending::ALL.iter().flat_map(|ending| {
            Why::ALL
                .iter()
                .map(move |why| (*ending, *why, outlook.count(group, moment, *ending, Some(*why))))
        });
        let reasons = reasons.filter(|(_, _, devices)| devices.high > 0);
        MomentObject {
            after: since_press(*after),
            seconds: after.num_seconds(),
            endings: Ending::ALL.iter().map(ending).collect(),
            reasons: reasons
                .map(|(ending, why, devices)| ReasonObject {
                    ending: ending.word(),
                    why: why.word(),
                    devices: devices.into(),
                })
                .collect(),
        }
    });
    moments.collect()
}

fn groups(report: &ForecastReport) -> Vec<GroupObject> {
    if report.by.is_empty() {
        return Vec::new();
    }
    let groups = report.groups.iter().enumerate().map(|(number, (values, devices))| {
        let by = report
            .by
            .iter()
            .zip(values)
            .map(|(kind, value)| (kind.as_str(), value.known().map(|value| kind.text(value))));
        GroupObject { by: by.collect(), devices: *devices, moments: moments(report, Some(number)) }
    });
    groups.collect()
}
