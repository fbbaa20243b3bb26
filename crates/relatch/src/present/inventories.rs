//! What reports say of the inventories that were read.

mod json;
mod text;

pub(super) use json::Inventories;
pub(super) use text::{duplicates, exceptions, not_understood, own_lists};
