//! Reading a scenario file: all problems at once, each with its place.

use std::collections::BTreeMap;

use chrono::{DateTime, TimeDelta, Utc};
use eligibility::diagnostic::{Diagnostic, InvalidDocument, Severity};
use eligibility::document::{Node, Section, read_document};

use super::expectation::SHOWS_NOTHING;
use super::steps::Reader;
use super::variants::{Chosen, Variant, variants};
use super::{Inhabitant, Scenario};
use crate::machine::Setup;
use crate::model::Problems;
use crate::model::duration::parse_duration;

/// The default start of a scenario: a Monday morning of the week after the seed page.
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
    /// The statement that it shows, in a sentence.
    pub title: String,
    /// The catalogue rows that it shows, such as `android-28`.
    pub covers: Vec<String>,
    /// The source of what it shows.
    pub sources: Vec<String>,
    /// The scenario in each of its variants; at least one.
    pub scenarios: Vec<Scenario>,
}

impl ScenarioDocument {
    /// Reads a scenario file that shares no set-up; one that does is read by
    /// [`Joined`](super::Joined).
    ///
    /// # Errors
    ///
    /// All problems of the file, in the order of their places.
    pub fn read(text: &str) -> Result<Self, InvalidDocument> {
        Self::read_joined(text, false)
    }

    /// Reads a scenario file; `is_joined` says that the set-up that it shares is part of the text.
    pub(super) fn read_joined(text: &str, is_joined: bool) -> Result<Self, InvalidDocument> {
        let (variants, mut problems) = read_document(text, "scenario", |section, problems| {
            if let Some(node) = section.look_at("setup").filter(|_| !is_joined) {
                let message = "the set-up that the scenario shares was not read";
                problems.push(Diagnostic::error("not-joined", message, node.span()));
            }
            variants(text, section, problems)
        });
        // What is no TOML is explained by those who read the values.
        problems.retain(|problem| !["syntax", "duplicate-key"].contains(&problem.code));
        let mut document = None;
        // Each variant has the problems of the others again; those of a place are compared only.
        let mut at: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
        for (index, problem) in problems.iter().enumerate() {
            at.entry(problem.primary.span.start).or_default().push(index);
        }
        // What cannot happen in one variant may in another.
        let mut blank: Vec<(Diagnostic, usize)> = Vec::new();
        for variant in &variants {
            let (read, found) = read_document(text, "scenario", |section, problems| {
                body(section, text, variant, &variants, problems)
            });
            for problem in found {
                if problem.code == SHOWS_NOTHING {
                    match blank.iter_mut().find(|(known, _)| *known == problem) {
                        Some((_, times)) => *times += 1,
                        None => blank.push((problem, 1)),
                    }
                    continue;
                }
                let known = at.entry(problem.primary.span.start).or_default();
                if known.iter().all(|index| problems[*index] != problem) {
                    known.push(problems.len());
                    problems.push(problem);
                }
            }
            let Some((header, scenario)) = read else { continue };
            document.get_or_insert(header).scenarios.push(scenario);
        }
        let everywhere = |(_, times): &(Diagnostic, usize)| *times == variants.len();
        problems.extend(blank.into_iter().filter(everywhere).map(|(problem, _)| problem));
        if !problems.iter().any(|problem| problem.severity == Severity::Error) {
            problems.extend(document.as_ref().and_then(Self::nothing_checked));
        }
        problems.sort_by_key(|problem| problem.primary.span.start);
        if problems.iter().any(|problem| problem.severity == Severity::Error) {
            return Err(InvalidDocument::new(text, problems));
        }
        document.ok_or_else(|| InvalidDocument::new(text, problems))
    }

    /// Reports a scenario that expects nothing, or nothing in some of its variants.
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
            let variants: Vec<_> =
                idle.iter().filter_map(|scenario| scenario.variant_in_words()).collect();
            format!("the scenario checks nothing at {}", variants.join("; "))
        };
        let hint =
            "add an outcome (`returns = true`), an `expect` table, or a claim (`[[always]]`)";
        Some(Diagnostic::error("nothing-checked", message, span).hint(hint))
    }
}

