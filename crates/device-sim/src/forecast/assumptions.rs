//! The assumptions of a forecast: stated shares, each with its origin.

mod parse;
mod sample;

pub use sample::{InvalidAssumption, Share};

use eligibility::diagnostic::InvalidDocument;
use sample::Draw;

use super::variable::{Drawn, ORDER, Variable};
use crate::model::Rng;
use crate::user;

/// The text of the assumptions that hold unless others are given.
pub const DEFAULT_ASSUMPTIONS: &str = include_str!("../../assumptions.toml");

/// The shares from which what is not known of a device is drawn.
///
/// ```
/// use device_sim::forecast::{Assumptions, DEFAULT_ASSUMPTIONS};
///
/// let mut assumptions = Assumptions::read(DEFAULT_ASSUMPTIONS).expect("it is well-formed");
/// assumptions.assume("reset-token=active:3,pending:1")?;
/// assert!(assumptions.assume("reset-token=lots").is_err());
/// # Ok::<(), device_sim::forecast::InvalidAssumption>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Assumptions {
    /// Their name.
    pub title: String,
    /// The frequency of what people do.
    pub timing: user::Timing,
    draws: Vec<Draw>,
    /// For each of [`ORDER`] the places of its draws.
    by_topic: Vec<Vec<usize>>,
    /// The additional assumptions, which hold wherever a device can have them.
    given: Vec<Draw>,
}

/// The variables that were drawn from what was assumed on top.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Given(u32);

impl Given {
    /// Returns true if a variable is one of them.
    pub(super) fn contains(self, variable: Variable) -> bool {
        ORDER.iter().position(|one| *one == variable).is_some_and(|place| self.0 >> place & 1 != 0)
    }
}

impl Assumptions {
    /// Reads a file of assumptions.
    ///
    /// # Errors
    ///
    /// Everything that is wrong with it, in the order of the places.
    pub fn read(text: &str) -> Result<Self, InvalidDocument> {
        parse::read(text)
    }

    /// Assumes other shares of one fact or trait wherever a device can have them:
    /// `KEY=VALUE:SHARE,VALUE:SHARE…`, where a share that is left out is 1. A device that can have
    /// none of the values, as an iPhone has no reset token, keeps what is assumed of it otherwise.
    ///
    /// # Errors
    ///
    /// [`InvalidAssumption`] says what was not understood.
    pub fn assume(&mut self, text: &str) -> Result<(), InvalidAssumption> {
        let draw = Draw::from_flag(text)?;
        self.given.retain(|known| known.what != draw.what);
        self.given.push(draw);
        Ok(())
    }

    /// Returns the assumptions without those on top; `None` if there are none on top.
    pub fn without_given(&self) -> Option<Self> {
        (!self.given.is_empty()).then(|| Self { given: Vec::new(), ..self.clone() })
    }

    /// Returns the additional assumptions, in the order of [`assume`](Self::assume).
    pub(crate) fn given(&self) -> impl Iterator<Item = Variable> {
        self.given.iter().map(|draw| draw.what)
    }

    /// Returns every draw: the variable, the shares, and their origin.
    #[cfg(test)]
    pub(super) fn stated(&self) -> impl Iterator<Item = (Variable, &[Share], &str)> {
        let draws = self.given.iter().chain(&self.draws);
        draws.map(|draw| (draw.what, &draw.shares[..], draw.origin.as_str()))
    }

    /// Returns the places of the draws of each variable, by [`ORDER`].
    fn places(draws: &[Draw]) -> Vec<Vec<usize>> {
        let of = |variable: &Variable| {
            (0..draws.len()).filter(|at| draws[*at].what == *variable).collect()
        };
        ORDER.iter().map(of).collect()
    }

    /// Draws whatever is not known, and returns what was drawn from assumptions on top; those are
    /// passed over unless `with_given`.
    pub(super) fn complete(&self, drawn: &mut Drawn, with_given: bool, rng: &mut Rng) -> Given {
        let mut given = Given::default();
        for (place, variable) in ORDER.into_iter().enumerate() {
            if drawn.get(variable).is_known() {
                continue;
            }
            let on_top = self.given.iter().find(|draw| with_given && draw.what == variable);
            if let Some(draw) = on_top.and_then(|draw| draw.where_possible(drawn)) {
                drawn.set(variable, draw.pick(drawn.get(variable), rng));
                given.0 |= 1 << place;
                continue;
            }
            let mut draws = self.by_topic[place].iter().map(|at| &self.draws[*at]);
            if let Some(draw) = draws.find(|draw| draw.holds(drawn)) {
                drawn.set(variable, draw.pick(drawn.get(variable), rng));
            }
        }
        given
    }
}
