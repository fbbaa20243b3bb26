//! Versions and their ranges.

use insta::assert_snapshot;

use super::rule;

#[test]
fn a_range_that_no_version_satisfies() {
    assert_snapshot!(
        rule(r#"when = { platform = "ios", os-version = ">=8.0, <7.0" }"#),
        @r#"
        7:41: error[impossible-version-range]: no version satisfies `>=8.0, <7.0`
          here: the bounds leave nothing between them
        "#
    );
}

#[test]
fn a_version_without_quotes() {
    assert_snapshot!(
        rule(r#"when = { platform = "ios", os-version = 7.0 }"#),
        @r#"
        7:41: error[wrong-type]: `os-version` is a float, expected a string such as ">=7.0, <8.0"
          here: this is a float
          hint: put it in quotes: `"9.0"` is one version, `"9.x"` a series, `">=9.0"` an open range
        "#
    );
}

#[test]
fn a_range_in_words() {
    assert_snapshot!(
        rule(r#"when = { platform = "ios", os-version = "7.0 or later" }"#),
        @r#"
        7:41: error[bad-version-range]: `7.0 or later` is not a range of versions
          here: did you mean `>=7.0`?
          hint: a range is comparisons joined by commas (`>=7.0, <8.0`), a series (`6.x`) or a version
        "#
    );
}

#[test]
fn a_range_with_a_hyphen() {
    assert_snapshot!(
        rule(r#"when = { platform = "ios", os-version = "7.0-8.0" }"#),
        @r#"
        7:41: error[bad-version-range]: `7.0-8.0` is not a range of versions
          here: did you mean `>=7.0, <=8.0`?
          hint: a range is comparisons joined by commas (`>=7.0, <8.0`), a series (`6.x`) or a version
        "#
    );
}

#[test]
fn a_range_without_its_comma() {
    assert_snapshot!(
        rule(r#"when = { platform = "ios", os-version = ">=7.0 <8.0" }"#),
        @r#"
        7:41: error[bad-version-range]: `>=7.0 <8.0` is not a range of versions
          here: did you mean `>=7.0, <8.0`?
          hint: a range is comparisons joined by commas (`>=7.0, <8.0`), a series (`6.x`) or a version
        "#
    );
}

#[test]
fn an_operator_the_wrong_way_round() {
    assert_snapshot!(
        rule(r#"when = { platform = "ios", os-version = "=>7.0" }"#),
        @r#"
        7:41: error[bad-version-range]: `=>7.0` is not a range of versions
          here: did you mean `>=7.0`?
          hint: a range is comparisons joined by commas (`>=7.0, <8.0`), a series (`6.x`) or a version
        "#
    );
}

#[test]
fn a_version_with_a_letter() {
    assert_snapshot!(
        rule(r#"when = { platform = "ios", os-version = ["v7", "7.x.1", "nougat"] }"#),
        @r#"
        7:42: error[bad-version-range]: `v7` is not a range of versions
          here: did you mean `7`?
          hint: a range is comparisons joined by commas (`>=7.0, <8.0`), a series (`6.x`) or a version
        7:48: error[bad-version-range]: `7.x.1` is not a range of versions
          here: not understood
          hint: a range is comparisons joined by commas (`>=7.0, <8.0`), a series (`6.x`) or a version
        7:57: error[bad-version-range]: `nougat` is not a range of versions
          here: not understood
          hint: a range is comparisons joined by commas (`>=7.0, <8.0`), a series (`6.x`) or a version
        "#
    );
}
