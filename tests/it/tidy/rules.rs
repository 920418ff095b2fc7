//! The rules as data. A new room, crate or exception is a line here, with its reason where it bends a rule.

/// Files and folders below `src`.
pub type Address = &'static [&'static str];

/// Anywhere.
pub const EVERYWHERE: Address = &[""];

/// Every room, and the rooms it may use. The arrows of ARCHITECTURE.md.
pub const ROOMS: &[(&str, &[&str])] = &[
    // Leaves.
    ("words", &[]),
    ("attribute", &[]),
    ("units", &[]),
    ("threads", &[]),
    ("terrain", &["words"]),
    ("finding", &["words", "attribute", "units"]),
    ("fact", &["words", "attribute", "units"]),
    ("nearest", &["words"]),
    // Ground.
    ("geometry", &["words", "attribute", "units", "finding"]),
    ("survey", &["words", "attribute", "units", "finding", "geometry"]),
    ("prepare", &["words", "attribute", "units", "threads", "finding", "geometry", "survey"]),
    (
        "measure",
        &["words", "attribute", "units", "threads", "finding", "fact", "geometry", "survey", "prepare"],
    ),
    ("sample", &["words", "attribute", "units", "geometry", "survey"]),
    // What was asked, and what the standard says.
    ("project", &["words", "attribute", "units", "terrain", "finding", "nearest"]),
    ("indicators", &["words", "attribute", "units", "terrain", "finding", "fact", "nearest"]),
    // Files come in.
    ("layers", &["words", "attribute", "units", "finding", "nearest", "geometry", "survey", "project"]),
    // The spine, and what is printed.
    (
        "analysis",
        &[
            "words",
            "attribute",
            "units",
            "terrain",
            "finding",
            "fact",
            "geometry",
            "survey",
            "prepare",
            "measure",
            "nearest",
            "project",
            "indicators",
        ],
    ),
    (
        "outputs",
        &[
            "words",
            "attribute",
            "units",
            "terrain",
            "finding",
            "fact",
            "geometry",
            "survey",
            "prepare",
            "measure",
            "sample",
            "project",
            "indicators",
            "analysis",
        ],
    ),
    (
        "cli",
        &[
            "words",
            "attribute",
            "units",
            "terrain",
            "threads",
            "finding",
            "fact",
            "survey",
            "prepare",
            "measure",
            "sample",
            "project",
            "indicators",
            "layers",
            "analysis",
            "outputs",
        ],
    ),
    ("main", &["cli"]),
    ("lib", &[]),
];

/// Where every dependency lives.
pub const FOREIGN: &[(&str, Address)] = &[
    ("bytes", &["layers"]),
    ("bytemuck", &["measure/slab.rs", "cli/room.rs", "layers/raster/tiff"]),
    ("calamine", &["layers"]),
    ("clap", &["cli"]),
    ("clap_complete", &["cli"]),
    ("clap_mangen", &["cli"]),
    ("comfy_table", &["outputs", "cli"]),
    // The EPSG register; one file looks into it.
    ("crs_definitions", &["layers/crs/register.rs"]),
    ("csv", &["layers", "outputs"]),
    ("ctrlc", &["cli"]),
    // In outputs, for the shapefile of the sample.
    ("encoding_rs", &["layers", "project", "outputs"]),
    // Behind the feature of that name: the lean build has `layers/without_gdal.rs` in its place.
    ("gdal", &["layers/through_gdal.rs", "layers/through_gdal"]),
    ("gdal_sys", &["layers/through_gdal"]),
    ("geo", &["geometry", "survey", "sample", "analysis", "outputs"]),
    ("geojson", &["outputs"]),
    // Names of files by a pattern: projects, partials, the layers of one cover.
    ("glob", &["layers/pattern.rs"]),
    // The point type of the grid is the engine's own, so that nothing is copied on the way.
    ("i_overlay", &["geometry/overlay.rs", "geometry/grid.rs"]),
    ("indicatif", &["cli"]),
    ("libdeflater", &["layers/raster/tiff/codec.rs"]),
    ("libloading", &["layers/through_gdal/late.rs"]),
    ("memmap2", &["measure/slab.rs"]),
    ("parquet", &["layers"]),
    ("postcard", &["outputs/partial_file.rs"]),
    ("proj4rs", &["layers/crs/projection.rs"]),
    ("rayon", &["threads", "prepare", "measure"]),
    ("resvg", &["outputs"]),
    ("rstar", &["geometry", "prepare", "measure"]),
    // In outputs, for the GeoPackage.
    ("rusqlite", &["layers", "outputs"]),
    ("rust_xlsxwriter", &["outputs", "cli"]),
    ("rustc_hash", &["measure"]),
    ("serde", EVERYWHERE),
    // In project, for the value of a setting of any kind beside where it came from; in layers, for GeoParquet.
    ("serde_json", &["project", "layers", "outputs", "cli"]),
    ("sha2", &["layers", "outputs/partial_file.rs", "cli"]),
    ("strsim", &["nearest"]),
    ("sys_locale", &["cli"]),
    ("tempfile", &["cli"]),
    ("thiserror", EVERYWHERE),
    ("toml", &["project", "indicators"]),
    ("tracing", &["layers", "cli"]),
    ("tracing_subscriber", &["cli"]),
    ("weezl", &["layers/raster/tiff/codec.rs"]),
    ("wide", &["geometry"]),
    ("zip", &["layers"]),
    ("zstd", &["layers/raster/tiff/codec.rs"]),
];

