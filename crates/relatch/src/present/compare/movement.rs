//! Two inventories of one fleet, for people and for programs.

use std::fmt::Write;

use eligibility::decide::{ReasonCode, VerdictWord};
use eligibility::facts::FactName;
use eligibility::policy::{Policy, Reading};
use fleet::VerdictCounts;
use schemars::JsonSchema;
use serde::Serialize;

use super::json::Transition;
use crate::json::{ByWord, Version, Word, names, pretty};
use crate::present::inventories;
use crate::present::paragraph::filled;
use crate::present::table::{Column, Sheet, grouped, share};
use crate::present::terminal::Style;
use crate::present::wording;
use crate::report::inventories::{InventoriesReport, SelectionReport};
use crate::report::movement::Movement;
use crate::report::transition::Side;

/// Two inventories of one fleet: `relatch compare OLD NEW --format json`.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub(crate) struct CompareInventories<'a> {
    /// The version of this shape.
    schema: Version,
    /// The policy that decided both.
    policy: &'a str,
    /// The reading of the policy.
    reading: Word<Reading>,
    /// The devices that were selected; a device counts if it is in either inventory. Null if all
    /// were.
    selection: Option<&'a SelectionReport>,
    /// The earlier inventory.
    old: &'a InventoriesReport,
    /// The later inventory.
    new: &'a InventoriesReport,
    /// The devices that are in both.
    matched: u64,
    /// The devices of either inventory that have no device id and no serial number; they are in
    /// none of the other counts.
    no_key: NoKey,
    /// The devices of both that became eligible.
    became_eligible: u64,
    /// The devices of both that were eligible and no longer are.
    lost_eligibility: u64,
    /// The devices of the later inventory alone.
    appeared: Alone,
    /// The devices of the earlier inventory alone.
    vanished: Alone,
    /// The devices of both by their decisions; unchanged ones are included.
    transitions: Vec<Transition>,
    /// The devices of both whose decision changes, and why.
    changes: Vec<ChangeObject<'a>>,
    /// The list of devices that was written.
    devices: Option<&'a str>,
}

/// Devices without a key.
#[derive(Serialize, JsonSchema)]
struct NoKey {
    /// In the earlier inventory.
    old: u64,
    /// In the later inventory.
    new: u64,
}

/// The devices that are in one of the inventories.
#[derive(Serialize, JsonSchema)]
struct Alone {
    /// The number of devices.
    devices: u64,
    /// The devices by decision.
    decisions: ByWord<VerdictWord, u64>,
}

/// Devices whose decision changes in one way.
#[derive(Serialize, JsonSchema)]
struct ChangeObject<'a> {
    /// The number of devices.
    devices: u64,
    /// The decision before.
    before: SideObject<'a>,
    /// The decision after.
    after: SideObject<'a>,
    /// The facts that differ.
    differing: Vec<Word<FactName>>,
}

/// A decision and its first reason.
#[derive(Serialize, JsonSchema)]
struct SideObject<'a> {
    /// The decision.
    decision: Word<VerdictWord>,
    /// The first reason.
    reason: Option<Word<ReasonCode>>,
    /// The rule or prerequisite behind it.
    clause: Option<&'a str>,
}

impl Alone {
    fn of(counts: &VerdictCounts) -> Self {
        let each = VerdictWord::ALL.iter().map(|verdict| (*verdict, counts.of(*verdict)));
        Self { devices: counts.devices(), decisions: each.collect() }
    }
}

impl<'a> SideObject<'a> {
    fn of(policy: &'a Policy, side: &Side) -> Self {
        let clause = side.reason.and_then(|reason| reason.clause);
        Self {
            decision: Word(side.verdict),
            reason: side.reason.map(|reason| Word(reason.code)),
            clause: clause.map(|clause| policy.clause_id(clause)),
        }
    }
}

pub(super) fn json(movement: &Movement) -> String {
    let Movement { policy, sides: [old, new], .. } = movement;
    let changes = movement.changes.iter().map(|change| ChangeObject {
        devices: change.devices,
        before: SideObject::of(policy, &change.before),
        after: SideObject::of(policy, &change.after),
        differing: names(change.facts),
    });
    pretty(&CompareInventories {
        schema: Version,
        policy: &policy.id,
        reading: Word(policy.reading),
        selection: movement.selection.as_ref(),
        old: &old.inventories,
        new: &new.inventories,
        matched: movement.matched(),
        no_key: NoKey { old: old.without_key, new: new.without_key },
        became_eligible: movement.gained(),
        lost_eligibility: movement.lost(),
        appeared: Alone::of(&movement.appeared),
        vanished: Alone::of(&movement.vanished),
        transitions: movement.verdicts.iter().map(Transition::of).collect(),
        changes: changes.collect(),
        devices: movement.listed.file.as_deref(),
    })
}

