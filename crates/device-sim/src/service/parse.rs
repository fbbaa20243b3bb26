//! Parsing the service's record of a device in a scenario file.

use eligibility::diagnostic::Diagnostic;
use eligibility::document::Section;

use super::setup::Setup;
use crate::device::DeviceSetup;

type Problems<'a> = &'a mut Vec<Diagnostic>;

impl Setup {
    /// Reads the `intune` table of a device.
    pub(crate) fn read(
        device: &DeviceSetup,
        mut section: Section<'_>,
        problems: Problems<'_>,
    ) -> Self {
        let mut setup = Self::default();
        setup.read_keys(&mut section, problems);
        let span = section.span();
        section.finish(problems);
        if let Some(why) = setup.contradiction(device) {
            problems.push(Diagnostic::error("impossible-device", why, span));
        }
        setup
    }
}
