//! Decides one device by the newest built-in page:
//! `cargo run -p eligibility --example decide_device`.

use std::error::Error;

use eligibility::builtin;
use eligibility::decide::{Decision, decide};
use eligibility::facts::{Fact, Facts, Management, Platform};
use eligibility::policy::Reading;

fn main() -> Result<(), Box<dyn Error>> {
    println!("{}", decide_work_profile("14")?);
    Ok(())
}

/// Decides a personally owned phone with a work profile; nothing else is known of it.
fn decide_work_profile(version: &str) -> Result<Decision, Box<dyn Error>> {
    let policy = builtin::latest().document().read(Reading::Literal);
    let device = Facts {
        platform: Fact::Known(Platform::Android),
        management: Fact::Known(Management::PersonalWorkProfile),
        os_version: Fact::Known(version.parse()?),
        ..Facts::default()
    };
    Ok(decide(&policy, &device))
}

#[cfg(test)]
mod tests {
    use super::*;
    use eligibility::decide::VerdictWord;

    #[test]
    fn a_work_profile_needs_its_reset_token() {
        let decision = decide_work_profile("14").expect("14 is a version");
        assert_eq!(decision.headline().verdict().word(), VerdictWord::Conditional);
        assert!(decision.headline().needs().to_string().contains("reset-token"));
        assert!(decide_work_profile("fourteen").is_err());
    }
}
