use super::*;
use crate::example::{self, ENROLLED, device, document};
use crate::facts::FactName;
use crate::policy::{Policy, Reading};

const RULES: &str = r#"
    [[rule]]
    id = "ios"
    when = { platform = "ios" }
    then = "remove-passcode"
    source = "first bullet"

    [[rule]]
    id = "ios-again"
    when = { platform = "ios", os-version = ">=17" }
    then = "remove-passcode"
    source = "second bullet"

    [[rule]]
    id = "profile"
    when = { platform = "android", management = "personal-work-profile", os-version = ">=8.0" }
    then = "reset-passcode"
    scope = "work-profile"
    needs = { reset-token = "active" }
    source = "third bullet"

    [[rule]]
    id = "company"
    when = { platform = "android", management = ["dedicated", "fully-managed"] }
    then = "reset-passcode"
    source = "fourth bullet"

    [[rule]]
    id = "company-anew"
    when = { platform = "android", management = "fully-managed", os-version = ">=14" }
    then = "unsupported"
    source = "fifth bullet"

    [[rule]]
    id = "others"
    when = { platform = { not = ["ios", "android", "macos"] } }
    then = "unsupported"
    source = "sixth bullet"
"#;

/// Returns the policy of these tables behind the prerequisite.
fn policy(tables: &str) -> Policy {
    example::policy(&format!("{ENROLLED}{tables}"))
}

fn releases() -> Releases {
    let text = "[android]\nversions = [\"14\", \"7.0\", \"8.0\", \"15\"]\nsource = \"s\"";
    Releases::parse(text).unwrap()
}

/// Returns a region and its witness.
fn shown(region: &Region) -> String {
    assert!(region.holds(region.witness()), "{region}");
    let witness = FactName::ALL.iter().filter_map(|fact| {
        let text = fact.fact_text(region.witness().get(*fact))?;
        Some(format!("{fact}={text}"))
    });
    format!("{region} ({})", witness.collect::<Vec<_>>().join(" "))
}

fn findings(check: &Check) -> Vec<String> {
    let mut lines: Vec<_> = check.gaps.iter().map(|gap| format!("gap: {}", shown(gap))).collect();
    let scopes = check.scope_gaps.iter();
    lines.extend(scopes.map(|(scope, gap)| format!("gap at {scope}: {}", shown(gap))));
    let conflicts = check.conflicts.iter();
    lines.extend(conflicts.map(|(at, rules, on)| format!("{at} {rules:?}: {}", shown(on))));
    let rules = check.rules.iter();
    lines.extend(rules.map(|(at, one)| format!("{at} {} {:?}", one.code(), one.others())));
    lines
}

#[test]
fn a_check_finds_gaps_conflicts_and_rules_without_effect_and_nothing_else() {
    let found = findings(&check(&policy(RULES), &releases()).unwrap());
    let gaps = [
        "gap: android or macos; other than personal-work-profile or fully-managed or dedicated \
         (platform=android management=device-administrator os-version=7.0)",
        "gap: personal-work-profile; <8.0 \
         (platform=android management=personal-work-profile os-version=7.0)",
        "gap at device: personal-work-profile; >=8.0 \
         (platform=android management=personal-work-profile os-version=8.0)",
        "gap at work-profile: android; fully-managed or dedicated \
         (platform=android management=fully-managed os-version=7.0)",
        "gap at work-profile: other than android or macos \
         (platform=ios management=device-enrollment os-version=0.0)",
    ];
    assert_eq!(found[..5], gaps);
    let rest = [
        "device [3, 4]: fully-managed; >=14.0 \
         (platform=android management=fully-managed os-version=14.0)",
        "1 changes-nothing [0]",
        "4 only-conflicts [3]",
    ];
    assert_eq!(found[5..], rest);
    // Where the first rule counts, the same rules stand behind others.
    let first = example::policy(&format!("hit-policy = \"first\"{ENROLLED}{RULES}"));
    let found = findings(&check(&first, &releases()).unwrap());
    assert_eq!(found[..5], gaps);
    assert_eq!(found[5..], ["1 masked [0]", "4 masked [3]"]);
}

#[test]
fn findings_that_are_accepted_are_left_out_for_just_their_devices() {
    let accepted = r#"
    [[accepted]]
    finding = "gap"
    devices = { platform = "macos" }
    because = "no passcode there"

    [[accepted]]
    finding = "conflict"
    rules = ["company", "company-anew"]
    because = "known"

    [[accepted]]
    finding = "changes-nothing"
    rules = ["ios-again"]
    because = "as the page says it"

    [[accepted]]
    finding = "masked"
    rules = ["ios-again"]
    because = "there is none"
"#;
    let document = document(&format!("{ENROLLED}{RULES}{accepted}"));
    let policy = document.read(Reading::Literal);
    let check = check_accepting(&policy, &document.accepted, &releases()).unwrap();
    let found = findings(&check);
    assert!(found[0].starts_with(
        "gap: android; other than personal-work-profile or fully-managed or dedicated ("
    ));
    assert!(found[1].starts_with("gap: personal-work-profile; <8.0 ("));
    assert_eq!(found[5..], ["4 only-conflicts [3]"]);
    assert_eq!(check.accepted.into_iter().collect::<Vec<_>>(), [0, 1, 2]);
}

