//! The last check-ins of the devices of an inventory, counted by the day.

use chrono::{Datelike, Days, NaiveDate, NaiveDateTime, TimeDelta, Timelike};
use eligibility::facts::Fact;

/// The number of devices by the day of their last check-in, in UTC.
///
/// An export is a snapshot: its newest check-in is the latest moment that it covers, so staleness is
/// best measured from there, and from today only to include the age of the snapshot.
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

/// The last check-in of one device, to the millisecond; none comes before all others. One before 1970
/// is taken for the beginning of 1970, one after November 2106 for its second day.
///
/// ```
/// use chrono::NaiveDate;
/// use eligibility::facts::Fact;
/// use inventory::LastCheckIn;
///
/// let day = |day| NaiveDate::from_ymd_opt(2026, 9, day).ok_or("no date");
/// let at = |day: NaiveDate| LastCheckIn::from(Fact::Known(day.into()));
/// assert!(at(day(2)?) > at(day(1)?));
/// assert!(at(day(1)?) > LastCheckIn::default());
/// assert_eq!(at(day(2)?).date(), Some(day(2)?));
/// assert_eq!(at(day(2)?).timestamp(), Some(day(2)?.into()));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct LastCheckIn(u64);

/// The number of days without a check-in that are two years, by their [numbers](number).
const FAR: u32 = number(2, 1, 1) - number(0, 1, 1);

/// The number of milliseconds of a day.
const DAY: u64 = 86_400_000;

/// The number of the first of January of 1970; earlier days are not distinguished.
const FIRST: u32 = number(1970, 1, 1);

/// The number of the last day of a check-in.
const LAST_DAY: u32 = FIRST + (LastCheckIn::LAST / DAY) as u32;

impl LastCheckIn {
    /// The number of bits that its [number](Self::number) has at most.
    pub const BITS: u32 = 42;

    /// The last number, of the year 2106.
    const LAST: u64 = (1 << Self::BITS) - 1;

    /// Returns the check-in on the day with a number, a number of milliseconds after midnight.
    #[inline(always)]
    pub(crate) fn at(day: u32, milliseconds: u32) -> Self {
        let days = u64::from(day.saturating_sub(FIRST));
        Self((days * DAY + u64::from(milliseconds) + 1).min(Self::LAST))
    }

    /// Returns a number with the order of check-ins, 0 for none.
    pub fn number(self) -> u64 {
        self.0
    }

    /// Returns the check-in with a number.
    pub fn from_number(number: u64) -> Self {
        Self(number.min(Self::LAST))
    }

    /// Returns its date in UTC; `None` without a check-in.
    pub fn date(self) -> Option<NaiveDate> {
        let day = self.day()?;
        let months = day / 31;
        NaiveDate::from_ymd_opt((months / 12).cast_signed(), months % 12 + 1, day % 31 + 1)
    }

    /// Returns its moment in UTC; `None` without a check-in.
    pub fn timestamp(self) -> Option<NaiveDateTime> {
        let milliseconds = i64::try_from(self.0.checked_sub(1)? % DAY).ok()?;
        let midnight = NaiveDateTime::from(self.date()?);
        midnight.checked_add_signed(TimeDelta::milliseconds(milliseconds))
    }

    /// Returns the number of its day; `None` without a check-in.
    fn day(self) -> Option<u32> {
        let days = self.0.checked_sub(1)? / DAY;
        u32::try_from(days).ok().map(|days| days + FIRST)
    }
}

impl From<Fact<NaiveDateTime>> for LastCheckIn {
    fn from(timestamp: Fact<NaiveDateTime>) -> Self {
        timestamp.known().map_or_else(Self::default, |timestamp| {
            let milliseconds = timestamp.num_seconds_from_midnight() * 1000;
            let fraction = timestamp.nanosecond() / 1_000_000;
            Self::at(number_of(timestamp.date()), milliseconds + fraction)
        })
    }
}

/// Returns a number for each day, in their order. Months have 31 of them, so that no calendar is
/// needed.
pub(crate) const fn number(year: u32, month: u32, day: u32) -> u32 {
    (year * 12 + month - 1) * 31 + day - 1
}

fn number_of(date: NaiveDate) -> u32 {
    number(date.year().unsigned_abs(), date.month(), date.day())
}

impl CheckIns {
    /// Adds the last check-in of a device.
    pub fn add(&mut self, timestamp: NaiveDateTime) {
        self.add_many(timestamp, 1);
    }

