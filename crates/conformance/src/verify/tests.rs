//! Policies held against a behaviour that is a few lines long.

use device_sim::service::ActionState;
use device_sim::subject::{NotSimulated, subject};
use eligibility::analysis::Releases;
use eligibility::facts::{Fact, Facts, Management, Platform, ResetToken};
use eligibility::policy::{Mechanism, PolicyDocument, Reading, Scope};

use super::verify;
use crate::behaviour::Behaviour;
use crate::explanation::Explanations;
use crate::trial_result::{TrialResult, TrialResults};

/// Work profiles are reset by an active token from Android 8.0 on, iPhones always, and nothing
/// else ever.
fn witness(device: &Facts) -> Result<TrialResults, NotSimulated> {
    subject(device)?;
    let profile = matches!(
        device.management.known(),
        Some(Management::PersonalWorkProfile | Management::CorporateWorkProfile)
    );
    let active = device.reset_token == Fact::Known(ResetToken::Active);
    let apple = matches!(device.platform.known(), Some(Platform::Ios | Platform::Ipados));
    let (state, mechanism) = match (profile && active, apple) {
        (true, _) => (ActionState::Done, Some(Mechanism::ResetPasswordWithToken)),
        (_, true) => (ActionState::Done, Some(Mechanism::ClearPasscode)),
        _ => (ActionState::NotSupported, None),
    };
    let scope = if profile { Scope::WorkProfile } else { Scope::Device };
    let result = TrialResult { state, scope, mechanism };
    Ok(TrialResults { cooperative: result, passive: result })
}

/// Returns a policy of these rules, held against the witness: the disagreements, a line each.
fn disagreements(rules: &str) -> Vec<String> {
    let text = format!(
        "id = 'p'\ntitle = 't'\nsource = 'https://example.com'\ndocumented = 2018-03-29\n{rules}"
    );
    let (document, _) = PolicyDocument::parse(&text).unwrap_or_else(|p| panic!("{p:#?}"));
    let behaviour = Behaviour::given_by(witness);
    let (record, releases) = (Explanations::default(), Releases::default());
    let found = verify(&document, Reading::Literal, &behaviour, &record, &releases)
        .expect("the policy is small");
    let lines = found.disagreements.iter().map(|one| {
        format!("{} at {}: {}; {}", one.code.as_str(), one.scope, one.region, one.result)
    });
    lines.collect()
}

#[test]
fn a_policy_that_says_what_happens_is_not_contradicted() {
    let rules = "
        [[rule]]
        id = 'profiles'
        when = { platform = 'android', management = ['personal-work-profile', 'corporate-work-profile'], os-version = '>=8.0' }
        then = 'reset-passcode'
        scope = 'work-profile'
        mechanism = 'resetPasswordWithToken'
        needs = { reset-token = 'active' }
        source = '1'
        [[rule]]
        id = 'older'
        when = { platform = 'android', os-version = '<8.0' }
        then = 'unsupported'
        scope = 'work-profile'
        source = '2'
        [[rule]]
        id = 'ios'
        when = { platform = ['ios', 'ipados'] }
        then = 'remove-passcode'
        source = '3'";
    assert_eq!(disagreements(rules), Vec::<String>::new());
}

#[test]
fn a_floor_too_low_promises_under_a_need_that_never_holds() {
    let rules = "
        [[rule]]
        id = 'profiles'
        when = { platform = 'android', management = 'personal-work-profile', os-version = '>=7.0' }
        then = 'reset-passcode'
        scope = 'work-profile'
        needs = { reset-token = 'active' }
        source = '1'";
    assert_eq!(
        disagreements(rules),
        ["need-never-holds at work-profile: personal-work-profile; >=7.0, <8.0; notSupported"]
    );
}

#[test]
fn promises_refusals_scopes_operations_and_needs_are_each_held_to_what_happens() {
    let rules = "
        [[rule]]
        id = 'refused'
        when = { platform = 'ios' }
        then = 'unsupported'
        source = '1'
        [[rule]]
        id = 'not-kept'
        when = { platform = 'android', management = 'dedicated', os-version = '>=10' }
        then = 'reset-passcode'
        source = '2'
        [[rule]]
        id = 'otherwise'
        when = { platform = 'ipados', os-version = '26.x' }
        then = 'reset-passcode'
        mechanism = 'resetPassword'
        source = '3'
        [[rule]]
        id = 'not-needed'
        when = { platform = 'ipados', os-version = '<26.0' }
        then = 'remove-passcode'
        needs = { passcode-set = true }
        source = '4'";
    assert_eq!(
        disagreements(rules),
        [
            "promise-not-kept at device: dedicated; >=10.0; notSupported",
            "kept-in-another-way at device: ipados; >=26.0, <27.0; done (device, ClearPasscode)",
            "refused-but-done at device: ios; done (device, ClearPasscode)",
            "need-not-needed at device: ipados; <26.0; passcode-set false; done (device, ClearPasscode)",
        ]
    );
}
