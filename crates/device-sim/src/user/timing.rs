//! The frequency and duration of what users do. All numbers are invented.

use crate::model::parameter::parameters;

parameters! {
    begins_at_hour: u32 = 9, "begins-at-hour", Choice,
        "the hour of the day, by the clock of the user, at which a life begins; a choice: the \
         administrator presses the button in the morning";
    wakes_at_hour: u32 = 7, "wakes-at-hour", Choice,
        "when people get up; invented";
    sleeps_at_hour: u32 = 23, "sleeps-at-hour", Choice,
        "when people go to bed; invented";
    look_least_minutes: u32 = 10, "look-least-minutes", Choice,
        "the least time between two looks at the device; invented";
    look_most_minutes: u32 = 180, "look-most-minutes", Choice,
        "the most time between two looks at the device by day; invented";
    defer_least_hours: u32 = 2, "defer-least-hours", Choice,
        "the least time for which a deferring user puts a notification off; invented";
    defer_most_hours: u32 = 72, "defer-most-hours", Choice,
        "the most time for which a deferring user puts a notification off; invented";
    nights_off_in_ten: u32 = 7, "nights-off-in-ten", Choice,
        "in how many of ten nights a user who switches off does so; invented";
    days_off_one_in: u32 = 20, "days-off-one-in", Choice,
        "in one of how many nights a user who switches off does so for days, 0 for none; invented";
    days_off_most: u32 = 10, "days-off-most", Choice,
        "for how many days at most; invented";
    restart_one_in: u32 = 150, "restart-one-in", Choice,
        "at one of how many looks a device is restarted, 0 for none; invented";
    empty_battery_one_in: u32 = 200, "empty-battery-one-in", Choice,
        "at one of how many looks the battery is empty, 0 for none; invented";
    charge_most_hours: u32 = 4, "charge-most-hours", Choice,
        "how many hours it takes at most until an empty device is charged; invented";
    out_of_reach_one_in: u32 = 60, "out-of-reach-one-in", Choice,
        "at one of how many looks a device leaves every network, 0 for none; invented";
    out_of_reach_most_hours: u32 = 8, "out-of-reach-most-hours", Choice,
        "for how many hours at most; invented";
    profile_off_one_in: u32 = 40, "profile-off-one-in", Choice,
        "at one of how many looks a work profile is turned off, 0 for none; invented";
    profile_off_most_hours: u32 = 16, "profile-off-most-hours", Choice,
        "for how many hours at most; invented";
}
