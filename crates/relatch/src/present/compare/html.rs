//! Comparisons as pages to hand over.

use eligibility::decide::VerdictWord;

use super::{across, movement, text};
use crate::present::html::{Cell, Page};
use crate::present::inventories as read;
use crate::present::table::{Column, grouped};
use crate::report::movement::Movement;
use crate::report::transition::{Across, FleetComparison};

/// Renders the same fleet under two policies.
pub(super) fn policies(comparison: &FleetComparison) -> String {
    let mut page = Page::new(text::headline(comparison));
    page.grounds(|html| {
        html.leaf("p", &[], &text::policies(comparison));
        html.lines(|text| read::duplicates(text, &comparison.intake));
    });
    page.section("decisions", "Decisions before and after", |html| {
        html.sheet("Decisions before and after", text::decisions(comparison));
    });
    page.section("why", "Why they change", |html| {
        html.sheet("Why they change", text::why(comparison));
    });
    page.section("groups", "Where they change", |html| {
        html.sheet("Where they change", text::groups(comparison));
    });
    page.section("inventory", "What was read", |html| {
        html.lines(|text| read::not_understood(text, &comparison.intake, "comparison"));
    });
    listed(&mut page, comparison.devices.as_deref());
    page.render()
}

/// Renders two inventories of one fleet.
pub(super) fn inventories(movement: &Movement) -> String {
    let mut page = Page::new(movement::headline(movement));
    page.grounds(|html| html.lines(|text| movement::rests_on(text, movement)));
    page.section("decisions", "Decisions before and after", |html| {
        html.sheet("Decisions before and after", movement::decisions(movement));
    });
    page.section("why", "Why they change", |html| {
        html.sheet("Why they change", movement::why(movement));
    });
    page.section("inventories", "What was read", |html| {
        html.lines(|text| movement::keys(text, movement));
        for side in &movement.sides {
            html.lines(|text| read::not_understood(text, &side.intake, "comparison"));
        }
    });
    listed(&mut page, movement.devices.as_deref());
    page.render()
}

/// Renders a fleet under every page of the documentation.
pub(super) fn across(across: &Across) -> String {
    let mut page = Page::new(across::headline(across));
    page.grounds(|html| {
        html.lines(|text| read::own_lists(text, &across.intake));
        html.lines(|text| read::duplicates(text, &across.intake));
    });
    let rows = across.pages.iter().map(|page| {
        let each = VerdictWord::ALL.iter().map(|one| Cell::Text(grouped(page.verdicts.of(*one))));
        let changed = page.changed.map_or_else(|| "-".to_owned(), grouped);
        let begin = [Cell::Text(page.policy.clone()), Cell::Bar(page.verdicts)];
        begin.into_iter().chain(each).chain([changed.into()]).collect()
    });
    let words = [("page", Column::Words), ("", Column::Words)];
    let each = VerdictWord::ALL.iter().map(|one| (one.as_str(), Column::Number));
    let headings: Vec<_> =
        words.into_iter().chain(each).chain([("changed", Column::Number)]).collect();
    page.section("pages", "By page", |html| {
        html.key(VerdictWord::ALL.iter().copied());
        html.table("By page", &headings, rows.collect());
    });
    page.section("inventory", "What was read", |html| {
        html.lines(|text| read::not_understood(text, &across.intake, "table"));
    });
    page.render()
}

fn listed(page: &mut Page, list: Option<&str>) {
    if let Some(list) = list {
        page.section("devices", "Devices", |html| {
            html.leaf("p", &[], &format!("The devices that change are listed in {list}."));
        });
    }
}
