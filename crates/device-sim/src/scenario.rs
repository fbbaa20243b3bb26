//! A scenario: devices, what is done to them and when, and what must be seen.
//!
//! A scenario file is TOML:
//!
//! ```toml
//! title = "a token waits for the device lock"
//! api-levels = "26-36"              # run once at each, for devices that name no level
//!
//! [devices.phone]
//! kind = "android"
//! enrolment = "work-profile"
//! lock = "4711"
//!
//! [[step]]
//! do = "set-reset-password-token"
//! returns = true
//! expect = { work-token = "pending" }
//!
//! [[step]]
//! after = "5m"                      # or `at`, a duration since the start or a moment
//! do = "unlock"
//! user = "device"
//! credential = "4711"
//! expect = { work-token = "active" }
//!
//! [[always]]
//! expect = { device-lock = "pin" }
//! ```
//!
//! A step without `at` and `after` comes one second after the one before it. `on` names the
//! device where there are several. A step without `do` only looks. `levels = "26-29"` confines a
//! step to some versions. An expected value may be a list (any of them will do), `{ not = … }` (any
//! but these), and of a number comparisons (`">=2, <5"`). `on` may be a list: the step is done on
//! each. `accepts` and `refuses` are lists of passcodes, each tried with the step's verb, which
//! returns `true` or `false`.
//!
//! `for = { enrolment = ["device-owner", "work-profile"] }` runs the scenario once with each value,
//! for devices that do not have the key; in a step or a claim, `for` confines it to some of them.
//! `setup = "phones.setup.toml"` puts the tables of another file before those of this one.
//!
//! Over the whole run: `[[always]]` holds after every event (with `when`, whenever that holds),
//! `[[never]]` after none, `[[sometimes]]` holds after at least one, `[[eventually]]` follows each
//! `when` (or the start) before the run ends, or `within` a duration. A `when` that never holds is
//! a mistake, unless `may-not-apply = true` says that it is not.

mod document;
mod expectation;
mod shared;
mod steps;
mod variants;
mod write;

use std::fmt;
use std::ops::Range;

use chrono::{DateTime, TimeDelta, Utc};
use eligibility::facts::OsVersion;

pub use document::{DEFAULT_START, ScenarioDocument};
pub use expectation::{Expectation, Subject, Wanted};
pub use shared::{Joined, shared_setup};
pub(crate) use write::wanted_range;
pub use write::write_scenario;

use crate::machine::{Call, Setup};

/// A scenario in one variant: everything but the seed that a run depends on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Scenario {
    /// The statement that it shows, in a sentence.
    pub title: String,
    /// The version of this run, if the scenario is run at several.
    pub version: Option<OsVersion>,
    /// The values of `for` in this run.
    pub choices: Vec<Choice>,
    /// The time of the first moment.
    pub start: DateTime<Utc>,
    /// The seed, unless another is given.
    pub seed: u64,
    /// The duration of the run; at least to the last step.
    pub run_for: TimeDelta,
    /// The devices with their names, in the order of the file.
    pub devices: Vec<Inhabitant>,
    /// The steps, in the order of the file.
    pub steps: Vec<Step>,
    /// The properties of the whole run.
    pub properties: Vec<Property>,
}

impl Scenario {
    /// Returns the variant of this run for people, if the scenario has several: `API level 26, lock
    /// = 4711`.
    pub fn variant_in_words(&self) -> Option<String> {
        let first = self.devices.first()?;
        let version = self.version.map(|version| first.setup.version_in_words(version));
        let choices = self.choices.iter().map(ToString::to_string);
        let words: Vec<_> = version.into_iter().chain(choices).collect();
        (!words.is_empty()).then(|| words.join(", "))
    }
}

/// A key of `for` with the value of one variant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Choice {
    /// The key of a device.
    pub key: String,
    /// Its value; a text is without quotes.
    pub value: String,
}

impl fmt::Display for Choice {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} = {}", self.key, self.value)
    }
}

/// A device of a scenario.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Inhabitant {
    /// Its name.
    pub name: String,
    /// Its setup at the start.
    pub setup: Setup,
}

/// One step: something done at a time, and what must be seen directly afterwards.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// The time, counted from the start.
    pub at: TimeDelta,
    /// The device, by its place in the scenario.
    pub device: usize,
    /// The call; nothing for a step that only checks.
    pub call: Option<Call>,
    /// The expectations.
    pub expect: Vec<Expectation>,
    /// The place of the step in the file.
    pub span: Range<usize>,
}

/// The times at which a property must hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// After every event.
    Always,
    /// After no event.
    Never,
    /// After at least one event.
    Sometimes,
    /// At some later moment, within a time if one is given.
    Eventually(Option<TimeDelta>),
}

impl Mode {
    /// Returns the word for it.
    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::Always => "always",
            Self::Never => "never",
            Self::Sometimes => "sometimes",
            Self::Eventually(_) => "eventually",
        }
    }
}

/// Something that holds over a whole run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Property {
    /// Its name, if it has one.
    pub name: Option<String>,
    /// The times at which it must hold.
    pub mode: Mode,
    /// The device, by its place in the scenario.
    pub device: usize,
    /// Only where all this holds; empty means everywhere.
    pub when: Vec<Expectation>,
    /// The conditions.
    pub expect: Vec<Expectation>,
    /// It is no mistake if `when` never holds.
    pub may_not_apply: bool,
    /// Its place in the file.
    pub span: Range<usize>,
}
