//! `relatch simulate` and `relatch explore`.

use insta::assert_snapshot;

use crate::{Folder, code, json, root, run, shown};

const UNMET: &[u8] = b"title = \"what an engineer expects\"
api-levels = \"26-36\"

[devices.phone]
kind = \"android\"
enrolment = \"work-profile\"
lock = \"4711\"

[[step]]
do = \"set-reset-password-token\"
returns = true
expect = { work-token = \"active\" }

[[step]]
after = \"5m\"
do = \"reset-password-with-token\"
password = \"907856\"
levels = \"31-36\"
returns = false
";

#[test]
fn stories_as_a_whole() {
    for (name, command) in [
        (
            "the_story_of_the_notification_for_people",
            "simulate scenarios/android/seed-notification.toml",
        ),
        ("the_story_of_android_7_for_people", "simulate scenarios/android/seed-seven.toml"),
        ("an_exploration_that_does_not_exist", "explore android-tokn"),
    ] {
        assert_snapshot!(name, shown(&run(command)));
    }
}

#[test]
fn every_shipped_scenario_holds() {
    let mut paths = Vec::new();
    for folder in ["scenarios/android", "scenarios/apple", "scenarios/service"] {
        let names = std::fs::read_dir(root().join(folder)).unwrap();
        let names = names.map(|entry| entry.unwrap().file_name().into_string().unwrap());
        paths.extend(names.map(|name| format!("{folder}/{name}")));
    }
    paths.sort();
    let output = run(&format!("simulate --format json {}", paths.join(" ")));
    assert_eq!(code(&output), 0);
    let object = json(&output);
    assert_eq!(object["schema"], 1);
    assert_eq!(object["findings"].as_array().unwrap().len(), 0);
    assert!(object["runs"].as_array().unwrap().len() > 30);
}

#[test]
fn many_files_have_a_line_each_and_totals() {
    let text = shown(&run("simulate scenarios")).replace('\\', "/");
    let lines: Vec<_> =
        text.lines().filter(|line| line.starts_with("ok      scenarios/")).collect();
    assert!(lines.len() >= 17, "{text}");
    assert!(text.contains(" files, "), "{text}");
    let quiet = |scenarios: &str| shown(&run(&format!("simulate {scenarios} --quiet")));
    assert_eq!(quiet("scenarios/a*"), quiet("scenarios/apple"));
    let folder = Folder::with("hope.toml", UNMET);
    let text = quiet(&format!("scenarios/apple {}", folder.path("hope.toml").display()));
    assert!(text.starts_with("exit code 1\n--- standard output\nat API level 26"), "{text}");
    assert!(text.contains(" more with `--state`"), "{text}");
    let text = folder.shown("simulate FILE --quiet --state");
    assert!(text.contains("forgot-button = false"), "{text}");
}

#[test]
fn a_junit_report_has_a_case_for_each_run() {
    let folder = Folder::with("hope.toml", UNMET);
    let output = folder.run("simulate FILE --format junit");
    assert_eq!(code(&output), 1);
    let text = String::from_utf8(output.stdout).unwrap();
    assert_eq!(text.matches("<testcase ").count(), 11);
    assert_eq!(text.matches("<failure ").count(), 13);
    assert!(text.contains("message=\"expected work-token = active, found work-token = pending\""));
}

#[test]
fn no_line_of_a_timeline_is_longer_than_80_characters() {
    for path in
        ["android/seed-notification", "apple/seed-prompt-in-settings", "service/the-page-of-2018"]
    {
        let text = shown(&run(&format!("simulate scenarios/{path}.toml")));
        let timeline =
            text.lines().filter(|line| line.starts_with("  ") && !line.contains(" at the start: "));
        for line in timeline {
            assert!(line.chars().count() <= 80, "{line}");
        }
    }
}

const IDLE: &[u8] = b"title = \"a claim about nothing\"
[devices.phone]
kind = \"android\"
api-level = 30
[[step]]
do = \"reboot\"
[[always]]
when = { device-lock = \"pin\" }
expect = { notification = \"hidden\" }
";

#[test]
fn a_claim_that_was_about_no_moment_is_reported_unless_that_is_meant() {
    assert_snapshot!(Folder::with("idle.toml", IDLE).shown("simulate FILE --quiet"));
    let meant = [IDLE, b"may-not-apply = true\n"].concat();
    Folder::with("idle.toml", meant).runs("simulate FILE");
}

const OWNERS: &[u8] = b"title = \"who may set a token\"
api-levels = \"26-27\"
for = { enrolment = [\"device-owner\", \"work-profile\", \"none\"] }
[devices.phone]
kind = \"android\"
[[step]]
for = { enrolment = [\"device-owner\", \"work-profile\"] }
do = \"set-reset-password-token\"
returns = true
[[step]]
for = { enrolment = \"none\" }
do = \"set-reset-password-token\"
returns = true
";

#[test]
fn a_scenario_runs_once_with_each_value_of_for() {
    let folder = Folder::with("owners.toml", OWNERS);
    assert_snapshot!(folder.shown("simulate FILE"));
    let object = folder.json("simulate --format json FILE");
    assert_eq!(object["runs"].as_array().unwrap().len(), 6);
    assert_eq!(object["runs"][4]["version"], "API level 26, enrolment = none");
}

#[test]
fn a_mistake_in_a_shared_set_up_is_reported_with_its_file() {
    let folder = Folder::with(
        "reset.toml",
        b"title = \"t\"\nsetup = \"phone.setup.toml\"\n[devices.phone.intune]\n\
          [[step]]\ndo = \"request-reset-passcode\"\nstatus = 205\n",
    );
    let told = |device: &str| {
        folder.write("phone.setup.toml", device);
        folder.shown("simulate FOLDER --quiet")
    };
    assert!(folder.shown("simulate FILE").contains("there is no such file"));
    let device = "[devices.phone]\nkind = \"android\"\napi-level = 30\n\
                  enrolment = \"work-profile\"\n[[step]]\nexpect = { device-lock = \"pin\" }\n";
    assert_snapshot!(told(device));
    assert_snapshot!(told(&device.replace("expect", "expcet")));
}

#[test]
fn of_several_wrong_files_all_are_reported() {
    let folder = Folder::with("first.toml", b"title = 1\n");
    folder.write("second.toml", "titel = \"x\"\n");
    let text = folder.shown("simulate FOLDER");
    assert!(text.contains("first.toml` is not a usable scenario"), "{text}");
    assert!(text.contains("second.toml` is not a usable scenario"), "{text}");
    let text = folder.shown("simulate FOLDER/none*");
    assert!(text.contains("no file matches"), "{text}");
}

#[test]
fn an_unmet_expectation_for_people() {
    assert_snapshot!(Folder::with("hope.toml", UNMET).shown("simulate FILE"));
}

#[test]
fn an_unmet_expectation_for_programs() {
    let folder = Folder::with("hope.toml", UNMET);
    let output = folder.run("simulate --format json FILE");
    assert_eq!(code(&output), 1);
    let findings = json(&output)["findings"].as_array().unwrap().clone();
    // The first expectation fails at 11 levels, the last where the call throws instead.
    assert_eq!(findings.len(), 11 + 2);
    let first = &findings[0];
    assert_eq!(first["line"], 12);
    assert_eq!(first["version"], "API level 26");
    assert_eq!(first["expected"], "work-token = active");
    assert_eq!(first["found"], "work-token = pending");
    assert_eq!(first["state"]["notification"], "hidden");
}

#[test]
fn a_scenario_file_with_mistakes() {
    let text = b"title = \"t\"\n[devices.phone]\nkind = \"android\"\n[[step]]\ndo = \"rebot\"\n";
    assert_snapshot!(Folder::with("wrong.toml", text).shown("simulate FILE"));
}

#[test]
fn the_trace_is_one_event_a_line_in_either_form() {
    let scenario = root().join("scenarios/android/seed-reboot-first.toml");
    let folder = Folder::with("story.toml", std::fs::read(scenario).unwrap());
    let trace = |name: &str, seed: u32| {
        folder.runs(&format!("simulate story.toml --seed {seed} --trace {name}"));
        folder.read(name)
    };
    let text = trace("trace.txt", 1);
    assert!(text.starts_with("2018-04-02T09:00:00Z 1 phone admin set-reset-password-token"));
    assert_eq!(text, trace("again.txt", 1));
    let objects = trace("trace.ndjson", 1);
    assert_eq!(objects.lines().count(), text.lines().count());
    for line in objects.lines() {
        let object: serde_json::Value = serde_json::from_str(line).unwrap();
        assert_eq!(object["device"], "phone");
    }
}

#[test]
fn the_choices_of_the_models() {
    assert_snapshot!(shown(&run("simulate --parameters")));
    let object = json(&run("simulate --parameters --format json"));
    assert!(object["parameters"].as_array().unwrap().len() >= 15);
}

#[test]
fn the_words_of_the_scenario_language() {
    let text = shown(&run("simulate --vocabulary"));
    let object = json(&run("simulate --vocabulary --format json"));
    let model = &object["models"][0];
    assert_eq!(model["model"], "android");
    for list in ["observables", "outcomes"] {
        for subject in model[list].as_array().unwrap() {
            let name = subject["name"].as_str().unwrap();
            assert!(text.contains(&format!("\n  {name} = ")), "{name}");
        }
    }
    for verb in model["verbs"].as_array().unwrap() {
        assert!(text.contains(&format!("\n  {}\n", verb.as_str().unwrap())), "{verb}");
    }
}

#[test]
fn the_exploration_of_tokens() {
    let output = run("explore android-token --api-level 26");
    let text = shown(&output);
    // How long it took is the only thing that differs from run to run.
    let stable: Vec<_> = text.lines().map(without_time).collect();
    assert_snapshot!(stable.join("\n"));
    let object = json(&run("explore android-token --api-level 30 --depth 3 --format json"));
    assert_eq!(object["schema"], 1);
    assert_eq!(object["explorations"][0]["complete"], false);
    assert_eq!(object["explorations"][0]["depth"], 3);
}

fn without_time(line: &str) -> String {
    let timed = line.strip_suffix(" ms").and_then(|line| line.rsplit_once("  "));
    // The heading of the column is as wide as the longest time below it.
    let timed = timed.or_else(|| line.strip_suffix("time").map(|before| (before, "")));
    timed.map_or(line, |(before, _)| before.trim_end()).to_owned()
}

const CLAIM: &[u8] = b"title = \"a token, once set, stays usable or becomes so\"
[devices.phone]
kind = \"android\"
api-level = 30
enrolment = \"work-profile\"
lock = \"4711\"
[[step]]
do = \"set-reset-password-token\"
[[step]]
do = \"reboot\"
[[step]]
do = \"unlock\"
user = \"device\"
credential = \"4711\"
[[always]]
name = \"no token is lost\"
expect = { work-token = [\"absent\", \"pending\", \"active\"] }
";

#[test]
fn a_refuted_claim_gives_a_scenario_that_replays() {
    let folder = Folder::with("claim.toml", CLAIM);
    let output = folder.run("explore FILE --runs runs");
    assert_eq!(code(&output), 1);
    let text = String::from_utf8(output.stdout).unwrap();
    assert!(text.contains("refuted                     no token is lost"), "{text}");
    assert!(text.contains("the shortest counterexample, 2 steps, as a scenario"), "{text}");
    // The claim is part of it, so the run fails for the reason for which it was written.
    let replay = folder.run("simulate runs/no-token-is-lost.toml --format json");
    assert_eq!(code(&replay), 1);
    let findings = json(&replay)["findings"].as_array().unwrap().clone();
    assert_eq!(findings.len(), 1);
    assert!(findings[0]["expected"].as_str().unwrap().starts_with("no token is lost: always"));
    let written = folder.read("runs/no-token-is-lost.toml");
    assert!(text.contains(written.split_once('\n').unwrap().1), "the same scenario is printed");
}

#[test]
fn an_exploration_checks_what_steps_expect_in_the_order_of_the_file() {
    let claim = String::from_utf8(CLAIM.to_vec()).unwrap();
    let steps =
        claim.replace("do = \"reboot\"", "do = \"reboot\"\nexpect = { work-token = \"lost\" }");
    let over_time = "[[eventually]]\nexpect = { work-run = \"running-unlocked\" }\n";
    let both = steps.replace("\"lost\" }\n[[step]]", "\"active\" }\n[[step]]") + over_time;
    let met =
        Folder::with("met.toml", steps.clone() + over_time).shown("explore FILE --states 500");
    assert!(met.contains("What 1 step and 1 claim over time expect is met"), "{met}");
    let output = Folder::with("unmet.toml", &both).run("explore FILE --states 500 --format json");
    assert_eq!(code(&output), 1);
    let object = json(&output);
    assert_eq!(object["in_file_order"], 2);
    assert_eq!(object["unmet"].as_array().unwrap().len(), 1);
    assert_eq!(object["unmet"][0]["found"], "work-token = lost");
    // Without a claim that is refuted, it is the steps alone that end with an exit code of 1.
    let steps = both.split("[[always]]").next().unwrap();
    let text = Folder::with("steps.toml", steps).shown("explore FILE --states 500");
    assert!(text.starts_with("exit code 1\n"), "{text}");
    assert_snapshot!(text.lines().map(without_time).collect::<Vec<_>>().join("\n"));
}

const NEVER_APPLIES: &[u8] = b"title = \"a claim about a lock that never is\"
api-levels = \"29-30\"
[devices.phone]
kind = \"android\"
enrolment = \"work-profile\"
lock = \"4711\"
[[step]]
do = \"set-reset-password-token\"
[[step]]
do = \"reboot\"
[[always]]
name = \"the work lock is a PIN\"
when = { work-lock = \"password\" }
expect = { work-lock = \"pin\" }
";

#[test]
fn an_exploration_proves_no_claim_that_applies_nowhere() {
    let folder = Folder::with("never.toml", NEVER_APPLIES);
    let output = folder.run("explore FILE");
    assert_eq!(code(&output), 1);
    assert_snapshot!(shown(&output).lines().map(without_time).collect::<Vec<_>>().join("\n"));
    let object = folder.json("explore FILE --depth 2 --format json");
    let claim = &object["explorations"][0]["properties"][1];
    assert_eq!(claim["answer"], "does-not-apply");
    assert_eq!(claim["up_to"], 2);
    assert_eq!(claim["holds"], false);
    let text = String::from_utf8(NEVER_APPLIES.to_vec()).unwrap();
    let meant = text.clone() + "may-not-apply = true\n";
    Folder::with("meant.toml", &meant).runs("explore FILE");
    // In one of two variants it does apply, as of a run by `simulate`.
    let variants = text
        .replace("lock = \"4711\"\n", "work-lock = \"8642\"\n")
        .replace("[devices.phone]", "for = { lock = [\"4711\", \"abcd\"] }\n[devices.phone]");
    let variants = variants.replace("when = { work-lock", "when = { device-lock");
    Folder::with("variants.toml", &variants).runs("explore FILE");
}

#[test]
fn a_pattern_that_matches_only_set_ups_is_an_error() {
    let folder = Folder::with("phone.setup.toml", "[devices.phone]\nkind = \"android\"\n");
    for given in ["*.toml", "phone.setup.*", ""] {
        folder.refused(&format!("simulate FOLDER/{given} --format junit"));
    }
    assert_snapshot!(folder.shown("simulate FOLDER/*.toml"));
}

#[test]
fn a_scenario_whose_ending_is_in_capitals_is_found_in_its_folder() {
    let folder = Folder::with("one.toml", UNMET)
        .and("TWO.TOML", UNMET)
        .and("phone.setup.TOML", "[devices.phone]\n");
    let runs = folder.json("simulate FOLDER --format json")["runs"].as_array().unwrap().clone();
    assert_eq!(runs.len(), 2 * 11);
}

#[test]
fn a_run_that_ends_before_its_action_says_so() {
    let text =
        b"title = \"no new passcode\"\n[devices.phone]\nkind = \"android\"\napi-level = 30\n\
        enrolment = \"device-owner\"\npolicy = { quality = \"numeric\", length = 4 }\n\
        [devices.phone.intune]\n[[step]]\ndo = \"request-reset-passcode\"\n\
        [[never]]\nexpect = { passcode-in-portal = true }\n";
    let folder = Folder::with("short.toml", text);
    let output = folder.shown("simulate FILE");
    let end = "1 run, 1 event: every expectation met; 1 action was still pending at the end";
    assert!(output.contains(end), "{output}");
    let object = folder.json("simulate FILE --format json");
    assert_eq!(object["runs"][0]["open_actions"], 1);
    let long = "run-for = \"1m\"\n".to_owned() + std::str::from_utf8(text).unwrap();
    let object = Folder::with("long.toml", &long).json("simulate FILE --format json");
    assert_eq!(object["runs"][0]["open_actions"], 0);
}

const PROMPT: &[u8] = b"title = \"the prompt never says 55 minutes\"
[devices.phone]
kind = \"apple\"
platform = \"ios\"
os-version = \"17.0\"
passcode = \"135790\"
[[step]]
do = \"add-account\"
payload = { forcePIN = true, minLength = 8 }
[[step]]
do = \"lock\"
[[step]]
do = \"unlock\"
passcode = \"135790\"
[[never]]
name = \"the prompt never says 55 minutes\"
expect = { minutes-left = 55 }
";

#[test]
fn an_exploration_says_which_waits_it_tried() {
    let folder = Folder::with("prompt.toml", PROMPT);
    let text = shown(&folder.runs("explore FILE --depth 6"))
        .split_whitespace()
        .collect::<Vec<_>>()
        .join(" ");
    let waits = "Waits tried before a step: none, until the next scheduled event, or, where none is, \
                 800 days. Another wait can change an answer.";
    assert!(text.contains(waits), "{text}");
    let object = folder.json("explore FILE --depth 6 --format json");
    assert!(object["explorations"][0]["only_some_waits"].as_str().is_some());
    // The run that refutes it waits five minutes.
    let waited = String::from_utf8(PROMPT.to_vec()).unwrap();
    let waited = waited.replace("do = \"unlock\"", "at = \"5m\"\ndo = \"unlock\"");
    let waited = Folder::with("waited.toml", &waited).run("simulate FILE");
    assert_eq!(code(&waited), 1);
    // Where no moment is remembered, every wait is alike.
    let object = json(&run("explore service-reset --depth 2 --format json"));
    assert!(object["explorations"][0]["only_some_waits"].is_null());
}

#[test]
fn an_exploration_ends_in_its_time() {
    let object = json(&run("explore android-token --api-level 30 --seconds 0 --format json"));
    assert_eq!(object["explorations"][0]["complete"], false);
    assert_eq!(object["explorations"][0]["properties"][0]["answer"], "holds-up-to");
}
