//! What commands find out, as plain data: made in `commands`, shown in `present`.

pub(crate) mod check;
pub(crate) mod comparison;
pub(crate) mod exploration;
pub(crate) mod forecast;
pub(crate) mod intake;
pub(crate) mod plan;
pub(crate) mod silence;
pub(crate) mod simulation;
pub(crate) mod transition;
pub(crate) mod verification;
