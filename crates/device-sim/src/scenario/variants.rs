//! The variants of a scenario: the versions of `api-levels`, and the combinations of `for`.

use eligibility::diagnostic::Diagnostic;
use eligibility::document::{Node, Section, Text, unknown_key, unknown_word};
use eligibility::facts::OsVersion;

use super::Choice;
use crate::device::Platform;
use crate::model::Problems;
use crate::model::versions::{VersionAxis, VersionRange};

/// No scenario has more variants; far more than this would be a slip.
const MOST_VARIANTS: usize = 1000;

/// One way in which a scenario is run.
#[derive(Clone, Debug, Default)]
pub(super) struct Variant {
    /// The version; `None` for a scenario that names none.
    pub(super) version: Option<OsVersion>,
    /// For each key of `for`, the place of its value.
    picks: Vec<usize>,
}

/// Lists the variants of a scenario, at least one: every version with each combination.
pub(super) fn variants(
    text: &str,
    mut section: Section<'_>,
    problems: &mut Problems,
) -> Vec<Variant> {
    let versions = read_versions(&mut section, problems);
    let span = section.look_at("for").map_or(0..0, Node::span);
    let mut combinations = vec![Vec::new()];
    for (_, values) in read_for(text, &mut section, problems) {
        let longer = |picks: &Vec<usize>| {
            let picks = picks.clone();
            (0..values.len()).map(move |pick| [picks.as_slice(), &[pick]].concat())
        };
        combinations = combinations.iter().flat_map(longer).take(MOST_VARIANTS + 1).collect();
    }
    if combinations.len() * versions.len() > MOST_VARIANTS {
        let message = format!("the scenario has more than {MOST_VARIANTS} variants");
        problems.push(Diagnostic::error("too-many", message, span));
        combinations.truncate(1);
    }
    let at_each = |picks: Vec<usize>| {
        let one = move |version: &_| Variant { version: *version, picks: picks.clone() };
        versions.iter().map(one).collect::<Vec<_>>()
    };
    combinations.into_iter().flat_map(at_each).collect()
}

/// Returns the versions at which the scenario is run; `None` for a scenario that names none.
fn read_versions(section: &mut Section<'_>, problems: &mut Problems) -> Vec<Option<OsVersion>> {
    for axis in axes() {
        if let Some(node) = section.take(axis.key) {
            let ranges = read_ranges(axis.key, node, &axis, problems);
            let is_meant = |version: &OsVersion| ranges.iter().any(|one| one.contain(*version));
            let versions: Vec<_> =
                axis.versions.iter().copied().filter(is_meant).map(Some).collect();
            // With a version that there is, what depends on one can be judged all the same.
            let last = || vec![axis.versions.last().copied()];
            return if versions.is_empty() { last() } else { versions };
        }
    }
    vec![None]
}

fn axes() -> impl Iterator<Item = VersionAxis> {
    Platform::ALL.iter().filter_map(|platform| platform.version_axis())
}

/// Returns one range of versions or a list of them; each must be one that there is.
fn read_ranges(
    key: &str,
    node: Node<'_>,
    axis: &VersionAxis,
    problems: &mut Problems,
) -> Vec<VersionRange> {
    let nodes = node.one_or_more();
    if nodes.is_empty() {
        let problem = Diagnostic::error("no-level", format!("`{key}` is empty"), node.span());
        problems.push(problem.hint(axis.hint.clone()));
    }
    let mut ranges = Vec::new();
    for node in nodes {
        let text = match (node.as_integer(), node.as_text()) {
            (Some(number), _) => Text { value: number.to_string(), span: node.span() },
            (None, Some(text)) => text,
            (None, None) => {
                let message = format!("`{key}` is {}, expected a level", node.type_name());
                let problem = Diagnostic::error("wrong-type", message, node.span());
                problems.push(problem.hint("one level or a range: `26`, `\"26-29\"`, `\"30-\"`"));
                continue;
            }
        };
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
                let message = format!("invalid value `{}` for `{key}`: {error}", text.value);
                problems.push(Diagnostic::error("unknown-value", message, text.span));
            }
        }
    }
    ranges
}

/// Takes `for`: keys of devices, each with a list of values.
fn read_for<'a>(
    text: &str,
    section: &mut Section<'a>,
    problems: &mut Problems,
) -> Vec<(Text, Vec<Node<'a>>)> {
    let table = section.take("for").and_then(|node| node.section("for", problems));
    let mut keys = Vec::new();
    for (key, node) in table.map(|mut table| table.rest()).unwrap_or_default() {
        match node.as_list().filter(|values| !values.is_empty()) {
            Some(values) => {
                problems.extend(twice(text, &values));
                keys.push((key, values));
            }
            None => {
                let message = format!("`{}` of `for` is no list of values", key.value);
                let problem = Diagnostic::error("wrong-type", message, node.span());
                problems.push(problem.hint("such as `for = { lock = [\"4711\", \"abcd\"] }`"));
            }
        }
    }
    keys
}

/// Reports a value that a list of `for` has twice: the scenario would run twice with it.
fn twice(text: &str, values: &[Node<'_>]) -> Option<Diagnostic> {
    let shown: Vec<_> = values.iter().map(|value| shown(*value, text)).collect();
    let again = (1..shown.len()).find(|place| shown[..*place].contains(&shown[*place]))?;
    let message = format!("`{}` is there twice", shown[again]);
    Some(Diagnostic::error("twice", message, values[again].span()))
}

/// The keys of `for` with the values of one variant.
pub(super) struct Chosen<'a> {
    keys: Vec<ChosenKey<'a>>,
    /// The version of the variant.
    pub(super) version: Option<OsVersion>,
    /// All versions of the scenario, with the place where it names them.
    versions: Vec<OsVersion>,
    versions_at: Option<Node<'a>>,
    versions_used: bool,
}

