//! Files of the user: no output is an input, and nothing is replaced unasked or left behind.

use std::fs;

use crate::{Folder, code, json, refusal, root};

const PHONE: &str = "Device ID,Device name,OS,OS version,Serial number\n1,a,iOS/iPadOS,17.5,S1\n";

/// Returns a folder with an inventory `devices.csv`.
fn inventory() -> Folder {
    Folder::with("devices.csv", PHONE)
}

/// Runs a command that must be refused and change nothing, and returns the message.
fn refused(folder: &Folder, arguments: &str) -> String {
    let before = folder.names();
    let output = folder.run(arguments);
    let error = refusal(arguments, &output);
    assert!(output.stdout.is_empty(), "{arguments}: {error}");
    assert_eq!(folder.read("devices.csv"), PHONE, "{arguments}");
    assert_eq!(folder.names(), before, "{arguments} leaves nothing behind");
    error
}

#[test]
fn an_output_that_is_an_inventory_is_refused_however_it_is_spelled() {
    let folder = inventory();
    fs::create_dir(folder.path("sub")).unwrap();
    fs::hard_link(folder.path("devices.csv"), folder.path("hard.csv")).unwrap();
    let absolute = folder.path("devices.csv").display().to_string();
    let same = ["devices.csv", "./devices.csv", "sub/../devices.csv", "hard.csv", &absolute];
    #[cfg(unix)]
    let same = {
        std::os::unix::fs::symlink("devices.csv", folder.path("soft.csv")).unwrap();
        [&same[..], &["soft.csv"]].concat()
    };
    for (inventory, output) in same.iter().flat_map(|one| same.iter().map(move |two| (one, two))) {
        for option in ["--devices", "--out"] {
            let error = refused(&folder, &format!("plan {inventory} {option} {output}"));
            let expected = format!("`{option} {output}` is also an input, `{inventory}`");
            assert!(error.contains(&expected), "{error}");
        }
    }
    refused(&folder, "compare devices.csv --to intune-2018-09-18 --out ./devices.csv");
    refused(&folder, "simulate --fleet devices.csv --out ./devices.csv");
}

#[test]
fn an_output_that_a_folder_or_a_pattern_reads_is_refused() {
    let folder = inventory();
    for inventories in [".", "*.csv", "dev*"] {
        refused(&folder, &format!("plan {inventories} --devices devices.csv"));
        refused(&folder, &format!("plan {inventories} --out ./devices.csv"));
    }
}

#[test]
fn an_output_that_is_a_policy_or_another_input_is_refused() {
    let folder = inventory();
    let policy = fs::read(root().join("policies/intune/2018-03-29.toml")).unwrap();
    fs::write(folder.path("rules.csv"), &policy).unwrap();
    refused(&folder, "plan devices.csv --policy rules.csv --devices rules.csv");
    refused(&folder, "plan devices.csv --policy rules.csv --out ./rules.csv");
    refused(&folder, "compare devices.csv --from rules.csv --to intune-2018-03-29 --out rules.csv");
    refused(&folder, "simulate --fleet devices.csv --policy rules.csv --out rules.csv");
    refused(&folder, "simulate --fleet devices.csv --assumptions a.toml --out a.toml");
    assert_eq!(fs::read(folder.path("rules.csv")).unwrap(), policy);
    let story = fs::read(root().join("scenarios/service/seed-seven-legacy.toml")).unwrap();
    fs::write(folder.path("story.toml"), &story).unwrap();
    refused(&folder, "simulate story.toml --trace ./story.toml");
    assert_eq!(fs::read(folder.path("story.toml")).unwrap(), story);
}

#[test]
fn two_outputs_on_one_file_are_refused_though_it_does_not_exist() {
    let folder = inventory();
    let error = refused(&folder, "plan devices.csv --devices a.csv --out ./a.csv");
    assert!(error.contains("`--devices a.csv` is also `--out ./a.csv`"), "{error}");
}

