use std::num::{NonZeroU32, NonZeroUsize};

use eligibility::facts::{Fact, FactName, Facts, Management, OsVersion, Platform};

use super::{
    Assumptions, Cohort, DEFAULT_ASSUMPTIONS, Ending, Forecast, InvalidAssumption, Outlook, Trait,
    Variable, Why,
};
use crate::subject::{NoModel, NotSimulated};

/// Returns the built-in assumptions with others in their place.
fn assuming(flags: &[&str]) -> Assumptions {
    let mut assumptions = Assumptions::read(DEFAULT_ASSUMPTIONS).expect("it is well-formed");
    for flag in flags {
        assumptions.assume(flag).expect("a flag that is understood");
    }
    assumptions
}

/// Facts as `platform=ios, reset-token=active`.
fn facts(text: &str) -> Facts {
    let mut facts = Facts::default();
    for (name, value) in text.split(", ").filter_map(|pair| pair.split_once('=')) {
        let fact: FactName = name.parse().expect("a fact");
        facts.set(fact, Fact::Known(fact.parse(value).expect("a value")));
    }
    facts
}

const PROFILE: &str = "platform=android, management=personal-work-profile, os-version=14, \
                       passcode-required=true, passcode-set=true, reset-token=active";
const IPHONE: &str = "platform=ios, management=device-enrollment, os-version=17.7, \
                      passcode-set=true, unlock-token=held";

/// Every user is reachable and none is odd.
const CALM: [&str; 5] = [
    "reach=in-reach",
    "habit=cooperates",
    "work-profile=on",
    "google-services=true",
    "check-in=settled",
];

fn forecast(assumptions: &Assumptions, repeats: u32) -> Forecast<'_> {
    Forecast {
        assumptions,
        seed: 7,
        repeats: NonZeroU32::new(repeats).expect("at least one"),
        days: NonZeroU32::new(30).expect("at least one"),
        threads: NonZeroUsize::MIN,
    }
}

fn cohort(text: &str, devices: u64, group: usize) -> Cohort {
    Cohort { facts: facts(text), devices, group }
}

/// Returns the results for 40 devices.
fn outlook(text: &str, flags: &[&str]) -> Outlook {
    forecast(&assuming(flags), 1).run(&[cohort(text, 40, 0)])
}

fn count(outlook: &Outlook, checkpoint: usize, ending: Ending, why: Why) -> u64 {
    outlook.count(None, checkpoint, ending, Some(why)).median
}

/// Returns everything that an inventory of the portal contains about some devices.
fn usual_fleet() -> Vec<Cohort> {
    vec![
        cohort("platform=android, management=personal-work-profile, os-version=13", 300, 0),
        cohort("platform=android, management=corporate-work-profile, os-version=8.1", 100, 0),
        cohort("platform=android, management=fully-managed, os-version=15", 100, 1),
        cohort("platform=ios, os-version=17.4.1, ownership=personal", 300, 2),
        cohort("platform=ipados, supervised=true", 111, 3),
    ]
}

#[test]
fn the_same_seed_gives_the_same_counts_on_any_number_of_threads() {
    let assumptions = assuming(&[]);
    let run = |seed, threads| {
        let threads = NonZeroUsize::new(threads).expect("at least one");
        Forecast { seed, threads, ..forecast(&assumptions, 3) }.run(&usual_fleet())
    };
    let expected = run(1, 1);
    assert_eq!(run(1, 2), expected);
    assert_eq!(run(1, 7), expected);
    assert_ne!(run(2, 1), expected);
}

#[test]
fn a_watcher_hears_of_every_life_once() {
    use std::sync::atomic::{AtomicU64, Ordering};
    let assumptions = assuming(&[]);
    let over = AtomicU64::new(0);
    let threads = NonZeroUsize::new(3).expect("at least one");
    let outlook = Forecast { threads, ..forecast(&assumptions, 4) }.run_watched(
        &usual_fleet(),
        |more, all| {
            assert_eq!(all, 4 * 911);
            over.fetch_add(more, Ordering::Relaxed);
        },
    );
    assert_eq!(over.into_inner(), 4 * 911);
    assert_eq!(outlook, forecast(&assumptions, 4).run(&usual_fleet()));
}

