//! The keys of devices, found without making texts of their cells.
//!
//! [`DeviceKey`] alone defines what a key is. This module recognises GUIDs and short ids, whose
//! keys are known beforehand; any other cell is handed on.

use super::column_plan::{ColumnPlan, unquoted};
use super::fixed_width::masked_head;
use super::lookup::Rows;
use crate::batch::Batch;
use crate::device_key::{DeviceKey, GUID};
use crate::reader::western::decoded;

/// The longest other id that is hashed in place.
const SHORT: usize = 16;

/// Adds the key of each row, none if the file has no column for it.
#[inline(always)]
pub(super) fn add(rows: Rows<'_>, plan: &ColumnPlan, batch: &mut Batch) {
    let before = batch.device_keys.len();
    let mut by_id = 0;
    match (plan.id, plan.serial_number) {
        (Some(id), serial_number) => {
            for (row, (start, end)) in rows.spans(id, id).enumerate() {
                let key = of_id(rows.buffer, start, end);
                let key = match key {
                    Some(key) => {
                        by_id += 1;
                        Some(key)
                    }
                    None => {
                        let key = DeviceKey::of_id(&text(&rows.buffer[start..end]));
                        by_id += u64::from(key.is_some());
                        key.or_else(|| of_serial_number(rows, row, serial_number))
                    }
                };
                batch.device_keys.push(key);
            }
        }
        (None, Some(_)) => {
            let keys = (0..rows.count).map(|row| of_serial_number(rows, row, plan.serial_number));
            batch.device_keys.extend(keys);
        }
        // Then keys are not projected.
        (None, None) => {}
    }
    let none = batch.device_keys[before..].iter().filter(|key| key.is_none()).count() as u64;
    batch.keyed.device_id += by_id;
    batch.keyed.none += none;
    batch.keyed.serial_number += rows.count as u64 - by_id - none;
}

/// Returns the key of an id that is a GUID, or short with a digit other than zero; at least
/// [`MARGIN`](super::fixed_width::MARGIN) bytes follow its beginning.
#[inline(always)]
fn of_id(buffer: &[u8], start: usize, end: usize) -> Option<DeviceKey> {
    let length = end - start;
    if length == GUID {
        return DeviceKey::of_guid(buffer[start..].first_chunk()?);
    }
    if length == GUID + 2 && buffer[start] == b'"' && buffer[end - 1] == b'"' {
        return DeviceKey::of_guid(buffer[start + 1..].first_chunk()?);
    }
    let text = &buffer[start..end];
    let plain = length <= SHORT && text.iter().all(u8::is_ascii_alphanumeric);
    if !plain || !text.iter().any(|byte| matches!(byte, b'1'..=b'9')) {
        return None;
    }
    let words = masked_head(buffer, start, length);
    Some(DeviceKey::of_short_id(words.into_iter().take(length.div_ceil(8)), length))
}

/// Adds the key of the serial number of each row.
pub(super) fn add_serial_numbers(rows: Rows<'_>, plan: &ColumnPlan, batch: &mut Batch) {
    let keys = (0..rows.count).map(|row| of_serial_number(rows, row, plan.serial_number));
    batch.serial_numbers.extend(keys);
}

fn of_serial_number(rows: Rows<'_>, row: usize, column: Option<usize>) -> Option<DeviceKey> {
    let cell = rows.cell(row, column?)?;
    DeviceKey::of_serial_number(&text(&cell.buffer[cell.start..cell.end]))
}

/// Returns the text of a cell, perhaps in quotes.
#[cold]
fn text(cell: &[u8]) -> String {
    decoded(&unquoted(cell)).into_owned()
}
