//! A part of the space that people can read: conditions, and a device that stands for it.

use std::fmt;

use super::axes::{Axes, Axis};
use super::partition::Sides;
use super::releases::Releases;
use crate::facts::{Fact, FactKind, FactValue, Facts, Management, Platform, Value};
use crate::policy::{Condition, Conjunction, Test, Truth};

/// Devices that are alike in the respect in question.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Region {
    devices: Conjunction,
    witness: Facts,
}

impl Region {
    /// What the devices have in common.
    pub fn devices(&self) -> &Conjunction {
        &self.devices
    }

    /// Whether a device is known to be one of them.
    pub fn holds(&self, device: &Facts) -> bool {
        self.devices.truth(device) == Truth::Holds
    }

    /// One of the devices, fully known as far as any policy in question asks; its version was
    /// really released where the region has such a version.
    pub fn witness(&self) -> &Facts {
        &self.witness
    }

    /// Describes a box, of which at least one device must exist and satisfy `inside`.
    pub(super) fn of(
        axes: &Axes,
        sides: &Sides,
        releases: &Releases,
        inside: impl Fn(&Facts) -> bool,
    ) -> Self {
        let conditions = axes.iter().zip(sides).filter_map(|(axis, side)| {
            let whole = match (axis.fact, axes.position(FactKind::Platform)) {
                (FactKind::Management, Some(platform)) => {
                    Axes::modes_on(&sides[platform]).is_subset(side)
                }
                _ => side.iter().count() == axis.size(),
            };
            (!whole).then(|| Condition { fact: axis.fact, test: axis.test(side) })
        });
        let devices = Conjunction::new(conditions);
        let witness = witnesses(axes, sides, releases)
            .into_iter()
            .find(|device| inside(device))
            .expect("a region has a device");
        Self { devices, witness }
    }
}

/// The devices of a box that can exist, with the most telling first.
fn witnesses(axes: &Axes, sides: &Sides, releases: &Releases) -> Vec<Facts> {
    let mut devices = vec![Facts::default()];
    for (axis, side) in axes.iter().zip(sides) {
        devices = devices
            .iter()
            .flat_map(|device| {
                let values = values(axis, side, device.platform.known(), releases);
                values.into_iter().map(|value| {
                    let mut device = *device;
                    device.set(axis.fact, Fact::Known(value));
                    device
                })
            })
            .filter(Facts::possible)
            .collect();
    }
    devices
}

/// The values of a side, a released version first, and modes that are not `mdm` first.
fn values(
    axis: &Axis,
    side: &super::atoms::Atoms,
    platform: Option<Platform>,
    releases: &Releases,
) -> Vec<Value> {
    let mut values: Vec<_> = side.iter().map(|atom| axis.value(atom)).collect();
    if let Test::Versions(versions) = axis.test(side) {
        // One version of the region is enough: no clause tells its versions apart.
        values.truncate(1);
        let released = platform.and_then(|platform| releases.first_in(platform, &versions));
        values.splice(0..0, released.map(Value::Version));
    }
    if axis.fact == FactKind::Management {
        let nobodys = [Management::Mdm.to_value(), Management::NotManaged.to_value()];
        values.sort_by_key(|value| nobodys.contains(value));
    }
    values
}

impl fmt::Display for Region {
    /// What the devices have in common, without the names of facts whose values speak for
    /// themselves: `android, personal-work-profile, >6.0, <7.0`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let speaking = [FactKind::Platform, FactKind::Management, FactKind::OsVersion];
        for (index, condition) in self.devices.conditions().iter().enumerate() {
            if index > 0 {
                f.write_str("; ")?;
            }
            if !speaking.contains(&condition.fact) {
                write!(f, "{} ", condition.fact)?;
            }
            f.write_str(&condition.values())?;
        }
        if self.devices.conditions().is_empty() {
            f.write_str("every device")?;
        }
        Ok(())
    }
}
