//! From the cells of a row of Intune to the facts of a device.

use eligibility::facts::{Fact, FactName, Facts, Management, Platform, UnlockToken};

use super::header::{Column, column};
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
use crate::spelling::{Lexicon, plain, version};

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
        self.understood(column, |text| lexicon.read(text))
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

    /// Returns what `OS`, `Model`, `Managed by` and `EnrollmentType` say together.
    fn platform_and_management(&mut self) -> Result<(Fact<Platform>, Fact<Management>), Problem> {
        let os = self.coded(Column::Os, os::read, &DEVICE_TYPE, Os::and)?;
        // Looked at only where it is not understood, which is rare.
        let header = || column(&text(cell(self.layout, self.record, Column::Os)));
        if !os.is_known() && header().is_some_and(|(column, _)| column == Column::Os) {
            return Err(Problem::header_again());
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

    /// Returns a cell that contradicts what `OS` said.
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
