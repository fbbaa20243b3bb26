//! The `OS` column (`DeviceType`): operating system and, for Android, the management mode.
//!
//! Sources: the Android names are listed as filters of *All devices* in Microsoft's page of
//! features in development of 2021 and in the page on device clean-up rules
//! (`intune/fundamentals/...` of <https://github.com/MicrosoftDocs/memdocs>); exports write them
//! in title case, too. The other names are members of Graph's `deviceType`, which only beta has
//! (`models/device_type.go` of <https://github.com/microsoftgraph/msgraph-beta-sdk-go>; the numbers
//! up to 18, and 100 to 255, in `api-reference/beta/resources/intune-shared-devicetype.md` of
//! <https://github.com/microsoftgraph/microsoft-graph-docs>), or free texts of `operatingSystem`.

mod composed;

use eligibility::facts::{Fact, Management, Platform};

use super::{Folded, Lexicon, Spelling, find, spelling};

/// The meaning of an OS name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Os {
    /// A platform, and nothing about the enrolment.
    On(Platform),
    /// A platform and how it is enrolled, in one of these modes.
    Enrolled(Platform, &'static [Management]),
    /// iOS or iPadOS; the model decides.
    IosOrIpados,
}

use Management as M;
use Os::{Enrolled, IosOrIpados, On};
use Platform as P;

/// The modes of AOSP.
const AOSP: &[Management] = &[M::AospUserAssociated, M::AospUserless];

/// The modes of `AndroidForWork`. No sentence of Microsoft's says which modes have this name.
/// Google called its work profiles Android for Work, and published reports use the name for them,
/// apart from `AndroidEnterprise` with the corporate enrolment types: a search of public scripts
/// for `operatingSystem -eq 'AndroidForWork'` shows it, and the filters `deviceOSType -contains
/// "AndroidEnterprise"` and `-eq "AndroidForWork"` of
/// <https://learn.microsoft.com/en-us/entra/identity/users/groups-dynamic-membership> name both.
const WORK_PROFILE: &[Management] = &[M::PersonalWorkProfile, M::CorporateWorkProfile];

/// The modes of `AndroidEnterprise`, by the same published practice: scripts join
/// `deviceType eq 'androidEnterprise'` with the enrolment types of these three and no other.
const CORPORATE: &[Management] = &[M::CorporateWorkProfile, M::FullyManaged, M::Dedicated];

pub(crate) const OS: Lexicon<Os> = Lexicon {
    expected: "an operating system name such as `iOS/iPadOS`, `Android (dedicated)`, `Windows`",
    spellings: &[
        spelling("iOS/iPadOS", IosOrIpados),
        spelling("iOS and iPadOS", IosOrIpados),
        spelling("Windows", On(P::Windows)),
        spelling(
            "Android (personally-owned work profile)",
            Enrolled(P::Android, &[M::PersonalWorkProfile]),
        ),
        spelling(
            "Android (corporate-owned work profile)",
            Enrolled(P::Android, &[M::CorporateWorkProfile]),
        ),
        spelling("Android (fully managed)", Enrolled(P::Android, &[M::FullyManaged])),
        spelling("Android (dedicated)", Enrolled(P::Android, &[M::Dedicated])),
        spelling("Android (device administrator)", Enrolled(P::Android, &[M::DeviceAdministrator])),
        spelling("AOSP (user-based)", Enrolled(P::Android, &[M::AospUserAssociated])),
        spelling("AOSP (user-associated)", Enrolled(P::Android, &[M::AospUserAssociated])),
        spelling("AOSP (userless)", Enrolled(P::Android, &[M::AospUserless])),
        spelling("Android (AOSP user-associated)", Enrolled(P::Android, &[M::AospUserAssociated])),
        spelling("Android (AOSP userless)", Enrolled(P::Android, &[M::AospUserless])),
        // The clean-up rules count these in one bucket each.
        spelling("Android (AOSP)", Enrolled(P::Android, AOSP)),
        spelling("AOSP", Enrolled(P::Android, AOSP)),
        spelling("AndroidAOSP", Enrolled(P::Android, AOSP)),
        spelling("Android Open Source Project", Enrolled(P::Android, AOSP)),
        spelling(
            "Android (fully managed/dedicated/corporate-owned work profile)",
            Enrolled(P::Android, CORPORATE),
        ),
        spelling("Android", On(P::Android)),
        spelling("AndroidForWork", Enrolled(P::Android, WORK_PROFILE)),
        spelling("AndroidEnterprise", Enrolled(P::Android, CORPORATE)),
        spelling("AndroidnGMS", On(P::Android)),
        // Old exports call an iPad's system iOS, so the model decides there, too.
        spelling("iOS", IosOrIpados),
        spelling("iPadOS", On(P::Ipados)),
        spelling("iPhone", On(P::Ios)),
        spelling("iPod", On(P::Ios)),
        spelling("iPad", On(P::Ipados)),
        spelling("iPhone OS", On(P::Ios)),
        spelling("visionOS", On(P::Visionos)),
        spelling("Vision Pro", On(P::Visionos)),
        spelling("watchOS", On(P::Watchos)),
        spelling("Apple Watch", On(P::Watchos)),
        spelling("tvOS", On(P::Tvos)),
        spelling("Apple TV", On(P::Tvos)),
        spelling("macOS", On(P::Macos)),
        spelling("Mac", On(P::Macos)),
        spelling("macMDM", On(P::Macos)),
        spelling("Mac OS X", On(P::Macos)),
        spelling("OS X", On(P::Macos)),
        // The name of its kernel, as Go and osquery name the platform.
        spelling("Darwin", On(P::Macos)),
        spelling("Linux", On(P::Linux)),
        spelling("GNU/Linux", On(P::Linux)),
        spelling("ChromeOS", On(P::Chromeos)),
        spelling("Chrome OS", On(P::Chromeos)),
        spelling("ChromeOS Flex", On(P::Chromeos)),
        spelling("Chromebook", On(P::Chromeos)),
        spelling("Windows Holographic", On(P::Windows)),
        spelling("HoloLens", On(P::Windows)),
        spelling("Surface Hub", On(P::Windows)),
        spelling("Windows RT", On(P::Windows)),
        spelling("windows10x", On(P::Windows)),
        spelling("winEmbedded", On(P::Windows)),
        spelling("Windows Embedded", On(P::Windows)),
        spelling("Desktop", On(P::Windows)),
        spelling("Cloud PC", On(P::Windows)),
        spelling("Windows Phone", On(P::WindowsPhone)),
        spelling("winMO6", On(P::WindowsPhone)),
        spelling("Windows Phone 8.1", On(P::WindowsPhone)),
        spelling("Windows Mobile", On(P::WindowsPhone)),
        spelling("Windows 10 Mobile", On(P::WindowsPhone)),
    ],
};

