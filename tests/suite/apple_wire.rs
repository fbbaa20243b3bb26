//! Messages between Apple devices and servers: what is written reads back as the same, and what
//! real devices sent is read.

use device_sim::apple::wire::{
    Activation, Body, ChannelUser, CheckIn, Command, CommandUuid, Declaration, DeclarationReason,
    DeclarationStatus, DeviceFacts, ErrorItem, Identity, ListKey, Manifest, Message, MessageResult,
    Order, OtherCheckIn, Profile, Report, SecurityInfo, Status, StatusReport, SyncTokens,
    WireError,
};
use device_sim::apple::{PasscodeDeclaration, PasscodePayload, UnlockToken};
use proptest::collection::{btree_map, vec};
use proptest::option::of;
use proptest::prelude::*;
use proptest::sample::select;

/// Returns any text that has a form in XML 1.0, markup and all.
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
    let authenticate = (identity(), text(), facts())
        .prop_map(|(identity, topic, facts)| CheckIn::Authenticate { identity, topic, facts });
    let user = (text(), of(text()), of(text()))
        .prop_map(|(id, short_name, long_name)| ChannelUser { id, short_name, long_name });
    let bytes = || vec(any::<u8>(), 0..40);
    let parts = (identity(), text(), text(), bytes(), of(token()), of(any::<bool>()), of(user));
    let update = parts.prop_map(
        |(identity, topic, push_magic, token, unlock_token, awaiting_configuration, user)| {
            CheckIn::TokenUpdate {
                identity,
                topic,
                push_magic,
                token,
                unlock_token,
                awaiting_configuration,
                user,
            }
        },
    );
    let declarative = (identity(), text(), of(bytes())).prop_map(|(identity, endpoint, data)| {
        CheckIn::DeclarativeManagement { identity, endpoint, data }
    });
    let other = (identity(), select(OtherCheckIn::ALL))
        .prop_map(|(identity, message_type)| CheckIn::Other { identity, message_type });
    let check_out =
        (identity(), text()).prop_map(|(identity, topic)| CheckIn::CheckOut { identity, topic });
    prop_oneof![authenticate, update, check_out, declarative, other]
}

fn facts() -> impl Strategy<Value = DeviceFacts> {
    let texts = || (of(text()), of(text()), of(text()));
    (texts(), texts(), texts()).prop_map(|(first, second, third)| DeviceFacts {
        os_version: first.0,
        build_version: first.1,
        product_name: first.2,
        serial_number: second.0,
        imei: second.1,
        meid: second.2,
        device_name: third.0,
        model: third.1,
        model_name: third.2,
    })
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
    let seconds = || of(0..=14_400_u32);
    let numbers = (of(1..=3_u32), seconds(), seconds(), seconds());
    (numbers, truth(), truth(), truth(), truth()).prop_map(
        |(numbers, present, compliant, with_profiles, user)| SecurityInfo {
            hardware_encryption_caps: numbers.0,
            passcode_present: present,
            passcode_compliant: compliant,
            passcode_compliant_with_profiles: with_profiles,
            passcode_lock_grace_period: numbers.1,
            passcode_lock_grace_period_enforced: numbers.2,
            auto_lock_time: numbers.3,
            is_user_enrolment: user,
        },
    )
}

