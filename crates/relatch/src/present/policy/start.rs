//! The start of a policy file.

use chrono::NaiveDate;

/// Returns a policy that passes `policy check`: complete, without conflicts, every clause with a
/// case.
pub(super) fn render(id: &str, today: NaiveDate) -> String {
    START.replace("ID", id).replace("DATE", &today.to_string())
}

/// Returns an extension of a policy that passes `policy check`.
pub(super) fn extension(id: &str, base: &str, today: NaiveDate) -> String {
    EXTENSION.replace("ID", id).replace("BASE", base).replace("DATE", &today.to_string())
}

const EXTENSION: &str = r#"# Our own conditions on top of a documented page. Where a rule of this file matches, the rules of the
# page are not asked about its scope; everything else is decided by the page.
#
#   relatch policy diff BASE FILE   what this file changes
#   relatch policy check FILE       gaps, contradictions, failing cases, and what it allows too much

id         = "ID"
extends    = "BASE"
title      = "Passcode resets by our help desk"
source     = "https://intranet.example/passcode-resets"
documented = DATE

[[rule]]
id     = "never-personal"
when   = { ownership = "personal" }
then   = "unsupported"
source = "first paragraph"

[[rule]]
id     = "never-personal-profile"
when   = { ownership = "personal" }
then   = "unsupported"
scope  = "work-profile"
source = "first paragraph"

# A case: a device, and the decision that it must get.
[[case]]
facts  = { platform = "ios", ownership = "personal" }
expect = "ineligible"
rule   = "never-personal"

[[case]]
facts  = { platform = "android", management = "personal-work-profile", ownership = "personal" }
scope  = "work-profile"
expect = "ineligible"
rule   = "never-personal-profile"
"#;

const START: &str = r#"# A policy says for which devices the passcode action works. Change the rules, then run
#
#   relatch policy check FILE     gaps, contradictions, failing cases
#   relatch policy test FILE      the cases, and what they cover
#   relatch policy verify FILE    the rules against simulated devices
#
# `relatch policy schema` prints a JSON Schema by which editors complete the keys and words.

id         = "ID"
title      = "Passcode resets by our help desk"
source     = "https://intranet.example/passcode-resets"
documented = DATE

# What must hold for every device; a device that breaks it is ineligible.
[[prerequisite]]
id     = "enrolled"
holds  = { management = { not = ["not-managed"] } }
source = "first paragraph"

# A rule: the devices, what they get, what must hold on the device, and where that is written.
[[rule]]
id     = "ios"
when   = { platform = ["ios", "ipados"] }
then   = "remove-passcode"
needs  = { unlock-token = "held" }
source = "second paragraph"

[[rule]]
id     = "work-profile"
when   = { platform = "android", management = ["personal-work-profile", "corporate-work-profile"], os-version = ">=8.0" }
then   = "reset-passcode"
scope  = "work-profile"
needs  = { reset-token = "active" }
source = "third paragraph"

# What the rules above leave out, so that there are no gaps.
[[rule]]
id     = "old-work-profile"
when   = { platform = "android", management = ["personal-work-profile", "corporate-work-profile"], os-version = "<8.0" }
then   = "unsupported"
scope  = "work-profile"
source = "third paragraph"

[[rule]]
id     = "other-android"
when   = { platform = "android", management = { not = ["personal-work-profile", "corporate-work-profile"] } }
then   = "unsupported"
source = "fourth paragraph"

[[rule]]
id     = "other-platforms"
when   = { platform = { not = ["android", "ios", "ipados"] } }
then   = "unsupported"
source = "fourth paragraph"

# A case: a device, and the decision that it must get. A fact that is not given is unknown.
[[case]]
facts  = { platform = "ios", unlock-token = "held" }
expect = "eligible"
rule   = "ios"

[[case]]
facts  = { platform = "ios", unlock-token = "missing" }
expect = "ineligible"
rule   = "ios"

[[case]]
facts  = { platform = "android", management = "personal-work-profile", os-version = "14", reset-token = "active" }
expect = "eligible"
rule   = "work-profile"

[[case]]
facts  = { platform = "android", management = "corporate-work-profile", os-version = "14", reset-token = "pending" }
expect = "ineligible"
rule   = "work-profile"

[[case]]
facts  = { platform = "android", management = "personal-work-profile", os-version = "7.1" }
expect = "ineligible"
rule   = "old-work-profile"

[[case]]
facts  = { platform = "android", management = "fully-managed" }
expect = "ineligible"
rule   = "other-android"

[[case]]
facts  = { platform = "macos" }
expect = "ineligible"
rule   = "other-platforms"

[[case]]
facts  = { platform = "ios", management = "not-managed" }
expect = "ineligible"
rule   = "enrolled"
"#;
