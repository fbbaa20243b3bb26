//! Starting, stopping and ending: reboots, quiet mode, owners and profiles that come and go.
//!
//! Sources: `UserManagerService.java` (`setQuietModeEnabled`, `requestQuietModeEnabled`),
//! `DevicePolicyManagerService.java` (`lockNow`, `clearDeviceOwner`, `clearProfileOwner`,
//! `transferOwnership`) and `LockSettingsService.java` (`tryUnlockWithCachedUnifiedChallenge`,
//! `removeUserState`) at API levels 26 to 34, <https://github.com/AndroidSDKSources>; the commit
//! message of the "forgot my password" button,
//! <https://review.shift-gmbh.com/plugins/gitiles/SHIFTPHONES/android/packages/apps/Settings/+/04f783c7592304e4d944ec3fe43defbbd4c7c610>.

use super::answer::{Answer, Exception, Obstacle, Seen, Thrown};
use super::secret::{Lock, LockKind};
use super::user::{Challenge, Run, User, UserId};
use super::{Admin, AdminKind, Amapi, Caller, Context, Device, PolicyEvent, Who};

impl Device {
    /// Returns true if storage is encrypted per user, so that a user can be running and locked.
    pub(super) fn has_file_based_encryption(&self) -> bool {
        self.api >= 24 && self.hardware.file_based_encryption
    }

    /// Returns the state that a secure user reaches when it starts without input.
    fn started(&self, secure: bool) -> Run {
        if secure && self.has_file_based_encryption() { Run::Locked } else { Run::Unlocked }
    }

    /// The device restarts: what was in memory only is gone.
    pub(super) fn reboot(&mut self, context: &mut Context<'_>) {
        self.tied_lock_cached = false;
        self.notification = false;
        let runs = [self.primary.is_secure(), self.work.as_ref().is_some_and(User::is_secure)]
            .map(|secure| self.started(secure));
        let users = [Some(&mut self.primary), self.work.as_mut()];
        for (user, run) in users.into_iter().zip(runs) {
            let Some(user) = user else { continue };
            user.escrow.tokens.retain(|token| token.active);
            let secure = user.is_secure();
            user.strong_auth |= secure;
            user.keyguard = secure && user.lock.kind() != LockKind::Tied;
            user.verified_since_boot = !secure;
            user.wrong_entries.forget_recent();
            user.asks_to_start = false;
            if user.run != Run::Stopped {
                user.run = run;
            }
        }
        self.wait_again(UserId::Device, context);
        self.wait_again(UserId::Work, context);
        self.tell_agent();
    }

    /// Returns true if a profile that is turned off goes on running, with its apps suspended.
    ///
    /// Source: `setQuietModeEnabled` in `UserManagerService.java` and
    /// `DEFAULT_KEEP_PROFILES_RUNNING_FLAG` in `DevicePolicyManagerService.java`, both at API level
    /// 34; neither 33 nor the sources of Android 15 and 16 have it.
    fn keeps_profiles_running(&self) -> bool {
        self.api == 34 && self.parameters.quiet_profiles_run
    }

    /// Turns the work profile off or on.
    pub(super) fn quiet_mode(&mut self, on: bool, context: &mut Context<'_>) -> Answer {
        let Some(work) = &self.work else { return Answer::NotIssued(Obstacle::NoProfile) };
        if self.api < 24 {
            return Answer::NotIssued(Obstacle::NoSuchFunction);
        }
        if on == work.quiet {
            return Answer::Saw(Seen::NotAvailable);
        }
        if on { self.turn_work_off() } else { self.turn_work_on(context) }
    }

    fn turn_work_off(&mut self) -> Answer {
        let keeps_running = self.keeps_profiles_running();
        let keeps_pending = self.parameters.quiet_mode_keeps_pending;
        let work = self.users_mut(UserId::Work);
        work.quiet = true;
        if keeps_running {
            work.keyguard = work.is_secure() && work.challenge == Challenge::Separate;
            return Answer::Saw(Seen::Ok);
        }
        work.run = Run::Stopped;
        work.keyguard = false;
        if !keeps_pending {
            work.escrow.tokens.retain(|token| token.active);
        }
        self.notification = false;
        Answer::Saw(Seen::Ok)
    }

