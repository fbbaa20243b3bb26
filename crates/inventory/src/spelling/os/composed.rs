//! Names of operating systems with more behind them: versions, editions, distributions of Linux and
//! modes of Android.
//!
//! Every word must be known, so that a word that says something else is never lost: `Windows 11
//! Enterprise` is Windows, and `Windows 11 Mobile` is not understood.
//!
//! Sources: the editions are those of <https://learn.microsoft.com/en-us/windows/release-health/>
//! and of the pages it links to; the distributions are the names in the `os-release` files of
//! <https://github.com/which-distro/os-release>; the names of macOS are those of
//! <https://support.apple.com/en-us/109033>; the modes of Android are the names of
//! <https://learn.microsoft.com/en-us/intune/intune-service/fundamentals/deployment-guide-enrollment-android>
//! and what people make of them.

use eligibility::facts::{Management, Platform};

use super::super::{Folded, Spelling, find, spelling};
use super::{AOSP, CORPORATE, Enrolled, M, OS, On, Os, P, WORK_PROFILE};

/// The longest text that is taken apart, in bytes.
const LONGEST: usize = 128;

/// Makers whose name may come before that of a system.
const MAKERS: [&str; 3] = ["Microsoft", "Apple", "Google"];

/// Distributions of Linux.
const DISTRIBUTIONS: &[Spelling<()>] = &[
    spelling("Ubuntu", ()),
    spelling("Debian", ()),
    spelling("Red Hat", ()),
    spelling("Red Hat Enterprise Linux", ()),
    spelling("RHEL", ()),
    spelling("Fedora", ()),
    spelling("CentOS", ()),
    spelling("Rocky", ()),
    spelling("Alma", ()),
    spelling("AlmaLinux", ()),
    spelling("Oracle Linux", ()),
    spelling("Amazon Linux", ()),
    spelling("SUSE", ()),
    spelling("SLES", ()),
    spelling("SLED", ()),
    spelling("openSUSE", ()),
    spelling("Mint", ()),
    spelling("Arch Linux", ()),
    spelling("Manjaro", ()),
    spelling("Kali", ()),
    spelling("Gentoo", ()),
    spelling("NixOS", ()),
    spelling("Alpine Linux", ()),
    spelling("elementary OS", ()),
    spelling("Pop!_OS", ()),
    spelling("Zorin OS", ()),
    spelling("Raspbian", ()),
    spelling("Raspberry Pi OS", ()),
];

/// Names of macOS behind its own.
const MACOS_RELEASES: &[Spelling<()>] = &[
    spelling("Yosemite", ()),
    spelling("El Capitan", ()),
    spelling("Sierra", ()),
    spelling("High Sierra", ()),
    spelling("Mojave", ()),
    spelling("Catalina", ()),
    spelling("Big Sur", ()),
    spelling("Monterey", ()),
    spelling("Ventura", ()),
    spelling("Sonoma", ()),
    spelling("Sequoia", ()),
    spelling("Tahoe", ()),
];

/// Modes of Android behind its name.
const MODES: &[Spelling<&[Management]>] = &[
    // Whose device it is stays open.
    spelling("work profile", WORK_PROFILE),
    spelling("personally-owned work profile", &[M::PersonalWorkProfile]),
    spelling("personally-owned devices with work profile", &[M::PersonalWorkProfile]),
    spelling("personal work profile", &[M::PersonalWorkProfile]),
    spelling("BYOD work profile", &[M::PersonalWorkProfile]),
    spelling("corporate-owned work profile", &[M::CorporateWorkProfile]),
    spelling("corporate-owned devices with work profile", &[M::CorporateWorkProfile]),
    spelling("corporate-owned with work profile", &[M::CorporateWorkProfile]),
    spelling("COPE", &[M::CorporateWorkProfile]),
    spelling("fully managed", &[M::FullyManaged]),
    spelling("corporate-owned fully managed", &[M::FullyManaged]),
    spelling("corporate-owned, fully managed user devices", &[M::FullyManaged]),
    spelling("COBO", &[M::FullyManaged]),
    spelling("dedicated", &[M::Dedicated]),
    spelling("corporate-owned dedicated", &[M::Dedicated]),
    spelling("COSU", &[M::Dedicated]),
    spelling("device administrator", &[M::DeviceAdministrator]),
    spelling("device admin", &[M::DeviceAdministrator]),
];

