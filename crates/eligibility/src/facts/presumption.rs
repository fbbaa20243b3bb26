//! The presumed values of unknown facts.

use super::{FactName, Management, ManagementState, Value};

/// Returns true if a device may have this value when nothing is known of the fact.
///
/// relatch assumes a managed device with no higher-priority action pending. So an unknown
/// `management` is never `not-managed`, and an unknown `management-state` is not a pending retire,
/// wipe or delete. Every other value is possible.
///
/// ```
/// use eligibility::facts::{FactName, presumed};
///
/// let management = |word| FactName::Management.parse(word).unwrap();
/// assert!(presumed(FactName::Management, management("dedicated")));
/// assert!(!presumed(FactName::Management, management("not-managed")));
/// ```
pub fn presumed(name: FactName, value: Value) -> bool {
    const OUTRANKING: [ManagementState; 3] = [
        ManagementState::RetirePending,
        ManagementState::WipePending,
        ManagementState::DeletePending,
    ];
    let is = |choice: u8| value == Value::Choice(choice);
    match name {
        FactName::Management => !is(Management::NotManaged as u8),
        FactName::ManagementState => !OUTRANKING.iter().any(|state| is(*state as u8)),
        _ => true,
    }
}
