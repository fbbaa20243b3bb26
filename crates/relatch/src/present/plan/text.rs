//! A plan, for people: one screen with the answer, what to do first, what it brings and what to
//! beware of; then the details.

use std::fmt::Write;

use eligibility::decide::VerdictWord;
use eligibility::facts::FactName;
use inventory::Columns;

use crate::present::inventories::{duplicates, exceptions, files, not_understood, own_lists};
use crate::present::paragraph::filled;
use crate::present::table::{self, Column, grouped, share};
use crate::present::terminal::Style;
use crate::present::{caution, remedy, wording};
use crate::report::plan::PlanReport;
use crate::report::stale::{StaleDevices, by_age};

pub(super) fn render(report: &PlanReport) -> String {
    let mut text = String::new();
    let eligible = report.summary.verdicts.of(VerdictWord::Eligible);
    beginning(&mut text, report);
    counts(&mut text, report);
    remedy::first(&mut text, &report.remedies, eligible);
    caution::in_short(&mut text, &report.cautions);
    why(&mut text, report);
    groups(&mut text, report);
    unknown_facts(&mut text, report);
    remedy::details(&mut text, &report.policy, &report.remedies);
    caution::of_fleet(&mut text, &report.cautions);
    stale_devices(&mut text, report);
    pages(&mut text, report);
    not_understood(&mut text, &report.inventories, "plan");
    next(&mut text, report);
    text
}

/// Returns the answer as a sentence.
pub(super) fn headline(report: &PlanReport) -> String {
    let verdicts = &report.summary.verdicts;
    let contradicted = report.cautions.contradicted;
    let works = verdicts.of(VerdictWord::Eligible) - contradicted;
    let but = match contradicted {
        0 => String::new(),
        some => format!("; on {} more by the page, but see the cautions", grouped(some)),
    };
    let all = wording::devices(verdicts.devices());
    let (files, except) = (files(&report.inventories), exceptions(&report.inventories));
    let works = grouped(works);
    format!("Removing or resetting the passcode works on {works} of {all} in {files}{but}{except}.")
}

fn beginning(text: &mut String, report: &PlanReport) {
    let bold = Style::Bold;
    let _ = write!(text, "{bold}{}{bold:#}", filled(&headline(report)));
    let _ = writeln!(text, "Decided by {}, {} reading.", report.policy.id, report.policy.reading);
    if let Some(time) = report.inventories.check_ins.newest() {
        let _ = writeln!(text, "Latest check-in: {} UTC.", time.format("%F %R"));
    }
    own_lists(text, &report.inventories);
    duplicates(text, &report.inventories);
}

/// Returns the four counts with what they mean; what a caution contradicts is apart from what works, under a
/// name of its own.
pub(super) fn decisions(
    report: &PlanReport,
) -> Vec<(VerdictWord, Option<&'static str>, u64, &'static str)> {
    let mut rows = Vec::new();
    for verdict in VerdictWord::ALL {
        rows.push((*verdict, None, report.summary.verdicts.of(*verdict), meaning(*verdict)));
        let (devices, but) = match verdict {
            VerdictWord::Eligible => {
                (report.cautions.contradicted, "by the page, but a caution contradicts it")
            }
            VerdictWord::Conditional => {
                (report.cautions.contradicted_conditional, "cannot, as a caution says")
            }
            _ => continue,
        };
        if devices > 0 {
            rows.push((*verdict, Some("  of these"), devices, but));
        }
    }
    rows
}

fn counts(text: &mut String, report: &PlanReport) {
    let all = report.summary.verdicts.devices();
    let rows = decisions(report).into_iter().map(|(verdict, name, devices, meaning)| {
        let name = name.unwrap_or(verdict.as_str());
        [name, &grouped(devices), &share(devices, all), meaning].map(str::to_owned).to_vec()
    });
    let headings = [
        ("decision", Column::Words),
        ("devices", Column::Number),
        ("share", Column::Number),
        ("meaning", Column::Words),
    ];
    let _ = write!(text, "\n{}", table::render(&headings, &rows.collect::<Vec<_>>()));
}

const fn meaning(verdict: VerdictWord) -> &'static str {
    match verdict {
        VerdictWord::Eligible => "the action works",
        VerdictWord::Conditional => "works only if the unknown facts turn out right",
        VerdictWord::Ineligible => "does not work",
        VerdictWord::Undetermined => "the policy or the known facts leave it open",
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
        let table = table::render(&headings, &rows);
        let _ = write!(text, "\nWhy, in detail\n{table}");
    }
}

