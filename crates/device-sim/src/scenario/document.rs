//! Reading a scenario file: all problems at once, each with its place.

use chrono::{DateTime, TimeDelta, Utc};
use eligibility::diagnostic::{Diagnostic, InvalidDocument, Severity};
use eligibility::document::{Node, Section, Text, read_document, unknown_word};
use eligibility::facts::OsVersion;

use super::expectation::{read_observables, read_outcomes};
use super::{Expectation, Inhabitant, Mode, Property, Scenario, Step, Subject, Wanted};
use crate::device::Platform;
use crate::machine::Setup;
use crate::model::Value;
use crate::model::duration::parse_duration;
use crate::model::versions::{VersionAxis, VersionRange};

/// When a scenario starts that does not say: a Monday morning of the week after the seed page.
pub const DEFAULT_START: DateTime<Utc> = match DateTime::from_timestamp(1_522_659_600, 0) {
    Some(start) => start,
    None => DateTime::UNIX_EPOCH,
};

/// A scenario file that was read and found right.
///
/// ```
/// use device_sim::ScenarioDocument;
///
/// let invalid = ScenarioDocument::read("title = 1\n[devicse]").unwrap_err();
/// let problems = invalid.problems();
/// let messages: Vec<_> = problems.iter().map(|problem| problem.message.as_str()).collect();
/// assert!(messages.contains(&"`title` is an integer, expected a string"));
/// assert!(messages.contains(&"unknown key `devicse` in the scenario"));
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ScenarioDocument {
    /// What it shows, in a sentence.
    pub title: String,
    /// The catalogue rows that it shows, such as `android-28`.
    pub covers: Vec<String>,
    /// Where what it shows is stated.
    pub sources: Vec<String>,
    /// The scenario at each of its versions; at least one.
    pub scenarios: Vec<Scenario>,
}

impl ScenarioDocument {
    /// Reads a scenario file.
    ///
    /// # Errors
    ///
    /// All problems of the file, in the order of their places.
    pub fn read(text: &str) -> Result<Self, InvalidDocument> {
        let (versions, _) = read_document(text, "scenario", |mut section, problems| {
            read_versions(&mut section, problems)
        });
        let mut problems: Vec<Diagnostic> = Vec::new();
        let mut document = None;
        for version in &versions {
            let (read, found) = read_document(text, "scenario", |section, problems| {
                body(section, *version, &versions, problems)
            });
            for problem in found {
                if !problems.contains(&problem) {
                    problems.push(problem);
                }
            }
            let Some((header, scenario)) = read else { continue };
            document.get_or_insert(header).scenarios.push(scenario);
        }
        if !problems.iter().any(|problem| problem.severity == Severity::Error) {
            problems.extend(document.as_ref().and_then(Self::nothing_checked));
        }
        problems.sort_by_key(|problem| problem.primary.span.start);
        if problems.iter().any(|problem| problem.severity == Severity::Error) {
            return Err(InvalidDocument::new(text, problems));
        }
        document.ok_or_else(|| InvalidDocument::new(text, problems))
    }
}

impl ScenarioDocument {
    /// Reports a scenario that expects nothing, or nothing at some of its versions.
    fn nothing_checked(&self) -> Option<Diagnostic> {
        let is_idle = |scenario: &&Scenario| {
            scenario.properties.is_empty()
                && scenario.steps.iter().all(|step| step.expect.is_empty())
        };
        let idle: Vec<_> = self.scenarios.iter().filter(is_idle).collect();
        let first = idle.first()?;
        let span = first.steps.last().map_or(0..0, |step| step.span.clone());
        let message = if idle.len() == self.scenarios.len() {
            "the scenario checks nothing: no step and no claim expects anything".to_owned()
        } else {
            let versions: Vec<_> =
                idle.iter().filter_map(|scenario| scenario.version_in_words()).collect();
            format!("the scenario checks nothing at {}", versions.join(", "))
        };
        let hint =
            "add an outcome (`returns = true`), an `expect` table, or a claim (`[[always]]`)";
        Some(Diagnostic::error("nothing-checked", message, span).hint(hint))
    }
}

