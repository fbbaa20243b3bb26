//! The boundaries of the crates, checked in manifests and sources.

use std::collections::BTreeSet;
use std::path::Path;

use acceptance::{read, root};
use toml::Table;

/// The workspace crates that each crate may depend on. There are no other arrows.
const ARROWS: [(&str, &[&str]); 9] = [
    ("eligibility", &[]),
    ("inventory", &["eligibility"]),
    ("fleet", &["eligibility", "inventory"]),
    ("device-sim", &["eligibility"]),
    ("conformance", &["device-sim", "eligibility"]),
    ("synthetic-fleet", &["eligibility", "inventory"]),
    ("testkit", &["device-sim", "eligibility", "inventory"]),
    (
        "relatch",
        &["conformance", "device-sim", "eligibility", "fleet", "inventory", "synthetic-fleet"],
    ),
    ("python", &["inventory", "relatch"]),
];

fn dependencies(crate_name: &str) -> BTreeSet<String> {
    let manifest: Table =
        read(&root().join(format!("crates/{crate_name}/Cargo.toml"))).parse().unwrap();
    let table = manifest.get("dependencies").and_then(|value| value.as_table());
    table.map(|table| table.keys().cloned().collect()).unwrap_or_default()
}

#[test]
fn every_crate_depends_on_its_neighbours_only() {
    let crates: BTreeSet<String> = std::fs::read_dir(root().join("crates"))
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    let listed: BTreeSet<String> = ARROWS.iter().map(|(name, _)| (*name).to_owned()).collect();
    assert_eq!(crates, listed, "a crate without a line in this table");
    for (name, allowed) in ARROWS {
        let found: BTreeSet<_> =
            dependencies(name).into_iter().filter(|name| crates.contains(name)).collect();
        let allowed: BTreeSet<_> = allowed.iter().map(|name| (*name).to_owned()).collect();
        assert!(found.is_subset(&allowed), "{name} depends on {found:?}");
    }
}

#[test]
fn the_pure_crate_needs_almost_nothing() {
    let expected = ["chrono", "serde", "strsim", "thiserror", "toml"].map(str::to_owned);
    assert_eq!(dependencies("eligibility"), BTreeSet::from(expected));
}

/// Words that must not occur in the sources of a crate, comments apart.
const FORBIDDEN: [(&str, &[&str]); 6] = [
    (
        "eligibility",
        &[
            "std::fs",
            "std::env",
            "std::io",
            "std::net",
            "std::process",
            "std::thread",
            "std::time",
            "std::sync",
            "Utc::now",
            "Local::now",
            "HashMap",
            "HashSet",
            "println",
            "eprintln",
            "rand",
            "log::",
            "Deserialize",
            "serde_json",
        ],
    ),
    ("inventory", &["std::fs", "std::path", "std::env", "Policy", "decide", "println", "Utc::now"]),
    ("fleet", &["std::fs", "std::path", "std::env", "std::io", "println", "csv", "serde_json"]),
    (
        "device-sim",
        &[
            "std::fs",
            "std::path",
            "std::env",
            "std::net",
            "std::process",
            "std::time",
            "Utc::now",
            "Local::now",
            "HashMap",
            "HashSet",
            "f32",
            "f64",
            "println",
            "Policy::",
            "eligibility::policy",
            "eligibility::decide",
            "inventory",
            "thread_rng",
        ],
    ),
    (
        "conformance",
        &["std::fs", "std::path", "std::env", "std::time", "println", "Utc::now", "f64"],
    ),
    ("relatch", &["Platform::Android", "Platform::Ios", "Platform::Ipados", "Platform::Windows"]),
];

fn sources(folder: &Path, found: &mut Vec<(String, String)>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            sources(&path, found);
        } else if path.extension().is_some_and(|ending| ending == "rs") {
            found.push((path.display().to_string(), code_of(&read(&path))));
        }
    }
}

/// Returns the lines of a source that are neither comments nor unit tests.
fn code_of(source: &str) -> String {
    let code = source.split("#[cfg(test)]\nmod tests {").next().unwrap_or_default();
    let lines = code.lines().filter(|line| !line.trim_start().starts_with("//"));
    lines.map(|line| format!("{line}\n")).collect()
}

fn sources_of(crate_name: &str) -> Vec<(String, String)> {
    let mut found = Vec::new();
    sources(&root().join(format!("crates/{crate_name}/src")), &mut found);
    assert!(!found.is_empty(), "{crate_name} has no sources");
    found
}

#[test]
fn no_crate_names_what_it_must_not_know() {
    for (name, words) in FORBIDDEN {
        for (path, code) in sources_of(name) {
            for word in words {
                assert!(!mentions(&code, word), "{path} mentions `{word}`");
            }
        }
    }
}

/// Returns true if a word is in the code, not as a part of a longer word.
fn mentions(code: &str, word: &str) -> bool {
    let part = |c: char| c.is_alphanumeric() || c == '_';
    code.match_indices(word).any(|(at, _)| {
        let before = code[..at].chars().next_back().is_some_and(part);
        let after = code[at + word.len()..].chars().next().is_some_and(part);
        !before && !after
    })
}

#[test]
fn toml_is_read_in_one_place_of_the_pure_crate() {
    let users: Vec<_> = sources_of("eligibility")
        .into_iter()
        .filter(|(_, code)| code.contains("toml::"))
        .map(|(path, _)| path)
        .collect();
    assert_eq!(users.len(), 1, "{users:?}");
    assert!(users[0].ends_with("eligibility/src/document.rs"), "{users:?}");
}

/// Libraries that open connections, or that everything which does is built on.
const NETWORK: [&str; 12] = [
    "async-std",
    "curl",
    "hyper",
    "mio",
    "native-tls",
    "openssl",
    "quinn",
    "reqwest",
    "rustls",
    "socket2",
    "tokio",
    "ureq",
];

#[test]
fn nothing_opens_a_connection() {
    for (name, _) in ARROWS {
        for (path, code) in sources_of(name) {
            assert!(!code.contains("std::net"), "{path} mentions the network");
        }
    }
    for lock in ["Cargo.lock", "crates/python/Cargo.lock"] {
        let lock: Table = read(&root().join(lock)).parse().unwrap();
        let packages = lock["package"].as_array().expect("a list of packages");
        assert!(packages.len() > 50, "the lock file lists every package");
        for package in packages {
            let name = package["name"].as_str().expect("a package has a name");
            assert!(!NETWORK.contains(&name), "{name} is among the dependencies");
        }
    }
}

/// The crates, and the one file of them all in which `unsafe` may stand: each of its blocks says
/// why it is sound.
#[test]
fn unsafe_code_is_in_one_place_and_each_block_says_why() {
    let place = "inventory/src/bulk/x86.rs";
    for (name, _) in ARROWS {
        for (path, code) in sources_of(name) {
            assert!(!mentions(&code, "unsafe") || path.ends_with(place), "{path} has unsafe code");
        }
    }
    let text = read(&root().join("crates").join(place));
    let blocks = text.matches("unsafe {").count();
    assert!(blocks > 0, "if there is none any more, the lint can forbid it");
    assert_eq!(text.matches("// SAFETY: ").count(), blocks);
}

#[test]
fn a_forbidden_word_would_be_noticed() {
    assert!(mentions("use std::fs;", "std::fs"));
    assert!(mentions("let m = HashMap::new();", "HashMap"));
    assert!(!mentions("operand", "rand"));
    assert_eq!(code_of("// std::fs\nfn a() {}\n#[cfg(test)]\nmod tests {\nstd::fs"), "fn a() {}\n");
}
