//! Operating systems, and the ways to manage a device that exist on each.

use crate::closed_enum;

closed_enum! {
    /// The operating system family.
    pub enum Platform: "platform" {
        /// Android, in every kind of enrolment, Google services or not.
        Android = "android",
        /// iOS on iPhone and iPod touch.
        Ios = "ios",
        /// iPadOS; before 13.1, iOS on an iPad.
        Ipados = "ipados",
        /// visionOS.
        Visionos = "visionos",
        /// watchOS.
        Watchos = "watchos",
        /// tvOS.
        Tvos = "tvos",
        /// macOS.
        Macos = "macos",
        /// Windows on PCs, with Windows RT, Windows Holographic and Surface Hub.
        Windows = "windows",
        /// Windows Phone 8.x and Windows 10 Mobile.
        WindowsPhone = "windows-phone",
        /// Linux.
        Linux = "linux",
        /// ChromeOS.
        Chromeos = "chromeos",
    }
}

closed_enum! {
    /// The management mode of a device.
    ///
    /// The Android words are Google's, the Apple words are Apple's. Two values are relatch's own:
    /// `mdm` is an enrolment that has no name of its own, `not-managed` is a device that the
    /// inventory lists although mobile device management has no hold on it (Exchange ActiveSync
    /// only, for example).
    pub enum Management: "management mode" {
        /// Android: a device administrator that is neither device owner nor profile owner.
        DeviceAdministrator = "device-administrator",
        /// Android Enterprise: a work profile on a device that belongs to its user.
        PersonalWorkProfile = "personal-work-profile",
        /// Android Enterprise: a work profile on a device of the organisation (COPE).
        CorporateWorkProfile = "corporate-work-profile",
        /// Android Enterprise: fully managed (COBO).
        FullyManaged = "fully-managed",
        /// Android Enterprise: dedicated (COSU, kiosk).
        Dedicated = "dedicated",
        /// AOSP without Google services, with a user.
        AospUserAssociated = "aosp-user-associated",
        /// AOSP without Google services, without a user.
        AospUserless = "aosp-userless",
        /// Apple: device enrolment, automated or by profile.
        DeviceEnrollment = "device-enrollment",
        /// Apple: User Enrollment.
        UserEnrollment = "user-enrollment",
        /// Apple: Shared iPad.
        SharedIpad = "shared-ipad",
        /// Enrolled in mobile device management in a way that has no name of its own.
        Mdm = "mdm",
        /// Not enrolled in mobile device management.
        NotManaged = "not-managed",
    }
}

impl Management {
    /// Returns the modes that exist on a platform.
    ///
    /// Shared iPad is a mode of iPads, User Enrollment exists on iOS, iPadOS, visionOS and macOS:
    /// <https://support.apple.com/guide/deployment/dep08f54fcf6/web>.
    ///
    /// ```
    /// use eligibility::facts::{Management, Platform};
    ///
    /// assert!(Management::on(Platform::Ipados).contains(&Management::SharedIpad));
    /// assert!(!Management::on(Platform::Macos).contains(&Management::PersonalWorkProfile));
    /// ```
    pub const fn on(platform: Platform) -> &'static [Self] {
        use Management as M;
        match platform {
            Platform::Android => &[
                M::DeviceAdministrator,
                M::PersonalWorkProfile,
                M::CorporateWorkProfile,
                M::FullyManaged,
                M::Dedicated,
                M::AospUserAssociated,
                M::AospUserless,
                M::Mdm,
                M::NotManaged,
            ],
            Platform::Ipados => {
                &[M::DeviceEnrollment, M::UserEnrollment, M::SharedIpad, M::Mdm, M::NotManaged]
            }
            Platform::Ios | Platform::Visionos | Platform::Macos => {
                &[M::DeviceEnrollment, M::UserEnrollment, M::Mdm, M::NotManaged]
            }
            Platform::Watchos | Platform::Tvos => &[M::DeviceEnrollment, M::Mdm, M::NotManaged],
            Platform::Windows | Platform::WindowsPhone | Platform::Linux | Platform::Chromeos => {
                &[M::Mdm, M::NotManaged]
            }
        }
    }

    /// Returns true if the mode exists on a platform.
    pub fn exists_on(self, platform: Platform) -> bool {
        Self::on(platform).contains(&self)
    }
}