/// The versions at which the scenario is run; `None` stands for a scenario that names none.
fn read_versions(
    section: &mut Section<'_>,
    problems: &mut Vec<Diagnostic>,
) -> Vec<Option<OsVersion>> {
    for axis in Platform::ALL.iter().filter_map(|platform| platform.version_axis()) {
        if let Some(node) = section.take(axis.key) {
            return read_axis(node, &axis, problems);
        }
    }
    vec![None]
}

fn read_axis(
    node: Node<'_>,
    axis: &VersionAxis,
    problems: &mut Vec<Diagnostic>,
) -> Vec<Option<OsVersion>> {
    let wanted = read_ranges(axis.key, node, axis, problems);
    let is_wanted = |version: &OsVersion| wanted.iter().any(|levels| levels.contain(*version));
    let versions: Vec<_> = axis.versions.iter().copied().filter(is_wanted).map(Some).collect();
    // With a version that there is, what depends on one can be judged all the same.
    if versions.is_empty() { vec![axis.versions.last().copied()] } else { versions }
}

/// One range of versions or a list of them; each must be one that there is.
fn read_ranges(
    key: &str,
    node: Node<'_>,
    axis: &VersionAxis,
    problems: &mut Vec<Diagnostic>,
) -> Vec<VersionRange> {
    let nodes = node.one_or_more();
    let mut ranges = Vec::new();
    for node in nodes {
        let text = match node.as_integer() {
            Some(number) => Some(Text { value: number.to_string(), span: node.span() }),
            None => node.text(key, problems),
        };
        let Some(text) = text else { continue };
        match text.value.parse::<VersionRange>() {
            Ok(range) => {
                let ends = [range.first, range.last].into_iter().flatten();
                let mut unknown = ends.filter(|end| !axis.versions.contains(end));
                if let Some(unknown) = unknown.next() {
                    let unknown = (axis.in_words)(unknown);
                    let message = format!("`{key}` names {unknown}, which is not simulated");
                    let problem = Diagnostic::error("no-level", message, text.span.clone());
                    problems.push(problem.hint(axis.hint.clone()));
                }
                ranges.push(range);
            }
            Err(error) => {
                let message = format!("`{}` is no value of `{key}`: {error}", text.value);
                problems.push(Diagnostic::error("unknown-value", message, text.span));
            }
        }
    }
    ranges
}

fn body(
    mut section: Section<'_>,
    version: Option<OsVersion>,
    versions: &[Option<OsVersion>],
    problems: &mut Vec<Diagnostic>,
) -> Option<(ScenarioDocument, Scenario)> {
    read_versions(&mut section, problems);
    let title = section.require_text("title", problems).map(|text| text.value);
    let covers = read_texts(&mut section, "covers", problems);
    let sources = read_texts(&mut section, "source", problems);
    let seed = section.integer("seed", 0, i64::MAX, problems).unwrap_or(1);
    let start =
        section.take("start").map_or(Some(DEFAULT_START), |node| node.instant("start", problems));
    let run_for = section.take("run-for").and_then(|node| read_duration(node, "run-for", problems));
    let Some(devices) = read_devices(&mut section, version, problems) else {
        // Steps on devices that are not understood cannot be checked.
        for key in ["step", "always", "never", "eventually", "sometimes"] {
            section.take(key);
        }
        section.finish(problems);
        return None;
    };
    let versions = versions.iter().flatten().copied().collect();
    let reader = Reader { devices, start: start.unwrap_or(DEFAULT_START), version, versions };
    let steps = section.take("step").map_or_else(Vec::new, |node| reader.steps(node, problems));
    let mut properties = Vec::new();
    for mode in ["always", "never", "eventually", "sometimes"] {
        if let Some(node) = section.take(mode) {
            for section in node.sections(mode, problems) {
                properties.extend(reader.properties(mode, section, problems));
            }
        }
    }
    section.finish(problems);
    let last = steps.iter().map(|step| step.at).max().unwrap_or_default();
    let scenario = Scenario {
        title: title.clone()?,
        version,
        start: start?,
        seed: seed.unsigned_abs(),
        run_for: run_for.unwrap_or_default().max(last),
        devices: reader.devices,
        steps,
        properties,
    };
    let header = ScenarioDocument { title: title?, covers, sources, scenarios: Vec::new() };
    Some((header, scenario))
}

