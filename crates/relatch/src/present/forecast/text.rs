//! A forecast, for people: results and times, causes, and what it rests on.

use std::fmt::Write;

use device_sim::forecast::{Ending, Interval, Outlook, Why};
use eligibility::decide::VerdictWord;

use crate::present::inventories::{duplicates, exceptions, files, not_understood};
use crate::present::paragraph::{filled, labelled};
use crate::present::table::{Column, Sheet, grouped};
use crate::present::terminal::Style;
use crate::present::wording::{self, plural, since_press};
use crate::report::forecast::ForecastReport;

pub(super) fn render(report: &ForecastReport) -> String {
    let mut text = String::new();
    let bold = Style::Bold;
    let _ = write!(text, "{bold}{}{bold:#}", filled(&headline(report)));
    rests_on(&mut text, report);
    if report.outlook.simulated() > 0 {
        text.push_str(&endings(report).text());
        text.push_str(&reasons(report).text());
        if let Some((title, groups)) = groups(report) {
            let _ = write!(text, "\n{title}\n{}", groups.table());
        }
    }
    left_out(&mut text, report);
    grounds(&mut text, report);
    not_understood(&mut text, &report.inventories, "forecast");
    text
}

/// Returns the subject of the forecast, as a sentence.
pub(super) fn headline(report: &ForecastReport) -> String {
    let verdicts = &report.verdicts;
    let pressed = verdicts.of(VerdictWord::Eligible) + verdicts.of(VerdictWord::Conditional);
    let missing = match (report.not_simulated_devices(), report.not_simulated.as_slice()) {
        (0, _) => String::new(),
        (devices, [(reason, _)]) => format!(", {} are not: {reason}", grouped(devices)),
        (devices, reasons) => {
            let reasons: Vec<_> = reasons.iter().map(|(reason, _)| reason.as_str()).collect();
            format!(", {} are not: {}", grouped(devices), reasons.join("; "))
        }
    };
    format!(
        "The button is pressed for {} of {} in {}{}; {} of these devices are simulated{missing}.",
        grouped(pressed),
        wording::devices(verdicts.devices()),
        files(&report.inventories),
        exceptions(&report.inventories),
        grouped(report.outlook.simulated()),
    )
}

/// Adds what was assumed on the command line, for how many devices it holds, and what it moves.
fn assumed(text: &mut String, report: &ForecastReport) {
    for (assumed, (_, devices)) in report.assumed.iter().zip(report.outlook.given()) {
        let devices = match devices {
            0 => "holds for no device: it is known of all, or none can have it".to_owned(),
            devices => format!("holds for {}", wording::devices(*devices)),
        };
        text.push_str(&filled(&format!("Assumed on the command line: {assumed}; {devices}.")));
    }
    let Some(without) = &report.without_assumed else { return };
    let last = report.outlook.checkpoints().len() - 1;
    let done = |outlook: &Outlook| interval(outlook.count(None, last, Ending::Done, None));
    let after = since_press(report.outlook.checkpoints()[last]);
    let (with, without) = (done(&report.outlook), done(without));
    let line = format!("Done after {after}: {with} with it, {without} without.");
    text.push_str(&filled(&line));
}

/// Adds what the headline rests on.
pub(super) fn rests_on(text: &mut String, report: &ForecastReport) {
    let _ = writeln!(text, "Decided by {}, {} reading.", report.policy.id, report.policy.reading);
    let _ = writeln!(
        text,
        "Simulated for {} with {}, {} from seed {}.",
        plural(report.days.into(), "day"),
        report.assumptions,
        plural(report.repeats.into(), "repeat"),
        report.seed
    );
    assumed(text, report);
    duplicates(text, &report.inventories);
}

/// Returns a count as people read it: the middle one, and between what the draws vary.
fn interval(interval: Interval) -> String {
    match (interval.is_one_number(), interval.median) {
        (true, 0) => "-".to_owned(),
        (true, count) => grouped(count),
        (false, count) => {
            format!("{} ({}-{})", grouped(count), grouped(interval.low), grouped(interval.high))
        }
    }
}

/// Returns one column for each checkpoint.
fn checkpoints(report: &ForecastReport) -> Vec<String> {
    report
        .outlook
        .checkpoints()
        .iter()
        .map(|after| format!("after {}", since_press(*after)))
        .collect()
}

/// Returns the devices by state of the action over time.
pub(super) fn endings(report: &ForecastReport) -> Sheet {
    let checkpoints = checkpoints(report);
    let rows = Ending::ALL.iter().map(|ending| {
        let counts = (0..checkpoints.len())
            .map(|checkpoint| interval(report.outlook.count(None, checkpoint, *ending, None)));
        std::iter::once(ending.as_str().to_owned()).chain(counts).collect()
    });
    let times = checkpoints.iter().map(|checkpoint| (checkpoint.as_str(), Column::Number));
    Sheet::new(std::iter::once(("action", Column::Words)).chain(times), rows)
}

