//! A plan as a page to hand over.

use std::cmp::Reverse;

use eligibility::decide::VerdictWord;
use fleet::Program;

use super::text;
use crate::present::devices::InPage;
use crate::present::html::{Cell, List, Page, device_table, what_if};
use crate::present::inventories::{duplicates, files, not_understood, own_lists};
use crate::present::table::{Column, grouped, share};
use crate::present::{caution, remedy, wording};
use crate::report::plan::PlanReport;
use crate::report::stale::by_age;

pub(super) fn render(report: &PlanReport, devices: Option<&InPage>) -> String {
    let mut page = Page::new(text::headline(report));
    page.grounds(|html| {
        let policy = &report.policy;
        html.leaf("p", &[], &format!("Decided by {}, {} reading.", report.page.0, policy.reading));
        html.within("p", &[("class", "quiet")], |html| {
            html.text(&format!("{}: ", policy.id));
            html.source(&report.page.1);
        });
        if let Some(time) = report.inventories.check_ins.newest() {
            html.leaf("p", &[], &format!("Latest check-in: {} UTC.", time.format("%F %R")));
        }
        html.lines(|text| own_lists(text, &report.inventories));
        html.lines(|text| duplicates(text, &report.inventories));
    });
    page.section("decisions", "Decisions", |html| {
        let all = report.summary.verdicts.devices();
        let rows = text::decisions(report).into_iter().map(|(verdict, name, devices, meaning)| {
            let name = name.map_or(Cell::Verdict(verdict), Cell::from);
            let share = share(devices, all);
            vec![
                name,
                grouped(devices).into(),
                share.into(),
                Cell::Share(verdict, devices, all),
                meaning.into(),
            ]
        });
        let headings = [
            ("decision", Column::Words),
            ("devices", Column::Number),
            ("share", Column::Number),
            ("", Column::Words),
            ("meaning", Column::Words),
        ];
        html.table("Decisions", &headings, rows.collect());
    });
    page.section("first", "What to do first", |html| {
        let eligible = report.summary.verdicts.of(VerdictWord::Eligible);
        remedy::in_page(html, &report.policy, &report.remedies, eligible);
    });
    page.section("cautions", "Before anyone presses the button", |html| {
        caution::in_page(html, &report.cautions);
    });
    groups(&mut page, report);
    why(&mut page, report);
    pages(&mut page, report);
    stale(&mut page, report);
    page.section("inventory", "What was read", |html| {
        let inventories = &report.inventories;
        let (rows, rejected) = (grouped(inventories.rows), grouped(inventories.rejected));
        let files = files(inventories);
        html.leaf("p", &[], &format!("{rows} rows of {files}; {rejected} rejected."));
        html.lines(|text| text::unknown_facts(text, report));
        html.lines(|text| not_understood(text, inventories, "plan"));
    });
    if let Some(devices) = devices {
        let list = List {
            title: "Devices",
            all: report.inventories.devices(),
            file: report.devices.as_deref(),
            is_beside: report.list_is_beside,
            command: &report.next.list,
        };
        device_table(&mut page, devices, report.policy.facts(), &list);
    }
    what_if(&mut page, &Program::new(report.policy.clone()));
    page.render()
}

/// Returns the verdicts that occur.
fn occurring(report: &PlanReport) -> Vec<VerdictWord> {
    let all = VerdictWord::ALL.iter().copied();
    all.filter(|verdict| report.summary.verdicts.of(*verdict) > 0).collect()
}

fn groups(page: &mut Page, report: &PlanReport) {
    if report.by.is_empty() || report.summary.groups.is_empty() {
        return;
    }
    let shown = occurring(report);
    let mut groups: Vec<_> = report.summary.groups.iter().collect();
    groups.sort_by_key(|group| Reverse(group.verdicts.devices()));
    let rows = groups.into_iter().map(|group| {
        let values = wording::group(&report.by, &group.values).into_iter().map(Cell::Text);
        let all = Cell::Text(grouped(group.verdicts.devices()));
        let each = shown.iter().map(|one| Cell::Text(grouped(group.verdicts.of(*one))));
        values.chain([all, Cell::Bar(group.verdicts)]).chain(each).collect()
    });
    let by = report.by.iter().map(|fact| (fact.as_str(), Column::Words));
    let bar = [("devices", Column::Number), ("", Column::Words)];
    let each = shown.iter().map(|verdict| (verdict.as_str(), Column::Number));
    let headings: Vec<_> = by.chain(bar).chain(each).collect();
    page.section("groups", "Decisions by group", |html| {
        html.key(shown.iter().copied());
        html.table("Decisions by group", &headings, rows.collect());
    });
}

fn why(page: &mut Page, report: &PlanReport) {
    let mut reasons: Vec<_> = report.summary.why.iter().collect();
    reasons.sort_by_key(|((verdict, reason), devices)| (*verdict, Reverse(**devices), *reason));
    let rows = reasons.into_iter().map(|((verdict, reason), devices)| {
        let because = wording::reason(&report.policy, reason);
        vec![grouped(*devices).into(), Cell::Verdict(*verdict), because.into()]
    });
    let headings =
        [("devices", Column::Number), ("decision", Column::Words), ("because", Column::Words)];
    page.section("why", "Why", |html| html.table("Why", &headings, rows.collect()));
}

fn pages(page: &mut Page, report: &PlanReport) {
    let shown: Vec<_> = VerdictWord::ALL.to_vec();
    let rows = report.pages.iter().map(|period| {
        let each = shown.iter().map(|one| Cell::Text(grouped(period.answer.of(*one))));
        [Cell::Text(period.dates()), Cell::Bar(period.answer)].into_iter().chain(each).collect()
    });
    let each = shown.iter().map(|verdict| (verdict.as_str(), Column::Number));
    let headings: Vec<_> =
        [("pages of", Column::Words), ("", Column::Words)].into_iter().chain(each).collect();
    page.section("pages", "What the pages said over time", |html| {
        html.leaf("p", &[], "The same devices, decided by every page of Intune's documentation.");
        html.key(shown.iter().copied());
        html.table("Pages over time", &headings, rows.collect());
    });
}

fn stale(page: &mut Page, report: &PlanReport) {
    let stale = by_age(&report.inventories.check_ins, report.now);
    if stale.is_empty() {
        return;
    }
    let now = report.now.map(|now| format!("before {now}"));
    let headings: Vec<_> = [
        ("no check-in for more than", Column::Words),
        ("before the latest check-in", Column::Number),
    ]
    .into_iter()
    .chain(now.as_deref().map(|now| (now, Column::Number)))
    .collect();
    let rows = stale.iter().map(|one| {
        let counts = std::iter::once(one.before_newest).chain(one.before_now);
        let days = Cell::Text(format!("{} days", one.days));
        std::iter::once(days).chain(counts.map(|count| Cell::Text(grouped(count)))).collect()
    });
    page.section("stale", "Stale devices", |html| {
        html.leaf("p", &[], "An action waits until a device checks in.");
        html.table("Stale devices", &headings, rows.collect());
    });
}
