//! Values that are equal to every policy.

use eligibility::decide::presumed;
use eligibility::facts::{
    Fact, FactName, FactSet, FactValue, Facts, Management, OsVersion, Platform, Value,
};
use eligibility::policy::{Condition, Conjunction, Policy, Test};

/// The number of a class of one fact; 0 is always the class of the unknown.
pub type Class = u32;

/// For each fact that matters, the classes of its values.
///
/// Two values share a class if no condition of the policies tells them apart, if both or neither
/// are presumed of an unknown fact, and, for platforms and management modes, if the same of the
/// others exist together with them: then exchanging one for the other changes no decision.
/// Unknown is a class of its own. A fact that is one of a set has no class.
///
/// A combination of classes, one of each fact, is a *cell*; cells are numbered.
///
/// ```
/// use eligibility::facts::{Fact, FactName, Facts, Platform};
/// use eligibility::policy::{PolicyDocument, Reading};
/// use fleet::Classes;
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
/// let classes = Classes::of(&[&document.read(Reading::Literal)], &[]);
/// let on = |platform| Facts { platform: Fact::Known(platform), ..Facts::default() };
/// assert_eq!(classes.cell(&on(Platform::Linux)), classes.cell(&on(Platform::Windows)));
/// assert_ne!(classes.cell(&on(Platform::Ios)), classes.cell(&on(Platform::Macos)));
/// ```
#[derive(Clone, Debug)]
pub struct Classes {
    axes: Vec<Axis>,
    cells: Option<u32>,
}

/// The classes of one fact.
#[derive(Clone, Debug)]
struct Axis {
    kind: FactName,
    /// The class of each word; for versions, of each stretch between two cuts.
    classes: Vec<Class>,
    cuts: Vec<OsVersion>,
    /// A value of each class.
    witnesses: Vec<Fact<Value>>,
    /// The distance between two neighbouring classes in the numbers of cells.
    stride: u32,
}

impl Classes {
    /// The classes that these policies need. Values of the facts `by` are all told apart, except
    /// that versions are only told apart as the policies do.
    pub fn of(policies: &[&Policy], by: &[FactName]) -> Self {
        Self::with_regions(policies, &[], by)
    }

    /// The classes that these policies need, and that tell which of these devices a device is.
    pub fn with_regions(policies: &[&Policy], regions: &[&Conjunction], by: &[FactName]) -> Self {
        let asked = policies.iter().map(|policy| policy.facts());
        let asked = asked.chain(regions.iter().map(|region| region.facts()));
        let asked = asked.fold(by.iter().copied().collect(), FactSet::union);
        let of_policies = policies.iter().flat_map(|policy| policy.conditions());
        let of_regions = regions.iter().flat_map(|region| region.conditions());
        let conditions: Vec<_> = of_policies.chain(of_regions).collect();
        let mut axes: Vec<_> =
            asked.iter().map(|kind| Axis::new(kind, &conditions, by.contains(&kind))).collect();
        let mut cells = Some(1_u32);
        for axis in axes.iter_mut().rev() {
            axis.stride = cells.unwrap_or_default();
            let classes = u32::try_from(axis.witnesses.len()).ok();
            cells = cells.zip(classes).and_then(|(cells, classes)| cells.checked_mul(classes));
        }
        Self { axes, cells }
    }

    /// The facts that matter.
    pub fn facts(&self) -> FactSet {
        self.kinds().collect()
    }

    /// The facts that matter, in the order in which a cell combines their classes.
    pub fn kinds(&self) -> impl Iterator<Item = FactName> {
        self.axes.iter().map(|axis| axis.kind)
    }

    /// How many classes each of the facts that matter has.
    pub fn sizes(&self) -> impl Iterator<Item = usize> {
        self.axes.iter().map(|axis| axis.witnesses.len())
    }

    /// How many cells there are; `None` if the numbers would not fit.
    pub fn cells(&self) -> Option<u32> {
        self.cells
    }

    /// Returns the number of the cell of a device: the classes as digits, the first fact being the
    /// highest; `None` if a fact is one of a set. It is meaningless if there are
    /// too many [`cells`](Self::cells).
    pub fn cell(&self, facts: &Facts) -> Option<u32> {
        let mut offsets = self.axes.iter().map(|axis| axis.offset(facts.get(axis.kind)));
        offsets.try_fold(0, |cell: u32, offset| Some(cell.wrapping_add(offset?)))
    }

