use std::convert::Infallible;
use std::num::NonZero;

use super::*;
use crate::columns::Purpose;
use crate::inventory::Inventory;

/// Returns the platform, mode and reset token of each device.
struct Devices;

impl Sink for Devices {
    type Local = ();
    type Partial = Vec<String>;

    fn projection(&self) -> Projection {
        Projection { facts: FactName::ALL.iter().copied().collect(), ..Projection::default() }
    }

    fn local(&self) {}

    fn partial(&self) -> Vec<String> {
        Vec::new()
    }

    fn consume(&self, (): &mut (), partial: &mut Vec<String>, batch: &mut Batch) {
        partial.extend((0..batch.len()).map(|row| {
            let facts = batch.facts(row);
            let known = [FactName::Platform, FactName::Management, FactName::ResetToken];
            let known = known.iter().filter_map(|fact| fact.fact_text(facts.get(*fact)));
            known.collect::<Vec<_>>().join(" ")
        }));
    }
}

const ONE: NonZero<usize> = NonZero::<usize>::MIN;

/// Returns the facts of devices with what files say of them, and the outcome of each row of the
/// files, with its key.
fn joined(inventory: &str, files: &[&str]) -> (Vec<String>, Vec<Vec<String>>) {
    let (mut tables, mut keys) = (Vec::new(), Vec::new());
    for file in files {
        let file = Inventory::open_for(Purpose::Facts, file.as_bytes()).unwrap();
        let mut table = FactsTable::new(&file).unwrap();
        let mut texts = Vec::new();
        let read = file.read(ONE, &table.sink_with_texts(), |chunk| {
            table.add(&chunk.partial);
            texts.extend(chunk.partial.keys().map(|(_, key, text)| (key, text.to_owned())));
            Ok::<(), Infallible>(())
        });
        read.unwrap();
        tables.push(table);
        keys.push(texts);
    }
    let mut held = Held::default();
    let inventory = || Inventory::open(inventory.as_bytes()).unwrap();
    if Holders::needed(&tables) {
        let read = inventory().read(ONE, &Holders::new(&tables), |chunk| {
            held.add(chunk.partial);
            Ok::<(), Infallible>(())
        });
        read.unwrap();
    }
    held.finish(&mut tables);
    let (mut devices, mut all) = (Vec::new(), JoinedFacts::of(&tables));
    let read = inventory().read(ONE, &Joining::new(&Devices, &tables), |chunk| {
        devices.extend(chunk.partial.0);
        JoinedFacts::add(&mut all, chunk.partial.1);
        Ok::<(), Infallible>(())
    });
    read.unwrap();
    let mut outcomes = Vec::new();
    for ((joined, table), keys) in all.iter().zip(&tables).zip(keys) {
        let outcome = |(key, text): &(Option<DeviceKey>, String)| {
            let outcome = match joined.outcome(table, *key) {
                Joined::Device(against) => {
                    let against = against.iter().map(|(fact, other)| {
                        format!("{fact}/{}", fact.fact_text(*other).unwrap_or_default())
                    });
                    format!("joined {}", against.collect::<Vec<_>>().join(" "))
                }
                Joined::NoKey => "no key".to_owned(),
                Joined::NoDevice => "no device".to_owned(),
                Joined::SeveralDevices => "several devices".to_owned(),
            };
            let own = JoinedFacts::contradictory(table, *key);
            let own: Vec<_> = own.iter().map(FactName::as_str).collect();
            format!("{text}: {outcome} {}", own.join(" ")).trim().to_owned()
        };
        let mut said: Vec<_> = keys.iter().map(outcome).collect();
        let counts = [
            joined.matched(table),
            JoinedFacts::ambiguous(table),
            joined.contradictions(),
            table.rows(),
            table.no_key(),
            table.repeated(),
            table.contradictory(),
        ];
        said.push(counts.map(|count| count.to_string()).join(" "));
        outcomes.push(said);
    }
    (devices, outcomes)
}

