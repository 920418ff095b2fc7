//! Patches by the towns that they are booked under (图斑的乡镇代码).

use crate::further::{CRS, HEAD};
use crate::workbench::{Answer, Sheet, Workbench, at, two_towns};

/// 西镇 (code 2, x below 1000) and 东镇 (code 1); a wood of 东镇's lies across the border, one of 西镇's wholly in 东镇, one has a code of no
/// town and one has none.
#[test]
fn patches_booked_under_another_town_are_told_by_pairs_and_added_up_by_code_beside_the_map() {
    let bench = Workbench::new();
    bench.write("towns.geojson", &two_towns());
    let patches = Sheet::new(CRS)
        .text("kind")
        .text("town")
        .with(["wood".into(), "1".into()], &at(900.0, 0.0, 1200.0, 100.0))
        .with(["wood".into(), "西镇".into()], &at(1500.0, 0.0, 1700.0, 100.0))
        .with(["bare".into(), "2".into()], &at(1500.0, 200.0, 1600.0, 300.0))
        .with(["wood".into(), "777".into()], &at(100.0, 500.0, 200.0, 600.0))
        .with(["wood".into(), "".into()], &at(100.0, 700.0, 200.0, 800.0));
    bench.write("woods.geojson", &patches);
    let head = HEAD
        .replace("field = \"kind\"", "field = \"kind\"\ntown_field = \"town\"\nzone_from = \"attribute\"");
    std::fs::write(bench.path("p.toml"), &head).unwrap();
    let answer = bench.run(&["run", "p.toml", "--out", "out", "--lang", "en"]);
    assert!(answer.code == Some(0) || answer.code == Some(1), "{answer:#?}");
    let findings = std::fs::read_to_string(bench.path("out/findings.csv")).unwrap();
    let told = |words: &str| assert!(findings.contains(words), "{words}: {findings}");
    told("1 patches booked under 东镇 have 1.00 ha in 西镇");
    told("2 patches booked under 西镇 have 3.00 ha in 东镇");
    told("2 patches of 2.00 ha are booked under codes of no town");
    told("777 (1.00 ha)");
    told("(none) (1.00 ha)");
    assert!(!findings.contains("books-unbalanced"));
    let bytes = std::fs::read(bench.path("out/measures.csv")).unwrap();
    let mut table = csv::Reader::from_reader(&bytes[3..]);
    let rows: Vec<csv::StringRecord> = table.records().map(Result::unwrap).collect();
    let by_code = |item: &str, place: &str, unit: &str| {
        let mut rows = rows.iter().filter(|r| &r[1] == item && &r[2] == place && &r[7] == unit);
        rows.find(|r| r[3].starts_with("by the town codes")).unwrap()[4].parse::<f64>().unwrap()
    };
    for item in ["tree-coverage", "forest-coverage"] {
        assert!((by_code(item, "西镇", "m²") - 20_000.0).abs() < 1e-6);
        assert!((by_code(item, "东镇", "m²") - 30_000.0).abs() < 1e-6);
        assert!((by_code(item, "东镇", "%") - 3.0).abs() < 1e-9);
    }
    let without = HEAD.replace("field = \"kind\"", "field = \"kind\"\nzone_from = \"attribute\"");
    std::fs::write(bench.path("p.toml"), without).unwrap();
    bench.run(&["run", "p.toml", "--out", "out"]).refused("missing-key", &["town_field"]);
}

/// What a run on patches of one hectare each in the west, booked under these codes, says; towns have nine digits.
fn booked_under(codes: &[&str]) -> (Answer, String) {
    let bench = Workbench::new();
    let towns = Sheet::new(CRS)
        .text("id")
        .text("name")
        .with(["441624101".into(), "西镇".into()], &at(0.0, 0.0, 1000.0, 1000.0))
        .with(["441624102".into(), "东镇".into()], &at(1000.0, 0.0, 2000.0, 1000.0));
    bench.write("towns.geojson", &towns);
    let mut patches = Sheet::new(CRS).text("kind").text("town");
    for (row, code) in codes.iter().enumerate() {
        let south = 100.0 * row as f64;
        patches = patches.with(["wood".into(), (*code).into()], &at(100.0, south, 200.0, south + 100.0));
    }
    bench.write("woods.geojson", &patches);
    let head = HEAD.replace("field = \"kind\"", "field = \"kind\"\ntown_field = \"town\"");
    std::fs::write(bench.path("p.toml"), head).unwrap();
    let answer = bench.run(&["run", "p.toml", "--out", "out", "--lang", "en"]);
    let findings = std::fs::read_to_string(bench.path("out/findings.csv")).unwrap();
    (answer, findings)
}

#[test]
fn a_town_is_told_by_its_code_its_three_digits_a_village_within_it_or_its_name() {
    let (answer, findings) =
        booked_under(&["441624101", "101", "441624101203", "4416241012030000001", "西镇", " 101 "]);
    assert!(answer.code.is_some_and(|code| code <= 1), "{answer:#?}");
    assert!(!findings.contains("town-code-"), "{findings}");
    let (_, findings) = booked_under(&["102", "441624102203", "1", "441625101", "44162410"]);
    assert!(findings.contains("2 patches booked under 东镇 have 2.00 ha in 西镇"), "{findings}");
    assert!(findings.contains("3 patches of 3.00 ha are booked under codes of no town"), "{findings}");
}