#[cfg(unix)]
#[test]
fn standard_output_that_is_an_input_is_refused() {
    let folder = inventory();
    let append = fs::File::options().append(true).open(folder.path("devices.csv")).unwrap();
    let output = folder.command("plan devices.csv").stdout(append).output().unwrap();
    assert_eq!(code(&output), 2);
    assert_eq!(folder.read("devices.csv"), PHONE);
}

#[test]
fn a_plan_never_advises_an_input_or_a_file_that_exists() {
    let folder = inventory();
    fs::copy(folder.path("devices.csv"), folder.path("two words.csv")).unwrap();
    let text = folder.shown("plan devices.csv --reading intended");
    let advice = "relatch plan devices.csv --reading intended --devices devices-2.csv\n";
    assert!(text.contains(advice), "{text}");
    let text = folder.shown("plan | two words.csv | devices.csv");
    let advice = if cfg!(windows) { "\"two words.csv\"" } else { "'two words.csv'" };
    let advice = format!("relatch plan {advice} devices.csv --devices devices-2.csv\n");
    assert!(text.contains(&advice), "{text}");
}

#[test]
fn a_device_list_is_no_inventory_unless_it_is_named_alone() {
    let folder = inventory();
    folder.runs("plan devices.csv --devices list.csv");
    folder.runs("plan devices.csv --devices list.ndjson");
    folder.runs("plan devices.csv --devices list.parquet");
    for inventories in [".", "*.[cnp]*"] {
        let plan = json(&folder.runs(&format!("plan {inventories} --format json")));
        assert_eq!(plan["rows"], 1);
        let left_out = plan["left-out"].as_array().unwrap();
        assert_eq!(left_out.len(), 3, "{left_out:?}");
    }
    folder.runs("plan . --devices list.csv");
    let error = refused(&folder, "plan list.csv devices.csv");
    assert!(error.contains("`list.csv` is a device list of relatch, and `devices.csv` is not"));
    assert!(refused(&folder, "plan list.ndjson").contains("is a device list of relatch as JSON"));
    refused(&folder, "plan list.csv --devices list.csv");
    fs::create_dir(folder.path("lists")).unwrap();
    fs::rename(folder.path("list.csv"), folder.path("lists/list.csv")).unwrap();
    assert!(refused(&folder, "plan lists").contains("is a device list of relatch"));
}

/// Returns every count that a plan says of its devices.
fn counts(folder: &Folder, arguments: &str) -> serde_json::Value {
    let mut plan = folder.json(&format!("plan {arguments} --format json"));
    for of_the_file in ["columns", "inventories", "latest-check-in", "stale", "windows-1252"] {
        plan[of_the_file].take();
    }
    plan
}

#[test]
fn a_device_list_gives_the_counts_of_its_export_by_every_policy() {
    let folder = inventory();
    folder.runs("generate --devices 3000 --seed 3 --out fleet.csv");
    let by = "--by platform,management,ownership,os-version";
    for list in ["list.csv", "list.parquet"] {
        folder.runs(&format!("plan fleet.csv --policy intune-2017-03-06 --devices {list}"));
        for policy in ["intune-2016-11-08", "intune-2018-03-29", "intune-2026-04-21"] {
            let counts = |file: &str| counts(&folder, &format!("{file} --policy {policy} {by}"));
            assert_eq!(counts(list), counts("fleet.csv"));
        }
    }
}

/// Returns what a spreadsheet in German makes of a CSV: semicolons, its own truth values,
/// Windows-1252. Each device gets a name with letters that are not ASCII.
fn saved_by_a_spreadsheet(list: &str) -> Vec<u8> {
    let mut rows = csv::Reader::from_reader(list.as_bytes());
    let mut saved = csv::WriterBuilder::new().delimiter(b';').from_writer(Vec::new());
    let headers = rows.headers().unwrap().clone();
    saved.write_byte_record(headers.as_byte_record()).unwrap();
    for row in rows.records().map(Result::unwrap) {
        let cells = headers.iter().zip(&row).map(|(header, cell)| match (header, cell) {
            ("device-name", name) => {
                let byte =
                    |letter| if letter == '’' { 0x92 } else { u8::try_from(letter).unwrap() };
                name.chars().map(byte).chain(*b" B\xfcro \x96 5 \x80").collect()
            }
            (_, "true") => b"WAHR".to_vec(),
            (_, "false") => b"FALSCH".to_vec(),
            (_, cell) => cell.as_bytes().to_vec(),
        });
        saved.write_record(cells).unwrap();
    }
    saved.into_inner().unwrap()
}

