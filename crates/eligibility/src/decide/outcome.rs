//! The parts of a decision.

use std::fmt;

use serde::ser::SerializeMap;
use serde::{Serialize, Serializer};

use crate::closed_enum;
use crate::facts::{FactName, FactSet};
use crate::policy::{Action, Clause, Mechanism, Rule, Scope};
use crate::text::serialize_as_text;

closed_enum! {
    /// The cause of an undetermined verdict.
    pub enum Cause: "cause" {
        /// Facts are missing whose knowledge could change the verdict.
        MissingFacts = "missing-facts",
        /// The policy has a gap here.
        NoRuleMatches = "no-rule-matches",
        /// Rules that give different things match.
        Conflict = "conflict",
    }
}

closed_enum! {
    /// A verdict without its cause.
    pub enum VerdictWord: "decision" {
        /// [`Verdict::Eligible`].
        Eligible = "eligible",
        /// [`Verdict::Conditional`].
        Conditional = "conditional",
        /// [`Verdict::Ineligible`].
        Ineligible = "ineligible",
        /// [`Verdict::Undetermined`].
        Undetermined = "undetermined",
    }
}

/// The verdict on the action, in one word.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Verdict {
    /// A rule allows it, and all that it needs is known to hold.
    Eligible,
    /// A rule allows it, and something that it needs is not known.
    Conditional,
    /// A rule refuses it, or a known fact breaks what is needed.
    Ineligible,
    /// The policy and the facts do not say.
    Undetermined(Cause),
}

impl Verdict {
    /// Returns the verdict without its cause.
    pub const fn word(self) -> VerdictWord {
        match self {
            Self::Eligible => VerdictWord::Eligible,
            Self::Conditional => VerdictWord::Conditional,
            Self::Ineligible => VerdictWord::Ineligible,
            Self::Undetermined(_) => VerdictWord::Undetermined,
        }
    }

    /// Returns the cause of an undetermined outcome.
    pub const fn cause(self) -> Option<Cause> {
        match self {
            Self::Undetermined(cause) => Some(cause),
            _ => None,
        }
    }

    /// Returns true if the action is allowed, perhaps under conditions.
    pub const fn allows(self) -> bool {
        matches!(self, Self::Eligible | Self::Conditional)
    }
}

serialize_as_text!(Verdict);

impl fmt::Display for Verdict {
    /// Returns the verdict and its cause: `eligible`, `undetermined (conflict)`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.cause() {
            Some(cause) => write!(f, "{} ({cause})", self.word()),
            None => self.word().fmt(f),
        }
    }
}

closed_enum! {
    /// The reason for a verdict; the codes are stable.
    pub enum ReasonCode: "reason" {
        /// A rule allows the action.
        Supported = "supported",
        /// A rule refuses the action.
        Unsupported = "unsupported",
        /// The action needs something that is not known.
        NeedUnknown = "need-unknown",
        /// The action needs something that a known fact rules out.
        NeedBroken = "need-broken",
        /// Something that the whole policy presupposes does not hold.
        PrerequisiteBroken = "prerequisite-broken",
        /// A fact is missing whose knowledge could change the verdict.
        MissingFacts = "missing-facts",
        /// No rule covers the device.
        NoRuleMatches = "no-rule-matches",
        /// Rules that give different things match.
        Conflict = "conflict",
    }
}

/// One reason: its code, the clause and the fact behind it, where there are such.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub struct Reason {
    /// The code.
    pub code: ReasonCode,
    /// The clause of the policy.
    pub clause: Option<Clause>,
    /// The fact of the device.
    pub fact: Option<FactName>,
}

/// The answer for one scope, or the headline.
///
/// Where several devices agree with the known facts, the action, the scope and the mechanism are
/// given if they are the same for all of them, and the reasons and needs are those of any.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Outcome {
    pub(super) verdict: Verdict,
    pub(super) action: Option<Action>,
    pub(super) scope: Option<Scope>,
    pub(super) mechanism: Option<Mechanism>,
    pub(super) reasons: Vec<Reason>,
    pub(super) needs: FactSet,
    pub(super) missing: FactSet,
}

impl Outcome {
    /// Returns an outcome that is neither allowed nor refused by a rule.
    pub(super) fn bare(verdict: Verdict, reasons: Vec<Reason>) -> Self {
        Self {
            verdict,
            action: None,
            scope: None,
            mechanism: None,
            reasons,
            needs: FactSet::EMPTY,
            missing: FactSet::EMPTY,
        }
    }

