//! A plan, for people: the most useful first, then why, then what to run next.

use std::fmt::Write;

use eligibility::decide::VerdictWord;
use eligibility::facts::FactName;
use fleet::VerdictCounts;
use inventory::Columns;

use crate::present::inventories::{duplicates, exceptions, not_understood, own_lists};
use crate::present::table::{self, Column, grouped, share};
use crate::present::{caution, remedy, wording};
use crate::report::plan::PlanReport;
use crate::report::silence::{Silence, silence};

/// How many names of columns that are not understood a report shows.
const SHOWN_COLUMNS: usize = 5;

pub(super) fn render(report: &PlanReport) -> String {
    let mut text = String::new();
    summary(&mut text, report);
    why(&mut text, report);
    caution::of_fleet(&mut text, &report.cautions);
    silent(&mut text, report);
    groups(&mut text, report);
    unknown_facts(&mut text, report);
    let eligible = report.summary.verdicts.of(VerdictWord::Eligible);
    remedy::text(&mut text, &report.policy, &report.remedies, eligible);
    pages(&mut text, report);
    not_understood(&mut text, &report.intake, "plan");
    next(&mut text, report);
    text
}

fn summary(text: &mut String, report: &PlanReport) {
    let verdicts = &report.summary.verdicts;
    let all = verdicts.devices();
    let bold = anstyle::Style::new().bold();
    let contradicted = report.cautions.contradicted;
    let works = verdicts.of(VerdictWord::Eligible) - contradicted;
    let but = match contradicted {
        0 => String::new(),
        some => format!("; on {} more by the page, but see the cautions", grouped(some)),
    };
    let _ = writeln!(
        text,
        "{bold}The action works on {} of {}{bold:#} in {}{but}{}.",
        grouped(works),
        wording::devices(all),
        report.intake.files.join(", "),
        exceptions(&report.intake),
    );
    let _ = writeln!(text, "Decided by {}, {} reading.", report.policy.id, report.policy.reading);
    own_lists(text, &report.intake);
    if let Some(time) = report.intake.check_ins.newest() {
        let _ =
            writeln!(text, "The newest check-in of a device is of {} UTC.", time.format("%F %R"));
    }
    duplicates(text, &report.intake);
    let rows: Vec<_> = VerdictWord::ALL
        .iter()
        .map(|verdict| {
            let devices = verdicts.of(*verdict);
            let meaning = meaning(*verdict).to_owned();
            vec![verdict.to_string(), grouped(devices), share(devices, all), meaning]
        })
        .collect();
    let headings = [
        ("decision", Column::Words),
        ("devices", Column::Number),
        ("share", Column::Number),
        ("meaning", Column::Words),
    ];
    let _ = write!(text, "\n{}", table::render(&headings, &rows));
}

const fn meaning(verdict: VerdictWord) -> &'static str {
    match verdict {
        VerdictWord::Eligible => "the action works",
        VerdictWord::Conditional => "it works if what is not known holds",
        VerdictWord::Ineligible => "it does not work",
        VerdictWord::Undetermined => "the policy, or what is known of the device, does not say",
    }
}

fn why(text: &mut String, report: &PlanReport) {
    let mut rows: Vec<_> = report.summary.why.iter().collect();
    rows.sort_by_key(|((verdict, reason), devices)| {
        (*verdict, std::cmp::Reverse(**devices), *reason)
    });
    let rows: Vec<_> = rows
        .into_iter()
        .map(|((verdict, reason), devices)| {
            vec![grouped(*devices), verdict.to_string(), wording::reason(&report.policy, reason)]
        })
        .collect();
    let headings =
        [("devices", Column::Number), ("decision", Column::Words), ("because", Column::Words)];
    if !rows.is_empty() {
        let _ = write!(text, "\n{}", table::render(&headings, &rows));
    }
}

/// Devices that will not act soon, whatever was decided.
fn silent(text: &mut String, report: &PlanReport) {
    let silence = silence(&report.intake.check_ins, report.now);
    let any = |one: &Silence| one.before_newest + one.before_now.unwrap_or_default() > 0;
    if !silence.iter().any(any) {
        return;
    }
    let now = report.now.map(|now| format!("before {now}"));
    let mut headings = vec![
        ("silent for more than", Column::Words),
        ("before the newest check-in", Column::Number),
    ];
    headings.extend(now.as_deref().map(|now| (now, Column::Number)));
    let rows = silence.iter().map(|one| {
        let counts = std::iter::once(one.before_newest).chain(one.before_now);
        std::iter::once(format!("{} days", one.days)).chain(counts.map(grouped)).collect()
    });
    let _ = write!(text, "\n{}", table::render(&headings, &rows.collect::<Vec<_>>()));
    let _ = writeln!(text, "An action waits until a device checks in.");
}

