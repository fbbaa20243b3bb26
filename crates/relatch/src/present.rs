//! Words, tables and objects: one file for each thing that is shown in each format.

pub(crate) mod check_json;
pub(crate) mod check_text;
pub(crate) mod compare_json;
pub(crate) mod compare_text;
pub(crate) mod decide_json;
pub(crate) mod decide_text;
pub(crate) mod devices;
pub(crate) mod diagnostics;
pub(crate) mod diff;
pub(crate) mod explain_text;
pub(crate) mod explore_json;
pub(crate) mod explore_text;
pub(crate) mod outcome_json;
mod pages_json;
pub(crate) mod plan_json;
pub(crate) mod plan_text;
pub(crate) mod policy_fmt;
pub(crate) mod policy_json;
pub(crate) mod policy_schema;
pub(crate) mod policy_text;
pub(crate) mod simulate_json;
pub(crate) mod simulate_text;
pub(crate) mod table;
pub(crate) mod vocabulary;
pub(crate) mod words;
