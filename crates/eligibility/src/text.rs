//! The texts of results.

use std::fmt::{self, Display};

/// Implements `Serialize` for types whose serialised form is their `Display`.
macro_rules! serialize_as_text {
    ($($type:ty),+ $(,)?) => { $(
        impl serde::Serialize for $type {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(self)
            }
        }
    )+ };
}
pub(crate) use serialize_as_text;

/// Writes values with a separator between them.
pub(crate) fn write_joined<T: Display>(
    f: &mut fmt::Formatter<'_>,
    values: impl IntoIterator<Item = T>,
    separator: &str,
) -> fmt::Result {
    for (index, value) in values.into_iter().enumerate() {
        if index > 0 {
            f.write_str(separator)?;
        }
        write!(f, "{value}")?;
    }
    Ok(())
}
