//! The clauses of built-in policies in a form that parses quickly, and what other data that is built in
//! takes of it.
//!
//! `relatch decide` and `relatch plan` ask every page, and parsing the TOML of the pages was two
//! thirds of the work of a `decide`. `policies/prepared.txt` contains the meaning of their clauses,
//! one a line. Only the TOML defines a policy: `UPDATE_DOCS=1 cargo test -p eligibility prepared`
//! writes the file, a test compares each of its policies with the TOML, and the build script leaves
//! out a policy whose TOML has changed since, which is then parsed from the TOML.

use super::Builtin;
use crate::facts::{ChoiceSet, FactName, OsVersion};
use crate::policy::{
    Condition, Conjunction, Policy, Prerequisite, Reading, Rule, Test, VersionRange, VersionSet,
};

/// The separators of the parts of a line, of conditions, and of the values of a condition.
const PARTS: char = '\t';
const CONDITIONS: char = ';';
const VALUES: char = '|';

/// The prefix of a condition whose values are excluded.
const NOT: char = '!';

/// The separator of the ends of a range of versions.
const UNTIL: &str = "..";

/// Returns a policy in a reading; `None` if its clauses were not prepared.
///
/// `known` are rules of other pages in that reading, by their lines: most rules stay as they are from
/// page to page.
pub(super) fn read(
    builtin: &Builtin,
    reading: Reading,
    known: &mut Vec<(&'static str, Rule)>,
) -> Option<Policy> {
    let mut policy =
        Policy { id: builtin.id.to_owned(), reading, prerequisites: Vec::new(), rules: Vec::new() };
    for line in builtin.prepared?.lines() {
        if let Some((_, rule)) = known.iter().find(|(other, _)| *other == line) {
            policy.rules.push(rule.clone());
            continue;
        }
        let mut parts = line.split(PARTS);
        let mut next = || parts.next();
        match next()? {
            "rule" => {
                let rule = rule(&mut next, reading)?;
                known.push((line, rule.clone()));
                policy.rules.push(rule);
            }
            _ => policy.prerequisites.push(Prerequisite {
                id: next()?.to_owned(),
                holds: conjunction(next()?)?,
                source: next()?.to_owned(),
            }),
        }
    }
    Some(policy)
}

fn rule<'l>(next: &mut impl FnMut() -> Option<&'l str>, reading: Reading) -> Option<Rule> {
    let (id, rank) = (next()?.to_owned(), next()?.parse().ok()?);
    let (then, scope) = (next()?.parse().ok()?, next()?.parse().ok()?);
    let mechanism = match next()? {
        "" => None,
        word => Some(word.parse().ok()?),
    };
    let (literal, intended, needs) = (next()?, next()?, next()?);
    let when = match reading {
        Reading::Intended if !intended.is_empty() => {
            conjunction(literal)?.overridden_by(&conjunction(intended)?)
        }
        _ => conjunction(literal)?,
    };
    let needs = conjunction(needs)?;
    Some(Rule { id, when, then, scope, mechanism, needs, source: next()?.to_owned(), rank })
}

/// Returns the FNV-1a hash of a text, by which a text that was changed since it was prepared is
/// recognised.
pub const fn fingerprint(text: &str) -> u64 {
    let (mut hash, mut at) = (0xcbf2_9ce4_8422_2325_u64, 0);
    while at < text.len() {
        hash = (hash ^ text.as_bytes()[at] as u64).wrapping_mul(0x0100_0000_01b3);
        at += 1;
    }
    hash
}

/// Writes conditions as [`conjunction`] parses them.
pub fn written(conjunction: &Conjunction) -> String {
    let conditions = conjunction.conditions().iter().map(|condition| {
        let all = condition.fact.choices();
        let values = match &condition.test {
            Test::Versions(set) => {
                let range = |range: &VersionRange| {
                    let before = range.before.map(|before| before.to_string());
                    format!("{}{UNTIL}{}", range.from, before.unwrap_or_default())
                };
                set.ranges().iter().map(range).collect::<Vec<_>>().join("|")
            }
            Test::Choices(set) => {
                let others = set.complement(all.len());
                let (set, not) = if others.len() < set.len() { (others, "!") } else { (*set, "") };
                let words = set.iter().map(|choice| all[usize::from(choice)]);
                format!("{not}{}", words.collect::<Vec<_>>().join("|"))
            }
        };
        format!("{}={values}", condition.fact)
    });
    conditions.collect::<Vec<_>>().join(";")
}

