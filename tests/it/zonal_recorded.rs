//! Rasters of the shared data over their zones, against what exactextract found (`tests/oracle/zonal.py`).

use std::collections::BTreeMap;
use std::process::Command;

use crate::shared;

const RECORDED: &str = include_str!("../expected/zonal.csv");

/// What the program prints for a raster: by zone and column, or by zone and class.
fn ours(data: &std::path::Path, of: &[&str], statistics: bool) -> BTreeMap<(String, String), f64> {
    let path = |name: &str| data.join(name);
    let mut command = Command::new(env!("CARGO_BIN_EXE_sencheng"));
    command.args(["--quiet", "zonal", "--zone-id", of[1]]);
    command.arg("--zones").arg(path(of[0])).arg("--raster").arg(path(of[2]));
    if statistics {
        command.args(["--stats", "count,mean,min,max,stdev"]);
    }
    let output = command.output().expect("the program");
    let text = String::from_utf8(output.stdout).expect("text");
    let mut lines = text.lines().map(|line| line.split(',').collect::<Vec<_>>());
    let head = lines.next().unwrap_or_else(|| panic!("{of:?}: {}", String::from_utf8_lossy(&output.stderr)));
    let mut found = BTreeMap::new();
    for line in lines {
        let number = |at: usize| line[at].parse().unwrap_or(f64::NAN);
        if statistics {
            let columns = head.iter().enumerate().skip(1);
            found.extend(columns.map(|(at, name)| ((line[0].to_owned(), (*name).to_owned()), number(at))));
        } else {
            found.insert((line[0].to_owned(), line[1].to_owned()), number(4));
        }
    }
    found
}

#[test]
fn rasters_of_the_shared_data_have_what_exactextract_found() {
    let Some(data) = shared::data("rasters_of_the_shared_data_have_what_exactextract_found") else { return };
    let mut wanted: BTreeMap<Vec<&str>, Vec<(&str, &str, f64)>> = BTreeMap::new();
    for line in RECORDED.lines().skip(1) {
        let words: Vec<&str> = line.split(',').collect();
        let value = words[5].parse().expect("a number");
        wanted.entry(words[..3].to_vec()).or_default().push((words[3], words[4], value));
    }
    assert_eq!(wanted.len(), 6);
    for (of, rows) in wanted {
        let statistics = rows.iter().any(|(_, name, _)| *name == "mean");
        let found = ours(&data, &of, statistics);
        for (zone, name, value) in rows {
            let ours = found.get(&(zone.to_owned(), name.to_owned())).copied().unwrap_or(f64::NAN);
            // Fractions of exactextract are 32-bit numbers; a zone has at most some 16 000 edge cells here.
            let allowed = 1e-9 * value.abs() + 1e-6 * 16_000f64.sqrt();
            assert!((ours - value).abs() <= allowed, "{of:?} {zone} {name}: {ours} for {value}");
        }
    }
}
