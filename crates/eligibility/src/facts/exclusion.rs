//! Facts that no device has together.

use super::{Fact, FactValue, Facts, Management, OsVersion, Platform, ResetToken, UnlockToken};

/// Facts that exclude each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, thiserror::Error)]
pub enum Exclusion {
    /// The mode of management does not exist on the platform.
    #[error("this mode of management does not exist on the platform")]
    ModeOnPlatform,
    /// `setResetPasswordToken` begins with API level 26.
    #[error("there are no reset tokens before Android 8.0")]
    TokenBefore26,
    /// Only the owner of a device or profile may set a reset token.
    #[error("a device administrator cannot set a reset token")]
    TokenOfAdministrator,
    /// A token that is set where there is no lock is active at once.
    #[error("a reset token does not wait where no passcode is set")]
    PendingWithoutPasscode,
    /// Reset tokens are Android's.
    #[error("only Android has reset tokens")]
    TokenOfApple,
    /// Unlock tokens are Apple's.
    #[error("only Apple's devices have unlock tokens")]
    UnlockTokenOfAndroid,
    /// `TokenUpdate` carries none in User Enrollment, on Shared iPad and on a Mac.
    #[error("such a device never hands out an unlock token")]
    NeverHandsOutToken,
    /// Supervision is Apple's, and not for User Enrollment.
    #[error("such a device cannot be supervised")]
    NotSupervisable,
    /// The storage of an iPhone is protected if, and only if, a passcode is set.
    #[error("an iPhone is encrypted if, and only if, it has a passcode")]
    EncryptionWithoutPasscode,
}

impl Exclusion {
    /// Returns the page or the file that states it.
    pub const fn source(self) -> &'static str {
        match self {
            Self::ModeOnPlatform => "https://support.apple.com/guide/deployment/dep08f54fcf6/web",
            Self::TokenBefore26 | Self::TokenOfAdministrator | Self::PendingWithoutPasscode => {
                "DevicePolicyManager.java at API level 26, https://github.com/AndroidSDKSources"
            }
            Self::TokenOfApple => {
                "https://developer.android.com/reference/android/app/admin/DevicePolicyManager"
            }
            Self::UnlockTokenOfAndroid => {
                "https://developer.apple.com/documentation/devicemanagement/clear-passcode-command"
            }
            Self::NeverHandsOutToken => {
                "mdm/checkin/tokenupdate.yaml, https://github.com/apple/device-management"
            }
            Self::NotSupervisable => "https://support.apple.com/guide/deployment/dep1d89f0bff/web",
            Self::EncryptionWithoutPasscode => {
                "memdocs/intune/protect/compliance-policy-create-ios.md (2021-02), \
                 https://github.com/MicrosoftDocs/memdocs"
            }
        }
    }
}

/// The first version of Android with reset tokens.
const TOKENS_FROM: OsVersion = OsVersion::new([8, 0, 0, 0]);

impl Facts {
    /// Returns why no device has these facts together; nothing if one may have.
    ///
    /// Of facts that are unknown or one of a set, all values must be excluded.
    ///
    /// ```
    /// use eligibility::facts::{Exclusion, Fact, Facts, Management, Platform};
    ///
    /// let mut facts = Facts { supervised: Fact::Known(true), ..Facts::default() };
    /// assert_eq!(facts.exclusions(), []);
    /// facts.management = Fact::Known(Management::UserEnrollment);
    /// assert_eq!(facts.exclusions(), [Exclusion::NotSupervisable]);
    /// facts.platform = Fact::Known(Platform::Windows);
    /// assert_eq!(facts.exclusions(), [Exclusion::ModeOnPlatform]);
    /// ```
    pub fn exclusions(&self) -> Vec<Exclusion> {
        if !self.possible() {
            return vec![Exclusion::ModeOnPlatform];
        }
        let mut all = Vec::new();
        for platform in Platform::ALL.iter().filter(|one| self.platform.admits(**one)) {
            for mode in Management::on(*platform).iter().filter(|one| self.management.admits(**one))
            {
                let found = self.excluded_in(*platform, *mode);
                if found.is_empty() {
                    return found;
                }
                all.extend(found);
            }
        }
        all.sort_unstable();
        all.dedup();
        all
    }

    /// Returns why no device of a platform in a mode has the other facts.
    fn excluded_in(&self, platform: Platform, mode: Management) -> Vec<Exclusion> {
        use Exclusion as E;
        use Platform::{Android, Ios, Ipados, Macos, Tvos, Visionos, Watchos};
        let tokens = is_surely(self.reset_token, ResetToken::ALL, |one| one != ResetToken::Absent);
        let pending = self.reset_token == Fact::Known(ResetToken::Pending);
        let unlock =
            is_surely(self.unlock_token, UnlockToken::ALL, |one| one != UnlockToken::Missing);
        let supervised = self.supervised == Fact::Known(true);
        let old = self.os_version.known().is_some_and(|version| version < TOKENS_FROM);
        let (android, apple) = (
            platform == Android,
            matches!(platform, Ios | Ipados | Visionos | Watchos | Tvos | Macos),
        );
        let hands_out = !matches!(mode, Management::UserEnrollment | Management::SharedIpad)
            && !matches!(platform, Macos | Tvos);
        let encrypted = match (self.encrypted, self.passcode_set) {
            (Fact::Known(encrypted), Fact::Known(set)) => encrypted == set,
            _ => true,
        };
        let no_passcode = self.passcode_set == Fact::Known(false);
        let administrator = mode == Management::DeviceAdministrator;
        let excluded = [
            (E::TokenOfApple, !android && tokens),
            (E::TokenBefore26, android && tokens && old),
            (E::TokenOfAdministrator, android && tokens && administrator),
            (E::PendingWithoutPasscode, android && pending && no_passcode),
            (E::UnlockTokenOfAndroid, !apple && unlock),
            (E::NeverHandsOutToken, apple && unlock && !hands_out),
            (E::NotSupervisable, supervised && (!apple || mode == Management::UserEnrollment)),
            (E::EncryptionWithoutPasscode, matches!(platform, Ios | Ipados) && !encrypted),
        ];
        excluded.into_iter().filter(|(_, is)| *is).map(|(exclusion, _)| exclusion).collect()
    }
}

/// Returns true if something is known of a fact, and every value that it may have is such.
fn is_surely<T: FactValue>(fact: Fact<T>, all: &[T], is: impl Fn(T) -> bool) -> bool {
    fact != Fact::Unknown && all.iter().filter(|one| fact.admits(**one)).all(|one| is(*one))
}
