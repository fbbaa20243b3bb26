//! What the README shows is what the program prints.

use crate::{root, run};

/// The commands of the README's `console` blocks, each with the output shown for it. A line `…`
/// stands for any number of lines.
fn examples(text: &str) -> Vec<(String, Vec<String>)> {
    let mut examples: Vec<(String, Vec<String>)> = Vec::new();
    let mut inside = false;
    for line in text.lines() {
        if line.starts_with("```") {
            inside = line == "```console";
        } else if let Some(command) = line.strip_prefix("$ ").filter(|_| inside) {
            examples.push((command.to_owned(), Vec::new()));
        } else if let Some((_, output)) = examples.last_mut().filter(|_| inside) {
            output.push(line.to_owned());
        }
    }
    examples
}

#[test]
fn every_example_of_the_readme_is_true() {
    let text = std::fs::read_to_string(root().join("README.md")).unwrap();
    let mut checked = 0;
    for (command, expected) in examples(&text) {
        let Some(arguments) = command.strip_prefix("relatch ") else { continue };
        let printed = String::from_utf8(run(arguments).stdout).unwrap();
        let mut rest = printed.as_str();
        for part in expected.join("\n").split('…').map(|part| part.trim_matches('\n')) {
            let at = rest
                .find(part)
                .unwrap_or_else(|| panic!("`{command}` does not print\n{part}\nbut\n{printed}"));
            rest = &rest[at + part.len()..];
        }
        checked += 1;
    }
    assert!(checked >= 3, "only {checked} examples were found");
}
