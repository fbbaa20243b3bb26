//! The findings in policies, for programs.

use eligibility::cases::{Coverage, Share};
use eligibility::diagnostic::{LineStarts, Severity};
use eligibility::policy::{Reading, Scope};
use schemars::JsonSchema;
use serde::Serialize;

use crate::json::{KnownFacts, Version, Word, pretty};
use crate::report::check::{self, Checked, PolicyFinding, counts};

/// The findings in policies: `relatch policy check --format json` and `relatch policy test`.
#[derive(Serialize, JsonSchema)]
pub(crate) struct PolicyCheck<'a> {
    /// The version of this shape.
    schema: Version,
    /// The reading of the policies.
    reading: Word<Reading>,
    /// The number of errors among the findings.
    errors: usize,
    /// The number of warnings among the findings.
    warnings: usize,
    /// The policies that were checked.
    policies: Vec<CheckedPolicy<'a>>,
    /// The findings in all policies.
    findings: Vec<Finding<'a>>,
}

/// A policy that was checked.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
struct CheckedPolicy<'a> {
    /// The id or the path that was given.
    name: &'a str,
    /// The id, if the file is usable.
    id: Option<&'a str>,
    /// True if the file is a policy.
    usable: bool,
    /// The policy that is extended.
    extends: Option<&'a str>,
    /// The number of rules in the file.
    rules: usize,
    /// The number of rules that come from the policy that is extended.
    inherited_rules: usize,
    /// The number of gaps and conflicts that come from the policy that is extended; they are not
    /// among the findings.
    inherited: usize,
    /// The number of accepted findings that are met; what they name is not among the findings.
    accepted: usize,
    /// The number of cases that the policy carries.
    cases: usize,
    /// The number of classes of devices that the policy distinguishes.
    classes: usize,
    /// The devices that no rule covers at one scope, while some rule covers them at the other.
    scope_gaps: Vec<ScopeGap<'a>>,
    /// The results of the cases, one for each device; only `policy test` fills them in.
    results: Vec<CaseLine>,
    /// The part of the policy that its cases reach; only `policy test` without `--only` fills it
    /// in.
    coverage: Option<Covered>,
}

/// The result of one device of a case.
#[derive(Serialize, JsonSchema)]
struct CaseLine {
    /// The line of the case in the file, from 1.
    line: usize,
    /// The facts of the device.
    facts: KnownFacts,
    /// True if the decision is the expected one.
    passed: bool,
    /// The differences between the expected and the actual decision.
    differences: Vec<String>,
}

/// The part of a policy that its cases reach.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
struct Covered {
    /// The rules that are behind the decision of some case.
    rules: Reached,
    /// The prerequisites that are behind the decision of some case.
    prerequisites: Reached,
    /// The cells that the device of some case may be in.
    cells: Reached,
    /// The conditions in needs that hold for the device of some case.
    needs_met: Reached,
    /// The conditions in needs that fail for the device of some case.
    needs_broken: Reached,
}

/// A part of a whole.
#[derive(Serialize, JsonSchema)]
struct Reached {
    /// The number that is reached.
    reached: usize,
    /// The number of all.
    all: usize,
}

impl From<&Coverage> for Covered {
    fn from(coverage: &Coverage) -> Self {
        let part = |share: Share| Reached { reached: share.reached, all: share.all };
        Self {
            rules: part(coverage.rules),
            prerequisites: part(coverage.prerequisites),
            cells: part(coverage.cells),
            needs_met: part(coverage.needs_met),
            needs_broken: part(coverage.needs_broken),
        }
    }
}

/// Devices that no rule covers at one scope.
#[derive(Serialize, JsonSchema)]
struct ScopeGap<'a> {
    /// The scope.
    scope: Word<Scope>,
    /// The devices, as a condition.
    devices: &'a str,
    /// One of the devices.
    witness: &'a str,
}

/// A problem of a policy.
#[derive(Serialize, JsonSchema)]
struct Finding<'a> {
    /// The id or the path that was given.
    policy: &'a str,
    /// An error makes the policy unusable or contradictory.
    severity: Level,
    /// The code of the problem.
    code: &'static str,
    /// The problem in words.
    message: &'a str,
    /// The line in the file, from 1.
    line: Option<usize>,
    /// The column in the line, from 1.
    column: Option<usize>,
    /// The remedy.
    hint: Option<&'a str>,
    /// The devices concerned, as a condition.
    devices: Option<&'a str>,
    /// One of the devices.
    witness: Option<&'a str>,
    /// The rules concerned.
    rules: &'a [String],
}

/// A severity.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
enum Level {
    Error,
    Warning,
}

pub(super) fn render(checked: &[Checked], reading: Reading) -> String {
    let (errors, warnings) = counts(checked);
    let findings = checked.iter().flat_map(|one| {
        let starts = LineStarts::of(&one.text);
        one.findings.iter().map(move |found| finding(one, &starts, found))
    });
    pretty(&PolicyCheck {
        schema: Version,
        reading: Word(reading),
        errors,
        warnings,
        policies: checked.iter().map(policy).collect(),
        findings: findings.collect(),
    })
}

fn policy(one: &Checked) -> CheckedPolicy<'_> {
    let size = one.size.as_ref();
    let gaps = one.scope_gaps.iter().map(|(scope, devices, witness)| ScopeGap {
        scope: Word(*scope),
        devices,
        witness,
    });
    CheckedPolicy {
        name: &one.name,
        id: size.map(|size| size.id.as_str()),
        usable: size.is_some(),
        extends: size.and_then(|size| Some(size.base.as_ref()?.0.as_str())),
        rules: size.map_or(0, |size| size.rules),
        inherited_rules: size.and_then(|size| Some(size.base.as_ref()?.1)).unwrap_or_default(),
        inherited: one.inherited,
        accepted: one.accepted,
        cases: size.map_or(0, |size| size.cases),
        classes: size.map_or(0, |size| size.blocks),
        scope_gaps: gaps.collect(),
        results: one.cases.iter().map(case).collect(),
        coverage: one.coverage.as_ref().map(Covered::from),
    }
}

fn case(case: &check::CaseLine) -> CaseLine {
    CaseLine {
        line: case.line,
        facts: KnownFacts::of(&case.result.device),
        passed: case.result.passed(),
        differences: case.result.differences.iter().map(ToString::to_string).collect(),
    }
}

fn finding<'a>(
    one: &'a Checked,
    starts: &LineStarts<'_>,
    finding: &'a PolicyFinding,
) -> Finding<'a> {
    let position = finding.position(starts);
    let devices = finding.devices.as_ref();
    Finding {
        policy: &one.name,
        severity: match finding.diagnostic.severity {
            Severity::Error => Level::Error,
            Severity::Warning => Level::Warning,
        },
        code: finding.diagnostic.code,
        message: &finding.diagnostic.message,
        line: position.map(|(line, _)| line),
        column: position.map(|(_, column)| column),
        hint: finding.diagnostic.hint.as_deref(),
        devices: devices.map(|(devices, _)| devices.as_str()),
        witness: devices.map(|(_, witness)| witness.as_str()),
        rules: &finding.rules,
    }
}