/// Modes of AOSP, behind its name only: a dedicated device has no user either.
const AOSP_MODES: &[Spelling<&[Management]>] = &[
    spelling("user-associated", &[M::AospUserAssociated]),
    spelling("user-affiliated", &[M::AospUserAssociated]),
    spelling("user-based", &[M::AospUserAssociated]),
    spelling("userless", &[M::AospUserless]),
];

/// Returns the words that say nothing more about a device of a platform.
fn editions(platform: Platform) -> &'static [&'static str] {
    match platform {
        P::Windows | P::WindowsPhone => &[
            "home",
            "pro",
            "professional",
            "enterprise",
            "education",
            "business",
            "workstations",
            "core",
            "single",
            "language",
            "server",
            "standard",
            "datacenter",
            "essentials",
            "iot",
            "team",
            "multi",
            "session",
            "ltsc",
            "ltsb",
            "evaluation",
            "insider",
            "preview",
            "edition",
            "version",
            "release",
            "update",
            "s",
            "se",
            "n",
            "for",
            "x64",
            "bit",
        ],
        P::Linux => &[
            "gnu",
            "linux",
            "enterprise",
            "server",
            "desktop",
            "workstation",
            "leap",
            "tumbleweed",
            "stream",
            "lts",
            "release",
            "edition",
            "version",
            "os",
        ],
        P::Android => &["device", "devices", "version"],
        _ => &["version", "build"],
    }
}

/// Reads a text that begins with the name of a system, perhaps behind that of its maker.
pub(super) fn read(text: &str) -> Option<Os> {
    if text.len() > LONGEST {
        return None;
    }
    let bare = MAKERS.iter().find_map(|maker| {
        let (start, rest) = text.split_at_checked(maker.len())?;
        start.eq_ignore_ascii_case(maker).then_some(rest)
    });
    let of_maker = || bare.and_then(|text| OS.value(text).or_else(|| composed(text)));
    composed(text).or_else(of_maker).or_else(|| with_code_name(text))
}

/// Reads a distribution of Linux with the name of its version in parentheses at the end:
/// `Debian GNU/Linux 12 (bookworm)`.
fn with_code_name(text: &str) -> Option<Os> {
    let (system, code_name) = text.strip_suffix(')')?.split_once('(')?;
    let versioned = words(system).any(is_version);
    let another =
        composed(code_name).is_some() || words(code_name).any(|word| name(word).is_some());
    composed(system).filter(|os| *os == On(P::Linux) && versioned && !another)
}

/// Returns the words, which spaces and punctuation separate but for dots; a number may follow a name
/// without a space.
fn words(text: &str) -> impl Iterator<Item = &str> {
    let apart = |letter: char| letter == ' ' || letter.is_ascii_punctuation() && letter != '.';
    let whole = text.split(apart);
    whole.filter(|word| !word.is_empty()).flat_map(|word| {
        let name = word.find(|letter: char| !letter.is_alphabetic()).unwrap_or(word.len());
        let at = if name > 1 && is_version(&word[name..]) { name } else { word.len() };
        let (name, number) = word.split_at(at);
        [name, number].into_iter().filter(|part| !part.is_empty())
    })
}

/// Returns true for `17.5`, for a half-year such as `23H2`, and for Apple's builds such as `21F90`.
fn is_version(word: &str) -> bool {
    let after_digits = |text| str::trim_start_matches(text, |letter: char| letter.is_ascii_digit());
    let numbers = word.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.');
    let rest = after_digits(word);
    let build = rest.strip_prefix(|letter: char| letter.is_ascii_uppercase());
    let is_build = build.is_some_and(|build| {
        let last = after_digits(build).as_bytes();
        last.len() < build.len() && matches!(last, [] | [b'a'..=b'z'])
    });
    rest.len() < word.len() && (numbers || is_build)
}

