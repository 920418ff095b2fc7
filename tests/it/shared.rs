//! Real data that nobody here made, which may lie beside a checkout: `../shared/data`, or the folder that
//! `SENCHENG_SHARED` names. A test that needs it is skipped where it is absent, and the skip is counted by name.

use std::io::Write;
use std::path::{Path, PathBuf};

/// The folder of the data, or `None`, which the test takes as "skip".
///
/// A skip is printed and, where `SENCHENG_SKIPS` names a file, written into it as a line with the test's name. With
/// `SENCHENG_REQUIRE_SHARED=1` it is a failure instead.
pub fn data(test: &str) -> Option<PathBuf> {
    let beside = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/data");
    let folder = std::env::var_os("SENCHENG_SHARED").map_or(beside, PathBuf::from);
    if folder.is_dir() {
        return Some(folder);
    }
    let required = std::env::var_os("SENCHENG_REQUIRE_SHARED").is_some_and(|value| value == "1");
    assert!(!required, "{test}: {} is required and absent", folder.display());
    println!("skipped {test}: {} is absent", folder.display());
    if let Some(list) = std::env::var_os("SENCHENG_SKIPS") {
        let list = std::fs::File::options().create(true).append(true).open(list);
        list.and_then(|mut list| list.write_all(format!("{test}\n").as_bytes())).expect("the list of skips");
    }
    None
}
