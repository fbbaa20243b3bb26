//! Policies held against simulated devices, for a page.

use std::fmt::Write;

use crate::present::wording;
use crate::report::verification::{Group, Shown, Verified, VerifiedPolicy};

pub(super) fn render(verified: &Verified) -> String {
    let mut text = format!(
        "# Documented rules and simulated devices\n\nIn the {} reading, against {} trials.\n",
        verified.reading,
        crate::present::table::grouped(u64::try_from(verified.trials).unwrap_or(u64::MAX)),
    );
    for one in &verified.policies {
        policy(&mut text, one, verified);
    }
    text.push_str("\n## Not simulated, and so not checked\n\n| devices | because |\n|---|---|\n");
    for unseen in &verified.unseen {
        let _ = writeln!(text, "| {} | {} |", unseen.region, unseen.because);
    }
    text
}

fn policy(text: &mut String, one: &VerifiedPolicy, verified: &Verified) {
    let (id, source) = (&one.document.id, &one.document.source);
    let _ = write!(text, "\n## {}: [{id}]({source})\n", one.document.documented);
    if one.disagreements.is_empty() && !one.is_untried() {
        text.push_str("\nNo simulated device disagrees.\n");
    }
    if let Some(names) = one.untried_names() {
        let _ = write!(text, "\nNot checked, because they match no simulated device: {names}.\n");
    }
    for group in one.groups(&verified.record) {
        disagreement(text, one, &group);
    }
    if !one.unsaid.is_empty() {
        text.push_str(
            "\n### What the page leaves open\n\n| devices | page | device |\n|---|---|---|\n",
        );
    }
    for unsaid in &one.unsaid {
        let page = if unsaid.contradiction.is_some() { "contradicts itself" } else { "is silent" };
        let result = unsaid.done.map_or("not carried out".to_owned(), |result| {
            format!("carried out ({})", wording::how(result))
        });
        let _ = writeln!(text, "| {} | {page} | {result} |", unsaid.region);
    }
}

fn disagreement(text: &mut String, one: &VerifiedPolicy, group: &Group<'_>) {
    let name = group.explanation.map_or("not explained yet", |one| one.id.as_str());
    let _ = write!(
        text,
        "\n### {}: {name}\n\n| devices | the page | the device | for example |\n|---|---|---|---|\n",
        group.code.as_str()
    );
    for Shown { disagreement, scenario } in &group.members {
        let claim = wording::claim(&one.policy, disagreement);
        let places = disagreement.clauses.iter().map(|clause| one.clause(*clause).1);
        let places: Vec<_> = places.collect();
        let witness = wording::witness(&disagreement.region);
        let shown = scenario
            .as_ref()
            .map(|path| format!(" ([scenario]({}))", path.display()))
            .unwrap_or_default();
        let cells = [
            disagreement.region.to_string(),
            format!("{claim} ({})", places.join("; ")),
            disagreement.result.to_string(),
            witness + &shown,
        ];
        let cells: Vec<_> = cells.iter().map(|cell| cell.replace('|', "\\|")).collect();
        let _ = writeln!(text, "| {} |", cells.join(" | "));
    }
    if let Some(explanation) = group.explanation {
        let _ = write!(text, "\n{}\n", explanation.because);
        if let Some(instead) = &explanation.instead {
            let _ = write!(text, "\nInstead: {instead}\n");
        }
    }
    text.push_str("\nSources:\n\n");
    for source in group.sources() {
        let _ = writeln!(text, "- {source}");
    }
}
