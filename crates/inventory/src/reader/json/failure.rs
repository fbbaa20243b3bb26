//! Errors of Graph, which a script may have saved where devices should be.
//!
//! Their form: <https://learn.microsoft.com/en-us/graph/errors>. Intune puts JSON into the text of
//! the message, see
//! <https://github.com/microsoftgraph/microsoft-graph-docs-contrib/issues/4523> for a whole one.

use serde_json::Value;

use crate::error::GraphError;

/// Returns the error that an object is; `None` if it is none.
pub(super) fn of(object: &[u8]) -> Option<GraphError> {
    let value: Value = serde_json::from_slice(object).ok()?;
    let error = value.get("error")?.as_object()?;
    let text = |key: &str| error.get(key).and_then(Value::as_str).unwrap_or_default();
    Some(GraphError::new(text("code"), &innermost(text("message"))))
}

/// Returns the text of a message, which may be JSON that holds it.
fn innermost(message: &str) -> String {
    let parsed = message.trim_start().starts_with('{').then(|| serde_json::from_str(message));
    let inner = parsed.and_then(|parsed: Result<Value, _>| {
        Some(parsed.ok()?.get("Message")?.as_str()?.to_owned())
    });
    inner.unwrap_or_else(|| message.to_owned())
}
