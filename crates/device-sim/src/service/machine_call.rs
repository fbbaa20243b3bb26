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

impl Call {
    /// Returns the field's own verb.
    pub fn verb(&self) -> &'static str {
        match self {
            Self::Device(call) => call.verb(),
            Self::Service(call) => call.verb(),
        }
    }

    /// Returns the caller.
    pub(crate) fn actor(&self) -> Viewer {
        match self {
            Self::Device(call) => call.actor(),
            Self::Service(call) => call.actor(),
        }
    }

    /// Returns the arguments; passcodes and tokens only by their type and length.
    pub(crate) fn arguments(&self) -> Vec<(&'static str, Value)> {
        match self {
            Self::Device(call) => call.arguments(),
            Self::Service(call) => call.arguments(),
        }
    }

    /// Returns true if the call only looks whether the moment has come for which it was last
    /// scheduled, so that one that was scheduled before does nothing.
    pub(crate) fn is_alarm(&self) -> bool {
        match self {
            Self::Device(call) => call.is_alarm(),
            Self::Service(_) => false,
        }
    }

    /// Writes the call as keys of a scenario's step, which read back as the same call.
    pub fn to_toml(&self) -> String {
        match self {
            Self::Device(call) => call.to_toml(),
            Self::Service(call) => call.to_toml(),
        }
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