/// Parses conditions that were [`written`]; `None` if it cannot.
pub fn conjunction(text: &str) -> Option<Conjunction> {
    let conditions = text.split(CONDITIONS).filter(|condition| !condition.is_empty());
    conditions.map(condition).collect::<Option<Vec<_>>>().map(Conjunction::new)
}

fn condition(text: &str) -> Option<Condition> {
    let (fact, values) = text.split_once('=')?;
    let fact: FactName = fact.parse().ok()?;
    let all = fact.choices();
    if all.is_empty() {
        let ranges = values.split(VALUES).map(range).collect::<Option<Vec<_>>>()?;
        return Some(Condition { fact, test: Test::Versions(VersionSet::from_ranges(ranges)) });
    }
    let (words, excluded) = match values.strip_prefix(NOT) {
        Some(words) => (words, true),
        None => (values, false),
    };
    let number = |word| u8::try_from(all.iter().position(|other| *other == word)?).ok();
    let choices = words.split(VALUES).map(number).collect::<Option<Vec<_>>>()?;
    let choices = ChoiceSet::from_choices(choices);
    let choices = if excluded { choices.complement(all.len()) } else { choices };
    Some(Condition { fact, test: Test::Choices(choices) })
}

fn range(text: &str) -> Option<VersionRange> {
    let (from, before) = text.split_once(UNTIL)?;
    let version = |text: &str| text.parse::<OsVersion>().ok();
    let before = if before.is_empty() { None } else { Some(version(before)?) };
    Some(VersionRange { from: version(from)?, before })
}

#[cfg(test)]
mod tests {
    use std::fmt::Write;
    use std::path::Path;

    use super::*;
    use crate::builtin;
    use crate::policy::{Mechanism, PolicyDocument, RuleDocument};

    const HEAD: &str = "\
# What the clauses of the built-in policies mean. Made from the files of this folder's `intune`:
# UPDATE_DOCS=1 cargo test -p eligibility prepared
";

    fn prepared(text: &str, document: &PolicyDocument) -> String {
        let mut lines = format!("policy\t{}\t{:016x}\n", document.id, fingerprint(text));
        for one in &document.prerequisites {
            let holds = written(&one.holds);
            writeln!(lines, "prerequisite\t{}\t{holds}\t{}", one.id, one.source).unwrap();
        }
        let ranks: Vec<_> =
            document.read(Reading::Literal).rules.iter().map(|rule| rule.rank).collect();
        for (rule, rank) in document.rules.iter().zip(ranks) {
            let RuleDocument { id, then, scope, mechanism, source, .. } = rule;
            let mechanism = mechanism.map_or("", Mechanism::as_str);
            let [when, intended, needs] = [&rule.when, &rule.intended, &rule.needs].map(written);
            writeln!(
                lines,
                "rule\t{id}\t{rank}\t{then}\t{scope}\t{mechanism}\t{when}\t{intended}\t{needs}\t{source}"
            )
            .unwrap();
        }
        lines
    }

    #[test]
    fn the_prepared_clauses_are_those_of_the_files() {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../policies/prepared.txt");
        let pages = builtin::all().iter().map(|one| prepared(one.text(), &one.document()));
        let expected = HEAD.to_owned() + &pages.collect::<String>();
        if std::env::var_os("UPDATE_DOCS").is_some() {
            std::fs::write(&path, &expected).unwrap();
            return;
        }
        let found = std::fs::read_to_string(&path).unwrap_or_default();
        assert_eq!(found, expected, "UPDATE_DOCS=1 cargo test -p eligibility prepared");
        for one in builtin::all() {
            for reading in [Reading::Literal, Reading::Intended] {
                let plain = one.document().read(reading);
                assert_eq!(read(one, reading, &mut Vec::new()), Some(plain), "{}", one.id());
            }
        }
        for reading in [Reading::Literal, Reading::Intended] {
            let each = builtin::all().iter().map(|one| one.read(reading));
            assert!(builtin::read_all(reading).map(|(_, policy)| policy).eq(each));
        }
    }

    #[test]
    fn without_prepared_clauses_the_text_is_parsed() {
        let page = builtin::latest();
        let bare = Builtin { prepared: None, ..*page };
        assert_eq!(bare.read(Reading::Intended), page.read(Reading::Intended));
    }
}
