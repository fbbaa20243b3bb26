//! Inventories in other formats than CSV, and several at once.

use testkit::pack::{gzip, zip, zstd};

use crate::{EXAMPLE, code, root, run, run_with_input, scratch, shown};

#[test]
fn packed_inventories_give_the_same_plan_as_a_file_and_as_standard_input() {
    let file = std::fs::read(root().join(EXAMPLE)).unwrap();
    let expected = shown(&run(&format!("plan {EXAMPLE}")));
    for packed in [zip(&[("a/a.csv", &file)]), gzip(&file), zstd(&file)] {
        let (_folder, path) = scratch("download", &packed);
        let path = path.to_str().unwrap();
        assert_eq!(shown(&run(&format!("plan {path}"))).replace(path, EXAMPLE), expected);
        let piped = shown(&run_with_input("plan -", &packed));
        assert!(piped.contains("in standard input."), "{piped}");
        let lines = |text: &str| text.lines().skip(3).take(12).collect::<Vec<_>>().join("\n");
        assert_eq!(lines(&piped), lines(&expected));
    }
}

#[test]
fn a_download_that_broke_off_is_an_error_with_its_reason() {
    let file = std::fs::read(root().join(EXAMPLE)).unwrap();
    let packed = gzip(&file);
    let output = run_with_input("plan -", &packed[..packed.len() / 2]);
    assert_eq!(code(&output), 2);
    let error = String::from_utf8(output.stderr).unwrap();
    assert!(error.contains("cannot read on at line"), "{error}");
    assert!(error.contains("hint: nothing was written; export the inventory again"), "{error}");
}