fn composed(text: &str) -> Option<Os> {
    let words: Vec<&str> = words(text).collect();
    let (mut os, taken) = longest(&words, name)?;
    let mut rest = &words[taken..];
    // A brand, if one of its modes is named behind it.
    let mut brand = os == Enrolled(P::Android, CORPORATE);
    while let [word, others @ ..] = rest {
        if let Some((mode, taken)) = longest(rest, |text| mode(os, text)) {
            os = if brand { mode } else { narrowed(os, mode)? };
            brand = false;
            rest = &rest[taken..];
        } else if is_version(word) || is_quiet(os, word) {
            rest = others;
        } else if let ["and" | "or", "later" | "newer" | "higher" | "above", others @ ..] = rest {
            rest = others;
        } else {
            let (also, taken) = longest(rest, |text| name(text).or_else(|| release(os, text)))?;
            os = narrowed(os, also)?;
            rest = &rest[taken..];
        }
    }
    Some(os)
}

/// Reads as many of the first words as possible, and gives how many.
fn longest(words: &[&str], read: impl Fn(&str) -> Option<Os>) -> Option<(Os, usize)> {
    (1..=words.len()).rev().find_map(|count| Some((read(&words[..count].concat())?, count)))
}

fn name(text: &str) -> Option<Os> {
    let distribution = || find(DISTRIBUTIONS, Folded::of(text)?).map(|()| On(P::Linux));
    OS.value(text).or_else(distribution)
}

fn release(os: Os, text: &str) -> Option<Os> {
    find(MACOS_RELEASES, Folded::of(text)?).map(|()| os).filter(|os| *os == On(P::Macos))
}

/// Returns the mode that a text names behind the name of a system.
fn mode(os: Os, text: &str) -> Option<Os> {
    let modes = match os {
        Enrolled(P::Android, modes) if modes.iter().all(|mode| AOSP.contains(mode)) => AOSP_MODES,
        On(P::Android) | Enrolled(P::Android, _) => MODES,
        _ => return None,
    };
    find(modes, Folded::of(text)?).map(|modes| Enrolled(P::Android, modes))
}

/// Returns what two names say together, if they can both be right.
fn narrowed(os: Os, also: Os) -> Option<Os> {
    match (os, also) {
        (Enrolled(_, modes), Enrolled(_, others)) => {
            others.iter().all(|mode| modes.contains(mode)).then_some(also)
        }
        _ => os.and(also),
    }
}

fn is_quiet(os: Os, word: &str) -> bool {
    let platform = match os {
        On(platform) | Enrolled(platform, _) => platform,
        Os::IosOrIpados => P::Ios,
    };
    editions(platform).iter().any(|edition| edition.eq_ignore_ascii_case(word))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_edition_says_nothing_of_the_platform_that_has_it() {
        assert!(is_quiet(On(P::Windows), "Pro") && is_quiet(On(P::Windows), "enterprise"));
        assert!(!is_quiet(On(P::Windows), "mobile") && !is_quiet(On(P::Macos), "Pro"));
    }

    #[test]
    fn a_version_is_a_number_or_a_build_with_one_letter_and_digits_behind_it() {
        for version in ["14", "14.1.2", "22H2", "22A100", "22A100b", "1X1"] {
            assert!(is_version(version), "{version}");
        }
        for other in ["", ".", "H2", "22H", "22h2", "22H2B", "22H2bc", "22H2.1", "x"] {
            assert!(!is_version(other), "{other}");
        }
    }

    #[test]
    fn a_text_that_says_something_else_is_not_understood() {
        for text in [
            "Windows 11 Mobile",
            "Windows 11x",
            "Windows Ten",
            "Windows 10 or macOS",
            "Windows Subsystem for Linux",
            "iOS Sonoma",
            "iOS Enterprise",
            "Android 14 (userless)",
            "Android For Work (dedicated)",
            "Android (device administrator) dedicated",
            "Android (dedicated) (fully managed)",
            "Android Enterprise (AOSP)",
            "AOSP (dedicated)",
            "Android (rooted)",
            "Ubuntu 22.04 (Android)",
            "Ubuntu 22.04 (Chrome OS)",
            "Ubuntu (bookworm)",
            "Win\0dows 11",
            "Windows€ 11",
            "Enterprise",
            "17.5",
            "Microsoft",
            "Microsoft Intune",
        ] {
            assert_eq!(read(text), None, "{text}");
        }
        assert_eq!(read(&format!("Windows{}", " 10".repeat(50))), None);
    }
}
