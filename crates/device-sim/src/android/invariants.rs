//! Invariants of every Android device; checkers, apart from the model.

use super::user::{Challenge, Run, TokenState, User};
use super::{AdminKind, Device, LockKind};
use crate::model::invariant::{self, Invariant};

const INVARIANTS: &[Invariant<Device>] = &[
    ("a unified profile is tied exactly when the device has a lock", unified_is_tied),
    (
        "the notification is shown exactly when the user has to activate the token",
        notification_is_right,
    ),
    ("a user without a lock has no lock screen", |device| {
        users(device).all(|user| user.is_secure() || !user.keyguard)
    }),
    ("before API level 26 there is no token", |device| {
        device.api >= 26 || users(device).all(|user| user.escrow.tokens.is_empty())
    }),
];

/// Returns the names of the invariants that a device breaks.
pub(crate) fn broken_invariants(device: &Device) -> Vec<&'static str> {
    invariant::broken(INVARIANTS, device)
}

fn users(device: &Device) -> impl Iterator<Item = &User> {
    [Some(&device.primary), device.work.as_ref()].into_iter().flatten()
}

fn unified_is_tied(device: &Device) -> bool {
    device.work.as_ref().filter(|work| work.challenge == Challenge::Unified).is_none_or(|work| {
        let wanted = if device.primary.is_secure() { LockKind::Tied } else { LockKind::None };
        work.lock.kind() == wanted
    })
}

/// Stated afresh, from what the page and the platform say, not from what the agent computes.
fn notification_is_right(device: &Device) -> bool {
    let owner = device.admins.iter().find(|admin| admin.kind == AdminKind::ProfileOwner);
    let (Some(work), Some(owner)) = (&device.work, owner) else { return !device.notification };
    let can_run = match work.run {
        Run::Stopped => false,
        Run::Locked => owner.direct_boot_aware,
        Run::Unlocked => true,
    };
    let required_and_set = owner.policy.requires_lock() && work.lock.kind() != LockKind::None;
    let usable = matches!(work.token_state(), TokenState::Active | TokenState::Obsolete);
    let wanted = device.api >= 26 && can_run && required_and_set && !usable;
    device.notification == wanted
}

#[cfg(test)]
mod tests {
    use super::broken_invariants;
    use crate::android::secret::Lock;
    use crate::android::user::EscrowToken;
    use crate::android::{ApiLevel, Device, Enrolment, Setup, TokenBytes};

    fn break_it(api: u8, how: impl FnOnce(&mut Device)) -> Vec<&'static str> {
        let level = ApiLevel::new(api).expect("simulated");
        let mut setup = Setup::new(level, &[Enrolment::WorkProfile]);
        setup.lock = Lock::from_text("4711");
        let mut device = setup.build();
        assert_eq!(broken_invariants(&device), [""; 0]);
        how(&mut device);
        broken_invariants(&device)
    }

    #[test]
    fn every_invariant_can_be_broken() {
        let untied = break_it(30, |device| device.primary.lock = Lock::none());
        assert_eq!(untied, ["a unified profile is tied exactly when the device has a lock"]);
        let shown = break_it(30, |device| device.notification = true);
        let name = "the notification is shown exactly when the user has to activate the token";
        assert_eq!(shown, [name]);
        let locked = break_it(30, |device| {
            device.primary.lock = Lock::none();
            device.tie_profile();
            device.primary.keyguard = true;
        });
        assert_eq!(locked, ["a user without a lock has no lock screen"]);
        let early = break_it(25, |device| {
            let bytes = TokenBytes::default();
            let token = EscrowToken { handle: 0, bytes, active: true, current: true };
            device.primary.escrow.tokens.push(token);
        });
        assert_eq!(early, ["before API level 26 there is no token"]);
    }
}
