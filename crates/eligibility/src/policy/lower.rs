//! From the tables of a policy file to a [`PolicyDocument`], with every mistake reported.

mod accepted;
mod cases;
pub(super) mod conditions;

use std::collections::BTreeMap;
use std::ops::Range;

use self::cases::{Clauses, DevicesLeft};
use super::condition::Conjunction;
use super::document::{Base, PolicyDocument, RuleDocument};
use super::rule::{Effect, HitPolicy, Prerequisite, Scope};
use crate::builtin::{self, Builtin};
use crate::closed_enum::ClosedEnum;
use crate::diagnostic::Diagnostic;
use crate::document::{Node, Problems, Section, Text};
use crate::nearest::nearest;

/// The number of rules and prerequisites a policy may have: documented pages have 6 to 20.
const MOST_CLAUSES: usize = 1 << 12;

/// Lowers the top level; `None` only if something was reported.
pub(super) fn policy(
    mut top: Section<'_>,
    base: Option<&PolicyDocument>,
    problems: &mut Problems,
) -> Option<PolicyDocument> {
    let id = top.require_text("id", problems).and_then(|id| name(id, problems));
    let extends = top.take("extends");
    let extended = extends.map(|node| extended(node, base, problems));
    let is_extension = extended.is_some();
    let base = extended.flatten();
    let mut text = |key, inherited: Option<&String>, problems: &mut Problems| match top.take(key) {
        None if is_extension => inherited.cloned(),
        None => top.require(key, problems).and(None),
        Some(node) => {
            let text = node.text(key, problems)?;
            filled(key, text, problems).map(|text| text.value)
        }
    };
    let title = text("title", base.map(|base| &base.title), problems);
    let source = text("source", base.map(|base| &base.source), problems);
    let documented = match top.take("documented") {
        None if is_extension => base.map(|base| base.documented),
        None => top.require("documented", problems).and(None),
        Some(node) => node.date("documented", problems),
    };
    let hit_policy = word_or(&mut top, "hit-policy", HitPolicy::Unique, problems);
    let mut names = Names { base, ..Names::default() };
    let mut prerequisites: Vec<_> = top
        .sections("prerequisite", problems)
        .into_iter()
        .filter_map(|section| prerequisite(section, &mut names, problems))
        .collect();
    let mut rules = rules(&mut top, is_extension, &mut names, problems);
    if rules.len() + prerequisites.len() > MOST_CLAUSES {
        let message = format!("the policy has more than {MOST_CLAUSES} rules and prerequisites");
        return Diagnostic::error("too-many-rules", message, 0..0)
            .hint("divide it")
            .report(problems);
    }
    let (own_prerequisites, own_rules) = (prerequisites.len(), rules.len());
    prerequisites.extend(base.iter().flat_map(|base| base.prerequisites.clone()));
    rules.extend(base.iter().flat_map(|base| base.rules.clone()));
    let clauses = Clauses {
        names: names.all(),
        incomplete: names.incomplete,
        prerequisites: &prerequisites,
        rules: &rules,
    };
    let mut left = DevicesLeft::all();
    let cases = top
        .sections("case", problems)
        .into_iter()
        .filter_map(|section| cases::case(section, &clauses, &mut left, problems))
        .collect();
    let mut accepted: Vec<_> = top
        .sections("accepted", problems)
        .into_iter()
        .filter_map(|section| accepted::accepted(section, &clauses, problems))
        .collect();
    top.finish(problems);
    let own_accepted = accepted.len();
    accepted.extend(base.iter().flat_map(|base| base.accepted.clone()));
    Some(PolicyDocument {
        id: id?.value,
        title: title?,
        source: source?,
        documented: documented?,
        hit_policy: hit_policy?,
        base: base.map(|base| Base::of(base, own_prerequisites, own_rules, own_accepted)),
        prerequisites,
        rules,
        cases,
        accepted,
    })
}

/// Returns the policy that is extended; `None` only if something was reported.
fn extended<'b>(
    node: Node<'_>,
    base: Option<&'b PolicyDocument>,
    problems: &mut Problems,
) -> Option<&'b PolicyDocument> {
    let name = node.text("extends", problems)?;
    if base.is_none() {
        let message = format!("there is no policy `{}` to extend", name.value);
        let moves = name.value == "latest" || name.value.starts_with("as-of:");
        let known = builtin::all().iter().map(Builtin::id);
        let guess = if moves { Some(builtin::latest().id()) } else { nearest(&name.value, known) };
        let problem = Diagnostic::error("unknown-base", message, name.span);
        let problem = match guess {
            Some(id) => problem.label(format!("did you mean `{id}`?")),
            None => problem.label("not found"),
        };
        problems.push(problem.hint(match moves {
            true => "name the page, so that an update of relatch does not change the rules in silence",
            false => {
                "`extends` takes the id or the date of a built-in policy, or a path beside this file"
            }
        }));
    }
    base
}

