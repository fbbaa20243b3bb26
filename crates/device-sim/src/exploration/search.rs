//! The search: breadth first, so that the first run that shows something is a shortest one.
//!
//! Two situations are the same if nothing that can happen from now on tells them apart: the
//! machine, the calls that wait, and the time that may be left until each. A situation in which
//! less can happen than in one that was met before is not looked at again.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::hash::{Hash, Hasher};

use super::path::{Choice, Leg, Wait};
use super::situation::{LONG, Scheduled, Situation};
use super::zone::Zone;
use super::{Answer, Claim, Exploration, Explored, Limits, Progress, Transition, Verdict, path};
use crate::machine::{Call, Machine};
use crate::model::{Domain, Outcome, Value};
use crate::scenario::{Expectation, Mode, Subject};

/// Events between two reports of progress.
const REPORT_EVERY: usize = 1 << 13;

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
struct Next {
    situation: Situation,
    zone: Zone,
    choice: Choice,
    scheduled: Vec<Scheduled>,
}

/// The largest value of each counter, by the number of events.
type Counters = Vec<(&'static str, i64)>;

struct Search<'a> {
    exploration: &'a Exploration,
    /// Some claim looks at what only tells what happened before.
    keeps_history: bool,
    nodes: Vec<Node>,
    seen: BTreeMap<[u64; 2], Vec<Zone>>,
    /// For each property the situation that decides it, if one was met.
    decided: Vec<Option<usize>>,
    transitions: usize,
    states: usize,
    counters: Vec<Counters>,
    /// An order of events was left out, because its times change what is scheduled.
    left_out: bool,
}

