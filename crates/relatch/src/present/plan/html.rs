//! A plan as a page to hand over.

use eligibility::decide::VerdictWord;
use fleet::Program;

use super::text;
use crate::present::devices::InPage;
use crate::present::html::{List, Page, device_table, what_if};
use crate::present::inventories::{duplicates, files, not_understood, own_lists};
use crate::present::table::grouped;
use crate::present::{caution, remedy};
use crate::report::plan::PlanReport;

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
        html.table("Decisions", &text::decisions(report));
    });
    page.section("first", "What to do first", |html| {
        let eligible = report.summary.verdicts.of(VerdictWord::Eligible);
        remedy::in_page(html, &report.policy, &report.remedies, eligible);
    });
    page.section("cautions", "Before anyone presses the button", |html| {
        caution::in_page(html, &report.cautions);
    });
    let groups = text::groups(report);
    if !groups.rows.is_empty() {
        page.section("groups", "Decisions by group", |html| {
            html.key(text::occurring(report));
            html.table("Decisions by group", &groups);
        });
    }
    page.section("why", "Why", |html| html.table("Why", &text::why(report)));
    page.section("pages", "What the pages said over time", |html| {
        html.leaf("p", &[], "The same devices, decided by every page of Intune's documentation.");
        html.key(VerdictWord::ALL.iter().copied());
        html.table("Pages over time", &text::pages(report, "pages of"));
    });
    let stale = text::stale(report);
    if !stale.rows.is_empty() {
        page.section("stale", "Stale devices", |html| {
            html.leaf("p", &[], "An action waits until a device checks in.");
            html.table("Stale devices", &stale);
        });
    }
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
