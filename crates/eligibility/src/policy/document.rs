//! A policy file as it was written, with the place of everything in it.

use std::ops::Range;

use chrono::NaiveDate;

use super::accepted::Accepted;
use super::case::Case;
use super::condition::Conjunction;
use super::rule::{Effect, HitPolicy, Mechanism, Prerequisite, Reading, Rule, Scope};
use super::{Policy, lower};
use crate::builtin::{self, Builtin};
use crate::diagnostic::{Diagnostic, InvalidDocument, Severity};
use crate::document::{Text, newer_tables, read_document};

/// A policy file that can be used, in all its readings.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PolicyDocument {
    /// The name of the policy.
    pub id: String,
    /// The title of the document.
    pub title: String,
    /// The URL of the document.
    pub source: String,
    /// The date that the document bears.
    pub documented: NaiveDate,
    /// The meaning of several matching rules of the file.
    pub hit_policy: HitPolicy,
    /// The policy that this one extends, if it does.
    pub base: Option<Base>,
    /// The prerequisites: those of the file, then those of the base.
    pub prerequisites: Vec<Prerequisite>,
    /// The rules, in the order of the file, then those of the base.
    pub rules: Vec<RuleDocument>,
    /// The tests that the file carries, in its order.
    pub cases: Vec<Case>,
    /// The findings that are accepted: those of the file, then those of the base.
    pub accepted: Vec<Accepted>,
}

/// The policy that another one extends.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Base {
    /// The name of the policy.
    pub id: String,
    /// The date of the page at the root: a base may extend another policy.
    pub page: NaiveDate,
    /// The position of its first prerequisite.
    pub prerequisites: usize,
    /// The position of its first rule.
    pub rules: usize,
    /// The ranks of its rules among each other, see [`Rule::rank`].
    ranks: Vec<u16>,
    /// The position of the first finding that it accepts.
    pub accepted: usize,
}

/// A rule with both of its readings.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RuleDocument {
    /// Its name, unique in the policy.
    pub id: String,
    /// The devices that it covers, literally.
    pub when: Conjunction,
    /// The conditions that replace the literal ones where the intended reading is chosen.
    pub intended: Conjunction,
    /// The reason for the intended reading; empty without one.
    pub intended_because: String,
    /// Its effect.
    pub then: Effect,
    /// Whose passcode it is about.
    pub scope: Scope,
    /// The vendor operation, where the policy names one.
    pub mechanism: Option<Mechanism>,
    /// The needs: conditions for the action to succeed although the page calls it supported.
    pub needs: Conjunction,
    /// The passage of the document.
    pub source: String,
    /// The place of the rule in the text of its own file, in bytes.
    pub span: Range<usize>,
}

impl PolicyDocument {
    /// Reads a policy file; a policy that it extends is looked for among the built-in ones.
    ///
    /// # Errors
    ///
    /// All problems of the text at once, in the order of their places. Problems that are only
    /// warnings do not make it unusable; they are returned beside the document.
    ///
    /// ```
    /// use eligibility::policy::{PolicyDocument, Reading};
    ///
    /// let text = r#"
    /// id         = "phones"
    /// title      = "Phones of the page"
    /// source     = "https://example.com/page"
    /// documented = 2018-03-29
    ///
    /// [[rule]]
    /// id     = "iphones"
    /// when   = { platform = "ios" }
    /// then   = "remove-passcode"
    /// source = "first bullet"
    /// "#;
    /// let (document, warnings) = PolicyDocument::parse(text).expect("it is well-formed");
    /// assert!(warnings.is_empty());
    /// assert_eq!(document.read(Reading::Literal).rules[0].when.to_string(), "platform ios");
    /// ```
    pub fn parse(text: &str) -> Result<(Self, Vec<Diagnostic>), InvalidDocument> {
        let base = Self::extends(text).and_then(|name| builtin::named(&name.value));
        Self::parse_on(text, base.map(Builtin::document).as_ref())
    }

    /// Returns the name of the policy that a text extends, if it is one that does: a built-in id,
    /// the date of a built-in page, or a path.
    pub fn extends(text: &str) -> Option<Text> {
        read_document(text, "policy", |mut top, _| top.take("extends")?.as_text()).0
    }

