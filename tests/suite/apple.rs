//! The case files of `tests/cases/apple` and the scenarios of `scenarios/apple`.

use std::collections::BTreeSet;

use acceptance::{read, root};
use device_sim::apple::wire::{Message, Order, Report};
use device_sim::apple::{self, UnlockToken};
use device_sim::scenario::DEFAULT_START;
use device_sim::{DeviceSetup, Scenario, ScenarioDocument, World, run};

use crate::scenario_files::{
    ScenarioFile, every_expectation_is_met, scenario_file, scenario_files,
    written_scenarios_read_back_as_the_same,
};

/// Returns every case file and shipped scenario, read.
fn cases() -> Vec<ScenarioFile> {
    scenario_files(&["tests/cases/apple", "scenarios/apple"])
}

#[test]
fn every_case_holds() {
    every_expectation_is_met(&cases());
}

/// Returns the Apple devices of a scenario, each changed.
fn with(scenario: &Scenario, change: impl Fn(&mut apple::Setup)) -> Scenario {
    let mut scenario = scenario.clone();
    for device in &mut scenario.devices {
        if let DeviceSetup::Apple(setup) = &mut device.setup.device {
            change(setup);
        }
    }
    scenario
}

#[test]
fn property_lists_on_the_wire_change_nothing() {
    for ScenarioFile { name, document, .. } in cases() {
        for scenario in &document.scenarios {
            let plain = run(scenario, 1, |_| {});
            let wired = run(&with(scenario, |setup| setup.through_plist = true), 1, |_| {});
            assert_eq!(plain, wired, "{name}");
        }
    }
}

#[test]
fn a_message_that_does_not_read_back_breaks_an_invariant() {
    let broken = |command: &str, through_plist| {
        let mut setup = apple::Setup::new(apple::Platform::Ios);
        setup.through_plist = through_plist;
        let mut device = setup.build(DEFAULT_START);
        let mut rng = device_sim::Rng::new(1, 0);
        let mut context = device_sim::Context::new(DEFAULT_START, &mut rng);
        let command = apple::CommandRequest::new(command);
        device
            .answer(&apple::Call::SendCommand { command, again: None, push: false }, &mut context);
        device.answer(&apple::Call::Connect, &mut context);
        apple::broken_invariants(&device)
    };
    // Sent by its bare name, it reads as a removal without a token.
    let name = "every message reads back from its property list as what was written";
    assert_eq!(broken("ClearPasscode", true), [name]);
    assert!(broken("ClearPasscode", false).is_empty() && broken("SecurityInfo", true).is_empty());
}

#[test]
fn a_written_scenario_reads_back_as_the_same() {
    written_scenarios_read_back_as_the_same(&cases());
}

/// Returns every passcode that a scenario mentions, in its devices and in its steps.
fn passcodes(scenario: &Scenario) -> BTreeSet<String> {
    const KEYS: [&str; 3] = ["passcode", "new", "credential"];
    let devices = scenario.devices.iter().map(|device| device.setup.to_toml());
    let calls = scenario.steps.iter().filter_map(|step| step.call.as_ref());
    let mut found = BTreeSet::new();
    for text in devices.chain(calls.map(device_sim::Call::to_toml)) {
        let table: toml::Table = text.parse().expect("written as TOML");
        found.extend(KEYS.iter().filter_map(|key| table.get(*key)?.as_str()).map(str::to_owned));
    }
    found
}

/// Returns the forms in which a token's bytes could turn up.
fn forms_of_tokens() -> Vec<String> {
    let mut forms = Vec::new();
    for generation in 0..4 {
        let token = UnlockToken::issued("00008101-0000000000000001", generation);
        let bytes = &token.reveal()[..16];
        forms.push(bytes.iter().map(|byte| format!("{byte:02x}")).collect());
        forms.push(bytes.iter().map(|byte| format!("{byte:02X}")).collect());
        forms.push(format!("{:?}", &bytes[..8]).trim_matches(['[', ']']).to_owned());
        // The tag and length of every token, as base64 would start it.
        forms.push("REFUQQAABPR".to_owned());
        forms.push(String::from_utf8_lossy(&bytes[8..]).into_owned());
    }
    forms
}

/// Returns true if a passcode is in a text by itself, not as a part of a number or a word.
fn tells(text: &str, passcode: &str) -> bool {
    let part = |letter: char| letter.is_alphanumeric();
    text.match_indices(passcode).any(|(at, _)| {
        let before = text[..at].chars().next_back().is_some_and(part);
        let after = text[at + passcode.len()..].chars().next().is_some_and(part);
        !before && !after
    })
}

