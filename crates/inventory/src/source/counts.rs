//! Columns of counts, as queries and pivot tables have them.
//!
//! A row of such a table represents many devices, so a plan that counted it once would be wrong.
//! The names are those of Kusto's aggregations, whose default is `count_` and `dcount_…`
//! (<https://learn.microsoft.com/en-us/kusto/query/summarize-operator>), of PowerShell's
//! `Group-Object`, of SQL, and of the fields that Excel and Power BI call *Count of …* in the
//! languages of the portal.

/// Words with which the name of such a column begins.
const WORDS: [&str; 20] = [
    "count",
    "counts",
    "dcount",
    "cnt",
    "quantity",
    "qty",
    "percent",
    "percentage",
    "anzahl",
    "nombre",
    "conteggio",
    "recuento",
    "cantidad",
    "contagem",
    "quantidade",
    "aantal",
    "antal",
    "liczba",
    "počet",
    "количество",
];

/// Names of such a column as a whole.
const NAMES: [&str; 18] = [
    "devices",
    "device count",
    "devicecount",
    "total",
    "total devices",
    "sum",
    "summe",
    "somme",
    "suma",
    "soma",
    "somma",
    "freq",
    "frequency",
    // The name that `count` of dplyr writes.
    "n",
    "geräte",
    "appareils",
    "dispositivos",
    "apparaten",
];

/// Other beginnings of such a name.
const BEGINNINGS: [&str; 11] = [
    "number of ",
    "no. of ",
    "distinct count",
    "sum of ",
    "summe von ",
    "somme de ",
    "個数",
    "件数",
    "台数",
    "计数",
    "数量",
];

/// Returns true if a column has counts, as far as its name shows.
pub(crate) fn is_count(name: &str) -> bool {
    let lower = name.to_lowercase();
    let bare = lower.trim_start_matches(['#', '%', ' ']);
    let first = bare.split(|letter: char| !letter.is_alphanumeric()).next();
    NAMES.contains(&bare)
        || first.is_some_and(|word| WORDS.contains(&word))
        || BEGINNINGS.iter().any(|beginning| bare.starts_with(beginning))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_counts_are_told_from_other_names() {
        for name in [
            "count_",
            "Count",
            "COUNT(*)",
            "dcount_DeviceId",
            "Count of Device ID",
            "Distinct Count of Device ID",
            "Anzahl von Device ID",
            "Devices",
            "# devices",
            "Number of devices",
            "Total",
            "個数 / Device ID",
            "n",
            "Summe",
        ] {
            assert!(is_count(name), "{name}");
        }
        let others =
            ["Country", "Account", "Asset number", "Total RAM", "Device", "Core count", ""];
        for name in others {
            assert!(!is_count(name), "{name}");
        }
    }
}