#[test]
fn a_device_list_that_a_spreadsheet_saved_gives_the_same_decisions() {
    let folder = inventory();
    folder.runs("generate --devices 2000 --seed 5 --out fleet.csv");
    folder.runs("plan fleet.csv --devices list.csv");
    folder.write("saved.csv", saved_by_a_spreadsheet(&folder.read("list.csv")));
    let by = "--by platform,management,ownership,os-version";
    let counts = |file: &str| counts(&folder, &format!("{file} {by}"));
    assert_eq!(counts("saved.csv"), counts("fleet.csv"));
    let output = folder.runs("plan saved.csv --devices again.csv --format json");
    assert_eq!(json(&output)["windows-1252"][0]["texts"], 2000);
    let decided = folder.read("again.csv");
    assert_eq!(decided.matches(" Büro – 5 €").count(), 2000);
    assert_eq!(decided.replace(" Büro – 5 €", ""), folder.read("list.csv"));
}

#[cfg(unix)]
mod unix {
    use std::os::unix::fs::{PermissionsExt, symlink};
    use std::path::Path;
    use std::process::{Command, Stdio};
    use std::time::{Duration, Instant};

    use super::{Folder, code, fs, inventory, json, refused};
    use crate::{relatch, shown};

    fn mode(path: &Path) -> u32 {
        path.metadata().unwrap().permissions().mode() & 0o7777
    }

    #[test]
    fn a_new_output_obeys_the_mask_and_a_replaced_one_keeps_its_mode() {
        let folder = inventory();
        let program = env!("CARGO_BIN_EXE_relatch");
        let plan = |mask: &str| {
            let outputs = format!("--devices l{mask}.csv --out r{mask}.txt");
            let script = format!("umask {mask}; {program} plan devices.csv {outputs}");
            let mut shell = Command::new("sh");
            let status = shell.current_dir(folder.path("")).args(["-c", &script]).status();
            assert!(status.unwrap().success());
        };
        for (mask, expected) in [("077", 0o600), ("027", 0o640), ("022", 0o644)] {
            plan(mask);
            for name in [format!("l{mask}.csv"), format!("r{mask}.txt")] {
                assert_eq!(mode(&folder.path(&name)), expected, "{name}");
            }
        }
        for kept in [0o600, 0o664, 0o755] {
            let list = folder.path("list.csv");
            fs::write(&list, "old").unwrap();
            fs::set_permissions(&list, fs::Permissions::from_mode(kept)).unwrap();
            folder.runs("plan devices.csv --devices list.csv");
            assert_eq!(mode(&list), kept);
            assert_ne!(folder.read("list.csv"), "old");
        }
    }

    #[test]
    fn a_read_only_file_and_a_link_to_nothing_are_refused_and_a_link_is_followed() {
        let folder = inventory();
        fs::write(folder.path("kept.csv"), "kept").unwrap();
        fs::set_permissions(folder.path("kept.csv"), fs::Permissions::from_mode(0o444)).unwrap();
        let error = refused(&folder, "plan devices.csv --devices kept.csv");
        assert!(error.contains("cannot write `kept.csv`: the file is read-only"), "{error}");
        assert_eq!(folder.read("kept.csv"), "kept");
        symlink("nowhere.csv", folder.path("dangling.csv")).unwrap();
        let error = refused(&folder, "plan devices.csv --out dangling.csv");
        assert!(error.contains("it is a link to a file that does not exist"), "{error}");
        fs::write(folder.path("target.csv"), "old").unwrap();
        symlink("target.csv", folder.path("link.csv")).unwrap();
        folder.runs("plan devices.csv --devices link.csv");
        assert!(folder.path("link.csv").is_symlink());
        assert!(folder.read("target.csv").starts_with("device-id,"));
    }

