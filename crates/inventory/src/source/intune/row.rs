//! From the cells of a row of Intune to the facts of a device.

use eligibility::facts::{Fact, FactName, Facts, Management, Platform, UnlockToken};

use super::header::{Column, HEADERS, Header, column};
use super::management::{both, narrowed, of_agent, of_enrollment};
use crate::columns::Layout;
use crate::problems::shown;
use crate::reader::records::Record;
use crate::row::{Problem, cell, text};
use crate::source::tidy::{agreed, fact};
use crate::spelling::agent::{self, AGENTS, Agent};
use crate::spelling::enrollment::{ENROLLMENT, Enrollment};
use crate::spelling::join;
use crate::spelling::os::{self, DEVICE_TYPE, Os};
use crate::spelling::ownership::{self, OWNER_TYPE};
use crate::spelling::state::{DEVICE_STATE, MANAGEMENT_STATE};
use crate::spelling::truth::TRUTH;
use crate::spelling::{Lexicon, plain, unfloated, version};

/// Returns the facts of a row, with those that columns say that were added to it.
pub(super) fn read(
    layout: &Layout,
    record: &Record,
    odd: &mut Vec<usize>,
) -> Result<Facts, Problem> {
    Portal { layout, record, odd }.facts()
}

/// A row of an Intune export.
struct Portal<'r> {
    layout: &'r Layout,
    record: &'r Record,
    odd: &'r mut Vec<usize>,
}

