//! The variables of a device: its facts, and its traits, which no inventory contains.

use eligibility::facts::{
    Fact, FactName, Facts, InvalidValue, ManagementState, OsVersion, UnlockToken, Value,
};

use crate::service::CheckIn;
use crate::subject::{NotSimulated, subject};
use crate::user::{BehaviourProfile, Reach};
use eligibility::closed_enum;

closed_enum! {
    /// A trait of a device at the time of the request, which no inventory contains.
    pub enum Trait: "trait" {
        /// The time since its enrolment.
        CheckIn = "check-in",
        /// Pushes reach it by Google's services.
        GoogleServices = "google-services",
        /// It has a cellular connection; otherwise there is Wi-Fi only.
        Cellular = "cellular",
        /// The behaviour profile of its user.
        Behaviour = "habit",
        /// It is within reach.
        Reach = "reach",
        /// Its work profile is turned on.
        WorkProfile = "work-profile",
    }
}

impl Trait {
    /// Returns the words that it takes.
    pub(crate) const fn choices(self) -> &'static [&'static str] {
        match self {
            Self::CheckIn => CheckIn::WORDS,
            Self::GoogleServices | Self::Cellular => &["false", "true"],
            Self::Behaviour => BehaviourProfile::WORDS,
            Self::Reach => Reach::WORDS,
            Self::WorkProfile => &["on", "off"],
        }
    }
}

/// The variable of a draw.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Variable {
    /// A fact, which an inventory may contain.
    Fact(FactName),
    /// A trait, which no inventory contains.
    Trait(Trait),
}

/// The order in which what is not known is drawn. A passcode comes before the encryption that
/// follows from it, and everything else before people.
pub(super) const ORDER: [Variable; 18] = [
    Variable::Fact(FactName::Platform),
    Variable::Fact(FactName::Ownership),
    Variable::Fact(FactName::Management),
    Variable::Fact(FactName::OsVersion),
    Variable::Fact(FactName::Supervised),
    Variable::Fact(FactName::PasscodeRequired),
    Variable::Fact(FactName::PasscodeSet),
    Variable::Fact(FactName::Encrypted),
    Variable::Fact(FactName::ResetToken),
    Variable::Fact(FactName::UnlockToken),
    Variable::Fact(FactName::ManagementState),
    Variable::Fact(FactName::AzureAdJoined),
    Variable::Trait(Trait::CheckIn),
    Variable::Trait(Trait::GoogleServices),
    Variable::Trait(Trait::Cellular),
    Variable::Trait(Trait::Behaviour),
    Variable::Trait(Trait::Reach),
    Variable::Trait(Trait::WorkProfile),
];

impl Variable {
    /// Returns the variable of this name.
    pub(super) fn named(name: &str) -> Option<Self> {
        let fact = name.parse().ok().map(Self::Fact);
        fact.or_else(|| name.parse().ok().map(Self::Trait))
    }

    /// Returns its name.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Fact(fact) => fact.as_str(),
            Self::Trait(one) => one.as_str(),
        }
    }

    /// Returns all names.
    pub(super) fn names() -> impl Iterator<Item = &'static str> {
        ORDER.iter().map(|variable| variable.name())
    }

    /// Returns the words that it takes; none for versions.
    pub(super) const fn choices(self) -> &'static [&'static str] {
        match self {
            Self::Fact(fact) => fact.choices(),
            Self::Trait(one) => one.choices(),
        }
    }

    /// Returns the value of this name.
    pub(super) fn value(self, text: &str) -> Option<Value> {
        match self {
            Self::Fact(fact) => fact.parse(text).map_err(|_: InvalidValue| ()).ok(),
            Self::Trait(one) => {
                let place = one.choices().iter().position(|choice| *choice == text)?;
                u8::try_from(place).ok().map(Value::Choice)
            }
        }
    }
}

/// A version of every platform at which everything exists that ever did.
const LATE: OsVersion = OsVersion::new([12, 0, 0, 0]);

/// Returns a fact, known to be a value if it is unknown.
fn known_or<T: Copy>(fact: Fact<T>, value: T) -> Fact<T> {
    if fact.known().is_some() { fact } else { Fact::Known(value) }
}

/// A device with every fact known that a draw could give.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Drawn {
    pub(super) facts: Facts,
    traits: [Fact<u8>; Trait::ALL.len()],
}

impl Drawn {
    /// Returns a device with known facts only.
    pub(super) fn of(facts: Facts) -> Self {
        Self { facts, ..Self::default() }
    }

    pub(super) fn get(&self, variable: Variable) -> Fact<Value> {
        match variable {
            Variable::Fact(fact) => self.facts.get(fact),
            Variable::Trait(one) => self.traits[one as usize].known().map(Value::Choice).into(),
        }
    }

    pub(super) fn set(&mut self, variable: Variable, value: Value) {
        match (variable, value) {
            (Variable::Fact(fact), value) => self.facts.set(fact, Fact::Known(value)),
            (Variable::Trait(one), Value::Choice(choice)) => {
                self.traits[one as usize] = Fact::Known(choice);
            }
            (Variable::Trait(_), Value::Version(_)) => {}
        }
    }

    /// Returns true if the value agrees with the known facts and the earlier draws.
    pub(super) fn could_have(&self, variable: Variable, value: Value) -> bool {
        let Variable::Fact(fact) = variable else { return true };
        let mut facts = self.facts;
        facts.set(fact, Fact::Known(value));
        // What is not drawn yet gets a value that contradicts nothing, so that it hides nothing.
        facts.os_version = known_or(facts.os_version, LATE);
        facts.unlock_token = known_or(facts.unlock_token, UnlockToken::Missing);
        facts.passcode_required = known_or(facts.passcode_required, true);
        facts.management_state = known_or(facts.management_state, ManagementState::Managed);
        !matches!(subject(&facts), Err(NotSimulated::NotPossible(_)))
    }

    /// Returns the sampled word of a trait, if there is one.
    pub(super) fn choice<T: Copy>(&self, one: Trait, words: &[T]) -> Option<T> {
        words.get(usize::from(self.traits[one as usize].known()?)).copied()
    }
}
