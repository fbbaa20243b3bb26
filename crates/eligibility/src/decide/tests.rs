use super::*;
use crate::example::{device, policy};
use crate::policy::Clause;

/// Each rule of the table below is about one platform or one management mode, so that a device
/// meets exactly what its line is about.
const RULES: &str = r#"
    [[prerequisite]]
    id = "in-touch"
    holds = { management-state = ["managed", "unhealthy"], management = { not = ["not-managed"] } }
    source = "overview"

    [[rule]]
    id = "profile"
    when = { platform = "android", management = "personal-work-profile", os-version = ">=8.0" }
    then = "reset-passcode"
    scope = "work-profile"
    mechanism = "resetPasswordWithToken"
    needs = { reset-token = "active", passcode-required = true }
    source = "first bullet"

    [[rule]]
    id = "old-profile"
    when = { platform = "android", management = "personal-work-profile", os-version = "<8.0" }
    then = "reset-passcode"
    scope = "work-profile"
    mechanism = "resetPassword"
    source = "second bullet"

    [[rule]]
    id = "not-the-phone-around-it"
    when = { platform = "android", management = "personal-work-profile" }
    then = "unsupported"
    source = "third bullet"

    [[rule]]
    id = "company"
    when = { platform = "android", management = ["dedicated", "fully-managed"] }
    then = "reset-passcode"
    mechanism = "resetPasswordWithToken"
    source = "fourth bullet"

    [[rule]]
    id = "company-anew"
    when = { platform = "android", management = "fully-managed", os-version = ">=14" }
    then = "remove-passcode"
    source = "fifth bullet"

    [[rule]]
    id = "ios"
    when = { platform = "ios" }
    then = "remove-passcode"
    mechanism = "ClearPasscode"
    needs = { unlock-token = "held" }
    source = "sixth bullet"

    [[rule]]
    id = "windows"
    when = { platform = "windows" }
    then = "unsupported"
    source = "seventh bullet"
"#;

/// Returns a reason as `need-unknown profile reset-token`.
fn reason(policy: &Policy, reason: &Reason) -> String {
    let clause = reason.clause.map(|clause| policy.clause_id(clause).to_owned());
    let fact = reason.fact.map(|fact| fact.to_string());
    let words = [Some(reason.code.to_string()), clause, fact];
    words.into_iter().flatten().collect::<Vec<_>>().join(" ")
}

/// Devices, their decisions and the reasons.
const BRANCHES: &[(&str, &str, &str)] = &[
    (
        "platform android, management personal-work-profile, os-version 8.0, reset-token active, passcode-required true",
        "eligible (reset-passcode, work-profile, resetPasswordWithToken)",
        "supported profile",
    ),
    (
        "platform android, management personal-work-profile, os-version 8.0, reset-token active",
        "conditional (reset-passcode, work-profile, resetPasswordWithToken): needs \
             passcode-required",
        "need-unknown profile passcode-required",
    ),
    // A need of the work profile that fails comes before the refusal of the device.
    (
        "platform android, management personal-work-profile, os-version 8.0, reset-token absent",
        "ineligible: needs reset-token",
        "need-broken profile reset-token",
    ),
    // Two rules allow it by two mechanisms; only one of them has needs.
    (
        "platform android, management personal-work-profile, reset-token active",
        "conditional (reset-passcode, work-profile): needs passcode-required",
        "need-unknown profile passcode-required",
    ),
    (
        "platform android, management personal-work-profile, reset-token absent",
        "undetermined (missing-facts): missing os-version",
        "missing-facts os-version",
    ),
    (
        "platform android, management fully-managed, os-version 13",
        "eligible (reset-passcode, device, resetPasswordWithToken)",
        "supported company",
    ),
    (
        "platform android, management fully-managed, os-version 14",
        "undetermined (conflict)",
        "conflict company, conflict company-anew",
    ),
    (
        "platform android, management fully-managed",
        "undetermined (missing-facts): missing os-version",
        "missing-facts os-version",
    ),
    (
        "platform android, management dedicated|fully-managed, os-version 9",
        "eligible (reset-passcode, device, resetPasswordWithToken)",
        "supported company",
    ),
    (
        "platform android, management dedicated|fully-managed, os-version 15",
        "undetermined (missing-facts): missing management",
        "missing-facts management",
    ),
    (
        "platform ios",
        "conditional (remove-passcode, device, ClearPasscode): needs unlock-token",
        "need-unknown ios unlock-token",
    ),
    (
        "platform ios, unlock-token missing",
        "ineligible: needs unlock-token",
        "need-broken ios unlock-token",
    ),
    ("platform windows, os-version 10", "ineligible", "unsupported windows"),
    ("platform macos", "undetermined (no-rule-matches)", "no-rule-matches"),
    // The modes that exist depend on the platform, so the two come together.
    (
        "platform ios|windows, unlock-token held",
        "undetermined (missing-facts): missing platform, management",
        "missing-facts platform, missing-facts management",
    ),
    (
        "platform ios, unlock-token held, management not-managed",
        "ineligible",
        "prerequisite-broken in-touch management",
    ),
    (
        "platform ios, management not-managed, management-state wipe-pending",
        "ineligible",
        "prerequisite-broken in-touch management, prerequisite-broken in-touch management-state",
    ),
    // A device is presumed to be managed, without a pending wipe.
    (
        "platform ios, unlock-token held",
        "eligible (remove-passcode, device, ClearPasscode)",
        "supported ios",
    ),
];

