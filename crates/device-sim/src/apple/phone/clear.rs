//! The command `ClearPasscode`: rows 17 to 22.
//!
//! Sources: `mdm/commands/passcode.clear.yaml` in <https://github.com/apple/device-management>,
//! <https://developer.apple.com/documentation/devicemanagement/clear-passcode-command>; that
//! clearing removes biometric unlock and ends a lock-out,
//! <https://github.com/fleetdm/fleet/issues/39570>; the report of 2016 about disabled devices,
//! <https://github.com/lionheart/openradar-mirror/issues/15102>.

use super::refusal::{format_error, keybag_error, passcode_error};
use super::{Phone, Power};
use crate::apple::Context;
use crate::apple::token::UnlockToken;
use crate::apple::wire::{Body, ErrorItem};

/// The reason that a command was not carried out.
pub(super) enum Failure {
    /// It has not the right form.
    Format,
    /// It was refused, with the chain of reasons.
    Refused(Vec<ErrorItem>),
}

impl Phone {
    /// Removes the passcode, if the token is the one that this device handed out last.
    pub(super) fn clear_passcode(
        &mut self,
        token: Option<&UnlockToken>,
        context: &mut Context<'_>,
    ) -> Result<Body, Failure> {
        let token = token.ok_or_else(format_error)?;
        if *token != self.token {
            return Err(keybag_error(&self.parameters));
        }
        if !self.has_passcode() {
            return match self.parameters.clear_without_passcode_acknowledged {
                true => Ok(Body::Empty),
                false => Err(keybag_error(&self.parameters)),
            };
        }
        if self.before_first_unlock() && !self.parameters.clear_before_first_unlock {
            return Err(passcode_error(5010, "the device is locked"));
        }
        let disabled = matches!(self.power, Power::CoolDown { until: None, .. });
        if disabled && !self.parameters.clear_when_disabled {
            return Err(keybag_error(&self.parameters));
        }
        if !self.may_modify_passcode() && !self.parameters.clear_despite_blocked_modification {
            return Err(passcode_error(5013, "the passcode may not be modified"));
        }
        if self.system.keeps_cleared_passcodes() {
            self.retire_code();
        }
        self.code = None;
        self.biometrics = false;
        self.wrong_codes = 0;
        self.at_entry = false;
        // Nothing is left to ask for: the next touch opens the device.
        if matches!(self.power, Power::BeforeFirstUnlock | Power::CoolDown { .. }) {
            self.power = Power::Locked;
        }
        self.look_at_policy_after_clear(context);
        Ok(Body::Empty)
    }
}