    /// Work starts at once if its storage is open or nothing protects it. Otherwise the prompt for
    /// its lock is shown, and it starts when the lock was entered.
    ///
    /// Source: `needToShowConfirmCredential` in `UserManagerService.java` at API levels 29 to 33,
    /// `trySetQuietModeDisabled` at 24 to 28; the key is evicted when the user stops
    /// (`UserController.java` at 26 to 33).
    fn turn_work_on(&mut self, context: &mut Context<'_>) -> Answer {
        let evicted = self.has_file_based_encryption();
        // From level 30 the profile's tied secret is remembered since the device was unlocked.
        let remembered = self.tied_lock_cached && !self.primary.keyguard;
        let work = self.users_mut(UserId::Work);
        if work.is_secure() && work.run != Run::Unlocked && evicted {
            work.asks_to_start = true;
            if work.lock.kind() != LockKind::Tied || !remembered {
                return Answer::Saw(Seen::AsksForLock);
            }
            if let Err(thrown) = self.verified(UserId::Work, false, context) {
                return Answer::Threw(thrown);
            }
        } else {
            let was_off = work.run == Run::Stopped;
            work.quiet = false;
            work.run = Run::Unlocked;
            work.keyguard |= was_off && work.is_secure() && work.challenge == Challenge::Separate;
        }
        self.tell_agent();
        Answer::Saw(Seen::Ok)
    }

    /// Returns true if the prompt for the work lock has the button "forgot my password".
    pub(super) fn has_forgot_button(&self) -> bool {
        let (Some(work), Some(owner)) = (&self.work, self.profile_owner()) else { return false };
        self.api >= 30
            && work.quiet
            && work.run != Run::Unlocked
            && work.challenge == Challenge::Separate
            && work.is_secure()
            && work.has_active_token()
            && owner.direct_boot_aware
            && self.has_file_based_encryption()
    }

    /// Presses the button, which starts the profile without unlocking it, so that its owner can
    /// reset it.
    pub(super) fn press_forgot_password(&mut self) -> Answer {
        if !self.has_forgot_button() {
            return Answer::Saw(Seen::NotAvailable);
        }
        let work = self.users_mut(UserId::Work);
        work.run = Run::Locked;
        work.quiet = false;
        work.asks_to_start = false;
        work.keyguard = true;
        self.tell_agent();
        Answer::Saw(Seen::Ok)
    }

    /// `lockNow`, perhaps with the flag that throws the storage key away.
    pub(super) fn lock_now(&mut self, caller: Caller, evict: bool) -> Result<(), Thrown> {
        let Some(admin) = self.admin(caller) else {
            return Err(Exception::Security.because("the caller is no active admin"));
        };
        let user = admin.user;
        if evict {
            self.may_evict(user, caller)?;
            let secure = self.users_mut(user).is_secure();
            let run = self.started(secure);
            self.users_mut(user).run = run;
            // The profile is stopped and started again, its apps and notifications with it.
            self.notification = false;
            self.tell_agent();
        }
        let only_profile = user == UserId::Work
            && !caller.on_parent
            && self.users_mut(user).challenge == Challenge::Separate;
        if only_profile {
            let work = self.users_mut(UserId::Work);
            work.keyguard = work.is_secure();
        } else {
            self.lock_screens();
        }
        Ok(())
    }

    fn may_evict(&self, user: UserId, caller: Caller) -> Result<(), Thrown> {
        if self.api < 26 {
            return Err(Exception::NoSuchMethod.because("the flag came with API level 26"));
        }
        if user != UserId::Work {
            return Err(Exception::Security.because("only the owner of a work profile may"));
        }
        if caller.on_parent {
            return Err(Exception::IllegalArgument.because("not on the parent instance"));
        }
        if !self.has_file_based_encryption() {
            let message = "the device has no file-based encryption";
            return Err(Exception::UnsupportedOperation.because(message));
        }
        Ok(())
    }

    /// Removes an admin, or lets it give up its role.
    pub(super) fn remove_owner(&mut self, who: Who) -> Answer {
        let place =
            who.admin().and_then(|kind| self.admins.iter().position(|admin| admin.kind == kind));
        let Some(place) = place else { return Answer::NotIssued(Obstacle::NoSuchAdmin) };
        let (kind, user) = (self.admins[place].kind, self.admins[place].user);
        if user == UserId::Work {
            let message = "You can not clear profile owner of a managed profile";
            return Answer::Threw(Exception::Security.because(message));
        }
        self.admins.remove(place);
        for user in self.each_user_mut() {
            if user.claim == Some(kind) {
                user.claim = None;
            }
        }
        if kind == AdminKind::DeviceOwner && self.api >= 30 {
            let handle = self.users_mut(user).handle.take();
            handle.map(|handle| self.remove_escrow_token(user, handle));
        }
        self.tell_agent();
        Answer::Saw(Seen::Ok)
    }

