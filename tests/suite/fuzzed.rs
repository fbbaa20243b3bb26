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

/// Tests what must hold for the files of each target: for its seeds, and for changed ones.
macro_rules! targets {
    ($( $test:ident: $target:literal => $check:ident, )+) => {
        #[test]
        fn the_seeds_hold_what_the_fuzzer_tries() {
            $( seeds($target).iter().for_each(|seed| $check(seed)); )+
        }

        proptest! {
            #![proptest_config(ProptestConfig::with_cases(1024))]

            $(
                #[test]
                fn $test(file in changed($target)) {
                    $check(&file);
                }
            )+
        }
    };
}

targets! {
    changed_inventories_are_read_alike: "inventory" => inventory_is_read_alike,
    changed_facts_files_are_read_alike: "facts" => facts_are_read_alike,
    changed_packed_files_are_read_or_refused: "packed" => packed_is_read_or_refused,
    changed_policies_are_read_or_refused: "policy" => policy_is_read_or_refused,
    changed_scenarios_are_read_or_refused: "scenario" => scenario_is_read_or_refused,
    changed_settings_are_read_or_refused: "settings" => settings_are_read_or_refused,
    changed_messages_read_back: "message" => message_is_read_back,
}