#[test]
fn files_are_joined_to_devices_by_their_keys() {
    let inventory = "Device ID,Device name,Serial number,OS,reset-token\n\
        1,a,s1,iOS/iPadOS,\n2,b,s2,Linux,lost\n3,b,,Android,\n4,c,s3,Android (dedicated),active\n\
        4,c,s3,Android (dedicated),\n,,s4,Windows,\n5,e,s4,macOS,\n,d,,Windows,\n,d,,Windows,\n";
    for (files, expected, said) in [
        (
            &[
                "Device ID,reset-token\n1,active\n9,lost\n,lost\n2,active\n1,active\n3,lost\n3,active\n",
            ][..],
            "ios active, linux active|lost, android active|lost, android dedicated active, android dedicated, windows, macos, windows, windows",
            &[
                "1: joined, 9: no device, : no key, 2: joined reset-token/lost, 1: joined, 3: joined  reset-token, 3: joined  reset-token, 5 0 1 7 1 2 1",
            ][..],
        ),
        (
            &[
                "Device ID,platform,management\n1,ipados,shared-ipad\n2,android,dedicated\n3,,dedicated\n4,windows,\n5,,shared-ipad\n",
            ],
            "ipados shared-ipad, android|linux dedicated lost, android dedicated, android|windows dedicated active, android|windows dedicated, windows, macos, windows, windows",
            &[
                "1: joined, 2: joined platform/linux, 3: joined, 4: joined platform/android, 5: joined management/, 5 0 3 5 0 0 0",
            ],
        ),
        (
            &["Device name,reset-token\na,active\nb,lost\nc,lost\nd,lost\nz,lost\n"],
            "ios active, linux lost, android, android dedicated active|lost, android dedicated lost, windows, macos, windows, windows",
            &[
                "a: joined, b: several devices, c: joined reset-token/active, d: several devices, z: no device, 2 2 1 5 0 0 0",
            ],
        ),
        (
            // A blank id leaves it to the next key, and a device may have a row by either.
            &[
                "Device ID,Serial number,reset-token\n,s1,active\n2,x,pending|lost\n,S2,lost\n,,lost\n9,s3,lost\n,s4,lost\n",
            ],
            "ios active, linux lost, android, android dedicated active, android dedicated, windows, macos, windows, windows",
            &[
                "s1: joined, 2: joined, S2: joined, : no key, 9: no device, s4: several devices, 3 1 0 6 1 0 0",
            ],
        ),
        (
            &["Device name,Serial number,reset-token\nb,s2,lost\na,,active\nb,,lost\n"],
            "ios active, linux lost, android, android dedicated active, android dedicated, windows, macos, windows, windows",
            &["s2: joined, a: joined, b: several devices, 2 1 0 3 0 0 0"],
        ),
        (
            &[
                "Serial number,reset-token\ns1,active\ns2,lost|active\nS3,lost\ns4,lost\nunknown,lost\n",
            ],
            "ios active, linux lost, android, android dedicated active|lost, android dedicated lost, windows, macos, windows, windows",
            &[
                "s1: joined, s2: joined, S3: joined reset-token/active, s4: several devices, unknown: no key, 3 1 1 5 1 0 0",
            ],
        ),
        (
            &[
                "Device ID,reset-token\n1,active\n3,lost\n4,pending\n",
                "Device name,reset-token\na,lost\nc,active\n",
                "Serial,reset-token,platform\ns1,lost|active,ios\n",
            ],
            "ios active|lost, linux lost, android lost, android dedicated pending|active, android dedicated pending|active, windows, macos, windows, windows",
            &[
                "1: joined reset-token/lost, 3: joined, 4: joined reset-token/active, 3 0 2 3 0 0 0",
                "a: joined reset-token/active, c: joined reset-token/pending, 2 0 2 2 0 0 0",
                "s1: joined reset-token/, 1 0 1 1 0 0 0",
            ],
        ),
    ] {
        let (devices, outcomes) = joined(inventory, files);
        let outcomes: Vec<_> = outcomes.iter().map(|said| said.join(", ")).collect();
        assert_eq!(
            (devices.join(", "), outcomes),
            (expected.to_owned(), said.iter().map(|said| (*said).to_owned()).collect()),
            "{files:?}"
        );
    }
}
