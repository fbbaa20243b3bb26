//! Comparisons as pages to hand over.

use eligibility::decide::VerdictWord;
use eligibility::facts::FactSet;

use super::{across, movement, text};
use crate::present::devices::InPage;
use crate::present::html::{List, Page, device_table};
use crate::present::inventories as read;
use crate::report::movement::Movement;
use crate::report::transition::{Across, FleetComparison, Listed};

/// Renders the same fleet under two policies.
pub(super) fn policies(comparison: &FleetComparison, devices: Option<&InPage>) -> String {
    let mut page = Page::new(text::headline(comparison));
    page.grounds(|html| {
        html.leaf("p", &[], &text::policies(comparison));
        html.lines(|text| read::duplicates(text, &comparison.inventories));
    });
    page.section("decisions", "Decisions before and after", |html| {
        html.sheet("Decisions before and after", &text::decisions(comparison));
    });
    page.section("why", "Why they change", |html| {
        html.sheet("Why they change", &text::why(comparison));
    });
    page.section("groups", "Where they change", |html| {
        html.sheet("Where they change", &text::groups(comparison));
    });
    page.section("inventory", "What was read", |html| {
        html.lines(|text| read::not_understood(text, &comparison.inventories, "comparison"));
    });
    listed(&mut page, devices, comparison.changed(), &comparison.listed);
    page.render()
}

/// Renders two inventories of one fleet.
pub(super) fn inventories(movement: &Movement, devices: Option<&InPage>) -> String {
    let mut page = Page::new(movement::headline(movement));
    page.grounds(|html| html.lines(|text| movement::rests_on(text, movement)));
    page.section("decisions", "Decisions before and after", |html| {
        html.sheet("Decisions before and after", &movement::decisions(movement));
    });
    page.section("why", "Why they change", |html| {
        html.sheet("Why they change", &movement::why(movement));
    });
    page.section("inventories", "What was read", |html| {
        html.lines(|text| movement::keys(text, movement));
        for side in &movement.sides {
            html.lines(|text| read::not_understood(text, &side.inventories, "comparison"));
        }
    });
    listed(&mut page, devices, movement.moved(), &movement.listed);
    page.render()
}

/// Renders a fleet under every page of the documentation.
pub(super) fn across(across: &Across) -> String {
    let mut page = Page::new(across::headline(across));
    page.grounds(|html| {
        html.lines(|text| read::own_lists(text, &across.inventories));
        html.lines(|text| read::duplicates(text, &across.inventories));
    });
    page.section("pages", "By page", |html| {
        html.key(VerdictWord::ALL.iter().copied());
        html.table("By page", &across::pages(across));
    });
    page.section("inventory", "What was read", |html| {
        html.lines(|text| read::not_understood(text, &across.inventories, "table"));
    });
    page.render()
}

/// Adds the table of the devices that change.
fn listed(page: &mut Page, devices: Option<&InPage>, all: u64, listed: &Listed) {
    /// Their common name.
    const TITLE: &str = "Devices that change";
    match devices {
        Some(devices) => {
            let list = List {
                title: TITLE,
                all,
                file: listed.file.as_deref(),
                is_beside: listed.is_beside,
                command: &listed.command,
            };
            device_table(page, devices, FactSet::EMPTY, &list);
        }
        None if all == 0 => {}
        None => page.section("devices", TITLE, |html| {
            let text = "They are not listed here: standard input or a pipe can be read only once. \
                        Save the inventory to a file first.";
            html.leaf("p", &[], text);
        }),
    }
}
