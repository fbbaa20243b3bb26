//! The behaviour of every simulated device: computed once, used for every policy.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::num::NonZeroUsize;
use std::thread;

use device_sim::android::ApiLevel;
use device_sim::subject::{NotSimulated, subject};
use eligibility::facts::{
    Fact, FactName, FactSet, FactValue, Facts, Management, OsVersion, Platform, Value,
};

use crate::trial::results;
use crate::trial_result::TrialResults;

/// The trial results of a simulated device, or the reason that there is none.
pub type Answer = Result<TrialResults, NotSimulated>;

/// Platforms whose devices are distinguished by the same facts.
#[derive(Clone, Debug)]
pub(crate) struct Family {
    /// The platforms.
    pub(crate) platforms: Vec<Platform>,
    /// The facts that can make a difference to what such devices do.
    pub(crate) facts: FactSet,
    /// The versions at which such devices may become different.
    starts: BTreeSet<OsVersion>,
    /// Those of them at which some device does become different.
    pub(crate) cuts: BTreeSet<OsVersion>,
    /// The trial results by those facts. Only looked up, so the order cannot matter.
    answers: HashMap<Facts, Answer>,
}

/// The behaviour of every device that can be simulated.
#[derive(Clone, Debug)]
pub struct Behaviour {
    families: Vec<Family>,
    trials: usize,
}

impl Behaviour {
    /// Presses the button on every simulated device, on a number of threads, which has no
    /// influence on the result.
    pub fn observe(threads: NonZeroUsize) -> Self {
        let mut families = Family::all();
        let devices: Vec<Facts> = families.iter().flat_map(Family::devices).collect();
        let mut numbers: BTreeMap<String, usize> = BTreeMap::new();
        let mut setups = Vec::new();
        let subjects: Vec<Result<usize, NotSimulated>> = devices
            .iter()
            .map(|device| {
                let setup = subject(device)?;
                // Many facts make no difference to a device: what is written alike is alike.
                let number = *numbers.entry(setup.to_toml()).or_insert(setups.len());
                if number == setups.len() {
                    setups.push(setup);
                }
                Ok(number)
            })
            .collect();
        let share = setups.len().div_ceil(threads.get()).max(1);
        let done: Vec<TrialResults> = thread::scope(|scope| {
            let running: Vec<_> = setups
                .chunks(share)
                .map(|part| scope.spawn(move || part.iter().map(results).collect::<Vec<_>>()))
                .collect();
            let parts = running.into_iter().map(thread::ScopedJoinHandle::join);
            parts.flat_map(|part| part.expect("a trial does not panic")).collect()
        });
        let answers: HashMap<Facts, Answer> = devices
            .into_iter()
            .zip(subjects)
            .map(|(device, number)| (device, number.map(|number| done[number])))
            .collect();
        for family in &mut families {
            family.learn(|device| answers[device]);
        }
        Self { families, trials: 2 * setups.len() }
    }

    /// Returns the behaviour that a function gives to every device that could be simulated.
    #[cfg(test)]
    pub(crate) fn given_by(witness: impl Fn(&Facts) -> Answer) -> Self {
        let mut families = Family::all();
        for family in &mut families {
            family.learn(&witness);
        }
        Self { families, trials: 0 }
    }

    /// Returns every device that makes a difference, with what it does, in a fixed order.
    pub fn devices(&self) -> impl Iterator<Item = (Facts, Answer)> {
        let all = |family: &Family| {
            family
                .devices()
                .into_iter()
                .map(|device| (device, self.of(&device)))
                .collect::<Vec<_>>()
        };
        self.families.iter().flat_map(all)
    }

    /// Returns how many times the button was pressed: two for each device unlike all others.
    pub fn trials(&self) -> usize {
        self.trials
    }

    /// Returns the trial results of a device; everything that makes a difference must be known.
    pub fn of(&self, device: &Facts) -> Answer {
        let unknown = |fact| NotSimulated::NotKnown(fact);
        let platform = device.platform.known().ok_or(unknown(FactName::Platform))?;
        let family = self.families.iter().find(|family| family.platforms.contains(&platform));
        family.ok_or(unknown(FactName::Platform))?.answer(device)
    }

    pub(crate) fn families(&self) -> &[Family] {
        &self.families
    }
}

impl Family {
    fn new(platforms: &[Platform], facts: &[FactName], starts: BTreeSet<OsVersion>) -> Self {
        let always = [FactName::Platform, FactName::Management, FactName::OsVersion];
        Self {
            platforms: platforms.to_vec(),
            facts: facts.iter().copied().chain(always).collect(),
            starts,
            cuts: BTreeSet::new(),
            answers: HashMap::new(),
        }
    }

