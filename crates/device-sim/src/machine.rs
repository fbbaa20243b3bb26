//! A machine: a device and, if a service manages it, its record there.
//!
//! A machine is what the frame simulates. What a device is lies in [`crate::device`], what becomes
//! of its record in [`crate::service`]; here the two are only put together.

use chrono::{DateTime, TimeDelta, Utc};
use eligibility::diagnostic::Diagnostic;
use eligibility::document::{Section, Text, unknown_word};
use eligibility::facts::OsVersion;

use crate::device::{Device, DeviceSetup, Platform};
use crate::model::{self, Observable, Outcome, OutcomeKey, Problems, Value, Values};
pub use crate::service::machine_call::Call;
use crate::service::{self, Record};
use crate::{android, apple};

/// The context of a call on a machine.
pub(crate) type Context<'a> = model::Context<'a, Call>;

/// A machine at the start of a scenario.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Setup {
    /// The device.
    pub device: DeviceSetup,
    /// Its management by the service, if there is one.
    pub service: Option<Box<service::Setup>>,
}

impl Setup {
    /// Returns a managed device.
    pub fn managed(device: impl Into<DeviceSetup>, service: service::Setup) -> Self {
        Self { device: device.into(), service: Some(Box::new(service)) }
    }

    /// Reads the table of a device of a platform; `version` is that of this run, for devices that
    /// name none. A device with an `intune` table is managed.
    pub(crate) fn read(
        platform: Platform,
        mut section: Section<'_>,
        version: Option<OsVersion>,
        problems: &mut Problems,
    ) -> Self {
        let managed = section.take("intune").and_then(|node| node.section("intune", problems));
        let device = DeviceSetup::read(platform, section, version, problems);
        let service = managed.map(|section| service::Setup::read(&device, section, problems));
        Self { device, service: service.map(Box::new) }
    }

    /// Reads the arguments of a verb.
    pub(crate) fn read_call(
        &self,
        verb: &Text,
        section: &mut Section<'_>,
        problems: &mut Problems,
    ) -> Option<Call> {
        if self.service.is_some() && service::Call::VERBS.contains(&verb.value.as_str()) {
            return service::Call::parse(&(), verb, section, problems).map(Call::Service);
        }
        if self.device.platform().verbs().contains(&verb.value.as_str()) {
            return self.device.read_call(verb, section, problems).map(Call::Device);
        }
        self.unknown_verb(verb).report(problems)
    }

    /// Returns the key of a step of this verb that takes a passcode, if one does.
    pub(crate) fn passcode_key(&self, verb: &str) -> Option<&'static str> {
        let verbs = match self.device.platform() {
            Platform::Android => android::Call::verbs(),
            Platform::Apple => apple::Call::verbs(),
        };
        let found = verbs.into_iter().find(|known| known.name == verb)?;
        let is_passcode =
            |values: &Values| matches!(values, Values::Passcode | Values::PasscodeOrNull);
        found.arguments.iter().find(|key| is_passcode(&key.values)).map(|key| key.name)
    }

    /// Reports a verb that such a machine does not know, with what it lacks to know it.
    fn unknown_verb(&self, verb: &Text) -> Diagnostic {
        let (name, own) = (verb.value.as_str(), self.device.platform());
        if service::Call::VERBS.contains(&name) {
            let message =
                format!("`{name}` is a verb of the service, which does not manage the device");
            let problem = Diagnostic::error("unknown-value", message, verb.span.clone());
            return problem.hint(Self::HOW_TO_BE_MANAGED);
        }
        let elsewhere = Platform::ALL.iter().find(|other| other.verbs().contains(&name));
        if let Some(other) = elsewhere {
            let message = format!(
                "`{name}` is a verb of `{}` devices, and this is one of `{}`",
                other.as_str(),
                own.as_str()
            );
            return Diagnostic::error("unknown-value", message, verb.span.clone());
        }
        let mut problem = unknown_word("do", verb, &[own.verbs(), service::Call::VERBS].concat());
        let guessed = service::Call::VERBS.iter().find(|of_service| {
            self.service.is_none() && problem.primary.text.contains(&format!("`{of_service}`"))
        });
        let list = |verbs: &[&str]| {
            verbs.iter().map(|verb| format!("`{verb}`")).collect::<Vec<_>>().join(", ")
        };
        problem.hint = match (guessed, self.service.is_some()) {
            (Some(_), _) => Some(Self::HOW_TO_BE_MANAGED.to_owned()),
            (None, true) => problem.hint,
            (None, false) => problem.hint.map(|_| {
                format!(
                    "understood: {}; with an `intune` table also {}",
                    list(own.verbs()),
                    list(service::Call::VERBS)
                )
            }),
        };
        problem
    }

    /// The remedy for a device that the service does not manage.
    pub(crate) const HOW_TO_BE_MANAGED: &'static str =
        "a device is managed if it has an `intune` table: `[devices.….intune]`";

    /// Returns true if only the service has an observable of this name, and it does not manage the
    /// device.
    pub(crate) fn is_of_service(&self, observable: &str) -> bool {
        let of_service = service::OBSERVABLES.iter().any(|known| known.name == observable);
        of_service && self.service.is_none()
    }

    /// Returns true if an observable can have more than one value on a device of this version.
    pub(crate) fn shows(&self, observable: &Observable) -> bool {
        observable.since.is_none_or(|since| self.device.is_from(since))
    }

    /// Returns true if an observable is about a work profile, and the device has none at the start.
    pub(crate) fn lacks_profile_of(&self, observable: &str) -> bool {
        matches!(&self.device, DeviceSetup::Android(setup) if setup.lacks_profile_of(observable))
    }

    /// Builds the machine at the start of a scenario.
    pub fn build(&self, start: DateTime<Utc>) -> Machine {
        let mut device = self.device.build(start);
        let record = self.service.as_ref().map(|setup| Box::new(setup.enrol(&mut device, start)));
        Machine { device, record }
    }

    /// Returns the calls that such a machine makes by itself, and how long after the start.
    pub(crate) fn first_calls(&self) -> Vec<(TimeDelta, Call)> {
        let calls = self.device.first_calls().into_iter();
        let mut calls: Vec<_> = calls.map(|(delay, call)| (delay, Call::Device(call))).collect();
        let check_in =
            self.service.as_ref().and_then(|setup| setup.first_check_in(self.device.platform()));
        calls.extend(check_in.map(|(delay, call)| (delay, Call::Service(call))));
        calls
    }

    /// Returns the platform's name of a version: `API level 26`.
    pub fn version_in_words(&self, version: OsVersion) -> String {
        self.device.platform().version_in_words(version)
    }

    /// Returns everything that can be observed on such a machine: the device first.
    pub fn observables(&self) -> &'static [Observable] {
        let platform = self.device.platform();
        match self.service {
            None => platform.observables(),
            Some(_) => service::observables_of(platform),
        }
    }

    /// Returns the outcomes that calls on such a machine can have.
    pub(crate) fn outcome_keys(&self) -> &'static [OutcomeKey] {
        let platform = self.device.platform();
        match self.service {
            None => platform.outcome_keys(),
            Some(_) => service::outcome_keys_of(platform),
        }
    }

    /// Returns the outcomes that calls would have if the service managed the machine.
    pub(crate) fn outcomes_of_absent_service(&self) -> &'static [OutcomeKey] {
        if self.service.is_none() { service::OUTCOME_KEYS } else { &[] }
    }

    /// Writes the machine as the table of a scenario, which reads back as the same setup.
    pub fn to_toml(&self) -> String {
        let service = self.service.as_ref().map(|setup| setup.to_toml());
        self.device.to_toml() + &service.unwrap_or_default()
    }
}

