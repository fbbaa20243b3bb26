//! A comparison of a policy's promises with the behaviour of simulated devices.
//!
//! 1. [`Behaviour::observe`] presses the button once on every simulated device, with the most and
//!    with the least cooperative user, and records the result. This knows no policy.
//! 2. [`verify()`] holds a policy against that: what it calls eligible must be reached, what it
//!    refuses must not, and what a rule needs must be possible and needed.
//! 3. Each [`Disagreement`] is a region of devices with a witness, the [`Explanation`] that is on
//!    record for it, if there is one, and a scenario in which the policy's claim does not come true.
//!
//! ```
//! use std::num::NonZeroUsize;
//!
//! use conformance::{Behaviour, Explanations, DisagreementCode, verify};
//! use eligibility::analysis::Releases;
//! use eligibility::policy::{PolicyDocument, Reading};
//!
//! let text = r#"
//! id         = "macs"
//! title      = "A promise to Macs"
//! source     = "https://example.com/page"
//! documented = 2026-04-21
//!
//! [[rule]]
//! id     = "macs"
//! when   = { platform = "macos" }
//! then   = "remove-passcode"
//! source = "first bullet"
//! "#;
//! let (document, _warnings) = PolicyDocument::parse(text).expect("it is well-formed");
//! let behaviour = Behaviour::observe(NonZeroUsize::MIN);
//! let (record, releases) = (Explanations::default(), Releases::default());
//! let found = verify(&document, Reading::Literal, &behaviour, &record, &releases)?;
//! let first = &found.disagreements[0];
//! assert_eq!(first.code, DisagreementCode::NotKept);
//! assert_eq!(first.region.to_string(), "macos");
//! assert_eq!(first.result.to_string(), "notSupported");
//! # Ok::<(), eligibility::analysis::TooComplex>(())
//! ```
//!
//! # What this crate does not do
//!
//! It neither simulates nor decides anything itself: devices are `device_sim`'s, decisions are
//! `eligibility`'s, and the two meet nowhere else. It knows no rule of any vendor and opens no
//! file. Where nothing is simulated it says so ([`Behaviour::unseen`]); it never takes a device for
//! one that agrees because nothing was compared.

mod behaviour;
mod explanation;
mod judge;
mod show;
mod source;
mod trial;
mod trial_result;
mod unseen;
mod user;
mod verify;

pub use behaviour::{Answer, Behaviour};
pub use explanation::{During, Explanation, Explanations};
pub use judge::DisagreementCode;
pub use show::{Claim, claimed};
pub use source::sources_of;
pub use trial_result::{TrialResult, TrialResults};
pub use unseen::Unseen;
pub use verify::{Disagreement, Unsaid, Verification, verify};
