//! A policy file as it was written, with the place of everything in it.

use std::ops::Range;

use chrono::NaiveDate;

use super::case::Case;
use super::condition::Conjunction;
use super::rule::{Effect, HitPolicy, Mechanism, Prerequisite, Reading, Rule, Scope};
use super::{Policy, lower};
use crate::diagnostic::{Diagnostic, InvalidDocument, Severity};
use crate::document::{newer_tables, read_document};

/// A policy file that can be used, in all its readings.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PolicyDocument {
    /// The name of the policy.
    pub id: String,
    /// What it transcribes.
    pub title: String,
    /// Where the document can be found, as a URL.
    pub source: String,
    /// The date that the document bears.
    pub documented: NaiveDate,
    /// What happens when several rules match.
    pub hit_policy: HitPolicy,
    /// What must hold for any rule to be asked.
    pub prerequisites: Vec<Prerequisite>,
    /// The rules, in the order of the file.
    pub rules: Vec<RuleDocument>,
    /// The tests that the file carries, in its order.
    pub cases: Vec<Case>,
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
    /// Why that was intended; empty where nothing else was.
    pub intended_because: String,
    /// What it gives.
    pub then: Effect,
    /// Whose passcode it is about.
    pub scope: Scope,
    /// The vendor operation, where the policy names one.
    pub mechanism: Option<Mechanism>,
    /// What must hold for the action to succeed although the page calls it supported.
    pub needs: Conjunction,
    /// Where the document says so.
    pub source: String,
    /// Where the rule stands in the text, in bytes.
    pub span: Range<usize>,
}

impl PolicyDocument {
    /// Reads a policy file.
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
        let (document, mut problems) = read_document(text, "policy", lower::policy);
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

    /// The policy in one of its readings.
    pub fn read(&self, reading: Reading) -> Policy {
        Policy {
            id: self.id.clone(),
            reading,
            hit_policy: self.hit_policy,
            prerequisites: self.prerequisites.clone(),
            rules: self.rules.iter().map(|rule| rule.read(reading)).collect(),
        }
    }
}

impl RuleDocument {
    fn read(&self, reading: Reading) -> Rule {
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
        }
    }
}