struct ChosenKey<'a> {
    key: Text,
    /// The value of this variant, and all values as they are shown.
    value: Node<'a>,
    chosen: String,
    all: Vec<String>,
    /// Some device takes the value.
    used: bool,
}

impl<'a> Chosen<'a> {
    /// Takes the keys that make variants from a scenario of this text. Their problems were reported
    /// when the variants were listed.
    pub(super) fn take(
        section: &mut Section<'a>,
        text: &str,
        variant: &Variant,
        all: &[Variant],
    ) -> Self {
        let versions_at = axes().find_map(|axis| section.look_at(axis.key));
        read_versions(section, &mut Vec::new());
        let keys = read_for(text, section, &mut Vec::new());
        let with_picks = keys.into_iter().zip(&variant.picks);
        let keys = with_picks.map(|((key, values), pick)| {
            let all: Vec<_> = values.iter().map(|value| shown(*value, text)).collect();
            let (value, chosen) = (values[*pick], all[*pick].clone());
            ChosenKey { key, value, chosen, all, used: false }
        });
        let mut versions: Vec<_> = all.iter().filter_map(|variant| variant.version).collect();
        versions.dedup();
        Self {
            keys: keys.collect(),
            version: variant.version,
            versions,
            versions_at,
            versions_used: false,
        }
    }

    /// Gives a device the keys that it does not have itself.
    pub(super) fn complete(&mut self, platform: Platform, device: &mut Section<'a>) {
        for key in &mut self.keys {
            if device.look_at(&key.key.value).is_none() {
                device.put(key.key.clone(), key.value);
                key.used = true;
            }
        }
        let own = platform.version_axis().map(|axis| device.look_at(axis.device_key).is_some());
        self.versions_used |= own == Some(false);
    }

    /// Reports what makes variants that do not differ, once all devices are read.
    pub(super) fn finish(&self, problems: &mut Problems) {
        for key in self.keys.iter().filter(|key| !key.used) {
            let name = &key.key.value;
            let message = format!("`{name}` of `for` has no effect: every device has its own");
            problems.push(Diagnostic::error("no-effect", message, key.key.span.clone()));
        }
        if let Some(node) = self.versions_at.filter(|_| !self.versions_used) {
            let axis = axes().next().map_or("versions", |axis| axis.key);
            let message = format!("`{axis}` has no effect: no device of this scenario needs it");
            problems.push(Diagnostic::error("no-effect", message, node.span()));
        }
    }

    /// Returns the values that distinguish the variant, but for the version.
    pub(super) fn choices(&self) -> Vec<Choice> {
        let choice =
            |key: &ChosenKey<'_>| Choice { key: key.key.value.clone(), value: key.chosen.clone() };
        self.keys.iter().map(choice).collect()
    }

    /// Takes the keys that confine a step or a claim to some variants; returns false if it does not
    /// apply in this one.
    pub(super) fn applies(
        &self,
        text: &str,
        section: &mut Section<'_>,
        problems: &mut Problems,
    ) -> bool {
        let at_version = self.at_version(section, problems);
        let Some(node) = section.take("for") else { return at_version };
        let Some(mut table) = node.section("for", problems) else { return at_version };
        let mut applies = at_version;
        for (key, node) in table.rest() {
            let Some(known) = self.keys.iter().find(|known| known.key.value == key.value) else {
                let names: Vec<_> = self.keys.iter().map(|key| key.key.value.as_str()).collect();
                problems.push(unknown_key("`for` of the scenario", &key, &names));
                continue;
            };
            let mut is_chosen = false;
            for node in node.one_or_more() {
                let value = shown(node, text);
                is_chosen |= value == known.chosen;
                if !known.all.contains(&value) {
                    let value = Text { value, span: node.span() };
                    let all: Vec<_> = known.all.iter().map(String::as_str).collect();
                    problems.push(unknown_word(&key.value, &value, &all));
                }
            }
            applies &= is_chosen;
        }
        applies
    }

    fn at_version(&self, section: &mut Section<'_>, problems: &mut Problems) -> bool {
        let Some(node) = section.take("levels") else { return true };
        let Some(axis) = axes().next() else { return true };
        if self.versions.is_empty() {
            let message = format!("`levels` has no effect without `{}`", axis.key);
            let problem = Diagnostic::error("no-level", message, node.span());
            problems.push(
                problem.hint(format!("say at which levels the scenario runs: `{} = …`", axis.key)),
            );
            return true;
        }
        let before = problems.len();
        let ranges = read_ranges("levels", node, &axis, problems);
        let applies = |version: &OsVersion| ranges.iter().any(|range| range.contain(*version));
        if problems.len() == before && !self.versions.iter().any(applies) {
            let message = "this applies at no level at which the scenario runs";
            problems.push(Diagnostic::error("no-level", message, node.span()));
        }
        self.version.is_none_or(|version| applies(&version))
    }
}

/// Returns a value of `for` as it is shown and compared: a text without its quotes.
fn shown(node: Node<'_>, text: &str) -> String {
    let written = || text.get(node.span()).unwrap_or_default().to_owned();
    node.as_text().map_or_else(written, |text| text.value)
}
