//! Help, completions and the manual page.

use insta::assert_snapshot;

use crate::{EXAMPLE, Folder, code, refused, run, shown};

#[test]
fn helps_as_a_whole() {
    for (name, command) in
        [("the_help", "--help"), ("the_help_of_decide_lists_every_fact", "decide --help")]
    {
        assert_snapshot!(name, shown(&run(command)));
    }
}

#[test]
fn every_shell_gets_completions_for_commands_facts_and_what_is_built_in() {
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        let output = run(&format!("completions {shell}"));
        assert_eq!(code(&output), 0);
        let text = String::from_utf8(output.stdout).unwrap();
        for word in ["plan", "decide", "policy", "generate", "reset-token"] {
            assert!(text.contains(word), "{shell} lacks {word}");
        }
        // Those of PowerShell and Elvish have the names of options only.
        if matches!(shell, "bash" | "zsh" | "fish") {
            for word in ["intune-2018-03-29", "latest", "azure-ad-joined"] {
                assert!(text.contains(word), "{shell} lacks {word}");
            }
        }
        // Those of fish have no values of arguments without a name.
        if matches!(shell, "bash" | "zsh") {
            assert!(text.contains("apple-clear"), "{shell} lacks the explorations");
        }
    }
}

#[test]
fn every_command_has_a_manual_page() {
    let page = |arguments: &str| String::from_utf8(run(arguments).stdout).unwrap();
    for (arguments, title) in [
        ("man", "relatch"),
        ("man plan", "relatch-plan"),
        ("man policy show", "relatch-policy-show"),
    ] {
        let page = page(arguments);
        assert!(page.contains(&format!(".TH {title} 1")), "{arguments}:\n{page}");
        assert!(page.contains("Examples:"), "{arguments}");
    }
    let folder = Folder::empty();
    folder.runs("man --all man1");
    assert_eq!(folder.read("man1/relatch-policy-show.1"), page("man policy show"));
    let pages = std::fs::read_dir(folder.path("man1")).unwrap().count();
    assert_eq!(pages, commands().len(), "one page a command");
    refused("man policy shwo");
}

/// Returns every command, as the words after `relatch`.
fn commands() -> Vec<String> {
    let mut found = vec![String::new()];
    let mut next = 0;
    while let Some(command) = found.get(next).cloned() {
        next += 1;
        let help = String::from_utf8(run(&format!("{command} --help")).stdout).unwrap();
        let lines = help.lines().skip_while(|line| *line != "Commands:").skip(1);
        let lines = lines.take_while(|line| !line.is_empty());
        // The text of a command begins two columns after the longest name.
        let names = lines.filter_map(|line| line.strip_prefix("  ")?.split(' ').next());
        for name in names.filter(|name| !name.is_empty() && *name != "help") {
            found.push(format!("{command} {name}").trim().to_owned());
        }
    }
    found
}

#[test]
#[cfg_attr(windows, ignore = "needs a POSIX shell")]
fn every_help_has_two_examples_that_run() {
    let commands = commands();
    assert!(commands.len() >= 20, "{commands:?}");
    for command in commands {
        let help = String::from_utf8(run(&format!("{command} --help")).stdout).unwrap();
        let lines = help.lines().skip_while(|line| *line != "Examples:").skip(1);
        let examples: Vec<_> = lines.map_while(|line| line.strip_prefix("  ")).collect();
        assert!(examples.len() >= 2, "`relatch {command} --help` has {examples:?}");
        for example in examples {
            let named = example.strip_prefix("relatch ").expect("an example runs relatch");
            assert!(command.is_empty() || named.starts_with(&command), "{example}");
            runs(example);
        }
    }
}

/// Runs an example by a shell, in a folder that has the files which examples name.
fn runs(example: &str) {
    let file = |name: &str| std::fs::read(crate::root().join(name)).unwrap();
    let folder = Folder::with("devices.csv", file(EXAMPLE))
        .and("last-week.csv", file(EXAMPLE))
        .and("exports/devices.csv", file(EXAMPLE))
        .and("mine.toml", file("policies/intune/2018-06-25.toml"))
        .and("story.toml", file("scenarios/android/seed-seven.toml"));
    let program = std::path::Path::new(env!("CARGO_BIN_EXE_relatch"));
    let path = std::env::var_os("PATH").unwrap_or_default();
    let folders = program.parent().map(std::path::Path::to_owned).into_iter();
    let path = std::env::join_paths(folders.chain(std::env::split_paths(&path))).unwrap();
    let output = std::process::Command::new("sh")
        .args(["-c", example])
        .current_dir(folder.path(""))
        .env("PATH", path)
        .output()
        .expect("there is a shell");
    assert!(matches!(code(&output), 0 | 1), "{example}\n{}", shown(&output));
}

#[test]
fn what_other_programs_call_an_option_or_a_command_gets_a_hint() {
    for (line, hint) in [
        ("plan devices.csv --json", "--format json"),
        ("plan devices.csv --csv", "--devices list.csv"),
        ("policy diff a b --markdown", "--format markdown"),
        ("plan devices.csv -o plan.txt", "--out FILE"),
        ("plan devices.csv --html", "--format html"),
        ("plan devices.csv --xlsx", "--devices list.xlsx"),
        ("plan devices.csv --no-color", "--color never"),
        ("plan devices.csv --group-by platform", "--by platform"),
        ("decide --os ios", "--platform ios"),
        ("compare devices.csv --old 2018-03-29", "--from 2018-03-29"),
        ("check mine.toml", "relatch policy check"),
        ("forecast devices.csv", "relatch simulate --fleet devices.csv"),
        ("examples/quillmoor.csv", "relatch plan examples/quillmoor.csv"),
    ] {
        let output = shown(&run(line));
        assert!(output.starts_with("exit code 2"), "{line}");
        let tip = output.lines().find(|line| line.contains("tip:")).unwrap_or(&output);
        assert!(tip.contains(hint), "{line}:\n{output}");
        assert_eq!(output.matches("tip:").count(), 1, "{output}");
    }
    let without = shown(&run("policy fmt --json mine.toml"));
    assert!(!without.contains("--format"), "`fmt` has no formats: {without}");
}
