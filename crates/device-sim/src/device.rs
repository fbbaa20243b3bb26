//! The platforms that there are: the one place that lists them.
//!
//! A platform is a module of its own with its setup, calls, state and observables. Code that needs
//! something of every platform matches on one of these enums, so that another platform is a compile
//! error wherever it has to be thought of.

use chrono::{DateTime, TimeDelta, Utc};
use eligibility::document::{Section, Text};
use eligibility::facts::OsVersion;

use crate::model::versions::VersionAxis;
use crate::model::{self, Observable, Outcome, OutcomeKey, Problems, Value};
use crate::{android, apple};
use eligibility::closed_enum;

closed_enum! {
    /// A platform that has a model.
    pub enum Platform: "platform" {
        /// A phone or tablet with Android, API level 23 to 36.
        Android = "android",
        /// An iPhone, iPad or another of Apple's devices, with the server that manages it.
        Apple = "apple",
    }
}

impl Platform {
    /// Returns everything that can be observed on such a device.
    pub(crate) const fn observables(self) -> &'static [Observable] {
        match self {
            Self::Android => android::OBSERVABLES,
            Self::Apple => apple::OBSERVABLES,
        }
    }

    /// Returns the verbs of such a device.
    pub(crate) const fn verbs(self) -> &'static [&'static str] {
        match self {
            Self::Android => android::Call::VERBS,
            Self::Apple => apple::Call::VERBS,
        }
    }

    /// Returns the outcomes that calls on such a device can have.
    pub(crate) const fn outcome_keys(self) -> &'static [OutcomeKey] {
        match self {
            Self::Android => android::OUTCOME_KEYS,
            Self::Apple => apple::OUTCOME_KEYS,
        }
    }

    /// Returns the versions at which a scenario can be run in turn, if the platform has such a key.
    pub(crate) fn version_axis(self) -> Option<VersionAxis> {
        match self {
            Self::Android => Some(android::version_axis()),
            Self::Apple => None,
        }
    }

    /// Returns the platform's name of a version: `API level 26`.
    pub(crate) fn version_in_words(self, version: OsVersion) -> String {
        match self {
            Self::Android => android::in_words(version),
            Self::Apple => format!("version {version}"),
        }
    }
}

/// A device at the start of a scenario.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DeviceSetup {
    /// An Android device.
    Android(Box<android::Setup>),
    /// An Apple device.
    Apple(Box<apple::Setup>),
}

impl DeviceSetup {
    /// Reads the setup of a device of a platform; `version` is that of this run, for devices that
    /// name none.
    pub(crate) fn read(
        platform: Platform,
        section: Section<'_>,
        version: Option<OsVersion>,
        problems: &mut Problems,
    ) -> Self {
        match platform {
            Platform::Android => android::Setup::read(section, version, problems).into(),
            Platform::Apple => apple::Setup::read(section, problems).into(),
        }
    }

    /// Reads the arguments of a verb.
    pub(crate) fn read_call(
        &self,
        verb: &Text,
        section: &mut Section<'_>,
        problems: &mut Problems,
    ) -> Option<DeviceCall> {
        match self {
            Self::Android(setup) => {
                android::Call::parse(setup, verb, section, problems).map(DeviceCall::Android)
            }
            Self::Apple(_) => {
                apple::Call::parse(&(), verb, section, problems).map(DeviceCall::Apple)
            }
        }
    }

    /// Returns true if the device has a version, such as `API level 26`, or a later one. Versions of
    /// iOS are those of iPadOS, and say nothing of other systems.
    pub(crate) fn is_from(&self, version: &str) -> bool {
        let Some((system, number)) = version.rsplit_once(' ') else { return true };
        let mut parts = number.split('.').map(|part| part.parse::<u32>().unwrap_or(0));
        let (major, minor) = (parts.next().unwrap_or(0), parts.next().unwrap_or(0));
        match self {
            Self::Android(setup) => u32::from(setup.api.number()) >= major,
            Self::Apple(setup) if system == "iOS" && setup.system.is_mobile() => {
                setup.system.at_least(major, minor)
            }
            Self::Apple(_) => true,
        }
    }

    /// Returns the platform.
    pub(crate) const fn platform(&self) -> Platform {
        match self {
            Self::Android(_) => Platform::Android,
            Self::Apple(_) => Platform::Apple,
        }
    }

    /// Builds the device at the start of a scenario.
    pub(crate) fn build(&self, start: DateTime<Utc>) -> Device {
        match self {
            Self::Android(setup) => {
                let mut device = setup.build();
                device.start(start);
                Device::Android(Box::new(device))
            }
            Self::Apple(setup) => Device::Apple(Box::new(setup.build(start))),
        }
    }

    /// Returns the calls that such a device makes by itself, and how long after the start.
    pub(crate) fn first_calls(&self) -> Vec<(TimeDelta, DeviceCall)> {
        match self {
            Self::Android(setup) => {
                let calls = setup.build().first_calls().into_iter();
                calls.map(|(delay, call)| (delay, DeviceCall::Android(call))).collect()
            }
            Self::Apple(setup) => {
                let calls = setup.first_calls().into_iter();
                calls.map(|(delay, call)| (delay, DeviceCall::Apple(call))).collect()
            }
        }
    }

    /// Writes the device as the table of a scenario, which reads back as the same setup.
    pub(crate) fn to_toml(&self) -> String {
        match self {
            Self::Android(setup) => setup.to_toml(),
            Self::Apple(setup) => setup.to_toml(),
        }
    }
}

