//! One file for each engine.

pub mod cedar;
pub mod cel;
pub mod regorus;
pub mod relatch;

/// The name of a fact as an identifier.
fn identifier(fact: &str) -> String {
    fact.replace('-', "_")
}
