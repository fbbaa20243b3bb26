//! `Managed by` (`ManagementAgent`): who manages the device.
//!
//! Source of the members:
//! <https://learn.microsoft.com/en-us/graph/api/resources/intune-devices-managementagenttype>, and
//! for the later ones `api-reference/beta/resources/intune-shared-managementagenttype.md` of
//! <https://github.com/microsoftgraph/microsoft-graph-docs-contrib>. Of the portal's own texts only
//! `Intune` and `EAS` occur in imitations of its export; no page lists the others, so the names of
//! the products stand here as people and Graph's pages write them.

use super::{Lexicon, spelling};

/// What an agent says about mobile device management by Intune.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Agent {
    /// Intune manages it through MDM, alone or with others.
    Mdm,
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
        spelling("Configuration Manager", Agent::Other),
        spelling("Co-managed", Agent::Mdm),
        spelling("MDM", Agent::Mdm),
        spelling("MDM/EAS", Agent::Mdm),
        spelling("MDM/ConfigMgr", Agent::Mdm),
        spelling("MDM/ConfigMgr/EAS", Agent::Mdm),
        spelling("MDM/ConfigMgr Agent", Agent::Mdm),
        spelling("ConfigMgr Agent", Agent::Other),
        spelling("Jamf", Agent::Other),
        spelling("MDE", Agent::Other),
        spelling("easMdm", Agent::Mdm),
        spelling("intuneClient", Agent::Unclear),
        spelling("easIntuneClient", Agent::Unclear),
        spelling("configurationManagerClient", Agent::Other),
        spelling("configurationManagerClientMdm", Agent::Mdm),
        spelling("configurationManagerClientMdmEas", Agent::Mdm),
        spelling("googleCloudDevicePolicyController", Agent::Mdm),
        spelling("microsoft365ManagedMdm", Agent::Mdm),
        spelling("msSense", Agent::Other),
        spelling("windowsManagementCloudApi", Agent::Unclear),
        spelling("intuneAosp", Agent::Mdm),
        spelling("google", Agent::Unclear),
    ],
};
