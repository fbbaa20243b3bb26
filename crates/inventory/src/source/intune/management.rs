//! The management mode of a device, as far as several columns determine it.

use eligibility::facts::{Fact, Facts, Management, Ownership, Platform};

use crate::spelling::agent::Agent;
use crate::spelling::enrollment::Enrollment;

use Management as M;

/// Returns what two columns say together. Where no mode agrees with both, the one that names a
/// single mode is believed, and if none does, neither: a set may rest on published practice only.
pub(crate) fn both(one: Fact<Management>, other: Fact<Management>) -> Fact<Management> {
    one.and(other).unwrap_or(match (one, other) {
        (Fact::Known(mode), _) | (_, Fact::Known(mode)) => Fact::Known(mode),
        _ => Fact::Unknown,
    })
}

/// Returns the modes in which an agent manages devices of a platform.
///
/// Google lists the modes of its Android Management API, whose agent is `CloudDPC`:
/// <https://developers.google.com/android/management/introduction>. No page of Microsoft's says
/// which of them Intune reports as `googleCloudDevicePolicyController`, so all of them stay
/// possible.
pub(crate) fn of_agent(agent: Agent, platform: Fact<Platform>) -> Fact<Management> {
    let on_android = platform.admits(Platform::Android);
    match agent {
        Agent::CloudDpc if on_android => Fact::one_of([
            M::PersonalWorkProfile,
            M::CorporateWorkProfile,
            M::FullyManaged,
            M::Dedicated,
        ]),
        Agent::Aosp if on_android => Fact::one_of([M::AospUserAssociated, M::AospUserless]),
        Agent::Mdm | Agent::CloudDpc | Agent::Aosp => only_mode(platform),
        Agent::Other => Fact::Known(M::NotManaged),
        Agent::Unclear => Fact::Unknown,
    }
}

/// Returns the mode of a device that is enrolled on a platform with a single type of enrolment.
fn only_mode(platform: Fact<Platform>) -> Fact<Management> {
    let Fact::Known(platform) = platform else { return Fact::Unknown };
    let enrolled = |mode: &&Management| **mode != M::NotManaged;
    let mut modes = Management::on(platform).iter().filter(enrolled);
    match (modes.next(), modes.next()) {
        (Some(only), None) => Fact::Known(*only),
        _ => Fact::Unknown,
    }
}

/// Returns the modes that an enrolment type leaves.
pub(crate) fn of_enrollment(enrollment: Enrollment, platform: Fact<Platform>) -> Fact<Management> {
    match enrollment {
        Enrollment::Android(mode) => Fact::Known(mode),
        Enrollment::AppleUser => Fact::Known(M::UserEnrollment),
        Enrollment::AppleWithUser => Fact::Known(M::DeviceEnrollment),
        Enrollment::Windows => Fact::Known(M::Mdm),
        Enrollment::AnyPlatform => match platform {
            Fact::Known(on) if M::DeviceEnrollment.exists_on(on) => {
                Fact::Known(M::DeviceEnrollment)
            }
            // Every other mode of Android has an enrolment type of its own.
            Fact::Known(Platform::Android) => {
                Fact::one_of([M::DeviceAdministrator, M::PersonalWorkProfile, M::Mdm])
            }
            _ => Fact::Unknown,
        },
        // An iPad without a user may be a Shared iPad.
        Enrollment::AppleWithoutUser if platform.admits(Platform::Ipados) => {
            Fact::one_of([M::DeviceEnrollment, M::SharedIpad])
        }
        Enrollment::AppleWithoutUser => Fact::Known(M::DeviceEnrollment),
    }
}

/// Narrows the management mode by the other facts of a device of an export.
pub(crate) fn narrowed(facts: Facts) -> Facts {
    let management = by_supervision(by_ownership(facts.management, facts.ownership), &facts);
    Facts { management, ..facts }
}

/// Returns the modes left for a personal device, which is in none of the modes that Google and
/// Microsoft call corporate-owned:
/// <https://learn.microsoft.com/en-us/intune/intune-service/fundamentals/deployment-guide-enrollment-android>.
/// That narrows a set, and contradicts no mode that a column names.
fn by_ownership(management: Fact<Management>, owner: Fact<Ownership>) -> Fact<Management> {
    let corporate = [M::CorporateWorkProfile, M::FullyManaged, M::Dedicated];
    let Fact::OneOf(_) = management else { return management };
    if owner != Fact::Known(Ownership::Personal) {
        return management;
    }
    without(management, Management::ALL, &corporate)
}

/// Returns the mode without User Enrollment, under which no supervised Apple device is:
/// <https://support.apple.com/guide/deployment/dep1d89f0bff/web>.
fn by_supervision(management: Fact<Management>, facts: &Facts) -> Fact<Management> {
    match facts.platform {
        Fact::Known(on)
            if facts.supervised == Fact::Known(true)
                && !management.is_known()
                && M::UserEnrollment.exists_on(on) =>
        {
            without(management, Management::on(on), &[M::UserEnrollment, M::NotManaged])
        }
        _ => management,
    }
}

/// Returns what is left of a set, or of `all` modes, without some; the set itself if nothing is.
fn without(
    management: Fact<Management>,
    all: &[Management],
    excluded: &[Management],
) -> Fact<Management> {
    let left = |mode: &Management| management.admits(*mode) && !excluded.contains(mode);
    let left = Fact::one_of(all.iter().copied().filter(left));
    if left == Fact::Unknown { management } else { left }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_columns_narrow_each_other_and_a_single_mode_outweighs_a_set() {
        let agent = of_agent(Agent::CloudDpc, Fact::Known(Platform::Android));
        let user = of_enrollment(Enrollment::AnyPlatform, Fact::Known(Platform::Android));
        assert_eq!(both(agent, user), Fact::Known(M::PersonalWorkProfile));
        assert_eq!(both(agent, Fact::Known(M::AospUserless)), Fact::Known(M::AospUserless));
        let aosp = of_agent(Agent::Aosp, Fact::Known(Platform::Android));
        assert_eq!(both(agent, aosp), Fact::Unknown);
    }

    #[test]
    fn ownership_and_supervision_narrow_and_never_contradict() {
        let device = |platform, management, ownership, supervised| {
            narrowed(Facts {
                platform: Fact::Known(platform),
                management,
                ownership: Fact::Known(ownership),
                supervised: Fact::Known(supervised),
                ..Facts::default()
            })
            .management
        };
        let profile = Fact::one_of([M::PersonalWorkProfile, M::CorporateWorkProfile]);
        let android = |owner| device(Platform::Android, profile, owner, false);
        assert_eq!(android(Ownership::Personal), Fact::Known(M::PersonalWorkProfile));
        assert_eq!(android(Ownership::Corporate), profile);
        let dedicated = Fact::Known(M::Dedicated);
        assert_eq!(device(Platform::Android, dedicated, Ownership::Personal, false), dedicated);
        let ipad = |management| device(Platform::Ipados, management, Ownership::Corporate, true);
        let supervised = Fact::one_of([M::DeviceEnrollment, M::SharedIpad, M::Mdm]);
        assert_eq!(ipad(Fact::Unknown), supervised);
        assert_eq!(ipad(Fact::Known(M::UserEnrollment)), Fact::Known(M::UserEnrollment));
        let iphone = device(Platform::Ios, Fact::Unknown, Ownership::Corporate, false);
        assert_eq!(iphone, Fact::Unknown);
    }
}
