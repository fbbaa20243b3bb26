//! Reading the steps and the claims of a scenario.

use chrono::{DateTime, TimeDelta, Utc};
use eligibility::diagnostic::Diagnostic;
use eligibility::document::{Node, Section, Text};

use super::document::read_duration;
use super::expectation::{SHOWS_NOTHING, follows, read_observables, read_outcomes};
use super::variants::Chosen;
use super::{Expectation, Inhabitant, Mode, Property, Step, Subject, Wanted};
use crate::machine::Setup;
use crate::model::{Problems, Value};

/// Reports a step that is written below a later one of its device, or comes before the start.
fn earlier(step: &Step, before: &[Step]) -> Option<Diagnostic> {
    let last = before.iter().rev().find(|other| other.device == step.device);
    let message = match last {
        Some(last) if step.at < last.at => "the step comes before the one above it",
        _ if step.at < TimeDelta::zero() => "the step comes before the start",
        _ => return None,
    };
    let problem = Diagnostic::error("earlier", message, step.span.clone());
    Some(problem.hint("the steps of a device are written in the order in which they happen"))
}

/// Returns true if a text is a moment, which is no text in TOML.
fn is_quoted_moment(node: Node<'_>) -> bool {
    let moment = |text: Text| DateTime::parse_from_rfc3339(text.value.trim()).is_ok();
    node.as_text().is_some_and(moment)
}

/// The context for reading steps and properties.
pub(super) struct Reader<'a> {
    pub(super) text: &'a str,
    pub(super) devices: Vec<Inhabitant>,
    pub(super) start: DateTime<Utc>,
    pub(super) chosen: Chosen<'a>,
}

