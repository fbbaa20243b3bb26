//! The findings in policies, for people.

use std::fmt::Write;
use std::path::Path;

use eligibility::diagnostic::Severity;
use eligibility::policy::Reading;

use crate::present::diagnostics;
use crate::present::wording::number;
use crate::report::check::{Checked, counts};

pub(super) fn render(checked: &[Checked], reading: Reading) -> String {
    let mut text = String::new();
    let bold = anstyle::Style::new().bold();
    for one in checked {
        match &one.size {
            Some(size) => {
                let _ = writeln!(
                    text,
                    "{bold}{}{bold:#}: {}, {}; the devices fall into {}",
                    size.id,
                    number(size.rules, "rule", "rules"),
                    number(size.cases, "case", "cases"),
                    number(size.boxes, "piece", "pieces"),
                );
            }
            None => {
                let _ = writeln!(text, "{bold}{}{bold:#}: cannot be used", one.name);
            }
        }
        findings(&mut text, one);
        for (scope, devices, witness) in &one.scope_gaps {
            let _ = writeln!(text, "  note: at scope {scope} no rule speaks of");
            let _ = writeln!(text, "    {devices}   (for example {witness})");
        }
        text.push('\n');
    }
    let (errors, warnings) = counts(checked);
    let _ = writeln!(
        text,
        "{} checked in the {reading} reading: {}, {}",
        number(checked.len(), "policy", "policies"),
        number(errors, "error", "errors"),
        number(warnings, "warning", "warnings"),
    );
    text
}

fn findings(text: &mut String, one: &Checked) {
    for finding in &one.findings {
        let diagnostic = &finding.diagnostic;
        if diagnostic.primary.span.is_empty() {
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
}