fn groups(text: &mut String, report: &PlanReport) {
    if report.by.is_empty() || report.summary.groups.is_empty() {
        return;
    }
    let mut groups: Vec<_> = report.summary.groups.iter().collect();
    groups.sort_by_key(|group| std::cmp::Reverse(group.verdicts.devices()));
    let rows: Vec<_> = groups
        .into_iter()
        .map(|group| {
            let values = wording::group(&report.by, &group.values);
            values.into_iter().chain(counts(&group.verdicts)).collect()
        })
        .collect();
    let mut headings: Vec<_> =
        report.by.iter().map(|kind| (kind.as_str(), Column::Words)).collect();
    headings.push(("devices", Column::Number));
    headings.extend(VerdictWord::ALL.iter().map(|verdict| (verdict.as_str(), Column::Number)));
    let _ = write!(text, "\n{}", table::render(&headings, &rows));
}

fn counts(verdicts: &VerdictCounts) -> Vec<String> {
    let each = VerdictWord::ALL.iter().map(|verdict| match verdicts.of(*verdict) {
        0 => "-".to_owned(),
        devices => grouped(devices),
    });
    std::iter::once(grouped(verdicts.devices())).chain(each).collect()
}

/// What the inventory cannot tell, and what that costs.
fn unknown_facts(text: &mut String, report: &PlanReport) {
    let cost = |kind: FactName| {
        let summary = &report.summary;
        let count = |counts: &std::collections::BTreeMap<FactName, u64>| {
            counts.get(&kind).copied().unwrap_or_default()
        };
        (count(&summary.open_needs), count(&summary.missing))
    };
    let mut lines = String::new();
    for kind in report.intake.columns.unknown.iter() {
        let (conditional, undetermined) = cost(kind);
        if conditional > 0 {
            let _ = writeln!(
                lines,
                "  {kind}: {} conditional because of that",
                wording::devices(conditional)
            );
        }
        if undetermined > 0 {
            let _ = writeln!(
                lines,
                "  {kind}: {} undetermined because of that",
                wording::devices(undetermined)
            );
        }
    }
    if !lines.is_empty() {
        let _ = write!(text, "\nNo column of the inventory tells\n{lines}");
        let _ = writeln!(text, "  A CSV whose headers are the names of facts can tell them.");
    }
    columns(text, &report.intake.columns);
}

/// How many columns were used, and which were not understood.
fn columns(text: &mut String, columns: &Columns) {
    let Columns { recognised, ignored, not_understood, .. } = columns;
    if ignored.is_empty() {
        return;
    }
    let used = wording::number(recognised.len(), "column", "columns");
    let _ = write!(text, "\nUsed {used}; ignored ");
    let needless = ignored.len() - not_understood.len();
    if needless > 0 {
        let _ = write!(text, "{needless} that no rule needs");
    }
    if !not_understood.is_empty() {
        let and = if needless > 0 { " and " } else { "" };
        let were = if not_understood.len() == 1 { "was" } else { "were" };
        let names = not_understood.iter().take(SHOWN_COLUMNS).map(|name| format!("`{name}`"));
        let names = names.collect::<Vec<_>>().join(", ");
        let more = if not_understood.len() > SHOWN_COLUMNS { ", …" } else { "" };
        let count = not_understood.len();
        let _ = write!(text, "{and}{count} that {were} not understood ({names}{more})");
    }
    text.push_str(".\n");
}

/// The counts of each page, where they change.
fn pages(text: &mut String, report: &PlanReport) {
    let rows = report.pages.iter().map(|stretch| {
        let each = VerdictWord::ALL.iter().map(|verdict| grouped(stretch.answer.of(*verdict)));
        std::iter::once(stretch.dates()).chain(each).collect()
    });
    let mut headings = vec![("by page", Column::Words)];
    headings.extend(VerdictWord::ALL.iter().map(|verdict| (verdict.as_str(), Column::Number)));
    let _ = write!(text, "\n{}", table::render(&headings, &rows.collect::<Vec<_>>()));
}

fn next(text: &mut String, report: &PlanReport) {
    text.push('\n');
    match &report.devices {
        Some(name) => {
            let _ = writeln!(text, "The devices are listed in {name}.");
        }
        None => {
            let _ = writeln!(text, "Next, the devices: {}", report.next.list);
        }
    }
    if let Some((policy, differs)) = report.newer.as_ref().filter(|(_, differs)| *differs > 0) {
        let _ = writeln!(
            text,
            "The newest revision decides {} differently: {} {policy}",
            wording::devices(*differs),
            report.next.by_policy,
        );
    }
}
