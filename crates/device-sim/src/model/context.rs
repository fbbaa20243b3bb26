//! The context of a call: all that a model may use besides its own state.

use chrono::{DateTime, TimeDelta, Utc};

use super::rng::Rng;
use super::trace::Note;
use super::value::Viewer;

/// The context of a call, for a model with calls of type `C`.
///
/// ```
/// use chrono::{DateTime, TimeDelta};
/// use device_sim::{Context, Rng};
///
/// let mut rng = Rng::new(1, 0);
/// let mut context = Context::new(DateTime::UNIX_EPOCH, &mut rng);
/// context.after(TimeDelta::minutes(5), "ring");
/// let (later, notes) = context.finish();
/// assert_eq!(later, [(TimeDelta::minutes(5), "ring")]);
/// assert_eq!(notes, []);
/// ```
#[derive(Debug)]
pub struct Context<'a, C> {
    /// The time.
    pub now: DateTime<Utc>,
    /// The device's own stream of random numbers.
    pub rng: &'a mut Rng,
    later: Vec<(TimeDelta, C)>,
    notes: Vec<Note>,
}

impl<'a, C> Context<'a, C> {
    /// Returns a context of this moment.
    pub fn new(now: DateTime<Utc>, rng: &'a mut Rng) -> Self {
        Self { now, rng, later: Vec::new(), notes: Vec::new() }
    }

    /// Schedules another call on the same device after a while.
    pub fn after(&mut self, delay: TimeDelta, call: C) {
        self.later.push((delay, call));
    }

    /// Takes back everything that this call has scheduled.
    pub fn leave_the_rest_to_others(&mut self) {
        self.later.clear();
    }

    /// Puts a remark into the trace.
    pub fn note(&mut self, viewer: Viewer, text: &'static str) {
        self.notes.push(Note { viewer, text });
    }

    /// Lets a part of the model act, whose calls have the type `D`; `wrap` makes its calls those of
    /// the whole.
    pub(crate) fn within<D, R>(
        &mut self,
        wrap: fn(D) -> C,
        act: impl FnOnce(&mut Context<'_, D>) -> R,
    ) -> R {
        let notes = std::mem::take(&mut self.notes);
        let mut part = Context { now: self.now, rng: self.rng, later: Vec::new(), notes };
        let result = act(&mut part);
        self.notes = part.notes;
        self.later.extend(part.later.into_iter().map(|(delay, call)| (delay, wrap(call))));
        result
    }

    /// Ends the call: what it scheduled, and its remarks.
    pub fn finish(self) -> (Vec<(TimeDelta, C)>, Vec<Note>) {
        (self.later, self.notes)
    }
}