impl Portal<'_> {
    fn facts(mut self) -> Result<Facts, Problem> {
        let (platform, management) = self.platform_and_management()?;
        let mut facts = Facts {
            platform,
            management,
            os_version: self.understood(Column::OsVersion, version::read),
            ownership: self.coded(Column::Ownership, ownership::read, &OWNER_TYPE, same)?,
            supervised: self.lexicon(Column::Supervised, &TRUTH),
            encrypted: self.lexicon(Column::Encrypted, &TRUTH),
            unlock_token: self
                .lexicon(Column::UnlockToken, &TRUTH)
                .known()
                .map(unlock_token)
                .into(),
            management_state: flat(self.coded(
                Column::DeviceState,
                |text| DEVICE_STATE.read(text),
                &MANAGEMENT_STATE,
                same,
            )?),
            azure_ad_joined: self.understood(Column::JoinType, join::read),
            ..Facts::default()
        };
        self.add_said(&mut facts)?;
        Ok(narrowed(facts))
    }

    /// Adds what columns say that are named after facts. They must not contradict the others.
    fn add_said(&mut self, facts: &mut Facts) -> Result<(), Problem> {
        let mut last = None;
        for name in FactName::ALL.iter().copied() {
            let Some(position) = self.layout.fact(name) else { continue };
            let Some(said) = fact(name, &text(self.record.cell(position))) else {
                self.odd.push(position);
                continue;
            };
            if said == Fact::Unknown {
                continue;
            }
            let own = facts.get(name);
            let Some(both) = agreed(name, own, said) else {
                let own = name.fact_text(own).unwrap_or_default();
                let expected = format!("a value that fits `{own}`, which another column says");
                return Err(Problem::of_cell(position, self.record.cell(position), expected));
            };
            facts.set(name, both);
            if matches!(name, FactName::Platform | FactName::Management) {
                last = Some(position);
            }
        }
        match last {
            Some(position) if !facts.possible() => {
                let expected = "a management mode and a platform that exist together";
                Err(Problem::of_cell(position, self.record.cell(position), expected))
            }
            _ => Ok(()),
        }
    }

    fn lexicon<T: Copy>(&mut self, column: Column, lexicon: &Lexicon<T>) -> Fact<T> {
        self.understood(column, |text| lexicon.read(unfloated(text)))
    }

    /// Returns what a column says in words, in numbers, or once in each, which must not contradict
    /// each other.
    fn coded<T: Copy>(
        &mut self,
        column: Column,
        words: impl Fn(&str) -> Option<Fact<T>>,
        numbers: &Lexicon<Option<T>>,
        and: impl Fn(T, T) -> Option<T>,
    ) -> Result<Fact<T>, Problem> {
        let either = |text: &str| {
            let number = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
            if number { numbers.read(text).map(flat) } else { words(text) }
        };
        let said = if self.layout.is_coded(column) {
            self.understood(column, either)
        } else {
            self.understood(column, &words)
        };
        let Some(twin) = self.layout.twin(column) else { return Ok(said) };
        match (said, self.understood_at(twin, either)) {
            (Fact::Known(said), Fact::Known(also)) => and(said, also)
                .map(Fact::Known)
                .ok_or_else(|| self.twin_contradiction(column, twin)),
            (said, also) => Ok(if said.is_known() { said } else { also }),
        }
    }

    fn twin_contradiction(&self, column: Column, twin: usize) -> Problem {
        let said = shown(cell(self.layout, self.record, column));
        let expected = format!("a value that fits `{said}`, which another column says");
        Problem::of_cell(twin, self.record.cell(twin), expected)
    }

    fn understood<T>(
        &mut self,
        column: Column,
        read: impl FnOnce(&str) -> Option<Fact<T>>,
    ) -> Fact<T> {
        let position = self.layout.column(column);
        position.map_or(Fact::Unknown, |position| self.understood_at(position, read))
    }

    fn understood_at<T>(
        &mut self,
        position: usize,
        read: impl FnOnce(&str) -> Option<Fact<T>>,
    ) -> Fact<T> {
        read(&plain(&text(self.record.cell(position)))).unwrap_or_else(|| {
            self.odd.push(position);
            Fact::Unknown
        })
    }

    /// Returns what `OS`, `Model`, `Managed by`, `EnrollmentType` and `IsDeleted` say together.
    fn platform_and_management(&mut self) -> Result<(Fact<Platform>, Fact<Management>), Problem> {
        let os = self.coded(Column::Os, os::read, &DEVICE_TYPE, Os::and)?;
        // Looked at only where it is not understood, which is rare.
        if !os.is_known() && column(&text(cell(self.layout, self.record, Column::Os))).is_some() {
            return Err(self.header_again());
        }
        let agent = self.coded(Column::ManagedBy, agent::read, &AGENTS, Agent::and)?;
        let enrollment = flat(self.lexicon(Column::EnrollmentType, &ENROLLMENT));
        let ipad = self.is_ipad();
        let platform = match os {
            Fact::Known(Os::On(platform) | Os::Enrolled(platform, _)) => Fact::Known(platform),
            Fact::Known(Os::IosOrIpados) if ipad => Fact::Known(Platform::Ipados),
            Fact::Known(Os::IosOrIpados) => Fact::Known(Platform::Ios),
            _ => enrollment.known().and_then(platform_of).into(),
        };
        let named = match os {
            Fact::Known(Os::Enrolled(_, modes)) => Fact::one_of(modes.iter().copied()),
            _ => Fact::Unknown,
        };
        let named = self.refined(platform, named, enrollment)?;
        if self.lexicon(Column::Deleted, &TRUTH) == Fact::Known(true) {
            // The other columns describe the state before the deletion.
            return Ok((platform, Fact::Known(Management::NotManaged)));
        }
        let management = match (named, agent) {
            // A PC that Configuration Manager alone manages may still carry its enrolment type.
            (Fact::Known(mode), Fact::Known(Agent::Other)) if mode != Management::Mdm => {
                return Err(self.contradiction(Column::ManagedBy, mode));
            }
            (_, Fact::Known(Agent::Other)) => Fact::Known(Management::NotManaged),
            (named, Fact::Known(agent)) => both(named, of_agent(agent, platform)),
            (named, _) => named,
        };
        Ok((platform, management))
    }

    /// Returns why a header among the rows is rejected: that of this file, or one with other columns.
    fn header_again(&self) -> Problem {
        let stands = |header: &Header| {
            self.layout.column(header.column).is_none_or(|position| {
                let found = column(&text(self.record.cell(position)));
                found.is_some_and(|(column, _)| column == header.column)
            })
        };
        if HEADERS.iter().all(stands) { Problem::header_again() } else { Problem::other_header() }
    }

    /// Returns true if the model is that of an iPad, such as "iPad Air 11-inch (M3)" in exports and
    /// their imitations; no documented rule separates iPhones from iPads in the OS column. Anything
    /// else counts as iOS, because an unknown platform would cost the answer where both get the
    /// same one.
    fn is_ipad(&self) -> bool {
        is_ipad(cell(self.layout, self.record, Column::Model))
    }

    /// Returns the mode of the OS name, refined by the enrolment type, which must not contradict
    /// it.
    fn refined(
        &self,
        platform: Fact<Platform>,
        named: Fact<Management>,
        enrollment: Fact<Enrollment>,
    ) -> Result<Fact<Management>, Problem> {
        let Fact::Known(enrollment) = enrollment else { return Ok(named) };
        let mode = of_enrollment(enrollment, platform);
        if let (Fact::Known(named), Fact::Known(mode)) = (named, mode)
            && named != mode
        {
            return Err(self.contradiction(Column::EnrollmentType, named));
        }
        if let Fact::Known(platform) = platform
            && !fits(enrollment, platform)
        {
            return Err(self.contradiction(Column::EnrollmentType, platform));
        }
        Ok(both(named, mode))
    }

    /// Returns a cell that contradicts the column `OS`.
    fn contradiction(&self, column: Column, said: impl std::fmt::Display) -> Problem {
        let expected = format!("a value that fits `{said}`, which other columns say");
        match self.layout.column(column) {
            Some(position) => Problem::of_cell(position, self.record.cell(position), expected),
            None => Problem::of_row("a contradiction".into(), expected),
        }
    }
}

