//! `relatch columns`.

use insta::assert_snapshot;

use crate::{EXAMPLE, code, run, scratch, shown, shown_with_file};

#[test]
fn all_columns_are_listed_without_an_inventory() {
    assert_snapshot!(shown(&run("columns")));
}

#[test]
fn the_columns_of_a_tidy_table_are_its_facts() {
    let text = "device-id,platform,os-version,colour\n1,ios,17,red\n";
    let (_folder, path) = scratch("tidy.csv", text.as_bytes());
    assert_snapshot!(shown_with_file("columns FILE", &path));
}

#[test]
fn the_queries_of_a_lake_have_the_names_of_the_inventory() {
    assert_snapshot!(shown(&run(&format!("columns {EXAMPLE} --format sql --dialect spark"))));
}

#[test]
fn a_query_needs_an_inventory_and_a_dialect_a_query() {
    assert_snapshot!(shown(&run("columns --format sql")));
    assert_eq!(code(&run("columns --dialect spark")), 2);
}
