//! Region E: enrolling, enrolling again, leaving; and region T, the unlock token that goes with it.
//!
//! Sources: `mdm/checkin/authenticate.yaml`, `tokenupdate.yaml`, `checkout.yaml` in
//! <https://github.com/apple/device-management>; that a later `TokenUpdate` may lack the token,
//! `storage/kv/mdm.go` in <https://github.com/micromdm/nanomdm>.

use super::{Declarative, Phone, Session};
use crate::apple::Context;
use crate::apple::enrolment::{AccessRights, EnrolmentKind, EnrolmentState};
use crate::apple::system::Platform;
use crate::apple::wire::{CheckIn, DeviceFacts};

const TOPIC: &str = "com.apple.mgmt.External.simulated";

impl Phone {
    /// Rows 1 and 4: the device asks to be enrolled, be it for the first time or again.
    pub(in crate::apple) fn authenticate(&mut self) -> CheckIn {
        self.enrolment = EnrolmentState::Authenticated;
        self.session = Session::Quiet;
        self.finished.clear();
        CheckIn::Authenticate {
            identity: self.identity(),
            topic: TOPIC.to_owned(),
            facts: self.facts(),
        }
    }

    /// Returns the facts that the device reports: a Mac its model, and the version to those who may
    /// know it.
    fn facts(&self) -> DeviceFacts {
        let is_mac = self.system.platform == Platform::Macos;
        let reports_version = is_mac
            || self.rights.contain(AccessRights::DEVICE_INFORMATION)
                && (!self.system.is_mobile() || self.system.at_least(9, 0));
        let of_mac = |text: &str| is_mac.then(|| text.to_owned());
        DeviceFacts {
            os_version: reports_version.then(|| self.system.version.to_string()),
            device_name: of_mac("simulated"),
            model: of_mac("Mac14,2"),
            model_name: of_mac("MacBook Air"),
            ..DeviceFacts::default()
        }
    }

    /// Returns true if this enrolment comes with an unlock token at all.
    pub(in crate::apple) fn hands_out_token(&self) -> bool {
        let kind = matches!(self.kind, EnrolmentKind::Device | EnrolmentKind::Supervised);
        let system = !matches!(self.system.platform, Platform::Macos | Platform::Tvos);
        kind && system && self.rights.contain(AccessRights::LOCK_AND_PASSCODE)
    }

    /// Row 2: the server has agreed; a new token is handed out, and every older one is stale.
    pub(in crate::apple) fn first_token_update(&mut self) -> CheckIn {
        self.enrolment = EnrolmentState::Enrolled;
        self.renew_token();
        self.sent_generation = self.generation;
        self.token_update(self.hands_out_token())
    }

    /// Returns true if the latest unlock token has not been sent to the server.
    pub(in crate::apple) fn has_unsent_token(&self) -> bool {
        self.sent_generation != self.generation && self.hands_out_token()
    }

    /// Makes a new unlock token, and reports it to the server.
    pub(in crate::apple) fn changed_token_update(&mut self) -> CheckIn {
        self.sent_generation = self.generation;
        self.token_update(true)
    }

    /// Row 3: the push token is different; the unlock token is still the same.
    pub(in crate::apple) fn later_token_update(&self) -> CheckIn {
        self.token_update(self.hands_out_token() && self.parameters.token_update_repeats_token)
    }

    fn token_update(&self, with_unlock_token: bool) -> CheckIn {
        let identifier = self.identifier();
        CheckIn::TokenUpdate {
            identity: self.identity(),
            topic: TOPIC.to_owned(),
            push_magic: format!("magic-{identifier}"),
            token: identifier.as_bytes().to_vec(),
            unlock_token: with_unlock_token.then(|| self.token.clone()),
            awaiting_configuration: self.reports_setup().then_some(false),
            user: None,
        }
    }

    /// `AwaitingConfiguration` came with iOS 9.0 and does not exist on a watch.
    fn reports_setup(&self) -> bool {
        match self.system.platform {
            Platform::Watchos => false,
            _ => !self.system.is_mobile() || self.system.at_least(9, 0),
        }
    }

    /// Row 5: the MDM profile goes, and everything that the server installed with it. Says goodbye
    /// where the profile requires it.
    pub(in crate::apple) fn leave(&mut self, context: &mut Context<'_>) -> Option<CheckIn> {
        let says_so = self.checks_out && self.is_reachable();
        self.enrolment = match says_so {
            true => EnrolmentState::CheckedOut,
            false => EnrolmentState::Unenrolled,
        };
        self.session = Session::Quiet;
        self.finished.clear();
        self.profiles.retain(|installed| !installed.managed);
        self.declarations.clear();
        self.activations.clear();
        self.declarative = Declarative::default();
        self.look_at_policy(context);
        let (identity, topic) = (self.identity(), TOPIC.to_owned());
        says_so.then_some(CheckIn::CheckOut { identity, topic })
    }
}
