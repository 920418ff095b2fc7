//! Names of files by a pattern: `*` and `?` within a name, `**` over folders, `[…]` one of some characters.

use std::path::{Path, PathBuf};

use glob::{MatchOptions, Pattern};

/// Whether a name is a pattern.
pub fn is_pattern(name: &str) -> bool {
    name.contains(['*', '?', '['])
}

/// The files that a name stands for, by name: the file itself where it is there or the name is no pattern, else what
/// matches, which may be nothing. Hidden files match only where the pattern says so. A name that cannot be read as a
/// pattern stands for itself.
pub fn files(folder: &Path, name: &str) -> Vec<PathBuf> {
    let itself = folder.join(name);
    if !is_pattern(name) || itself.exists() {
        return vec![itself];
    }
    let options = MatchOptions {
        case_sensitive: !cfg!(windows),
        require_literal_separator: true,
        require_literal_leading_dot: true,
    };
    let within = Path::new(&Pattern::escape(&folder.to_string_lossy())).join(name);
    match glob::glob_with(&within.to_string_lossy(), options) {
        Ok(found) => {
            let mut found: Vec<PathBuf> = found.filter_map(Result::ok).collect();
            found.sort();
            found
        }
        Err(_) => vec![itself],
    }
}
