//! Moments that are numbers, counted by the day.
//!
//! The plain reader of its text defines what a number means as a date. All moments of a day have
//! the same fate, so of each day only the first and the newest moment are put into words.

use super::column_type::ColumnType;
use crate::bulk::Dates;
use crate::check_ins::LastCheckIn;
use crate::spelling::date;

/// How many days are counted at a time; the days of a few years have each a place of their own.
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
    moments: u64,
    newest: i64,
    /// Whether its moments are understood.
    understood: bool,
}

const NONE: Slot = Slot { day: 0, moments: 0, newest: 0, understood: true };

impl Days {
    /// Numbers that are no moments are taken for dates one by one.
    pub(super) fn new(column_type: ColumnType) -> Self {
        let per_day = column_type.per_day().unwrap_or(1);
        Self { column_type, per_day, slots: vec![NONE; SLOTS] }
    }

    /// Adds a moment. Says whether it is understood.
    pub(super) fn add(&mut self, number: i64, dates: &mut Dates) -> bool {
        let day = number.div_euclid(self.per_day);
        let slot = &mut self.slots[day.cast_unsigned() as usize % SLOTS];
        if slot.day == day && slot.moments > 0 {
            slot.moments += 1;
            slot.newest = slot.newest.max(number);
            return slot.understood;
        }
        let understood = date::read(&self.column_type.say(number)).is_some();
        let before = std::mem::replace(slot, Slot { day, moments: 1, newest: number, understood });
        self.put(before, dates);
        understood
    }

    /// Hands over what is left.
    pub(super) fn finish(mut self, dates: &mut Dates) {
        for slot in std::mem::take(&mut self.slots) {
            self.put(slot, dates);
        }
    }

    fn put(&self, slot: Slot, dates: &mut Dates) {
        if slot.moments > 0 {
            dates.add_text(&self.column_type.say(slot.newest), slot.moments);
        }
    }
}

/// Returns the check-in that a number of a column stands for: what the plain reader says of its
/// text.
pub(super) fn last_check_in(column_type: ColumnType, number: i64) -> LastCheckIn {
    date::read(&column_type.say(number)).unwrap_or_default().into()
}
