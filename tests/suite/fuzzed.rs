//! The fuzzer's checks on its seeds and on changed ones.

use std::path::PathBuf;

use acceptance::root;
use proptest::prelude::*;
use testkit::fuzzed::{
    facts_are_read_alike, inventory_is_read_alike, message_is_read_back, packed_is_read_or_refused,
    policy_is_read_or_refused, scenario_is_read_or_refused, settings_are_read_or_refused,
};

fn seeds(target: &str) -> Vec<Vec<u8>> {
    let folder = root().join("fuzz/seeds").join(target);
    let mut paths: Vec<PathBuf> =
        std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    assert!(!paths.is_empty(), "{target} has no seeds");
    paths.iter().map(|path| std::fs::read(path).unwrap()).collect()
}

/// One change of a file.
#[derive(Clone, Debug)]
enum Change {
    Replace(prop::sample::Index, u8),
    Remove(prop::sample::Index, usize),
    Repeat(prop::sample::Index, usize),
    Insert(prop::sample::Index, Vec<u8>),
}

fn any_change() -> impl Strategy<Value = Change> {
    let place = any::<prop::sample::Index>;
    let pieces = [",", "\"", "\n", "\r\n", "{", "}", "[", "=", "\"\"", "\0", "\u{ff}"];
    let piece = prop::sample::select(pieces.to_vec());
    prop_oneof![
        (place(), any::<u8>()).prop_map(|(place, byte)| Change::Replace(place, byte)),
        (place(), 1..40_usize).prop_map(|(place, count)| Change::Remove(place, count)),
        (place(), 1..40_usize).prop_map(|(place, count)| Change::Repeat(place, count)),
        (place(), piece).prop_map(|(place, piece)| Change::Insert(place, piece.into())),
    ]
}

/// Returns a seed with some changes.
fn changed(target: &str) -> impl Strategy<Value = Vec<u8>> + use<> {
    let changes = prop::collection::vec(any_change(), 0..6);
    (prop::sample::select(seeds(target)), changes).prop_map(|(mut file, changes)| {
        for change in changes {
            let length = file.len() + 1;
            match change {
                Change::Replace(place, byte) => {
                    let at = place.index(length);
                    file.splice(at..(at + 1).min(length - 1), [byte]);
                }
                Change::Remove(place, count) => {
                    let at = place.index(length);
                    file.drain(at..(at + count).min(length - 1));
                }
                Change::Repeat(place, count) => {
                    let at = place.index(length);
                    let piece = file[at..(at + count).min(length - 1)].to_vec();
                    file.splice(at..at, piece);
                }
                Change::Insert(place, piece) => {
                    let at = place.index(length);
                    file.splice(at..at, piece);
                }
            }
        }
        file
    })
}

#[test]
fn the_seeds_hold_what_the_fuzzer_tries() {
    seeds("inventory").iter().for_each(|seed| inventory_is_read_alike(seed));
    seeds("facts").iter().for_each(|seed| facts_are_read_alike(seed));
    seeds("packed").iter().for_each(|seed| packed_is_read_or_refused(seed));
    seeds("policy").iter().for_each(|seed| policy_is_read_or_refused(seed));
    seeds("scenario").iter().for_each(|seed| scenario_is_read_or_refused(seed));
    seeds("settings").iter().for_each(|seed| settings_are_read_or_refused(seed));
    seeds("message").iter().for_each(|seed| message_is_read_back(seed));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1024))]

    #[test]
    fn changed_inventories_are_read_alike(file in changed("inventory")) {
        inventory_is_read_alike(&file);
    }

    #[test]
    fn changed_facts_files_are_read_alike(file in changed("facts")) {
        facts_are_read_alike(&file);
    }

    #[test]
    fn changed_packed_files_are_read_or_refused(file in changed("packed")) {
        packed_is_read_or_refused(&file);
    }

    #[test]
    fn changed_policies_are_read_or_refused(file in changed("policy")) {
        policy_is_read_or_refused(&file);
    }

    #[test]
    fn changed_scenarios_are_read_or_refused(file in changed("scenario")) {
        scenario_is_read_or_refused(&file);
    }

    #[test]
    fn changed_settings_are_read_or_refused(file in changed("settings")) {
        settings_are_read_or_refused(&file);
    }

    #[test]
    fn changed_messages_read_back(file in changed("message")) {
        message_is_read_back(&file);
    }
}
