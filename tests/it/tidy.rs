//! The rules of the house (ARCHITECTURE.md), read out of the source: who may use whom, where foreign crates live,
//! what core rooms never do, how large things grow. The rules are data; every one is tried on planted violations.

mod reader;
mod rules;

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::process::Command;

use reader::violations;
use rules::{
    Address, EVERYWHERE, FOREIGN, LONG_FILES, LONG_FUNCTIONS, MACROS, METHODS, ROOMS, STANDARD, TOP_LEVEL,
};

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// All Rust files below `src`, by their path in it.
fn sources() -> BTreeMap<String, String> {
    fn gather(folder: &Path, found: &mut Vec<PathBuf>) {
        for entry in std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()) {
            if entry.is_dir() {
                gather(&entry, found);
            } else if entry.extension().is_some_and(|e| e == "rs") {
                found.push(entry);
            }
        }
    }
    let (src, mut files) = (root().join("src"), Vec::new());
    gather(&src, &mut files);
    let name = |file: &Path| file.strip_prefix(&src).unwrap().to_string_lossy().replace('\\', "/");
    files.iter().map(|file| (name(file), std::fs::read_to_string(file).unwrap())).collect()
}

#[test]
fn the_source_keeps_the_rules_of_the_house() {
    let found: Vec<String> =
        sources().iter().flat_map(|(file, source)| violations(file, source)).map(|v| v.sentence).collect();
    assert!(found.is_empty(), "\n{}\n", found.join("\n"));
}

#[test]
fn every_exception_is_still_needed() {
    let sources = sources();
    for (file, _) in LONG_FILES {
        let lines = sources
            .get(*file)
            .unwrap_or_else(|| panic!("{file} is gone; take it off the list"))
            .lines()
            .count();
        assert!(lines > rules::LONGEST_FILE, "{file} has become short; take it off the list");
    }
    for (function, _) in LONG_FUNCTIONS {
        let (file, name) = function.split_once(':').unwrap();
        let still =
            sources.get(file).is_some_and(|source| reader::long_functions(source).contains(&name.to_owned()));
        assert!(still, "{function} is gone or has become short; take it off the list");
    }
}

#[test]
fn every_room_on_disk_is_in_the_rules_and_in_the_architecture() {
    let architecture = std::fs::read_to_string(root().join("ARCHITECTURE.md")).unwrap();
    let on_disk: BTreeSet<String> = sources().keys().map(|file| reader::room(file).to_owned()).collect();
    let in_rules: BTreeSet<String> = ROOMS.iter().map(|(room, _)| (*room).to_owned()).collect();
    assert_eq!(on_disk, in_rules);
    for room in on_disk.iter().filter(|room| !["lib", "main"].contains(&room.as_str())) {
        assert!(
            architecture.contains(&format!("| `{room}` |")),
            "ARCHITECTURE.md has no line for the room {room}"
        );
    }
}

#[test]
fn every_dependency_has_an_address() {
    let manifest: toml::Table = std::fs::read_to_string(root().join("Cargo.toml")).unwrap().parse().unwrap();
    let needed: BTreeSet<String> =
        manifest["dependencies"].as_table().unwrap().keys().map(|name| name.replace('-', "_")).collect();
    let addressed: BTreeSet<String> = FOREIGN.iter().map(|(name, _)| (*name).to_owned()).collect();
    assert_eq!(needed, addressed);
}

#[test]
fn nothing_lies_at_the_top_that_is_not_on_the_list() {
    let unknown: Vec<String> =
        top_level().into_iter().filter(|name| !TOP_LEVEL.contains(&name.as_str())).collect();
    assert!(unknown.is_empty(), "at the top, and not on the list: {unknown:?}");
}

/// What git holds at the top; outside a clone, what lies there and is not ignored.
fn top_level() -> BTreeSet<String> {
    let listed = Command::new("git").arg("-C").arg(root()).args(["ls-files", "-z"]).output();
    if let Some(listed) = listed.ok().filter(|output| output.status.success()) {
        let text = String::from_utf8(listed.stdout).unwrap();
        let paths = text.split('\0').filter(|path| !path.is_empty());
        return paths.map(|path| path.split('/').next().unwrap_or(path).to_owned()).collect();
    }
    let ignored = std::fs::read_to_string(root().join(".gitignore")).unwrap();
    let ignored: BTreeSet<&str> = ignored.lines().map(|line| line.trim_matches('/')).collect();
    let names =
        std::fs::read_dir(root()).unwrap().map(|e| e.unwrap().file_name().to_string_lossy().into_owned());
    names.filter(|name| !ignored.contains(name.as_str())).collect()
}

// ---- Planted violations

