//! The events: one line of text or one JSON object each, the same on every machine.

use std::fmt;
use std::sync::Arc;

use chrono::{DateTime, Datelike, Timelike, Utc};
use serde::{Serialize, Serializer};

use crate::model::{Outcome, Value, Viewer};

/// Something observable that became different.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Change {
    /// The viewer.
    pub viewer: Viewer,
    /// The observable.
    pub what: &'static str,
    /// Its former value.
    pub from: Value,
    /// Its present value.
    pub to: Value,
}

/// Something that happened along the way and left no other mark.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Note {
    /// The viewer.
    pub viewer: Viewer,
    /// The event in a few words.
    pub text: &'static str,
}

/// One event: an action on a device and its result.
///
/// Its `Display` form is the line of the text trace; its `Serialize` form is the JSON object.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Event {
    /// The time.
    #[serde(serialize_with = "instant")]
    pub at: DateTime<Utc>,
    /// Counted from 1 over the whole world.
    pub number: u64,
    /// The device.
    #[serde(serialize_with = "text")]
    pub device: Arc<str>,
    /// The actor.
    pub actor: Viewer,
    /// The call, in the field's own verb.
    #[serde(rename = "do")]
    pub verb: &'static str,
    /// With what; passcodes and tokens only by their kind and length.
    #[serde(rename = "with", serialize_with = "map", skip_serializing_if = "Vec::is_empty")]
    pub arguments: Vec<(&'static str, Value)>,
    /// The outcome, for calls that answer.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub outcome: Option<Outcome>,
    /// The change.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub changes: Vec<Change>,
    /// Other events.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub notes: Vec<Note>,
    /// The step of the scenario, counted from 0, if it was one.
    #[serde(skip)]
    pub step: Option<usize>,
}

impl Event {
    /// Returns the event as one JSON object on one line.
    pub fn to_json(&self) -> String {
        serde_json::to_string(self).expect("an event has text keys and no floats")
    }
}

impl fmt::Display for Event {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let at = format_instant(self.at);
        write!(f, "{at} {} {} {} {}", self.number, self.device, self.actor.as_str(), self.verb)?;
        for (name, value) in &self.arguments {
            write!(f, " {name}={value}")?;
        }
        if let Some(Outcome { key, value, message }) = &self.outcome {
            write!(f, " => {key} {value}")?;
            if let Some(message) = message {
                write!(f, " ({message})")?;
            }
        }
        for Change { what, from, to, .. } in &self.changes {
            write!(f, "; {what}: {from} -> {to}")?;
        }
        for note in &self.notes {
            write!(f, "; {}", note.text)?;
        }
        Ok(())
    }
}

/// Returns a moment as traces write it, to the second and in UTC: `2018-04-02T09:00:00Z`.
pub fn format_instant(at: DateTime<Utc>) -> impl fmt::Display {
    let (date, time) = (at.date_naive(), at.time());
    // By hand: a fifth of the time of a large run would go into interpreting a format.
    fmt::from_fn(move |f| {
        let (year, month, day) = (date.year(), date.month(), date.day());
        let (hour, minute, second) = (time.hour(), time.minute(), time.second());
        write!(f, "{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}Z")
    })
}

fn instant<S: Serializer>(at: &DateTime<Utc>, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(&format_instant(*at))
}

fn text<S: Serializer>(text: &Arc<str>, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(text)
}

fn map<S: Serializer>(entries: &[(&'static str, Value)], serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_map(entries.iter().map(|(name, value)| (*name, value)))
}

/// A fingerprint of a trace: FNV-1a over its text lines, 64 bits.
///
/// It shows whether two runs did the same; it is not a cryptographic protection.
///
/// ```
/// use device_sim::TraceHash;
///
/// let mut hash = TraceHash::default();
/// hash.add(b"foobar");
/// assert_eq!(hash.to_string(), "85944171f73967e8");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TraceHash(u64);

impl Default for TraceHash {
    fn default() -> Self {
        Self(0xcbf2_9ce4_8422_2325)
    }
}

impl TraceHash {
    /// Continues the fingerprint with these bytes.
    pub fn add(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.0 = (self.0 ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3);
        }
    }

    /// Continues the fingerprint with the line of an event.
    pub fn add_event(&mut self, event: &Event) {
        fmt::Write::write_fmt(self, format_args!("{event}\n")).expect("a hash takes all text");
    }

    /// Returns the fingerprint as a number.
    pub const fn value(self) -> u64 {
        self.0
    }
}

impl fmt::Write for TraceHash {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        self.add(text.as_bytes());
        Ok(())
    }
}

impl fmt::Display for TraceHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:016x}", self.0)
    }
}