#[test]
fn every_device_stands_somewhere_at_every_moment_and_none_goes_back() {
    let assumptions = assuming(&[]);
    for seed in 0..4 {
        let outlook = Forecast { seed, ..forecast(&assumptions, 1) }.run(&usual_fleet());
        assert_eq!(outlook.simulated(), 911);
        let at = |checkpoint, ending| outlook.count(None, checkpoint, ending, None).median;
        for checkpoint in 0..outlook.checkpoints().len() {
            let all: u64 = Ending::ALL.iter().map(|ending| at(checkpoint, *ending)).sum();
            assert_eq!(all, 911);
            let groups: u64 = (0..4)
                .flat_map(|group| Ending::ALL.iter().map(move |ending| (group, *ending)))
                .map(|(group, ending)| outlook.count(Some(group), checkpoint, ending, None).median)
                .sum();
            assert_eq!(groups, 911);
            if checkpoint > 0 {
                assert!(at(checkpoint, Ending::Pending) <= at(checkpoint - 1, Ending::Pending));
                assert!(at(checkpoint, Ending::Done) >= at(checkpoint - 1, Ending::Done));
            }
        }
        assert!(at(0, Ending::Pending) > at(2, Ending::Pending));
    }
}

#[test]
fn more_repeats_give_wider_intervals_around_the_same_middle() {
    let assumptions = assuming(&[]);
    let done = |repeats| {
        let outlook = forecast(&assumptions, repeats).run(&usual_fleet());
        outlook.count(None, 3, Ending::Done, None)
    };
    let (one, many) = (done(1), done(30));
    assert!(one.is_one_number());
    assert!(many.low < many.median && many.median < many.high, "{many:?}");
    assert!(many.high - many.low < 120, "{many:?}");
}

#[test]
fn what_becomes_of_a_device_does_not_depend_on_those_after_it() {
    let assumptions = assuming(&[]);
    let fleet = usual_fleet();
    let counts = |cohorts: &[Cohort]| {
        let outlook = forecast(&assumptions, 3).run(cohorts);
        let of = |ending: &Ending| outlook.count(Some(0), 1, *ending, None);
        Ending::ALL.iter().map(of).collect::<Vec<_>>()
    };
    assert_eq!(counts(&fleet), counts(&fleet[..2]));
}

#[test]
fn in_reach_with_everything_in_order_it_is_done_within_the_hour() {
    for text in [PROFILE, IPHONE] {
        let outlook = outlook(text, &CALM);
        assert_eq!(
            outlook
                .drawn()
                .iter()
                .filter(|(variable, _)| { *variable == Variable::Fact(FactName::ResetToken) })
                .count(),
            0
        );
        // A restart or an empty battery may come between even then.
        assert!(count(&outlook, 0, Ending::Done, Why::CarriedOut) >= 38, "{text}");
        assert_eq!(count(&outlook, 3, Ending::Done, Why::CarriedOut), 40, "{text}");
    }
}

#[test]
fn devices_that_cannot_do_it_say_why() {
    use Ending::{Failed, NotSupported};
    for (facts, changed, ending, why) in [
        (PROFILE, "reset-token=pending", NotSupported, Why::TokenNeverActivated),
        (PROFILE, "reset-token=lost", NotSupported, Why::TokenLost),
        (PROFILE, "reset-token=absent", NotSupported, Why::NoToken),
        (PROFILE, "passcode-required=false, reset-token=absent", Failed, Why::NoPasscodeRequired),
        (PROFILE, "os-version=7.1, reset-token=absent", NotSupported, Why::NoTokenCalls),
        (IPHONE, "unlock-token=missing", Failed, Why::NoUnlockToken),
        (IPHONE, "unlock-token=stale", Failed, Why::StaleUnlockToken),
        (IPHONE, "management=user-enrollment, unlock-token=missing", NotSupported, Why::NotOffered),
    ] {
        let text = format!("{facts}, {changed}");
        let outlook = outlook(&text, &CALM);
        assert_eq!(count(&outlook, 3, ending, why), 40, "{text}: {:?}", all(&outlook));
    }
}

