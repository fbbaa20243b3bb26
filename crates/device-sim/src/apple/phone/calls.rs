//! Calls on the device itself by people and time, and the flow that each starts.

use super::Phone;
use crate::apple::Context;
use crate::apple::answer::Answer;
use crate::apple::call::Call;

impl Phone {
    /// Handles a call on the device; returns nothing for a call that takes a server.
    pub(in crate::apple) fn handle(
        &mut self,
        call: &Call,
        context: &mut Context<'_>,
    ) -> Option<Answer> {
        let answer = match call {
            Call::Unlock { passcode, biometric } => {
                self.unlock(passcode.as_ref(), *biometric, context)
            }
            Call::Later => self.later(context),
            Call::Continue { new } => self.continue_with(new, context),
            Call::SetPasscode { new } => self.change_in_settings(new, context),
            Call::TurnPasscodeOff => self.turn_passcode_off(context),
            Call::EnrolBiometrics => self.enrol_biometrics(),
            Call::AddAccount { payload } => self.add_account(*payload, context),
            Call::InstallByHand { payload, new } => {
                self.install_by_hand(*payload, new.as_ref(), context)
            }
            Call::GoToHomeScreen => self.go_home(context),
            Call::UseApp => self.use_app(context),
            Call::EmergencyCall => self.emergency_call(),
            _ => {
                if !self.happens(call, context) {
                    return None;
                }
                Answer::Happened
            }
        };
        if !self.is_reachable() {
            self.break_session();
        }
        Some(answer)
    }

    /// Handles a call without an answer; returns false for a call that takes a server.
    fn happens(&mut self, call: &Call, context: &mut Context<'_>) -> bool {
        match call {
            Call::Lock => self.lock(context),
            Call::Reboot => {
                if self.is_on() {
                    self.power_off();
                    self.power_on(context);
                }
            }
            Call::PowerOff => self.power_off(),
            Call::PowerOn => self.power_on(context),
            Call::GoOffline => self.network.in_reach = false,
            Call::GoOnline => self.network.in_reach = true,
            Call::AttachAdapter => self.attach_adapter(context),
            Call::UsbHourEnds => self.usb_hour_ends(context),
            Call::DetachAdapter => self.network.adapter = false,
            Call::ConnectionBreaks => self.break_session(),
            Call::PromptDue => self.prompt_due(context),
            Call::GraceEnds => self.grace_ends(context),
            Call::DelayEnds => self.delay_ends(context),
            Call::AutoLock => self.auto_lock(context),
            Call::Erase => self.erase(),
            _ => return false,
        }
        true
    }
}
