//! Does a password satisfy the policies? Once for a new one, once for the one in place.
//!
//! Sources: `DevicePolicyManagerService.java` (`resetPasswordInternal`, `isActivePassword…`) at
//! API levels 23 to 34, `PasswordMetrics.java` and `PasswordPolicy.java` at 30 to 34, all in
//! <https://github.com/AndroidSDKSources>.

use super::metrics::{LONGEST_ALLOWED, Metrics, complexity};
use super::parameters::Parameters;
use super::policy::{Complexity, Minima, Minimum, PasswordPolicy, Quality};
use super::secret::{Lock, LockKind, Secret};

/// A password is never shorter than this, whatever the policy says.
pub(super) const SHORTEST: u8 = 4;

/// A person cannot set a password that is longer than this, and from API level 30 no one can.
pub(super) const LONGEST: u8 = 16;

/// Returns true if a candidate for a reset satisfies the policies; empty means removing the lock.
///
/// A candidate that is too short to be stored passes here up to level 29; storing it throws.
pub(super) fn allows_reset(
    api: u8,
    parameters: &Parameters,
    policies: &[PasswordPolicy],
    candidate: &Secret,
) -> bool {
    let text = candidate.reveal();
    if api < 30 {
        return allows_reset_before_30(parameters, policies, text);
    }
    if !has_valid_characters(text) {
        return false;
    }
    // Level 30 has no complexity requirement yet, and one cannot be set there.
    satisfies_from_30(api, policies, &Lock::by_reset(api, candidate))
}

/// Returns true if every character is one that a password may have.
pub(super) fn has_valid_characters(text: &str) -> bool {
    text.chars().all(|letter| (' '..='\u{7f}').contains(&letter))
}

fn allows_reset_before_30(
    parameters: &Parameters,
    policies: &[PasswordPolicy],
    text: &str,
) -> bool {
    let metrics = Metrics::of(text);
    let (quality, minima) = strictest_before_30(policies);
    if quality == Quality::Complex && text.is_empty() && !parameters.complex_zero_allows_clearing {
        return false;
    }
    let enough = quality == Quality::Complex || metrics.quality() >= quality;
    // The length counts whatever the quality; the other minima only under COMPLEX.
    let long_enough = metrics.count(Minimum::Length) >= minima.get(Minimum::Length);
    let rich = quality != Quality::Complex || meets(&metrics, minima);
    enough && long_enough && rich
}

/// Returns the strictest quality and minima over all policies, each taken by itself.
fn strictest_before_30(policies: &[PasswordPolicy]) -> (Quality, Minima) {
    let quality = policies.iter().map(|policy| policy.quality).max();
    let minima = policies
        .iter()
        .map(|policy| {
            let length = policy.minima.get(Minimum::Length);
            let mut minima = match policy.quality {
                Quality::Complex => policy.minima,
                _ => Minima::NONE,
            };
            minima.set(Minimum::Length, length);
            minima
        })
        .fold(Minima::NONE, Minima::strictest);
    (quality.unwrap_or(Quality::Unspecified), minima)
}

fn meets(metrics: &Metrics, minima: Minima) -> bool {
    Minimum::ALL.iter().all(|which| metrics.count(*which) >= minima.get(*which))
}

/// Returns true if the lock in place satisfies the policies.
pub(super) fn is_sufficient(api: u8, policies: &[PasswordPolicy], lock: &Lock) -> bool {
    if api >= 30 {
        return satisfies_from_30(api, policies, lock);
    }
    let metrics = Metrics::of(lock.secret().reveal());
    let (quality, minima) = strictest_before_30(policies);
    let has = match lock.kind() {
        LockKind::None | LockKind::Tied => Quality::Unspecified,
        LockKind::Pattern => Quality::Something,
        LockKind::Pin | LockKind::Password => metrics.quality(),
    };
    match quality {
        // The length does not count below NUMERIC, unlike at the time of a reset.
        Quality::Unspecified | Quality::BiometricWeak | Quality::Something => has >= quality,
        Quality::Complex => lock.kind() >= LockKind::Pin && meets(&metrics, minima),
        _ => has >= quality && metrics.count(Minimum::Length) >= minima.get(Minimum::Length),
    }
}

/// The weakest lock that satisfies a policy, as API levels from 30 describe it.
struct Floor {
    kind: LockKind,
    minima: Minima,
    non_digits: u8,
    no_long_sequence: bool,
}

impl Floor {
    fn of(api: u8, policy: &PasswordPolicy) -> Self {
        let pin = if api >= 31 { LockKind::Pin } else { LockKind::Password };
        let kind = match policy.quality {
            Quality::Unspecified => LockKind::None,
            Quality::BiometricWeak | Quality::Something => LockKind::Pattern,
            Quality::Numeric | Quality::NumericComplex => pin,
            Quality::Alphabetic | Quality::Alphanumeric | Quality::Complex => LockKind::Password,
        };
        let mut minima = match policy.quality {
            Quality::Complex => policy.minima,
            _ => Minima::NONE,
        };
        let length = policy.minima.get(Minimum::Length);
        // No length is demanded that no password can have (`PasswordMetrics.java`).
        let length = length.min(LONGEST);
        minima.set(Minimum::Length, if policy.quality < Quality::Numeric { 0 } else { length });
        if policy.quality == Quality::Alphanumeric {
            minima.set(Minimum::Numeric, 1);
        }
        let mixed = matches!(policy.quality, Quality::Alphabetic | Quality::Alphanumeric);
        let no_long_sequence = policy.quality == Quality::NumericComplex;
        Self { kind, minima, non_digits: u8::from(mixed), no_long_sequence }
    }
}

fn satisfies_from_30(api: u8, policies: &[PasswordPolicy], lock: &Lock) -> bool {
    let metrics = Metrics::of(lock.secret().reveal());
    let length = metrics.count(Minimum::Length);
    let typed = lock.kind() >= LockKind::Pin;
    // Only from level 31 is a PIN measured apart from a password.
    let kind = if typed && api < 31 { LockKind::Password } else { lock.kind() };
    if typed && !(SHORTEST..=LONGEST).contains(&length) {
        return false;
    }
    policies.iter().all(|policy| {
        let floor = Floor::of(api, policy);
        let strong = kind >= floor.kind;
        let rich =
            !typed || (meets(&metrics, floor.minima) && metrics.non_digits() >= floor.non_digits);
        let plain = !floor.no_long_sequence || metrics.longest_sequence <= LONGEST_ALLOWED;
        strong && rich && plain && satisfies_band(api, policy.complexity, lock)
    })
}

/// Returns true if the lock reaches a complexity band that an admin demands.
///
/// The rule for HIGH that a password of digits only needs eight of them came with level 33; it
/// makes no difference here, since such a password is judged as a PIN from 31 on.
fn satisfies_band(api: u8, wanted: Complexity, lock: &Lock) -> bool {
    complexity(api, lock) >= wanted
}
