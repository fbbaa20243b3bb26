//! Cells: one class, or unknown, of each fact that matters.

use super::Classes;
use crate::facts::{Fact, FactName, FactSet, Facts, Value};
use crate::policy::{Condition, Conjunction, Policy};

/// All combinations of classes of the facts that matter to some policies, numbered.
///
/// ```
/// use eligibility::classes::Cells;
/// use eligibility::facts::{Fact, Facts, Platform};
/// use eligibility::policy::{PolicyDocument, Reading};
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
/// let (document, _) = PolicyDocument::parse(text)?;
/// let cells = Cells::of(&[&document.read(Reading::Literal)], &[]);
/// let on = |platform| Facts { platform: Fact::Known(platform), ..Facts::default() };
/// assert_eq!(cells.cell(&on(Platform::Linux)), cells.cell(&on(Platform::Windows)));
/// assert_ne!(cells.cell(&on(Platform::Ios)), cells.cell(&on(Platform::Macos)));
/// # Ok::<(), eligibility::diagnostic::InvalidDocument>(())
/// ```
#[derive(Clone, Debug)]
pub struct Cells {
    /// The facts that matter; the first is the highest digit of a cell's number.
    axes: Vec<Axis>,
    count: Option<u32>,
}

/// A fact as a digit of the number of a cell: 0 is unknown, the classes follow.
#[derive(Clone, Debug)]
struct Axis {
    classes: Classes,
    /// The value of one step of the digit.
    stride: u32,
}

impl Cells {
    /// Creates the cells that distinguish what these policies do, and all values of the facts `by`;
    /// versions are distinguished only as the policies do.
    pub fn of(policies: &[&Policy], by: &[FactName]) -> Self {
        Self::with_regions(policies, &[], by)
    }

    /// Creates the cells that also distinguish which devices satisfy each of the regions.
    pub fn with_regions(policies: &[&Policy], regions: &[&Conjunction], by: &[FactName]) -> Self {
        let facts = policies.iter().map(|policy| policy.facts());
        let facts = facts.chain(regions.iter().map(|region| region.facts()));
        let facts = facts.fold(by.iter().copied().collect(), FactSet::union);
        let of_policies = policies.iter().flat_map(|policy| policy.conditions());
        let of_regions = regions.iter().flat_map(|region| region.conditions());
        let conditions: Vec<_> = of_policies.chain(of_regions).collect();
        let mut axes: Vec<_> = facts.iter().map(|fact| Axis::new(fact, &conditions, by)).collect();
        let mut count = Some(1_u32);
        for axis in axes.iter_mut().rev() {
            axis.stride = count.unwrap_or_default();
            count = count.zip(axis.digits()).and_then(|(count, size)| count.checked_mul(size));
        }
        Self { axes, count }
    }

    /// Returns the facts that matter.
    pub fn facts(&self) -> FactSet {
        self.classes().map(Classes::fact).collect()
    }

    /// Returns the classes of each fact that matters, in the order of the facts.
    pub fn classes(&self) -> impl Iterator<Item = &Classes> {
        self.axes.iter().map(|axis| &axis.classes)
    }

    /// Returns the number of cells; `None` if it does not fit.
    pub fn count(&self) -> Option<u32> {
        self.count
    }

    /// Returns the number of the cell of a device; `None` if a fact is one of a set, or if the
    /// [`count`](Self::count) does not fit.
    pub fn cell(&self, facts: &Facts) -> Option<u32> {
        self.count?;
        let mut offsets = self.axes.iter().map(|axis| axis.offset(facts.get(axis.classes.fact())));
        offsets.try_fold(0, |cell: u32, offset| Some(cell + offset?))
    }

    /// Returns a device of a cell: each fact is unknown or the witness of its class.
    ///
    /// Not every such device can exist, see [`Facts::possible`].
    pub fn witness(&self, cell: u32) -> Facts {
        let mut facts = Facts::default();
        let mut rest = cell;
        for axis in &self.axes {
            let digit = rest / axis.stride;
            rest %= axis.stride;
            if let Some(class) = digit.checked_sub(1) {
                let value = axis.classes.witness(class as usize);
                facts.set(axis.classes.fact(), Fact::Known(value));
            }
        }
        facts
    }

    /// Returns the witness of a device's cell, whatever the number of cells.
    pub fn representative(&self, facts: &Facts) -> Facts {
        let mut same = Facts::default();
        for classes in self.classes() {
            let fact = classes.fact();
            same.set(fact, classes.representative(facts.get(fact)));
        }
        same
    }
}

impl Axis {
    fn new(fact: FactName, conditions: &[&Condition], by: &[FactName]) -> Self {
        let classes = if by.contains(&fact) && fact != FactName::OsVersion {
            Classes::distinct(fact, &[].into())
        } else {
            Classes::merged(fact, conditions)
        };
        Self { classes, stride: 0 }
    }

    /// Returns the number of values of the digit.
    fn digits(&self) -> Option<u32> {
        u32::try_from(self.classes.len() + 1).ok()
    }

    fn offset(&self, fact: Fact<Value>) -> Option<u32> {
        let digit = match fact {
            Fact::Unknown => 0,
            Fact::Known(value) => self.classes.class(value) + 1,
            Fact::OneOf(_) => return None,
        };
        let digit = u32::try_from(digit).expect("classes are few");
        Some(digit.wrapping_mul(self.stride))
    }
}
