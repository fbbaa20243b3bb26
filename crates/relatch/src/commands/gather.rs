//! What plans and comparisons take from the rows of an inventory, in any thread.

use eligibility::facts::FactName;
use fleet::{Coder, Counted, Counter, Program};
use inventory::{Batch, Projection, Sink};

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

impl Sink for Gather<'_> {
    type Local = Hand;
    type Partial = Gathered;

    fn projection(&self) -> Projection {
        // A list has every fact.
        let all = || FactName::ALL.iter().copied().collect();
        let facts = if self.list.is_some() { all() } else { self.counter.facts() };
        Projection { facts, identity: self.list.is_some() }
    }

    fn local(&self) -> Hand {
        Hand { coder: Coder::default(), lines: self.list.clone().map(Lines::new) }
    }

    fn partial(&self) -> Gathered {
        Gathered { counted: self.counter.begin(), lines: Vec::new() }
    }

    fn consume(&self, local: &mut Hand, partial: &mut Gathered, batch: &Batch) {
        self.counter.consume(&mut local.coder, batch, &mut partial.counted);
        if let Some(lines) = &mut local.lines {
            lines.write(self.program, batch, &mut partial.lines);
        }
    }
}