    #[test]
    fn a_pipe_and_a_link_to_nothing_in_a_folder_are_named_and_left_out() {
        let folder = inventory();
        assert!(Command::new("mkfifo").arg(folder.path("pipe.csv")).status().unwrap().success());
        symlink("nowhere.csv", folder.path("dangling.csv")).unwrap();
        symlink("loop.csv", folder.path("loop.csv")).unwrap();
        folder.runs("plan . --by none");
        let plan = folder.shown("plan . --by none");
        assert!(plan.contains("works on 1 of 1 device in ./devices.csv"), "{plan}");
        for left_out in [
            "Left out: ./dangling.csv is a link that leads to no file.",
            "Left out: ./loop.csv is a link that leads to no file.",
            "Left out: ./pipe.csv is a pipe or a device.",
        ] {
            assert!(plan.contains(left_out), "{plan}");
        }
    }

    #[test]
    fn a_pattern_follows_no_link_to_a_folder_below_two_asterisks() {
        let folder = inventory();
        fs::create_dir_all(folder.path("exports/old")).unwrap();
        fs::rename(folder.path("devices.csv"), folder.path("exports/old/d.csv")).unwrap();
        // Two links that lead back give a trillion paths.
        symlink("..", folder.path("exports/up")).unwrap();
        symlink("../exports", folder.path("exports/again")).unwrap();
        for pattern in ["**/*.csv", "exports/**/d.csv", "exports/**/*", "exports/**", "./**/old"] {
            let plan = format!("plan {pattern} --duplicates all --format json");
            let plan = json(&folder.runs(&plan));
            let inventories = plan["inventories"].as_array().unwrap().len();
            assert_eq!((&plan["rows"], inventories), (&1.into(), 1), "{pattern}");
        }
        // A link that is named is followed.
        let plan = folder.shown("plan exports/again/**/*.csv --by none");
        assert!(plan.starts_with("exit code 0\n"), "{plan}");
        assert!(plan.contains("exports/again/old/d.csv"), "{plan}");
    }

    /// Starts a plan that has begun its list and waits for the rest of its inventory.
    fn waiting(folder: &Folder) -> std::process::Child {
        let mut command = folder.command("plan - --devices list.csv");
        command.stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::null());
        let child = command.spawn().unwrap();
        let begin = Instant::now();
        while !folder.names().iter().any(|name| name.ends_with(".unfinished")) {
            assert!(begin.elapsed() < Duration::from_secs(20), "the list is never begun");
            std::thread::sleep(Duration::from_millis(5));
        }
        child
    }

    /// Returns true if this process ignores hangups (`nohup`), as its children then are.
    fn hangups_are_ignored() -> bool {
        let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
        let ignored = status.lines().find_map(|line| line.strip_prefix("SigIgn:"));
        ignored.is_some_and(|mask| {
            u64::from_str_radix(mask.trim(), 16).is_ok_and(|mask| mask & 1 != 0)
        })
    }

    fn kill(signal: &str, child: &std::process::Child) {
        let id = child.id().to_string();
        assert!(Command::new("kill").args(["-s", signal, &id]).status().unwrap().success());
    }

    #[test]
    fn a_signal_ends_a_run_by_the_convention_and_leaves_no_file() {
        for (signal, number) in [("HUP", 1), ("INT", 2), ("TERM", 15)] {
            if signal == "HUP" && hangups_are_ignored() {
                continue;
            }
            let folder = inventory();
            let mut child = waiting(&folder);
            // The inventory does not end before the run does.
            let input = child.stdin.take();
            kill(signal, &child);
            assert_eq!(child.wait().unwrap().code(), Some(128 + number));
            drop(input);
            assert_eq!(folder.names(), ["devices.csv"]);
        }
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn a_run_that_ignores_hangups_goes_on() {
        let folder = inventory();
        let mut command = Command::new("nohup");
        command.current_dir(folder.path("")).arg(env!("CARGO_BIN_EXE_relatch"));
        command.args(["plan", "-", "--devices", "list.csv"]);
        command.stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::null());
        let mut child = command.spawn().unwrap();
        while !folder.names().iter().any(|name| name.ends_with(".unfinished")) {
            std::thread::sleep(Duration::from_millis(5));
        }
        kill("HUP", &child);
        let mut input = child.stdin.take().unwrap();
        std::io::Write::write_all(&mut input, super::PHONE.as_bytes()).unwrap();
        drop(input);
        assert!(child.wait().unwrap().success());
        assert_eq!(folder.names(), ["devices.csv", "list.csv"]);
    }

    #[test]
    fn what_a_kill_left_is_removed_by_the_next_run_and_a_running_one_is_left_alone() {
        let folder = inventory();
        let mut running = waiting(&folder);
        let of_running = folder.names()[0].clone();
        fs::write(folder.path(".relatch-old.unfinished"), "device-id").unwrap();
        let error = folder.refused("plan .relatch-old.unfinished");
        assert!(error.contains("is an unfinished output of relatch"), "{error}");
        let output = shown(&folder.runs("plan devices.csv --devices other.csv"));
        assert!(output.contains("note: removed `./.relatch-old.unfinished`"), "{output}");
        assert_eq!(folder.names(), [&of_running, "devices.csv", "other.csv"]);
        running.kill().unwrap();
        running.wait().unwrap();
        folder.runs("plan devices.csv --devices other.csv");
        assert_eq!(folder.names(), ["devices.csv", "other.csv"]);
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn help_and_reports_to_a_full_device_are_errors() {
        for arguments in ["--help", "plan --help", "--version", "policy list", "man"] {
            let full = fs::File::options().write(true).open("/dev/full").unwrap();
            let mut command = relatch();
            let output = command.args(arguments.split(' ')).stdout(full).output().unwrap();
            let error = String::from_utf8(output.stderr.clone()).unwrap();
            assert_eq!(code(&output), 3, "{arguments}: {error}");
            assert!(error.contains("hint: free disk space and retry\n"), "{arguments}: {error}");
        }
    }
}

