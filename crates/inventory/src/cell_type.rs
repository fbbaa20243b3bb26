//! The types of the columns of a table that is written.

/// The type of the cells of a column, which are given as texts.
///
/// Source: <https://github.com/apache/parquet-format/blob/master/LogicalTypes.md>.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CellType {
    /// A text.
    Text,
    /// A list of the words of a text, without a word if it is blank.
    Words,
    /// A truth value: `true` or `false`.
    Boolean,
    /// A whole number of 64 bits.
    Integer,
    /// A moment in UTC to the millisecond, such as `2026-09-01T07:49:12Z`.
    Timestamp,
}