#[test]
fn every_branch_of_a_decision_gives_its_verdict_and_its_reasons() {
    let policy = policy(RULES);
    for (facts, expected, reasons) in BRANCHES {
        let decision = decide(&policy, &device(facts));
        assert_eq!(decision.to_string(), *expected, "{facts}");
        let found = decision.headline().reasons().iter().map(|one| reason(&policy, one));
        assert_eq!(found.collect::<Vec<_>>().join(", "), *reasons, "{facts}");
    }
}

#[test]
fn a_headline_is_that_of_the_scope_that_allows_most() {
    let policy = policy(RULES);
    let facts = device("platform android, management personal-work-profile, os-version 7.0");
    let decision = decide(&policy, &facts);
    assert_eq!(decision.scope(Scope::Device).to_string(), "ineligible");
    let profile = "eligible (reset-passcode, work-profile, resetPassword)";
    assert_eq!(decision.scope(Scope::WorkProfile).to_string(), profile);
    assert_eq!(decision.headline(), decision.scope(Scope::WorkProfile));
    assert_eq!(decision.headline().rule(), Some(1));
    // A refusal at one scope says more than the silence of the other.
    let windows = decide(&policy, &device("platform windows"));
    assert_eq!(windows.scope(Scope::WorkProfile).to_string(), "undetermined (no-rule-matches)");
    assert_eq!(windows.headline(), windows.scope(Scope::Device));
}

#[test]
fn the_rule_behind_an_outcome_is_named_if_it_is_one() {
    let policy = policy(RULES);
    let of = |facts: &str| decide(&policy, &device(facts)).headline().clone();
    let company = "platform android, management fully-managed, os-version";
    assert_eq!(of(&format!("{company} 13")).rule(), Some(3));
    let conflict = of(&format!("{company} 14"));
    assert_eq!((conflict.rule(), conflict.rules().collect::<Vec<_>>()), (None, vec![3, 4]));
    let profile = of("platform android, management personal-work-profile, os-version 8.0");
    assert_eq!((profile.rule(), profile.rules().count()), (Some(0), 2), "two needs, one rule");
    assert_eq!(of("platform macos").rule(), None);
}

#[test]
fn of_two_completions_an_action_is_named_if_both_agree() {
    let policy = policy(
        r#"
        [[rule]]
        id = "phones"
        when = { platform = "ios" }
        then = "remove-passcode"
        mechanism = "ClearPasscode"
        source = "first bullet"
        [[rule]]
        id = "macs"
        when = { platform = "macos" }
        then = "reset-passcode"
        mechanism = "ClearPasscode"
        source = "second bullet"
        "#,
    );
    let either = decide(&policy, &device("platform ios|macos"));
    assert_eq!(either.to_string(), "eligible (ClearPasscode)");
    assert_eq!(either.headline().scope(), Some(Scope::Device));
    assert_eq!(either.headline().rule(), None);
}

#[test]
fn a_mode_that_no_such_device_can_have_leaves_no_need_open() {
    let policy = policy(
        r#"
        [[rule]]
        id = "every"
        when = { platform = ["ios", "windows"] }
        then = "remove-passcode"
        needs = { management = "user-enrollment" }
        source = "first bullet"
        "#,
    );
    for facts in ["platform ios", "platform ios|windows"] {
        let facts = device(&format!("{facts}, management user-enrollment|dedicated"));
        assert_eq!(decide(&policy, &facts).headline().verdict(), Verdict::Eligible);
    }
}

