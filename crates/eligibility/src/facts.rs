//! The facts of one device.
//!
//! [`Facts`] is a closed, typed set: each fact is [`Fact::Known`], [`Fact::OneOf`] a set of values,
//! or [`Fact::Unknown`]. A cell that an export leaves blank is unknown, never `false`.

use serde::ser::SerializeMap;
use serde::{Serialize, Serializer};

mod choice_set;
mod exclusion;
mod name;
mod os_version;
mod platform;
mod presumption;
mod state;
mod value;

pub use choice_set::ChoiceSet;
pub use exclusion::Exclusion;
pub use name::{FactName, FactSet, InvalidValue};
pub use os_version::{InvalidVersion, OsVersion};
pub use platform::{Management, Platform};
pub use presumption::presumed;
pub use state::{ManagementState, Ownership, ResetToken, UnlockToken};
pub use value::{Fact, FactValue, SEPARATOR, Value};

/// Declares [`Facts`] with its access by [`FactName`].
macro_rules! facts {
    ($( $(#[$doc:meta])* $field:ident: $type:ty = $name:ident ),+ $(,)?) => {
        /// Everything that is known of one device.
        ///
        /// ```
        /// use eligibility::facts::{Fact, Facts, Platform};
        ///
        /// let facts = Facts { platform: Fact::Known(Platform::Ios), ..Facts::default() };
        /// assert_eq!(facts.os_version, Fact::Unknown);
        /// ```
        #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
        pub struct Facts { $( $(#[$doc])* pub $field: Fact<$type> ),+ }

        impl Facts {
            /// Returns the fact with a name, without its type.
            pub fn get(&self, name: FactName) -> Fact<Value> {
                match name { $( FactName::$name => self.$field.to_values() ),+ }
            }

            /// Replaces the fact with a name; a value of another fact makes it unknown.
            pub fn set(&mut self, name: FactName, value: Fact<Value>) {
                match name {
                    $( FactName::$name => {
                        self.$field = Fact::from_values(value);
                    } ),+
                }
            }
        }

        /// A map of the facts that are not unknown; a fact that is one of a set is a list.
        impl Serialize for Facts {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                let mut map = serializer.serialize_map(None)?;
                $( if self.$field != Fact::Unknown {
                    map.serialize_entry(FactName::$name.as_str(), &self.$field)?;
                } )+
                map.end()
            }
        }

        impl FactName {
            /// Returns the words that the fact takes; empty for `os-version`.
            pub const fn choices(self) -> &'static [&'static str] {
                match self { $( Self::$name => <$type as FactValue>::CHOICES ),+ }
            }

            /// Returns the name of one value of this fact in messages.
            const fn what(self) -> &'static str {
                match self { $( Self::$name => <$type as FactValue>::WHAT ),+ }
            }
        }
    };
}

facts! {
    /// The operating system family.
    platform: Platform = Platform,
    /// The management mode.
    management: Management = Management,
    /// The operating system version.
    os_version: OsVersion = OsVersion,
    /// The ownership.
    ownership: Ownership = Ownership,
    /// Apple: it is supervised.
    supervised: bool = Supervised,
    /// Its storage is encrypted.
    encrypted: bool = Encrypted,
    /// A configuration policy demands a passcode.
    passcode_required: bool = PasscodeRequired,
    /// The user has set a passcode.
    passcode_set: bool = PasscodeSet,
    /// Android: the reset password token.
    reset_token: ResetToken = ResetToken,
    /// Apple: the UnlockToken that the server holds.
    unlock_token: UnlockToken = UnlockToken,
    /// The management state.
    management_state: ManagementState = ManagementState,
    /// Windows: it is joined to Azure AD.
    azure_ad_joined: bool = AzureAdJoined,
}

impl Facts {
    /// Returns true if such a device exists: a management mode must exist on the platform.
    ///
    /// ```
    /// use eligibility::facts::{Fact, Facts, Management, Platform};
    ///
    /// let mut facts = Facts { platform: Fact::Known(Platform::Macos), ..Facts::default() };
    /// assert!(facts.possible());
    /// facts.management = Fact::Known(Management::PersonalWorkProfile);
    /// assert!(!facts.possible());
    /// ```
    pub fn possible(&self) -> bool {
        let (platform, management) = (self.platform, self.management);
        if platform == Fact::Unknown || management == Fact::Unknown {
            return true;
        }
        let mut platforms = Platform::ALL.iter().filter(|one| platform.admits(**one));
        platforms.any(|on| Management::on(*on).iter().any(|mode| management.admits(*mode)))
    }

    /// Returns the facts with the words of their sets that no such device can have left out: a
    /// management mode of a set must exist on the platform, and the other way round. Facts of a
    /// device that is not [`possible`](Self::possible) stay as they are.
    ///
    /// ```
    /// use eligibility::facts::{Fact, Facts, Management as M, Platform};
    ///
    /// let management = Fact::one_of([M::Dedicated, M::UserEnrollment]);
    /// let facts = Facts { platform: Fact::Known(Platform::Ios), management, ..Facts::default() };
    /// assert_eq!(facts.narrowed().management, Fact::Known(M::UserEnrollment));
    /// ```
    #[must_use]
    pub fn narrowed(self) -> Self {
        let Self { platform, management, .. } = self;
        let open = matches!(platform, Fact::OneOf(_)) || matches!(management, Fact::OneOf(_));
        if !open || !self.possible() {
            return self;
        }
        let together = |on: Platform, mode: Management| {
            platform.admits(on) && management.admits(mode) && mode.exists_on(on)
        };
        let mut narrowed = self;
        if management != Fact::Unknown && platform != Fact::Unknown {
            let on = |mode: &Management| Platform::ALL.iter().any(|on| together(*on, *mode));
            narrowed.management = Fact::one_of(Management::ALL.iter().copied().filter(on));
            let with = |on: &Platform| Management::ALL.iter().any(|mode| together(*on, *mode));
            narrowed.platform = Fact::one_of(Platform::ALL.iter().copied().filter(with));
        }
        narrowed
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sets_lose_what_no_such_device_has_and_impossible_devices_stay_as_they_are() {
        use Management as M;
        let facts = |platform, management| Facts { platform, management, ..Facts::default() };
        let modes = Fact::one_of([M::Dedicated, M::UserEnrollment]);
        let phones = Fact::one_of([Platform::Ios, Platform::Android]);
        let narrowed = facts(phones, modes).narrowed();
        assert_eq!(narrowed, facts(phones, modes), "each exists on one of the two");
        let narrowed = facts(phones, Fact::Known(M::Dedicated)).narrowed();
        assert_eq!(narrowed.platform, Fact::Known(Platform::Android));
        let impossible =
            facts(Fact::Known(Platform::Macos), Fact::one_of([M::Dedicated, M::FullyManaged]));
        assert!(!impossible.possible());
        assert_eq!(impossible.narrowed(), impossible);
        assert_eq!(facts(Fact::Unknown, modes).narrowed(), facts(Fact::Unknown, modes));
    }

    #[test]
    fn a_fact_is_written_as_it_is_read() {
        for (fact, text) in [
            (FactName::Management, "dedicated"),
            (FactName::Management, "fully-managed|dedicated"),
            (FactName::OsVersion, "17.4.1"),
            (FactName::Supervised, "false"),
        ] {
            let read = fact.parse_fact(text, SEPARATOR).unwrap();
            assert_eq!(fact.fact_text(read).as_deref(), Some(text));
        }
        assert_eq!(FactName::Platform.fact_text(Fact::Unknown), None);
    }
}
