//! The push channel: requests to check in.
//!
//! Sources: `memdocs/intune/configuration/device-profile-troubleshoot.md` (a device is notified
//! of an action at once) and `memdocs/intune/apps/manage-without-gms.md` (without Google services
//! there is no push), both 2021-02, in <https://github.com/MicrosoftDocs/memdocs>.

/// The push channel to one device.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub(super) struct PushChannel {
    /// A push is on its way.
    travels: bool,
    /// A push has not reached the device, and will when the device can take it.
    waits: bool,
    loses_next: bool,
}

impl PushChannel {
    /// Injects a fault: the next push gets lost.
    pub(super) fn lose_next(&mut self) {
        self.loses_next = true;
    }

    /// Returns true if this push gets lost.
    pub(super) fn loses_this(&mut self) -> bool {
        std::mem::take(&mut self.loses_next)
    }

    /// Accepts a push to the device, which waits or is dropped at once.
    pub(super) fn enqueue(&mut self, waits: bool) {
        self.waits = waits;
    }

    /// Drops the push that waits, if it cannot leave.
    pub(super) fn drop_waiting(&mut self) {
        self.waits = false;
    }

    /// Returns true if a push leaves now: one waits, and the device can take it.
    pub(super) fn departs(&mut self, reachable: bool) -> bool {
        let departs = self.waits && !self.travels && reachable;
        self.travels |= departs;
        departs
    }

    /// Returns true if a push is on its way, or will be when the device can take it.
    pub(super) fn is_busy(&self) -> bool {
        self.travels || self.waits
    }

    /// Ends the journey of a push.
    pub(super) fn arrive(&mut self) {
        self.travels = false;
    }
}