/// Parts of the standard library, and of others, that reach outside the program, or at threads that nobody passed in.
pub const STANDARD: &[(&str, Address)] = &[
    ("std::fs", &["layers", "cli"]),
    ("std::env", &["cli"]),
    ("std::time", &["cli"]),
    ("std::process", &["cli", "main.rs"]),
    ("std::thread", &["cli"]),
    ("std::net", &[]),
    ("std::io::stdin", &["cli"]),
    ("std::io::stdout", &["cli"]),
    ("std::io::stderr", &["cli"]),
    ("std::path::absolute", &["cli"]),
    ("rayon::spawn", &[]),
    ("rayon::spawn_fifo", &[]),
    ("rayon::join", &[]),
    ("rayon::scope", &[]),
    ("rayon::broadcast", &[]),
];

/// Macros that print, or that panic.
pub const MACROS: &[(&str, Address)] = &[
    ("print", &["cli"]),
    ("println", &["cli"]),
    ("eprint", &["cli"]),
    ("eprintln", &["cli"]),
    ("dbg", &[]),
    ("panic", &[]),
    ("todo", &[]),
    ("unimplemented", &[]),
    ("unreachable", &[]),
];

/// Methods that panic, that make a pool of threads for the whole process, or that ask for the current folder, with how
/// many arguments they take.
pub const METHODS: &[(&str, usize)] =
    &[("unwrap", 0), ("expect", 1), ("build_global", 0), ("canonicalize", 0)];

/// Files that may call them, and why.
pub const MAY_PANIC: &[(&str, &str)] =
    &[("project/scheme/data.rs", "schemes are embedded in the program, and a test parses every one")];

/// A file may have so many lines without a reason.
pub const LONGEST_FILE: usize = 500;
/// Files that have more, and why.
pub const LONG_FILES: &[(&str, &str)] = &[];

/// A function may have so many lines without a reason.
pub const LONGEST_FUNCTION: usize = 60;
/// Functions that have more (`file:function`), and why.
pub const LONG_FUNCTIONS: &[(&str, &str)] = &[
    ("layers/error.rs:cure", "one arm an error: a catalogue, not a procedure"),
    ("outputs/partial_file/refused.rs:cure", "one arm a reason: a catalogue, not a procedure"),
    ("layers/table/notes.rs:sentence", "one arm a note: a catalogue, not a procedure"),
];

/// What lies at the top of the repository.
pub const TOP_LEVEL: &[&str] = &[
    ".ci",
    ".gitignore",
    "ARCHITECTURE.md",
    "CHANGELOG.md",
    "Cargo.lock",
    "Cargo.toml",
    "LICENSE-APACHE",
    "LICENSE-MIT",
    "Makefile",
    "README.md",
    "README.zh-CN.md",
    "benches",
    // Link arguments can be given nowhere else.
    "build.rs",
    "rustfmt.toml",
    "samples",
    "src",
    "tests",
];
