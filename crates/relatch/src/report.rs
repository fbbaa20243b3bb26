//! The results of commands as plain data: made in `commands`, shown in `present`.

pub(crate) mod advice;
pub(crate) mod caution;
pub(crate) mod check;
pub(crate) mod columns;
pub(crate) mod comparison;
pub(crate) mod compiled;
pub(crate) mod decided;
pub(crate) mod exploration;
pub(crate) mod forecast;
pub(crate) mod inventories;
pub(crate) mod joined;
pub(crate) mod movement;
pub(crate) mod pages;
pub(crate) mod plan;
pub(crate) mod remedy;
pub(crate) mod rule;
pub(crate) mod simulation;
pub(crate) mod stale;
pub(crate) mod transition;
pub(crate) mod verification;
