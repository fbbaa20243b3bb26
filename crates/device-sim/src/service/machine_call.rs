//! A call on a machine, whichever part of it is called.

use super::call::Call as ServiceCall;
use crate::device::DeviceCall;
use crate::model::{Value, Viewer};
use crate::{android, apple};

/// A call on a machine: on the device itself, or about it at the service.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Call {
    /// On the device.
    Device(DeviceCall),
    /// About the device at the service.
    Service(ServiceCall),
}

/// Asks the same of a call on any part of a machine.
macro_rules! of_each {
    ($machine_call:expr, $call:ident => $answer:expr) => {
        match $machine_call {
            Call::Device(DeviceCall::Android($call)) => $answer,
            Call::Device(DeviceCall::Apple($call)) => $answer,
            Call::Service($call) => $answer,
        }
    };
}

impl Call {
    /// Returns the field's own verb.
    pub fn verb(&self) -> &'static str {
        of_each!(self, call => call.verb())
    }

    /// Returns the caller.
    pub(crate) fn actor(&self) -> Viewer {
        of_each!(self, call => call.actor())
    }

    /// Returns the arguments; passcodes and tokens only by their type and length.
    pub(crate) fn arguments(&self) -> Vec<(&'static str, Value)> {
        of_each!(self, call => call.arguments())
    }

    /// Returns true if the call only looks whether the moment has come for which it was last
    /// scheduled, so that one that was scheduled before does nothing.
    pub(crate) fn is_alarm(&self) -> bool {
        matches!(self, Self::Device(call) if call.is_alarm())
    }

    /// Writes the call as keys of a scenario's step, which read back as the same call.
    pub fn to_toml(&self) -> String {
        of_each!(self, call => call.to_toml())
    }
}

impl From<android::Call> for Call {
    fn from(call: android::Call) -> Self {
        Self::Device(DeviceCall::Android(call))
    }
}

impl From<apple::Call> for Call {
    fn from(call: apple::Call) -> Self {
        Self::Device(DeviceCall::Apple(call))
    }
}

impl From<ServiceCall> for Call {
    fn from(call: ServiceCall) -> Self {
        Self::Service(call)
    }
}
