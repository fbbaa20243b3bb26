//! The facts joined from facts files.

use eligibility::facts::{FactName, FactSet};
use inventory::{JoinKey, Problems, Rejection};
use schemars::JsonSchema;
use serde::Serialize;

/// The results of the rows of a facts file.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
#[schemars(rename = "JoinedFile")]
pub(crate) struct JoinedReport {
    /// The file.
    pub(crate) file: String,
    /// By what it identifies devices.
    #[serde(serialize_with = "word")]
    #[schemars(with = "String")]
    pub(crate) key: JoinKey,
    /// The facts that it has columns for.
    #[schemars(with = "Vec<String>")]
    pub(crate) facts: FactSet,
    /// Its rows: those matched and those unmatched.
    pub(crate) rows: u64,
    /// The rows about a device of the inventories.
    pub(crate) matched: u64,
    /// All other rows: those of the next three, and those whose key no device has.
    pub(crate) unmatched: u64,
    /// The unmatched rows whose key is blank.
    pub(crate) no_key: u64,
    /// The unmatched rows whose key several devices have.
    pub(crate) ambiguous: u64,
    /// The unmatched rows whose cells cannot be separated or contradict each other.
    pub(crate) rejected: u64,
    /// The rows whose key an earlier row has.
    pub(crate) repeated: u64,
    /// The keys whose rows contradict each other; such a fact is one of what they say.
    pub(crate) repeated_contradictions: u64,
    /// The facts of devices that contradict the inventory or another facts file; such a fact is one
    /// of what they say.
    pub(crate) contradictions: u64,
    /// The columns that are not read.
    #[serde(rename = "ignored-columns")]
    pub(crate) ignored: Vec<String>,
    /// The cells that were not understood.
    #[serde(skip)]
    pub(crate) problems: Problems,
    /// The first rejected row.
    #[serde(skip)]
    pub(crate) first_rejection: Option<Rejection>,
    /// The first unmatched row, and its key.
    #[serde(skip)]
    pub(crate) first_unmatched: Option<(u64, String)>,
    /// The first contradiction to another source.
    #[serde(skip)]
    pub(crate) first_contradiction: Option<Contradiction>,
}

fn word<S: serde::Serializer>(key: &JoinKey, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(key.as_str())
}

/// A fact on which a facts file and another source contradict each other.
pub(crate) struct Contradiction {
    /// The row of the facts file.
    pub(crate) row: u64,
    /// The fact.
    pub(crate) fact: FactName,
    /// The value in the file.
    pub(crate) said: String,
    /// The value of the other source, if a single value contradicts it.
    pub(crate) against: Option<String>,
}

impl JoinedReport {
    /// Returns true if there is something to list: rows that are not joined, and contradictions.
    pub(crate) fn has_remarks(&self) -> bool {
        self.unmatched + self.contradictions + self.repeated_contradictions > 0
    }

    /// Returns true if nothing contradicts, everything was understood, and something was joined.
    /// Rows about devices that are not in the inventories are no finding.
    pub(crate) fn is_clean(&self) -> bool {
        let contradictions = self.contradictions + self.repeated_contradictions;
        let understood = self.rejected == 0 && self.problems.cells() == 0;
        contradictions == 0 && self.ambiguous == 0 && understood && self.matched > 0
    }
}
