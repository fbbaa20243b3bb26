use super::*;
use crate::source::intune::header::column;

#[test]
fn characteristic_columns_are_listed_once_and_none_is_one_of_intunes() {
    for list in FOREIGN {
        for (index, name) in list.columns.iter().enumerate() {
            let key = Folded::of(name);
            assert!(key.is_some(), "{name}");
            let before = &list.columns[..index];
            assert!(before.iter().all(|other| Folded::of(other) != key), "{name}");
            assert!(column(name).is_none() && !intune::is_known(name), "{}: {name}", list.what);
        }
    }
}

#[test]
fn one_foreign_column_beside_columns_that_only_intune_has_is_no_foreign_list() {
    for name in FOREIGN.iter().filter(|list| list.enough > 1).flat_map(|list| list.columns) {
        let cells = ["Device ID", "OS", "Device state", name];
        assert!(recognise(&cells).is_none(), "{name}");
    }
}

#[test]
fn one_foreign_column_tells_where_nothing_is_intunes_own_unless_it_may_have_been_added() {
    for name in FOREIGN.iter().filter(|list| list.enough > 1).flat_map(|list| list.columns) {
        let cells = ["Device ID", "OS", "OS version", name];
        let known = !is_addable(name) && !name.contains(is_apart);
        assert_eq!(recognise(&cells).is_some(), known, "{name}");
    }
}

#[test]
fn a_name_that_may_be_added_is_one_of_a_list() {
    let all = || FOREIGN.iter().flat_map(|list| list.columns);
    for name in ADDABLE {
        assert!(all().any(|known| Folded::of(known) == Folded::of(name)), "{name}");
    }
}

#[test]
fn a_join_of_an_inventory_with_another_list_stays_an_inventory() {
    let joined =
        ["Device ID", "OS", "Device state", "Intune registered", "trustType", "profileType"];
    assert!(recognise(&joined).is_none());
}

#[test]
fn each_list_is_recognised_by_any_two_of_its_columns() {
    for list in FOREIGN.iter().filter(|list| list.enough > 1) {
        for pair in list.columns.windows(2) {
            let found = recognise(&[pair[0], pair[1], "OS", "OS version"]);
            assert_eq!(found.is_none(), pair.iter().all(is_addable), "{}: {pair:?}", list.what);
        }
    }
}
