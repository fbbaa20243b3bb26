//! A server's side of the conversation: a stub with the behaviours of a real one, its bug included.
//!
//! Source: what `NanoMDM` did on the wire, and its code at
//! <https://github.com/micromdm/nanomdm> (`storage/kv/queue_ll.go`, `storage/kv/mdm.go`,
//! `storage/mysql/mysql.go`); the servers that lose tokens,
//! `commandment/mdm/app.py` in <https://github.com/cmdmnt/commandment> and
//! <https://github.com/micromdm/nanomdm/issues/71>.

mod declarative;
mod queue;
mod shadow;

pub use declarative::Activating;
use shadow::Shadow;
pub(crate) use shadow::ShadowState;

use chrono::{DateTime, Utc};

use self::queue::Queue;
use super::answer::Queued;
use super::passcode::PasscodePayload;
use super::token::UnlockToken;
use super::wire::{
    Activation, Body, CheckIn, Command, CommandUuid, Declaration, Order, Profile, Report,
    SecurityInfo, Status, StatusReport,
};
use eligibility::closed_enum;

/// The error of a command that is not for devices in Lost Mode.
///
/// Source: <https://developer.apple.com/documentation/devicemanagement/enable-lost-mode-command>.
pub(super) const NOT_VALID_IN_LOST_MODE: i64 = 12078;

closed_enum! {
    /// The progress of the command of an action, as the server sees it.
    pub enum CommandState: "command state" {
        /// It was never requested.
        None = "none",
        /// The command waits for the device.
        Pending = "pending",
        /// The device has acknowledged it.
        Done = "done",
        /// The device has refused it, or the server has no unlock token.
        Failed = "failed",
    }
}

closed_enum! {
    /// A server's handling of the unlock token.
    pub enum TokenKeeping: "token keeping" {
        /// A `TokenUpdate` without a token leaves the old one.
        Keeps = "keeps",
        /// A `TokenUpdate` without a token overwrites the old one with nothing.
        Overwrites = "overwrites",
    }
}

/// In what servers differ.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct ServerRules {
    /// The handling of the unlock token when a `TokenUpdate` has none.
    pub token_keeping: TokenKeeping,
    /// True if `Authenticate` deletes the unlock token.
    pub authenticate_deletes_token: bool,
    /// True if a finished last command can come back: see [`Server::report`].
    pub redelivers: bool,
}

impl Default for ServerRules {
    /// As `NanoMDM` does it with its key-value storage, without its bug.
    fn default() -> Self {
        Self {
            token_keeping: TokenKeeping::Keeps,
            authenticate_deletes_token: true,
            redelivers: false,
        }
    }
}

closed_enum! {
    /// The unlock token that a server sends.
    pub enum TokenChoice: "token choice" {
        /// The one that it has.
        Held = "held",
        /// One that this device never handed out.
        Wrong = "wrong",
        /// None at all: the key is absent.
        Missing = "missing",
    }
}

/// A server's state about one device.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Server {
    pub(super) rules: ServerRules,
    pub(super) token: Option<UnlockToken>,
    queue: Queue,
    sent: u32,
    /// Apple takes no push from this server any more.
    pub(super) push_certificate_expired: bool,
    /// A push was sent, and the device has not come since.
    pub(super) push_waits: bool,
    pub(crate) clear: CommandState,
    /// The device refused the last `ClearPasscode` because it was in Lost Mode.
    pub(super) refused_when_lost: bool,
    /// The progress of the last command into Lost Mode or out of it.
    pub(crate) lost_mode: CommandState,
    pub(super) last_status: Option<Status>,
    /// The code of the last error, and the code of its innermost cause; 0 for none.
    pub(crate) last_error: (i64, i64),
    pub(super) security: Option<SecurityInfo>,
    pub(super) status: Option<StatusReport>,
    pub(super) shadow: Shadow,
    pub(super) declarations: Vec<Declaration>,
    activations: Vec<Activation>,
    /// The number of changes.
    declared: u32,
}

impl Server {
    /// Returns a server that knows nothing of the device yet.
    pub fn new(rules: ServerRules) -> Self {
        Self {
            rules,
            token: None,
            queue: Queue::new(rules.redelivers),
            sent: 0,
            push_certificate_expired: false,
            push_waits: false,
            clear: CommandState::None,
            refused_when_lost: false,
            lost_mode: CommandState::None,
            last_status: None,
            last_error: (0, 0),
            security: None,
            status: None,
            shadow: Shadow::default(),
            declarations: Vec::new(),
            activations: Vec::new(),
            declared: 0,
        }
    }

    /// Takes a check-in message.
    pub fn check_in(&mut self, message: &CheckIn) {
        match message {
            CheckIn::Authenticate { .. } => {
                // The failure was of an enrolment that is over.
                if self.clear == CommandState::Failed {
                    self.clear = CommandState::None;
                    self.refused_when_lost = false;
                }
                if self.rules.authenticate_deletes_token {
                    self.token = None;
                }
            }
            // These have answers: see `answer_declarative`. The others mean nothing to it.
            CheckIn::DeclarativeManagement { .. } | CheckIn::Other { .. } => {}
            // A user's channel says nothing of the device's.
            CheckIn::TokenUpdate { user: Some(_), .. } => {}
            CheckIn::TokenUpdate { unlock_token, .. } => {
                let overwrites = self.rules.token_keeping == TokenKeeping::Overwrites;
                if unlock_token.is_some() || overwrites {
                    self.token.clone_from(unlock_token);
                }
            }
            CheckIn::CheckOut { .. } => {
                self.queue.clear();
                self.push_waits = false;
            }
        }
    }