fn rules(
    top: &mut Section<'_>,
    is_extension: bool,
    names: &mut Names<'_>,
    problems: &mut Problems,
) -> Vec<RuleDocument> {
    let hint = "a policy needs at least one table headed `[[rule]]`";
    let node = match top.take("rule") {
        None if is_extension => return Vec::new(),
        None => top.require("rule", problems),
        node => node,
    };
    names.incomplete |= node.is_none_or(|node| node.as_list().is_none());
    let Some(node) = node else {
        problems.last_mut().expect("the absence was reported").hint = Some(hint.to_owned());
        return Vec::new();
    };
    let sections = node.sections("rule", problems);
    if sections.is_empty() && node.as_list().is_some() {
        problems.push(
            Diagnostic::error("no-rules", "the list of rules is empty", node.span())
                .label("this says nothing of any device")
                .hint(hint),
        );
    }
    sections.into_iter().filter_map(|section| rule(section, names, problems)).collect()
}

fn prerequisite(
    mut section: Section<'_>,
    names: &mut Names<'_>,
    problems: &mut Problems,
) -> Option<Prerequisite> {
    let id = names.take(&mut section, problems);
    let holds = section.require("holds", problems);
    let holds = holds.and_then(|node| Conjunction::read(node, "holds", problems));
    let source = section.require_text("source", problems);
    section.finish(problems);
    Some(Prerequisite { id: id?, holds: holds?, source: source?.value })
}

fn rule(
    mut section: Section<'_>,
    names: &mut Names<'_>,
    problems: &mut Problems,
) -> Option<RuleDocument> {
    let span = section.span();
    let id = names.take(&mut section, problems);
    let when = section.require("when", problems);
    let when = when.and_then(|node| Conjunction::read(node, "when", problems));
    let then = section.require("then", problems);
    let then: Option<Effect> = then.and_then(|node| node.word("then", problems));
    let scope = word_or(&mut section, "scope", Scope::Device, problems);
    let mechanism_node = section.take("mechanism");
    let mechanism = optional(mechanism_node, |node| node.word("mechanism", problems));
    let needs_node = section.take("needs");
    let needs = match needs_node {
        None => Some(Conjunction::default()),
        Some(node) => Conjunction::read(node, "needs", problems),
    };
    if then == Some(Effect::Unsupported) {
        problems.extend(mechanism_node.map(mechanism_of_unsupported));
        problems.extend(needs_node.map(needs_of_unsupported));
    }
    let intended = intended(&mut section, when.as_ref(), problems);
    let source = section.require_text("source", problems);
    let source = source.and_then(|text| filled("source", text, problems));
    section.finish(problems);
    let (intended, intended_because) = intended?;
    Some(RuleDocument {
        id: id?,
        when: when?,
        intended,
        intended_because,
        then: then?,
        scope: scope?,
        mechanism: mechanism?,
        needs: needs?,
        source: source?.value,
        span,
    })
}

fn needs_of_unsupported(node: Node<'_>) -> Diagnostic {
    let message = "a rule that gives `unsupported` cannot have `needs`";
    Diagnostic::error("needs-of-unsupported", message, node.span())
        .label("nothing can be needed for what does not work")
        .hint("put the facts into `when`")
}

fn mechanism_of_unsupported(node: Node<'_>) -> Diagnostic {
    let message = "a rule that gives `unsupported` cannot have a `mechanism`";
    Diagnostic::error("mechanism-of-unsupported", message, node.span())
        .label("what does not work is not done in any way")
        .hint("remove `mechanism`")
}

/// Returns the intended reading and its reason: both or none.
fn intended(
    section: &mut Section<'_>,
    when: Option<&Conjunction>,
    problems: &mut Problems,
) -> Option<(Conjunction, String)> {
    let node = section.take("intended");
    let because = section.text("intended-because", problems);
    match (node, because) {
        (None, None) => Some((Conjunction::default(), String::new())),
        (Some(node), Some(because)) => {
            let because = filled("intended-because", because, problems);
            let intended = Conjunction::read(node, "intended", problems)?;
            if when.is_some_and(|when| when.overridden_by(&intended) == *when) {
                problems.push(
                    Diagnostic::warning(
                        "intended-as-literal",
                        "`intended` says the same as `when`",
                        node.span(),
                    )
                    .label("this changes nothing")
                    .hint("remove `intended` and `intended-because`"),
                );
            }
            Some((intended, because?.value))
        }
        (Some(node), None) => Diagnostic::error(
            "intended-without-reason",
            "`intended` has no `intended-because`",
            node.span(),
        )
        .label("who says that this was meant?")
        .hint("add `intended-because` with the later document that shows it")
        .report(problems),
        (None, Some(because)) => {
            let message = "`intended-because` has no `intended`";
            Diagnostic::error("reason-without-intended", message, because.span)
                .label("a reason for what?")
                .hint("add `intended` with the conditions that were meant")
                .report(problems)
        }
    }
}