#[test]
fn apple_43_no_output_contains_a_passcode_or_a_token() {
    assert!(tells("passcode=2580 ok", "2580") && !tells("2018-12580", "2580"));
    let tokens = forms_of_tokens();
    let mut looked_at = 0;
    for ScenarioFile { name, document, .. } in cases() {
        for scenario in &document.scenarios {
            let secrets = passcodes(scenario);
            looked_at += secrets.len();
            let check = |text: &str| {
                let secret = secrets.iter().find(|secret| tells(text, secret));
                assert!(secret.is_none(), "{name}: {secret:?} in {text}");
                let token = tokens.iter().find(|token| text.contains(token.as_str()));
                assert!(token.is_none(), "{name}: a token in {text}");
            };
            let result = run(scenario, scenario.seed, |event| {
                check(&event.to_string());
                check(&event.to_json());
                check(&format!("{event:?}"));
            });
            // Findings show states; so does a panic, through the device's Debug form.
            check(&format!("{:?}", result.findings));
            let mut world = World::new(scenario.start, 1);
            for device in &scenario.devices {
                world.add(&device.name, &device.setup, 0);
            }
            for (index, step) in scenario.steps.iter().enumerate() {
                world.schedule(
                    scenario.start + step.at,
                    step.device,
                    step.call.clone(),
                    Some(index),
                );
            }
            while let Some(turn) = world.step(scenario.start + scenario.run_for) {
                check(&format!("{:?}", world.machine(turn.device)));
            }
        }
    }
    assert!(looked_at > 40, "the scenarios have passcodes");
}

/// Returns a device's answer to a command, and the message with it.
fn answered(device: &mut apple::Device, name: &str) -> (String, Report) {
    answered_to(device, apple::CommandRequest::new(name))
}

fn answered_to(device: &mut apple::Device, command: apple::CommandRequest) -> (String, Report) {
    use device_sim::{Context, Rng};
    let mut rng = Rng::new(1, 0);
    let mut context = Context::new(DEFAULT_START, &mut rng);
    let send = apple::Call::SendCommand { command, again: None, push: false };
    device.answer(&send, &mut context);
    device.answer(&apple::Call::Connect, &mut context);
    let apple::Session::Open(report) = device.phone().session() else {
        panic!("a command was answered")
    };
    (String::from_utf8(report.to_xml()).expect("XML is text"), *report.clone())
}

#[test]
fn apple_41_an_unknown_command_is_refused_in_the_wording_of_the_system() {
    for (platform, text) in [
        (apple::Platform::Ios, "“MakeCoffee” is not a valid request type."),
        (apple::Platform::Macos, "Unknown command: MakeCoffee <MDMClientError:91>"),
    ] {
        let mut device = apple::Setup::new(platform).build(DEFAULT_START);
        let (_, report) = answered(&mut device, "MakeCoffee");
        let error = report.error().expect("an error chain");
        assert_eq!((error.domain.as_str(), error.code), ("MCMDMErrorDomain", 12021));
        assert_eq!(error.localized, text);
    }
}

#[test]
fn apple_59_a_real_command_that_is_not_simulated_is_refused_by_its_name() {
    let problems = |command: &str| {
        let text = format!(
            "title = \"t\"\n[devices.d]\nkind = \"apple\"\nplatform = \"ios\"\n\
             [[step]]\ndo = \"send-command\"\ncommand = \"{command}\"\nexpect = {{ lost-mode = false }}\n"
        );
        let read = ScenarioDocument::read(&text);
        read.err().map(|invalid| invalid.problems()[0].message.clone())
    };
    assert_eq!(problems("MakeCoffee"), None);
    assert_eq!(problems("ClearRestrictionsPassword"), None);
    for name in apple::NOT_SIMULATED {
        let message = format!("the command `{name}` exists, and is not simulated");
        assert_eq!(problems(name), Some(message));
    }
    for (name, message) in [
        ("ClearPasscode", "the command `ClearPasscode` needs more than its name"),
        ("deviceLock", "the command `deviceLock` does not exist"),
    ] {
        assert_eq!(problems(name).as_deref(), Some(message));
    }
}

#[test]
fn apple_29_and_42_have_the_form_of_the_captures() {
    let mut device = apple::Setup::new(apple::Platform::Ios).build(DEFAULT_START);
    let (xml, _) = answered(&mut device, "DeviceLock");
    assert!(!xml.contains("MessageResult"), "without a text there is no result: {xml}");
    let mut device = apple::Setup::new(apple::Platform::Ios).build(DEFAULT_START);
    let with_text = apple::CommandRequest::new("DeviceLock").with_message("call us");
    let (xml, _) = answered_to(&mut device, with_text);
    assert!(xml.contains("<string>NoPasscodeSet</string>"), "{xml}");
    let mut setup = apple::Setup::new(apple::Platform::Ios);
    setup.passcode = Some(device_sim::Secret::new("2580"));
    let mut device = setup.build(DEFAULT_START);
    let mut rng = device_sim::Rng::new(1, 0);
    let mut context = device_sim::Context::new(DEFAULT_START, &mut rng);
    let token = apple::TokenChoice::Missing;
    device.answer(&apple::Call::ClearPasscode { token, push: false }, &mut context);
    device.answer(&apple::Call::Connect, &mut context);
    let apple::Session::Open(report) = device.phone().session() else { panic!("answered") };
    let plist::Value::Dictionary(message) = report.to_plist() else { panic!("a dictionary") };
    let keys: Vec<_> = message.keys().map(String::as_str).collect();
    assert_eq!(keys, ["UDID", "Status", "CommandUUID"]);
    assert_eq!(message["Status"].as_string(), Some("CommandFormatError"));
}

