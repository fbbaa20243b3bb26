//! The kinds of devices that there are: the one place that lists them.
//!
//! A kind is a module of its own with its own setup, calls, state and observables. The frame
//! knows of a kind only what stands here.

use chrono::{DateTime, TimeDelta, Utc};
use eligibility::diagnostic::Diagnostic;
use eligibility::document::{Section, Text};
use eligibility::facts::OsVersion;

use crate::android;
use crate::apple;
use crate::model::words::words;
use crate::model::{self, Observable, Outcome, OutcomeKey, Value, Viewer};
use crate::service;

/// The context of a call on a machine.
pub(crate) type Context<'a> = model::Context<'a, Call>;

words! {
    /// A kind of device.
    pub enum Kind {
        /// A phone or tablet with Android, API level 23 to 36.
        Android = "android",
        /// An iPhone, iPad or another of Apple's devices, with the server that manages it.
        Apple = "apple",
    }
}

/// How a device is at the start of a scenario.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Setup {
    /// Of an Android device.
    Android(Box<android::Setup>),
    /// Of an Apple device.
    Apple(Box<apple::Setup>),
    /// Of a device of either platform that a service manages.
    Managed(Box<service::Setup>),
}

impl Setup {
    /// Reads the setup of a device of a kind; `version` is the one that this run is about, for
    /// devices that name none. A device with an `intune` table is managed.
    pub(crate) fn read(
        kind: Kind,
        mut section: Section<'_>,
        version: Option<OsVersion>,
        problems: &mut Vec<Diagnostic>,
    ) -> Self {
        let managed = section.take("intune").and_then(|node| node.section("intune", problems));
        let device = match kind {
            Kind::Android => {
                Self::Android(Box::new(android::Setup::read(section, version, problems)))
            }
            Kind::Apple => Self::Apple(Box::new(apple::Setup::read(section, problems))),
        };
        match managed {
            None => device,
            Some(section) => {
                Self::Managed(Box::new(service::Setup::read(device, section, problems)))
            }
        }
    }

    /// Reads what is done to such a device: the arguments of a verb.
    pub(crate) fn read_call(
        &self,
        verb: &Text,
        section: &mut Section<'_>,
        problems: &mut Vec<Diagnostic>,
    ) -> Option<Call> {
        match self {
            Self::Android(setup) => {
                android::Call::parse(setup, verb, section, problems).map(Call::Android)
            }
            Self::Apple(_) => apple::Call::parse(&(), verb, section, problems).map(Call::Apple),
            Self::Managed(_) if service::Call::VERBS.contains(&verb.value.as_str()) => {
                service::Call::parse(&(), verb, section, problems).map(Call::Service)
            }
            Self::Managed(setup) => setup.device.read_call(verb, section, problems),
        }
    }

    /// The device at the start of a scenario.
    pub fn build(&self, start: DateTime<Utc>) -> Machine {
        match self {
            Self::Android(setup) => Machine::Android(Box::new(setup.build())),
            Self::Apple(setup) => Machine::Apple(Box::new(setup.build(start))),
            Self::Managed(setup) => Machine::Managed(Box::new(setup.build(start))),
        }
    }

    /// What such a device does by itself, and how long after the start.
    pub fn first_calls(&self) -> Vec<(TimeDelta, Call)> {
        match self {
            Self::Android(_) => Vec::new(),
            Self::Apple(setup) => {
                let calls = setup.first_calls().into_iter();
                calls.map(|(delay, call)| (delay, Call::Apple(call))).collect()
            }
            Self::Managed(setup) => setup.first_calls(),
        }
    }

    /// Everything that can be looked at on such a device.
    pub fn observables(&self) -> &'static [Observable] {
        match self {
            Self::Android(_) => android::OBSERVABLES,
            Self::Apple(_) => apple::OBSERVABLES,
            Self::Managed(setup) => match setup.device {
                Self::Android(_) => service::of_android(),
                _ => service::of_apple(),
            },
        }
    }

    /// What such a device calls a version, for people: `API level 26`.
    pub fn version_in_words(&self, version: OsVersion) -> String {
        match self {
            Self::Android(_) => format!("API level {}", version.parts()[0]),
            Self::Apple(_) => format!("version {version}"),
            Self::Managed(setup) => setup.device.version_in_words(version),
        }
    }

    /// The setup of an Apple device, if it is one.
    pub fn as_apple(&self) -> Option<&apple::Setup> {
        match self {
            Self::Apple(setup) => Some(setup),
            Self::Managed(setup) => setup.device.as_apple(),
            Self::Android(_) => None,
        }
    }

    /// The outcomes that calls on such a device can have.
    pub fn outcome_keys(&self) -> &'static [OutcomeKey] {
        match self {
            Self::Android(_) => android::OUTCOME_KEYS,
            Self::Apple(_) => apple::OUTCOME_KEYS,
            Self::Managed(setup) => match setup.device {
                Self::Android(_) => service::android_outcomes(),
                _ => service::apple_outcomes(),
            },
        }
    }

    /// The device as the table of a scenario, which reads back as the same setup.
    pub fn to_toml(&self) -> String {
        match self {
            Self::Android(setup) => setup.to_toml(),
            Self::Apple(setup) => setup.to_toml(),
            Self::Managed(setup) => setup.to_toml(),
        }
    }
}

