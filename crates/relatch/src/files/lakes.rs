//! Folders that are tables of a lake. Which of their files hold the current rows, only a log says: the
//! others have rows of older versions, and devices that were deleted.

use std::collections::HashSet;
use std::path::{Path, PathBuf};

use super::is_standard;
use crate::error::Error;

/// Refuses files of tables whose current rows cannot be told from older ones.
pub(super) fn refuse<'p>(paths: impl Iterator<Item = &'p Path>) -> Result<(), Error> {
    let mut seen = HashSet::new();
    for path in paths.filter(|path| !is_standard(path)) {
        for folder in path.ancestors().skip(1) {
            if !seen.insert(folder) {
                break;
            }
            if let Some((format, program)) = format(folder) {
                let folder = here(folder).display();
                return Err(Error::Argument {
                    message: format!(
                        "`{folder}` is a table of {format}, whose files have older rows, too"
                    ),
                    hint: format!("write its current version to one file: {program}"),
                });
            }
        }
    }
    Ok(())
}

/// Returns the format of a table that a folder is, and what reads it. Sources:
/// <https://github.com/delta-io/delta/blob/master/PROTOCOL.md>, <https://iceberg.apache.org/spec/> and
/// <https://hudi.apache.org/docs/timeline>.
fn format(folder: &Path) -> Option<(&'static str, &'static str)> {
    let folder = here(folder);
    if folder.join("_delta_log").is_dir() {
        return Some((
            "Delta Lake",
            "`COPY (FROM delta_scan('…')) TO 'devices.parquet'` in DuckDB",
        ));
    }
    if folder.join(".hoodie").is_dir() {
        return Some(("Apache Hudi", "with Spark"));
    }
    let is_version =
        |name: PathBuf| name.to_str().is_some_and(|name| name.ends_with(".metadata.json"));
    let versions = folder.join("metadata").read_dir().ok()?;
    versions.flatten().any(|entry| is_version(entry.file_name().into())).then_some((
        "Apache Iceberg",
        "`COPY (FROM iceberg_scan('…')) TO 'devices.parquet'` in DuckDB",
    ))
}

/// Returns the folder that a path means, which may be blank.
fn here(folder: &Path) -> &Path {
    if folder.as_os_str().is_empty() { Path::new(".") } else { folder }
}

/// Returns the names of the columns whose values are in the names of a file's folders, as
/// `Ownership=Personal`, which is how Hive, Spark and `DuckDB` divide a table:
/// <https://duckdb.org/docs/stable/data/partitioning/hive_partitioning>.
pub(crate) fn columns_in_folders(path: &Path) -> Vec<String> {
    let folders = path.parent().into_iter().flat_map(Path::components);
    let names = folders.filter_map(|folder| folder.as_os_str().to_str()?.split_once('='));
    names.map(|(name, _)| unescaped(name)).collect()
}

/// Returns a name with its spaces, which `DuckDB` escapes.
fn unescaped(name: &str) -> String {
    name.replace("%20", " ")
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    #[test]
    fn the_files_of_a_table_with_a_log_are_refused_wherever_they_are() {
        for (log, name) in [
            ("_delta_log/0.json", "Delta Lake"),
            ("metadata/v1.metadata.json", "Apache Iceberg"),
            (".hoodie/hoodie.properties", "Apache Hudi"),
        ] {
            let folder = tempfile::tempdir().expect("a folder");
            let file = folder.path().join("table/os=iOS/data.parquet");
            fs::create_dir_all(file.parent().expect("a folder")).expect("it can be made");
            assert!(refuse([&*file].into_iter()).is_ok());
            let log = folder.path().join("table").join(log);
            fs::create_dir_all(log.parent().expect("a folder")).expect("it can be made");
            fs::write(log, "{}").expect("it can be written");
            let error = refuse([&*file].into_iter()).expect_err("it has a log").to_string();
            assert!(error.contains(name), "{error}");
        }
        assert!(refuse([Path::new("-"), Path::new("devices.csv")].into_iter()).is_ok());
    }

    #[test]
    fn folders_name_columns_with_their_values() {
        let path = Path::new("a=b.d/x/Device%20state=Managed/Ownership=/a=b.csv");
        assert_eq!(columns_in_folders(path), ["a", "Device state", "Ownership"]);
        assert!(columns_in_folders(Path::new("a=b.csv")).is_empty());
    }
}
