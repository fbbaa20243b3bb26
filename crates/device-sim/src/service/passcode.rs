//! Making up a new passcode that the policy in force accepts.
//!
//! Sources: letters and digits on devices with a device administrator,
//! `intune-user-help/reset-your-passcode-cpwebsite.md` in
//! <https://github.com/MicrosoftDocs/IntuneDocs>; a password below the policy is refused,
//! `resetPassword` in `DevicePolicyManager.java` at API level 26,
//! <https://github.com/AndroidSDKSources>. How long Intune's are is documented nowhere: eight, or
//! what the policy demands.

use crate::android::{Device, UserId};
use crate::chance::Chance;
use crate::secret::Secret;

/// Letters and digits that nobody mistakes for each other; a symbol only if nothing else will do.
const CLASSES: [&[u8]; 4] =
    [b"abcdefghijkmnopqrstuvwxyz", b"23456789", b"ABCDEFGHJKLMNPQRSTUVWXYZ", b"!#%+:=?@"];

/// No policy asks for more than four minima of 255 each.
const LONGEST: usize = 1024;

/// A passcode that every policy in force accepts for a user; nothing if there is none.
pub(super) fn make_up(device: &Device, user: UserId, chance: &mut Chance) -> Option<Secret> {
    let shortest = usize::from(device.shortest_password(user).max(8));
    [3, 4].into_iter().find_map(|classes| of_classes(device, user, classes, shortest, chance))
}

fn of_classes(
    device: &Device,
    user: UserId,
    classes: usize,
    shortest: usize,
    chance: &mut Chance,
) -> Option<Secret> {
    let mut text = String::new();
    for place in 0..LONGEST {
        let class = CLASSES[place % classes];
        let bound = u32::try_from(class.len()).unwrap_or(1);
        text.push(char::from(class[usize::try_from(chance.below(bound)).unwrap_or(0)]));
        if text.len() >= shortest {
            let secret = Secret::new(&text);
            if device.accepts(user, &secret) {
                return Some(secret);
            }
        }
    }
    None
}