/// Returns the reasons of the states.
pub(super) fn reasons(report: &ForecastReport) -> Sheet {
    let checkpoints = checkpoints(report);
    let mut rows: Vec<Vec<String>> = Vec::new();
    for ending in Ending::ALL.iter().filter(|ending| **ending != Ending::Done) {
        for why in Why::ALL {
            let counts: Vec<_> = (0..checkpoints.len())
                .map(|checkpoint| report.outlook.count(None, checkpoint, *ending, Some(*why)))
                .collect();
            if counts.iter().any(|count| count.high > 0) {
                let words = [ending.as_str().to_owned(), because(*why).to_owned()];
                rows.push(words.into_iter().chain(counts.into_iter().map(interval)).collect());
            }
        }
    }
    let words = [("action", Column::Words), ("because", Column::Words)];
    let times = checkpoints.iter().map(|checkpoint| (checkpoint.as_str(), Column::Number));
    Sheet::new(words.into_iter().chain(times), rows)
}

/// Returns the reason for the state of an action, as a sentence without a dot.
const fn because(why: Why) -> &'static str {
    match why {
        Why::CarriedOut => "it was carried out",
        Why::TokenNeverActivated => "the user never confirmed the reset token",
        Why::TokenLost => "a restart has cost the device its unconfirmed reset token",
        Why::NoToken => "there is no reset token",
        Why::NoTokenCalls => "there are no reset tokens before Android 8.0",
        Why::NoPasscodeRequired => "no configuration policy requires a passcode",
        Why::NoUnlockToken => "the server holds no unlock token",
        Why::StaleUnlockToken => "the server holds a stale unlock token",
        Why::NotOffered => "the service offers no such action for such a device",
        Why::Refused => "the device has refused it",
        Why::Overtaken => "a retire, wipe or delete came first",
        Why::DeviceOff => "the device is switched off",
        Why::OutOfReach => "the device is out of reach",
        Why::WorkProfileOff => "the work profile is turned off",
        Why::LockedSinceRestart => "the device is locked since it restarted",
        Why::WaitsForCheckIn => "the device has not checked in yet",
        Why::NotReported => "the device has not reported yet",
    }
}

/// Returns the states of each group at the end, and a title.
pub(super) fn groups(report: &ForecastReport) -> Option<(String, Sheet)> {
    if report.by.is_empty() {
        return None;
    }
    let last = report.outlook.checkpoints().len() - 1;
    let by = report.by.iter().map(|fact| (fact.as_str(), Column::Words));
    let each = Ending::ALL.iter().map(|ending| (ending.as_str(), Column::Number));
    let headings = by.chain([("devices", Column::Number)]).chain(each);
    let mut groups: Vec<_> = report.groups.iter().enumerate().collect();
    groups.retain(|(_, (_, devices))| *devices > 0);
    groups.sort_by_key(|(number, (_, devices))| (std::cmp::Reverse(*devices), *number));
    let rows = groups.into_iter().map(|(number, (values, devices))| {
        let endings = Ending::ALL
            .iter()
            .map(|ending| interval(report.outlook.count(Some(number), last, *ending, None)));
        let values = wording::group(&report.by, values).into_iter();
        values.chain(std::iter::once(grouped(*devices))).chain(endings).collect()
    });
    let after = since_press(report.outlook.checkpoints()[last]);
    Some((format!("By group, after {after}"), Sheet::new(headings, rows)))
}

/// Adds the devices that are not in the tables.
pub(super) fn left_out(text: &mut String, report: &ForecastReport) {
    let verdicts = &report.verdicts;
    let not_pressed = [VerdictWord::Ineligible, VerdictWord::Undetermined]
        .map(|word| (word, verdicts.of(word)))
        .into_iter()
        .filter(|(_, devices)| *devices > 0);
    let mut lines: Vec<_> = not_pressed
        .map(|(word, devices)| {
            format!("{}: {word}, so the button is not pressed", wording::devices(devices))
        })
        .collect();
    lines.extend(report.not_simulated.iter().map(|(reason, devices)| {
        format!("{}: not simulated, because {reason}", wording::devices(*devices))
    }));
    if !lines.is_empty() {
        text.push_str("\nNot in these tables\n");
        lines.iter().for_each(|line| text.push_str(&labelled(2, "", line)));
    }
}

/// Adds the sampled values, which are not knowledge.
pub(super) fn grounds(text: &mut String, report: &ForecastReport) {
    let drawn = report.outlook.drawn();
    if !drawn.is_empty() {
        let list = drawn.iter().map(|(variable, devices)| {
            format!("  {}: not known of {}", variable.name(), wording::devices(*devices))
        });
        let list: Vec<_> = list.collect();
        let _ = writeln!(text, "\nDrawn by the shares of the assumptions\n{}", list.join("\n"));
    }
    let ground = "The counts are medians, with 5 % and 95 % points where they vary. They are as \
                  good as the assumptions: see relatch simulate --print-assumptions, and put your \
                  own in.";
    let _ = write!(text, "\n{}", filled(ground));
}
