//! The part of reports about the inventories that were read.

mod joined;
mod text;

pub(super) use text::{conditions, duplicates, exceptions, files, not_understood, own_lists};
