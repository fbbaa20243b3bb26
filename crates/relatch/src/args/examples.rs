//! The examples at the end of each help; a test runs them.

pub(super) const RELATCH: &str = "Examples:
  relatch plan devices.csv
  relatch decide --platform ios --os-version 18 --management user-enrollment

Exit codes: 0 done; 1 done, and something was found (rows or cells that were not understood, a policy \
problem); 2 the command line or an input is wrong; 3 a failure while running.";

pub(super) const PLAN: &str = "Examples:
  relatch plan devices.csv
  relatch plan 'exports/*.csv' --by ownership --devices list.csv
  relatch plan devices.csv --devices list.csv --columns 'Primary user UPN,Model'
  relatch plan devices.csv --where 'platform = [\"ios\", \"ipados\"]' --active 30d
  relatch plan devices.csv --format html --out plan.html --redact relatch.key
  relatch plan devices.csv --policy as-of:2018-05-01 --format json";

pub(super) const COMPARE: &str = "Examples:
  relatch compare last-week.csv devices.csv --devices changes.csv
  relatch compare devices.csv --from 2018-03-29 --to latest --by management
  relatch compare devices.csv --across --where 'platform = \"android\", os-version = \"<8\"'";

pub(super) const DECIDE: &str = "Examples:
  relatch decide --platform ios --os-version 18 --management user-enrollment
  relatch decide --platform android --management dedicated --passcode-required true --explain";

pub(super) const COLUMNS: &str = "Examples:
  relatch columns
  relatch columns devices.csv --format sql --dialect spark";

pub(super) const POLICY: &str = "Examples:
  relatch policy list
  relatch policy show latest";

pub(super) const LIST: &str = "Examples:
  relatch policy list
  relatch policy list --format json";

pub(super) const SHOW: &str = "Examples:
  relatch policy show latest
  relatch policy show as-of:2018-05-01 --reading intended";

pub(super) const NEW: &str = "Examples:
  relatch policy new my-policy
  relatch policy new my-policy --extends latest --out my-policy.toml";

pub(super) const EXPLAIN: &str = "Examples:
  relatch policy explain ios
  relatch policy explain work-profile-7 --policy 2018-03-29";

pub(super) const CHECK: &str = "Examples:
  relatch policy check mine.toml
  relatch policy check latest --format json";

pub(super) const DIFF: &str = "Examples:
  relatch policy diff 2018-03-29 2018-06-25
  relatch policy diff latest mine.toml --format markdown";

pub(super) const HISTORY: &str = "Examples:
  relatch policy history
  relatch policy history --format markdown";

pub(super) const TEST: &str = "Examples:
  relatch policy test mine.toml
  relatch policy test latest";

pub(super) const VERIFY: &str = "Examples:
  relatch policy verify latest
  relatch policy verify 2018-03-29 --scenarios found";

pub(super) const COMPILE: &str = "Examples:
  relatch policy compile latest --to sql --dialect spark
  relatch policy compile latest --to json --detail full";

pub(super) const FMT: &str = "Examples:
  relatch policy fmt mine.toml
  relatch policy fmt --check mine.toml";

pub(super) const POLICY_SCHEMA: &str = "Examples:
  relatch policy schema
  relatch policy schema > policy.schema.json";

pub(super) const SIMULATE: &str = "Examples:
  relatch simulate story.toml
  relatch simulate --fleet devices.csv --days 14
  relatch simulate --vocabulary";

pub(super) const EXPLORE: &str = "Examples:
  relatch explore apple-clear
  relatch explore android-token --api-level 30 --depth 4";

pub(super) const GENERATE: &str = "Examples:
  relatch generate --devices 1000 --out fleet.csv
  relatch generate --devices 50 --seed 7 --format graph --out fleet.json";

pub(super) const SCHEMA: &str = "Examples:
  relatch schema
  relatch schema plan";

pub(super) const COMPLETIONS: &str = "Examples:
  relatch completions bash > relatch.bash
  relatch completions zsh > _relatch";

pub(super) const MAN: &str = "Examples:
  relatch man plan
  relatch man --all man1";