/// Something that is done to a device.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Call {
    /// To an Android device.
    Android(android::Call),
    /// To an Apple device or its server.
    Apple(apple::Call),
    /// About a managed device at the service.
    Service(service::Call),
}

impl Call {
    /// What is done, in the field's own verb.
    pub fn verb(&self) -> &'static str {
        match self {
            Self::Android(call) => call.verb(),
            Self::Apple(call) => call.verb(),
            Self::Service(call) => call.verb(),
        }
    }

    /// The Android call that it is, if it is one.
    pub fn as_android(&self) -> Option<&android::Call> {
        match self {
            Self::Android(call) => Some(call),
            Self::Apple(_) | Self::Service(_) => None,
        }
    }

    /// The Apple call that it is, if it is one.
    pub fn as_apple(&self) -> Option<&apple::Call> {
        match self {
            Self::Apple(call) => Some(call),
            Self::Android(_) | Self::Service(_) => None,
        }
    }

    /// Who does it.
    pub fn actor(&self) -> Viewer {
        match self {
            Self::Android(call) => call.actor(),
            Self::Apple(call) => call.actor(),
            Self::Service(call) => call.actor(),
        }
    }

    /// With what; passcodes and tokens only by their kind and length.
    pub fn arguments(&self) -> Vec<(&'static str, Value)> {
        match self {
            Self::Android(call) => call.arguments(),
            Self::Apple(call) => call.arguments(),
            Self::Service(call) => call.arguments(),
        }
    }

    /// The call as keys of a scenario's step, which read back as the same call.
    pub fn to_toml(&self) -> String {
        match self {
            Self::Android(call) => call.to_toml(),
            Self::Apple(call) => call.to_toml(),
            Self::Service(call) => call.to_toml(),
        }
    }
}

/// A simulated device.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Machine {
    /// An Android device.
    Android(Box<android::Device>),
    /// An Apple device with its server.
    Apple(Box<apple::Device>),
    /// A device of either platform with its account at the service.
    Managed(Box<service::Managed>),
}

impl Machine {
    /// Does something to the device. Nothing but the device, the call and the context decides
    /// what comes of it.
    ///
    /// A call of another kind of device does nothing and has no outcome.
    pub fn handle(&mut self, call: &Call, context: &mut Context<'_>) -> Option<Outcome> {
        match (self, call) {
            (Self::Android(device), Call::Android(call)) => {
                context.within(Call::Android, |context| device.handle(call, context))
            }
            (Self::Apple(device), Call::Apple(call)) => {
                context.within(Call::Apple, |context| device.handle(call, context))
            }
            (Self::Managed(device), call) => device.handle(call, context),
            (Self::Android(_), Call::Apple(_) | Call::Service(_))
            | (Self::Apple(_), Call::Android(_) | Call::Service(_)) => None,
        }
    }

    /// The Android device that it is, managed or not, if it is one.
    pub fn as_android(&self) -> Option<&android::Device> {
        match self {
            Self::Android(device) => Some(device),
            Self::Managed(managed) => managed.device().as_android(),
            Self::Apple(_) => None,
        }
    }

    /// The Apple device that it is, managed or not, if it is one.
    pub fn as_apple(&self) -> Option<&apple::Device> {
        match self {
            Self::Apple(device) => Some(device),
            Self::Managed(managed) => managed.device().as_apple(),
            Self::Android(_) => None,
        }
    }

    /// What a service keeps of the device, if one manages it.
    pub fn account(&self) -> Option<&service::Account> {
        match self {
            Self::Managed(managed) => Some(managed.account()),
            Self::Android(_) | Self::Apple(_) => None,
        }
    }

    /// How many observables it has.
    pub(crate) fn observables_count(&self) -> usize {
        match self {
            Self::Android(_) => android::OBSERVABLES.len(),
            Self::Apple(_) => apple::OBSERVABLES.len(),
            Self::Managed(managed) => {
                managed.device().observables_count() + service::OBSERVABLES.len()
            }
        }
    }

    /// Looks at one observable, by its place in [`Setup::observables`].
    pub fn observe(&self, index: usize) -> Value {
        match self {
            Self::Android(device) => device.observe(index),
            Self::Apple(device) => device.observe(index),
            Self::Managed(device) => device.observe(index),
        }
    }

    /// Forgets what has no bearing on what the device will do.
    pub fn forget_history(&mut self) {
        match self {
            Self::Android(device) => device.forget_history(),
            Self::Apple(device) => device.forget_history(),
            Self::Managed(device) => device.forget_history(),
        }
    }

    /// The names of those invariants of its kind that the device breaks; none, if all is well.
    pub fn broken_invariants(&self) -> Vec<&'static str> {
        match self {
            Self::Android(device) => android::broken_invariants(device),
            Self::Apple(device) => apple::broken_invariants(device),
            Self::Managed(device) => device.broken_invariants(),
        }
    }
}
