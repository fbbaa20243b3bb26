//! One draw: of what, on which condition, with which shares.

use eligibility::facts::{Fact, OsVersion, Value};
use eligibility::nearest::nearest;

use crate::forecast::variable::{Drawn, Variable};
use crate::model::Rng;

/// A value and its part of the whole.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Share {
    /// The value as files and flags write it.
    pub word: String,
    /// Its part; the whole is the sum of all.
    pub part: u32,
    pub(super) value: Value,
}

/// The values that a variable must have for a draw to apply.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Test {
    OneOf(Vec<Value>),
    Below(OsVersion),
    From(OsVersion),
}

/// A distribution with its condition.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Draw {
    pub(super) what: Variable,
    pub(super) when: Vec<(Variable, Test)>,
    pub(super) shares: Vec<Share>,
    pub(super) origin: String,
}

/// A problem of an assumption that was given as a flag.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum InvalidAssumption {
    /// It has no `=`, or nothing after it.
    #[error("`{text}` is no assumption")]
    Form {
        /// The whole text.
        text: String,
    },
    /// There is no such fact or trait.
    #[error("nothing called `{key}` is drawn")]
    Key {
        /// The given text.
        key: String,
        /// The nearest name, if one is near.
        guess: Option<&'static str>,
    },
    /// The fact or trait has no such value.
    #[error("invalid value `{word}` for `{key}`")]
    Value {
        /// Of what.
        key: &'static str,
        /// The given text.
        word: String,
        /// All that would have been understood; empty for versions.
        understood: &'static [&'static str],
    },
    /// A share is no whole number, or all shares together are nothing or too much.
    #[error("the shares of `{key}` are not whole numbers with a sum from 1 to {}", u32::MAX)]
    Shares {
        /// Of what.
        key: &'static str,
    },
}

/// Returns true if shares have a sum from which one can draw.
pub(super) fn sum_is_usable(shares: &[Share]) -> bool {
    is_usable(shares.iter().map(Share::weighted))
}

fn is_usable(mut shares: impl Iterator<Item = (u32, Value)>) -> bool {
    let sum = shares.try_fold(0_u32, |sum, (part, _)| sum.checked_add(part));
    sum.is_some_and(|sum| sum > 0)
}

/// Draws one of the values, each with its part.
fn pick(shares: impl Iterator<Item = (u32, Value)> + Clone, rng: &mut Rng) -> Value {
    let mut all = shares.clone();
    let (_, first) = all.next().expect("a draw has shares");
    if all.next().is_none() {
        return first;
    }
    let mut ticket = rng.below(shares.clone().map(|(part, _)| part).sum());
    for (part, value) in shares {
        match ticket.checked_sub(part) {
            None => return value,
            Some(rest) => ticket = rest,
        }
    }
    first
}

impl Share {
    fn weighted(&self) -> (u32, Value) {
        (self.part, self.value)
    }
}

impl Draw {
    /// Returns a draw on no condition, as a flag gives it.
    pub(super) fn from_flag(text: &str) -> Result<Self, InvalidAssumption> {
        let form = || InvalidAssumption::Form { text: text.to_owned() };
        let (key, list) = text.split_once('=').ok_or_else(form)?;
        let what = Variable::named(key).ok_or_else(|| InvalidAssumption::Key {
            key: key.to_owned(),
            guess: nearest(key, Variable::names()),
        })?;
        let mut shares = Vec::new();
        for item in list.split(',') {
            let (word, part) = item.split_once(':').unwrap_or((item, "1"));
            let key = what.name();
            let value = what.value(word).ok_or_else(|| InvalidAssumption::Value {
                key,
                word: word.to_owned(),
                understood: what.choices(),
            })?;
            let part = part.parse().map_err(|_| InvalidAssumption::Shares { key })?;
            shares.push(Share { word: word.to_owned(), part, value });
        }
        if !sum_is_usable(&shares) {
            return Err(InvalidAssumption::Shares { key: what.name() });
        }
        Ok(Self { what, when: Vec::new(), shares, origin: "given on the command line".to_owned() })
    }

    /// Returns true if it is for a device with these known facts.
    pub(super) fn holds(&self, drawn: &Drawn) -> bool {
        self.when.iter().all(|(variable, test)| match (drawn.get(*variable), test) {
            (Fact::Unknown | Fact::OneOf(_), _) => false,
            (Fact::Known(value), Test::OneOf(values)) => values.contains(&value),
            (Fact::Known(Value::Version(version)), Test::Below(bound)) => version < *bound,
            (Fact::Known(Value::Version(version)), Test::From(bound)) => version >= *bound,
            (Fact::Known(Value::Choice(_)), Test::Below(_) | Test::From(_)) => false,
        })
    }

    /// Returns the draw with those of its values that a device with these facts can have; `None` if
    /// it can have none of them.
    pub(super) fn where_possible(&self, drawn: &Drawn) -> Option<Self> {
        let known = drawn.get(self.what);
        let possible = |share: &&Share| {
            let agrees = match (known, share.value) {
                (Fact::OneOf(set), Value::Choice(choice)) => set.contains(choice),
                _ => true,
            };
            agrees && drawn.could_have(self.what, share.value)
        };
        let shares: Vec<_> = self.shares.iter().filter(possible).cloned().collect();
        sum_is_usable(&shares).then(|| Self { shares, ..self.clone() })
    }

    /// Draws one of the values that agree with what is known; any value of the set where none of
    /// them has a share.
    pub(super) fn pick(&self, known: Fact<Value>, rng: &mut Rng) -> Value {
        let shares = self.shares.iter().map(Share::weighted);
        let Fact::OneOf(set) = known else { return pick(shares, rng) };
        let inside = |value: Value| matches!(value, Value::Choice(one) if set.contains(one));
        let possible = shares.filter(|(_, value)| inside(*value));
        match is_usable(possible.clone()) {
            true => pick(possible, rng),
            false => {
                let alike: Vec<_> = set.iter().map(|one| (1, Value::Choice(one))).collect();
                pick(alike.into_iter(), rng)
            }
        }
    }
}
