//! A readable part of the space: conditions, and a device that represents it.

use std::fmt;

use serde::Serialize;

use super::axes::Axes;
use super::partition::Cube;
use super::releases::Releases;
use crate::classes::{BitSet, Classes};
use crate::facts::{Fact, FactName, FactValue, Facts, Management, Platform, Value};
use crate::policy::{Condition, Conjunction, Test, Truth};
use crate::text::write_joined;

/// Devices that are alike in the respect in question.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Region {
    devices: Conjunction,
    witness: Facts,
}

impl Region {
    /// Returns the common facts of the devices.
    pub fn devices(&self) -> &Conjunction {
        &self.devices
    }

    /// Returns true if a device is known to be one of them.
    pub fn holds(&self, device: &Facts) -> bool {
        self.devices.truth(device) == Truth::Holds
    }

    /// Returns one of the devices, fully known as far as any policy in question asks; its version
    /// was really released where the region has such a version.
    pub fn witness(&self) -> &Facts {
        &self.witness
    }

    /// Describes a cube with at least one device that exists and satisfies `inside`.
    pub(super) fn of(
        axes: &Axes,
        cube: &Cube,
        releases: &Releases,
        inside: impl Fn(&Facts) -> bool,
    ) -> Self {
        let conditions = axes.iter().zip(cube).filter_map(|(axis, literal)| {
            let whole = match (axis.fact(), axes.position(FactName::Platform)) {
                (FactName::Management, Some(platform)) => {
                    Axes::modes_on(&cube[platform]).is_subset(literal)
                }
                _ => literal.iter().count() == axis.len(),
            };
            (!whole).then(|| Condition { fact: axis.fact(), test: axis.test(literal) })
        });
        let devices = Conjunction::new(conditions);
        let search = Search { axes, cube, releases, inside };
        let witness = search.from(0, Facts::default()).expect("a region has a device");
        Self { devices, witness }
    }
}

/// The search for a device of a cube, the most typical first.
struct Search<'a, F> {
    axes: &'a Axes,
    cube: &'a Cube,
    releases: &'a Releases,
    inside: F,
}

impl<F: Fn(&Facts) -> bool> Search<'_, F> {
    /// Returns a device that agrees with this one on the axes before `depth`.
    fn from(&self, depth: usize, device: Facts) -> Option<Facts> {
        if depth == self.axes.len() {
            return (self.inside)(&device).then_some(device);
        }
        let axis = self.axes.get(depth);
        let values = self.values(axis, &self.cube[depth], device.platform.known());
        values.into_iter().find_map(|value| {
            let mut device = device;
            device.set(axis.fact(), Fact::Known(value));
            if device.possible() { self.from(depth + 1, device) } else { None }
        })
    }

    /// Returns one value for each class of a literal: released versions first, modes of no vendor
    /// last.
    fn values(&self, axis: &Classes, literal: &BitSet, platform: Option<Platform>) -> Vec<Value> {
        let mut values = Vec::new();
        let mut unreleased = Vec::new();
        for class in literal.iter() {
            let mut class_alone = BitSet::none(axis.len());
            class_alone.insert(class);
            let released = match (axis.test(&class_alone), platform) {
                (Test::Versions(versions), Some(platform)) => {
                    self.releases.first_in(platform, &versions).map(Value::Version)
                }
                _ => None,
            };
            match released {
                Some(version) => values.push(version),
                None => unreleased.push(axis.witness(class)),
            }
        }
        values.append(&mut unreleased);
        // A device in use has a passcode, and something that requires one.
        if matches!(axis.fact(), FactName::PasscodeRequired | FactName::PasscodeSet) {
            values.reverse();
        }
        if axis.fact() == FactName::Management {
            let unspecific = [Management::Mdm.to_value(), Management::NotManaged.to_value()];
            values.sort_by_key(|value| unspecific.contains(value));
        }
        values
    }
}

impl fmt::Display for Region {
    /// Returns the common facts of the devices, without the names of facts whose values are clear
    /// alone: `android; personal-work-profile; >6.0, <7.0`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let speaking = [FactName::Platform, FactName::Management, FactName::OsVersion];
        let conditions = self.devices.conditions();
        if conditions.is_empty() {
            return f.write_str("every device");
        }
        let texts = conditions.iter().map(|condition| match speaking.contains(&condition.fact) {
            true => condition.values(),
            false => condition.to_string(),
        });
        write_joined(f, texts, "; ")
    }
}
