//! Messages between Apple devices and servers: what is written reads back as the same, and what
//! real devices sent is read.

use device_sim::apple::wire::{
    Body, CheckIn, Command, CommandUuid, Declaration, ErrorItem, Identity, ListKey, Message,
    MessageResult, Order, Profile, Report, SecurityInfo, Status, StatusReport, WireError,
};
use device_sim::apple::{PasscodeDeclaration, PasscodePayload, UnlockToken};
use proptest::collection::vec;
use proptest::option::of;
use proptest::prelude::*;
use proptest::sample::select;

/// Any text that has a form in XML 1.0, markup and all.
fn text() -> impl Strategy<Value = String> {
    "[ -~äß“”漢]{0,12}".prop_map(|text| text)
}

fn identity() -> impl Strategy<Value = Identity> {
    prop_oneof![text().prop_map(Identity::Udid), text().prop_map(Identity::EnrollmentId)]
}

fn token() -> impl Strategy<Value = UnlockToken> {
    vec(any::<u8>(), 0..64).prop_map(|bytes| UnlockToken::new(&bytes))
}

fn check_in() -> impl Strategy<Value = CheckIn> {
    let authenticate = (identity(), text(), text()).prop_map(|(identity, topic, os_version)| {
        CheckIn::Authenticate { identity, topic, os_version }
    });
    let update = (identity(), text(), text(), vec(any::<u8>(), 0..40), of(token()), any::<bool>())
        .prop_map(|(identity, topic, push_magic, token, unlock_token, awaiting_configuration)| {
            CheckIn::TokenUpdate {
                identity,
                topic,
                push_magic,
                token,
                unlock_token,
                awaiting_configuration,
            }
        });
    let check_out =
        (identity(), text()).prop_map(|(identity, topic)| CheckIn::CheckOut { identity, topic });
    prop_oneof![authenticate, update, check_out]
}

fn payload() -> impl Strategy<Value = PasscodePayload> {
    let truths = (of(any::<bool>()), of(any::<bool>()), of(any::<bool>()), of(any::<bool>()));
    let lengths = (of(0..=16_u32), of(0..=4_u32), of(0..=730_u32), of(1..=50_u32));
    let times = (of(0..=9999_u32), of(0..=15_u32), of(2..=11_u32), of(0..=9999_u32));
    (truths, lengths, times).prop_map(|(truths, lengths, times)| PasscodePayload {
        force_pin: truths.0,
        allow_simple: truths.1,
        require_alphanumeric: truths.2,
        change_at_next_auth: truths.3,
        min_length: lengths.0,
        min_complex_chars: lengths.1,
        max_pin_age_in_days: lengths.2,
        pin_history: lengths.3,
        max_grace_period: times.0,
        max_inactivity: times.1,
        max_failed_attempts: times.2,
        minutes_until_failed_login_reset: times.3,
    })
}

fn profile() -> impl Strategy<Value = Profile> {
    (text(), vec(payload(), 0..3), of(any::<bool>()), of(any::<bool>())).prop_map(
        |(identifier, passcode, allow_passcode_modification, allow_usb_restricted_mode)| Profile {
            identifier,
            passcode,
            allow_passcode_modification,
            allow_usb_restricted_mode,
        },
    )
}

fn order() -> impl Strategy<Value = Order> {
    let plain = vec![
        Command::SecurityInfo,
        Command::ProfileList,
        Command::CertificateList,
        Command::ProvisioningProfileList,
        Command::InstalledApplicationList,
        Command::Restrictions,
        Command::RestartDevice,
        Command::ShutDownDevice,
        Command::EraseDevice { return_to_service: false },
        Command::EraseDevice { return_to_service: true },
        Command::DisableLostMode,
        Command::DeviceLocation,
        Command::PlayLostModeSound,
        Command::ClearRestrictionsPassword,
        Command::DeclarativeManagement,
        Command::Other("MakeCoffee".to_owned()),
    ];
    let command = prop_oneof![
        of(token()).prop_map(|unlock_token| Command::ClearPasscode { unlock_token }),
        (of(text()), of(text()))
            .prop_map(|(message, phone_number)| Command::DeviceLock { message, phone_number }),
        (of(text()), of(text()))
            .prop_map(|(message, phone_number)| Command::EnableLostMode { message, phone_number }),
        vec(text(), 0..4).prop_map(|queries| Command::DeviceInformation { queries }),
        profile().prop_map(|profile| Command::InstallProfile { profile }),
        text().prop_map(|identifier| Command::RemoveProfile { identifier }),
        select(plain),
    ];
    (text(), command).prop_map(|(uuid, command)| Order { uuid: CommandUuid::new(&uuid), command })
}

fn security_info() -> impl Strategy<Value = SecurityInfo> {
    let truth = || of(any::<bool>());
    (1..=3_u32, truth(), any::<bool>(), truth(), of(0..=14_400_u32), truth()).prop_map(
        |(caps, present, compliant, with_profiles, grace, user)| SecurityInfo {
            hardware_encryption_caps: caps,
            passcode_present: present,
            passcode_compliant: compliant,
            passcode_compliant_with_profiles: with_profiles,
            passcode_lock_grace_period: grace,
            is_user_enrolment: user,
        },
    )
}

