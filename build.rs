//! Keeps the bundled SQLite to ourselves: GDAL brings one of its own, and were our symbols exported, the two would be
//! mixed in one process and crash it. `tests/it/readers.rs` looks at the built program.
//!
//! Tells by what name GDAL is loaded when it is first needed (`src/layers/through_gdal/late.rs`).

use std::env::var;

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    if var("CARGO_CFG_TARGET_OS").is_ok_and(|os| os == "linux") {
        println!("cargo::rustc-link-arg=-Wl,--exclude-libs,ALL");
    }
    if let Some(version) = var("DEP_GDAL_VERSION_NUMBER").ok().and_then(|number| number.parse().ok()) {
        println!("cargo::rustc-env=SENCHENG_LIBGDAL={}", library(version));
    }
}

/// The name of GDAL's library on Linux: its number grows by one with every minor version (3.6 has 32).
fn library(version: u32) -> String {
    match (version / 1_000_000, version / 10_000 % 100) {
        (3, minor) => format!("libgdal.so.{}", 26 + minor),
        _ => "libgdal.so".to_owned(),
    }
}