/// Explains a device; each clause with its truth and its tests: `ios Holds (platform Holds)`. A
/// presumption is marked with `!`.
fn explained(policy: &Policy, facts: &str) -> Vec<String> {
    let test = |one: &Tested| {
        let mark = if one.presumed { "!" } else { "" };
        format!("{} {:?}{mark}", one.condition.fact, one.truth)
    };
    let clause = |one: &Explanation| {
        let tests: Vec<_> = one.conditions.iter().chain(&one.needs).map(test).collect();
        let preceded = one.preceded_by.map(|rule| policy.clause_id(Clause::Rule(rule)));
        let preceded = preceded.map(|id| format!(" after {id}")).unwrap_or_default();
        format!("{} {:?}{preceded} ({})", policy.clause_id(one.clause), one.truth, tests.join(", "))
    };
    explain(policy, &device(facts)).iter().map(clause).collect()
}

#[test]
fn an_explanation_has_every_clause_with_its_conditions() {
    let policy = policy(
        r#"
        hit-policy = "first"
        [[prerequisite]]
        id = "not-outranked"
        holds = { management-state = ["managed", "unhealthy"] }
        source = "overview"
        [[rule]]
        id = "new"
        when = { platform = "ios", os-version = ">=17" }
        then = "unsupported"
        source = "first bullet"
        [[rule]]
        id = "owned"
        when = { platform = ["ios", "macos"], management = ["device-enrollment", "user-enrollment", "mdm"] }
        then = "remove-passcode"
        needs = { unlock-token = "held" }
        source = "second bullet"
        [[rule]]
        id = "profile"
        when = { platform = "ios" }
        then = "unsupported"
        scope = "work-profile"
        source = "third bullet"
        "#,
    );
    assert_eq!(
        explained(&policy, "platform ios, os-version 17.5, unlock-token missing"),
        [
            "not-outranked Holds (management-state Unknown!)",
            "new Holds (platform Holds, os-version Holds)",
            "owned Holds after new (platform Holds, management Unknown!, unlock-token Fails)",
            "profile Holds (platform Holds)",
        ]
    );
    // No version is presumed, and a rule that may hold precedes none.
    assert_eq!(
        explained(&policy, "platform ios, management-state wipe-pending"),
        [
            "not-outranked Fails (management-state Fails)",
            "new Unknown (platform Holds, os-version Unknown)",
            "owned Holds (platform Holds, management Unknown!, unlock-token Unknown)",
            "profile Holds (platform Holds)",
        ]
    );
    // A set excludes what is presumed otherwise, and all of its words must do.
    assert_eq!(
        explained(&policy, "platform ios|macos, os-version 16, management mdm|not-managed")[1..3],
        [
            "new Fails (platform Unknown, os-version Fails)",
            "owned Unknown (platform Holds, management Unknown, unlock-token Unknown)",
        ]
    );
}

#[test]
fn of_two_needs_the_one_that_fails_is_to_blame() {
    let policy = policy(RULES);
    let profile = "platform android, management personal-work-profile, os-version 8.0";
    let decision = decide(&policy, &device(&format!("{profile}, reset-token absent")));
    let scope = decision.scope(Scope::WorkProfile);
    assert_eq!(scope.to_string(), "ineligible: needs reset-token");
    let reasons: Vec<_> = scope.reasons().iter().map(|one| reason(&policy, one)).collect();
    assert_eq!(reasons, ["need-broken profile reset-token"]);
}

#[test]
fn where_the_first_rule_counts_a_later_one_is_neither_a_conflict_nor_a_reason() {
    let first = policy(&format!("hit-policy = \"first\"\n{RULES}"));
    let device = device("platform android, management fully-managed, os-version 14");
    let decision = decide(&first, &device);
    let reasons = decision.headline().reasons().iter().map(|one| reason(&first, one));
    assert_eq!(reasons.collect::<Vec<_>>(), ["supported company"]);
    let unique = decide(&policy(RULES), &device);
    assert_eq!(unique.headline().verdict(), Verdict::Undetermined(Cause::Conflict));
}
