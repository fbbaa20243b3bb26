//! Invariants: statements that every state must satisfy.

/// A named statement about one state.
pub(crate) struct Invariant<S: 'static> {
    /// The name in findings and explorations.
    pub(crate) name: &'static str,
    /// Returns true if a state satisfies it.
    pub(crate) holds: fn(&S) -> bool,
}

/// Returns the names of the invariants that a state breaks.
pub(crate) fn broken<S>(invariants: &[Invariant<S>], state: &S) -> Vec<&'static str> {
    let broken = invariants.iter().filter(|invariant| !(invariant.holds)(state));
    broken.map(|invariant| invariant.name).collect()
}