/// Devices that will not act soon, whatever was decided.
fn stale_devices(text: &mut String, report: &PlanReport) {
    let stale = by_age(&report.inventories.check_ins, report.now);
    let any = |one: &StaleDevices| one.before_newest + one.before_now.unwrap_or_default() > 0;
    if !stale.iter().any(any) {
        return;
    }
    let now = report.now.map(|now| format!("before {now}"));
    let mut headings = vec![
        ("no check-in for more than", Column::Words),
        ("before the latest check-in", Column::Number),
    ];
    headings.extend(now.as_deref().map(|now| (now, Column::Number)));
    let rows = stale.iter().map(|one| {
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
    let shown = VerdictWord::ALL.iter().copied();
    let shown: Vec<_> = shown.filter(|verdict| report.summary.verdicts.of(*verdict) > 0).collect();
    let rows = groups.into_iter().map(|group| {
        let values = wording::group(&report.by, &group.values);
        let all = std::iter::once(grouped(group.verdicts.devices()));
        let each = shown.iter().map(|verdict| match group.verdicts.of(*verdict) {
            0 => "-".to_owned(),
            devices => grouped(devices),
        });
        values.into_iter().chain(all).chain(each).collect()
    });
    let mut headings: Vec<_> =
        report.by.iter().map(|fact| (fact.as_str(), Column::Words)).collect();
    headings.push(("devices", Column::Number));
    headings.extend(shown.iter().map(|verdict| (heading(*verdict), Column::Number)));
    let table = table::render(&headings, &rows.collect::<Vec<_>>());
    let _ = write!(text, "\nBy group\n{table}");
}

/// A verdict that may be broken in the heading of a column.
const fn heading(verdict: VerdictWord) -> &'static str {
    match verdict {
        VerdictWord::Undetermined => "undeter\u{ad}mined",
        other => other.as_str(),
    }
}

/// The facts missing from the inventory, and the consequences.
pub(super) fn unknown_facts(text: &mut String, report: &PlanReport) {
    let cost = |fact: FactName| {
        let summary = &report.summary;
        let count = |counts: &std::collections::BTreeMap<FactName, u64>| {
            counts.get(&fact).copied().unwrap_or_default()
        };
        (count(&summary.open_needs), count(&summary.missing))
    };
    let mut lines = String::new();
    for fact in report.inventories.columns.unknown.iter() {
        let (conditional, undetermined) = cost(fact);
        if conditional > 0 {
            let _ =
                writeln!(lines, "  {fact} (leaves {} conditional)", wording::devices(conditional));
        }
        if undetermined > 0 {
            let _ = writeln!(
                lines,
                "  {fact} (leaves {} undetermined)",
                wording::devices(undetermined)
            );
        }
    }
    if !lines.is_empty() {
        let _ = write!(text, "\nMissing from this inventory\n{lines}");
        let _ = writeln!(text, "  A table that is joined by `--facts FILE` can have them.");
    }
    columns(text, &report.inventories.columns);
}

/// The number of columns that were used, and the columns that were not understood.
fn columns(text: &mut String, columns: &Columns) {
    let Columns { recognised, ignored, not_understood, .. } = columns;
    if ignored.is_empty() {
        return;
    }
    let used = wording::number(recognised.len(), "column", "columns");
    let mut line = format!("Used {used}; ignored ");
    let needless = ignored.len() - not_understood.len();
    if needless > 0 {
        let _ = write!(line, "{needless} that no rule needs");
    }
    if !not_understood.is_empty() {
        let and = if needless > 0 { " and " } else { "" };
        let were = if not_understood.len() == 1 { "was" } else { "were" };
        let (count, names) = (not_understood.len(), wording::some_columns(not_understood));
        let _ = write!(line, "{and}{count} that {were} not understood ({names})");
    }
    let _ = write!(text, "\n{}", filled(&(line + ".")));
}

/// The counts of each page, where they change.
fn pages(text: &mut String, report: &PlanReport) {
    let rows = report.pages.iter().map(|period| {
        let each = VerdictWord::ALL.iter().map(|verdict| grouped(period.answer.of(*verdict)));
        std::iter::once(period.dates()).chain(each).collect()
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