    /// Takes a report; returns the next command, if there is one.
    ///
    /// After `Idle`, `Acknowledged` and errors the oldest command comes next, even one that was
    /// refused with `NotNow` on the same connection; after `NotNow` the next one that was not. A
    /// report about an unknown command is accepted.
    ///
    /// With the bug of [`ServerRules::redelivers`] the last command of the queue, once finished,
    /// still hangs on the one before it, and comes again when that one is finished.
    pub fn report(&mut self, report: &Report, now: DateTime<Utc>) -> Option<Order> {
        if report.status != Status::Idle {
            self.last_status = Some(report.status);
            self.learn(report, now);
        }
        match (report.status, &report.uuid) {
            (Status::NotNow, Some(uuid)) => {
                self.queue.refuse(uuid);
                return self.queue.next(true);
            }
            (Status::Idle, _) | (_, None) => {}
            (_, Some(uuid)) => self.queue.finish(uuid),
        }
        self.queue.next(false)
    }

    /// The part of a report that the server keeps.
    fn learn(&mut self, report: &Report, now: DateTime<Utc>) {
        let code = |item: Option<&super::wire::ErrorItem>| item.map_or(0, |item| item.code);
        if report.status != Status::NotNow {
            self.last_error = (code(report.errors.first()), code(report.errors.last()));
        }
        if let Body::SecurityInfo(info) = &report.body {
            if let Some(complies) = info.passcode_compliant {
                self.shadow.update(complies, now);
            }
            self.security = Some(info.clone());
        }
        let state = match report.status {
            Status::NotNow => return,
            Status::Acknowledged => CommandState::Done,
            _ => CommandState::Failed,
        };
        match report.uuid.as_ref().and_then(|uuid| self.queue.command(uuid)) {
            Some(Command::ClearPasscode { .. }) => {
                self.clear = state;
                self.refused_when_lost = self.last_error.0 == NOT_VALID_IN_LOST_MODE;
            }
            Some(command) if command.is_about_lost_mode() => self.lost_mode = state,
            _ => {}
        }
    }

    /// Puts a command into the queue.
    pub fn enqueue(&mut self, command: Command) -> Queued {
        self.sent += 1;
        if matches!(command, Command::ClearPasscode { .. }) {
            self.clear = CommandState::Pending;
            self.refused_when_lost = false;
        } else if command.is_about_lost_mode() {
            self.lost_mode = CommandState::Pending;
        }
        self.queue.enqueue(Order { uuid: CommandUuid::numbered(self.sent), command });
        Queued::Queued
    }

    /// Puts a command into the queue under the identifier of an earlier one.
    pub fn enqueue_again(&mut self, number: u32, command: Command) -> Queued {
        if number <= self.sent { Queued::AlreadyExists } else { self.enqueue(command) }
    }

    /// Performs the action *Remove passcode*.
    pub(crate) fn clear_passcode(&mut self, choice: TokenChoice) -> Queued {
        let unlock_token = match choice {
            TokenChoice::Held if self.token.is_none() => {
                self.clear = CommandState::Failed;
                return Queued::NoUnlockToken;
            }
            TokenChoice::Held => self.token.clone(),
            TokenChoice::Wrong => Some(UnlockToken::issued("another device", 1)),
            TokenChoice::Missing => None,
        };
        self.enqueue(Command::ClearPasscode { unlock_token })
    }

    /// Sends a passcode payload under an identifier.
    pub(crate) fn install_passcode(
        &mut self,
        identifier: &str,
        payload: PasscodePayload,
    ) -> Queued {
        let profile = Profile::of_passcode(identifier, payload);
        self.enqueue(Command::InstallProfile { profile })
    }

    /// Returns the number of commands it has sent.
    pub(crate) fn sent(&self) -> u32 {
        self.sent
    }

    /// Returns the number of waiting commands.
    pub fn waiting(&self) -> usize {
        self.queue.waiting()
    }

    /// Returns the number of waiting `ClearPasscode` commands.
    pub(crate) fn clears_that_wait(&self) -> usize {
        self.queue.count(|command| matches!(command, Command::ClearPasscode { .. }))
    }

    /// Returns the number of waiting commands into Lost Mode or out of it.
    pub(crate) fn lost_modes_that_wait(&self) -> usize {
        self.queue.count(Command::is_about_lost_mode)
    }

    /// Takes back the oldest `ClearPasscode` commands that wait.
    pub(crate) fn drop_clears(&mut self, at_most: usize) {
        let is_clear = |command: &Command| matches!(command, Command::ClearPasscode { .. });
        self.queue.remove(at_most, is_clear);
        if self.clear == CommandState::Pending && self.clears_that_wait() == 0 {
            self.clear = CommandState::None;
        }
    }

    /// Takes back every command into Lost Mode or out of it that waits.
    pub(crate) fn drop_lost_modes(&mut self) {
        self.queue.remove(usize::MAX, Command::is_about_lost_mode);
        if self.lost_mode == CommandState::Pending {
            self.lost_mode = CommandState::None;
        }
    }

    /// Returns true if a question for the device's security waits already.
    pub(super) fn asks_for_security(&self) -> bool {
        self.queue.holds(|command| matches!(command, Command::SecurityInfo))
    }
}
