//! When the devices of an inventory were last heard of, counted by the day.

use chrono::{Datelike, Days, NaiveDate, NaiveDateTime};

/// How many devices were last heard of on each day, in UTC.
///
/// An export is a snapshot: its newest check-in is the latest moment of which it can tell, so how
/// long a device has been silent is best measured from there, and from today only for whoever
/// wants to know how old the snapshot is.
///
/// ```
/// use chrono::{NaiveDate, NaiveDateTime};
/// use inventory::CheckIns;
///
/// let mut check_ins = CheckIns::default();
/// for text in ["2026-08-05 07:31:00", "2026-07-01 12:00:00", "2026-08-01 00:00:00"] {
///     check_ins.add(NaiveDateTime::parse_from_str(text, "%F %T")?);
/// }
/// let newest = check_ins.newest().ok_or("none")?.date();
/// assert_eq!((check_ins.stale(30, newest), check_ins.stale(3, newest)), (1, 2));
/// let today = NaiveDate::from_ymd_opt(2027, 1, 1).ok_or("no date")?;
/// assert_eq!(check_ins.stale(90, today), 3);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CheckIns {
    newest: Option<NaiveDateTime>,
    /// The number of the first counted day.
    first: u32,
    /// The devices of each day from the first on.
    days: Vec<u64>,
}

/// A number for each day, in their order. Months have 31 of them, so that no calendar is needed.
pub(crate) const fn number(year: u32, month: u32, day: u32) -> u32 {
    (year * 12 + month - 1) * 31 + day - 1
}

fn number_of(date: NaiveDate) -> u32 {
    number(date.year().unsigned_abs(), date.month(), date.day())
}

impl CheckIns {
    /// Adds the last check-in of a device.
    pub fn add(&mut self, moment: NaiveDateTime) {
        self.add_many(moment, 1);
    }

    /// Adds devices of a day, of which the newest was heard of at this moment.
    pub(crate) fn add_many(&mut self, moment: NaiveDateTime, devices: u64) {
        self.newest = self.newest.max(Some(moment));
        self.count(number_of(moment.date()), devices);
    }

    /// Adds devices of a day.
    #[inline(always)]
    pub(crate) fn count(&mut self, day: u32, devices: u64) {
        let at = day.wrapping_sub(self.first) as usize;
        if let Some(counted) = self.days.get_mut(at) {
            *counted += devices;
        } else {
            self.reach(day);
            self.days[(day - self.first) as usize] += devices;
        }
    }

    /// Makes room for a day before the first or after the last.
    #[cold]
    fn reach(&mut self, day: u32) {
        if self.days.is_empty() {
            self.first = day;
        }
        let missing = self.first.saturating_sub(day) as usize;
        self.days.splice(..0, std::iter::repeat_n(0, missing));
        self.first = self.first.min(day);
        let length = (day - self.first) as usize + 1;
        self.days.resize(self.days.len().max(length), 0);
    }

    /// Takes a moment for the newest if it is.
    pub(crate) fn reach_newest(&mut self, moment: Option<NaiveDateTime>) {
        self.newest = self.newest.max(moment);
    }

    /// Adds the devices of another inventory, or of another part of this one.
    pub fn merge(&mut self, other: &Self) {
        self.newest = self.newest.max(other.newest);
        for (day, devices) in (other.first..).zip(&other.days) {
            if *devices > 0 {
                self.count(day, *devices);
            }
        }
    }

    /// The newest check-in of any device.
    pub fn newest(&self) -> Option<NaiveDateTime> {
        self.newest
    }

    /// How many devices have a check-in.
    pub fn devices(&self) -> u64 {
        self.days.iter().sum()
    }

    /// How many devices were last heard of more than so many days of the calendar before a date.
    pub fn stale(&self, days: u32, before: NaiveDate) -> u64 {
        let Some(since) = before.checked_sub_days(Days::new(days.into())) else { return 0 };
        let end = number_of(since).saturating_sub(self.first) as usize;
        self.days[..end.min(self.days.len())].iter().sum()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn moment(days: i32) -> NaiveDateTime {
        NaiveDate::from_num_days_from_ce_opt(735_000 + days).expect("a date").into()
    }

    proptest! {
        /// As many devices as a count one by one finds, in whatever parts they are added.
        #[test]
        fn silence_is_what_a_count_finds(
            ages in proptest::collection::vec(0..900_i32, 0..40),
            cut in 0..40_usize,
            (days, before) in (0..400_u32, 0..1000_i32),
        ) {
            let (mut all, mut rest) = (CheckIns::default(), CheckIns::default());
            for (index, age) in ages.iter().enumerate() {
                let part = if index < cut { &mut all } else { &mut rest };
                part.add(moment(*age));
            }
            all.merge(&rest);
            let limit = before - i32::try_from(days).expect("few");
            let expected = ages.iter().filter(|age| **age < limit).count() as u64;
            prop_assert_eq!(all.stale(days, moment(before).date()), expected);
            prop_assert_eq!(all.newest(), ages.iter().max().map(|age| moment(*age)));
            prop_assert_eq!(all.devices(), ages.len() as u64);
        }
    }

    #[test]
    fn ages_without_an_end_are_no_devices() {
        let mut check_ins = CheckIns::default();
        check_ins.add(moment(0));
        assert_eq!(check_ins.stale(u32::MAX, moment(0).date()), 0);
        assert_eq!(CheckIns::default().stale(0, moment(0).date()), 0);
    }
}