#[test]
fn a_difference_has_each_change_with_a_device_that_shows_it() {
    let later = RULES
        .replace(">=8.0", ">=7.0")
        .replace("reset-token = \"active\"", "passcode-required = true");
    let changes = difference(&policy(RULES), &policy(&later), &releases()).unwrap();
    let shown = changes.iter().map(|change| format!("{change} ({})", shown(&change.region)));
    let allowed = "eligible (reset-passcode, work-profile)";
    let profile = "platform=android management=personal-work-profile";
    assert_eq!(
        shown.collect::<Vec<_>>(),
        [
            format!(
                "personal-work-profile; >=8.0: {allowed} if reset-token active -> {allowed} if \
                 passcode-required true (personal-work-profile; >=8.0 ({profile} os-version=8.0))"
            ),
            format!(
                "personal-work-profile; >=7.0, <8.0: undetermined (no rule) -> {allowed} if \
                 passcode-required true (personal-work-profile; >=7.0, <8.0 \
                 ({profile} os-version=7.0))"
            ),
        ]
    );
    assert_eq!(difference(&policy(RULES), &policy(RULES), &releases()).unwrap(), []);
}

/// Two scopes that may both allow the action, and a fact that is needed and distinguishes devices.
const BOTH_SCOPES: &str = r#"
    [[rule]]
    id = "phone"
    when = { os-version = ">5" }
    then = "remove-passcode"
    needs = { supervised = false, unlock-token = "held" }
    source = "first bullet"

    [[rule]]
    id = "profile"
    when = { os-version = ">=1" }
    then = "remove-passcode"
    scope = "work-profile"
    source = "second bullet"

    [[rule]]
    id = "old-and-supervised"
    when = { supervised = true, os-version = "<1" }
    then = "unsupported"
    source = "third bullet"
"#;

#[test]
fn a_difference_is_about_devices_that_have_what_is_needed_and_says_what_the_others_get() {
    let later = BOTH_SCOPES.replace(">5", ">=5");
    let changes = difference(&policy(BOTH_SCOPES), &policy(&later), &releases()).unwrap();
    let shown = changes.iter().map(|change| format!("{:?} {change}", change.at));
    let profile = "eligible (remove-passcode, work-profile)";
    assert_eq!(
        shown.collect::<Vec<_>>(),
        [
            format!(
                "None =5.0; supervised false: {profile} -> eligible (remove-passcode, device) if \
                 unlock-token held, else {profile}"
            ),
            "Some(Device) =5.0; supervised true: undetermined (no rule) -> ineligible".to_owned(),
        ]
    );
    // A profile that needs the same and more never comes first.
    let more = "needs = { supervised = false, unlock-token = \"held\", passcode-set = true }";
    let profile = BOTH_SCOPES
        .replace("scope = \"work-profile\"", &format!("scope = \"work-profile\"\n    {more}"));
    let without = profile.replace("os-version = \">=1\"", "os-version = \"=1\"");
    let changes = difference(&policy(&profile), &policy(&without), &releases()).unwrap();
    let of_headline = changes.iter().filter(|change| change.at.is_none());
    let regions: Vec<_> = of_headline.map(|change| change.region.to_string()).collect();
    assert_eq!(regions, [">1.0, <=5.0; supervised false", ">1.0, <=5.0; supervised true"]);
}

#[test]
fn a_rule_decides_is_contradicted_or_stands_behind_others() {
    let policy = policy(RULES);
    let regions = |rule| {
        let found = rule_regions(&policy, rule, &releases()).unwrap();
        [found.decides, found.contradicted, found.preceded]
            .map(|regions| regions.iter().map(Region::to_string).collect::<Vec<_>>())
    };
    assert_eq!(regions(1), [vec!["ios; >=17.0"], vec![], vec![]]);
    assert_eq!(
        regions(3),
        [vec!["fully-managed; <14.0", "dedicated"], vec!["fully-managed; >=14.0"], vec![]]
    );
    assert_eq!(regions(4), [vec![], vec!["fully-managed; >=14.0"], vec![]]);
}

#[test]
fn cells_that_a_device_may_be_in_are_reached() {
    let policy = policy(RULES);
    let reached = |devices: &[&str]| {
        let devices: Vec<_> = devices.iter().map(|text| device(text)).collect();
        cells_reached(&policy, &devices).unwrap()
    };
    let (none, all) = reached(&[]);
    assert_eq!((none, reached(&[""])), (0, (all, all)));
    let ios = "platform ios, management device-enrollment, os-version ";
    assert_eq!(reached(&[&format!("{ios}18")]).0, 1);
    assert_eq!(reached(&[&format!("{ios}18"), &format!("{ios}19")]).0, 1);
    assert_eq!(reached(&[&format!("{ios}18"), &format!("{ios}16")]).0, 2);
    assert_eq!(reached(&["platform ios, management device-enrollment"]).0, 2);
    assert_eq!(reached(&["platform ios, management not-managed"]).0, 0);
}