/// Members of `deviceType` that are no platform of a policy.
const NO_PLATFORM: &[Spelling<()>] = &[
    spelling("nokia", ()),
    spelling("winCE", ()),
    spelling("iSocConsumer", ()),
    spelling("unix", ()),
    spelling("blackberry", ()),
    spelling("palm", ()),
];

/// Reads a trimmed cell: a text of the tables, or one that is composed of names that agree. A
/// version or an edition says nothing more; the version counts only in a version column.
pub(crate) fn read(text: &str) -> Option<Fact<Os>> {
    let known = OS.read(text);
    if known.is_some() {
        return known;
    }
    if Folded::of(text).is_some_and(|key| find(NO_PLATFORM, key).is_some()) {
        return Some(Fact::Unknown);
    }
    composed::read(text).map(Fact::Known)
}

/// The numbers of `DeviceType`, those of `deviceType`.
pub(crate) const DEVICE_TYPE: Lexicon<Option<Os>> = Lexicon {
    expected: "a name or number of `deviceType` such as `iPhone` or `8`, or blank",
    spellings: &[
        spelling("0", Some(On(P::Windows))),
        spelling("1", Some(On(P::Windows))),
        spelling("2", Some(On(P::WindowsPhone))),
        spelling("3", None),
        spelling("4", Some(On(P::WindowsPhone))),
        spelling("5", Some(On(P::Macos))),
        spelling("6", None),
        spelling("7", Some(On(P::Windows))),
        spelling("8", Some(On(P::Ios))),
        spelling("9", Some(On(P::Ipados))),
        spelling("10", Some(On(P::Ios))),
        spelling("11", Some(On(P::Android))),
        spelling("12", None),
        spelling("13", None),
        spelling("14", Some(On(P::Macos))),
        spelling("15", Some(On(P::Windows))),
        spelling("16", Some(On(P::Windows))),
        spelling("17", Some(Enrolled(P::Android, WORK_PROFILE))),
        spelling("18", Some(Enrolled(P::Android, CORPORATE))),
        spelling("19", Some(On(P::Windows))),
        spelling("20", Some(On(P::Android))),
        spelling("21", Some(On(P::Chromeos))),
        spelling("22", Some(On(P::Linux))),
        spelling("23", Some(On(P::Visionos))),
        spelling("24", Some(On(P::Tvos))),
        spelling("100", None),
        spelling("101", None),
        spelling("255", None),
        spelling("257", Some(On(P::Windows))),
    ],
};

/// Returns the modes that are in both of two sets; `None` if there are none.
fn both(one: &'static [Management], other: &'static [Management]) -> Option<&'static [Management]> {
    let is_in =
        |some: &[Management], all: &[Management]| some.iter().all(|mode| all.contains(mode));
    if is_in(one, other) {
        return Some(one);
    }
    if is_in(other, one) {
        return Some(other);
    }
    // Sets that overlap, neither of them within the other, have one mode in common.
    let common = one.iter().position(|mode| other.contains(mode))?;
    Some(&one[common..=common])
}

impl Os {
    /// Returns what two columns say together, if they can both be right.
    pub(crate) fn and(self, other: Self) -> Option<Self> {
        match (self, other) {
            (IosOrIpados, On(platform)) | (On(platform), IosOrIpados) => {
                matches!(platform, P::Ios | P::Ipados).then_some(On(platform))
            }
            (Enrolled(platform, _), On(also)) if platform == also => Some(self),
            (On(also), Enrolled(platform, _)) if platform == also => Some(other),
            (Enrolled(platform, one), Enrolled(also, another)) if platform == also => {
                // `DeviceType` counts in one number what the other column distinguishes.
                both(one, another).map(|modes| Enrolled(platform, modes))
            }
            (one, other) => (one == other).then_some(one),
        }
    }
}
