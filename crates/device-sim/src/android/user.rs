//! The users of a device: the primary one, and the work profile beside it.

use chrono::{DateTime, Utc};

use super::admin::AdminKind;
use super::lockout::WrongEntries;
use super::secret::{Lock, TokenBytes};
use eligibility::closed_enum;

closed_enum! {
    /// The user.
    pub enum UserId: "user id" {
        /// The primary user; its lock is the device's lock.
        Device = "device",
        /// The work profile.
        Work = "work",
    }
}

closed_enum! {
    /// The run state of a user.
    pub enum Run: "run" {
        /// Not at all: quiet mode.
        Stopped = "stopped",
        /// Started, its storage still locked.
        Locked = "running-locked",
        /// Started and unlocked.
        Unlocked = "running-unlocked",
    }
}

closed_enum! {
    /// The lock of the work profile.
    pub(crate) enum Challenge: "challenge" {
        /// The device's lock.
        Unified = "unified",
        /// A lock of its own, or none.
        Separate = "separate",
    }
}

closed_enum! {
    /// The state of a user's reset password token.
    pub enum TokenState: "token state" {
        /// None is set.
        Absent = "absent",
        /// Set, and waiting for the user's credential; in memory only.
        Pending = "pending",
        /// Usable.
        Active = "active",
        /// Lost by a restart while pending; only its handle is left.
        Lost = "lost",
        /// Active by name, but an untrusted reset has made it useless.
        Obsolete = "obsolete",
        /// The user's escrow data is destroyed.
        Disabled = "disabled",
    }
}

/// A token that the lock service holds.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct EscrowToken {
    /// Its handle.
    pub(super) handle: u8,
    /// Its bytes.
    pub(super) bytes: TokenBytes,
    /// True if it is on disk; otherwise it is pending, in memory.
    pub(super) active: bool,
    /// True if the synthetic password is still the one that it was made for.
    pub(super) current: bool,
}

/// The escrow data of a user: the tokens in the lock service.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Escrow {
    /// True if there is escrow data; once it is gone it stays gone.
    pub(super) enabled: bool,
    /// The tokens, in the order in which they were added.
    pub(super) tokens: Vec<EscrowToken>,
}

/// A user of the device.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct User {
    pub(super) run: Run,
    /// True if work is turned off. Up to level 33 and from 35 on its apps then do not run.
    pub(super) quiet: bool,
    /// True if work is being turned on and the prompt for its lock is in front.
    pub(crate) asks_to_start: bool,
    pub(super) lock: Lock,
    pub(super) challenge: Challenge,
    /// True if the lock screen is in front of it.
    pub(crate) keyguard: bool,
    /// True if it has fingerprints or a face enrolled.
    pub(crate) biometrics: bool,
    pub(super) escrow: Escrow,
    /// The handle that the policy service keeps of the owner's token.
    pub(super) handle: Option<u8>,
    /// Whose `REQUIRE_ENTRY` reset still waits for the password to be typed.
    pub(super) claim: Option<AdminKind>,
    /// True if only the knowledge factor will do at the next unlock.
    pub(crate) strong_auth: bool,
    /// The last entry of the knowledge factor, while an alarm counts the hours since.
    pub(super) entered_at: Option<DateTime<Utc>>,
    /// True if the credential was typed since the last boot.
    pub(super) verified_since_boot: bool,
    /// Wrong credentials in a row, and the wait that they have brought.
    pub(super) wrong_entries: WrongEntries,
    /// Wrong credentials since the last right one, as the policy service counts them.
    pub(super) failed_attempts: u8,
    /// Former passwords, newest first, while a policy wants them remembered.
    pub(super) history: Vec<super::secret::Secret>,
    /// True if the lock was replaced, so that the expiry of passwords begins again.
    pub(super) has_new_lock: bool,
    /// The passcode that a service has generated and shows, until the user replaces it.
    pub(super) generated: Option<super::secret::Secret>,
}

impl User {
    pub(super) fn new(lock: Lock, challenge: Challenge) -> Self {
        Self {
            run: Run::Unlocked,
            quiet: false,
            asks_to_start: false,
            lock,
            challenge,
            keyguard: false,
            biometrics: false,
            escrow: Escrow { enabled: true, tokens: Vec::new() },
            handle: None,
            claim: None,
            strong_auth: false,
            entered_at: None,
            verified_since_boot: true,
            wrong_entries: WrongEntries::default(),
            failed_attempts: 0,
            history: Vec::new(),
            has_new_lock: false,
            generated: None,
        }
    }

    /// The knowledge factor was right: everything that waited for it happens.
    pub(super) fn entered(&mut self) {
        for token in &mut self.escrow.tokens {
            token.active = true;
        }
        self.run = Run::Unlocked;
        if self.asks_to_start {
            self.asks_to_start = false;
            self.quiet = false;
        }
        self.claim = None;
        self.wrong_entries = WrongEntries::default();
        self.failed_attempts = 0;
        self.verified_since_boot = true;
    }

    /// Returns the owner's token, as far as the lock service still knows it.
    pub(super) fn token(&self) -> Option<&EscrowToken> {
        let handle = self.handle?;
        self.escrow.tokens.iter().find(|token| token.handle == handle)
    }

    /// Returns the state of the owner's token.
    pub fn token_state(&self) -> TokenState {
        match (self.escrow.enabled, self.handle, self.token()) {
            (false, _, _) => TokenState::Disabled,
            (true, None, _) => TokenState::Absent,
            (true, Some(_), None) => TokenState::Lost,
            (true, _, Some(token)) if !token.active => TokenState::Pending,
            (true, _, Some(token)) if !token.current => TokenState::Obsolete,
            (true, _, Some(_)) => TokenState::Active,
        }
    }

    /// Returns its run state.
    pub fn run(&self) -> Run {
        self.run
    }

    /// Returns true if work is turned off.
    pub fn is_turned_off(&self) -> bool {
        self.quiet
    }

    /// Returns its lock.
    pub fn lock(&self) -> &Lock {
        &self.lock
    }

    /// Returns the passcode in place, if a service has made it up and the user has not replaced it.
    pub(crate) fn generated(&self) -> Option<&super::Secret> {
        self.generated.as_ref()
    }

    /// Returns true if anything has to be typed to open it.
    pub(crate) fn is_secure(&self) -> bool {
        self.lock.is_secure()
    }

    /// Returns true if its token would count as active for `isResetPasswordTokenActive`.
    pub fn has_active_token(&self) -> bool {
        self.token().is_some_and(|token| token.active)
    }
}