pub(super) fn explore(
    exploration: &Exploration,
    limits: Limits,
    watch: &mut dyn FnMut(Progress),
) -> Explored {
    let mut search = Search {
        exploration,
        keeps_history: exploration
            .properties
            .iter()
            .any(|property| property.claim.is_of_history(exploration)),
        nodes: Vec::new(),
        seen: BTreeMap::new(),
        decided: vec![None; exploration.properties.len()],
        transitions: 0,
        states: 0,
        counters: Vec::new(),
        left_out: false,
    };
    let mut level = vec![search.start()];
    let mut depth = 0;
    let mut whole = true;
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
            search.follow(&state, &mut next);
            if search.states > limits.states {
                whole = false;
                break;
            }
            if search.transitions % REPORT_EVERY < 32 {
                watch(Progress { events, states: search.states, transitions: search.transitions });
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
        self.seen.insert(fingerprint(&situation), vec![zone.clone()]);
        self.counters.push(Vec::new());
        self.look_at(&situation);
        State { situation, zone, node: 0 }
    }

    /// Everything that can happen next.
    fn follow(&mut self, state: &State, next: &mut Vec<State>) {
        for place in 0..state.situation.waiting.len() {
            if let Some(zone) = state.zone.due(place) {
                self.fire(state, place, zone, next);
            }
        }
        let waits = self.waits(&state.situation);
        for call in self.exploration.calls(&state.situation.machine) {
            for (wait, before) in &waits {
                let mut after = Situation::clone(before);
                let (outcome, scheduled) = after.handle(self.exploration, &call);
                let mut zone = state.zone.clone();
                zone.elapse();
                let choice = Choice::Does { call: call.clone(), wait: *wait };
                let reached = Next { situation: after, zone, choice, scheduled };
                self.enter(state.node, before, &call, outcome.as_ref(), reached, next);
            }
        }
    }

    /// A waiting call happens.
    fn fire(&mut self, state: &State, place: usize, zone: Zone, next: &mut Vec<State>) {
        let mut before = if state.situation.next() == Some(place) {
            state.situation.clone()
        } else {
            // It comes first only if what scheduled the others came later than it did in this
            // run, so the run is made again with other times.
            let mut legs = self.legs(state.node);
            legs.push(Leg { choice: Choice::Fires(place), scheduled: Vec::new() });
            let Some(mut again) = path::situation_before_last(self.exploration, &legs) else {
                self.left_out = true;
                return;
            };
            if !self.keeps_history {
                self.forget(&mut again.machine);
            }
            again
        };
        before.pass(before.waiting[place].due);
        before.settle();
        let mut after = before.clone();
        let call = after.take(place);
        let (outcome, scheduled) = after.handle(self.exploration, &call);
        let reached = Next { situation: after, zone, choice: Choice::Fires(place), scheduled };
        self.enter(state.node, &before, &call, outcome.as_ref(), reached, next);
    }

    /// Returns how long someone may wait before they do something, and the situation then: not at
    /// all; where the time that passes can make a difference also until the next call is due, or,
    /// where none is, long.
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

    /// Looks at what an event led to, and keeps it unless it was met before.
    fn enter(
        &mut self,
        parent: usize,
        before: &Situation,
        call: &Call,
        outcome: Option<&Outcome>,
        mut reached: Next,
        next: &mut Vec<State>,
    ) {
        self.transitions += 1;
        for Scheduled { delay, replaces } in &reached.scheduled {
            if let Some(place) = replaces {
                reached.zone.remove(*place);
            }
            reached.zone.add(*delay);
        }
        reached.situation.settle();
        let mut refuted = Vec::new();
        for (slot, property) in self.exploration.properties.iter().enumerate() {
            let Claim::EveryEvent(holds) = property.claim else { continue };
            let transition = Transition {
                before: &before.machine,
                call,
                outcome,
                after: &reached.situation.machine,
            };
            if self.decided[slot].is_none() && !holds(&transition) {
                refuted.push(slot);
            }
        }
        if !self.keeps_history {
            self.forget(&mut reached.situation.machine);
            reached.situation.settle();
        }
        let zones = self.seen.entry(fingerprint(&reached.situation)).or_default();
        let is_new = !zones.iter().any(|zone| zone.includes(&reached.zone));
        if !is_new && refuted.is_empty() {
            return;
        }
        if is_new {
            zones.push(reached.zone.clone());
        }
        let node = self.nodes.len();
        let leg = Leg { choice: reached.choice, scheduled: reached.scheduled };
        self.nodes.push(Node { parent, leg });
        for slot in refuted {
            self.decided[slot] = Some(node);
        }
        if is_new {
            self.states += 1;
            self.look_at(&reached.situation);
            next.push(State { situation: reached.situation, zone: reached.zone, node });
        }
    }

    /// Decides what one state decides, and reads the counters.
    fn look_at(&mut self, situation: &Situation) {
        let (machine, waiting) = (&situation.machine, situation.waiting.len());
        let node = self.nodes.len() - 1;
        for (slot, property) in self.exploration.properties.iter().enumerate() {
            if self.decided[slot].is_none() && property.claim.is_decided_by(situation) {
                self.decided[slot] = Some(node);
            }
        }
        let mut now: Counters = vec![("calls that wait", i64::try_from(waiting).unwrap_or(0))];
        now.extend(
            machine
                .lists()
                .into_iter()
                .map(|(name, length)| (name, i64::try_from(length).unwrap_or(i64::MAX))),
        );
        for (place, observable) in self.exploration.setup.observables().iter().enumerate() {
            if observable.domain == Domain::Number
                && (self.keeps_history || !observable.is_history)
                && let Value::Number(number) = machine.observe(place)
            {
                now.push((observable.name, number));
            }
        }
        let Some(largest) = self.counters.last_mut() else { return };
        if largest.is_empty() {
            *largest = now;
            return;
        }
        for ((_, largest), (_, number)) in largest.iter_mut().zip(now) {
            *largest = number.max(*largest);
        }
    }

    /// Returns the events that led to a situation.
    fn legs(&self, node: usize) -> Vec<Leg> {
        let mut legs = Vec::new();
        let mut at = node;
        while at != 0 {
            legs.push(self.nodes[at].leg.clone());
            at = self.nodes[at].parent;
        }
        legs.reverse();
        legs
    }

    fn finish(self, depth: usize, whole: bool) -> Explored {
        let complete = whole && !self.left_out;
        let properties = self.exploration.properties.iter().zip(&self.decided);
        let verdicts = properties
            .map(|(property, decided)| {
                let run = decided
                    .map(|node| path::scenario(self.exploration, property, &self.legs(node)));
                let possibility = property.claim.is_possibility();
                let answer = match (run, possibility) {
                    _ if matches!(property.claim, Claim::OverTime) => Answer::NotLookedAt,
                    (Some(run), true) => Answer::Reached(run),
                    (Some(run), false) => Answer::Refuted(run),
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
            growing: if complete { Vec::new() } else { growing(&self.counters, depth) },
            verdicts,
        }
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

    /// Returns true if the claim looks at what only tells what happened before.
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

/// 128 bits that stand for a situation: of a million of them, two are the same by chance once in
/// 10²⁶ searches.
fn fingerprint(situation: &Situation) -> [u64; 2] {
    let mut lanes = Lanes([0x243f_6a88_85a3_08d3, 0x1319_8a2e_0370_7344]);
    situation.machine.hash(&mut lanes);
    for waiting in &situation.waiting {
        waiting.call.hash(&mut lanes);
    }
    lanes.0
}

/// A hasher of two lanes, each a folded multiplication per word, as in wyhash
/// (<https://github.com/wangyi-fudan/wyhash>): one pass over a machine, whose derived `Hash` writes
/// many small numbers.
struct Lanes([u64; 2]);

impl Lanes {
    fn word(&mut self, word: u64) {
        let keys = [0xa076_1d64_78bd_642f_u64, 0xe703_7ed1_a0b4_28db];
        for (lane, key) in self.0.iter_mut().zip(keys) {
            let product = u128::from(*lane ^ word) * u128::from(key);
            let [low, high] = [product, product >> 64].map(|half| half & u128::from(u64::MAX));
            let fold = u64::try_from(low ^ high).unwrap_or(0);
            *lane = fold.wrapping_add(lane.rotate_left(23));
        }
    }
}

impl Hasher for Lanes {
    fn write(&mut self, bytes: &[u8]) {
        for chunk in bytes.chunks(8) {
            let mut word = [0; 8];
            word[..chunk.len()].copy_from_slice(chunk);
            self.word(u64::from_le_bytes(word));
        }
        self.word(u64::try_from(bytes.len()).unwrap_or(u64::MAX));
    }

    fn write_u8(&mut self, number: u8) {
        self.word(number.into());
    }

    fn write_u32(&mut self, number: u32) {
        self.word(number.into());
    }

    fn write_u64(&mut self, number: u64) {
        self.word(number);
    }

    fn write_usize(&mut self, number: usize) {
        self.word(u64::try_from(number).unwrap_or(u64::MAX));
    }

    fn finish(&self) -> u64 {
        self.0[0]
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::hash::{Hash, Hasher};

    use super::Lanes;

    #[test]
    fn lanes_tell_order_length_and_position_apart() {
        let of = |value: &dyn Fn(&mut Lanes)| {
            let mut lanes = Lanes([1, 2]);
            value(&mut lanes);
            assert_eq!(lanes.finish(), lanes.0[0]);
            lanes.0
        };
        let numbers = (0_u32..40).flat_map(|one| (0_u32..40).map(move |other| (one, other)));
        let mut all: BTreeSet<_> = numbers.map(|pair| of(&|lanes| pair.hash(lanes))).collect();
        assert_eq!(all.len(), 40 * 40);
        for text in ["a", "b", "ab", "a\0", "\0a", "abcdefgh", "abcdefgh\0"] {
            all.insert(of(&|lanes| lanes.write(text.as_bytes())));
        }
        assert_eq!(all.len(), 40 * 40 + 7);
        let lanes: BTreeSet<_> = all.iter().map(|lanes| lanes[0]).collect();
        let others: BTreeSet<_> = all.iter().map(|lanes| lanes[1]).collect();
        assert_eq!([lanes.len(), others.len()], [all.len(); 2]);
    }
}
