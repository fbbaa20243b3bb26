//! The grammar of accepted findings.

use super::cases::Clauses;
use super::{Problems, filled};
use crate::diagnostic::Diagnostic;
use crate::document::Section;
use crate::policy::accepted::{Accepted, FindingCode};
use crate::policy::condition::Conjunction;

/// Reads one accepted finding; `None` only if something was reported.
pub(super) fn accepted(
    mut section: Section<'_>,
    clauses: &Clauses<'_>,
    problems: &mut Problems,
) -> Option<Accepted> {
    let span = section.span();
    let finding = section.require_word("finding", problems);
    let node = section.take("devices");
    let devices = match node {
        None => Some(Conjunction::default()),
        Some(node) => Conjunction::read(node, "devices", problems),
    };
    let named = section.take("rules");
    let rules = match named {
        None => Some(Vec::new()),
        Some(named) => clauses.names(named, "rules", problems),
    };
    let because = section.require_text("because", problems);
    let because = because.and_then(|text| filled("because", text, problems));
    section.finish(problems);
    let finding: FindingCode = finding?;
    if let Some(node) = node.filter(|_| finding.is_about_a_rule()) {
        let message = format!("`{finding}` is about a rule, not about devices");
        return Diagnostic::error("impossible-acceptance", message, node.span())
            .label("this cannot be met")
            .hint("name the rule: `rules = [\"…\"]`")
            .report(problems);
    }
    if node.is_none() && named.is_none() {
        let message = format!("this accepts every finding `{finding}`, also those to come");
        return Diagnostic::error("unbounded-acceptance", message, span)
            .label("neither `devices` nor `rules`")
            .hint("name what is accepted, as `relatch policy check` shows it")
            .report(problems);
    }
    Some(Accepted { finding, devices: devices?, rules: rules?, because: because?.value, span })
}