    /// Adds devices of a day whose latest check-in is this moment.
    pub(crate) fn add_many(&mut self, timestamp: NaiveDateTime, devices: u64) {
        self.newest = self.newest.max(Some(timestamp));
        self.count(number_of(timestamp.date()), devices);
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

    /// Adds a device by the day of its last check-in; this does not change the newest moment.
    pub fn add_last(&mut self, check_in: LastCheckIn) {
        if let Some(day) = check_in.day() {
            self.count(day, 1);
        }
    }

    /// Takes out devices that were added, the others by [`add_last`](Self::add_last). The newest
    /// check-in stays: no device is taken out because of an older one.
    pub fn subtract(&mut self, others: &Self) {
        let days = (others.first..).zip(&others.days).filter(|(_, devices)| **devices > 0);
        for (day, devices) in days {
            // Days before 1970 and after 2106 are one each to a single check-in.
            let all = match day {
                FIRST => 0..=FIRST,
                day if day >= LAST_DAY => LAST_DAY..=u32::MAX,
                day => day..=day,
            };
            let at = |day: u32| (day.saturating_sub(self.first) as usize).min(self.days.len());
            let all = at(*all.start())..at(all.end().saturating_add(1));
            let mut left = *devices;
            for counted in &mut self.days[all] {
                let taken = left.min(*counted);
                *counted -= taken;
                left -= taken;
            }
        }
    }

    /// Takes a moment for the newest if it is.
    pub(crate) fn reach_newest(&mut self, timestamp: Option<NaiveDateTime>) {
        self.newest = self.newest.max(timestamp);
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

    /// Returns the newest check-in of any device.
    pub fn newest(&self) -> Option<NaiveDateTime> {
        self.newest
    }

    /// Returns the number of devices that checked in long after most of the others, between which
    /// and them no device did for two years; 0 if there are none. Their dates are hardly right.
    ///
    /// ```
    /// use chrono::NaiveDateTime;
    /// use inventory::CheckIns;
    ///
    /// let mut check_ins = CheckIns::default();
    /// for text in ["2026-08-05 07:31:00", "2024-07-01 12:00:00", "2099-01-01 00:00:00"] {
    ///     check_ins.add(NaiveDateTime::parse_from_str(text, "%F %T")?);
    /// }
    /// assert_eq!(check_ins.far_ahead(), 1);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn far_ahead(&self) -> u64 {
        let (all, mut seen, mut silent, mut ahead) = (self.devices(), 0, 0, 0);
        for devices in self.days.iter().rev() {
            if *devices == 0 {
                silent += 1;
                continue;
            }
            if silent >= FAR && 2 * seen < all {
                ahead = seen;
            }
            (seen, silent) = (seen + devices, 0);
        }
        ahead
    }

    /// Returns the number of devices with a check-in.
    pub fn devices(&self) -> u64 {
        self.days.iter().sum()
    }

    /// Counts devices whose last check-in is more than a number of calendar days before a date.
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

    fn timestamp(days: i32) -> NaiveDateTime {
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
                part.add(timestamp(*age));
            }
            all.merge(&rest);
            let limit = before - i32::try_from(days).expect("few");
            let expected = ages.iter().filter(|age| **age < limit).count() as u64;
            prop_assert_eq!(all.stale(days, timestamp(before).date()), expected);
            prop_assert_eq!(all.newest(), ages.iter().max().map(|age| timestamp(*age)));
            prop_assert_eq!(all.devices(), ages.len() as u64);
        }
    }

    #[test]
    fn devices_that_are_taken_out_count_on_no_day() {
        let days = ["1601-01-01", "1969-12-31", "2026-09-01", "2026-09-02", "2300-01-01"];
        let timestamps =
            days.map(|day| format!("{day}T07:49:00").parse::<NaiveDateTime>().expect("a date"));
        let (mut all, mut out) = (CheckIns::default(), CheckIns::default());
        for timestamp in timestamps {
            all.add(timestamp);
            out.add_last(Fact::Known(timestamp).into());
        }
        out.add_last(LastCheckIn::default());
        let mut rest = all.clone();
        rest.subtract(&out);
        assert_eq!((all.devices(), rest.devices()), (5, 0));
        assert_eq!(rest.newest(), all.newest());
    }

    #[test]
    fn check_ins_far_ahead_are_fewer_than_the_others_and_two_years_later() {
        let of = |texts: &[&str]| {
            let mut check_ins = CheckIns::default();
            for text in texts {
                check_ins.add(text.parse::<NaiveDate>().expect("a date").into());
            }
            check_ins
        };
        let fleet = ["2026-09-01", "2026-08-31", "2024-08-31"];
        for (more, ahead) in [
            (&[][..], 0),
            (&["2099-01-01"], 1),
            (&["2099-01-01", "2060-01-01"], 2),
            (&["2099-01-01", "2099-01-01", "2099-01-02"], 0),
            (&["2028-09-01"], 0),
            (&["2028-09-02"], 1),
        ] {
            assert_eq!(of(&[&fleet[..], more].concat()).far_ahead(), ahead, "{more:?}");
        }
        // One of two may as well be far behind.
        assert_eq!(of(&["2026-09-01", "2020-09-01"]).far_ahead(), 0);
        assert_eq!(of(&[]).far_ahead(), 0);
    }

    #[test]
    fn ages_without_an_end_are_no_devices() {
        let mut check_ins = CheckIns::default();
        check_ins.add(timestamp(0));
        assert_eq!(check_ins.stale(u32::MAX, timestamp(0).date()), 0);
        assert_eq!(CheckIns::default().stale(0, timestamp(0).date()), 0);
    }

    #[test]
    fn a_check_in_is_that_of_its_number_and_the_last_one_of_all_beyond() {
        let last = LastCheckIn::from_number(u64::MAX);
        for check_in in [LastCheckIn::default(), Fact::Known(timestamp(0)).into(), last] {
            assert_eq!(LastCheckIn::from_number(check_in.number()), check_in);
        }
        assert_eq!(
            (last.number(), last.date().map(|date| date.year())),
            ((1 << 42) - 1, Some(2106))
        );
    }

    #[test]
    fn the_newest_time_may_be_added_apart_from_the_days() {
        let mut check_ins = CheckIns::default();
        for (reached, newest) in [(1, 1), (3, 3), (2, 3)] {
            check_ins.reach_newest(Some(timestamp(reached)));
            assert_eq!(check_ins.newest(), Some(timestamp(newest)));
        }
        check_ins.reach_newest(None);
        assert_eq!((check_ins.newest(), check_ins.devices()), (Some(timestamp(3)), 0));
    }
}
