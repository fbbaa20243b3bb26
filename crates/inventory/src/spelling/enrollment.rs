//! `EnrollmentType` (`deviceEnrollmentType`): how the device was enrolled, by name or by number.
//!
//! Source:
//! <https://learn.microsoft.com/en-us/graph/api/resources/intune-shared-deviceenrollmenttype> (v1.0
//! and beta; 14 to 25 are in beta only). The portal's export has the column only when it was asked
//! for.

use eligibility::facts::Management;

use super::{Lexicon, spelling};

/// The meaning of an enrolment type.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Enrollment {
    /// By its user or by a device enrolment manager, on any platform. On Apple systems it is a
    /// device enrolment, because User Enrollment has types of its own.
    AnyPlatform,
    /// Apple device enrolment; the user types something, so it is no Shared iPad.
    AppleWithUser,
    /// Apple device enrolment without a user, which may be a Shared iPad.
    AppleWithoutUser,
    /// Apple User Enrollment: types 11, 12 and 25.
    AppleUser,
    /// Windows, one of many ways.
    Windows,
    /// One of Android's modes.
    Android(Management),
}

use Enrollment as E;
use Management as M;

pub(crate) const ENROLLMENT: Lexicon<Option<Enrollment>> = Lexicon {
    expected: "a member of `deviceEnrollmentType`, by name or number, or blank",
    spellings: &[
        spelling("unknown", None),
        spelling("0", None),
        spelling("userEnrollment", Some(E::AnyPlatform)),
        spelling("1", Some(E::AnyPlatform)),
        spelling("deviceEnrollmentManager", Some(E::AnyPlatform)),
        spelling("2", Some(E::AnyPlatform)),
        spelling("appleBulkWithUser", Some(E::AppleWithUser)),
        spelling("3", Some(E::AppleWithUser)),
        spelling("appleBulkWithoutUser", Some(E::AppleWithoutUser)),
        spelling("4", Some(E::AppleWithoutUser)),
        spelling("windowsAzureADJoin", Some(E::Windows)),
        spelling("5", Some(E::Windows)),
        spelling("windowsBulkUserless", Some(E::Windows)),
        spelling("6", Some(E::Windows)),
        spelling("windowsAutoEnrollment", Some(E::Windows)),
        spelling("7", Some(E::Windows)),
        spelling("windowsBulkAzureDomainJoin", Some(E::Windows)),
        spelling("8", Some(E::Windows)),
        spelling("windowsCoManagement", Some(E::Windows)),
        spelling("9", Some(E::Windows)),
        spelling("windowsAzureADJoinUsingDeviceAuth", Some(E::Windows)),
        spelling("10", Some(E::Windows)),
        spelling("appleUserEnrollment", Some(E::AppleUser)),
        spelling("11", Some(E::AppleUser)),
        spelling("appleUserEnrollmentWithServiceAccount", Some(E::AppleUser)),
        spelling("12", Some(E::AppleUser)),
        spelling("azureAdJoinUsingAzureVmExtension", Some(E::Windows)),
        spelling("14", Some(E::Windows)),
        spelling("androidEnterpriseDedicatedDevice", Some(E::Android(M::Dedicated))),
        spelling("15", Some(E::Android(M::Dedicated))),
        spelling("androidEnterpriseFullyManaged", Some(E::Android(M::FullyManaged))),
        spelling("16", Some(E::Android(M::FullyManaged))),
        spelling(
            "androidEnterpriseCorporateWorkProfile",
            Some(E::Android(M::CorporateWorkProfile)),
        ),
        spelling("17", Some(E::Android(M::CorporateWorkProfile))),
        spelling("androidAOSPUserOwnedDeviceEnrollment", Some(E::Android(M::AospUserAssociated))),
        spelling("18", Some(E::Android(M::AospUserAssociated))),
        spelling("androidAOSPUserlessDeviceEnrollment", Some(E::Android(M::AospUserless))),
        spelling("19", Some(E::Android(M::AospUserless))),
        spelling("appleACMEBasicBYOD", Some(E::AppleWithUser)),
        spelling("20", Some(E::AppleWithUser)),
        spelling("appleACMEDEPUserless", Some(E::AppleWithoutUser)),
        spelling("21", Some(E::AppleWithoutUser)),
        spelling("appleACMEDEPUDACompanyPortal", Some(E::AppleWithUser)),
        spelling("22", Some(E::AppleWithUser)),
        spelling("appleACMEDEPUDASetupAsstLegacy", Some(E::AppleWithUser)),
        spelling("23", Some(E::AppleWithUser)),
        spelling("appleACMEDEPUDAModernAuth", Some(E::AppleWithUser)),
        spelling("24", Some(E::AppleWithUser)),
        spelling("appleAccountDrivenUserEnrollment", Some(E::AppleUser)),
        spelling("25", Some(E::AppleUser)),
        // The sentinel of v1.0: a member that the client has not asked for.
        spelling("unknownFutureValue", None),
        spelling("26", None),
    ],
};
