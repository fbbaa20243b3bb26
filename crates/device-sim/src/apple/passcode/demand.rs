//! The requirements of all sources together on the passcode of one device.
//!
//! Sources: the same as of the payload and the declaration; that the strictest of several sources
//! wins, Exchange included, <https://support.apple.com/guide/deployment/dep4d6a472a/web>; the fixed
//! rule of User Enrollment, <https://developer.apple.com/documentation/devicemanagement/passcode>
//! and <https://github.com/MicrosoftDocs/memdocs/issues/1950>.

use super::{PasscodeDeclaration, PasscodePayload};
use crate::apple::enrolment::EnrolmentKind;
use crate::apple::parameters::Parameters;
use crate::apple::system::System;

/// The requirements of a passcode.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Demand {
    /// There must be one.
    pub required: bool,
    /// No repeated, rising or falling characters.
    pub not_simple: bool,
    /// Letters and digits.
    pub alphanumeric: bool,
    /// The least number of characters.
    pub min_length: u32,
    /// The least number of characters that are neither letters nor digits.
    pub min_complex: u32,
    /// After how many days it has to be changed.
    pub max_age_days: Option<u32>,
    /// From how many former ones it must differ.
    pub history: Option<u32>,
    /// The number of wrong ones that are allowed.
    pub max_failed: Option<u32>,
    /// The most minutes after locking in which the user may let the device open without it.
    pub max_grace_minutes: Option<u32>,
    /// After how many minutes at most the device locks itself.
    pub max_inactivity_minutes: Option<u32>,
    /// The user may not choose that the device never locks itself.
    pub must_auto_lock: bool,
}

/// Returns the lower of two limits; a limit that is not there limits nothing.
pub(crate) fn least(a: Option<u32>, b: Option<u32>) -> Option<u32> {
    match (a, b) {
        (Some(a), Some(b)) => Some(a.min(b)),
        (one, other) => one.or(other),
    }
}

impl Demand {
    /// Returns the requirements of a payload on a system under an enrolment.
    ///
    /// Under User Enrollment the mere presence of a payload forces one fixed rule.
    pub(crate) fn of_payload(
        payload: &PasscodePayload,
        system: System,
        kind: EnrolmentKind,
        parameters: &Parameters,
    ) -> Self {
        if kind == EnrolmentKind::User {
            return Self::of_user_enrolment(payload.max_inactivity.is_some());
        }
        let not_simple = payload.allow_simple == Some(false);
        let complex = payload.min_complex_chars.unwrap_or(0);
        let old_wording = parameters.simple_needs_complex_before_16
            && not_simple
            && system.is_mobile()
            && !system.at_least(16, 0);
        Self {
            required: payload.force_pin == Some(true),
            not_simple,
            alphanumeric: payload.require_alphanumeric == Some(true)
                && system.has_keyboard_demands(),
            min_length: match not_simple && parameters.forbidding_simple_demands_six {
                true => payload.min_length.unwrap_or(0).max(6),
                false => payload.min_length.unwrap_or(0),
            },
            min_complex: match system.has_keyboard_demands() {
                true => complex.max(u32::from(old_wording)),
                false => 0,
            },
            max_age_days: payload.max_pin_age_in_days.filter(|days| *days > 0),
            history: payload.pin_history,
            max_failed: payload.max_failed_attempts,
            max_grace_minutes: payload.max_grace_period,
            max_inactivity_minutes: payload
                .max_inactivity
                .filter(|minutes| *minutes > 0)
                .map(|minutes| minutes.min(system.longest_inactivity_minutes())),
            must_auto_lock: payload.max_inactivity.is_some_and(|minutes| minutes > 0),
        }
    }

    /// Returns the combined requirements of declarations on a system under an enrolment.
    pub(crate) fn of_declarations(
        declarations: &[PasscodeDeclaration],
        system: System,
        kind: EnrolmentKind,
    ) -> Self {
        if declarations.is_empty() {
            return Self::default();
        }
        if kind == EnrolmentKind::User {
            let idle = declarations.iter().any(|one| one.maximum_inactivity.is_some());
            return Self::of_user_enrolment(idle);
        }
        let known = declarations.iter().map(|one| match system.has_late_declaration_keys() {
            true => *one,
            false => one.without_late_keys(),
        });
        let all = known.fold(PasscodeDeclaration::default(), PasscodeDeclaration::combine);
        Self {
            required: all.requires_passcode(),
            not_simple: all.require_complex == Some(true),
            alphanumeric: all.require_alphanumeric == Some(true) && system.has_keyboard_demands(),
            min_length: all.minimum_length.unwrap_or(0),
            min_complex: all
                .minimum_complex_characters
                .filter(|_| system.has_keyboard_demands())
                .unwrap_or(0),
            max_age_days: all.maximum_passcode_age.filter(|days| *days > 0),
            history: all.passcode_reuse_limit,
            max_failed: all.maximum_failed_attempts,
            max_grace_minutes: all.maximum_grace_period,
            max_inactivity_minutes: all.maximum_inactivity.filter(|minutes| *minutes > 0),
            must_auto_lock: all.maximum_inactivity.is_some_and(|minutes| minutes > 0),
        }
    }

    /// Returns the one rule of User Enrollment: six characters, not simple, and nothing else.
    fn of_user_enrolment(must_auto_lock: bool) -> Self {
        Self { required: true, not_simple: true, min_length: 6, must_auto_lock, ..Self::default() }
    }

    /// Returns two demands at once: the stricter of each.
    #[must_use]
    pub(crate) fn and(self, other: Self) -> Self {
        Self {
            required: self.required || other.required,
            not_simple: self.not_simple || other.not_simple,
            alphanumeric: self.alphanumeric || other.alphanumeric,
            min_length: self.min_length.max(other.min_length),
            min_complex: self.min_complex.max(other.min_complex),
            max_age_days: least(self.max_age_days, other.max_age_days),
            history: self.history.max(other.history),
            max_failed: least(self.max_failed, other.max_failed),
            max_grace_minutes: least(self.max_grace_minutes, other.max_grace_minutes),
            max_inactivity_minutes: least(
                self.max_inactivity_minutes,
                other.max_inactivity_minutes,
            ),
            must_auto_lock: self.must_auto_lock || other.must_auto_lock,
        }
    }
}