    /// Android, Apple's systems, and all that nothing simulates.
    fn all() -> Vec<Self> {
        use FactName::{ManagementState, PasscodeRequired, PasscodeSet, ResetToken, UnlockToken};
        use Platform as P;
        let android = [PasscodeRequired, PasscodeSet, ResetToken, ManagementState];
        let apple = [PasscodeRequired, PasscodeSet, UnlockToken, ManagementState];
        let apples = [P::Ios, P::Ipados, P::Visionos, P::Watchos, P::Tvos, P::Macos];
        let others = [P::Windows, P::WindowsPhone, P::Linux, P::Chromeos];
        vec![
            Self::new(&[P::Android], &android, android_versions()),
            Self::new(&apples, &apple, apple_versions()),
            Self::new(&others, &[], BTreeSet::from([OsVersion::MIN])),
        ]
    }

    /// Returns every device that the family's facts distinguish.
    fn devices(&self) -> Vec<Facts> {
        let mut devices = vec![Facts::default()];
        for fact in self.facts.iter() {
            let longer = devices.iter().flat_map(|device| {
                self.values(fact, device).into_iter().map(move |value| {
                    let mut device = *device;
                    device.set(fact, Fact::Known(value));
                    device
                })
            });
            devices = longer.collect();
        }
        devices
    }

    fn values(&self, fact: FactName, device: &Facts) -> Vec<Value> {
        match (fact, device.platform) {
            (FactName::Platform, _) => {
                self.platforms.iter().map(|platform| platform.to_value()).collect()
            }
            (FactName::Management, Fact::Known(platform)) => {
                Management::on(platform).iter().map(|mode| mode.to_value()).collect()
            }
            (FactName::OsVersion, _) => self.starts.iter().copied().map(Value::Version).collect(),
            _ => (0..).zip(fact.choices()).map(|(choice, _)| Value::Choice(choice)).collect(),
        }
    }

    /// Fills the table, and notes at which versions anything becomes different.
    fn learn(&mut self, witness: impl Fn(&Facts) -> Answer) {
        let devices = self.devices();
        self.answers = devices.iter().map(|device| (*device, witness(device))).collect();
        let mut starts = self.starts.iter();
        let first = starts.next().copied();
        let cuts = first.into_iter().chain(self.starts.iter().zip(starts).filter_map(
            |(before, start)| {
                let here = devices.iter().filter(|one| one.os_version == Fact::Known(*start));
                let changes = here.into_iter().any(|device| {
                    let earlier = Facts { os_version: Fact::Known(*before), ..*device };
                    self.answers[&earlier] != self.answers[device]
                });
                changes.then_some(*start)
            },
        ));
        self.cuts = cuts.collect();
    }

    /// Returns everything that any of its devices answers.
    pub(crate) fn answers(&self) -> impl Iterator<Item = Answer> {
        self.answers.values().copied()
    }

    fn answer(&self, device: &Facts) -> Answer {
        let version = device.os_version.known().unwrap_or(OsVersion::MIN);
        let start = self.starts.range(..=version).next_back();
        let mut known = Facts::default();
        for fact in self.facts.iter() {
            known.set(fact, device.get(fact));
        }
        known.os_version = Fact::Known(*start.unwrap_or(&OsVersion::MIN));
        match self.answers.get(&known) {
            Some(answer) => *answer,
            None => {
                let unknown = self.facts.iter().find(|fact| !device.get(*fact).is_known());
                Err(NotSimulated::NotKnown(unknown.unwrap_or(FactName::Platform)))
            }
        }
    }
}

/// Returns every version at which Android's calls changed, the first that is not simulated any more
/// included.
fn android_versions() -> BTreeSet<OsVersion> {
    let levels = ApiLevel::all().map(ApiLevel::os_version);
    let [last, ..] = ApiLevel::LAST.os_version().parts();
    levels.chain([OsVersion::MIN, OsVersion::new([last + 1, 0, 0, 0])]).collect()
}

/// Returns every version at which some command, payload or declaration came to one of Apple's
/// systems.
///
/// Source: the schemas in <https://github.com/apple/device-management>.
fn apple_versions() -> BTreeSet<OsVersion> {
    const CHANGES: [(u32, u32); 13] = [
        (1, 1),
        (2, 0),
        (4, 0),
        (10, 0),
        (10, 3),
        (13, 0),
        (15, 0),
        (15, 4),
        (16, 0),
        (16, 2),
        (17, 0),
        (18, 0),
        (26, 0),
    ];
    let versions = CHANGES.map(|(major, minor)| OsVersion::new([major, minor, 0, 0]));
    versions.into_iter().chain([OsVersion::MIN]).collect()
}
