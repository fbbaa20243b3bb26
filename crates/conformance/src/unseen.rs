//! Devices that are not simulated: no policy is checked there, and every report says so.

use std::collections::BTreeSet;

use device_sim::subject::NotSimulated;
use eligibility::analysis::{Region, Releases, Survey, TooComplex};

use crate::behaviour::{Answer, Behaviour, Family};

/// Devices that nothing simulates, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unseen {
    /// The reason.
    pub because: NotSimulated,
    /// The devices.
    pub region: Region,
}

impl Behaviour {
    /// Returns all devices that nothing simulates, as few regions for each reason.
    ///
    /// # Errors
    ///
    /// [`TooComplex`] does not occur: the devices are those of the models.
    pub fn unseen(&self, releases: &Releases) -> Result<Vec<Unseen>, TooComplex> {
        let mut unseen = Vec::new();
        for family in self.families() {
            let reasons: BTreeSet<NotSimulated> = family.answers().filter_map(reason).collect();
            for because in reasons {
                // What is unseen for another reason may lie inside or not.
                let found = survey(family).regions(releases, |device| match self.of(device) {
                    Ok(_) => Some(BTreeSet::new()),
                    answer if reason(answer) == Some(because) => Some(BTreeSet::from([()])),
                    Err(_) => None,
                })?;
                unseen.extend(found.into_iter().map(|((), region)| Unseen { because, region }));
            }
        }
        Ok(unseen)
    }
}

/// Returns the reason that a device which may exist is not simulated.
fn reason(answer: Answer) -> Option<NotSimulated> {
    answer.err().filter(|because| !matches!(because, NotSimulated::NotPossible(_)))
}

fn survey(family: &Family) -> Survey {
    Survey {
        platforms: family.platforms.clone(),
        facts: family.facts,
        versions: family.cuts.clone(),
    }
}
