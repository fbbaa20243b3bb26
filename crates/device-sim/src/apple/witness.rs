//! The changes of passcodes, recorded by a witness outside the device and the server.
//!
//! The invariants are about this account, so a device that forgets what it did is caught.

use super::wire::CommandUuid;

/// The number of commands a witness keeps in mind; as many as need be for runs of ordinary length.
const KEPT: usize = 32;

/// One command that was answered.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct Seen {
    uuid: CommandUuid,
    /// More than two are as bad as two.
    clears: u32,
}

/// The account of a witness.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub(super) struct Witness {
    seen: Vec<Seen>,
    /// A command that had been answered before took a passcode away.
    lost_to_redelivery: bool,
}

impl Witness {
    pub(super) fn was_answered(&self, uuid: &CommandUuid) -> bool {
        self.seen.iter().any(|seen| seen.uuid == *uuid)
    }

    /// A command was answered, and perhaps took a passcode away.
    pub(super) fn saw(&mut self, uuid: &CommandUuid, cleared: bool) {
        let place = self.seen.iter().position(|seen| seen.uuid == *uuid);
        self.lost_to_redelivery |= cleared && place.is_some();
        let place = place.unwrap_or_else(|| {
            if self.seen.len() == KEPT {
                self.seen.remove(0);
            }
            self.seen.push(Seen { uuid: uuid.clone(), clears: 0 });
            self.seen.len() - 1
        });
        let seen = &mut self.seen[place];
        seen.clears = (seen.clears + u32::from(cleared)).min(2);
    }

    /// Returns true if some command has taken a passcode away more than once.
    pub(super) fn cleared_twice(&self) -> bool {
        self.seen.iter().any(|seen| seen.clears > 1)
    }

    /// Returns true if a passcode was taken away by a command that had been answered before.
    pub(super) fn lost_to_redelivery(&self) -> bool {
        self.lost_to_redelivery
    }
}