    /// Returns an outcome that a rule gives.
    pub(super) fn by_rule(verdict: Verdict, rule: &Rule, reasons: Vec<Reason>) -> Self {
        let allowed = verdict.allows();
        Self {
            action: rule.then.action().filter(|_| allowed),
            scope: Some(rule.scope),
            mechanism: rule.mechanism.filter(|_| allowed),
            ..Self::bare(verdict, reasons)
        }
    }

    /// Returns the verdict.
    pub const fn verdict(&self) -> Verdict {
        self.verdict
    }

    /// Returns the action; `None` unless it is eligible or conditional.
    pub const fn action(&self) -> Option<Action> {
        self.action
    }

    /// Returns the scope; `None` where no rule decided.
    pub const fn scope(&self) -> Option<Scope> {
        self.scope
    }

    /// Returns the vendor operation, where the policy names one.
    pub const fn mechanism(&self) -> Option<Mechanism> {
        self.mechanism
    }

    /// Returns the rule that decided, if it is exactly one.
    pub fn rule(&self) -> Option<u16> {
        let mut rules = self.rules();
        let first = rules.next()?;
        rules.all(|rule| rule == first).then_some(first)
    }

    /// Returns the positions of the rules behind the reasons, in order, each once for each reason.
    pub fn rules(&self) -> impl Iterator<Item = u16> {
        self.reasons.iter().filter_map(|reason| match reason.clause {
            Some(Clause::Rule(index)) => Some(index),
            _ => None,
        })
    }

    /// Returns the reasons, sorted by code, clause and fact.
    pub fn reasons(&self) -> &[Reason] {
        &self.reasons
    }

    /// Returns the facts that still have to hold: unknown ones if it is conditional, broken ones if
    /// it is ineligible because of them.
    pub const fn needs(&self) -> FactSet {
        self.needs
    }

    /// Returns the unknown facts whose knowledge could change the verdict.
    pub const fn missing(&self) -> FactSet {
        self.missing
    }
}

impl fmt::Display for Outcome {
    /// Returns the verdict with what is known about the action, and the facts that it depends on:
    /// `conditional (reset-passcode, work-profile): needs reset-token`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.verdict.fmt(f)?;
        let action = self.action.map(Action::as_str);
        let scope = self.scope.map(Scope::as_str).filter(|_| action.is_some());
        let mechanism = self.mechanism.map(Mechanism::as_str);
        let details: Vec<_> = [action, scope, mechanism].into_iter().flatten().collect();
        if !details.is_empty() {
            write!(f, " ({})", details.join(", "))?;
        }
        if !self.needs.is_empty() {
            write!(f, ": needs {}", self.needs)?;
        }
        if !self.missing.is_empty() {
            write!(f, ": missing {}", self.missing)?;
        }
        Ok(())
    }
}

impl Serialize for Outcome {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(8))?;
        map.serialize_entry("decision", &self.verdict.word())?;
        map.serialize_entry("cause", &self.verdict.cause())?;
        map.serialize_entry("action", &self.action)?;
        map.serialize_entry("scope", &self.scope)?;
        map.serialize_entry("mechanism", &self.mechanism)?;
        map.serialize_entry("reasons", &self.reasons)?;
        map.serialize_entry("needs", &self.needs)?;
        map.serialize_entry("missing", &self.missing)?;
        map.end()
    }
}

/// The whole answer for one device.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Decision {
    headline: Outcome,
    scopes: [Outcome; 2],
}

impl Decision {
    pub(super) const fn new(headline: Outcome, scopes: [Outcome; 2]) -> Self {
        Self { headline, scopes }
    }

    /// Returns the answer in one outcome: for a fully known device the first that any scope gives,
    /// in this order: eligible, conditional, undetermined by conflict, ineligible, undetermined by
    /// a gap. A scope that a policy does not mention never hides what another scope says.
    pub const fn headline(&self) -> &Outcome {
        &self.headline
    }

    /// Returns the answer for one scope.
    pub const fn scope(&self, scope: Scope) -> &Outcome {
        &self.scopes[scope as usize]
    }
}

impl fmt::Display for Decision {
    /// Returns the headline.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.headline.fmt(f)
    }
}

impl Serialize for Decision {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(1 + Scope::ALL.len()))?;
        map.serialize_entry("headline", &self.headline)?;
        for scope in Scope::ALL {
            map.serialize_entry(scope.as_str(), self.scope(*scope))?;
        }
        map.end()
    }
}
