//! The types of the values of a column, and how they are written as a cell of a table.
//!
//! Source: <https://github.com/apache/parquet-format/blob/master/LogicalTypes.md>.

use std::fmt::Write;

use chrono::{DateTime, NaiveDate, NaiveDateTime, TimeDelta};
use parquet::basic::{ConvertedType, LogicalType, TimeUnit, Type as Physical};
use parquet::schema::types::Type;

/// The type of the values of a column that can be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum ColumnType {
    /// Texts; `declared` if the file promises that they are UTF-8.
    Text { declared: bool },
    /// Identifiers of 16 bytes.
    Uuid,
    /// `true` or `false`.
    Boolean,
    /// Numbers of 32 or 64 bits, with a sign or without.
    Integer { wide: bool, signed: bool },
    /// Days from 1970 on.
    Date,
    /// Timestamps since 1970, in a fraction of a second.
    Timestamp { per_second: i64 },
    /// Moments as Spark and Impala used to write them: nanoseconds of a Julian day.
    Int96,
}

impl ColumnType {
    /// Returns the type of a column; the name of its type if it cannot be read.
    pub(super) fn of(column: &Type) -> Result<Self, String> {
        if column.is_group() {
            return Err("lists or structures".to_owned());
        }
        let info = column.get_basic_info();
        let (logical, converted) = (info.logical_type_ref(), info.converted_type());
        let physical = column.get_physical_type();
        let unreadable = || match logical {
            Some(logical) => format!("values of the type {physical}, {logical:?}"),
            None if converted != ConvertedType::NONE => {
                format!("values of the type {physical}, {converted}")
            }
            None => format!("values of the type {physical}"),
        };
        let column_type = match physical {
            Physical::BYTE_ARRAY => text(logical, converted),
            Physical::FIXED_LEN_BYTE_ARRAY => {
                matches!(logical, Some(LogicalType::Uuid)).then_some(Self::Uuid)
            }
            Physical::BOOLEAN => Some(Self::Boolean),
            Physical::INT32 => number(logical, converted, false),
            Physical::INT64 => number(logical, converted, true),
            Physical::INT96 => Some(Self::Int96),
            Physical::FLOAT | Physical::DOUBLE => None,
        };
        column_type.ok_or_else(unreadable)
    }

    /// By how much the numbers of moments grow in a day.
    pub(super) fn per_day(self) -> Option<i64> {
        match self {
            Self::Date => Some(1),
            Self::Timestamp { per_second } => Some(86_400 * per_second),
            Self::Int96 => Some(86_400_000_000),
            _ => None,
        }
    }

    /// Returns a number of the column as a cell has it.
    pub(super) fn say(self, number: i64) -> String {
        let days = |days| {
            let first = NaiveDate::default();
            TimeDelta::try_days(days).and_then(|days| first.checked_add_signed(days))
        };
        let said = match self {
            Self::Boolean => Some((number != 0).to_string()),
            Self::Integer { signed: false, .. } => Some(number.cast_unsigned().to_string()),
            Self::Date => days(number).map(|day| day.to_string()),
            Self::Timestamp { per_second } => {
                timestamp(number, per_second).map(|timestamp| timestamp.to_string())
            }
            Self::Int96 => timestamp(number, 1_000_000).map(|timestamp| timestamp.to_string()),
            Self::Text { .. } | Self::Uuid | Self::Integer { .. } => None,
        };
        said.unwrap_or_else(|| number.to_string())
    }
}

fn text(logical: Option<&LogicalType>, converted: ConvertedType) -> Option<ColumnType> {
    match (logical, converted) {
        (Some(LogicalType::String | LogicalType::Enum | LogicalType::Json), _)
        | (None, ConvertedType::UTF8 | ConvertedType::ENUM | ConvertedType::JSON) => {
            Some(ColumnType::Text { declared: true })
        }
        // A column whose values are all null, so that its writer knew no type.
        (None, ConvertedType::NONE) | (Some(LogicalType::Unknown), _) => {
            Some(ColumnType::Text { declared: false })
        }
        _ => None,
    }
}

fn number(
    logical: Option<&LogicalType>,
    converted: ConvertedType,
    wide: bool,
) -> Option<ColumnType> {
    use ConvertedType as C;
    let per_second = |unit: &TimeUnit| match unit {
        TimeUnit::MILLIS => 1000,
        TimeUnit::MICROS => 1_000_000,
        TimeUnit::NANOS => 1_000_000_000,
    };
    Some(match (logical, converted) {
        // Of an unknown type are columns whose values are all null.
        (Some(LogicalType::Unknown), _)
        | (None, C::NONE | C::INT_8 | C::INT_16 | C::INT_32 | C::INT_64) => {
            ColumnType::Integer { wide, signed: true }
        }
        (None, C::UINT_8 | C::UINT_16 | C::UINT_32 | C::UINT_64) => {
            ColumnType::Integer { wide, signed: false }
        }
        (Some(LogicalType::Integer(number)), _) => {
            ColumnType::Integer { wide, signed: number.is_signed }
        }
        (Some(LogicalType::Date), _) | (None, C::DATE) if !wide => ColumnType::Date,
        (Some(LogicalType::Timestamp(time)), _) if wide => {
            ColumnType::Timestamp { per_second: per_second(&time.unit) }
        }
        (None, C::TIMESTAMP_MILLIS) if wide => ColumnType::Timestamp { per_second: 1000 },
        (None, C::TIMESTAMP_MICROS) if wide => ColumnType::Timestamp { per_second: 1_000_000 },
        _ => return None,
    })
}

fn timestamp(number: i64, per_second: i64) -> Option<NaiveDateTime> {
    let (seconds, rest) = (number.div_euclid(per_second), number.rem_euclid(per_second));
    let nanoseconds = u32::try_from(rest * (1_000_000_000 / per_second)).ok()?;
    DateTime::from_timestamp(seconds, nanoseconds).map(|timestamp| timestamp.naive_utc())
}

/// Returns the microseconds from 1970 on of an old moment: eight bytes of nanoseconds, four of the
/// day.
pub(super) fn int96(bytes: [u8; 12]) -> i64 {
    /// The Julian day on which 1970 began.
    const FIRST_DAY: i64 = 2_440_588;
    let (nanoseconds, day) = bytes.split_at(8);
    let nanoseconds = i64::from_le_bytes(*nanoseconds.first_chunk().expect("there are eight"));
    let day = i32::from_le_bytes(*day.first_chunk().expect("there are four"));
    let begin = (i64::from(day) - FIRST_DAY).saturating_mul(86_400_000_000);
    begin.saturating_add(nanoseconds / 1000)
}

/// Returns an identifier as a text of 36 letters.
pub(super) fn uuid(bytes: &[u8; 16]) -> String {
    let mut text = String::with_capacity(36);
    for (index, byte) in bytes.iter().enumerate() {
        if matches!(index, 4 | 6 | 8 | 10) {
            text.push('-');
        }
        write!(text, "{byte:02x}").expect("a string takes any text");
    }
    text
}
