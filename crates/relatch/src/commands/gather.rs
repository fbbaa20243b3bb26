//! What plans and comparisons take from the rows of an inventory, in any thread.

use fleet::{Coder, Counted, Counter, Program};
use inventory::{Batch, Harvest, Wanted};

use crate::present::devices::{Lines, ListFormat};

/// Counts devices, and writes their lines if there is a list.
pub(super) struct Gather<'p> {
    program: &'p Program,
    counter: Counter,
    list: Option<ListFormat>,
}

/// What becomes of a part of the rows.
pub(super) struct Gathered {
    pub(super) counted: Counted,
    pub(super) lines: Vec<u8>,
}

/// What a thread keeps.
pub(super) struct Hand {
    coder: Coder,
    lines: Option<Lines>,
}

impl<'p> Gather<'p> {
    pub(super) fn new(program: &'p Program, counter: Counter, list: Option<ListFormat>) -> Self {
        Self { program, counter, list }
    }
}

impl Harvest for Gather<'_> {
    type Hand = Hand;
    type Part = Gathered;

    fn wanted(&self) -> Wanted {
        Wanted { facts: self.counter.facts(), identity: self.list.is_some() }
    }

    fn hand(&self) -> Hand {
        let list = self.list.clone();
        let lines = list.map(|format| Lines::new(format, self.program.policy()));
        Hand { coder: Coder::default(), lines }
    }

    fn part(&self) -> Gathered {
        Gathered { counted: self.counter.begin(), lines: Vec::new() }
    }

    fn gather(&self, hand: &mut Hand, part: &mut Gathered, batch: &Batch) {
        self.counter.gather(&mut hand.coder, batch, &mut part.counted);
        if let Some(lines) = &mut hand.lines {
            lines.write(self.program, batch, &mut part.lines);
        }
    }
}
