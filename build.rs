//! Keeps the bundled SQLite to ourselves: GDAL brings one of its own, and were our symbols exported, the two would be
//! mixed in one process and crash it. `tests/it/readers.rs` looks at the built program.

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    if std::env::var("CARGO_CFG_TARGET_OS").is_ok_and(|os| os == "linux") {
        println!("cargo::rustc-link-arg=-Wl,--exclude-libs,ALL");
    }
}
