//! Summarises a result per device by few regions.

use std::collections::{BTreeMap, BTreeSet};

use super::axes::Axes;
use super::minimise::regions;
use super::partition::{Cube, TooComplex};
use super::region::Region;
use super::releases::Releases;
use crate::classes::BitSet;
use crate::facts::{Fact, FactName, FactSet, Facts, Management, OsVersion, Platform};

/// The most devices in a survey.
const MAX_DEVICES: usize = 1 << 22;

/// The devices that a survey is about: all that can exist on some platforms, distinguished by some
/// facts.
///
/// Platform, management mode and version are always distinguished. Versions between two neighbours
/// of `versions` are alike, so the bounds of every policy and of everything else that knows
/// versions belong in there.
#[derive(Clone, Debug)]
pub struct Survey {
    /// The platforms.
    pub platforms: Vec<Platform>,
    /// The facts by which devices are distinguished.
    pub facts: FactSet,
    /// The versions at which devices may become different.
    pub versions: BTreeSet<OsVersion>,
}

/// The findings about a device: several, none, or that there is no such device.
type Answer<L> = Option<BTreeSet<L>>;

/// A part of the space with the number of its answer; the literal of the last axis comes first.
type Part = (Cube, usize);

impl Survey {
    /// Asks about every device, one of each kind, and describes those with the same result by few
    /// regions; `ask` gives `None` for what is no device, and must always give the same for the
    /// same device.
    ///
    /// # Errors
    ///
    /// [`TooComplex`] if there are too many kinds of devices.
    ///
    /// ```
    /// use std::collections::BTreeSet;
    /// use eligibility::analysis::{Releases, Survey};
    /// use eligibility::facts::{Fact, FactSet, Facts, Platform};
    ///
    /// let survey = Survey {
    ///     platforms: vec![Platform::Android],
    ///     facts: FactSet::EMPTY,
    ///     versions: BTreeSet::from(["8.0".parse()?]),
    /// };
    /// let old = |device: &Facts| {
    ///     let Fact::Known(version) = device.os_version else { return None };
    ///     let old = version < "8.0".parse().ok()?;
    ///     Some(old.then_some("old").into_iter().collect())
    /// };
    /// let regions = survey.regions(&Releases::default(), old).expect("it is small");
    /// let [(label, region)] = regions.as_slice() else { panic!("{regions:?}") };
    /// assert_eq!((*label, region.to_string().as_str()), ("old", "android; <8.0"));
    /// # Ok::<(), eligibility::facts::InvalidVersion>(())
    /// ```
    pub fn regions<L: Clone + Ord>(
        &self,
        releases: &Releases,
        ask: impl Fn(&Facts) -> Option<BTreeSet<L>>,
    ) -> Result<Vec<(L, Region)>, TooComplex> {
        let axes = self.axes();
        let devices = axes.iter().try_fold(1_usize, |all, axis| all.checked_mul(axis.len()));
        if devices.is_none_or(|devices| devices > MAX_DEVICES) {
            return Err(TooComplex);
        }
        let mut asking = Asking { survey: self, axes: &axes, ask: &ask, answers: BTreeMap::new() };
        let mut parts = asking.divide(0, Facts::default());
        for (cube, _) in &mut parts {
            cube.reverse();
        }
        let mut answers: Vec<_> = asking.answers.into_iter().collect();
        answers.sort_by_key(|(_, number)| *number);
        let labels: BTreeSet<&L> =
            answers.iter().filter_map(|(answer, _)| answer.as_ref()).flatten().collect();
        let elsewhere = self.elsewhere(&axes);
        let mut found = Vec::new();
        for label in labels {
            let says = |answer: usize| answers[answer].0.as_ref().map(|all| all.contains(label));
            // Parts without a device are in no region and outside of none.
            let devices = parts.iter().filter_map(|(cube, answer)| Some((cube, says(*answer)?)));
            let elsewhere = elsewhere.iter().map(|cube| (cube, false));
            let known: Vec<(&Cube, bool)> = devices.chain(elsewhere).collect();
            let inside = |device: &Facts| ask(device).is_some_and(|labels| labels.contains(label));
            let regions = regions(&axes, &known, |one| one.0, |one| one.1, releases, inside);
            found.extend(regions.into_iter().map(|region| (label.clone(), region)));
        }
        Ok(found)
    }

    fn axes(&self) -> Axes {
        let always = [FactName::Platform, FactName::Management, FactName::OsVersion];
        Axes::new(self.facts.union(always.into_iter().collect()), &self.versions)
    }

    /// Returns every device of the platforms that the survey leaves out, if there are such.
    fn elsewhere(&self, axes: &Axes) -> Option<Cube> {
        let mut cube: Cube = axes.iter().map(|axis| BitSet::all(axis.len())).collect();
        let position = axes.position(FactName::Platform)?;
        for platform in &self.platforms {
            cube[position].remove(*platform as usize);
        }
        (!cube[position].is_empty()).then_some(cube)
    }
}

/// The questions of one survey, with the answers seen so far and their numbers.
struct Asking<'a, L, F> {
    survey: &'a Survey,
    axes: &'a Axes,
    ask: &'a F,
    answers: BTreeMap<Answer<L>, usize>,
}

impl<L: Clone + Ord, F: Fn(&Facts) -> Answer<L>> Asking<'_, L, F> {
    /// Divides the devices that are known so far by the facts from `depth` on: values that make no
    /// difference to anything below are taken together.
    fn divide(&mut self, depth: usize, device: Facts) -> Vec<Part> {
        if depth == self.axes.len() {
            let fresh = self.answers.len();
            return vec![(Vec::new(), *self.answers.entry((self.ask)(&device)).or_insert(fresh))];
        }
        let axis = self.axes.get(depth);
        let mut alike: BTreeMap<Vec<Part>, BitSet> = BTreeMap::new();
        for class in self.values(depth, &device) {
            let mut device = device;
            device.set(axis.fact(), Fact::Known(axis.witness(class)));
            let below = self.divide(depth + 1, device);
            alike.entry(below).or_insert_with(|| BitSet::none(axis.len())).insert(class);
        }
        let mut parts = Vec::new();
        for (below, literal) in alike {
            parts.extend(below.into_iter().map(|(mut cube, answer)| {
                cube.push(literal.clone());
                (cube, answer)
            }));
        }
        parts
    }

    /// Returns the values of a fact that exist beside those that are known.
    fn values(&self, depth: usize, device: &Facts) -> Vec<usize> {
        let axis = self.axes.get(depth);
        match (axis.fact(), device.platform) {
            (FactName::Platform, _) => {
                self.survey.platforms.iter().map(|platform| *platform as usize).collect()
            }
            (FactName::Management, Fact::Known(platform)) => {
                Management::on(platform).iter().map(|mode| *mode as usize).collect()
            }
            _ => (0..axis.len()).collect(),
        }
    }
}