/// Returns the counts of the last checkpoint, for messages.
fn all(outlook: &Outlook) -> Vec<(Ending, Why, u64)> {
    let pairs = Ending::ALL.iter().flat_map(|ending| Why::ALL.iter().map(|why| (*ending, *why)));
    pairs
        .map(|(ending, why)| (ending, why, count(outlook, 3, ending, why)))
        .filter(|(_, _, devices)| *devices > 0)
        .collect()
}

#[test]
fn a_device_that_is_off_or_away_or_waits_is_pending_for_that_reason_and_done_later() {
    // On Android 14 a profile that is turned off keeps running, and is reset at once.
    let on_13 = format!("{PROFILE}, os-version=13");
    let turned_off = [CALM.as_slice(), &["work-profile=off"]].concat();
    let on_14 = outlook(&format!("{PROFILE}, os-version=14"), &turned_off);
    assert!(count(&on_14, 0, Ending::Done, Why::CarriedOut) >= 36);
    for (text, flags, why) in [
        (PROFILE, ["reach=off"].as_slice(), Why::DeviceOff),
        (IPHONE, &["reach=off"], Why::DeviceOff),
        (PROFILE, &["reach=out-of-reach"], Why::OutOfReach),
        (IPHONE, &["reach=out-of-reach"], Why::OutOfReach),
        (&on_13, &["work-profile=off"], Why::WorkProfileOff),
        (PROFILE, &["google-services=false"], Why::WaitsForCheckIn),
    ] {
        let flags: Vec<_> = CALM.iter().chain(flags).copied().collect();
        let outlook = outlook(text, &flags);
        let waiting = count(&outlook, 0, Ending::Pending, why);
        assert!(waiting >= 20, "{why:?}: {waiting}");
        assert!(count(&outlook, 1, Ending::Done, Why::CarriedOut) >= 36, "{why:?}");
    }
}

#[test]
fn what_nothing_simulates_is_counted_apart() {
    let assumptions = assuming(&[]);
    let cohorts = [
        cohort("platform=windows-phone, os-version=8.1", 3, 0),
        cohort("platform=android, management=mdm, os-version=14", 4, 0),
        cohort("platform=android, management=fully-managed, os-version=5.1", 5, 0),
        cohort(PROFILE, 6, 1),
    ];
    let outlook = forecast(&assumptions, 2).run(&cohorts);
    assert_eq!(outlook.simulated(), 6);
    let reasons: Vec<_> =
        outlook.not_simulated().iter().map(|(cohort, reason)| (cohort.devices, *reason)).collect();
    assert_eq!(
        reasons,
        [
            (3, NotSimulated::NoModel(NoModel::Platform)),
            (4, NotSimulated::NoModel(NoModel::UnnamedEnrolment)),
            (5, NotSimulated::NoModel(NoModel::OldAndroid)),
        ]
    );
    assert_eq!(outlook.count(Some(0), 0, Ending::Done, None).high, 0);
}

#[test]
fn facts_that_no_device_can_have_together_are_drawn_again() {
    let old = "platform=android, management=personal-work-profile, os-version=7.0, \
               passcode-set=true, passcode-required=true";
    let mixed = outlook(old, &["reset-token=active:3,absent:1"]);
    assert_eq!(mixed.simulated(), 40);
    assert_eq!(mixed.not_simulated(), []);
    // An assumption that no such device can meet loses none of them: it does not hold for them.
    let never = outlook(old, &["reset-token=active"]);
    assert_eq!((never.simulated(), never.not_simulated()), (40, &[][..]));
    assert_eq!(never.given(), [(Variable::Fact(FactName::ResetToken), 0)]);
}

