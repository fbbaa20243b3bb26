//! Apple devices under management: the results of `ClearPasscode`.
//!
//! A [`Device`] is a [`Phone`] and the [`Server`] that manages it, with the connection between
//! them. A [`Call`] is something that a person, an administrator or time itself does to them; the
//! [`wire`] module has the messages that the two exchange, as property lists if need be. Where the
//! sources are silent, the choice is one of the [`Parameters`].
//!
//! The facts are Apple's documentation and schemas, captures of real devices, and what servers and
//! vendors report; each file names its own.
//!
//! A [`Client`] is a device without its server, for transports: bytes out, bytes in.
//!
//! Not here: certificates, signatures and transport; user channels; of a Mac or an Apple TV
//! little but what it refuses.

pub mod wire;

mod admin;
mod advice;
mod answer;
mod args;
mod call;
mod client;
mod commands;
mod enrolment;
mod exploration;
mod invariants;
mod observables;
mod parameters;
mod parse;
mod passcode;
mod phone;
mod predicate;
mod server;
mod session;
mod setup;
mod system;
mod token;
mod witness;

pub(crate) use answer::OUTCOME_KEYS;
pub use answer::{Answer, Answered, Queued, Seen};
pub use args::CommandRequest;
pub use call::Call;
pub use client::{Client, ClientError};
pub use commands::NOT_SIMULATED;
pub(crate) use enrolment::EnrolmentState;
pub use enrolment::{AccessRights, EnrolmentKind};
pub use exploration::{CLEAR_EXPLORATIONS, clear_explorations};
pub use invariants::broken_invariants;
pub(crate) use observables::OBSERVABLES;
pub use parameters::Parameters;
pub use passcode::{Demand, PasscodeDeclaration, PasscodePayload, Refusal, judge::judge};
pub use phone::{Compliance, Network, Phone, Power, Session, UserChoices};
pub use predicate::Predicate;
pub(crate) use server::ShadowState;
pub use server::{Activating, CommandState, Server, ServerRules, TokenChoice, TokenKeeping};
pub use setup::Setup;
pub use system::{Platform, System};
pub use token::UnlockToken;

use chrono::{DateTime, Utc};

use self::witness::Witness;
use crate::model::Outcome;

/// The context of a call on such a device.
type Context<'a> = crate::model::Context<'a, Call>;

/// A simulated Apple device with the server that manages it.
///
/// ```
/// use chrono::DateTime;
/// use device_sim::apple::{Answer, Call, Platform, Queued, Setup, TokenChoice};
/// use device_sim::{Rng, Context, Secret};
///
/// let mut setup = Setup::new(Platform::Ios);
/// setup.passcode = Some(Secret::new("2580"));
/// let mut device = setup.build(DateTime::UNIX_EPOCH);
/// let mut rng = Rng::new(1, 0);
/// let mut context = Context::new(DateTime::UNIX_EPOCH, &mut rng);
/// let clear = Call::ClearPasscode { token: TokenChoice::Held, push: false };
/// assert_eq!(device.answer(&clear, &mut context), Answer::Queued(Queued::Queued));
/// assert_eq!(format!("{:?}", device.answer(&Call::Connect, &mut context)),
///     "Answered(Acknowledged, \"ClearPasscode\")");
/// assert!(!device.phone().has_passcode());
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Device {
    phone: Phone,
    server: Server,
    /// A connection is on its way.
    connecting: bool,
    through_plist: bool,
    /// A message did not read back from its property list.
    unreadable: bool,
    /// True if time drives it; otherwise every step is someone else's.
    drives_itself: bool,
    checks_in: bool,
    enrolled_at: Option<DateTime<Utc>>,
    witness: Witness,
}

impl Device {
    /// Returns the device without its server.
    pub fn phone(&self) -> &Phone {
        &self.phone
    }

    /// Returns true if the server can reach the device at all, sooner or later.
    pub(crate) fn is_enrolled(&self) -> bool {
        self.phone.enrolment == EnrolmentState::Enrolled
    }

    /// Returns the server without the device.
    pub(crate) fn server(&self) -> &Server {
        &self.server
    }

    /// Returns the server without the device.
    pub(crate) fn server_mut(&mut self) -> &mut Server {
        &mut self.server
    }

    /// Returns Intune's record of its compliance.
    pub(crate) fn shadow_state(&self) -> ShadowState {
        self.server.shadow.state()
    }

    /// Forgets what has no bearing on what will happen.
    pub(crate) fn forget_history(&mut self) {
        self.server.last_status = None;
        self.server.last_error = (0, 0);
    }

    /// Shows every moment that the device and its server remember, to move it.
    pub(crate) fn for_each_moment(&mut self, see: &mut dyn FnMut(&mut DateTime<Utc>)) {
        self.phone.for_each_moment(see);
        self.server.shadow.for_each_moment(see);
        self.enrolled_at.iter_mut().for_each(see);
    }

    /// Returns the lengths of the lists that are kept and never shortened.
    pub(crate) fn lists(&self) -> Vec<(&'static str, usize)> {
        let sent = usize::try_from(self.server.sent()).unwrap_or(usize::MAX);
        vec![("commands", sent), ("answered commands", self.phone.finished.len())]
    }

    /// Handles a call and returns the answer in the frame's own form.
    pub(crate) fn handle(&mut self, call: &Call, context: &mut Context<'_>) -> Option<Outcome> {
        self.answer(call, context).outcome()
    }

    /// Does something to the device or its server.
    pub fn answer(&mut self, call: &Call, context: &mut Context<'_>) -> Answer {
        let answer = match call {
            Call::Enrol => self.enrol(context),
            Call::ReturnToService => self.return_to_service(context),
            Call::RestoreFromBackup { same_device } => self.restore(*same_device, context),
            Call::CompleteEnrolment => self.complete_enrolment(context),
            Call::RemoveMdmProfile => self.leave(context),
            Call::PushTokenChanges => self.push_token_changes(),
            Call::Connect => self.connect(context),
            Call::Exchange => self.exchange(context),
            Call::ClearPasscode { .. }
            | Call::SendCommand { .. }
            | Call::InstallProfile { .. }
            | Call::RemoveProfile { .. }
            | Call::Declare { .. }
            | Call::Undeclare { .. }
            | Call::AssignCompliance { .. }
            | Call::PushCertificateExpires
            | Call::RenewPushCertificate
            | Call::Push
            | Call::CheckIn
            | Call::ComplianceLapses => self.by_an_administrator(call, context),
            _ => self.phone.handle(call, context).unwrap_or(Answer::Happened),
        };
        self.tell_changed_token();
        self.report_status(context);
        self.come_if_called(context);
        if !self.drives_itself {
            context.leave_the_rest_to_others();
        }
        answer
    }
}
