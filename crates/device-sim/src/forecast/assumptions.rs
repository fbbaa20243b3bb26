//! What a forecast assumes where nothing is known: stated shares, each with its origin.

mod draw;
mod reading;

pub use draw::{InvalidAssumption, Share};

use draw::Draw;
use eligibility::diagnostic::InvalidDocument;

use super::topic::{Drawn, ORDER, Topic};
use crate::model::Rng;
use crate::user;

/// The text of the assumptions that hold unless others are given.
pub const DEFAULT_ASSUMPTIONS: &str = include_str!("../../assumptions.toml");

/// From which shares what is not known of a device is drawn.
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
    /// What they are called.
    pub title: String,
    /// How often people do what they do.
    pub people: user::Timing,
    draws: Vec<Draw>,
}

impl Assumptions {
    /// Reads a file of assumptions.
    ///
    /// # Errors
    ///
    /// Everything that is wrong with it, in the order of the places.
    pub fn read(text: &str) -> Result<Self, InvalidDocument> {
        reading::read(text)
    }

    /// Replaces whatever is assumed of one fact or trait: `KEY=VALUE:SHARE,VALUE:SHARE…`, where a
    /// share that is left out is 1.
    ///
    /// # Errors
    ///
    /// [`InvalidAssumption`] says what was not understood.
    pub fn assume(&mut self, text: &str) -> Result<(), InvalidAssumption> {
        let draw = Draw::from_flag(text)?;
        self.draws.retain(|known| known.what != draw.what);
        self.draws.push(draw);
        Ok(())
    }

    /// Returns what is assumed, draw by draw: what, on which condition, the shares, and their
    /// origin.
    pub fn stated(&self) -> impl Iterator<Item = (Topic, String, Vec<Share>, &str)> {
        self.draws.iter().map(|draw| {
            (draw.what, draw.condition_in_words(), draw.shares.clone(), draw.origin.as_str())
        })
    }

    /// Draws whatever is not known.
    pub(super) fn complete(&self, drawn: &mut Drawn, rng: &mut Rng) {
        for topic in ORDER {
            if drawn.get(topic).is_known() {
                continue;
            }
            let draw = self.draws.iter().find(|draw| draw.what == topic && draw.holds(drawn));
            if let Some(draw) = draw {
                drawn.set(topic, draw.pick(drawn.get(topic), rng));
            }
        }
    }
}