/// Takes one word of a closed set that may be absent; `None` only if something was reported.
fn word_or<T: ClosedEnum>(
    section: &mut Section<'_>,
    key: &'static str,
    default: T,
    problems: &mut Problems,
) -> Option<T> {
    section.take(key).map_or(Some(default), |node| node.word(key, problems))
}

/// Reads a key that may be absent; the outer `None` means that something was reported.
#[expect(clippy::option_option, reason = "absent and not understood are two answers")]
fn optional<'a, T>(
    node: Option<Node<'a>>,
    read: impl FnOnce(Node<'a>) -> Option<T>,
) -> Option<Option<T>> {
    node.map_or(Some(None), |node| read(node).map(Some))
}

fn filled(key: &str, text: Text, problems: &mut Problems) -> Option<Text> {
    if text.value.trim().is_empty() {
        let message = format!("`{key}` is empty");
        return Diagnostic::error("empty-text", message, text.span)
            .label("expected some words")
            .report(problems);
    }
    Some(text)
}

/// Returns a name: lower-case letters, digits and hyphens, so that it needs no quotes anywhere.
fn name(text: Text, problems: &mut Problems) -> Option<Text> {
    let fits = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    if text.value.is_empty() || !text.value.chars().all(fits) {
        let message = format!("`{}` is no name", text.value);
        let problem = Diagnostic::error("bad-name", message, text.span)
            .label("expected lower-case letters, digits and hyphens");
        let lower = text.value.to_lowercase();
        let words: Vec<_> = lower.split(|c| !fits(c)).filter(|word| !word.is_empty()).collect();
        problems.push(match words.is_empty() {
            true => problem,
            false => problem.hint(format!("write `{}`", words.join("-"))),
        });
        return None;
    }
    Some(text)
}

/// Reports keys of the head inside a rule together: a table above them has swallowed them.
/// That is one mistake for any number of keys.
pub(super) fn without_swallowed_head(problems: &mut Problems) {
    const ONLY_IN_HEAD: [&str; 3] = ["title", "documented", "hit-policy"];
    let swallowed = |problem: &Diagnostic| {
        let unknown = problem.code == "unknown-key" && problem.message.ends_with(" in the rule");
        unknown && ONLY_IN_HEAD.iter().any(|key| problem.message.contains(&format!("`{key}`")))
    };
    let Some(first) = problems.iter().position(swallowed) else { return };
    let place = problems[first].primary.span.clone();
    let before = problems.len();
    problems.retain(|problem| {
        !(problem.code == "missing-key" && problem.message.starts_with("the policy has no "))
    });
    if problems.len() == before {
        return;
    }
    problems.retain(|problem| !swallowed(problem) && problem.code != "duplicate-key");
    problems.push(
        Diagnostic::error("head-in-table", "keys of the whole policy inside a rule", place)
            .label("this belongs to the `[[rule]]` above it")
            .hint("move them to the beginning of the file, above the first `[[rule]]`"),
    );
    problems.sort_by_key(|problem| problem.primary.span.start);
}

/// The names seen so far, so that a second one can be reported with the first.
#[derive(Default)]
struct Names<'b> {
    seen: BTreeMap<String, Range<usize>>,
    /// Some name could not be read, which was reported.
    incomplete: bool,
    base: Option<&'b PolicyDocument>,
}

impl Names<'_> {
    fn all(&self) -> Vec<&str> {
        let own = self.seen.keys().map(String::as_str);
        own.chain(self.base.into_iter().flat_map(names_of)).collect()
    }

    fn take(&mut self, section: &mut Section<'_>, problems: &mut Problems) -> Option<String> {
        let name = self.read(section, problems);
        self.incomplete |= name.is_none();
        name
    }

    fn read(&mut self, section: &mut Section<'_>, problems: &mut Problems) -> Option<String> {
        let id = section.require_text("id", problems)?;
        let id = name(id, problems)?;
        if let Some(base) = self.base.filter(|base| names_of(base).any(|name| name == id.value)) {
            let message = format!("`{}` is a name of the policy `{}`", id.value, base.id);
            return Diagnostic::error("duplicate-id", message, id.span)
                .label("the policy that this one extends has it already")
                .hint("choose another name: a rule of the base cannot be replaced")
                .report(problems);
        }
        if let Some(first) = self.seen.get(&id.value) {
            let message = format!("the name `{}` is used twice", id.value);
            return Diagnostic::error("duplicate-id", message, id.span)
                .label("second use")
                .also(first.clone(), "first use")
                .report(problems);
        }
        self.seen.insert(id.value.clone(), id.span);
        Some(id.value)
    }
}

/// Returns the names of the clauses of a policy.
fn names_of(document: &PolicyDocument) -> impl Iterator<Item = &str> {
    let rules = document.rules.iter().map(|rule| rule.id.as_str());
    rules.chain(document.prerequisites.iter().map(|one| one.id.as_str()))
}