impl From<android::Setup> for DeviceSetup {
    fn from(setup: android::Setup) -> Self {
        Self::Android(Box::new(setup))
    }
}

impl From<apple::Setup> for DeviceSetup {
    fn from(setup: apple::Setup) -> Self {
        Self::Apple(Box::new(setup))
    }
}

/// A call on a device.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum DeviceCall {
    /// On an Android device.
    Android(android::Call),
    /// On an Apple device or its server.
    Apple(apple::Call),
}

impl DeviceCall {
    /// Returns true if the call only looks whether the moment has come for which it was last
    /// scheduled, so that one that was scheduled before does nothing.
    pub(crate) fn is_alarm(&self) -> bool {
        match self {
            Self::Android(call) => matches!(
                call,
                android::Call::LockoutEnds { .. }
                    | android::Call::PasswordExpirationDue { .. }
                    | android::Call::StrongAuthTimesOut { .. }
            ),
            Self::Apple(call) => matches!(
                call,
                apple::Call::AutoLock
                    | apple::Call::DelayEnds
                    | apple::Call::GraceEnds
                    | apple::Call::PromptDue
                    | apple::Call::UsbHourEnds
            ),
        }
    }
}

/// A simulated device.
#[derive(Debug, PartialEq, Eq, Hash)]
pub enum Device {
    /// An Android device.
    Android(Box<android::Device>),
    /// An Apple device with its server.
    Apple(Box<apple::Device>),
}

impl Clone for Device {
    fn clone(&self) -> Self {
        match self {
            Self::Android(device) => Self::Android(device.clone()),
            Self::Apple(device) => Self::Apple(device.clone()),
        }
    }

    /// Keeps the memory that it has.
    fn clone_from(&mut self, source: &Self) {
        match (self, source) {
            (Self::Android(device), Self::Android(source)) => device.clone_from(source),
            (Self::Apple(device), Self::Apple(source)) => device.clone_from(source),
            (device, source) => *device = source.clone(),
        }
    }
}

impl Device {
    /// Handles a call. The outcome depends on the device, the call and the context only.
    ///
    /// A call of another platform does nothing and has no outcome.
    pub(crate) fn handle(
        &mut self,
        call: &DeviceCall,
        context: &mut model::Context<'_, DeviceCall>,
    ) -> Option<Outcome> {
        match (self, call) {
            (Self::Android(device), DeviceCall::Android(call)) => {
                context.within(DeviceCall::Android, |context| device.handle(call, context))
            }
            (Self::Apple(device), DeviceCall::Apple(call)) => {
                context.within(DeviceCall::Apple, |context| device.handle(call, context))
            }
            (Self::Android(_), DeviceCall::Apple(_)) | (Self::Apple(_), DeviceCall::Android(_)) => {
                None
            }
        }
    }

    /// Returns the platform.
    pub(crate) const fn platform(&self) -> Platform {
        match self {
            Self::Android(_) => Platform::Android,
            Self::Apple(_) => Platform::Apple,
        }
    }

    /// Returns true if a message of the service reaches the device.
    pub(crate) fn is_reachable(&self) -> bool {
        match self {
            Self::Android(device) => device.agent_is_reachable(),
            Self::Apple(device) => device.is_enrolled() && device.phone().is_reachable(),
        }
    }

    /// Returns true if the device is under management.
    pub(crate) fn is_managed(&self) -> bool {
        match self {
            Self::Android(device) => device.agent().is_some(),
            Self::Apple(device) => device.is_enrolled(),
        }
    }

    /// Observes a value, by its place in [`Platform::observables`].
    pub(crate) fn observe(&self, index: usize) -> Value {
        match self {
            Self::Android(device) => device.observe(index),
            Self::Apple(device) => device.observe(index),
        }
    }

    /// Forgets what has no bearing on the device's future.
    pub(crate) fn forget_history(&mut self) {
        match self {
            Self::Android(device) => device.forget_history(),
            Self::Apple(device) => device.forget_history(),
        }
    }

    /// Returns the way to enrol the device, if it is not managed.
    pub(crate) fn how_to_enrol(&self) -> Option<&'static str> {
        match self {
            Self::Android(device) => device.agent().is_none().then_some(
                "the device has no owner yet: `create-work-profile` or `make-device-owner` gives it \
                 one, or `enrolment` in its table",
            ),
            Self::Apple(device) => (!device.is_enrolled()).then_some(
                "the device is not enrolled: `enrol` enrols it, or leave `enrolled = false` out",
            ),
        }
    }

    /// Shows every moment that the device remembers, to move it.
    pub(crate) fn for_each_moment(&mut self, see: &mut dyn FnMut(&mut DateTime<Utc>)) {
        match self {
            Self::Android(device) => device.for_each_moment(see),
            Self::Apple(device) => device.for_each_moment(see),
        }
    }

    /// Returns the lengths of the lists that the device keeps and never shortens.
    pub(crate) fn lists(&self) -> Vec<(&'static str, usize)> {
        match self {
            Self::Android(_) => Vec::new(),
            Self::Apple(device) => device.lists(),
        }
    }

    /// Returns the names of the platform's invariants that the device breaks.
    pub(crate) fn broken_invariants(&self) -> Vec<&'static str> {
        match self {
            Self::Android(device) => android::broken_invariants(device),
            Self::Apple(device) => apple::broken_invariants(device),
        }
    }
}
