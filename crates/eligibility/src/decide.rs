//! Deciding one device: the reference that everything faster must agree with.
//!
//! [`decide`] is written to be obviously right. It goes through every device that agrees with
//! what is known, judges each, and says what they have in common.

mod completion;
mod explain;
mod judge;
mod merge;
mod outcome;

pub use explain::{Explanation, Tested, explain};
pub use outcome::{Cause, Decision, Outcome, Reason, ReasonCode, Verdict, VerdictWord};

use crate::facts::Facts;
use crate::policy::{Policy, Scope};

/// Decides a device: for each scope, and as one headline.
///
/// Facts that decide which rules match and are not known are treated by *every completion*: if
/// all devices that agree with the known facts get the same verdict, that is the verdict
/// (eligible and conditional together give conditional); otherwise it is undetermined and the
/// facts whose knowledge could change it are listed. Facts that are only needed stay unknown,
/// which makes the verdict conditional. What no such device can have does not count: of a set of
/// management modes, only those that exist on the platform do, see [`Facts::narrowed`].
///
/// Two things are presumed until the facts say otherwise, see
/// [`presumed`](crate::facts::presumed): the device is managed, and no retire, wipe or delete of
/// it is pending.
///
/// ```
/// use eligibility::decide::{Verdict, decide};
/// use eligibility::facts::{Fact, Facts, Platform};
/// use eligibility::policy::{PolicyDocument, Reading};
///
/// let text = r#"
/// id = "p"
/// title = "iPhones"
/// source = "https://example.com"
/// documented = 2018-03-29
/// [[rule]]
/// id = "ios"
/// when = { platform = "ios" }
/// then = "remove-passcode"
/// source = "first bullet"
/// "#;
/// let (document, _) = PolicyDocument::parse(text).expect("it is well-formed");
/// let policy = document.read(Reading::Literal);
/// let iphone = Facts { platform: Fact::Known(Platform::Ios), ..Facts::default() };
/// assert_eq!(decide(&policy, &iphone).headline().verdict(), Verdict::Eligible);
/// let missing = decide(&policy, &Facts::default()).headline().missing();
/// assert_eq!(missing.to_string(), "platform, management");
/// ```
pub fn decide(policy: &Policy, facts: &Facts) -> Decision {
    let facts = facts.narrowed();
    let open = completion::open_facts(policy, &facts);
    let judged: Vec<_> = completion::completions(policy, &facts, open)
        .map(|completed| {
            let scopes = judge::judge(policy, &completed, &facts);
            (completed, scopes)
        })
        .collect();
    let scopes = judge::each_scope(|scope: Scope| {
        merge::merge(open, judged.iter().map(|(device, scopes)| (device, &scopes[scope as usize])))
    });
    let headlines = judged.iter().map(|(device, scopes)| (device, judge::headline(scopes)));
    let headline = merge::merge(open, headlines);
    Decision::new(headline, scopes)
}

#[cfg(test)]
mod tests;
