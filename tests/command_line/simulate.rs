//! `relatch simulate` and `relatch explore`.

use insta::assert_snapshot;

use crate::{code, json, root, run, scratch, shown, shown_with_file, without};

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
fn the_story_of_the_notification_for_people() {
    assert_snapshot!(shown(&run("simulate scenarios/android/seed-notification.toml")));
}

#[test]
fn the_story_of_android_7_for_people() {
    assert_snapshot!(shown(&run("simulate scenarios/android/seed-seven.toml")));
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
    assert_eq!(
        shown(&run("simulate scenarios/a* --quiet")),
        shown(&run("simulate scenarios/apple --quiet"))
    );
    let (_folder, path) = scratch("hope.toml", UNMET);
    let output = run(&format!("simulate scenarios/apple {} --quiet", path.display()));
    assert_eq!(code(&output), 1);
    let text = String::from_utf8(output.stdout).unwrap();
    assert!(text.starts_with("at API level 26"), "{text}");
    assert!(text.contains(" more with `--state`"), "{text}");
    let output = run(&format!("simulate {} --quiet --state", path.display()));
    let text = String::from_utf8(output.stdout).unwrap();
    assert!(text.contains("forgot-button = false"), "{text}");
}

#[test]
fn a_junit_report_has_a_case_for_each_run() {
    let (_folder, path) = scratch("hope.toml", UNMET);
    let output = run(&format!("simulate {} --format junit", path.display()));
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
    let (_folder, path) = scratch("idle.toml", IDLE);
    assert_snapshot!(shown_with_file("simulate FILE --quiet", &path));
    let text = String::from_utf8(IDLE.to_vec()).unwrap() + "may-not-apply = true\n";
    let (_folder, path) = scratch("idle.toml", text.as_bytes());
    assert_eq!(code(&run(&format!("simulate {}", path.display()))), 0);
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
    let (_folder, path) = scratch("owners.toml", OWNERS);
    assert_snapshot!(shown_with_file("simulate FILE", &path));
    let object = json(&run(&format!("simulate --format json {}", path.display())));
    assert_eq!(object["runs"].as_array().unwrap().len(), 6);
    assert_eq!(object["runs"][4]["version"], "API level 26, enrolment = none");
}

#[test]
fn what_is_wrong_in_a_shared_set_up_is_told_with_its_file() {
    let (folder, path) = scratch(
        "reset.toml",
        b"title = \"t\"\nsetup = \"phone.setup.toml\"\n[devices.phone.intune]\n\
          [[step]]\ndo = \"request-reset-passcode\"\nstatus = 205\n",
    );
    let setup = folder.path().join("phone.setup.toml");
    let told = |device: &str| {
        std::fs::write(&setup, device).unwrap();
        let text = shown(&run(&format!("simulate {} --quiet", folder.path().display())));
        without(folder.path(), &text)
    };
    assert!(shown(&run(&format!("simulate {}", path.display()))).contains("there is no such file"));
    let device = "[devices.phone]\nkind = \"android\"\napi-level = 30\n\
                  enrolment = \"work-profile\"\n[[step]]\nexpect = { device-lock = \"pin\" }\n";
    assert_snapshot!(told(device));
    assert_snapshot!(told(&device.replace("expect", "expcet")));
}

#[test]
fn of_several_wrong_files_all_are_reported() {
    let (folder, _) = scratch("first.toml", b"title = 1\n");
    std::fs::write(folder.path().join("second.toml"), "titel = \"x\"\n").unwrap();
    let text = shown(&run(&format!("simulate {}", folder.path().display())));
    assert!(text.contains("first.toml` is not a usable scenario"), "{text}");
    assert!(text.contains("second.toml` is not a usable scenario"), "{text}");
    let text = shown(&run(&format!("simulate {}/none*", folder.path().display())));
    assert!(text.contains("no file matches"), "{text}");
}

#[test]
fn an_unmet_expectation_for_people() {
    let (_folder, path) = scratch("hope.toml", UNMET);
    assert_snapshot!(shown_with_file("simulate FILE", &path));
}

