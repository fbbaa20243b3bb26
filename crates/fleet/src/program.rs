//! A policy compiled for many devices.

mod rule_sets;

use std::sync::Arc;

use eligibility::decide::Decision;
use eligibility::facts::Facts;
use eligibility::policy::Policy;

use crate::classes::Classes;
use rule_sets::RuleSets;

/// The most cells that get a table of decisions, which then takes 128 KiB.
///
/// Beyond, the sets of rules that each class leaves are intersected.
pub const TABLE_CELLS: u32 = 1 << 16;

/// The number of a decision of one [`Program`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct DecisionId(u32);

impl DecisionId {
    /// The position of the decision in [`Program::decisions`].
    pub const fn index(self) -> usize {
        self.0 as usize
    }
}

/// A policy whose decisions are looked up.
///
/// There are two forms. If the policy has at most [`TABLE_CELLS`] cells (see [`Classes`]), the
/// decision of each is worked out beforehand and stands in a table. Otherwise a decision is worked
/// out when it is first needed: each class stands for the set of clauses that it leaves possible,
/// the sets of a device are intersected, and devices with the same result share a decision. Every
/// decision, in either form, was given by [`decide`](eligibility::decide::decide).
///
/// ```
/// use eligibility::decide::decide;
/// use eligibility::facts::Facts;
/// use eligibility::policy::{PolicyDocument, Reading};
/// use fleet::compile;
///
/// # let text = r#"
/// # id = "p"
/// # title = "iPhones"
/// # source = "https://example.com"
/// # documented = 2018-03-29
/// # [[rule]]
/// # id = "ios"
/// # when = { platform = "ios" }
/// # then = "remove-passcode"
/// # source = "first bullet"
/// # "#;
/// let (document, _) = PolicyDocument::parse(text).expect("it is well-formed");
/// let program = compile(document.read(Reading::Literal));
/// let id = program.decide(&Facts::default());
/// assert_eq!(*program.decision(id), decide(program.policy(), &Facts::default()));
/// ```
#[derive(Debug)]
pub struct Program {
    classes: Classes,
    rules: RuleSets,
    table: Option<Table>,
}

/// The decision of each cell; as long as there are indices of 16 bits, so that none is outside.
type Table = Box<[u16; TABLE_CELLS as usize]>;

/// Compiles a policy, into a table if it is small enough.
pub fn compile(policy: Policy) -> Program {
    Program::with_limit(policy, TABLE_CELLS)
}

/// Compiles a policy without a table, however small it is.
pub fn compile_to_rule_sets(policy: Policy) -> Program {
    Program::with_limit(policy, 0)
}

impl Program {
    fn with_limit(policy: Policy, limit: u32) -> Self {
        let classes = Classes::of(&[&policy], &[]);
        let rules = RuleSets::new(policy);
        let table = classes.cells().filter(|cells| *cells <= limit).map(|cells| {
            let mut table: Table = vec![0; TABLE_CELLS as usize]
                .try_into()
                .expect("the vector is as long as the table");
            for cell in 0..cells {
                let id = rules.decide(&classes.witness(cell)).0;
                table[cell as usize] = u16::try_from(id).expect("there are no more than cells");
            }
            table
        });
        Self { classes, rules, table }
    }

    /// The policy that was compiled.
    pub fn policy(&self) -> &Policy {
        self.rules.policy()
    }

    /// The classes of the policy's facts.
    pub fn classes(&self) -> &Classes {
        &self.classes
    }

    /// Whether the decisions stand in a table.
    pub fn has_table(&self) -> bool {
        self.table.is_some()
    }

    /// Decides a device.
    pub fn decide(&self, facts: &Facts) -> DecisionId {
        match self.table.as_ref().zip(self.classes.cell(facts)) {
            Some((table, cell)) => DecisionId(table[cell as usize].into()),
            None => self.rules.decide(facts),
        }
    }

    /// The decision of a cell of [`classes`](Self::classes).
    ///
    /// # Panics
    ///
    /// If there is no such cell.
    pub fn decide_cell(&self, cell: u32) -> DecisionId {
        match &self.table {
            Some(table) => DecisionId(table[cell as usize].into()),
            None => self.rules.decide(&self.classes.witness(cell)),
        }
    }

    /// Decides devices whose classes stand in columns: one column for each of
    /// [`Classes::kinds`], and a decision's [index](DecisionId::index) for each device.
    ///
    /// # Panics
    ///
    /// If there is no table, or if the columns are not as many as the facts that matter or not as
    /// long as `decisions`.
    pub fn decide_columns(&self, columns: &[&[u8]], decisions: &mut [u16]) {
        /// The devices per step, so that all data stays in the first-level cache.
        const AT_ONCE: usize = 512;
        let table = self.table.as_deref().expect("only a table decides columns");
        let sizes: Vec<u16> = self
            .classes
            .sizes()
            .map(|size| u16::try_from(size).expect("a table has few classes"))
            .collect();
        assert_eq!(columns.len(), sizes.len(), "a column for each fact that matters");
        let mut start = 0;
        for decisions in decisions.chunks_mut(AT_ONCE) {
            let mut cells = [0_u16; AT_ONCE];
            let cells = &mut cells[..decisions.len()];
            for (column, size) in columns.iter().zip(&sizes) {
                let classes = &column[start..start + cells.len()];
                for (cell, class) in cells.iter_mut().zip(classes) {
                    *cell = cell.wrapping_mul(*size).wrapping_add(u16::from(*class));
                }
            }
            for (decision, cell) in decisions.iter_mut().zip(cells.iter()) {
                *decision = table[usize::from(*cell)];
            }
            start += decisions.len();
        }
    }

    /// A decision that was given.
    ///
    /// # Panics
    ///
    /// If `id` comes from another program.
    pub fn decision(&self, id: DecisionId) -> Arc<Decision> {
        self.rules.decision(id)
    }

    /// All different decisions so far, by [`DecisionId::index`]; a table has all there are.
    pub fn decisions(&self) -> Vec<Arc<Decision>> {
        self.rules.decisions()
    }
}
