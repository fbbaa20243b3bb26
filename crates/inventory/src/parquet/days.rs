//! Moments that are numbers, counted by the day.
//!
//! The plain reader of its text defines what a number means as a date. All moments of a day have
//! the same fate, so of each day only the first and the newest moment are put into words.

use chrono::{NaiveDateTime, NaiveTime, TimeDelta};
use eligibility::facts::Fact;

use super::column_type::ColumnType;
use crate::bulk::Dates;
use crate::check_ins::LastCheckIn;
use crate::spelling::date;

/// The number of days that are counted at a time; the days of a few years each have a place of
/// their own.
const SLOTS: usize = 1 << 12;

/// The moments of some rows.
pub(super) struct Days {
    column_type: ColumnType,
    per_day: i64,
    slots: Vec<Slot>,
}

/// The moments of a day.
#[derive(Clone, Copy)]
struct Slot {
    day: i64,
    timestamps: u64,
    newest: i64,
    /// The value that the first of its moments is understood as.
    understood: Option<Fact<NaiveDateTime>>,
}

const NONE: Slot = Slot { day: 0, timestamps: 0, newest: 0, understood: None };

/// The number of milliseconds of a day.
const DAY: i64 = 86_400_000;

impl Days {
    /// Numbers that are no moments are taken for dates one by one.
    pub(super) fn new(column_type: ColumnType) -> Self {
        let per_day = column_type.per_day().unwrap_or(1);
        // Texts need no room.
        let slots = if matches!(column_type, ColumnType::Text { .. }) { 0 } else { SLOTS };
        Self { column_type, per_day, slots: vec![NONE; slots] }
    }

    /// Adds a moment. Says whether it is understood.
    pub(super) fn add(&mut self, number: i64, dates: &mut Dates) -> bool {
        let day = number.div_euclid(self.per_day);
        let slot = &mut self.slots[day.cast_unsigned() as usize % SLOTS];
        if slot.day == day && slot.timestamps > 0 {
            slot.timestamps += 1;
            slot.newest = slot.newest.max(number);
            return slot.understood.is_some();
        }
        let understood = date::read(&self.column_type.say(number));
        let before =
            std::mem::replace(slot, Slot { day, timestamps: 1, newest: number, understood });
        self.put(before, dates);
        understood.is_some()
    }

    /// Returns the check-in of the moment that was added last.
    pub(super) fn check_in(&self, number: i64) -> LastCheckIn {
        let day = number.div_euclid(self.per_day);
        let Slot { understood, .. } = self.slots[day.cast_unsigned() as usize % SLOTS];
        let Some(Fact::Known(first)) = understood else { return LastCheckIn::default() };
        let milliseconds = number.rem_euclid(self.per_day) / (self.per_day / DAY).max(1);
        let time = TimeDelta::milliseconds(milliseconds);
        // A number that is no moment has a day of its own.
        let timestamp =
            if self.per_day > 1 { first.date().and_time(NaiveTime::MIN) + time } else { first };
        Fact::Known(timestamp).into()
    }

    /// Hands over what is left.
    pub(super) fn finish(mut self, dates: &mut Dates) {
        for slot in std::mem::take(&mut self.slots) {
            self.put(slot, dates);
        }
    }

    fn put(&self, slot: Slot, dates: &mut Dates) {
        if slot.timestamps > 0 {
            dates.add_text(&self.column_type.say(slot.newest), slot.timestamps);
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn a_check_in_is_what_the_plain_reader_says_of_its_text(
            per_second in prop::sample::select(vec![0, 1_000, 1_000_000, 1_000_000_000_i64]),
            timestamps in prop::collection::vec((-800_000..1_000_000_i64, 0.0..1.0), 1..20),
        ) {
            let column_type = match per_second {
                0 => ColumnType::Date,
                per_second => ColumnType::Timestamp { per_second },
            };
            let (mut days, mut dates) = (Days::new(column_type), Dates::default());
            let per_day = column_type.per_day().unwrap();
            for (day, time) in timestamps {
                let number = day.saturating_mul(per_day).saturating_add((time * per_day as f64) as i64);
                let plain = date::read(&column_type.say(number));
                prop_assert_eq!(days.add(number, &mut dates), plain.is_some());
                let plain = LastCheckIn::from(plain.unwrap_or_default());
                prop_assert_eq!(days.check_in(number), plain, "{}", column_type.say(number));
            }
        }
    }
}
