//! The decision of a passcode-reset policy for one device, and the exact reasons.
//!
//! Three steps, each with its own type:
//!
//! 1. [`facts::Facts`] hold what is known of a device; what is not known stays unknown.
//! 2. [`policy::PolicyDocument`] is a policy file; in one [`policy::Reading`] it is a
//!    [`policy::Policy`].
//! 3. [`decide::decide`] gives the [`decide::Decision`] with its reasons, needs and missing facts.
//!
//! ```
//! use eligibility::decide::{Verdict, decide};
//! use eligibility::facts::{Fact, Facts, Management, Platform};
//! use eligibility::policy::{PolicyDocument, Reading};
//!
//! let text = r#"
//! id         = "work-profiles"
//! title      = "Work profiles of the page"
//! source     = "https://example.com/page"
//! documented = 2018-03-29
//!
//! [[rule]]
//! id     = "work-profile-7"
//! when   = { platform = "android", management = "personal-work-profile", os-version = ">=7.0" }
//! then   = "reset-passcode"
//! scope  = "work-profile"
//! needs  = { reset-token = "active" }
//! source = "first bullet"
//! "#;
//! let (document, _warnings) = PolicyDocument::parse(text).expect("it is well-formed");
//! let policy = document.read(Reading::Literal);
//!
//! let device = Facts {
//!     platform: Fact::Known(Platform::Android),
//!     management: Fact::Known(Management::PersonalWorkProfile),
//!     os_version: Fact::Known("9".parse()?),
//!     ..Facts::default()
//! };
//! let decision = decide(&policy, &device);
//! assert_eq!(decision.headline().verdict(), Verdict::Conditional);
//! assert_eq!(decision.headline().needs().to_string(), "reset-token");
//! # Ok::<(), eligibility::facts::InvalidVersion>(())
//! ```
//!
//! The same as a program: `cargo run -p eligibility --example decide_device`.
//!
//! # What this crate does not do
//!
//! It sees one device at a time and touches nothing else: no files, no clock, no threads, no
//! chance, no printing. It knows no rule of any vendor; those are data. It says what follows from
//! a policy, never what a device will really do.

pub mod analysis;
pub mod builtin;
pub mod cases;
pub mod classes;
pub mod closed_enum;
pub mod costs;
pub mod decide;
pub mod diagnostic;
pub mod document;
#[cfg(test)]
mod example;
pub mod facts;
pub mod nearest;
pub mod notes;
pub mod policy;
mod text;
