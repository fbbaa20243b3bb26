//! Making up a new passcode that the policy in force accepts.
//!
//! Sources: letters and digits on devices with a device administrator,
//! `intune-user-help/reset-your-passcode-cpwebsite.md` in
//! <https://github.com/MicrosoftDocs/IntuneDocs>; a password below the policy is refused,
//! `resetPassword` in `DevicePolicyManager.java` at API level 26,
//! <https://github.com/AndroidSDKSources>. How long Intune's are is documented nowhere: eight, or
//! what the policy demands.

use crate::android::{Device, Minimum, UserId};
use crate::model::Rng;
use crate::model::Secret;

/// Lower-case letters, digits and capitals that are hard to confuse, and symbols, of
/// which there are no more than a policy demands.
const CLASSES: [&[u8]; 4] =
    [b"abcdefghijkmnopqrstuvwxyz", b"23456789", b"ABCDEFGHJKLMNPQRSTUVWXYZ", b"!#%+:=?@"];

/// The classes that fill up what no policy demands.
const FILLERS: usize = 3;

/// No passcode is shorter.
const SHORTEST: u8 = 8;

/// The number of attempts to draw characters: a policy may refuse a random sequence.
const DRAWS: u32 = 16;

/// Returns a passcode that every policy in force accepts for a user; nothing if there is none.
pub(super) fn make_up(device: &Device, user: UserId, rng: &mut Rng) -> Option<Secret> {
    let counts = demanded(|which| device.demanded(user, which));
    (0..DRAWS).find_map(|_| {
        let secret = Secret::new(&drawn(counts, rng));
        device.accepts(user, &secret).then_some(secret)
    })
}

/// Returns the least number of characters of each class that satisfies the minima.
fn demanded(minimum: impl Fn(Minimum) -> u8) -> [usize; CLASSES.len()] {
    let of = |which| usize::from(minimum(which));
    let mut counts = [
        of(Minimum::LowerCase),
        of(Minimum::Numeric),
        of(Minimum::UpperCase),
        of(Minimum::Symbols),
    ];
    counts[0] += of(Minimum::Letters).saturating_sub(counts[0] + counts[2]);
    counts[1] += of(Minimum::NonLetter).saturating_sub(counts[1] + counts[3]);
    let shortest = usize::from(minimum(Minimum::Length).max(SHORTEST));
    while counts.iter().sum::<usize>() < shortest {
        let fewest = counts[..FILLERS].iter().min().copied();
        let filler = counts.iter().position(|count| Some(*count) == fewest).unwrap_or(0);
        counts[filler] += 1;
    }
    counts
}

/// Returns a number of characters of each class in random order.
fn drawn(counts: [usize; CLASSES.len()], rng: &mut Rng) -> String {
    let mut below = |bound: usize| {
        let drawn = rng.below(u32::try_from(bound).unwrap_or(u32::MAX));
        usize::try_from(drawn).unwrap_or(0)
    };
    let mut letters = String::with_capacity(counts.iter().sum());
    for (class, count) in CLASSES.iter().zip(counts) {
        for _ in 0..count {
            let at = below(letters.len() + 1);
            letters.insert(at, char::from(class[below(class.len())]));
        }
    }
    letters
}

#[cfg(test)]
mod tests {
    use super::make_up;
    use crate::android::{
        ApiLevel, Complexity, Device, Enrolment, Minimum, PasswordPolicy, Quality, Setup, UserId,
    };
    use crate::model::Rng;

    fn device(level: u8, policy: PasswordPolicy) -> Device {
        let api = ApiLevel::new(level).expect("levels 23 to 36 are simulated");
        let mut setup = Setup::new(api, &[Enrolment::DeviceOwner]);
        setup.set_policy(policy);
        setup.build()
    }

    /// Returns every quality with every length, and every quality with symbols demanded.
    fn policies(level: u8) -> Vec<PasswordPolicy> {
        let mut policies = Vec::new();
        for quality in Quality::ALL {
            for length in [0, 4, 7, 8, 12, 16] {
                for symbols in [0, 1, 5] {
                    let mut policy = PasswordPolicy { quality: *quality, ..PasswordPolicy::NONE };
                    policy.minima.set(Minimum::Length, length);
                    policy.minima.set(Minimum::Symbols, symbols);
                    policies.push(policy);
                }
            }
        }
        let bands = Complexity::ALL.iter().filter(|_| level >= 31);
        policies
            .extend(bands.map(|band| PasswordPolicy { complexity: *band, ..PasswordPolicy::NONE }));
        policies
    }

    #[test]
    fn intune_24_a_new_passcode_fits_the_policy_and_is_letters_and_digits_where_they_will_do() {
        let mut rng = Rng::new(2018, 0);
        for level in 23..=36 {
            for policy in policies(level) {
                let device = device(level, policy);
                let made = make_up(&device, UserId::Device, &mut rng);
                let made = made.unwrap_or_else(|| panic!("{level}: nothing fits {policy:?}"));
                assert!(device.accepts(UserId::Device, &made), "{level}: {policy:?}");
                let text = made.reveal();
                let demanded =
                    policy.quality == Quality::Complex && policy.minima.get(Minimum::Symbols) > 0;
                let plain = text.chars().all(|letter| letter.is_ascii_alphanumeric());
                assert!(demanded != plain && text.len() >= 8, "{level}: {policy:?}");
                let digits = text.chars().any(|letter| letter.is_ascii_digit());
                assert!(digits && text.chars().any(char::is_alphabetic), "{level}: {policy:?}");
            }
        }
    }

    #[test]
    fn what_no_password_can_satisfy_is_not_made_up() {
        let mut policy = PasswordPolicy { quality: Quality::Numeric, ..PasswordPolicy::NONE };
        policy.minima.set(Minimum::Length, 17);
        let mut rng = Rng::new(1, 0);
        // From level 30 a length of 17 demands 16; 17 letters are too many.
        let longest = make_up(&device(30, policy), UserId::Device, &mut rng);
        assert_eq!(longest.map(|made| made.reveal().len()), Some(16));
        let mut letters = PasswordPolicy { quality: Quality::Complex, ..PasswordPolicy::NONE };
        letters.minima.set(Minimum::Letters, 17);
        assert_eq!(make_up(&device(30, letters), UserId::Device, &mut rng), None);
        assert!(make_up(&device(29, policy), UserId::Device, &mut rng).is_some());
    }
}
