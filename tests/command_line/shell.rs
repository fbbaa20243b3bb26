//! Help, completions and the manual page.

use insta::assert_snapshot;

use crate::{code, run, shown};

#[test]
fn the_help() {
    assert_snapshot!(shown(&run("--help")));
}

#[test]
fn the_help_of_decide_lists_every_fact() {
    assert_snapshot!(shown(&run("decide --help")));
}

#[test]
fn every_shell_gets_completions_for_every_command() {
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        let output = run(&format!("completions {shell}"));
        assert_eq!(code(&output), 0);
        let text = String::from_utf8(output.stdout).unwrap();
        for word in ["plan", "decide", "policy", "generate", "reset-token"] {
            assert!(text.contains(word), "{shell} lacks {word}");
        }
    }
}

#[test]
fn the_manual_page_covers_every_command() {
    let text = String::from_utf8(run("man").stdout).unwrap();
    assert!(text.starts_with(".ie") || text.starts_with(".TH"), "{}", &text[..40]);
    for heading in ["RELATCH PLAN", "RELATCH DECIDE", "RELATCH POLICY SHOW"] {
        assert!(text.contains(&format!(".SH COMMAND {heading}")), "{heading}");
    }
}