fn report() -> impl Strategy<Value = Report> {
    let body = prop_oneof![
        Just(Body::Empty),
        select(MessageResult::ALL).prop_map(Body::MessageResult),
        security_info().prop_map(Body::SecurityInfo),
        (text(), any::<bool>()).prop_map(|(os_version, is_supervised)| {
            Body::DeviceInformation { os_version, is_supervised }
        }),
        vec(text(), 0..3).prop_map(Body::Profiles),
        select(ListKey::ALL).prop_map(Body::EmptyList),
        Just(Body::GlobalRestrictions),
    ];
    let error =
        (text(), any::<u32>(), text(), text()).prop_map(|(domain, code, localized, us_english)| {
            ErrorItem { domain, code, localized, us_english }
        });
    (identity(), select(Status::ALL), of(text()), vec(error, 0..3), body).prop_map(
        |(identity, status, uuid, errors, body)| {
            let uuid = uuid.map(|uuid| CommandUuid::new(&uuid));
            Report { identity, status, uuid, errors, body }
        },
    )
}

fn declaration() -> impl Strategy<Value = Declaration> {
    let truths = (of(any::<bool>()), of(any::<bool>()), of(any::<bool>()));
    let numbers = (of(0..=16_u32), of(0..=4_u32), of(2..=11_u32), of(0..=15_u32), of(1..=50_u32));
    (text(), text(), truths, numbers).prop_map(|(identifier, server_token, truths, numbers)| {
        let passcode = PasscodeDeclaration {
            require_passcode: truths.0,
            require_alphanumeric: truths.1,
            require_complex: truths.2,
            minimum_length: numbers.0,
            minimum_complex_characters: numbers.1,
            maximum_failed_attempts: numbers.2,
            maximum_inactivity: numbers.3,
            passcode_reuse_limit: numbers.4,
            ..PasscodeDeclaration::default()
        };
        Declaration { identifier, server_token, passcode }
    })
}

proptest! {
    #[test]
    fn check_ins_read_back(message in check_in()) {
        prop_assert_eq!(CheckIn::from_bytes(&message.to_xml()), Ok(message));
    }

    #[test]
    fn orders_read_back(message in order()) {
        prop_assert_eq!(Order::from_bytes(&message.to_xml()), Ok(message));
    }

    #[test]
    fn reports_read_back(message in report()) {
        prop_assert_eq!(Report::from_bytes(&message.to_xml()), Ok(message));
    }

    #[test]
    fn declarations_read_back(message in declaration()) {
        prop_assert_eq!(Declaration::from_json(&message.to_json()), Ok(message));
    }

    #[test]
    fn status_reports_read_back(present: bool, compliant: bool) {
        let message =
            StatusReport { passcode_is_present: present, passcode_is_compliant: compliant };
        prop_assert_eq!(StatusReport::from_json(&message.to_json()), Ok(message));
    }

    #[test]
    fn anything_else_is_refused_without_a_panic(bytes in vec(any::<u8>(), 0..200)) {
        // A bare text is a property list of the old ASCII form, but no dictionary.
        let refused = matches!(
            Order::from_bytes(&bytes),
            Err(WireError::NotAPropertyList | WireError::NotADictionary)
        );
        prop_assert!(refused);
    }
}

/// A property list with these keys, as a device or a server of another make would write it.
fn plist(content: &str) -> Vec<u8> {
    format!(
        "<?xml version=\"1.0\"?>\n<plist version=\"1.0\">\n<dict>\n{content}\n</dict>\n</plist>"
    )
    .into_bytes()
}

#[test]
fn an_enrolment_as_devices_send_it_is_read() {
    let message = plist(
        "<key>AwaitingConfiguration</key><false/><key>MessageType</key><string>TokenUpdate</string>
        <key>PushMagic</key><string>magic</string><key>Token</key><data>AAEC</data>
        <key>Topic</key><string>topic</string><key>UDID</key><string>udid</string>
        <key>UnlockToken</key><data>REFUQQ==</data>",
    );
    let expected = CheckIn::TokenUpdate {
        identity: Identity::Udid("udid".to_owned()),
        topic: "topic".to_owned(),
        push_magic: "magic".to_owned(),
        token: vec![0, 1, 2],
        unlock_token: Some(UnlockToken::new(b"DATA")),
        awaiting_configuration: false,
    };
    assert_eq!(CheckIn::from_bytes(&message), Ok(expected));
}

#[test]
fn a_token_that_is_no_data_is_for_the_device_to_refuse() {
    let message = plist(
        "<key>CommandUUID</key><string>1</string><key>Command</key><dict>
        <key>RequestType</key><string>ClearPasscode</string>
        <key>UnlockToken</key><string>DATA</string></dict>",
    );
    let order = Order::from_bytes(&message).expect("a command");
    assert_eq!(order.command, Command::ClearPasscode { unlock_token: None });
}

#[test]
fn what_is_wrong_is_told_by_key_and_never_by_value() {
    for (content, problem) in [
        ("<key>Status</key><string>Idle</string>", "the key `UDID` is missing"),
        (
            "<key>UDID</key><string>u</string><key>Status</key><string>secret</string>",
            "the key `Status` has a value of another type or out of its range",
        ),
        (
            "<key>UDID</key><integer>2580</integer><key>Status</key><string>Idle</string>",
            "the key `UDID` has a value of another type or out of its range",
        ),
    ] {
        let error = Report::from_bytes(&plist(content)).expect_err(content);
        assert_eq!(error.to_string(), problem);
    }
    let profile = plist(
        "<key>PayloadIdentifier</key><string>p</string><key>PayloadContent</key><array><dict>
        <key>PayloadType</key><string>com.apple.mobiledevice.passwordpolicy</string>
        <key>minLength</key><integer>17</integer></dict></array>",
    );
    assert_eq!(Profile::from_bytes(&profile), Err(WireError::Wrong("minLength")));
}
