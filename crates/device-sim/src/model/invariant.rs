//! Invariants: statements that every state must satisfy.

/// A statement about one state: its name in findings and explorations, and its test.
pub(crate) type Invariant<S> = (&'static str, fn(&S) -> bool);

/// Returns the names of the invariants that a state breaks.
pub(crate) fn broken<S>(invariants: &[Invariant<S>], state: &S) -> Vec<&'static str> {
    let broken = invariants.iter().filter(|(_, holds)| !holds(state));
    broken.map(|(name, _)| *name).collect()
}
