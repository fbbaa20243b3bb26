//! Simulates, minute by minute, what a phone does when its passcode is reset.
//!
//! A [`ScenarioDocument`] is read from TOML; [`run()`] turns one of its scenarios and a seed into a
//! trace, and reports what was expected and not seen. A run is a pure function: virtual time only,
//! one fixed order of events, every loop bounded, every draw from a seeded [`Rng`].
//!
//! ```
//! use device_sim::{ScenarioDocument, run};
//!
//! let document = ScenarioDocument::read(
//!     r#"
//!     title = "a token waits for the device lock"
//!     [devices.phone]
//!     kind = "android"
//!     api-level = 26
//!     enrolment = "work-profile"
//!     lock = "4711"
//!     [[step]]
//!     do = "set-reset-password-token"
//!     returns = true
//!     expect = { work-token = "pending" }
//!     "#,
//! )
//! .expect("a scenario without problems");
//! let mut lines = Vec::new();
//! let result = run(&document.scenarios[0], 1, |event| lines.push(event.to_string()));
//! assert_eq!(result.findings, []);
//! assert_eq!(
//!     lines,
//!     [
//!         "2018-04-02T09:00:00Z 1 phone admin set-reset-password-token by=profile-owner \
//!          token=32-bytes => returns true; work-token: absent -> pending"
//!     ]
//! );
//! ```
//!
//! The same as a program: `cargo run -p device-sim --example run_scenario`.
//!
//! Besides single scenarios there is every order of events ([`exploration`])
//! and the result of one action on devices about which not everything is known ([`forecast`]).
//!
//! This crate reads no files and no clock, and knows no policy of what a management service
//! allows: it is the witness to which such policies are held.

#![deny(clippy::disallowed_types, clippy::disallowed_methods, clippy::float_arithmetic)]

pub mod android;
pub mod apple;
pub mod exploration;
pub mod forecast;
pub mod scenario;
pub mod service;
pub mod subject;
pub mod user;

mod device;
mod machine;
mod model;
mod simulation;
mod vocabulary;

pub use device::{Device, DeviceCall, DeviceSetup, Platform};
pub use machine::{Call, Machine, Setup};
pub use model::{
    Argument, Basis, Change, Context, Domain, Event, Note, Observable, Outcome, OutcomeKey,
    Parameter, Presence, Rng, Secret, TokenBytes, TraceHash, Value, Values, Verb, Viewer, duration,
    format_instant, versions,
};
pub use scenario::{Scenario, ScenarioDocument};
pub use simulation::{Finding, Run, Turn, World, run};
pub use vocabulary::{Vocabulary, vocabularies};
