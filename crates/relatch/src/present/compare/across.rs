//! A fleet under every page, for people and for programs.

use std::fmt::Write;

use eligibility::decide::VerdictWord;
use eligibility::policy::Reading;
use schemars::JsonSchema;
use serde::Serialize;

use crate::json::{ByWord, Version, Word, pretty};
use crate::present::inventories;
use crate::present::paragraph::filled;
use crate::present::table::{Cell, Column, Sheet, grouped};
use crate::present::terminal::Style;
use crate::present::wording;
use crate::report::inventories::InventoriesReport;
use crate::report::transition::Across;

/// A fleet under every page: `relatch compare --across --format json`.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub(crate) struct CompareAcross<'a> {
    /// The version of this shape.
    schema: Version,
    /// The reading of the pages.
    reading: Word<Reading>,
    #[serde(flatten)]
    inventories: &'a InventoriesReport,
    /// The pages, oldest first.
    pages: Vec<Page<'a>>,
}

/// The fleet under one page.
#[derive(Serialize, JsonSchema)]
struct Page<'a> {
    /// The policy.
    policy: &'a str,
    /// The devices by decision.
    decisions: ByWord<VerdictWord, u64>,
    /// The devices that the page before decided differently; null for the first page.
    changed: Option<u64>,
}

pub(super) fn json(across: &Across) -> String {
    let pages = across.pages.iter().map(|page| Page {
        policy: &page.policy,
        decisions: VerdictWord::ALL.iter().map(|word| (*word, page.verdicts.of(*word))).collect(),
        changed: page.changed,
    });
    pretty(&CompareAcross {
        schema: Version,
        reading: Word(across.reading),
        inventories: &across.inventories,
        pages: pages.collect(),
    })
}

pub(super) fn text(across: &Across) -> String {
    let mut text = String::new();
    let bold = Style::Bold;
    let _ = write!(text, "{bold}{}{bold:#}", filled(&headline(across)));
    inventories::own_lists(&mut text, &across.inventories);
    inventories::duplicates(&mut text, &across.inventories);
    text.push_str(&pages(across).text());
    inventories::not_understood(&mut text, &across.inventories, "table");
    text.push_str("\nNext, two of them: relatch compare INVENTORY --from DATE --to DATE\n");
    text
}

/// Returns the count, as a sentence.
pub(super) fn headline(across: &Across) -> String {
    format!(
        "{} in {} under {}, {} reading{}.",
        wording::devices(across.inventories.devices()),
        inventories::files(&across.inventories),
        wording::number(across.pages.len(), "page", "pages"),
        across.reading,
        inventories::exceptions(&across.inventories),
    )
}

/// Returns the decisions by page.
pub(super) fn pages(across: &Across) -> Sheet {
    let rows = across.pages.iter().map(|page| {
        let each = VerdictWord::ALL.iter().map(|one| Cell::Text(grouped(page.verdicts.of(*one))));
        let changed = page.changed.map_or_else(|| "-".to_owned(), grouped);
        let begin = [Cell::Text(page.policy.clone()), Cell::Bar(page.verdicts)];
        begin.into_iter().chain(each).chain([changed.into()]).collect::<Vec<_>>()
    });
    let headings = [
        ("page", Column::Words),
        ("", Column::Bar),
        ("eligible", Column::Number),
        ("condi\u{ad}tional", Column::Number),
        ("ineligible", Column::Number),
        ("undeter\u{ad}mined", Column::Number),
        ("changed", Column::Number),
    ];
    Sheet::new(headings, rows)
}