impl<D: Into<DeviceSetup>> From<D> for Setup {
    fn from(device: D) -> Self {
        Self { device: device.into(), service: None }
    }
}

/// A simulated machine.
#[derive(Debug, PartialEq, Eq, Hash)]
pub struct Machine {
    device: Device,
    record: Option<Box<Record>>,
}

impl Clone for Machine {
    fn clone(&self) -> Self {
        Self { device: self.device.clone(), record: self.record.clone() }
    }

    /// Keeps the memory that it has.
    fn clone_from(&mut self, source: &Self) {
        self.device.clone_from(&source.device);
        self.record.clone_from(&source.record);
    }
}

impl Machine {
    /// Handles a call. The outcome depends on the machine, the call and the context only.
    ///
    /// A call of another platform, or at a service that does not manage the device, does nothing
    /// and has no outcome.
    pub fn handle(&mut self, call: &Call, context: &mut Context<'_>) -> Option<Outcome> {
        match (&mut self.record, call) {
            (Some(record), call) => record.handle(&mut self.device, call, context),
            (None, Call::Device(call)) => {
                context.within(Call::Device, |context| self.device.handle(call, context))
            }
            (None, Call::Service(_)) => None,
        }
    }

    /// Returns the device, to do something to it that no call does.
    pub(crate) fn device_mut(&mut self) -> &mut Device {
        &mut self.device
    }

    /// Returns the record, to do something to it that no call does.
    pub(crate) fn record_mut(&mut self) -> Option<&mut Record> {
        self.record.as_deref_mut()
    }

    /// Returns the device.
    pub fn device(&self) -> &Device {
        &self.device
    }

    /// Returns the record of the device at the service, if one manages it.
    pub fn record(&self) -> Option<&Record> {
        self.record.as_deref()
    }

    /// Returns the Android device that it is, if it is one.
    pub fn as_android(&self) -> Option<&android::Device> {
        match &self.device {
            Device::Android(device) => Some(device),
            Device::Apple(_) => None,
        }
    }

    /// Returns the Apple device that it is, if it is one.
    pub fn as_apple(&self) -> Option<&apple::Device> {
        match &self.device {
            Device::Apple(device) => Some(device),
            Device::Android(_) => None,
        }
    }

    /// Observes a value, by its place in [`Setup::observables`].
    pub fn observe(&self, index: usize) -> Value {
        match index.checked_sub(self.device.platform().observables().len()) {
            None => self.device.observe(index),
            Some(index) => {
                let record = self.record.as_ref().expect("an unmanaged machine has no more");
                record.observe(index)
            }
        }
    }

    /// Forgets what has no bearing on the machine's future.
    pub(crate) fn forget_history(&mut self) {
        self.device.forget_history();
        if let Some(record) = &mut self.record {
            record.forget_history();
        }
    }

    /// Shows every moment that the machine remembers, to move it.
    pub(crate) fn for_each_moment(&mut self, see: &mut dyn FnMut(&mut DateTime<Utc>)) {
        self.device.for_each_moment(see);
        if let Some(record) = &mut self.record {
            record.for_each_moment(see);
        }
    }

    /// Returns the lengths of the lists that the machine keeps and never shortens.
    pub(crate) fn lists(&self) -> Vec<(&'static str, usize)> {
        let mut lists = self.device.lists();
        lists.extend(self.record.iter().map(|record| ("actions", record.results().len())));
        lists
    }

    /// Returns the names of the invariants that the machine breaks.
    pub fn broken_invariants(&self) -> Vec<&'static str> {
        let mut broken = self.device.broken_invariants();
        broken.extend(self.record.iter().flat_map(|record| service::broken_invariants(record)));
        broken
    }
}