fn report() -> impl Strategy<Value = Report> {
    let body = prop_oneof![
        Just(Body::Empty),
        select(MessageResult::ALL).prop_map(Body::MessageResult),
        security_info().prop_map(Body::SecurityInfo),
        (of(text()), of(any::<bool>())).prop_map(|(os_version, is_supervised)| {
            Body::DeviceInformation { os_version, is_supervised }
        }),
        vec(text(), 0..3).prop_map(Body::Profiles),
        select(ListKey::ALL).prop_map(Body::EmptyList),
        Just(Body::GlobalRestrictions),
    ];
    let error =
        (text(), any::<i64>(), text(), text()).prop_map(|(domain, code, localized, us_english)| {
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

fn activation() -> impl Strategy<Value = Activation> {
    const PREDICATES: &[&str] = &["TRUEPREDICATE", "NOT (@status(passcode.is-present) == TRUE)"];
    let predicate = of(select(PREDICATES).prop_map(|text| text.parse().unwrap()));
    (text(), text(), vec(text(), 0..4), predicate).prop_map(
        |(identifier, server_token, configurations, predicate)| Activation {
            identifier,
            server_token,
            configurations,
            predicate,
        },
    )
}

fn manifest() -> impl Strategy<Value = Manifest> {
    let pairs = || vec((text(), text()), 0..4);
    (pairs(), pairs(), text()).prop_map(|(activations, configurations, declarations_token)| {
        Manifest { activations, configurations, declarations_token }
    })
}

/// Returns a device's reports about its declarations, one for each.
fn declaration_statuses() -> impl Strategy<Value = Vec<DeclarationStatus>> {
    let reasons = DeclarationReason::ALL.iter().copied();
    let reasons: Vec<_> = reasons.filter(|it| *it != DeclarationReason::Removed).collect();
    let status = (text(), select(reasons));
    btree_map((any::<bool>(), text()), status, 0..5).prop_map(|all| {
        let each =
            all.into_iter().map(|((is_configuration, identifier), (server_token, reason))| {
                DeclarationStatus {
                    is_activation: !is_configuration,
                    identifier,
                    server_token,
                    reason,
                }
            });
        each.collect()
    })
}

/// Tests that every message of a type reads back as the same from the form in which it is written.
macro_rules! read_back {
    ($( $test:ident: $type:ident, $message:expr, $write:ident, $read:ident; )+) => {
        proptest! {
            $(
                #[test]
                fn $test(message in $message) {
                    prop_assert_eq!($type::$read(&message.$write()), Ok(message));
                }
            )+
        }
    };
}

read_back! {
    check_ins_read_back: CheckIn, check_in(), to_xml, from_bytes;
    orders_read_back: Order, order(), to_xml, from_bytes;
    reports_read_back: Report, report(), to_xml, from_bytes;
    declarations_read_back: Declaration, declaration(), to_json, from_json;
    activations_read_back: Activation, activation(), to_json, from_json;
    manifests_read_back: Manifest, manifest(), to_json, from_json;
}

proptest! {
    #[test]
    fn status_reports_read_back(
        present: Option<bool>,
        compliant: Option<bool>,
        before in declaration_statuses(),
        after in declaration_statuses(),
    ) {
        let message = StatusReport {
            passcode_is_present: present,
            passcode_is_compliant: compliant,
            declarations: after,
        };
        prop_assert_eq!(StatusReport::from_json(&message.to_json()), Ok(message.clone()));
        let earlier = StatusReport {
            passcode_is_present: Some(true),
            declarations: before,
            ..message.clone()
        };
        let told = message.clone().since(&earlier);
        prop_assert_eq!(StatusReport::from_json(&told.to_json()), Ok(told.clone()));
        let known = earlier.updated(told);
        prop_assert_eq!(known.passcode_is_present, message.passcode_is_present.or(Some(true)));
        prop_assert_eq!(known.declarations, message.declarations);
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

/// Returns a property list with these keys, as a device or a server of another make would write it.
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
        awaiting_configuration: Some(false),
        user: None,
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
fn a_mistake_is_reported_by_key_and_never_by_value() {
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

/// The kinds of messages in public captures that were once refused, with invented values.
#[test]
fn apple_61_check_ins_of_real_devices_are_read() {
    const COMMON: &str = "<key>UDID</key><string>u</string><key>Topic</key><string>t</string>";
    for (name, content) in [
        // IOS-9.x.xml of an MDM profile without the right to device information.
        ("without a version", "<key>MessageType</key><string>Authenticate</string>"),
        (
            "a Mac",
            "<key>MessageType</key><string>Authenticate</string><key>Challenge</key>
            <data>YXBwbGU=</data><key>DeviceName</key><string>n</string><key>Model</key>
            <string>iMac17,1</string><key>ModelName</key><string>iMac</string>
            <key>OSVersion</key><string>10.12.2</string><key>SerialNumber</key><string>0</string>",
        ),
        (
            "a user of a Mac",
            "<key>MessageType</key><string>TokenUpdate</string><key>NotOnConsole</key><false/>
            <key>PushMagic</key><string>m</string><key>Token</key><data>AAAA</data>
            <key>UserID</key><string>i</string><key>UserLongName</key><string>l</string>
            <key>UserShortName</key><string>s</string>",
        ),
        (
            "declarations",
            "<key>MessageType</key><string>DeclarativeManagement</string>
            <key>Endpoint</key><string>tokens</string>",
        ),
        ("a user signs in", "<key>MessageType</key><string>UserAuthenticate</string>"),
        ("a token is asked for", "<key>MessageType</key><string>GetToken</string>"),
        ("a bootstrap token", "<key>MessageType</key><string>SetBootstrapToken</string>"),
        ("a bootstrap token back", "<key>MessageType</key><string>GetBootstrapToken</string>"),
    ] {
        let read = CheckIn::from_bytes(&plist(&format!("{COMMON}{content}")));
        assert!(read.is_ok(), "{name}: {read:?}");
    }
    let unknown =
        plist("<key>UDID</key><string>u</string><key>MessageType</key><string>X</string>");
    assert_eq!(CheckIn::from_bytes(&unknown), Err(WireError::Wrong("MessageType")));
}

#[test]
fn apple_61_reports_of_real_devices_are_read() {
    const COMMON: &str =
        "<key>UDID</key><string>u</string><key>CommandUUID</key><string>1</string>";
    for (name, content) in [
        (
            "macOS 10.13.1",
            "<key>Status</key><string>Acknowledged</string><key>SecurityInfo</key><dict>
            <key>FDE_Enabled</key><false/><key>FirmwarePasswordStatus</key><dict/></dict>",
        ),
        (
            "iOS 11.3.1",
            "<key>Status</key><string>Acknowledged</string><key>SecurityInfo</key><dict>
            <key>HardwareEncryptionCaps</key><integer>3</integer>
            <key>PasscodeCompliant</key><true/><key>PasscodeLockGracePeriodEnforced</key>
            <integer>0</integer></dict>",
        ),
        (
            "only what was asked",
            "<key>Status</key><string>Acknowledged</string><key>QueryResponses</key><dict>
            <key>DeviceName</key><string>n</string></dict>",
        ),
        (
            "no connection to a third",
            "<key>Status</key><string>Error</string><key>ErrorChain</key><array><dict>
            <key>ErrorCode</key><integer>-1001</integer><key>ErrorDomain</key>
            <string>NSURLErrorDomain</string></dict></array>",
        ),
        (
            "an app",
            "<key>Status</key><string>Acknowledged</string><key>Identifier</key><string>a</string>
            <key>State</key><string>Prompting</string>",
        ),
        (
            "a result that is not in the schema",
            "<key>Status</key><string>Acknowledged</string><key>MessageResult</key>
            <string>SomethingElse</string>",
        ),
    ] {
        let read = Report::from_bytes(&plist(&format!("{COMMON}{content}")));
        assert!(read.is_ok(), "{name}: {read:?}");
    }
}

#[test]
fn apple_61_a_signed_profile_is_read_and_what_is_none_is_for_the_device_to_refuse() {
    let profile = Profile::of_passcode("p", PasscodePayload::default());
    // The head of a CMS message in DER, the profile, and what follows it.
    let mut signed = vec![0x30, 0x82, 0x10, 0x00, 0x06, 0x09];
    signed.extend(profile.to_xml());
    signed.extend([0xa0, 0x82, 0x00, 0x01]);
    assert_eq!(Profile::from_payload(&signed), Ok(profile.clone()));
    let order = |payload: &[u8]| {
        let mut command = plist::Dictionary::new();
        command.insert("RequestType".to_owned(), "InstallProfile".into());
        command.insert("Payload".to_owned(), plist::Value::Data(payload.to_vec()));
        let mut order = plist::Dictionary::new();
        order.insert("CommandUUID".to_owned(), "1".into());
        order.insert("Command".to_owned(), plist::Value::Dictionary(command));
        Order::from_plist(&plist::Value::Dictionary(order)).map(|order| order.command)
    };
    assert_eq!(order(&signed), Ok(Command::InstallProfile { profile }));
    let payload = b"no profile".to_vec();
    assert_eq!(order(&payload), Ok(Command::InstallInvalidProfile { payload }));
}

#[test]
fn a_pattern_in_a_declaration_implies_a_passcode() {
    let text = r#"{"Type":"com.apple.configuration.passcode.settings","Identifier":"i",
        "ServerToken":"1","Payload":{"CustomRegex":{"Regex":"x"}}}"#;
    let declaration = Declaration::from_json(text).expect("a declaration");
    assert!(declaration.passcode.requires_passcode());
    let only = PasscodeDeclaration { failed_attempts_reset: Some(5), ..Default::default() };
    assert!(only.requires_passcode());
}

#[test]
fn apple_66_a_status_report_of_a_device_is_read() {
    // As in testdata/status.D0.error.json of https://github.com/jessepeterson/kmfddm.
    let text = r#"{"Errors":[],"StatusItems":{"management":{"declarations":{"activations":[],
        "assets":[],"management":[],"configurations":[{"active":false,
        "identifier":"com.example.test","reasons":[{"code":"Info.NotReferencedByActivation",
        "description":"","details":{}}],"server-token":"7c6d85989e823101","valid":"unknown"},
        {"active":false,"identifier":"b","server-token":"1","valid":"invalid",
        "reasons":[{"code":"Error.ConfigurationIsInvalid"}]},
        {"identifier":"c","_removed":true}]}}}}"#;
    let report = StatusReport::from_json(text).expect("a report");
    let reasons: Vec<_> =
        report.declarations.iter().map(|one| (one.identifier.as_str(), one.reason)).collect();
    assert_eq!(
        reasons,
        [
            ("b", DeclarationReason::Other),
            ("c", DeclarationReason::Removed),
            ("com.example.test", DeclarationReason::NotReferenced),
        ]
    );
}

#[test]
fn tokens_of_synchronization_read_back() {
    let tokens = SyncTokens {
        timestamp: chrono::DateTime::UNIX_EPOCH,
        declarations_token: "declarations-1".to_owned(),
    };
    assert_eq!(SyncTokens::from_json(&tokens.to_json()), Ok(tokens));
}
