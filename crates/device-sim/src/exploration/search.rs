//! The search: breadth first, so that the first run that shows something is a shortest one.
//!
//! Two situations are the same if nothing that can happen from now on distinguishes them: the
//! machine, the calls that wait, and the time that may be left until each. A situation in which
//! less can happen than in one that was met before is not looked at again.

use std::borrow::Cow;

use super::fingerprint::fingerprint;
use super::path::{Choice, Leg, Wait};
use super::seen::Seen;
use super::situation::{LONG, Scheduled, Situation};
use super::zone::Zone;
use super::{Answer, Claim, Exploration, Explored, Limits, Progress, Transition, Verdict, path};
use crate::machine::{Call, Machine};
use crate::model::Value;
use crate::scenario::{Expectation, Mode, Subject};

/// Events between two reports of progress.
const REPORT_EVERY: usize = 1 << 10;

/// A situation that was met, by the event that led to it.
struct Node {
    parent: usize,
    leg: Leg,
}

/// A situation from which the search goes on.
struct State {
    situation: Situation,
    zone: Zone,
    node: usize,
}

/// A situation that an event led to.
struct Reached {
    situation: Situation,
    zone: Zone,
    fingerprint: [u64; 2],
    leg: Leg,
    /// The properties that the event refutes.
    refuted: Vec<usize>,
}

/// Situations that are of no more use, whose memory is: they are large and many.
#[derive(Default)]
struct Spare(Vec<Situation>);

impl Spare {
    fn copy(&mut self, situation: &Situation) -> Situation {
        match self.0.pop() {
            Some(mut copy) => {
                copy.clone_from(situation);
                copy
            }
            None => situation.clone(),
        }
    }
}

/// The largest value of each counter, by the number of events.
type Counters = Vec<(&'static str, i64)>;

struct Search<'a> {
    exploration: &'a Exploration,
    /// True if some claim is about an observable of the history.
    keeps_history: bool,
    nodes: Vec<Node>,
    seen: Seen,
    /// For each property the situation that decides it, if one was met.
    decided: Vec<Option<usize>>,
    /// For each property, whether a situation that it is about was met.
    applied: Vec<bool>,
    transitions: usize,
    states: usize,
    counters: Vec<Counters>,
    /// Somewhere the time that passes can make a difference.
    only_some_waits: bool,
    /// An order of events was left out, because its times change what is scheduled.
    left_out: bool,
}

pub(super) fn explore(
    exploration: &Exploration,
    limits: Limits,
    watch: &mut dyn FnMut(Progress) -> bool,
) -> Explored {
    let mut search = Search {
        exploration,
        keeps_history: exploration
            .properties
            .iter()
            .any(|property| property.claim.is_of_history(exploration)),
        nodes: Vec::new(),
        seen: Seen::new(),
        decided: vec![None; exploration.properties.len()],
        applied: vec![false; exploration.properties.len()],
        transitions: 0,
        states: 0,
        counters: Vec::new(),
        only_some_waits: false,
        left_out: false,
    };
    let mut spare = Spare::default();
    let mut level = vec![search.start()];
    let mut depth = 0;
    let mut whole = true;
    let mut next_report = REPORT_EVERY;
    for events in 0.. {
        if level.is_empty() {
            break;
        }
        depth = events;
        whole = limits.depth.is_none_or(|most| events < most.get() as usize);
        if !whole {
            break;
        }
        search.counters.push(Vec::new());
        let mut next = Vec::new();
        for state in level {
            search.follow(state, &mut spare, &mut next);
            let Search { states, transitions, .. } = search;
            whole = states <= limits.states;
            if transitions >= next_report {
                next_report = transitions + REPORT_EVERY;
                whole &= watch(Progress { events, states, transitions });
            }
            if !whole {
                break;
            }
        }
        if !whole {
            break;
        }
        level = next;
    }
    search.finish(depth, whole)
}