impl Reader<'_> {
    pub(super) fn steps(&self, node: Node<'_>, problems: &mut Problems) -> Vec<Step> {
        let mut steps = Vec::new();
        let mut last = None;
        for mut section in node.sections("step", problems) {
            let applies = self.chosen.applies(self.text, &mut section, problems);
            let mut at = self.time(&mut section, last, problems);
            let start = at;
            for device in self.devices(&mut section, problems) {
                at = start;
                for (number, (section, outcome)) in
                    self.tries(device, &section, problems).into_iter().enumerate()
                {
                    at += TimeDelta::seconds(i64::from(number > 0));
                    let step = self.step(device, section, at, problems);
                    let Some(mut step) = step.filter(|_| applies) else { continue };
                    step.expect.extend(outcome);
                    problems.extend(earlier(&step, &steps));
                    steps.push(step);
                }
            }
            if applies {
                last = Some(at);
            }
        }
        steps
    }

    /// Returns the step once for each passcode that it says is accepted or refused, a second apart,
    /// and `then` after each that is accepted; the step as it is if it says neither.
    fn tries<'a>(
        &self,
        device: usize,
        section: &Section<'a>,
        problems: &mut Problems,
    ) -> Vec<(Section<'a>, Option<Expectation>)> {
        let mut rest = section.clone();
        let mut passcodes = Vec::new();
        let then = rest.take("then");
        for (key, accepted) in [("accepts", true), ("refuses", false)] {
            let Some(node) = rest.take(key) else { continue };
            let nodes = node.one_or_more();
            if nodes.is_empty() {
                let message = format!("`{key}` lists no passcode");
                problems.push(Diagnostic::error("no-values", message, node.span()));
                return Vec::new();
            }
            passcodes.extend(nodes.into_iter().map(|node| (node, accepted)));
        }
        if let (Some(node), true) = (then, passcodes.iter().all(|(_, accepted)| !accepted)) {
            let message = "`then` follows an accepted passcode, and there is no `accepts`";
            problems.push(Diagnostic::error("no-passcode", message, node.span()));
        }
        let then = then.and_then(|node| node.section("then", problems));
        if passcodes.is_empty() {
            return vec![(rest, None)];
        }
        passcodes.sort_by_key(|(node, _)| node.span().start);
        let setup = &self.devices[device].setup;
        let verb = rest.look_at("do").and_then(Node::as_text);
        let key = verb.as_ref().and_then(|verb| setup.passcode_key(&verb.value));
        let returns = setup.outcome_keys().iter().find(|key| key.name == "returns");
        let (Some(key), Some(returns)) = (key, returns) else {
            let message = "`accepts` and `refuses` need a verb that takes a passcode and returns \
                           `true` or `false`";
            let span = verb.map_or(section.span(), |verb| verb.span);
            problems.push(Diagnostic::error("no-passcode", message, span));
            return Vec::new();
        };
        let once = |(node, accepted): (Node<'a>, bool)| {
            let mut one = rest.clone();
            one.put(Text { value: key.to_owned(), span: node.span() }, node);
            let wanted = Wanted::AnyOf(vec![Value::Truth(accepted)]);
            let subject = Subject::Outcome(returns.name);
            let after = then.clone().filter(|_| accepted).map(|then| (then, None));
            [(one, Some(Expectation { subject, wanted, span: node.span() }))]
                .into_iter()
                .chain(after)
        };
        passcodes.into_iter().flat_map(once).collect()
    }

    /// Returns the time of a step, counted from the start.
    fn time(
        &self,
        section: &mut Section<'_>,
        last: Option<TimeDelta>,
        problems: &mut Problems,
    ) -> TimeDelta {
        let at = section.take("at").and_then(|node| match node.as_instant() {
            Some(at) => Some(at - self.start),
            None if is_quoted_moment(node) => {
                let message = "`at` has a moment in quotes";
                let problem = Diagnostic::error("wrong-type", message, node.span());
                problems.push(problem.hint("without quotes: `at = 2018-04-02T09:00:00Z`"));
                None
            }
            None => read_duration(node, "at", problems),
        });
        let after = section.take("after");
        if let (Some(_), Some(node)) = (at, after) {
            let message = "a step has either `at` or `after`, not both";
            problems.push(Diagnostic::error("two-times", message, node.span()));
        }
        let after = after.and_then(|node| read_duration(node, "after", problems));
        let next = TimeDelta::seconds(i64::from(last.is_some()));
        at.unwrap_or_else(|| last.unwrap_or_default() + after.unwrap_or(next))
    }

    fn step(
        &self,
        device: usize,
        mut section: Section<'_>,
        at: TimeDelta,
        problems: &mut Problems,
    ) -> Option<Step> {
        let span = section.span();
        let setup = &self.devices[device].setup;
        let expected = section.take("expect");
        let has_expectation = expected.is_some();
        let mut expect = read_outcomes(setup, &mut section, problems);
        let verb = section.take("do");
        let has_verb = verb.is_some();
        let verb = verb.and_then(|node| node.text("do", problems));
        for second in expect.iter().skip(1) {
            let message = format!(
                "a call has one outcome, not both `{}` and `{}`",
                expect[0].subject.name(),
                second.subject.name()
            );
            problems.push(Diagnostic::error("two-outcomes", message, second.span.clone()));
        }
        if let (false, Some(outcome)) = (has_verb, expect.first()) {
            let message = format!("`{}` without `do`: nothing is done", outcome.subject.name());
            problems.push(Diagnostic::error("no-call", message, outcome.span.clone()));
        }
        let call = verb.and_then(|verb| {
            let call = setup.read_call(&verb, &mut section, problems);
            if call.is_none() {
                // The arguments of an unknown verb would all be reported as unknown keys.
                section.rest();
            }
            call
        });
        for observable in setup.observables() {
            let Some(node) = section.take(observable.name) else { continue };
            let message = format!("`{}` is an observable, not a key of a step", observable.name);
            let problem = Diagnostic::error("unknown-key", message, node.span());
            let hint =
                format!("write it inside `expect`: `expect = {{ {} = … }}`", observable.name);
            problems.push(problem.hint(hint));
        }
        for key in setup.outcomes_of_absent_service() {
            if let Some(node) = section.look_at(key.name).and_then(|_| section.take(key.name)) {
                let message = format!(
                    "`{}` is an outcome of the service, which does not manage the device",
                    key.name
                );
                let problem = Diagnostic::error("unknown-key", message, node.span());
                problems.push(problem.hint(Setup::HOW_TO_BE_MANAGED));
            }
        }
        if let Some(section) = expected.and_then(|node| node.section("expect", problems)) {
            expect.extend(read_observables(setup, section, problems));
        }
        let before = problems.len();
        section.finish(problems);
        let is_bare = !has_verb && !has_expectation && expect.is_empty();
        if is_bare && problems.len() == before {
            let message = "the step neither does nor expects anything";
            problems.push(Diagnostic::error("empty-step", message, span.clone()));
        }
        Some(Step { at, device, call, expect, span })
    }

    /// Returns the devices that a step or a claim is about: one name or a list of them.
    fn devices(&self, section: &mut Section<'_>, problems: &mut Problems) -> Vec<usize> {
        let node = match self.devices.len() {
            1 => section.take("on"),
            _ => match section.require("on", problems) {
                Some(node) => Some(node),
                None => return Vec::new(),
            },
        };
        let Some(node) = node else { return vec![0] };
        let mut found = Vec::new();
        if node.one_or_more().is_empty() {
            let problem = Diagnostic::error("no-values", "`on` lists no device", node.span());
            problems.push(problem);
        }
        for name in node.texts("on", problems) {
            match self.devices.iter().position(|device| device.name == name.value) {
                Some(device) if found.contains(&device) => {
                    let message = format!("`{}` is there twice", name.value);
                    problems.push(Diagnostic::error("twice", message, name.span));
                }
                Some(device) => found.push(device),
                None => {
                    let known: Vec<_> =
                        self.devices.iter().map(|device| device.name.as_str()).collect();
                    let message = format!("no device is called `{}`", name.value);
                    let problem = Diagnostic::error("unknown-device", message, name.span);
                    problems.push(problem.hint(format!("devices: {}", known.join(", "))));
                }
            }
        }
        found
    }

    pub(super) fn properties(
        &self,
        mode: &str,
        mut section: Section<'_>,
        problems: &mut Problems,
    ) -> Vec<Property> {
        let devices = self.devices(&mut section, problems);
        let one = |device| self.property(device, mode, section.clone(), problems);
        devices.into_iter().filter_map(one).collect()
    }

    /// Reports a claim that something never happens which cannot: it is about what comes with a later
    /// version, or about the work profile of a device that has none and gets none.
    pub(super) fn shows_nothing(&self, claim: &Property, steps: &[Step]) -> Option<Diagnostic> {
        let setup = &self.devices[claim.device].setup;
        let of_device = steps.iter().filter(|step| step.device == claim.device);
        let mut calls = of_device.filter_map(|step| step.call.as_ref());
        let gets_profile = calls.any(|call| call.verb() == "create-work-profile");
        let machine = setup.build(self.start);
        claim.when.iter().chain(&claim.expect).filter(|_| claim.mode == Mode::Never).find_map(
            |wanted| {
                let Subject::Observable(place, name) = wanted.subject else { return None };
                let observable = &setup.observables()[place];
                let since = observable.since.filter(|_| !setup.shows(observable));
                let (message, hint) = match since {
                    Some(since) => (
                        format!("`{name}` has one value before {since}"),
                        format!("claim it on a device with {since} or later"),
                    ),
                    None if setup.lacks_profile_of(name) && !gets_profile => (
                        format!("`{name}` is about a work profile, and there is none"),
                        "give the device a work profile: `enrolment = \"work-profile\"`".to_owned(),
                    ),
                    None => return None,
                };
                let is_met = wanted.is_met(&machine.observe(place));
                let problem = Diagnostic::error(SHOWS_NOTHING, message, wanted.span.clone());
                (!is_met).then(|| problem.hint(hint))
            },
        )
    }

    fn property(
        &self,
        device: usize,
        mode: &str,
        mut section: Section<'_>,
        problems: &mut Problems,
    ) -> Option<Property> {
        let span = section.span();
        let name = section.text("name", problems).map(|text| text.value);
        let applies = self.chosen.applies(self.text, &mut section, problems);
        let may_not_apply = section.take("may-not-apply");
        let within = match mode {
            "eventually" => section.take("within"),
            _ => None,
        };
        let within = within.and_then(|node| read_duration(node, "within", problems));
        let setup = &self.devices[device].setup;
        let when = section.take("when");
        if let (Some(node), None) = (may_not_apply, when) {
            let message = "`may-not-apply` has no effect without `when`";
            problems.push(Diagnostic::error("no-effect", message, node.span()));
        }
        let may_not_apply =
            may_not_apply.and_then(|node| node.truth("may-not-apply", problems)).unwrap_or(false);
        let when = when.and_then(|node| node.section("when", problems));
        let when = when.map_or_else(Vec::new, |table| read_observables(setup, table, problems));
        let expect = section.require("expect", problems);
        let expect = expect.and_then(|node| node.section("expect", problems));
        section.finish(problems);
        let expect = read_observables(setup, expect?, problems);
        let mode = match mode {
            "always" => Mode::Always,
            "never" => Mode::Never,
            "sometimes" => Mode::Sometimes,
            _ => Mode::Eventually(within),
        };
        if follows(mode, &when, &expect) {
            let message = match mode {
                Mode::Never => "`expect` contradicts `when`, so nothing is checked",
                _ => "`expect` follows from `when`, so nothing is checked",
            };
            let span = expect.first().map_or(span.clone(), |wanted| wanted.span.clone());
            let problem = Diagnostic::error("nothing-checked", message, span);
            problems
                .push(problem.hint("expect something else of the moments at which `when` holds"));
        }
        applies.then_some(Property { name, mode, device, when, expect, may_not_apply, span })
    }
}