/// Returns true if a model is that of an iPad; nothing else is asked of a model.
pub(crate) fn is_ipad(model: &[u8]) -> bool {
    plain(&text(model)).get(..4).is_some_and(|start| start.eq_ignore_ascii_case("ipad"))
}

/// Returns what `HasUnlockToken` of the report `Devices` says. Microsoft's sample
/// `ManagedDevices/ManagedDevices_iOS_PasscodeReset_Export.ps1` of
/// <https://github.com/microsoftgraph/powershell-intune-samples> uses the column. A customer found
/// that it seldom predicts success (issue 285 there): a held token may be stale, which it cannot
/// say.
fn unlock_token(held: bool) -> UnlockToken {
    if held { UnlockToken::Held } else { UnlockToken::Missing }
}

/// Returns what two columns say together that must say the same.
fn same<T: Copy + PartialEq>(one: T, other: T) -> Option<T> {
    (one == other).then_some(one)
}

/// Flattens an unknown in an unknown.
fn flat<T>(fact: Fact<Option<T>>) -> Fact<T> {
    fact.known().flatten().into()
}

/// Returns the platform of an enrolment type that exists on one only.
fn platform_of(enrollment: Enrollment) -> Option<Platform> {
    match enrollment {
        Enrollment::Windows => Some(Platform::Windows),
        Enrollment::Android(_) => Some(Platform::Android),
        Enrollment::AnyPlatform
        | Enrollment::AppleWithUser
        | Enrollment::AppleWithoutUser
        | Enrollment::AppleUser => None,
    }
}

/// Returns true if a device of the platform can be enrolled so.
fn fits(enrollment: Enrollment, platform: Platform) -> bool {
    match enrollment {
        Enrollment::AnyPlatform => true,
        Enrollment::Windows => matches!(platform, Platform::Windows | Platform::WindowsPhone),
        Enrollment::Android(_) => platform == Platform::Android,
        Enrollment::AppleWithUser | Enrollment::AppleWithoutUser => {
            Management::DeviceEnrollment.exists_on(platform)
        }
        Enrollment::AppleUser => Management::UserEnrollment.exists_on(platform),
    }
}

#[cfg(test)]
mod tests {
    use crate::columns::Purpose;
    use crate::reader::tests::assert_rows;