impl Search<'_> {
    fn start(&mut self) -> State {
        let mut situation = Situation::at_start(self.exploration);
        if !self.keeps_history {
            self.forget(&mut situation.machine);
        }
        situation.settle();
        let mut zone = Zone::new();
        for waiting in &situation.waiting {
            zone.add(waiting.due.num_milliseconds());
        }
        self.nodes.push(Node { parent: 0, leg: Leg::start() });
        self.states = 1;
        self.seen.insert(fingerprint(&situation), &zone);
        self.counters.push(Vec::new());
        self.look_at(&situation, 0);
        State { situation, zone, node: 0 }
    }

    /// Follows everything that can happen next.
    fn follow(&mut self, state: State, spare: &mut Spare, next: &mut Vec<State>) {
        for place in 0..state.situation.waiting.len() {
            let Some(zone) = state.zone.due(place) else { continue };
            let Some(before) = self.before_due(&state, place, spare) else {
                self.left_out = true;
                continue;
            };
            let mut after = spare.copy(&before);
            let call = after.take(place);
            let reached = self.reach(&before, &call, after, zone, || Choice::Fires(place));
            self.enter(state.node, reached, spare, next);
            spare.0.push(before);
        }
        let mut zone = state.zone;
        zone.elapse();
        let waits = self.waits(&state.situation);
        self.only_some_waits |= waits.len() > 1;
        let exploration = self.exploration;
        for call in exploration.calls(&state.situation.machine).iter() {
            for (wait, before) in &waits {
                let choice = || Choice::Does { call: call.clone(), wait: *wait };
                let reached = self.reach(before, call, spare.copy(before), zone.clone(), choice);
                self.enter(state.node, reached, spare, next);
            }
        }
        drop(waits);
        spare.0.push(state.situation);
    }

    /// Returns the situation in which a waiting call is due; `None` if the times at which it comes
    /// first change what is scheduled.
    fn before_due(&self, state: &State, place: usize, spare: &mut Spare) -> Option<Situation> {
        let mut before = if state.situation.next() == Some(place) {
            spare.copy(&state.situation)
        } else {
            // It comes first only if what scheduled the others came later than it did in this
            // run, so the run is made again with other times.
            let last = Leg { choice: Choice::Fires(place), scheduled: Vec::new() };
            let mut legs = self.legs(state.node);
            legs.push(&last);
            let mut again = path::situation_before_last(self.exploration, &legs)?;
            if !self.keeps_history {
                self.forget(&mut again.machine);
            }
            again
        };
        before.pass(before.waiting[place].due);
        before.settle();
        Some(before)
    }

    /// Returns the waits before an action, each with the situation after it: none; where time can
    /// make a difference also until the next call is due or, without one, a long wait.
    fn waits<'s>(&self, situation: &'s Situation) -> Vec<(Wait, Cow<'s, Situation>)> {
        let mut waits = vec![(Wait::No, Cow::Borrowed(situation))];
        if situation.has_moments && self.exploration.forget.is_none() {
            let (wait, time) = match situation.next() {
                Some(place) => (Wait::UntilDue(place), situation.waiting[place].due),
                None => (Wait::Long, LONG),
            };
            let mut later = situation.clone();
            later.pass(time);
            later.settle();
            waits.push((wait, Cow::Owned(later)));
        }
        waits
    }

    fn forget(&self, machine: &mut Machine) {
        machine.forget_history();
        if let Some(forget) = self.exploration.forget {
            forget(machine);
        }
    }

    /// Lets a call happen in a copy of a situation; returns what it leads to, or gives the copy back
    /// if that was met before and refutes nothing.
    fn reach(
        &self,
        before: &Situation,
        call: &Call,
        mut after: Situation,
        mut zone: Zone,
        choice: impl FnOnce() -> Choice,
    ) -> Result<Reached, Situation> {
        let (outcome, scheduled) = after.handle(self.exploration, call);
        for Scheduled { delay, replaces } in &scheduled {
            if let Some(place) = replaces {
                zone.remove(*place);
            }
            zone.add(*delay);
        }
        after.settle();
        let mut refuted = Vec::new();
        let event = Transition {
            before: &before.machine,
            call,
            outcome: outcome.as_ref(),
            after: &after.machine,
        };
        for (slot, property) in self.exploration.properties.iter().enumerate() {
            let Claim::EveryEvent(holds) = property.claim else { continue };
            if self.decided[slot].is_none() && !holds(&event) {
                refuted.push(slot);
            }
        }
        if !self.keeps_history {
            self.forget(&mut after.machine);
            after.settle();
        }
        let fingerprint = fingerprint(&after);
        if refuted.is_empty() && self.seen.includes(fingerprint, &zone) {
            return Err(after);
        }
        let leg = Leg { choice: choice(), scheduled };
        Ok(Reached { situation: after, zone, fingerprint, leg, refuted })
    }

    /// Keeps what an event led to unless it was met before.
    fn enter(
        &mut self,
        parent: usize,
        reached: Result<Reached, Situation>,
        spare: &mut Spare,
        next: &mut Vec<State>,
    ) {
        self.transitions += 1;
        let Reached { situation, zone, fingerprint, leg, refuted } = match reached {
            Ok(reached) => reached,
            Err(situation) => return spare.0.push(situation),
        };
        let node = self.nodes.len();
        self.nodes.push(Node { parent, leg });
        for slot in refuted {
            self.decided[slot] = Some(node);
        }
        if self.seen.includes(fingerprint, &zone) {
            return;
        }
        self.seen.insert(fingerprint, &zone);
        self.states += 1;
        self.look_at(&situation, node);
        next.push(State { situation, zone, node });
    }

    /// Decides what a single state decides, and reads the counters.
    fn look_at(&mut self, situation: &Situation, node: usize) {
        for (slot, property) in self.exploration.properties.iter().enumerate() {
            self.applied[slot] = self.applied[slot] || property.claim.is_about(situation);
            if self.decided[slot].is_none() && property.claim.is_decided_by(situation) {
                self.decided[slot] = Some(node);
            }
        }
        let now = self.counters_of(situation);
        if let Some(counters) = self.counters.last_mut() {
            raise(counters, now);
        }
    }

    fn counters_of(&self, situation: &Situation) -> Counters {
        let (machine, waiting) = (&situation.machine, situation.waiting.len());
        let mut now: Counters = vec![("calls that wait", i64::try_from(waiting).unwrap_or(0))];
        now.extend(
            machine
                .lists()
                .into_iter()
                .map(|(name, length)| (name, i64::try_from(length).unwrap_or(i64::MAX))),
        );
        for (place, observable) in self.exploration.setup.observables().iter().enumerate() {
            if observable.domain.is_numeric()
                && (self.keeps_history || !observable.is_history)
                && let Value::Number(number) = machine.observe(place)
            {
                now.push((observable.name, number));
            }
        }
        now
    }

    /// Returns the events that led to a situation.
    fn legs(&self, node: usize) -> Vec<&Leg> {
        let mut legs = Vec::new();
        let mut at = node;
        while at != 0 {
            legs.push(&self.nodes[at].leg);
            at = self.nodes[at].parent;
        }
        legs.reverse();
        legs
    }

    fn finish(self, depth: usize, whole: bool) -> Explored {
        let complete = whole && !self.left_out;
        let shown = self.decided.iter().zip(&self.applied);
        let verdicts = self
            .exploration
            .properties
            .iter()
            .zip(shown)
            .map(|(property, (decided, applied))| {
                let run = decided
                    .map(|node| path::scenario(self.exploration, property, &self.legs(node)));
                let possibility = property.claim.is_possibility();
                let answer = match (run, possibility) {
                    _ if matches!(property.claim, Claim::OverTime) => Answer::NotLookedAt,
                    (Some(run), true) => Answer::Reached(run),
                    (Some(run), false) => Answer::Refuted(run),
                    (None, false) if !applied => Answer::DoesNotApply {
                        up_to: (!complete).then_some(depth),
                        is_meant: property.claim.may_not_apply(),
                    },
                    (None, true) if complete => Answer::NotReached,
                    (None, true) => Answer::NotReachedUpTo(depth),
                    (None, false) if complete => Answer::Holds,
                    (None, false) => Answer::HoldsUpTo(depth),
                };
                Verdict { name: property.name.clone(), answer }
            })
            .collect();
        Explored {
            states: self.states,
            transitions: self.transitions,
            depth,
            complete,
            only_some_waits: self.only_some_waits,
            growing: if complete { Vec::new() } else { growing(&self.counters, depth) },
            verdicts,
        }
    }
}

