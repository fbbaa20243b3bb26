//! What a passcode-reset policy says of one device, and exactly why.
pub mod decide;
pub mod diagnostic;
pub mod document;
pub mod facts;
pub mod nearest;
pub mod policy;