    /// Reads a policy file on top of the policy that it extends.
    ///
    /// The rules of the file come first: where one of them matches, at its scope, the rules of the
    /// base are not asked. All prerequisites must hold. Title, source and date are those of the
    /// base where the file has none, and what the base accepts is accepted.
    ///
    /// # Errors
    ///
    /// All problems of the text at once, as [`parse`](Self::parse) gives them.
    ///
    /// ```
    /// use eligibility::builtin;
    /// use eligibility::decide::{Verdict, decide};
    /// use eligibility::facts::{Fact, Facts, Ownership, Platform};
    /// use eligibility::policy::{PolicyDocument, Reading};
    ///
    /// let text = r#"
    /// id      = "our-rules"
    /// extends = "intune-2026-04-21"
    ///
    /// [[rule]]
    /// id     = "never-personal"
    /// when   = { ownership = "personal" }
    /// then   = "unsupported"
    /// source = "Decision of the works council"
    /// "#;
    /// let (document, _) = PolicyDocument::parse(text)?;
    /// let policy = document.read(Reading::Literal);
    /// let iphone = Facts { platform: Fact::Known(Platform::Ios), ..Facts::default() };
    /// let verdict = |ownership| {
    ///     let phone = Facts { ownership: Fact::Known(ownership), ..iphone };
    ///     decide(&policy, &phone).headline().verdict()
    /// };
    /// assert_eq!(verdict(Ownership::Corporate), Verdict::Eligible);
    /// assert_eq!(verdict(Ownership::Personal), Verdict::Ineligible);
    /// # Ok::<(), eligibility::diagnostic::InvalidDocument>(())
    /// ```
    pub fn parse_on(
        text: &str,
        base: Option<&Self>,
    ) -> Result<(Self, Vec<Diagnostic>), InvalidDocument> {
        let (document, mut problems) =
            read_document(text, "policy", |top, problems| lower::policy(top, base, problems));
        lower::without_swallowed_head(&mut problems);
        if problems.iter().all(|problem| problem.code != "syntax") {
            problems.extend(newer_tables(text));
        }
        let unusable = problems.iter().any(|problem| problem.severity == Severity::Error);
        match document {
            Some(document) if !unusable => Ok((document, problems)),
            _ => Err(InvalidDocument::new(text, problems)),
        }
    }

    /// Parses a built-in policy, which has no problems: a test parses each in full.
    pub(crate) fn parse_built_in(text: &str) -> Option<Self> {
        read_document(text, "policy", |top, problems| lower::policy(top, None, problems)).0
    }

    /// Returns the date of the page that the policy transcribes or extends.
    pub fn page(&self) -> NaiveDate {
        self.base.as_ref().map_or(self.documented, |base| base.page)
    }

    /// Returns the number of rules of the file itself.
    pub fn own_rules(&self) -> usize {
        self.base.as_ref().map_or(self.rules.len(), |base| base.rules)
    }

    /// Returns the number of prerequisites of the file itself.
    pub(crate) fn own_prerequisites(&self) -> usize {
        self.base.as_ref().map_or(self.prerequisites.len(), |base| base.prerequisites)
    }

    /// Returns the findings that the file itself accepts.
    pub fn own_accepted(&self) -> &[Accepted] {
        &self.accepted[..self.base.as_ref().map_or(self.accepted.len(), |base| base.accepted)]
    }

    /// Returns the policy in one of its readings.
    pub fn read(&self, reading: Reading) -> Policy {
        Policy {
            id: self.id.clone(),
            reading,
            prerequisites: self.prerequisites.clone(),
            rules: self
                .rules
                .iter()
                .zip(self.ranks())
                .map(|(rule, rank)| rule.read(reading, rank))
                .collect(),
        }
    }

    /// Returns the ranks of the rules: those of the file by its hit policy, then those of the base.
    fn ranks(&self) -> impl Iterator<Item = u16> {
        let own = u16::try_from(self.own_rules()).unwrap_or(u16::MAX);
        let ordered = self.hit_policy == HitPolicy::First;
        let base = self.base.iter().flat_map(|base| &base.ranks);
        let of_own = move |index: u16| if ordered { index } else { 0 };
        (0..own).map(of_own).chain(base.map(move |rank| own.saturating_add(*rank)))
    }
}

impl Base {
    /// Returns a policy as the base of one with a number of clauses of its own.
    pub(super) fn of(
        document: &PolicyDocument,
        prerequisites: usize,
        rules: usize,
        accepted: usize,
    ) -> Self {
        Self {
            id: document.id.clone(),
            page: document.page(),
            prerequisites,
            rules,
            ranks: document.ranks().collect(),
            accepted,
        }
    }
}

impl RuleDocument {
    fn read(&self, reading: Reading, rank: u16) -> Rule {
        Rule {
            id: self.id.clone(),
            when: match reading {
                Reading::Literal => self.when.clone(),
                Reading::Intended => self.when.overridden_by(&self.intended),
            },
            then: self.then,
            scope: self.scope,
            mechanism: self.mechanism,
            needs: self.needs.clone(),
            source: self.source.clone(),
            rank,
        }
    }
}
