//! Numbers of rows at which programs cut what they give. A file with exactly as many rows may lack
//! devices, and nothing in it says so.

use crate::columns::Columns;
use crate::spelling::is_same_name;

/// A number of rows that a program gives at most.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RowLimit {
    /// The number.
    pub rows: u64,
    /// Who cuts there, such as `Power BI`.
    pub who: &'static str,
}

/// The limit of one answer of Graph, where further devices are on a next page: as its maintainers say in
/// <https://github.com/microsoftgraph/powershell-intune-samples/issues/2>.
const OF_GRAPH: RowLimit = RowLimit { rows: 1_000, who: "an answer of Microsoft Graph" };

/// The limits of exports. The portal's: "Export" in `intune/remote-actions/device-management.md` of
/// <https://github.com/MicrosoftDocs/IntuneDocs>; those of Power BI:
/// <https://learn.microsoft.com/en-us/power-bi/visuals/power-bi-visualization-export-data>; that of
/// queries: <https://learn.microsoft.com/en-us/kusto/concepts/query-limits>; and a sheet of Excel with a
/// header:
/// <https://support.microsoft.com/en-us/office/excel-specifications-and-limits-1672b34d-7043-467e-8e27-269d656771c3>.
const OF_EXPORTS: [RowLimit; 4] = [
    RowLimit { rows: 30_000, who: "an export of the Intune portal or of Power BI" },
    RowLimit { rows: 150_000, who: "a workbook of Power BI" },
    RowLimit { rows: 500_000, who: "the result of a Kusto query" },
    RowLimit { rows: 1_048_575, who: "a sheet of Excel" },
];

/// Properties that distinguish Graph's devices from the portal's.
const GRAPHS: [&str; 3] = ["operatingSystem", "lastSyncDateTime", "managedDeviceOwnerType"];

impl RowLimit {
    /// Returns the limit that a number of rows with these columns has reached exactly.
    ///
    /// ```
    /// use inventory::{Columns, RowLimit};
    ///
    /// let portal = Columns { recognised: vec!["OS".to_owned()], ..Columns::default() };
    /// assert_eq!(RowLimit::reached(&portal, 29_999), None);
    /// assert!(RowLimit::reached(&portal, 30_000).is_some());
    /// ```
    pub fn reached(columns: &Columns, rows: u64) -> Option<Self> {
        let is_graphs = |name: &String| GRAPHS.iter().any(|known| is_same_name(known, name));
        let graph = columns.recognised.iter().any(is_graphs).then_some(OF_GRAPH);
        graph.into_iter().chain(OF_EXPORTS).find(|limit| limit.rows == rows)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_devices_of_graph_are_cut_at_a_page() {
        let of = |name: &str| Columns { recognised: vec![name.to_owned()], ..Columns::default() };
        let reached = |name, rows| RowLimit::reached(&of(name), rows).map(|limit| limit.rows);
        assert_eq!(reached("OperatingSystem", 1_000), Some(1_000));
        assert_eq!(reached("OS", 1_000), None);
        for limit in OF_EXPORTS {
            assert_eq!(reached("OS", limit.rows), Some(limit.rows));
            assert_eq!(reached("OS", limit.rows + 1), None);
        }
    }
}