fn body(
    mut section: Section<'_>,
    text: &str,
    variant: &Variant,
    variants: &[Variant],
    problems: &mut Problems,
) -> Option<(ScenarioDocument, Scenario)> {
    let mut chosen = Chosen::take(&mut section, text, variant, variants);
    section.take("setup");
    let title = section.require_text("title", problems).map(|text| text.value);
    let covers = read_texts(&mut section, "covers", problems);
    let sources = read_texts(&mut section, "source", problems);
    let seed = section.integer("seed", 0, i64::MAX, problems).unwrap_or(1);
    let start =
        section.take("start").map_or(Some(DEFAULT_START), |node| node.instant("start", problems));
    let run_for = section
        .take("run-for")
        .and_then(|node| Some((read_duration(node, "run-for", problems)?, node.span())));
    let Some(devices) = read_devices(&mut section, &mut chosen, problems) else {
        // Steps on devices that are not understood cannot be checked.
        for key in ["step", "always", "never", "eventually", "sometimes"] {
            section.take(key);
        }
        section.finish(problems);
        return None;
    };
    chosen.finish(problems);
    let reader = Reader { text, devices, start: start.unwrap_or(DEFAULT_START), chosen };
    let steps = section.take("step").map_or_else(Vec::new, |node| reader.steps(node, problems));
    let mut properties = Vec::new();
    for mode in ["always", "never", "eventually", "sometimes"] {
        if let Some(node) = section.take(mode) {
            for section in node.sections(mode, problems) {
                properties.extend(reader.properties(mode, section, problems));
            }
        }
    }
    problems.extend(properties.iter().filter_map(|claim| reader.shows_nothing(claim, &steps)));
    section.finish(problems);
    let last = steps.iter().map(|step| step.at).max().unwrap_or_default();
    if let Some((_, span)) = run_for.as_ref().filter(|(run_for, _)| *run_for < last) {
        let message = "`run-for` ends before the last step";
        let problem = Diagnostic::error("too-short", message, span.clone());
        problems.push(problem.hint("leave it out to end with the last step, or make it longer"));
    }
    let scenario = Scenario {
        title: title.clone()?,
        version: variant.version,
        choices: reader.chosen.choices(),
        start: start?,
        seed: seed.unsigned_abs(),
        run_for: run_for.map_or(last, |(run_for, _)| run_for),
        devices: reader.devices,
        steps,
        properties,
    };
    let header = ScenarioDocument { title: title?, covers, sources, scenarios: Vec::new() };
    Some((header, scenario))
}

/// Returns one text or a list of texts.
fn read_texts(
    section: &mut Section<'_>,
    key: &'static str,
    problems: &mut Problems,
) -> Vec<String> {
    let Some(node) = section.take(key) else { return Vec::new() };
    let nodes = node.one_or_more();
    nodes.into_iter().filter_map(|node| node.text(key, problems)).map(|text| text.value).collect()
}

pub(super) fn read_duration(
    node: Node<'_>,
    key: &'static str,
    problems: &mut Problems,
) -> Option<TimeDelta> {
    let Some(text) = node.as_text() else {
        let message = format!("`{key}` is {}, expected a duration", node.type_name());
        let problem = Diagnostic::error("wrong-type", message, node.span())
            .label(format!("this is {}", node.type_name()));
        return problem
            .hint("a number with its unit, in quotes: `\"90s\"`, `\"1h 30m\"`")
            .report(problems);
    };
    let read = parse_duration(&text.value);
    if let Err(error) = &read {
        let message = format!("invalid value `{}` for `{key}`: {error}", text.value);
        problems.push(Diagnostic::error("unknown-value", message, text.span));
    }
    read.ok()
}

fn read_devices<'a>(
    section: &mut Section<'a>,
    chosen: &mut Chosen<'a>,
    problems: &mut Problems,
) -> Option<Vec<Inhabitant>> {
    let mut tables = section.require("devices", problems)?.section("devices", problems)?;
    let mut devices = Vec::new();
    let mut complete = true;
    for (name, node) in tables.rest() {
        let setup = node.section("device", problems).and_then(|mut section| {
            let known = section.require_word("kind", problems)?;
            chosen.complete(known, &mut section);
            Some(Setup::read(known, section, chosen.version, problems))
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
