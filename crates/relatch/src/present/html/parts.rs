//! Tables, bars and paragraphs of pages.

use eligibility::decide::VerdictWord;

use super::Html;
use crate::present::table::{Cell, Column, Sheet, grouped};
use crate::present::width;

impl Html {
    /// Adds a table, unless it has no rows.
    pub(in crate::present) fn sheet(&mut self, label: &str, sheet: &Sheet) {
        if !sheet.rows.is_empty() {
            self.table(label, sheet);
        }
    }

    /// Adds a table; it scrolls where it is too wide.
    pub(in crate::present) fn table(&mut self, label: &str, sheet: &Sheet) {
        let headings = sheet.headings.iter();
        let headings = headings.map(|(heading, column)| (heading.replace('\u{ad}', ""), *column));
        let headings: Vec<_> = headings.collect();
        let region =
            [("class", "scroll"), ("role", "region"), ("tabindex", "0"), ("aria-label", label)];
        self.within("div", &region, |html| {
            // A narrow window shows rows as blocks, which are no table without their roles.
            html.within("table", &[("role", "table"), ("aria-label", label)], |html| {
                html.within("thead", &[("role", "rowgroup")], |html| {
                    html.within("tr", &[("role", "row")], |html| {
                        for (heading, column) in &headings {
                            let class = ("class", class(*column));
                            let attributes = [("scope", "col"), ("role", "columnheader"), class];
                            html.leaf("th", &attributes, heading);
                        }
                    });
                });
                html.within("tbody", &[("role", "rowgroup")], |html| {
                    for row in &sheet.rows {
                        html.within("tr", &[("role", "row")], |html| {
                            for (cell, (heading, column)) in row.iter().zip(&headings) {
                                html.cell(cell, heading, *column);
                            }
                        });
                    }
                });
            });
        });
    }

    fn cell(&mut self, cell: &Cell, heading: &str, column: Column) {
        let mut attributes = vec![("role", "cell"), ("class", class(column))];
        let is_blank = matches!(cell, Cell::Text(text) if text.is_empty());
        if !heading.is_empty() && !is_blank {
            attributes.push(("data-label", heading));
        }
        self.within("td", &attributes, |html| match cell {
            Cell::Text(text) => html.text(text),
            Cell::Count(devices) => html.text(&grouped(*devices)),
            Cell::Verdict(verdict) => html.verdict(*verdict),
            Cell::Bar(counts) => {
                let shares = VerdictWord::ALL.iter().map(|one| (*one, counts.of(*one)));
                html.bar(counts.devices(), shares);
            }
            Cell::Share(verdict, devices, all) => html.bar(*all, [(*verdict, *devices)]),
        });
    }

    /// Adds a verdict in its colour.
    pub(in crate::present) fn verdict(&mut self, verdict: VerdictWord) {
        let class = format!("verdict {verdict}");
        self.leaf("span", &[("class", &class)], verdict.as_str());
    }

    /// Adds a bar without words, which stand beside it.
    fn bar(&mut self, all: u64, shares: impl IntoIterator<Item = (VerdictWord, u64)>) {
        // The numbers of a fleet are far below those that a fraction rounds.
        let place = |devices: u64| format!("{:.3}", devices as f64 * 1000.0 / all.max(1) as f64);
        let svg = [
            ("viewBox", "0 0 1000 10"),
            ("preserveAspectRatio", "none"),
            ("aria-hidden", "true"),
            ("focusable", "false"),
        ];
        self.within("svg", &svg, |html| {
            let mut before = 0;
            for (verdict, devices) in shares {
                let (x, width) = (place(before), place(devices));
                before += devices;
                let rectangle = [
                    ("class", verdict.as_str()),
                    ("x", x.as_str()),
                    ("width", width.as_str()),
                    ("height", "10"),
                ];
                html.within("rect", &rectangle, |_| {});
            }
        });
    }

    /// Adds what the colours of bars mean.
    pub(in crate::present) fn key(&mut self, verdicts: impl IntoIterator<Item = VerdictWord>) {
        self.within("ul", &[("class", "key")], |html| {
            for verdict in verdicts {
                html.within("li", &[], |html| {
                    html.bar(1, [(verdict, 1)]);
                    html.text(verdict.as_str());
                });
            }
        });
    }

    /// Adds lines of text: each becomes a paragraph.
    pub(in crate::present) fn lines(&mut self, say: impl FnOnce(&mut String)) {
        let mut text = String::new();
        width::unbroken(|| say(&mut text));
        for line in text.lines().filter(|line| !line.trim().is_empty()) {
            let class = if line.starts_with(' ') { "sub" } else { "quiet" };
            self.leaf("p", &[("class", class)], line.trim());
        }
    }

    /// Adds a source: a link where it is a web address.
    pub(in crate::present) fn source(&mut self, source: &str) {
        if source.starts_with("https://") && !source.contains(char::is_whitespace) {
            self.leaf("a", &[("href", source), ("rel", "noreferrer")], source);
        } else {
            self.text(source);
        }
    }
}

const fn class(column: Column) -> &'static str {
    match column {
        Column::Words => "words",
        Column::Number => "number",
        Column::Bar => "bar",
    }
}