pub(super) fn text(movement: &Movement) -> String {
    let mut text = String::new();
    let bold = Style::Bold;
    let _ = write!(text, "{bold}{}{bold:#}", filled(&headline(movement)));
    rests_on(&mut text, movement);
    text.push_str(&decisions(movement).text());
    text.push_str(&why(movement).text());
    keys(&mut text, movement);
    for side in &movement.sides {
        inventories::not_understood(&mut text, &side.inventories, "comparison");
    }
    if let Some(list) = &movement.listed.file {
        let _ = writeln!(text, "\nThe devices that change are listed in {list}.");
    }
    text
}

/// Returns the change, as a sentence.
pub(super) fn headline(movement: &Movement) -> String {
    format!(
        "Of {} in both inventories, {} became eligible and {} lost it; {} appeared, {} vanished.",
        wording::devices(movement.matched()),
        grouped(movement.gained()),
        grouped(movement.lost()),
        grouped(movement.appeared.devices()),
        grouped(movement.vanished.devices()),
    )
}

/// Adds what the headline rests on.
pub(super) fn rests_on(text: &mut String, movement: &Movement) {
    let policy = &movement.policy;
    let _ = writeln!(text, "Decided by {}, {} reading.", policy.id, policy.reading);
    if let Some(selection) = &movement.selection {
        let what = inventories::conditions(selection);
        let line = format!("Only devices with {what}, in either inventory.");
        text.push_str(&filled(&line));
    }
    for (name, side) in ["Old", "New"].iter().zip(&movement.sides) {
        let inventories = &side.inventories;
        let devices = wording::devices(inventories.devices());
        let newest = inventories.check_ins.newest().map_or_else(String::new, |time| {
            format!(", latest check-in {} UTC", time.format("%F %R"))
        });
        let (files, except) =
            (inventories::files(inventories), inventories::exceptions(inventories));
        let line = format!("{name}: {devices} in {files}{newest}{except}.");
        text.push_str(&filled(&line));
        inventories::own_lists(text, inventories);
        inventories::duplicates(text, inventories);
    }
}

/// Returns the devices by their decisions before and after.
pub(super) fn decisions(movement: &Movement) -> Sheet {
    let (appeared, vanished) = (&movement.appeared, &movement.vanished);
    let all = movement.matched() + appeared.devices() + vanished.devices();
    let row = |before: &str, after: &str, devices: u64, note: &str| {
        let cells = [before, after, &grouped(devices), &share(devices, all), note];
        cells.map(str::to_owned).to_vec()
    };
    let mut rows = Vec::new();
    for (before, after, devices) in &movement.verdicts {
        let note = match (before, after) {
            (VerdictWord::Eligible, VerdictWord::Eligible) => "as before",
            (_, VerdictWord::Eligible) => "became eligible",
            (VerdictWord::Eligible, _) => "lost eligibility",
            _ if before == after => "as before",
            _ => "",
        };
        rows.push(row(before.as_str(), after.as_str(), *devices, note));
    }
    for verdict in VerdictWord::ALL {
        for (counts, alone) in [(vanished, "vanished"), (appeared, "appeared")] {
            let devices = counts.of(*verdict);
            let (before, after) = match alone {
                "vanished" => (verdict.as_str(), "-"),
                _ => ("-", verdict.as_str()),
            };
            if devices > 0 {
                rows.push(row(before, after, devices, alone));
            }
        }
    }
    Sheet::new(super::CHANGES, rows)
}

/// Returns the reasons for changed decisions, and the facts that change.
pub(super) fn why(movement: &Movement) -> Sheet {
    let side = |side: &Side| {
        let reason = side.reason.map(|reason| wording::reason(&movement.policy, &reason));
        format!("{}: {}", side.verdict, reason.unwrap_or_default())
    };
    let rows = movement.changes.iter().map(|change| {
        let facts: Vec<_> = change.facts.iter().map(FactName::as_str).collect();
        vec![grouped(change.devices), side(&change.before), side(&change.after), facts.join(", ")]
    });
    let headings = [
        ("devices", Column::Number),
        ("before", Column::Words),
        ("after", Column::Words),
        ("what differs", Column::Words),
    ];
    Sheet::new(headings, rows)
}

/// Adds the basis of the join, where it may mislead.
pub(super) fn keys(text: &mut String, movement: &Movement) {
    let [old, new] = &movement.sides;
    if old.without_key + new.without_key > 0 {
        let line = format!(
            "Not compared: {} of the old inventory and {} of the new one, which have no Device ID \
             and no serial number.",
            wording::devices(old.without_key),
            grouped(new.without_key),
        );
        let _ = write!(text, "\n{}", filled(&line));
    }
    let by_serial = |side: &crate::report::movement::Inventory| {
        side.inventories.duplicates.as_ref().map_or(0, |report| report.by_serial_number)
    };
    if (by_serial(old) > 0) != (by_serial(new) > 0) {
        let line = "One inventory has devices by serial number alone and the other has not: such a \
                    device appears and vanishes although it is the same.";
        let _ = write!(text, "\n{}", filled(line));
    } else if movement.matched() == 0 {
        let line = "No device is in both: are these two inventories of one fleet?";
        let _ = write!(text, "\n{}", filled(line));
    }
}
