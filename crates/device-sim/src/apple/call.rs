//! Everything that can be done to an Apple device and its server.

use super::passcode::{PasscodeDeclaration, PasscodePayload};
use super::server::TokenChoice;
use super::wire::Profile;
use crate::model::Secret;
use crate::model::Viewer;

/// Something that happens.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Call {
    /// A person opens the device, or tries to.
    Unlock {
        /// The passcode that is typed, if one is.
        passcode: Option<Secret>,
        /// By face or finger.
        biometric: bool,
    },
    /// A person presses the button that locks the screen.
    Lock,
    /// A person uses the device.
    UseApp,
    /// A person makes an emergency call.
    EmergencyCall,
    /// *Later* on the prompt.
    Later,
    /// *Continue* on the prompt, and a new passcode.
    Continue {
        /// The new passcode.
        new: Secret,
    },
    /// A new passcode in Settings.
    SetPasscode {
        /// The new passcode.
        new: Secret,
    },
    /// *Turn Passcode Off* in Settings.
    TurnPasscodeOff,
    /// A person enrols their face or finger.
    EnrolBiometrics,
    /// A person adds an account that demands something of the passcode.
    AddAccount {
        /// What it demands.
        payload: PasscodePayload,
    },
    /// A person installs a passcode profile by hand.
    InstallByHand {
        /// What it demands.
        payload: PasscodePayload,
        /// What they type when they are asked for a fitting passcode.
        new: Option<Secret>,
    },
    /// The device is restarted.
    Reboot,
    /// The device is switched off.
    PowerOff,
    /// The device is switched on.
    PowerOn,
    /// The device leaves every network.
    GoOffline,
    /// The device is within reach of its networks again.
    GoOnline,
    /// A wired network is plugged in.
    AttachAdapter,
    /// It is pulled out.
    DetachAdapter,
    /// The device is enrolled, be it again.
    Enrol,
    /// The MDM profile is removed.
    RemoveMdmProfile,
    /// The administrator presses *Remove passcode*.
    ClearPasscode {
        /// Which token the server sends.
        token: TokenChoice,
        /// Without a push the device hears of it when it next comes.
        push: bool,
    },
    /// The server queues a command by its name.
    SendCommand {
        /// Its name.
        name: String,
        /// The number of the command whose identifier it takes, if not a new one.
        again: Option<u32>,
        /// Whether a push follows.
        push: bool,
    },
    /// The server sends a profile.
    InstallProfile {
        /// The profile.
        profile: Profile,
        /// Whether a push follows.
        push: bool,
    },
    /// The server removes a profile.
    RemoveProfile {
        /// Its identifier.
        identifier: String,
    },
    /// The server declares passcode settings.
    Declare {
        /// The identifier of the declaration.
        identifier: String,
        /// What it demands.
        declaration: PasscodeDeclaration,
    },
    /// The server takes a declaration back.
    Undeclare {
        /// The identifier of the declaration.
        identifier: String,
    },
    /// The administrator assigns a passcode compliance policy.
    AssignCompliance {
        /// What it demands.
        payload: PasscodePayload,
        /// After how many days a device counts as noncompliant.
        grace_days: u32,
    },
    /// The server sends a push.
    Push,
    /// It is time for the device to check in with Intune.
    CheckIn,
    /// Apple's push service gives the device another address.
    PushTokenChanges,
    /// The device opens a connection.
    Connect,
    /// The device says what it has to say, and gets the next command.
    Exchange,
    /// The connection breaks before the device has said what it has to say.
    ConnectionBreaks,
    /// The server has agreed to the enrolment.
    CompleteEnrolment,
    /// The prompt is due again.
    PromptDue,
    /// The time to set a passcode may be over.
    GraceEnds,
    /// The wait after wrong passcodes may be over.
    DelayEnds,
    /// The device may have been unused long enough.
    AutoLock,
    /// Intune looks at what it believes.
    ComplianceLapses,
    /// Everything on the device is erased.
    Erase,
}

