//! Records that can be read, and what is wrong with others.

use eligibility::facts::{Fact, Facts, Platform};
use eligibility::policy::Reading;

use super::Explanations;
use crate::judge::DisagreementCode;

const RECORD: &str = r#"
[[disagreement]]
id      = "first"
kind    = ["promise-not-kept", "refused-but-done"]
during  = [{ to = 2018-03-29 }, { from = 2026-01-01 }]
devices = { platform = "android" }
because = """
Two
lines."""
sources = ["https://example.com/1"]

[[disagreement]]
id      = "second"
kind    = "promise-not-kept"
during  = [{ from = 2018-03-29, to = 2018-03-29 }]
reading = "intended"
devices = { platform = ["android", "ios"] }
because = "Another reason."
instead = "Something else."
sources = "https://example.com/2"
"#;

fn device(platform: Platform) -> Facts {
    Facts { platform: Fact::Known(platform), ..Facts::default() }
}

#[test]
fn the_first_record_of_the_revision_the_reading_the_kind_and_the_device_explains() {
    let record = Explanations::parse(RECORD).expect("it is well-formed");
    let find = |date: &str, reading, code, platform| {
        let date = date.parse().expect("a date");
        let found = record.of(date, reading).find(code, &device(platform));
        found.map_or("", |place| record.get(place).id.as_str())
    };
    use Platform::{Android, Ios};
    use Reading::{Intended, Literal};
    assert_eq!(find("2018-03-29", Intended, DisagreementCode::NotKept, Android), "first");
    assert_eq!(find("2018-03-29", Intended, DisagreementCode::NotKept, Ios), "second");
    assert_eq!(find("2018-03-29", Literal, DisagreementCode::NotKept, Ios), "");
    assert_eq!(find("2018-03-30", Literal, DisagreementCode::NotKept, Android), "");
    assert_eq!(find("2026-04-21", Literal, DisagreementCode::RefusedButDone, Android), "first");
    assert_eq!(find("2016-11-08", Literal, DisagreementCode::NotNeeded, Android), "");
    assert_eq!(record.get(0).because, "Two lines.");
    assert_eq!(record.get(1).instead.as_deref(), Some("Something else."));
}

#[test]
fn all_problems_of_a_record_are_reported_at_once() {
    let text = "
        [[disagreement]]
        id      = 'wrong'
        kind    = 'promise-not-keptt'
        during  = [{ form = 2018-03-29 }]
        devices = { plattform = 'android' }
        sources = []";
    let problems = Explanations::parse(text).expect_err("it is not in order");
    let messages: Vec<_> =
        problems.problems().iter().map(|problem| problem.message.as_str()).collect();
    assert_eq!(
        messages,
        [
            "the disagreement has no `because`",
            "invalid value `promise-not-keptt` for `kind`",
            "unknown key `form` in the range of revisions",
            "unknown key `plattform` in the condition",
        ]
    );
}