/// One text or a list of texts.
fn read_texts(
    section: &mut Section<'_>,
    key: &'static str,
    problems: &mut Vec<Diagnostic>,
) -> Vec<String> {
    let Some(node) = section.take(key) else { return Vec::new() };
    let nodes = node.one_or_more();
    nodes.into_iter().filter_map(|node| node.text(key, problems)).map(|text| text.value).collect()
}

fn read_duration(
    node: Node<'_>,
    key: &'static str,
    problems: &mut Vec<Diagnostic>,
) -> Option<TimeDelta> {
    let text = node.text(key, problems)?;
    let read = parse_duration(&text.value);
    if let Err(error) = &read {
        let message = format!("`{}` is no value of `{key}`: {error}", text.value);
        problems.push(Diagnostic::error("unknown-value", message, text.span));
    }
    read.ok()
}

fn read_devices(
    section: &mut Section<'_>,
    version: Option<OsVersion>,
    problems: &mut Vec<Diagnostic>,
) -> Option<Vec<Inhabitant>> {
    let mut tables = section.require("devices", problems)?.section("devices", problems)?;
    let mut devices = Vec::new();
    let mut complete = true;
    for (name, node) in tables.rest() {
        let setup = node.section("device", problems).and_then(|mut section| {
            let kind = section.require_text("kind", problems)?;
            let Ok(known) = kind.value.parse() else {
                problems.push(unknown_word("kind", &kind, Platform::WORDS));
                return None;
            };
            Some(Setup::read(known, section, version, problems))
        });
        match setup {
            Some(setup) => devices.push(Inhabitant { name: name.value, setup }),
            None => complete = false,
        }
    }
    if devices.is_empty() && complete {
        let message = "the scenario has no device";
        problems.push(Diagnostic::error("missing-key", message, tables.span()));
        complete = false;
    }
    complete.then_some(devices)
}

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

/// What reading steps and properties depends on.
struct Reader {
    devices: Vec<Inhabitant>,
    start: DateTime<Utc>,
    version: Option<OsVersion>,
    /// All versions of the scenario.
    versions: Vec<OsVersion>,
}

impl Reader {
    /// Takes the key that confines a step or a claim to some versions; returns false if it does
    /// not apply at this one.
    fn applies(&self, section: &mut Section<'_>, problems: &mut Vec<Diagnostic>) -> bool {
        let Some(node) = section.take("levels") else { return true };
        let Some(axis) = Platform::ALL.iter().find_map(|platform| platform.version_axis()) else {
            return true;
        };
        let before = problems.len();
        let ranges = read_ranges("levels", node, &axis, problems);
        let applies = |version: &OsVersion| ranges.iter().any(|range| range.contain(*version));
        if self.versions.is_empty() {
            let message = format!("`levels` has no effect without `{}`", axis.key);
            let problem = Diagnostic::error("no-level", message, node.span());
            problems.push(
                problem.hint(format!("say at which levels the scenario runs: `{} = …`", axis.key)),
            );
        } else if problems.len() == before && !self.versions.iter().any(applies) {
            let message = "this applies at no level at which the scenario runs";
            problems.push(Diagnostic::error("no-level", message, node.span()));
        }
        self.version.is_none_or(|version| applies(&version))
    }