impl Call {
    /// What is done, in the field's own verb.
    pub const fn verb(&self) -> &'static str {
        match self {
            Self::Unlock { .. } => "unlock",
            Self::Lock => "lock",
            Self::UseApp => "use-app",
            Self::EmergencyCall => "emergency-call",
            Self::Later => "later",
            Self::Continue { .. } => "continue",
            Self::SetPasscode { .. } => "set-passcode",
            Self::TurnPasscodeOff => "turn-passcode-off",
            Self::EnrolBiometrics => "enrol-biometrics",
            Self::AddAccount { .. } => "add-account",
            Self::InstallByHand { .. } => "install-by-hand",
            Self::Reboot => "reboot",
            Self::PowerOff => "power-off",
            Self::PowerOn => "power-on",
            Self::GoOffline => "go-offline",
            Self::GoOnline => "go-online",
            Self::AttachAdapter => "attach-adapter",
            Self::DetachAdapter => "detach-adapter",
            Self::Enrol => "enrol",
            Self::RemoveMdmProfile => "remove-mdm-profile",
            Self::ClearPasscode { .. } => "clear-passcode",
            Self::SendCommand { .. } => "send-command",
            Self::InstallProfile { .. } => "install-profile",
            Self::RemoveProfile { .. } => "remove-profile",
            Self::Declare { .. } => "declare",
            Self::Undeclare { .. } => "undeclare",
            Self::AssignCompliance { .. } => "assign-compliance",
            Self::Push => "push",
            Self::CheckIn => "check-in",
            Self::PushTokenChanges => "push-token-changes",
            Self::Connect => "connect",
            Self::Exchange => "exchange",
            Self::ConnectionBreaks => "connection-breaks",
            Self::CompleteEnrolment => "complete-enrolment",
            Self::PromptDue => "prompt-due",
            Self::GraceEnds => "grace-ends",
            Self::DelayEnds => "delay-ends",
            Self::AutoLock => "auto-lock",
            Self::ComplianceLapses => "compliance-lapses",
            Self::Erase => "erase",
        }
    }

    /// The verbs of a scenario; what is not among them happens by itself.
    pub const VERBS: &'static [&'static str] = &[
        "unlock",
        "lock",
        "use-app",
        "emergency-call",
        "later",
        "continue",
        "set-passcode",
        "turn-passcode-off",
        "enrol-biometrics",
        "add-account",
        "install-by-hand",
        "reboot",
        "power-off",
        "power-on",
        "go-offline",
        "go-online",
        "attach-adapter",
        "detach-adapter",
        "enrol",
        "remove-mdm-profile",
        "clear-passcode",
        "send-command",
        "install-profile",
        "remove-profile",
        "declare",
        "undeclare",
        "assign-compliance",
        "push",
        "check-in",
        "push-token-changes",
        "connect",
        "exchange",
        "connection-breaks",
        "prompt-due",
        "grace-ends",
        "delay-ends",
        "auto-lock",
        "erase",
    ];

    /// Who does it.
    pub const fn actor(&self) -> Viewer {
        match self {
            Self::ClearPasscode { .. }
            | Self::SendCommand { .. }
            | Self::InstallProfile { .. }
            | Self::RemoveProfile { .. }
            | Self::Declare { .. }
            | Self::Undeclare { .. }
            | Self::AssignCompliance { .. }
            | Self::Push
            | Self::CheckIn
            | Self::ComplianceLapses => Viewer::Admin,
            Self::PushTokenChanges
            | Self::Connect
            | Self::Exchange
            | Self::ConnectionBreaks
            | Self::CompleteEnrolment
            | Self::PromptDue
            | Self::GraceEnds
            | Self::DelayEnds
            | Self::AutoLock
            | Self::Erase => Viewer::System,
            _ => Viewer::User,
        }
    }
}
