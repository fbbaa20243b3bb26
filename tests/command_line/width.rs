//! Text fits the terminal, with colors where they are wanted.

use insta::assert_snapshot;

use crate::{EXAMPLE, Folder, refused, relatch, run, shown};

/// The requirements of every width.
const REPORTS: [&str; 11] = [
    "plan EXAMPLE",
    "plan EXAMPLE --policy 2018-03-29 --by platform,management,ownership",
    "compare EXAMPLE --from 2018-03-29 --to latest",
    "decide --platform android --management personal-work-profile --os-version 7.1 --explain",
    "decide --platform ios",
    "policy list",
    "policy show latest",
    "policy show 2016-11-08",
    "policy diff 2018-03-29 2018-06-25",
    "simulate --fleet EXAMPLE --days 3 --repeats 2",
    "--help",
];

/// Returns what cannot be broken: an address, and a command to copy.
fn is_whole(line: &str) -> bool {
    let word = line.split_whitespace().last().unwrap_or_default();
    word.contains("://") || line.contains(": relatch ")
}

#[test]
fn no_line_is_wider_than_the_terminal_but_addresses_and_commands() {
    for width in [80, 100] {
        for report in REPORTS {
            let mut command = relatch();
            command.env("COLUMNS", width.to_string());
            let output = command.args(report.replace("EXAMPLE", EXAMPLE).split(' ')).output();
            let text = String::from_utf8(output.unwrap().stdout).unwrap();
            assert!(text.lines().count() > 5, "{report}");
            for line in text.lines().filter(|line| !is_whole(line)) {
                assert!(line.chars().count() <= width, "{report} at {width}:\n{line}");
            }
        }
    }
}

#[test]
fn reports_in_80_columns() {
    for (name, command) in [
        ("the_plan_of_the_example_in_80_columns", "plan EXAMPLE --width 80"),
        ("a_comparison_in_80_columns", "compare EXAMPLE --from 2018-03-29 --to latest --width 80"),
        ("a_policy_in_80_columns", "policy show 2018-03-29 --width 80"),
    ] {
        assert_snapshot!(name, shown(&run(command)));
    }
}

#[test]
fn the_answer_comes_in_one_screen() {
    let plan = String::from_utf8(run("plan EXAMPLE --width 80").stdout).unwrap();
    let details = plan.lines().position(|line| line == "Why, in detail").unwrap();
    assert!(details <= 31, "the first screen has {details} lines");
}

#[test]
fn the_width_is_that_of_the_option_then_of_the_variable_and_else_100() {
    let widest = |width: Option<&str>, variable: Option<&str>| {
        let mut command = relatch();
        command.args(["policy", "list"]).env_remove("COLUMNS");
        command.args(width.map(|width| format!("--width={width}")));
        command.envs(variable.map(|columns| ("COLUMNS", columns)));
        let text = String::from_utf8(command.output().unwrap().stdout).unwrap();
        text.lines().map(|line| line.chars().count()).max().unwrap()
    };
    let without_terminal = widest(None, None);
    assert!((90..=100).contains(&without_terminal), "{without_terminal}");
    assert_eq!(widest(None, Some("100")), without_terminal);
    assert_eq!(widest(None, Some("0")), without_terminal);
    assert!(widest(None, Some("60")) <= 60);
    assert!(widest(Some("70"), Some("200")) <= 70);
    refused("policy list --width 12");
}

#[test]
fn colors_come_where_they_are_wanted_and_never_into_a_file() {
    let styled = |arguments: &str| {
        let output = run(arguments);
        [output.stdout, output.stderr].concat().contains(&0x1b)
    };
    assert!(!styled("decide --platform ios"));
    assert!(styled("decide --platform ios --color always"));
    assert!(styled("--color=always decide --platform ios"));
    assert!(!styled("decide --platform ios --color never"));
    assert!(styled("decide --platform iso --color always"), "a message has colors, too");
    assert!(styled("plan --help --colour always"));
    let folder = Folder::empty();
    folder.runs("plan EXAMPLE --color always --out plan.txt");
    assert!(!folder.bytes("plan.txt").contains(&0x1b));
    refused("decide --color sometimes");
}
