//! The findings in policies, for programs.

use eligibility::diagnostic::Severity;
use eligibility::policy::Reading;
use serde::Serialize;

use crate::present::json::pretty;
use crate::report::check::{Checked, PolicyFinding, counts};

#[derive(Serialize)]
struct CheckObject<'a> {
    schema: u32,
    reading: &'static str,
    errors: usize,
    warnings: usize,
    policies: Vec<PolicyObject<'a>>,
    findings: Vec<FindingObject<'a>>,
}

#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
struct PolicyObject<'a> {
    name: &'a str,
    id: Option<&'a str>,
    usable: bool,
    rules: usize,
    cases: usize,
    pieces: usize,
    scope_holes: Vec<ScopeHole<'a>>,
}

#[derive(Serialize)]
struct ScopeHole<'a> {
    scope: &'static str,
    devices: &'a str,
    witness: &'a str,
}

#[derive(Serialize)]
struct FindingObject<'a> {
    policy: &'a str,
    severity: &'static str,
    code: &'static str,
    message: &'a str,
    line: Option<usize>,
    column: Option<usize>,
    hint: Option<&'a str>,
    devices: Option<&'a str>,
    witness: Option<&'a str>,
    rules: &'a [String],
}

pub(super) fn render(checked: &[Checked], reading: Reading) -> String {
    let (errors, warnings) = counts(checked);
    let findings =
        checked.iter().flat_map(|one| one.findings.iter().map(|found| finding(one, found)));
    pretty(&CheckObject {
        schema: 1,
        reading: reading.as_str(),
        errors,
        warnings,
        policies: checked.iter().map(policy).collect(),
        findings: findings.collect(),
    })
}

fn policy(one: &Checked) -> PolicyObject<'_> {
    let size = one.size.as_ref();
    let scope_holes = one.scope_holes.iter().map(|(scope, devices, witness)| ScopeHole {
        scope: scope.as_str(),
        devices,
        witness,
    });
    PolicyObject {
        name: &one.name,
        id: size.map(|size| size.id.as_str()),
        usable: size.is_some(),
        rules: size.map_or(0, |size| size.rules),
        cases: size.map_or(0, |size| size.cases),
        pieces: size.map_or(0, |size| size.boxes),
        scope_holes: scope_holes.collect(),
    }
}

fn finding<'a>(one: &'a Checked, finding: &'a PolicyFinding) -> FindingObject<'a> {
    let position = finding.position(&one.text);
    let devices = finding.devices.as_ref();
    FindingObject {
        policy: &one.name,
        severity: match finding.diagnostic.severity {
            Severity::Error => "error",
            Severity::Warning => "warning",
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