/// Raises each counter to its value in others.
fn raise(largest: &mut Counters, others: Counters) {
    if largest.is_empty() {
        *largest = others;
        return;
    }
    for ((_, largest), (_, number)) in largest.iter_mut().zip(others) {
        *largest = number.max(*largest);
    }
}

/// Returns the counters that were still growing at the end.
fn growing(counters: &[Counters], depth: usize) -> Vec<&'static str> {
    let (Some(half), Some(last)) = (counters.get(depth / 2), counters.get(depth)) else {
        return Vec::new();
    };
    let pairs = half.iter().zip(last);
    pairs.filter(|(before, after)| after.1 > before.1).map(|(_, (name, _))| *name).collect()
}

impl Claim {
    /// Returns true if a state refutes the claim, or, for a possibility, shows it.
    pub(super) fn is_decided_by(&self, situation: &Situation) -> bool {
        let machine = &situation.machine;
        match self {
            Self::EveryEvent(_) | Self::OverTime => false,
            Self::EverySituation(holds) => !holds(situation),
            Self::Possible(is) => is(machine),
            Self::Always(property) => {
                let is_bad = property.mode == Mode::Never;
                met(&property.when, machine) && met(&property.expect, machine) == is_bad
            }
            Self::Sometimes(property) => {
                met(&property.when, machine) && met(&property.expect, machine)
            }
            Self::Invariants => !machine.broken_invariants().is_empty(),
        }
    }

    /// Returns true if the claim says something about a situation: its `when` holds there.
    fn is_about(&self, situation: &Situation) -> bool {
        match self {
            Self::Always(property) => met(&property.when, &situation.machine),
            _ => true,
        }
    }

    /// Returns true if it is no mistake that the claim is about no situation.
    fn may_not_apply(&self) -> bool {
        matches!(self, Self::Always(property) if property.may_not_apply)
    }

    /// Returns true if the claim is about an observable of the history.
    fn is_of_history(&self, exploration: &Exploration) -> bool {
        let (Self::Always(property) | Self::Sometimes(property)) = self else { return false };
        property.when.iter().chain(&property.expect).any(|wanted| match wanted.subject {
            Subject::Observable(place, _) => exploration.setup.observables()[place].is_history,
            Subject::Outcome(_) => false,
        })
    }
}

fn met(expectations: &[Expectation], machine: &Machine) -> bool {
    expectations.iter().all(|wanted| match wanted.subject {
        Subject::Observable(place, _) => wanted.is_met(&machine.observe(place)),
        Subject::Outcome(_) => true,
    })
}
