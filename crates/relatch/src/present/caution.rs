//! Known disagreements with a policy, and notes on the action.

use std::fmt::Write;

use conformance::DisagreementCode;

use super::html::Html;
use super::paragraph::{filled, labelled};
use super::table::grouped;
use super::wording;
use crate::report::caution::{Caution, Found};

/// Adds the cautions and notes for one device.
pub(super) fn of_device(text: &mut String, found: &Found) {
    for caution in &found.cautions {
        match caution.devices {
            0 => possible(text, caution, "this device"),
            _ => {
                let _ = writeln!(text, "\ncaution `{}`: {}", caution.id, against(caution));
                details(text, caution);
            }
        }
    }
    for note in &found.notes {
        let _ = writeln!(text, "\nnote `{}`", note.id);
        details(text, note);
    }
}

/// Adds the cautions and notes for a fleet, a line or two each.
pub(super) fn in_short(text: &mut String, found: &Found) {
    let (certain, possible): (Vec<_>, Vec<_>) =
        found.cautions.iter().partition(|caution| caution.devices > 0);
    if certain.is_empty() && found.notes.is_empty() && possible.is_empty() {
        return;
    }
    let _ = writeln!(text, "\nBefore you press the button");
    let line = |text: &mut String, devices: u64, what: &str| {
        let label = format!("{:>7}  ", grouped(devices));
        text.push_str(&labelled(2, &label, what));
    };
    for caution in certain {
        let what = format!("{}: {}", caution.id, against(caution));
        line(text, caution.devices, &what);
    }
    for note in &found.notes {
        let what = format!("{}: {}", note.id, first_clause(&note.because));
        line(text, note.devices, &what);
    }
    if !possible.is_empty() {
        let more = wording::number(possible.len(), "more caution", "more cautions");
        let _ = writeln!(text, "  {more} may apply, depending on facts that are unknown.");
    }
}

/// Returns the beginning of a text, up to the end of a sentence or of what a colon introduces.
fn first_clause(text: &str) -> &str {
    let end = [": ", ". "].iter().filter_map(|end| text.find(end)).min();
    text[..end.unwrap_or(text.len())].trim_end_matches('.')
}

/// Adds the cautions and notes for a fleet.
pub(super) fn of_fleet(text: &mut String, found: &Found) {
    for caution in found.cautions.iter().filter(|caution| caution.devices > 0) {
        let devices = wording::devices(caution.devices);
        let line = format!("Caution for {devices}, `{}`: {}", caution.id, against(caution));
        let _ = write!(text, "\n{}", filled(&line));
        details(text, caution);
    }
    for note in &found.notes {
        let devices = wording::devices(note.devices);
        let _ = writeln!(text, "\nNote for {devices}, `{}`", note.id);
        details(text, note);
    }
    for caution in found.cautions.iter().filter(|caution| caution.possible > 0) {
        let noun = if caution.possible == 1 { "device" } else { "devices" };
        possible(text, caution, &format!("{} more {noun}", grouped(caution.possible)));
    }
}

/// Adds the cautions and notes for a fleet to a page.
pub(super) fn in_page(html: &mut Html, found: &Found) {
    let (certain, possible): (Vec<_>, Vec<_>) =
        found.cautions.iter().partition(|caution| caution.devices > 0);
    for caution in certain {
        let devices = wording::devices(caution.devices);
        let title = format!("Caution for {devices}: {} ({})", against(caution), caution.id);
        one_in_page(html, &title, caution);
    }
    for note in &found.notes {
        let devices = wording::devices(note.devices);
        let title = format!("Note for {devices}: {} ({})", first_clause(&note.because), note.id);
        one_in_page(html, &title, note);
    }
    for caution in possible {
        let (devices, facts) = (wording::devices(caution.possible), caution.if_known);
        let title = format!(
            "Possible caution for {devices}, depending on {facts}: {} ({})",
            against(caution),
            caution.id
        );
        one_in_page(html, &title, caution);
    }
}

fn one_in_page(html: &mut Html, title: &str, caution: &Caution) {
    html.within("details", &[], |html| {
        html.leaf("summary", &[], title);
        html.within("dl", &[], |html| {
            html.leaf("dt", &[], "Because");
            html.leaf("dd", &[], &caution.because);
            if let Some(instead) = &caution.instead {
                html.leaf("dt", &[], "Instead");
                html.leaf("dd", &[], instead);
            }
            html.leaf("dt", &[], "Sources");
            for source in &caution.sources {
                html.within("dd", &[], |html| html.source(source));
            }
        });
    });
}

fn possible(text: &mut String, caution: &Caution, devices: &str) {
    let facts = caution.if_known.to_string();
    let line = format!("Possible caution `{}` for {devices}: depends on {facts}", caution.id);
    let _ = write!(text, "\n{}", filled(&line));
}

fn details(text: &mut String, caution: &Caution) {
    text.push_str(&labelled(2, "because  ", &caution.because));
    if let Some(instead) = &caution.instead {
        text.push_str(&labelled(2, "instead  ", instead));
    }
    for source in &caution.sources {
        text.push_str(&labelled(2, "source   ", source));
    }
}

/// Returns the behaviour that differs from the page.
fn against(caution: &Caution) -> &'static str {
    match caution.codes.first() {
        Some(DisagreementCode::NotKept) => "the page promises it, and it fails",
        Some(DisagreementCode::NeedNeverHolds) => {
            "the page requires what such a device cannot have"
        }
        Some(DisagreementCode::KeptOtherwise) => "it works in another way than the page says",
        Some(DisagreementCode::RefusedButDone) => "the page refuses what works",
        Some(DisagreementCode::NotNeeded) => "it works without what the page requires",
        None => "",
    }
}
