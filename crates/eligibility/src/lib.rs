//! What a passcode-reset policy says of one device, and exactly why.
pub mod diagnostic;
pub mod document;
pub mod facts;
pub mod nearest;
