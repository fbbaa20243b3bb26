//! Serialising results: most of them as the text that they display.

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
