//! A plan, for people: one screen with the answer, what to do first, what it brings and what to
//! beware of; then the details.

use std::cmp::Reverse;
use std::fmt::Write;

use eligibility::decide::VerdictWord;
use eligibility::facts::FactName;
use inventory::Columns;

use crate::present::inventories::{duplicates, exceptions, files, not_understood, own_lists};
use crate::present::paragraph::filled;
use crate::present::table::{Cell, Column, Sheet, grouped, share};
use crate::present::terminal::Style;
use crate::present::{caution, remedy, wording};
use crate::report::plan::PlanReport;
use crate::report::stale::{StaleDevices, by_age};

pub(super) fn render(report: &PlanReport) -> String {
    let mut text = String::new();
    let eligible = report.summary.verdicts.of(VerdictWord::Eligible);
    beginning(&mut text, report);
    text.push_str(&decisions(report).text());
    remedy::first(&mut text, &report.remedies, eligible);
    caution::in_short(&mut text, &report.cautions);
    titled(&mut text, "Why, in detail", &why(report));
    titled(&mut text, "By group", &groups(report));
    unknown_facts(&mut text, report);
    remedy::details(&mut text, &report.policy, &report.remedies);
    caution::of_fleet(&mut text, &report.cautions);
    let is_stale =
        |one: &StaleDevices| one.before_latest_check_in + one.before_now.unwrap_or_default() > 0;
    if by_age(&report.inventories.check_ins, report.now).iter().any(is_stale) {
        let _ = writeln!(text, "{}An action waits until a device checks in.", stale(report).text());
    }
    text.push_str(&pages(report, "by page").text());
    not_understood(&mut text, &report.inventories, "plan");
    next(&mut text, report);
    text
}

/// Adds a table behind its title, unless it has no rows.
fn titled(text: &mut String, title: &str, sheet: &Sheet) {
    if !sheet.rows.is_empty() {
        let _ = write!(text, "\n{title}\n{}", sheet.table());
    }
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
pub(super) fn decisions(report: &PlanReport) -> Sheet {
    let all = report.summary.verdicts.devices();
    let row = |verdict, name, devices, meaning: &str| -> Vec<Cell> {
        let (count, share) = (grouped(devices).into(), share(devices, all).into());
        vec![name, count, share, Cell::Share(verdict, devices, all), meaning.into()]
    };
    let mut rows = Vec::new();
    for verdict in VerdictWord::ALL {
        let devices = report.summary.verdicts.of(*verdict);
        rows.push(row(*verdict, Cell::Verdict(*verdict), devices, meaning(*verdict)));
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
            rows.push(row(*verdict, "  of these".into(), devices, but));
        }
    }
    let headings = [
        ("decision", Column::Words),
        ("devices", Column::Number),
        ("share", Column::Number),
        ("", Column::Bar),
        ("meaning", Column::Words),
    ];
    Sheet::new(headings, rows)
}

const fn meaning(verdict: VerdictWord) -> &'static str {
    match verdict {
        VerdictWord::Eligible => "the action works",
        VerdictWord::Conditional => "works only if the unknown facts turn out right",
        VerdictWord::Ineligible => "does not work",
        VerdictWord::Undetermined => "the policy or the known facts leave it open",
    }
}

/// Returns the reasons of the decisions.
pub(super) fn why(report: &PlanReport) -> Sheet {
    let mut reasons: Vec<_> = report.summary.why.iter().collect();
    reasons.sort_by_key(|((verdict, reason), devices)| (*verdict, Reverse(**devices), *reason));
    let rows = reasons.into_iter().map(|((verdict, reason), devices)| {
        let because = wording::reason(&report.policy, reason);
        vec![grouped(*devices).into(), Cell::Verdict(*verdict), because.into()]
    });
    let headings =
        [("devices", Column::Number), ("decision", Column::Words), ("because", Column::Words)];
    Sheet::new(headings, rows)
}

/// Returns the devices that will not act soon, whatever was decided.
pub(super) fn stale(report: &PlanReport) -> Sheet {
    let stale = by_age(&report.inventories.check_ins, report.now);
    let now = report.now.map(|now| format!("before {now}"));
    let headings = [
        ("no check-in for more than", Column::Words),
        ("before the latest check-in", Column::Number),
    ];
    let headings = headings.into_iter().chain(now.as_deref().map(|now| (now, Column::Number)));
    let rows = stale.iter().map(|one| {
        let counts = std::iter::once(one.before_latest_check_in).chain(one.before_now);
        let days = format!("{} days", one.more_than_days);
        std::iter::once(days).chain(counts.map(grouped)).collect::<Vec<_>>()
    });
    Sheet::new(headings, rows)
}

/// Returns the verdicts that occur.
pub(super) fn occurring(report: &PlanReport) -> Vec<VerdictWord> {
    let all = VerdictWord::ALL.iter().copied();
    all.filter(|verdict| report.summary.verdicts.of(*verdict) > 0).collect()
}

/// Returns the decisions by group, the largest first.
pub(super) fn groups(report: &PlanReport) -> Sheet {
    let shown = occurring(report);
    let mut groups: Vec<_> = report.summary.groups.iter().collect();
    groups.retain(|_| !report.by.is_empty());
    groups.sort_by_key(|group| Reverse(group.verdicts.devices()));
    let rows = groups.into_iter().map(|group| {
        let values = wording::group(&report.by, &group.values).into_iter().map(Cell::Text);
        let all = Cell::Text(grouped(group.verdicts.devices()));
        let each = shown.iter().map(|one| Cell::Count(group.verdicts.of(*one)));
        values.chain([all, Cell::Bar(group.verdicts)]).chain(each).collect()
    });
    let by = report.by.iter().map(|fact| (fact.as_str(), Column::Words));
    let all = [("devices", Column::Number), ("", Column::Bar)];
    let each = shown.iter().map(|verdict| (heading(*verdict), Column::Number));
    Sheet::new(by.chain(all).chain(each), rows.collect::<Vec<Vec<_>>>())
}

/// Returns a verdict that may be broken in the heading of a column.
const fn heading(verdict: VerdictWord) -> &'static str {
    match verdict {
        VerdictWord::Undetermined => "undeter\u{ad}mined",
        other => other.as_str(),
    }
}

/// Adds the facts missing from the inventory, and the consequences.
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

/// Adds the number of columns that were used, and the columns that were not understood.
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

/// Returns the counts of each page, where they change.
pub(super) fn pages(report: &PlanReport, heading: &str) -> Sheet {
    let rows = report.pages.iter().map(|period| {
        let each = VerdictWord::ALL.iter().map(|one| Cell::Text(grouped(period.answer.of(*one))));
        let begin = [Cell::Text(period.dates()), Cell::Bar(period.answer)];
        begin.into_iter().chain(each).collect::<Vec<_>>()
    });
    let each = VerdictWord::ALL.iter().map(|verdict| (verdict.as_str(), Column::Number));
    let begin = [(heading, Column::Words), ("", Column::Bar)];
    Sheet::new(begin.into_iter().chain(each), rows)
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
