//! In what two policies differ.

use eligibility::analysis::Change;
use eligibility::policy::PolicyDocument;

/// Two policies and in what they differ.
pub(crate) struct Comparison {
    pub(crate) from: PolicyDocument,
    pub(crate) to: PolicyDocument,
    pub(crate) changes: Vec<Change>,
}