    /// Hands the role of an owner to another app; the per-user state stays.
    pub(super) fn transfer_ownership(&mut self, who: Who) -> Answer {
        let kept = self.parameters.transfer_keeps_token;
        let owner = self.admin(Caller::new(who)).filter(|admin| admin.is_owner());
        let Some(user) = owner.map(|owner| owner.user) else {
            return Answer::NotIssued(Obstacle::NoSuchAdmin);
        };
        if !kept {
            let handle = self.users_mut(user).handle.take();
            handle.map(|handle| self.remove_escrow_token(user, handle));
        }
        self.tell_agent();
        Answer::Saw(Seen::Ok)
    }

    /// Makes an app the device owner on a device that is already in use.
    ///
    /// Source: `checkDeviceOwnerProvisioningPreConditionLocked` in
    /// `DevicePolicyManagerService.java` at API levels 26 to 34 (`CODE_HAS_DEVICE_OWNER`,
    /// `CODE_USER_HAS_PROFILE_OWNER`, `CODE_NONSYSTEM_USER_EXISTS`).
    pub(super) fn make_device_owner(&mut self) -> Answer {
        if self.work.is_some() || self.primary_is_owned() {
            return Answer::Saw(Seen::NotAvailable);
        }
        self.add_admin(AdminKind::DeviceOwner, UserId::Device);
        Answer::Saw(Seen::Ok)
    }

    /// Adds the app that the device was enrolled with, or else one as most are.
    fn add_admin(&mut self, kind: AdminKind, user: UserId) {
        let known = self.apps.iter().find(|app| (app.kind, app.user) == (kind, user));
        let app =
            known.cloned().unwrap_or_else(|| Admin::new(kind, user, self.api, &self.parameters));
        self.admins.push(app);
    }

    /// Returns true if the device, or its primary user, has an owner.
    fn primary_is_owned(&self) -> bool {
        self.admins.iter().any(|admin| admin.user == UserId::Device && admin.is_owner())
    }

    /// Enrols a work profile by the user's hand; it opens with the device's lock.
    ///
    /// Source: `checkManagedProfileProvisioningPreCondition` in `DevicePolicyManagerService.java`
    /// at API levels 26 to 30: beside a profile owner of the same user never, beside a device owner
    /// up to 29.
    pub(super) fn create_work_profile(&mut self) -> Answer {
        let device_owner =
            self.admins.iter().any(|admin| admin.kind == AdminKind::DeviceOwner) && self.api < 30;
        if self.work.is_some() || (self.primary_is_owned() && !device_owner) {
            return Answer::Saw(Seen::NotAvailable);
        }
        self.work = Some(User::new(Lock::none(), Challenge::Unified));
        self.company_owned = false;
        self.unified_disallowed = false;
        self.add_admin(AdminKind::ProfileOwner, UserId::Work);
        self.tie_profile();
        self.tell_agent();
        Answer::Saw(Seen::Ok)
    }

    /// Removes the work profile with everything that was known of it.
    pub(super) fn remove_work_profile(&mut self) -> Answer {
        let Some(work) = self.work.take() else { return Answer::NotIssued(Obstacle::NoProfile) };
        if let Some(free) = &mut self.weaver_free {
            let freed = work.escrow.tokens.iter().filter(|token| token.active).count();
            *free = free.saturating_add(u8::try_from(freed).unwrap_or(u8::MAX));
        }
        self.admins.retain(|admin| admin.user != UserId::Work);
        self.notification = false;
        Answer::Saw(Seen::Ok)
    }

    /// Everything goes; the device is as new, and waits for its set-up.
    pub(super) fn factory_reset(&mut self) {
        let mut burnt = 0;
        for user in [Some(&self.primary), self.work.as_ref()].into_iter().flatten() {
            burnt += user.escrow.tokens.iter().filter(|token| token.active).count();
        }
        self.weaver_free = self
            .weaver_free
            .map(|free| free.saturating_add(u8::try_from(burnt).unwrap_or(u8::MAX)));
        self.provisioned = false;
        self.unified_disallowed = false;
        self.company_owned = false;
        self.primary = User::new(Lock::none(), Challenge::Separate);
        self.work = None;
        self.admins.clear();
        self.do_not_ask_on_boot = false;
        self.notification = false;
        self.tied_lock_cached = false;
        self.logged = None;
        self.event = PolicyEvent::None;
        self.amapi = Amapi::default();
    }
}