#[test]
fn no_escape_code_goes_into_a_file() {
    let folder = inventory();
    let mut command = folder.command("plan devices.csv --out plan.txt");
    assert_eq!(code(&command.env("CLICOLOR_FORCE", "1").output().unwrap()), 0);
    assert!(!folder.read("plan.txt").contains('\x1b'));
}

// Windows has no such names of files.
#[cfg(unix)]
#[test]
fn nothing_of_a_file_acts_on_a_terminal() {
    let folder = inventory();
    let row = "2,b,\x1b[31mmad\x1b]0;title\x07\u{202e},17,S2\n3,c,\x1b[8m\n";
    fs::write(folder.path("de\x1b[8mvices.csv"), format!("{PHONE}{row}")).unwrap();
    fs::remove_file(folder.path("devices.csv")).unwrap();
    for arguments in ["plan .", "compare . --to latest", "plan . --format json", "plan no\x1b[8m"] {
        let mut command = folder.command(arguments);
        let output = command.env("CLICOLOR_FORCE", "1").output().unwrap();
        let text = String::from_utf8([output.stdout, output.stderr].concat()).unwrap();
        assert!(text.contains("\\u001b[8m"), "{arguments}: {text}");
        let ours = ["\x1b[1m", "\x1b[31m", "\x1b[0m"];
        let rest = ours.iter().fold(text.clone(), |text, code| text.replace(code, ""));
        assert!(!rest.contains(['\x1b', '\x07', '\u{202e}']), "{arguments}: {text:?}");
        assert!(!text.contains("\x1b[31mmad"), "{arguments}: {text:?}");
    }
}

#[test]
fn of_many_files_a_report_names_the_first() {
    let folder = inventory();
    for number in 0..40 {
        let phone = PHONE.replace("1,a", &format!("{number},a")).replace("S1", "");
        fs::write(folder.path(&format!("day-{number}.csv")), phone).unwrap();
        fs::write(folder.path(&format!("note-{number}.txt")), "from Monday\n").unwrap();
    }
    let plan = folder.shown("plan . --by none").replace('\\', "/");
    assert!(plan.replace('\n', " ").contains("./day-17.csv and 31 more"), "{plan}");
    assert!(plan.contains("Left out: 30 more files."), "{plan}");
}