    fn steps(&self, node: Node<'_>, problems: &mut Vec<Diagnostic>) -> Vec<Step> {
        let mut steps = Vec::new();
        let mut last = None;
        for mut section in node.sections("step", problems) {
            let applies = self.applies(&mut section, problems);
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

    /// The step once for each passcode that it says is accepted or refused, a second apart; as it is
    /// if it says neither.
    fn tries<'a>(
        &self,
        device: usize,
        section: &Section<'a>,
        problems: &mut Vec<Diagnostic>,
    ) -> Vec<(Section<'a>, Option<Expectation>)> {
        let mut rest = section.clone();
        let mut passcodes = Vec::new();
        for (key, accepted) in [("accepts", true), ("refuses", false)] {
            let Some(node) = rest.take(key) else { continue };
            let nodes = node.as_list().unwrap_or_else(|| vec![node]);
            passcodes.extend(nodes.into_iter().map(|node| (node, accepted)));
        }
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
            one.put(key, node);
            let wanted = Wanted::AnyOf(vec![Value::Truth(accepted)]);
            let subject = Subject::Outcome(returns.name);
            (one, Some(Expectation { subject, wanted, span: node.span() }))
        };
        passcodes.into_iter().map(once).collect()
    }

    /// The time of a step, counted from the start.
    fn time(
        &self,
        section: &mut Section<'_>,
        last: Option<TimeDelta>,
        problems: &mut Vec<Diagnostic>,
    ) -> TimeDelta {
        let at = section.take("at").and_then(|node| match node.as_instant() {
            Some(at) => Some(at - self.start),
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
        problems: &mut Vec<Diagnostic>,
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
        if let Some(section) = expected.and_then(|node| node.section("expect", problems)) {
            expect.extend(read_observables(setup, section, problems));
        }
        if !has_verb && !has_expectation && expect.is_empty() {
            let message = "the step neither does nor expects anything";
            problems.push(Diagnostic::error("empty-step", message, span.clone()));
        }
        section.finish(problems);
        Some(Step { at, device, call, expect, span })
    }

    /// The devices that a step or a claim is about: one name or a list of them.
    fn devices(&self, section: &mut Section<'_>, problems: &mut Vec<Diagnostic>) -> Vec<usize> {
        let node = match self.devices.len() {
            1 => section.take("on"),
            _ => match section.require("on", problems) {
                Some(node) => Some(node),
                None => return Vec::new(),
            },
        };
        let Some(node) = node else { return vec![0] };
        let nodes = node.as_list().unwrap_or_else(|| vec![node]);
        let names = nodes.into_iter().filter_map(|node| node.text("on", problems));
        let names: Vec<_> = names.collect();
        let mut found = Vec::new();
        for name in names {
            match self.devices.iter().position(|device| device.name == name.value) {
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

    fn properties(
        &self,
        mode: &str,
        mut section: Section<'_>,
        problems: &mut Vec<Diagnostic>,
    ) -> Vec<Property> {
        let devices = self.devices(&mut section, problems);
        let one = |device| self.property(device, mode, section.clone(), problems);
        devices.into_iter().filter_map(one).collect()
    }

    fn property(
        &self,
        device: usize,
        mode: &str,
        mut section: Section<'_>,
        problems: &mut Vec<Diagnostic>,
    ) -> Option<Property> {
        let span = section.span();
        let name = section.text("name", problems).map(|text| text.value);
        let applies = self.applies(&mut section, problems);
        let may_not_apply = section.truth("may-not-apply", problems).unwrap_or(false);
        let within = match mode {
            "eventually" => section.take("within"),
            _ => None,
        };
        let within = within.and_then(|node| read_duration(node, "within", problems));
        let setup = &self.devices[device].setup;
        let when = section.take("when").and_then(|node| node.section("when", problems));
        let when = when.map_or_else(Vec::new, |table| read_observables(setup, table, problems));
        let expect = section.require("expect", problems)?.section("expect", problems)?;
        let expect = read_observables(setup, expect, problems);
        section.finish(problems);
        let mode = match mode {
            "always" => Mode::Always,
            "never" => Mode::Never,
            "sometimes" => Mode::Sometimes,
            _ => Mode::Eventually(within),
        };
        applies.then_some(Property { name, mode, device, when, expect, may_not_apply, span })
    }
}
