//! `relatch columns`.

use insta::assert_snapshot;

use crate::{Folder, code, run, shown};

#[test]
fn columns_as_a_whole() {
    for (name, command) in [
        ("all_columns_are_listed_without_an_inventory", "columns"),
        (
            "the_queries_of_a_lake_have_the_names_of_the_inventory",
            "columns EXAMPLE --format sql --dialect spark",
        ),
    ] {
        assert_snapshot!(name, shown(&run(command)));
    }
}

#[test]
fn the_columns_of_a_tidy_table_are_its_facts() {
    let text = "device-id,platform,os-version,colour\n1,ios,17,red\n";
    assert_snapshot!(Folder::with("tidy.csv", text).shown("columns FILE"));
}

#[test]
fn a_query_needs_an_inventory_and_a_dialect_a_query() {
    assert_snapshot!(shown(&run("columns --format sql")));
    assert_eq!(code(&run("columns --dialect spark")), 2);
}
