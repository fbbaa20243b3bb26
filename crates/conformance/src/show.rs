//! A disagreement as a scenario: what people do, and the result that the policy promises.

use device_sim::scenario::{
    DEFAULT_START, Expectation, Inhabitant, Mode, Property, Step, Subject, Wanted,
};
use device_sim::service::ActionState;
use device_sim::subject::{NotSimulated, subject};
use device_sim::{Scenario, Setup};
use eligibility::facts::Facts;
use eligibility::policy::{Clause, Mechanism, Policy, Scope};

use crate::judge::DisagreementCode;
use crate::trial::{NAME, SEED, trial};
use crate::user::Cooperation;
use crate::verify::Disagreement;

/// The decision of a policy for one device.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Claim {
    /// In the end the action is carried out, at this scope and by this operation if one is named.
    Done(Scope, Option<Mechanism>),
    /// The action is never carried out at this scope.
    NeverDone(Scope),
}

impl Disagreement {
    /// Returns the promise of the policy that does not come true for these devices.
    pub(crate) fn claim(&self, policy: &Policy) -> Claim {
        match self.code {
            DisagreementCode::NotKept
            | DisagreementCode::NeedNeverHolds
            | DisagreementCode::KeptOtherwise => {
                let named = self.clauses.iter().find_map(|clause| match clause {
                    Clause::Rule(index) => policy.rules[usize::from(*index)].mechanism,
                    Clause::Prerequisite(_) => None,
                });
                Claim::Done(self.scope, named)
            }
            DisagreementCode::RefusedButDone | DisagreementCode::NotNeeded => {
                Claim::NeverDone(self.scope)
            }
        }
    }

    /// Returns the scenario of one such device, in which the policy's claim does not come true.
    ///
    /// # Errors
    ///
    /// [`NotSimulated`] does not occur for what [`verify()`](crate::verify()) has found.
    pub fn scenario(&self, policy: &Policy) -> Result<Scenario, NotSimulated> {
        let device = self.region.witness();
        let setup = subject(device)?;
        let user = match self.code {
            DisagreementCode::NotNeeded => Cooperation::Passive,
            _ if trial(&setup, Cooperation::Cooperative).result == self.result => {
                Cooperation::Cooperative
            }
            _ => Cooperation::Passive,
        };
        let title = format!("{}: {}", policy.id, self.region);
        Ok(scenario(title, setup, user, self.claim(policy)))
    }
}

/// Returns the scenario of a device with the most cooperative user, and what is claimed of it.
///
/// # Errors
///
/// [`NotSimulated`] says why there is no such device.
pub fn claimed(device: &Facts, claim: Claim) -> Result<Scenario, NotSimulated> {
    let setup = subject(device)?;
    Ok(scenario("what is claimed of one device".to_owned(), setup, Cooperation::Cooperative, claim))
}

fn scenario(title: String, setup: Setup, user: Cooperation, claim: Claim) -> Scenario {
    let trial = trial(&setup, user);
    let step =
        |(at, call)| Step { at, device: 0, call: Some(call), expect: Vec::new(), span: 0..0 };
    let property = property(&setup, claim);
    Scenario {
        title,
        version: None,
        choices: Vec::new(),
        start: DEFAULT_START,
        seed: SEED,
        run_for: trial.length,
        devices: vec![Inhabitant { name: NAME.to_owned(), setup }],
        steps: trial.steps.into_iter().map(step).collect(),
        properties: vec![property],
    }
}

fn property(setup: &Setup, claim: Claim) -> Property {
    let is = |name: &'static str, wanted: Vec<&'static str>| {
        let place = setup.observables().iter().position(|known| known.name == name);
        let place = place.expect("managed devices have a record that can be looked at");
        Expectation {
            subject: Subject::Observable(place, name),
            wanted: Wanted::AnyOf(wanted.into_iter().map(device_sim::Value::Word).collect()),
            span: 0..0,
        }
    };
    let (name, mode, when, expect) = match claim {
        Claim::Done(scope, mechanism) => {
            let mut expect = vec![
                is("action-state", vec![ActionState::Done.as_str()]),
                is("action-scope", vec![scope.as_str()]),
            ];
            expect.extend(mechanism.map(|named| is("action-mechanism", vec![named.as_str()])));
            ("the action is carried out as the policy says", Mode::Eventually(None), vec![], expect)
        }
        Claim::NeverDone(scope) => {
            let all = ActionState::ALL.iter().copied();
            let others = all.filter(|state| *state != ActionState::Done).map(ActionState::as_str);
            let expect = vec![is("action-state", others.collect())];
            let when = vec![is("action-scope", vec![scope.as_str()])];
            ("the action is never carried out, as the policy says", Mode::Always, when, expect)
        }
    };
    let may_not_apply = !when.is_empty();
    Property {
        name: Some(name.to_owned()),
        mode,
        device: 0,
        when,
        expect,
        may_not_apply,
        span: 0..0,
    }
}