/// Whether a line planted in a file is named with this sentence.
#[track_caller]
fn planted(file: &str, source: &str, sentence: &str) {
    let found: Vec<String> = violations(file, source).into_iter().map(|v| v.sentence).collect();
    assert!(found.iter().any(|f| f.contains(sentence)), "{source:?} in {file} passes: {found:?}");
}

#[track_caller]
fn clean(file: &str, source: &str) {
    let found: Vec<String> = violations(file, source).into_iter().map(|v| v.sentence).collect();
    assert!(found.is_empty(), "{source:?} in {file}: {found:?}");
}

#[test]
fn a_use_of_every_forbidden_room_is_named_in_every_form() {
    for (room, allowed) in ROOMS.iter().filter(|(room, _)| *room != "lib") {
        for (other, _) in ROOMS.iter().filter(|(other, _)| !["lib", "main", room].contains(other)) {
            let forms = [
                format!("use crate::{other}::Thing;"),
                format!("use crate::{{{other} as neighbour}};"),
                format!("fn f() {{ crate::{other}::g(); }}"),
                format!("fn f(x: &crate::{other}::Thing) {{}}"),
                format!("fn f() {{ format!(\"{{}}\", crate::{other}::g()); }}"),
                format!("mod inner {{ use super::super::{other}::Thing; }}"),
            ];
            let file = format!("{room}.rs");
            for form in &forms[..5] {
                if allowed.contains(other) {
                    clean(&file, form);
                } else {
                    planted(&file, form, &format!("room {room} may not use {other}"));
                }
            }
            planted(&file, &forms[5], "super::super");
        }
    }
    planted("prepare.rs", "use super::layers::Cover;", "room prepare may not use layers");
    planted("geometry/mod.rs", "use super::measure::Watch;", "room geometry may not use measure");
    clean("layers/cover.rs", "use super::crs::Crs;");
}

/// A file outside an address, in a room that may not stand in the way.
fn outside(address: Address) -> Option<String> {
    let rooms = ROOMS.iter().map(|(room, _)| format!("{room}/planted.rs"));
    rooms.into_iter().find(|file| !reader::at_home(file, address))
}

#[test]
fn a_foreign_crate_outside_its_address_is_named() {
    for (name, address) in FOREIGN {
        let Some(file) = outside(address) else {
            assert_eq!(*address, EVERYWHERE);
            continue;
        };
        let forms = [
            format!("use {name}::Thing;"),
            format!("fn f() {{ {name}::g(); }}"),
            format!("use ::{name}::{{A, B}};"),
        ];
        for form in forms {
            planted(&file, &form, &format!("{name} lives in"));
            for home in *address {
                let file =
                    if home.ends_with(".rs") { (*home).to_owned() } else { format!("{home}/planted.rs") };
                clean(&file, &form);
            }
        }
    }
}

#[test]
fn files_clock_environment_and_terminal_are_named_in_core_rooms() {
    for (path, address) in STANDARD {
        let file = outside(address).unwrap();
        planted(&file, &format!("use {path}::Thing;"), &format!("{path} is used only in"));
        planted(&file, &format!("fn f() {{ {path}::g(); }}"), &format!("{path} is used only in"));
        let (parent, last) = path.rsplit_once("::").unwrap();
        planted(&file, &format!("use {parent}::{{{last}, fmt}};"), &format!("{path} is used only in"));
    }
    for (name, address) in MACROS {
        let file = outside(address).unwrap();
        planted(&file, &format!("fn f() {{ {name}!(\"x\"); }}"), &format!("{name}! is used only in"));
        planted(
            &file,
            &format!("fn f() {{ vec![{{ {name}!(\"x\") }}]; }}"),
            &format!("{name}! is used only in"),
        );
    }
}

#[test]
fn what_panics_is_named_outside_tests() {
    for (name, arguments) in METHODS {
        let call = format!("x.{name}({})", vec!["\"y\""; *arguments].join(", "));
        planted(
            "measure/planted.rs",
            &format!("fn f() {{ {call}; }}"),
            &format!(".{name}() is used nowhere"),
        );
        planted(
            "cli/planted.rs",
            &format!("fn f() {{ println!(\"{{}}\", {call}); }}"),
            &format!(".{name}()"),
        );
        clean("measure/planted.rs", &format!("#[cfg(test)] mod tests {{ fn f() {{ {call}; panic!(); }} }}"));
    }
    clean("project/planted.rs", "fn f() { parser.expect(&word, \"(\"); }");
}

#[test]
fn what_grows_too_long_is_named() {
    let lines = "\n".repeat(rules::LONGEST_FILE + 1);
    planted("geometry/planted.rs", &lines, "has 501 lines");
    let function = format!("impl X {{ fn long() {{{}}} }}", "\n".repeat(rules::LONGEST_FUNCTION));
    planted("geometry/planted.rs", &function, "function long has 61 lines");
}
