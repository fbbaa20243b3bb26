//! The file formats that are distinguished by their content.

/// The bytes with which a Parquet file begins and ends
/// (<https://parquet.apache.org/docs/file-format/>, "File Format").
pub(crate) const PARQUET: &[u8] = b"PAR1";

/// The format that was recognised.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// The portal's export, or another CSV with Intune's column names.
    Portal,
    /// A CSV whose columns are facts.
    Tidy,
    /// The devices of Microsoft Graph in JSON.
    Graph,
    /// Apache Parquet, with the columns of any table above.
    Parquet,
}

impl Format {
    /// The number of bytes at a file's beginning that [`is_read_from_end`](Self::is_read_from_end)
    /// looks at.
    pub const BEGINNING: usize = PARQUET.len();

    /// Returns true if what begins so is read from its end, so that it must be a file and no
    /// stream.
    pub fn is_read_from_end(beginning: &[u8]) -> bool {
        cfg!(feature = "parquet") && beginning.starts_with(PARQUET)
    }

    /// Returns a name for people.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Portal => "Intune device export (CSV)",
            Self::Tidy => "tidy CSV",
            Self::Graph => "Microsoft Graph devices (JSON)",
            Self::Parquet => "Apache Parquet",
        }
    }
}
