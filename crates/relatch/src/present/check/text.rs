//! The findings in policies, for people.

use std::fmt::Write;
use std::path::Path;

use eligibility::cases::{Coverage, Share};
use eligibility::diagnostic::Severity;
use eligibility::policy::Reading;

use crate::present::diagnostics;
use crate::present::terminal::Style;
use crate::present::wording::number;
use crate::report::check::{Checked, counts};

/// The number of findings in a policy that are shown; the JSON form has all of them.
const SHOWN_FINDINGS: usize = 100;

pub(super) fn render(checked: &[Checked], reading: Reading) -> String {
    let mut text = String::new();
    for one in checked {
        heading(&mut text, one);
        findings(&mut text, one);
        for (scope, devices, witness) in &one.scope_gaps {
            let _ = writeln!(text, "  note: at scope {scope} no rule covers");
            let _ = writeln!(text, "    {devices}   (for example {witness})");
        }
        if let Some((base, _)) = one.size.as_ref().and_then(|size| size.base.as_ref())
            && one.inherited > 0
        {
            let inherited = number(one.inherited, "gap or conflict", "gaps and conflicts");
            let _ = writeln!(text, "  note: {inherited} inherited: relatch policy check {base}");
        }
        if one.accepted > 0 {
            let accepted = number(one.accepted, "acceptance is", "acceptances are");
            let _ =
                writeln!(text, "  note: {accepted} in use, so that what they name is not shown");
        }
        text.push('\n');
    }
    text + &totals(checked, "checked", reading)
}

/// Returns the cases that were run; with `quiet` only those that fail.
pub(super) fn tests(tested: &[Checked], reading: Reading, quiet: bool) -> String {
    let mut text = String::new();
    for one in tested {
        heading(&mut text, one);
        for case in &one.cases {
            let (word, style) = match case.result.passed() {
                true if quiet => continue,
                true => ("pass", Style::Green),
                false => ("FAIL", Style::Red),
            };
            let (line, words) = (case.line, &case.words);
            let _ = writeln!(text, "  {style}{word}{style:#}  line {line:<4} {words}");
        }
        findings(&mut text, one);
        if one.size.is_some() {
            let passed = one.cases.iter().filter(|case| case.result.passed()).count();
            let all = number(one.cases.len(), "device of a case", "devices of cases");
            let _ = writeln!(text, "  {passed} of {all} {}", passes(passed));
        }
        if let Some(coverage) = &one.coverage {
            text.push_str(&covered(coverage));
        }
        text.push('\n');
    }
    text + &totals(tested, "tested", reading)
}

const fn passes(number: usize) -> &'static str {
    if number == 1 { "passes" } else { "pass" }
}

fn covered(coverage: &Coverage) -> String {
    let share = |share: Share, what: &str| {
        (share.all > 0).then(|| format!("{} of {} {what}", share.reached, share.all))
    };
    let parts = [
        share(coverage.rules, "rules"),
        share(coverage.prerequisites, "prerequisites"),
        share(coverage.cells, "cells"),
        share(coverage.needs_met, "needs met"),
        share(coverage.needs_broken, "needs broken"),
    ];
    let parts: Vec<_> = parts.into_iter().flatten().collect();
    format!("  covered: {}\n", parts.join(", "))
}

fn heading(text: &mut String, one: &Checked) {
    let bold = Style::Bold;
    let Some(size) = &one.size else {
        let _ = writeln!(text, "{bold}{}{bold:#}: cannot be used", one.name);
        return;
    };
    let (rules, cases) = (number(size.rules, "rule", "rules"), number(size.cases, "case", "cases"));
    let _ = write!(text, "{bold}{}{bold:#}: {rules}", size.id);
    if let Some((base, inherited)) = &size.base {
        let _ = write!(text, " on top of the {inherited} of {base}");
    }
    let _ = write!(text, ", {cases}");
    if size.blocks > 0 {
        let _ = write!(text, ", {}", number(size.blocks, "cell", "cells"));
    }
    text.push('\n');
}

fn totals(checked: &[Checked], done: &str, reading: Reading) -> String {
    let (errors, warnings) = counts(checked);
    format!(
        "{} {done} in the {reading} reading: {}, {}\n",
        number(checked.len(), "policy", "policies"),
        number(errors, "error", "errors"),
        number(warnings, "warning", "warnings"),
    )
}

fn findings(text: &mut String, one: &Checked) {
    for finding in one.findings.iter().take(SHOWN_FINDINGS) {
        let diagnostic = &finding.diagnostic;
        if !finding.has_place {
            let level = match diagnostic.severity {
                Severity::Error => "error",
                Severity::Warning => "warning",
            };
            let _ = writeln!(text, "  {level}[{}]: {}", diagnostic.code, diagnostic.message);
        } else {
            let path = Path::new(&one.name);
            let rendered = diagnostics::render(path, &one.text, std::slice::from_ref(diagnostic));
            for line in rendered.lines() {
                let _ = writeln!(text, "  {line}");
            }
        }
        if let Some((devices, witness)) = &finding.devices {
            let _ = writeln!(text, "    {devices}   (for example {witness})");
        }
    }
    if let Some(more) = one.findings.len().checked_sub(SHOWN_FINDINGS).filter(|more| *more > 0) {
        let _ = writeln!(text, "  … and {}", number(more, "more problem", "more problems"));
    }
}
