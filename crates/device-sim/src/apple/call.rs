//! Everything that can be done to an Apple device and its server.

use super::args::CommandRequest;
use super::passcode::{PasscodeDeclaration, PasscodePayload};
use super::server::{Activating, TokenChoice};
use super::wire::Profile;
use crate::model::Secret;
use crate::model::verbs::{defaulted, optional, required, verbs};

verbs! {
    /// Something that happens to an Apple device or its server.
    pub enum Call for (), versions "version";

    by User, source "https://support.apple.com/guide/iphone/set-a-passcode-iph14a867ae/ios" {
        /// The user opens the device, or tries to.
        "unlock" => Unlock {
            /// The passcode that is typed, if one is.
            passcode: Option<Secret> = optional("passcode", None),
            /// The user shows their face or finger.
            biometric: bool = optional("biometric", false),
        },
        /// The user presses the button that locks the screen.
        "lock" => Lock,
        /// The user uses the device.
        "use-app" => UseApp,
        /// The user makes an emergency call.
        "emergency-call" => EmergencyCall,
        /// The user chooses *Later* on the prompt for a passcode.
        "later" => Later,
        /// The user chooses *Continue* on the prompt, and sets a passcode.
        "continue" => Continue {
            /// The new passcode.
            new: Secret = required("new"),
        },
        /// The user sets a passcode in Settings.
        "set-passcode" => SetPasscode {
            /// The new passcode.
            new: Secret = required("new"),
        },
        /// The user chooses *Turn Passcode Off* in Settings.
        "turn-passcode-off" => TurnPasscodeOff,
        /// The user enrols their face or finger.
        "enrol-biometrics" => EnrolBiometrics,
        /// The user adds an account that makes demands of the passcode.
        "add-account" => AddAccount {
            /// The demands of the account.
            payload: PasscodePayload = required("payload"),
        },
        /// The user installs a passcode profile by hand.
        "install-by-hand" => InstallByHand {
            /// The demands of the profile.
            payload: PasscodePayload = required("payload"),
            /// The answer to the question for a fitting passcode.
            new: Option<Secret> = optional("new", None),
        },
        /// The user restarts the device.
        "reboot" => Reboot,
        /// The user switches the device off.
        "power-off" => PowerOff,
        /// The user switches the device on.
        "power-on" => PowerOn,
        /// The device leaves every network.
        "go-offline" => GoOffline,
        /// The device is within reach of its networks again.
        "go-online" => GoOnline,
        /// The user plugs in a wired network.
        "attach-adapter" => AttachAdapter,
        /// The user pulls the wired network out.
        "detach-adapter" => DetachAdapter,
        /// The user enrols the device, be it again.
        "enrol" => Enrol,
        /// The user returns to the Home screen.
        "go-to-home-screen" => GoToHomeScreen,
        /// The user sets an erased device up from a backup.
        "restore-from-backup" => RestoreFromBackup {
            /// The backup is of this device, and not of another one.
            same_device: bool = defaulted("same-device", true),
        },
        /// The user removes the MDM profile.
        "remove-mdm-profile" => RemoveMdmProfile,
    }

    by Admin, source "https://github.com/apple/device-management" {
        /// The administrator presses *Remove passcode*.
        "clear-passcode" => ClearPasscode {
            /// The token that the server sends.
            token: TokenChoice = optional("token", TokenChoice::Held),
            /// Without a push the device gets the command when it next connects.
            push: bool = optional("push", true),
        },
        /// The server queues a command by its name.
        "send-command" => SendCommand {
            command: CommandRequest,
            /// The number of an earlier command whose identifier is used again.
            again: Option<u32> = optional("again", None),
            /// A push follows.
            push: bool = optional("push", true),
        },
        /// The server sends a configuration profile.
        "install-profile" => InstallProfile {
            profile: Profile,
            /// A push follows.
            push: bool = optional("push", true),
        },
        /// The server removes a configuration profile.
        "remove-profile" => RemoveProfile {
            /// The identifier of the profile.
            identifier: String = defaulted("identifier", "passcode".to_owned()),
        },
        /// The server declares passcode settings.
        "declare" => Declare {
            /// The identifier of the declaration.
            identifier: String = defaulted("identifier", "passcode".to_owned()),
            /// The demands of the declaration.
            declaration: PasscodeDeclaration = required("declaration"),
            activating: Activating,
        },
        /// The server takes a declaration back.
        "undeclare" => Undeclare {
            /// The identifier of the declaration.
            identifier: String = defaulted("identifier", "passcode".to_owned()),
        },
        /// The administrator assigns a passcode compliance policy.
        "assign-compliance" => AssignCompliance {
            /// The demands of the policy.
            payload: PasscodePayload = required("payload"),
            /// The days after which a device counts as noncompliant.
            grace_days: u32 = defaulted("grace-days", 0),
        },
        /// The administrator renews the push certificate, with the same Apple account.
        "renew-push-certificate" => RenewPushCertificate,
        /// The server sends a push.
        "push" => Push,
        /// It is time for the device to check in with Intune.
        "check-in" => CheckIn,
    }

    by System, source "https://github.com/apple/device-management" {
        /// The push certificate of the server expires: no push gets through any more.
        "push-certificate-expires" => PushCertificateExpires,
        /// Apple's push service gives the device another address.
        "push-token-changes" => PushTokenChanges,
        /// The device opens a connection to its server.
        "connect" => Connect,
        /// The device sends a report and gets the next command.
        "exchange" => Exchange,
        /// The connection breaks before the device has sent its report.
        "connection-breaks" => ConnectionBreaks,
        /// The prompt for a passcode is due again.
        "prompt-due" => PromptDue,
        /// The time to set a passcode may be over.
        "grace-ends" => GraceEnds,
        /// The wait after wrong passcodes may be over.
        "delay-ends" => DelayEnds,
        /// The device may have been unused long enough.
        "auto-lock" => AutoLock,
        /// Everything on the device is erased.
        "erase" => Erase,
        /// The wired network may have been attached to a locked device for too long.
        "usb-hour-ends" => UsbHourEnds,
    }

    time {
        /// The server has agreed to the enrolment.
        System "complete-enrolment" => CompleteEnrolment,
        /// An erased device sets itself up and enrols again.
        System "return-to-service" => ReturnToService,
        /// Intune looks at what it believes.
        Admin "compliance-lapses" => ComplianceLapses,
    }
}
