//! Policies held against simulated devices, for people.

use std::fmt::Write;

use conformance::Unsaid;

use crate::present::paragraph::labelled;
use crate::present::terminal::Style;
use crate::present::wording;
use crate::report::verification::{Group, Shown, Verified, VerifiedPolicy};

pub(super) fn render(verified: &Verified) -> String {
    let mut text = String::new();
    for one in &verified.policies {
        policy(&mut text, one, verified);
    }
    unseen(&mut text, verified);
    let disagreements = verified.policies.iter().flat_map(|one| &one.disagreements);
    let explained =
        disagreements.clone().filter(|shown| shown.disagreement.explanation.is_some()).count();
    let count = disagreements.count();
    let _ = writeln!(
        text,
        "{} held against {} trials in the {} reading: {}, {explained} explained",
        wording::number(verified.policies.len(), "policy", "policies"),
        crate::present::table::grouped(u64::try_from(verified.trials).unwrap_or(u64::MAX)),
        verified.reading,
        wording::number(count, "disagreement", "disagreements"),
    );
    text
}

fn policy(text: &mut String, one: &VerifiedPolicy, verified: &Verified) {
    let bold = Style::Bold;
    let _ = writeln!(
        text,
        "{bold}{}{bold:#}, {} reading: {}",
        one.document.id,
        verified.reading,
        wording::number(one.disagreements.len(), "disagreement", "disagreements"),
    );
    let _ = writeln!(text, "  {}\n  {}\n", one.document.title, one.document.source);
    for group in one.groups(&verified.record) {
        disagreement(text, one, &group);
    }
    if one.accepted > 0 {
        let accepted = wording::number(one.accepted, "disagreement", "disagreements");
        let _ = writeln!(text, "  accepted: {accepted}\n");
    }
    for warning in &one.stale {
        let _ = writeln!(text, "  {warning}\n");
    }
    gaps(text, one);
    if let Some(names) = one.untried_names() {
        let which = if one.is_untried() { "no rule matches a" } else { "these rules match no" };
        let _ = writeln!(text, "  not checked, because {which} simulated device");
        text.push_str(&labelled(4, "", &names));
        text.push('\n');
    }
}

fn disagreement(text: &mut String, one: &VerifiedPolicy, group: &Group<'_>) {
    let red = Style::Red;
    let name = group.explanation.map_or("not explained yet", |one| one.id.as_str());
    let _ = writeln!(text, "  {red}{}{red:#}: {name}", group.code.as_str());
    let mut last = None;
    for Shown { disagreement, scenario } in &group.members {
        let claim = wording::claim(&one.policy, disagreement);
        let heading = format!("{claim}; what happens: {}", disagreement.result);
        if last.as_ref() != Some(&heading) {
            text.push_str(&labelled(4, "", &heading));
            last = Some(heading);
        }
        let witness = wording::witness(&disagreement.region);
        text.push_str(&labelled(
            8,
            "",
            &format!("{}   (for example {witness})", disagreement.region),
        ));
        if let Some(path) = scenario {
            let _ = writeln!(text, "        scenario: {}", path.display());
        }
    }
    let mut places: Vec<(&str, &str)> = Vec::new();
    for clause in group.members.iter().flat_map(|shown| &shown.disagreement.clauses) {
        let place = one.clause(*clause);
        if !places.contains(&place) {
            places.push(place);
        }
    }
    for (id, place) in places {
        text.push_str(&labelled(4, "page     ", &format!("`{id}`: {place}")));
    }
    if let Some(explanation) = group.explanation {
        text.push_str(&labelled(4, "because  ", &explanation.because));
        if let Some(instead) = &explanation.instead {
            text.push_str(&labelled(4, "instead  ", instead));
        }
    }
    for source in group.sources() {
        text.push_str(&labelled(4, "source   ", source));
    }
    text.push('\n');
}

/// Adds the gaps and conflicts of the policy, and the behaviour of such devices.
fn gaps(text: &mut String, one: &VerifiedPolicy) {
    for (heading, contradictory) in [
        ("the page is silent; the device would", false),
        ("the page contradicts itself; the device would", true),
    ] {
        let these = |unsaid: &&Unsaid| unsaid.contradiction.is_some() == contradictory;
        let these: Vec<_> = one.unsaid.iter().filter(these).collect();
        if these.is_empty() {
            continue;
        }
        let _ = writeln!(text, "  {heading}");
        for unsaid in these {
            let result = match unsaid.done {
                Some(result) => format!("carry it out ({})", wording::how(result)),
                None => "not carry it out".to_owned(),
            };
            text.push_str(&labelled(4, "", &format!("{result}: {}", unsaid.region)));
        }
        text.push('\n');
    }
}

fn unseen(text: &mut String, verified: &Verified) {
    let _ = writeln!(text, "not simulated, and so not checked");
    let mut last = None;
    for unseen in &verified.unseen {
        if last != Some(unseen.because) {
            let _ = writeln!(text, "  {}", unseen.because);
            last = Some(unseen.because);
        }
        text.push_str(&labelled(4, "", &unseen.region.to_string()));
    }
    text.push('\n');
}
