//! A forecast as a page to hand over.

use super::text;
use crate::present::html::Page;
use crate::present::inventories::not_understood;
use crate::report::forecast::ForecastReport;

pub(super) fn render(report: &ForecastReport) -> String {
    let mut page = Page::new(text::headline(report));
    page.grounds(|html| html.lines(|text| text::rests_on(text, report)));
    if report.outlook.simulated() > 0 {
        page.section("states", "The action over time", |html| {
            html.sheet("The action over time", &text::endings(report));
        });
        page.section("reasons", "Why it is not done", |html| {
            html.sheet("Why it is not done", &text::reasons(report));
        });
        if let Some((title, groups)) = text::groups(report) {
            page.section("groups", "By group", |html| {
                html.leaf("p", &[], &format!("{title}."));
                html.sheet("By group", &groups);
            });
        }
    }
    page.section("grounds", "What it rests on", |html| {
        html.lines(|text| text::left_out(text, report));
        html.lines(|text| text::grounds(text, report));
        html.lines(|text| not_understood(text, &report.inventories, "forecast"));
    });
    page.render()
}