#[test]
fn the_built_in_assumptions_can_complete_every_managed_device() {
    let assumptions = assuming(&[]);
    let apple = [Platform::Ios, Platform::Ipados, Platform::Visionos, Platform::Watchos];
    for platform in std::iter::once(Platform::Android).chain(apple) {
        let named = |mode: &&Management| !matches!(mode, Management::Mdm | Management::NotManaged);
        for mode in Management::on(platform).iter().filter(named) {
            let known = Facts {
                platform: Fact::Known(platform),
                management: Fact::Known(*mode),
                ..Facts::default()
            };
            let cohort = Cohort { facts: known, devices: 1, group: 0 };
            let outlook = forecast(&assumptions, 1).run(&[cohort]);
            assert_eq!(outlook.not_simulated(), [], "{platform} {mode}");
        }
        let known = Facts { platform: Fact::Known(platform), ..Facts::default() };
        let outlook =
            forecast(&assumptions, 1).run(&[Cohort { facts: known, devices: 9, group: 0 }]);
        assert_eq!(outlook.simulated(), 9, "{platform}");
        let drawn: Vec<_> = outlook.drawn().iter().map(|(variable, _)| *variable).collect();
        assert!(drawn.contains(&Variable::Fact(FactName::Management)), "{platform}");
        assert!(!drawn.contains(&Variable::Fact(FactName::Platform)), "{platform}");
    }
    let nothing = Cohort { facts: Facts::default(), devices: 50, group: 0 };
    assert_eq!(forecast(&assumptions, 2).run(&[nothing]).simulated(), 50);
}

#[test]
fn a_version_that_is_drawn_is_a_drawn_one() {
    let known = facts("platform=android, management=fully-managed");
    let assumptions = assuming(&["os-version=16"]);
    let mut drawn = super::variable::Drawn::of(known);
    assumptions.complete(&mut drawn, true, &mut crate::Rng::new(1, 1));
    assert_eq!(drawn.facts.os_version, Fact::Known("16".parse::<OsVersion>().expect("a version")));
    assert_eq!(drawn.choice(Trait::WorkProfile, &[false, true]), None);
    assert!(drawn.choice(Trait::Cellular, &[false, true]).is_some());
}

#[test]
fn assumptions_on_the_command_line_say_what_is_wrong_with_them() {
    let mut assumptions = assuming(&[]);
    let mut refused = |text| assumptions.assume(text).expect_err(text);
    assert_eq!(refused("habit"), InvalidAssumption::Form { text: "habit".to_owned() });
    assert_eq!(
        refused("habbit=defers"),
        InvalidAssumption::Key { key: "habbit".to_owned(), guess: Some("habit") }
    );
    let message = refused("reach=on").to_string();
    assert_eq!(message, "invalid value `on` for `reach`");
    for text in ["reach=off:-1", "reach=off:0", "reach=off:4294967295,in-reach:1", "reach=off:"] {
        assert_eq!(refused(text), InvalidAssumption::Shares { key: "reach" }, "{text}");
    }
    assert!(refused("os-version=x").to_string().contains("invalid value `x` for `os-version`"));
}

#[test]
fn all_problems_of_a_file_of_assumptions_are_reported() {
    let text = r#"
        title = "mine"
        [people]
        nights-off-in-tenn = 3
        [[draw]]
        what = "habbit"
        shares = { cooperates = 1 }
        origin = "counted"
        [[draw]]
        what = "reach"
        when = { habit = ["defers", "defrs"], colour = "red" }
        shares = { off = 0 }
        origin = "counted"
        [[draw]]
        what = "os-version"
        shares = { "eleven" = 1 }
    "#;
    let problems = Assumptions::read(text).expect_err("it has problems");
    let messages: Vec<_> =
        problems.problems().iter().map(|problem| problem.message.as_str()).collect();
    assert_eq!(
        messages,
        [
            "unknown key `nights-off-in-tenn` in the people",
            "invalid value `habbit` for `what`",
            "invalid value `defrs` for `habit`",
            "unknown key `colour` in the condition",
            "the shares of `reach` are nothing, or too much",
            "the draw has no `origin`",
            "`eleven` is no version",
        ]
    );
}

#[test]
fn every_built_in_share_counts_and_has_an_origin() {
    for (variable, shares, origin) in assuming(&[]).stated() {
        assert!(!origin.is_empty(), "{}", variable.name());
        assert!(shares.iter().all(|share| share.part > 0), "{}", variable.name());
    }
}