#[test]
fn an_unmet_expectation_for_programs() {
    let (_folder, path) = scratch("hope.toml", UNMET);
    let output = run(&format!("simulate --format json {}", path.display()));
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
    let (_folder, path) = scratch("wrong.toml", text);
    assert_snapshot!(shown_with_file("simulate FILE", &path));
}

#[test]
fn the_trace_is_one_event_a_line_in_either_form() {
    let folder = tempfile::tempdir().unwrap();
    let scenario = "scenarios/android/seed-reboot-first.toml";
    let trace = |name: &str, seed: u32| {
        let path = folder.path().join(name);
        let output = run(&format!("simulate {scenario} --seed {seed} --trace {}", path.display()));
        assert_eq!(code(&output), 0);
        std::fs::read_to_string(path).unwrap()
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
    let (folder, path) = scratch("claim.toml", CLAIM);
    let runs = folder.path().join("runs");
    let output = run(&format!("explore {} --runs {}", path.display(), runs.display()));
    assert_eq!(code(&output), 1);
    let text = String::from_utf8(output.stdout).unwrap();
    assert!(text.contains("refuted               no token is lost"), "{text}");
    assert!(text.contains("the shortest counterexample, 2 steps, as a scenario"), "{text}");
    let example = runs.join("no-token-is-lost.toml");
    // The claim is part of it, so the run fails for the reason for which it was written.
    let replay = run(&format!("simulate {} --format json", example.display()));
    assert_eq!(code(&replay), 1);
    let findings = json(&replay)["findings"].as_array().unwrap().clone();
    assert_eq!(findings.len(), 1);
    assert!(findings[0]["expected"].as_str().unwrap().starts_with("no token is lost: always"));
    let written = std::fs::read_to_string(example).unwrap();
    assert!(text.contains(written.split_once('\n').unwrap().1), "the same scenario is printed");
}

#[test]
fn an_exploration_checks_what_steps_expect_in_the_order_of_the_file() {
    let claim = String::from_utf8(CLAIM.to_vec()).unwrap();
    let steps =
        claim.replace("do = \"reboot\"", "do = \"reboot\"\nexpect = { work-token = \"lost\" }");
    let over_time = "[[eventually]]\nexpect = { work-run = \"running-unlocked\" }\n";
    let both = steps.replace("\"lost\" }\n[[step]]", "\"active\" }\n[[step]]") + over_time;
    let (_folder, path) = scratch("met.toml", (steps.clone() + over_time).as_bytes());
    let met = shown_with_file("explore FILE --states 500", &path);
    assert!(met.contains("What 1 step and 1 claim over time expect is met"), "{met}");
    let (_folder, path) = scratch("unmet.toml", both.as_bytes());
    let output = run(&format!("explore {} --states 500 --format json", path.display()));
    assert_eq!(code(&output), 1);
    let object = json(&output);
    assert_eq!(object["in_file_order"], 2);
    assert_eq!(object["unmet"].as_array().unwrap().len(), 1);
    assert_eq!(object["unmet"][0]["found"], "work-token = lost");
    // Without a claim that is refuted, it is the steps alone that end with an exit code of 1.
    let (_folder, path) =
        scratch("steps.toml", both.split("[[always]]").next().unwrap().as_bytes());
    assert_eq!(code(&run(&format!("explore {} --states 500", path.display()))), 1);
    assert_snapshot!(
        shown_with_file("explore FILE --states 500", &path)
            .lines()
            .map(without_time)
            .collect::<Vec<_>>()
            .join("\n")
    );
}

#[test]
fn an_exploration_that_does_not_exist() {
    assert_snapshot!(shown(&run("explore android-tokn")));
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
    let (_folder, path) = scratch("never.toml", NEVER_APPLIES);
    let run_it = |options: &str| run(&format!("explore {} {options}", path.display()));
    let output = run_it("");
    assert_eq!(code(&output), 1);
    assert_snapshot!(shown(&output).lines().map(without_time).collect::<Vec<_>>().join("\n"));
    let object = json(&run_it("--depth 2 --format json"));
    let claim = &object["explorations"][0]["properties"][1];
    assert_eq!(claim["answer"], "does-not-apply");
    assert_eq!(claim["up_to"], 2);
    assert_eq!(claim["holds"], false);
    let text = String::from_utf8(NEVER_APPLIES.to_vec()).unwrap();
    let meant = text.clone() + "may-not-apply = true\n";
    let (_folder, path) = scratch("meant.toml", meant.as_bytes());
    assert_eq!(code(&run(&format!("explore {}", path.display()))), 0);
    // In one of two variants it does apply, as of a run by `simulate`.
    let variants = text
        .replace("lock = \"4711\"\n", "work-lock = \"8642\"\n")
        .replace("[devices.phone]", "for = { lock = [\"4711\", \"abcd\"] }\n[devices.phone]");
    let variants = variants.replace("when = { work-lock", "when = { device-lock");
    let (_folder, path) = scratch("variants.toml", variants.as_bytes());
    let output = run(&format!("explore {}", path.display()));
    assert_eq!(code(&output), 0, "{}", shown(&output));
}

#[test]
fn a_pattern_that_matches_only_set_ups_is_an_error() {
    let (folder, _) = scratch("phone.setup.toml", b"[devices.phone]\nkind = \"android\"\n");
    for given in ["*.toml", "phone.setup.*", ""] {
        let output = run(&format!("simulate {}/{given} --format junit", folder.path().display()));
        assert_eq!(code(&output), 2, "{given}");
    }
    let output = run(&format!("simulate {}/*.toml", folder.path().display()));
    assert_snapshot!(without(folder.path(), &shown(&output)));
}

#[test]
fn a_scenario_whose_ending_is_in_capitals_is_found_in_its_folder() {
    let (folder, _) = scratch("one.toml", UNMET);
    std::fs::write(folder.path().join("TWO.TOML"), UNMET).unwrap();
    std::fs::write(folder.path().join("phone.setup.TOML"), "[devices.phone]\n").unwrap();
    let output = run(&format!("simulate {} --format json", folder.path().display()));
    let runs = json(&output)["runs"].as_array().unwrap().clone();
    assert_eq!(runs.len(), 2 * 11);
}

#[test]
fn a_run_that_ends_before_its_action_says_so() {
    let text =
        b"title = \"no new passcode\"\n[devices.phone]\nkind = \"android\"\napi-level = 30\n\
        enrolment = \"device-owner\"\npolicy = { quality = \"numeric\", length = 4 }\n\
        [devices.phone.intune]\n[[step]]\ndo = \"request-reset-passcode\"\n\
        [[never]]\nexpect = { passcode-in-portal = true }\n";
    let (_folder, path) = scratch("short.toml", text);
    let output = shown_with_file("simulate FILE", &path);
    let end = "1 run, 1 event: every expectation met; 1 action was still pending at the end";
    assert!(output.contains(end), "{output}");
    let object = json(&run(&format!("simulate {} --format json", path.display())));
    assert_eq!(object["runs"][0]["open_actions"], 1);
    let long = "run-for = \"1m\"\n".to_owned() + std::str::from_utf8(text).unwrap();
    let (_folder, path) = scratch("long.toml", long.as_bytes());
    let object = json(&run(&format!("simulate {} --format json", path.display())));
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
    let (_folder, path) = scratch("prompt.toml", PROMPT);
    let output = run(&format!("explore {} --depth 6", path.display()));
    assert_eq!(code(&output), 0);
    let text = shown(&output).split_whitespace().collect::<Vec<_>>().join(" ");
    let waits = "Waits tried before a step: none, until the next scheduled event, or, where none is, \
                 800 days. Another wait can change an answer.";
    assert!(text.contains(waits), "{text}");
    let object = json(&run(&format!("explore {} --depth 6 --format json", path.display())));
    assert!(object["explorations"][0]["only_some_waits"].as_str().is_some());
    // The run that refutes it waits five minutes.
    let waited = String::from_utf8(PROMPT.to_vec()).unwrap();
    let waited = waited.replace("do = \"unlock\"", "at = \"5m\"\ndo = \"unlock\"");
    let (_folder, path) = scratch("waited.toml", waited.as_bytes());
    assert_eq!(code(&run(&format!("simulate {}", path.display()))), 1);
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
