//! The stable form of policy files: keys in one order, equals signs aligned, one blank line
//! between tables; comments stay where they are.

use toml_edit::{Decor, DocumentMut, InlineTable, Item, Table, TomlError, Value};

/// The order of the keys; others keep theirs and come after.
const ORDER: [&str; 21] = [
    "id",
    "extends",
    "title",
    "finding",
    "devices",
    "rules",
    "holds",
    "facts",
    "when",
    "then",
    "reading",
    "scope",
    "expect",
    "rule",
    "action",
    "mechanism",
    "needs",
    "source",
    "intended",
    "intended-because",
    "because",
];

/// A key so long that aligning to it would push all others away.
const UNALIGNED: &str = "intended-because";

/// Returns the text in its stable form.
///
/// # Errors
///
/// The text is no TOML.
pub(crate) fn format(text: &str) -> Result<String, TomlError> {
    let mut document: DocumentMut = text.parse()?;
    arrange(document.as_table_mut());
    for name in ["accepted", "prerequisite", "rule", "case"] {
        let tables = document.get_mut(name).and_then(Item::as_array_of_tables_mut);
        for table in tables.into_iter().flat_map(|tables| tables.iter_mut()) {
            one_blank_line_before(table.decor_mut());
            arrange(table);
        }
    }
    Ok(document.to_string().trim_end().to_owned() + "\n")
}

/// Sorts and aligns the entries of a table. The text before the first key, such as the
/// comment at the head of a file, stays at the head.
fn arrange(table: &mut Table) {
    let head = take_prefix(table);
    table.sort_values_by(|one, _, other, _| place(one.get()).cmp(&place(other.get())));
    let names: Vec<String> =
        table.iter().filter(|(_, item)| item.is_value()).map(|(name, _)| name.to_owned()).collect();
    let aligned = names.iter().filter(|name| *name != UNALIGNED);
    let width = aligned.map(String::len).max().unwrap_or_default();
    for name in &names {
        if let Some(mut key) = table.key_mut(name) {
            let padding = width.saturating_sub(name.len()) + 1;
            key.leaf_decor_mut().set_suffix(" ".repeat(padding));
        }
        if let Some(value) = table.get_mut(name).and_then(Item::as_value_mut) {
            plain(value);
            let comment = value.decor().suffix().and_then(|suffix| suffix.as_str());
            let comment = comment.map(str::trim).unwrap_or_default().to_owned();
            let suffix = if comment.is_empty() { comment } else { format!(" {comment}") };
            *value.decor_mut() = Decor::new(" ", suffix);
        }
    }
    if let (Some(first), Some(head)) = (names.first(), head)
        && let Some(mut key) = table.key_mut(first)
    {
        key.leaf_decor_mut().set_prefix(head);
    }
}

/// Returns the text before the first key, taken away from it.
fn take_prefix(table: &mut Table) -> Option<String> {
    let first = table.iter().find(|(_, item)| item.is_value())?.0.to_owned();
    let mut key = table.key_mut(&first)?;
    let prefix = key.leaf_decor().prefix().and_then(|prefix| prefix.as_str()).map(str::to_owned);
    key.leaf_decor_mut().set_prefix("");
    prefix
}

fn place(key: &str) -> usize {
    ORDER.iter().position(|known| *known == key).unwrap_or(ORDER.len())
}

/// Gives a value on one line its usual spaces; one that spans lines is its writer's work.
fn plain(value: &mut Value) {
    if value.to_string().trim().contains('\n') {
        return;
    }
    match value {
        Value::InlineTable(table) => plain_table(table),
        Value::Array(array) => {
            for (index, item) in array.iter_mut().enumerate() {
                plain(item);
                *item.decor_mut() = Decor::new(if index == 0 { "" } else { " " }, "");
            }
            array.set_trailing("");
            array.set_trailing_comma(false);
        }
        _ => {}
    }
}

fn plain_table(table: &mut InlineTable) {
    let last = table.len().saturating_sub(1);
    for (index, (mut key, value)) in table.iter_mut().enumerate() {
        *key.leaf_decor_mut() = Decor::new(" ", " ");
        plain(value);
        *value.decor_mut() = Decor::new(" ", if index == last { " " } else { "" });
    }
}

/// Puts one blank line before a table; its comment stays directly above it.
fn one_blank_line_before(decor: &mut Decor) {
    let prefix = decor.prefix().and_then(|prefix| prefix.as_str()).unwrap_or_default();
    let comment = prefix.trim_start_matches(['\n', '\r', ' ']).to_owned();
    decor.set_prefix(format!("\n{comment}"));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_ordered_and_aligned_and_comments_stay() {
        let untidy = "# The head.\n\ntitle='T'\nid  =  \"p\" # name\n\n\n\n# About the rule.\n[[rule]]\n\
            then=\"unsupported\"\n# Which devices.\nwhen={platform=[\"ios\",\"ipados\",],os-version=\">=1\"}\nid=\"r\"\n";
        let tidy = "# The head.\n\nid    = \"p\" # name\ntitle = 'T'\n\n# About the rule.\n[[rule]]\n\
            id   = \"r\"\n# Which devices.\nwhen = { platform = [\"ios\", \"ipados\"], os-version = \">=1\" }\n\
            then = \"unsupported\"\n";
        assert_eq!(format(untidy).unwrap(), tidy);
        assert_eq!(format(tidy).unwrap(), tidy);
    }
}
