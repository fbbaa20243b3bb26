//! Reading a scenario file: all problems at once, each with its place.

use chrono::{DateTime, TimeDelta, Utc};
use eligibility::diagnostic::{Diagnostic, InvalidDocument, Severity};
use eligibility::document::{Node, Section, Text, read_document, unknown_word};
use eligibility::facts::OsVersion;

use super::expectation::{read_observables, read_outcomes};
use super::{Inhabitant, Mode, Property, Scenario, Step};
use crate::device::Platform;
use crate::machine::Setup;
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
        for version in versions {
            let (read, found) = read_document(text, "scenario", |section, problems| {
                body(section, version, problems)
            });
            for problem in found {
                if !problems.contains(&problem) {
                    problems.push(problem);
                }
            }
            let Some((header, scenario)) = read else { continue };
            document.get_or_insert(header).scenarios.push(scenario);
        }
        problems.sort_by_key(|problem| problem.primary.span.start);
        if problems.iter().any(|problem| problem.severity == Severity::Error) {
            return Err(InvalidDocument::new(text, problems));
        }
        document.ok_or_else(|| InvalidDocument::new(text, problems))
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
    let nodes = node.one_or_more();
    let mut wanted = Vec::new();
    for node in nodes {
        let text = match node.as_integer() {
            Some(number) => Some(Text { value: number.to_string(), span: node.span() }),
            None => node.text(axis.key, problems),
        };
        wanted.extend(text.and_then(|text| read_levels(axis.key, &text, problems)));
    }
    let is_wanted = |version: &OsVersion| wanted.iter().any(|levels| levels.contain(*version));
    let versions: Vec<_> = axis.versions.iter().copied().filter(is_wanted).map(Some).collect();
    if versions.is_empty() {
        let message = format!("`{}` names no {}", axis.key, axis.unit);
        let problem = Diagnostic::error("no-level", message, node.span());
        problems.push(problem.hint(axis.hint.clone()));
        return vec![None];
    }
    versions
}

fn read_levels(key: &str, text: &Text, problems: &mut Vec<Diagnostic>) -> Option<VersionRange> {
    let read = text.value.parse();
    if let Err(error) = &read {
        let message = format!("`{}` is no value of `{key}`: {error}", text.value);
        problems.push(Diagnostic::error("unknown-value", message, text.span.clone()));
    }
    read.ok()
}

fn body(
    mut section: Section<'_>,
    version: Option<OsVersion>,
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
        for key in ["step", "always", "eventually", "sometimes"] {
            section.take(key);
        }
        section.finish(problems);
        return None;
    };
    let reader = Reader { devices, start: start.unwrap_or(DEFAULT_START), version };
    let steps = section.take("step").map_or_else(Vec::new, |node| reader.steps(node, problems));
    let mut properties = Vec::new();
    for mode in ["always", "eventually", "sometimes"] {
        if let Some(node) = section.take(mode) {
            for section in node.sections(mode, problems) {
                properties.extend(reader.property(mode, section, problems));
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

/// What reading steps and properties depends on.
struct Reader {
    devices: Vec<Inhabitant>,
    start: DateTime<Utc>,
    version: Option<OsVersion>,
}

impl Reader {
    fn steps(&self, node: Node<'_>, problems: &mut Vec<Diagnostic>) -> Vec<Step> {
        let mut steps = Vec::new();
        let mut last = None;
        for mut section in node.sections("step", problems) {
            let levels = section
                .text("levels", problems)
                .and_then(|text| read_levels("levels", &text, problems));
            let at = self.time(&mut section, last, problems);
            let step = self.step(section, at, problems);
            let applies = match (levels, self.version) {
                (Some(levels), Some(version)) => levels.contain(version),
                _ => true,
            };
            if applies {
                last = Some(at);
                steps.extend(step);
            }
        }
        steps
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
            .max(TimeDelta::zero())
    }

    fn step(
        &self,
        mut section: Section<'_>,
        at: TimeDelta,
        problems: &mut Vec<Diagnostic>,
    ) -> Option<Step> {
        let span = section.span();
        let device = self.device(&mut section, problems)?;
        let setup = &self.devices[device].setup;
        let expected = section.take("expect");
        let has_expectation = expected.is_some();
        let mut expect = read_outcomes(setup, &mut section, problems);
        let verb = section.text("do", problems);
        let has_verb = verb.is_some();
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
        if !has_verb && !has_expectation {
            let message = "the step neither does nor expects anything";
            problems.push(Diagnostic::error("empty-step", message, span.clone()));
        }
        section.finish(problems);
        Some(Step { at, device, call, expect, span })
    }

    /// The device that a step or a property is about.
    fn device(&self, section: &mut Section<'_>, problems: &mut Vec<Diagnostic>) -> Option<usize> {
        let name = match self.devices.len() {
            1 => section.text("on", problems),
            _ => Some(section.require_text("on", problems)?),
        };
        let Some(name) = name else { return Some(0) };
        let found = self.devices.iter().position(|device| device.name == name.value);
        if found.is_none() {
            let known: Vec<_> = self.devices.iter().map(|device| device.name.as_str()).collect();
            let message = format!("no device is called `{}`", name.value);
            let problem = Diagnostic::error("unknown-device", message, name.span);
            problems.push(problem.hint(format!("devices: {}", known.join(", "))));
        }
        found
    }

    fn property(
        &self,
        mode: &str,
        mut section: Section<'_>,
        problems: &mut Vec<Diagnostic>,
    ) -> Option<Property> {
        let span = section.span();
        let name = section.text("name", problems).map(|text| text.value);
        let levels = section
            .text("levels", problems)
            .and_then(|text| read_levels("levels", &text, problems));
        let within = match mode {
            "eventually" => section.take("within"),
            _ => None,
        };
        let within = within.and_then(|node| read_duration(node, "within", problems));
        let device = self.device(&mut section, problems)?;
        let setup = &self.devices[device].setup;
        let when = section.take("when").and_then(|node| node.section("when", problems));
        let when = when.map_or_else(Vec::new, |table| read_observables(setup, table, problems));
        let expect = section.require("expect", problems)?.section("expect", problems)?;
        let expect = read_observables(setup, expect, problems);
        section.finish(problems);
        let mode = match mode {
            "always" => Mode::Always,
            "sometimes" => Mode::Sometimes,
            _ => Mode::Eventually(within),
        };
        let excluded =
            |levels: VersionRange| self.version.is_some_and(|version| !levels.contain(version));
        (!levels.is_some_and(excluded)).then_some(Property {
            name,
            mode,
            device,
            when,
            expect,
            span,
        })
    }
}