    /// Returns the class of a value; `None` if it is one of a set.
    ///
    /// # Panics
    ///
    /// If the fact does not matter.
    pub fn class(&self, kind: FactName, value: Fact<Value>) -> Option<Class> {
        let axis = self.axes.iter().find(|axis| axis.kind == kind);
        axis.expect("only facts that matter have classes").class(value)
    }

    /// A device of a cell.
    pub fn witness(&self, cell: u32) -> Facts {
        let mut facts = Facts::default();
        let mut rest = cell;
        for axis in &self.axes {
            let class = rest / axis.stride;
            rest %= axis.stride;
            facts.set(axis.kind, axis.witnesses[class as usize]);
        }
        facts
    }

    /// The same device with the facts that do not matter forgotten and the others replaced by the
    /// witness of their class; a set stays as it is.
    pub fn representative(&self, facts: &Facts) -> Facts {
        let mut same = Facts::default();
        for axis in &self.axes {
            same.set(axis.kind, axis.representative(facts.get(axis.kind)));
        }
        same
    }

    /// A value of each class of a fact, the unknown first; empty if the fact does not matter.
    pub fn witnesses(&self, kind: FactName) -> &[Fact<Value>] {
        let axis = self.axes.iter().find(|axis| axis.kind == kind);
        axis.map_or(&[], |axis| &axis.witnesses)
    }
}

impl Axis {
    fn new(kind: FactName, conditions: &[&Condition], exact: bool) -> Self {
        let conditions: Vec<_> =
            conditions.iter().filter(|condition| condition.fact == kind).collect();
        let cuts = cuts(&conditions);
        let words = 0..u8::try_from(kind.choices().len()).expect("closed sets are small");
        let values: Vec<Value> = match kind {
            FactName::OsVersion => {
                let starts = std::iter::once(OsVersion::MIN).chain(cuts.iter().copied());
                starts.map(Value::Version).collect()
            }
            _ => words.map(Value::Choice).collect(),
        };
        let mut classes = Vec::new();
        let mut witnesses = vec![Fact::Unknown];
        let mut seen: Vec<(Vec<bool>, Class)> = Vec::new();
        for value in values {
            let mut traits: Vec<_> = conditions.iter().map(|one| one.accepts(value)).collect();
            traits.extend(company(kind, value));
            traits.push(presumed(kind, value));
            let known = seen.iter().find(|(other, _)| !exact && *other == traits);
            let class = known.map(|(_, class)| *class).unwrap_or_else(|| {
                let class = u32::try_from(witnesses.len()).expect("values fit into memory");
                witnesses.push(Fact::Known(value));
                seen.push((traits, class));
                class
            });
            classes.push(class);
        }
        Self { kind, classes, cuts, witnesses, stride: 0 }
    }

    fn class(&self, value: Fact<Value>) -> Option<Class> {
        match value {
            Fact::Unknown => Some(0),
            Fact::Known(Value::Choice(choice)) => Some(self.classes[usize::from(choice)]),
            Fact::Known(Value::Version(version)) => {
                Some(self.classes[self.cuts.partition_point(|cut| *cut <= version)])
            }
            // A set is decided as it is: its members may differ beside other facts.
            Fact::OneOf(_) => None,
        }
    }

    fn offset(&self, value: Fact<Value>) -> Option<u32> {
        self.class(value).map(|class| class.wrapping_mul(self.stride))
    }

    /// Returns the witness of the class of a value; a set stays as it is.
    fn representative(&self, value: Fact<Value>) -> Fact<Value> {
        self.class(value).map_or(value, |class| self.witnesses[class as usize])
    }
}

/// The versions at which any of the conditions changes.
fn cuts(conditions: &[&&Condition]) -> Vec<OsVersion> {
    let ranges = conditions.iter().filter_map(|condition| match &condition.test {
        Test::Versions(set) => Some(set.ranges()),
        Test::Choices(_) => None,
    });
    let mut cuts: Vec<_> =
        ranges.flatten().flat_map(|range| [Some(range.from), range.before]).flatten().collect();
    cuts.sort_unstable();
    cuts.dedup();
    cuts.retain(|cut| *cut != OsVersion::MIN);
    cuts
}

/// For a platform, which management modes exist on it, and the other way round.
fn company(kind: FactName, value: Value) -> Vec<bool> {
    match (Platform::from_value(value), Management::from_value(value)) {
        (Some(platform), _) if kind == FactName::Platform => {
            Management::ALL.iter().map(|mode| mode.exists_on(platform)).collect()
        }
        (_, Some(mode)) if kind == FactName::Management => {
            Platform::ALL.iter().map(|platform| mode.exists_on(*platform)).collect()
        }
        _ => Vec::new(),
    }
}
