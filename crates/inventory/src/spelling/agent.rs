//! `Managed by` (`ManagementAgent`): who manages the device.
//!
//! Source of the members:
//! <https://learn.microsoft.com/en-us/graph/api/resources/intune-devices-managementagenttype>, and
//! for the later ones `api-reference/beta/resources/intune-shared-managementagenttype.md` of
//! <https://github.com/microsoftgraph/microsoft-graph-docs-contrib>. Of the portal's own texts only
//! `Intune` and `EAS` occur in imitations of its export; no page lists the others, so the names of
//! the products are here as people and Graph's pages write them. `microsoftSense` is Graph's name
//! for Defender for Endpoint among `deviceManagementConfigurationTechnologies`.

use eligibility::facts::Fact;

use super::{Lexicon, spelling};

/// The statement of an agent about mobile device management by Intune.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Agent {
    /// Intune manages it through MDM, alone or with others.
    Mdm,
    /// Intune manages it through Google's `CloudDPC`, the agent of Google's Android Management API.
    CloudDpc,
    /// Intune manages it through its agent for AOSP.
    Aosp,
    /// Intune has no MDM hold on it: Exchange (EAS), Configuration Manager, Jamf or Defender for
    /// Endpoint alone.
    Other,
    /// The name does not say: the old PC agent, or a cloud service.
    Unclear,
}

pub(crate) const AGENT: Lexicon<Agent> = Lexicon {
    expected: "a management agent such as `Intune`, `EAS`, `ConfigMgr` or blank",
    spellings: &[
        spelling("Intune", Agent::Mdm),
        spelling("EAS", Agent::Other),
        spelling("ConfigMgr", Agent::Other),
        spelling("ConfigMgr Agent", Agent::Other),
        spelling("Configuration Manager", Agent::Other),
        spelling("Endpoint Configuration Manager", Agent::Other),
        spelling("System Center Configuration Manager", Agent::Other),
        spelling("SCCM", Agent::Other),
        spelling("MECM", Agent::Other),
        spelling("Co-managed", Agent::Mdm),
        spelling("Co-management", Agent::Mdm),
        spelling("Defender for Endpoint", Agent::Other),
        spelling("MDE", Agent::Other),
        spelling("Sense", Agent::Other),
        spelling("Exchange ActiveSync", Agent::Other),
        spelling("MDM", Agent::Mdm),
        spelling("Jamf", Agent::Other),
        spelling("Jamf Pro", Agent::Other),
        spelling("easMdm", Agent::Mdm),
        spelling("intuneClient", Agent::Unclear),
        spelling("easIntuneClient", Agent::Unclear),
        spelling("configurationManagerClient", Agent::Other),
        spelling("configurationManagerClientMdm", Agent::Mdm),
        spelling("configurationManagerClientMdmEas", Agent::Mdm),
        spelling("googleCloudDevicePolicyController", Agent::CloudDpc),
        spelling("microsoft365ManagedMdm", Agent::Mdm),
        spelling("msSense", Agent::Other),
        spelling("windowsManagementCloudApi", Agent::Unclear),
        spelling("intuneAosp", Agent::Aosp),
        spelling("google", Agent::Unclear),
    ],
};

/// The numbers of `ManagementAgents`, in the same enum: the numbers of combinations are the sums of
/// their parts.
pub(crate) const AGENTS: Lexicon<Option<Agent>> = Lexicon {
    expected: "a name or number of `managementAgentType` such as `mdm` or `2`, or blank",
    spellings: &[
        spelling("1", Some(Agent::Other)),
        spelling("2", Some(Agent::Mdm)),
        spelling("3", Some(Agent::Mdm)),
        spelling("4", Some(Agent::Unclear)),
        spelling("5", Some(Agent::Unclear)),
        spelling("8", Some(Agent::Other)),
        spelling("10", Some(Agent::Mdm)),
        spelling("11", Some(Agent::Mdm)),
        spelling("16", None),
        spelling("32", Some(Agent::Other)),
        spelling("64", Some(Agent::CloudDpc)),
        spelling("258", Some(Agent::Mdm)),
        spelling("512", Some(Agent::Unclear)),
        spelling("1024", Some(Agent::Other)),
        spelling("2048", Some(Agent::Aosp)),
        spelling("8192", Some(Agent::Unclear)),
        spelling("8193", None),
    ],
};

/// Reads a trimmed cell: an agent, perhaps behind the name of Microsoft, or several agents that
/// manage a device together.
pub(crate) fn read(text: &str) -> Option<Fact<Agent>> {
    AGENT.read(text).or_else(|| together(text).map(Fact::Known))
}

fn together(text: &str) -> Option<Agent> {
    let parts = text.split(['/', ',', ';', '+', '&', '(', ')']);
    let parts = parts.flat_map(|part| part.split(" and ")).map(str::trim);
    let mut all = None;
    for part in parts.filter(|part| !part.is_empty()) {
        let bare = part.split_at_checked(9).filter(|(of, _)| of.eq_ignore_ascii_case("microsoft"));
        let agent = AGENT.value(part).or_else(|| AGENT.value(bare?.1))?;
        // A device has one MDM, so Jamf and Intune contradict each other.
        let starts = part.get(..4).is_some_and(|start| start.eq_ignore_ascii_case("jamf"));
        let jamf = starts && part.len() < text.len();
        all = match all {
            _ if jamf => return None,
            None => Some(agent),
            Some(Agent::Other) => Some(agent),
            Some(all) if agent == Agent::Other => Some(all),
            Some(all) => Some(all.and(agent)?),
        };
    }
    all
}

impl Agent {
    /// Returns what two columns say together, if they can both be right.
    pub(crate) fn and(self, other: Self) -> Option<Self> {
        match (self, other) {
            (Self::Unclear, known) | (known, Self::Unclear) => Some(known),
            (Self::Mdm, agent @ (Self::CloudDpc | Self::Aosp))
            | (agent @ (Self::CloudDpc | Self::Aosp), Self::Mdm) => Some(agent),
            (one, other) => (one == other).then_some(one),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn several_agents_say_together_what_manages_a_device() {
        for (text, agent) in [
            ("Intune", Some(Agent::Mdm)),
            ("Microsoft Intune", Some(Agent::Mdm)),
            ("MDM/ConfigMgr Agent", Some(Agent::Mdm)),
            ("Intune; ConfigMgr", Some(Agent::Mdm)),
            ("EAS + MDE", Some(Agent::Other)),
            ("Configuration Manager (co-managed)", Some(Agent::Mdm)),
            ("EAS and googleCloudDevicePolicyController", Some(Agent::CloudDpc)),
            ("intuneAosp, EAS", Some(Agent::Aosp)),
            ("Intune & intuneAosp", Some(Agent::Aosp)),
            ("google, Intune", Some(Agent::Mdm)),
            ("Jamf Pro", Some(Agent::Other)),
            ("Jamf, EAS", None),
            ("Intune, Jamf Pro", None),
            ("intuneAosp, googleCloudDevicePolicyController", None),
            ("Intune, x", None),
            ("Intune,", Some(Agent::Mdm)),
        ] {
            assert_eq!(read(text), agent.map(Fact::Known), "{text}");
        }
    }
}