#[test]
fn apple_36_a_pattern_in_a_payload_is_taken_and_has_no_effect() {
    let text = r#"<?xml version="1.0" encoding="UTF-8"?><plist version="1.0"><dict>
        <key>CommandUUID</key><string>1</string><key>Command</key><dict>
        <key>RequestType</key><string>InstallProfile</string><key>Payload</key><data>PROFILE</data>
        </dict></dict></plist>"#;
    let profile = |extra: &str| {
        format!(
            r#"<?xml version="1.0" encoding="UTF-8"?><plist version="1.0"><dict>
            <key>PayloadIdentifier</key><string>p</string><key>PayloadContent</key><array><dict>
            <key>PayloadType</key><string>{}</string>{extra}</dict></array></dict></plist>"#,
            "com.apple.mobiledevice.passwordpolicy"
        )
    };
    let regex =
        "<key>customRegex</key><dict><key>passwordContentRegex</key><string>^x</string></dict>";
    let plain = profile("");
    let with_pattern = profile(regex);
    assert_eq!(
        apple::wire::Profile::from_bytes(plain.as_bytes()),
        apple::wire::Profile::from_bytes(with_pattern.as_bytes()),
    );
    assert!(apple::wire::Profile::from_bytes(plain.as_bytes()).is_ok());
    assert!(Order::from_bytes(text.as_bytes()).is_err(), "data that is no base64");
}

#[test]
fn every_parameter_is_set_by_some_case() {
    let texts: String = cases().into_iter().map(|case| case.text).collect();
    let parameters = apple::Parameters::table();
    let unset: Vec<_> = parameters
        .iter()
        .map(|parameter| parameter.name)
        .filter(|name| !texts.contains(&format!("{name} = ")))
        .collect();
    assert!(unset.is_empty(), "parameters that no case sets: {unset:?}");
    assert_eq!(parameters.len(), 31);
}

#[test]
fn apple_39_a_device_that_forgets_finished_commands_is_caught() {
    let path = root().join("tests/cases/apple/a-finished-command-comes-again.toml");
    let file = scenario_file("a-finished-command-comes-again".to_owned(), read(&path));
    let scenario = &file.document.scenarios[0];
    assert_eq!(run(scenario, 1, |_| {}).findings, []);
    let forgetful = with(scenario, |setup| setup.parameters.remembers_finished_commands = false);
    let found = run(&forgetful, 1, |_| {}).findings;
    let expected: BTreeSet<_> = found.iter().map(|finding| finding.expected.as_str()).collect();
    for name in [
        "invariant: a clear never happens twice for one CommandUUID",
        "invariant: a passcode is never lost to a command that was answered before",
    ] {
        assert!(expected.contains(name), "{expected:?}");
    }
    let healthy = with(&forgetful, |setup| setup.server.redelivers = false);
    let found = run(&healthy, 1, |_| {}).findings;
    assert_eq!(found, [], "without the server's bug no invariant fails");
}

#[test]
fn a_server_takes_reports_as_real_ones_do() {
    use apple::wire::{Body, CheckIn, Command, CommandUuid, Identity, Status};
    let identity = Identity::Udid("00008101-0000000000000001".to_owned());
    let mut server = apple::Server::new(apple::ServerRules::default());
    let about = |uuid: Option<CommandUuid>, status| Report {
        uuid,
        status,
        body: Body::Empty,
        ..Report::idle(identity.clone())
    };
    for _ in 0..2 {
        assert_eq!(server.enqueue(Command::SecurityInfo), apple::Queued::Queued);
    }
    let first = Some(CommandUuid::numbered(1));
    let next = |server: &mut apple::Server, report: &Report| {
        server.report(report, DEFAULT_START).map(|order| order.uuid)
    };
    for _ in 0..2 {
        assert_eq!(next(&mut server, &about(None, Status::Idle)), first, "idle twice");
    }
    let stranger = Some(CommandUuid::new("unknown"));
    assert_eq!(next(&mut server, &about(stranger, Status::Acknowledged)), first);
    let again = server.enqueue_again(1, Command::ProfileList);
    assert_eq!(again, apple::Queued::AlreadyExists);
    let second = Some(CommandUuid::numbered(2));
    assert_eq!(next(&mut server, &about(first, Status::Error)), second, "an error is an end");
    let topic = "topic".to_owned();
    server.check_in(&CheckIn::CheckOut { identity: identity.clone(), topic });
    assert_eq!((server.waiting(), next(&mut server, &about(None, Status::Idle))), (0, None));
}