    /// Headers, rows under each, and what those say.
    const ROWS: &[(&str, &[(&str, &str)])] = &[
        (
            "OS,Managed by",
            &[
                ("iOS,Intune", "platform=ios"),
                ("Android,EAS", "platform=android management=not-managed"),
                ("Windows,Configuration Manager", "platform=windows management=not-managed"),
                ("macOS,MDM", "platform=macos"),
                (
                    "Android (dedicated),EAS",
                    "column `Managed by`: found `EAS`, expected a value that fits `dedicated`, which other columns say",
                ),
                (
                    "AOSP,intuneAosp",
                    "platform=android management=aosp-user-associated|aosp-userless",
                ),
                ("Windows,intuneAosp", "platform=windows management=mdm"),
                (
                    "Android,googleCloudDevicePolicyController",
                    "platform=android management=personal-work-profile|corporate-work-profile|fully-managed|dedicated",
                ),
                ("Linux,google", "platform=linux"),
                ("visionOS,x", "platform=visionos Managed by?x"),
                ("Amiga,Intune", "OS?Amiga"),
                (",Intune", ""),
                ("OS,Managed by", "found the header again, expected a device"),
                ("Operating System,Management agent", "found the header again, expected a device"),
                (
                    "Managed by,OS",
                    "found the header of another table, whose rows have other columns, expected a device; name the tables as files of their own",
                ),
            ],
        ),
        (
            "OS,Model",
            &[
                ("iOS/iPadOS,iPad Air", "platform=ipados"),
                ("iOS/iPadOS,iPhone 13", "platform=ios"),
                ("iOS,", "platform=ios"),
                ("iPadOS,iPhone", "platform=ipados"),
                ("iPhone,iPad", "platform=ios"),
                ("Android,iPad", "platform=android"),
                (",iPad", ""),
            ],
        ),
        (
            "OS,EnrollmentType",
            &[
                ("Android (dedicated),15", "platform=android management=dedicated"),
                (
                    "Android (dedicated),16",
                    "column `EnrollmentType`: found `16`, expected a value that fits `dedicated`, which other columns say",
                ),
                ("Android,15", "platform=android management=dedicated"),
                (
                    "iOS,windowsAutoEnrollment",
                    "column `EnrollmentType`: found `windowsAutoEnrollment`, expected a value that fits `ios`, which other columns say",
                ),
                (",windowsAutoEnrollment", "platform=windows management=mdm"),
                (",15", "platform=android management=dedicated"),
                (",11", "management=user-enrollment"),
                ("Windows,7", "platform=windows management=mdm"),
                ("Windows Phone,7", "platform=windows-phone management=mdm"),
                ("iOS,11", "platform=ios management=user-enrollment"),
                ("macOS,11", "platform=macos management=user-enrollment"),
                (
                    "Windows,11",
                    "column `EnrollmentType`: found `11`, expected a value that fits `windows`, which other columns say",
                ),
                ("iPadOS,4", "platform=ipados management=device-enrollment|shared-ipad"),
                ("iOS,4", "platform=ios management=device-enrollment"),
                ("iOS,3", "platform=ios management=device-enrollment"),
                (
                    "Windows,3",
                    "column `EnrollmentType`: found `3`, expected a value that fits `windows`, which other columns say",
                ),
                (
                    "Android,1",
                    "platform=android management=device-administrator|personal-work-profile|mdm",
                ),
                ("iOS,1", "platform=ios management=device-enrollment"),
                ("Windows,1", "platform=windows"),
                ("Linux,1", "platform=linux"),
                ("AndroidForWork,1", "platform=android management=personal-work-profile"),
                ("Windows,0", "platform=windows"),
                (
                    "Android (fully managed/dedicated/corporate-owned work profile),15",
                    "platform=android management=dedicated",
                ),
                ("Android,99", "platform=android EnrollmentType?99"),
            ],
        ),
        (
            "OS,EnrollmentType,Managed by,IsDeleted",
            &[
                ("Android,15,Intune,True", "platform=android management=not-managed"),
                ("Android (dedicated),,,1", "platform=android management=not-managed"),
                ("iOS,,Intune,False", "platform=ios"),
                ("Android,15,,", "platform=android management=dedicated"),
                ("Linux,,MDM,x", "platform=linux management=mdm IsDeleted?x"),
                (
                    "Linux,15,,True",
                    "column `EnrollmentType`: found `15`, expected a value that fits `linux`, which other columns say",
                ),
            ],
        ),
        (
            "OS,EnrollmentType,Managed by",
            &[
                ("Windows,7,Configuration Manager", "platform=windows management=not-managed"),
                (
                    "Android,15,EAS",
                    "column `Managed by`: found `EAS`, expected a value that fits `dedicated`, which other columns say",
                ),
            ],
        ),
        (
            "OS,Ownership,Supervised",
            &[
                (
                    "AndroidForWork,Personal,",
                    "platform=android management=personal-work-profile ownership=personal",
                ),
                (
                    "AndroidForWork,Corporate,",
                    "platform=android management=personal-work-profile|corporate-work-profile ownership=corporate",
                ),
                (
                    "Android (dedicated),Personal,",
                    "platform=android management=dedicated ownership=personal",
                ),
                (
                    "iPadOS,,True",
                    "platform=ipados management=device-enrollment|shared-ipad|mdm supervised=true",
                ),
                ("iOS,,Yes", "platform=ios management=device-enrollment|mdm supervised=true"),
                ("iOS,,0", "platform=ios supervised=false"),
                ("iOS,Mine,maybe", "platform=ios Ownership?Mine Supervised?maybe"),
            ],
        ),
        (
            "OS,Device state,JoinType,HasUnlockToken,Encrypted",
            &[
                (
                    "Windows,RetirePending,1,True,No",
                    "platform=windows encrypted=false unlock-token=held management-state=retire-pending azure-ad-joined=true",
                ),
                (
                    "Windows,Discovered,Domain joined,False,Yes",
                    "platform=windows encrypted=true unlock-token=missing",
                ),
                (
                    "Windows,Wiped,x,y,z",
                    "platform=windows unlock-token=held Device state?Wiped JoinType?x Encrypted?z",
                ),
                ("Windows,0,0,,", "platform=windows Device state?0"),
            ],
        ),
        (
            "OS,DeviceType,Ownership,OwnerType",
            &[
                ("iOS/iPadOS,9,Corporate,1", "platform=ipados ownership=corporate"),
                ("iOS/iPadOS,8,,2", "platform=ios ownership=personal"),
                (",11,,", "platform=android"),
                (
                    "Windows,8,,",
                    "column `DeviceType`: found `8`, expected a value that fits `Windows`, which another column says",
                ),
                (
                    "Windows,0,Corporate,2",
                    "column `OwnerType`: found `2`, expected a value that fits `Corporate`, which another column says",
                ),
                ("Android (dedicated),18,,", "platform=android management=dedicated"),
                (
                    "Android (dedicated),17,,",
                    "column `DeviceType`: found `17`, expected a value that fits `Android (dedicated)`, which another column says",
                ),
                ("AndroidForWork,18,,", "platform=android management=corporate-work-profile"),
                (
                    "Linux,x,Corporate,x",
                    "platform=linux ownership=corporate DeviceType?x OwnerType?x",
                ),
                ("Amiga,22,x,1", "platform=linux ownership=corporate OS?Amiga Ownership?x"),
            ],
        ),
        (
            "DeviceType,OwnerType,ManagementAgents,ManagementState",
            &[
                ("9,2,2,0", "platform=ipados ownership=personal management-state=managed"),
                (
                    "11,1,64,5",
                    "platform=android management=personal-work-profile|corporate-work-profile|fully-managed|dedicated ownership=corporate management-state=unhealthy",
                ),
                (
                    "Windows,Corporate,EAS,Managed",
                    "platform=windows management=not-managed ownership=corporate management-state=managed",
                ),
                ("255,0,16,12", ""),
                ("8x,9,3x,77", "DeviceType?8x OwnerType?9 ManagementAgents?3x ManagementState?77"),
                ("0,1,1,11", "platform=windows management=not-managed ownership=corporate"),
            ],
        ),
        (
            "OS,OS version,platform,management,ownership,reset-token",
            &[
                ("iOS,17,ipados,,,active", "platform=ipados os-version=17.0 reset-token=active"),
                (
                    "iOS,17,ios,user-enrollment,personal,lost",
                    "platform=ios management=user-enrollment os-version=17.0 ownership=personal reset-token=lost",
                ),
                (
                    "iOS,17,android,,,",
                    "column `platform`: found `android`, expected a value that fits `ios`, which another column says",
                ),
                (
                    "Android,14,,dedicated,,x",
                    "platform=android management=dedicated os-version=14.0 reset-token?x",
                ),
                (
                    "Android,14,,user-enrollment,,",
                    "column `management`: found `user-enrollment`, expected a management mode and a platform that exist together",
                ),
                (
                    ",14,android,dedicated|fully-managed,,active|pending",
                    "platform=android management=fully-managed|dedicated os-version=14.0 reset-token=pending|active",
                ),
                (
                    "Windows,10,windows,mdm,byod,",
                    "platform=windows management=mdm os-version=10.0 ownership=personal",
                ),
                (
                    "iPadOS,1,ios,,,",
                    "column `platform`: found `ios`, expected a value that fits `ipados`, which another column says",
                ),
            ],
        ),
        (
            "OS,Device state,management-state,os-version",
            &[
                ("iOS,Managed,managed,17", "platform=ios os-version=17.0 management-state=managed"),
                (
                    "iOS,Managed,wipe-pending,",
                    "column `management-state`: found `wipe-pending`, expected a value that fits `managed`, which another column says",
                ),
                (
                    "iOS,,retire-pending,x",
                    "platform=ios management-state=retire-pending os-version?x",
                ),
            ],
        ),
    ];

    #[test]
    fn columns_say_facts_together_or_contradict_each_other() {
        for (header, rows) in ROWS {
            assert_rows(Purpose::Inventory, header, rows);
        }
    }
}
