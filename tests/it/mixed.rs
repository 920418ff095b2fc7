//! Classes that mix ground of a figure with other ground, and hectares of a class value where zones lie over towns.

use std::f64::consts::PI;

use crate::further::{CRS, area};
use crate::workbench::{Sheet, Workbench, at, two_towns};

/// Parks of a land survey (0810 mixes them with other green) in an urban area of 1000 m by 1000 m, with rings about it.
const PROJECT: &str = "schema = 1\narea = \"plane\"\n[zones]\nfile = \"towns.geojson\"\nid = \"id\"\nname = \"name\"\n\
    [standard]\nrules = [\"GB/T 37342-2019\"]\n\
    [[cover]]\nname = \"land\"\nfile = \"land.geojson\"\nfield = \"DLBM\"\nscheme = \"land_survey_2017\"\n\
    PARKS\
    [scopes.urban]\nfile = \"urban.geojson\"\nsource = \"plan\"\ndate = \"2024\"\n\
    [residents]\nurban_residents = { value = 1000, unit = \"人\", source = \"yearbook\", date = \"2024\" }\n\
    [rings]\ndistances_m = [500]\n[park_service]\nradius_m = 100\n";
/// A second cover whose patches are parks for certain.
const CERTAIN: &str = "[[cover]]\nname = \"parks\"\nfile = \"parks.geojson\"\nclass = \"park\"\n";

struct Facts(serde_json::Value, String);

impl Facts {
    /// Value, low and high of a quantity of the urban area.
    fn urban(&self, quantity: &str) -> Option<[f64; 3]> {
        let facts = self.0["facts"].as_array().unwrap();
        let fact = facts.iter().find(|f| f["quantity"] == quantity && f["place"]["kind"] == "urban")?;
        Some(["value", "low", "high"].map(|key| fact[key].as_f64().unwrap()))
    }
}

fn run(parks: &str) -> Facts {
    let bench = Workbench::new();
    bench.write("towns.geojson", &two_towns());
    bench.write("urban.geojson", &area("u", [0.0, 0.0, 1000.0, 1000.0]));
    let land = Sheet::new(CRS)
        .text("DLBM")
        .with(["0810".into()], &at(200.0, 200.0, 300.0, 300.0))
        .with(["9999".into()], &at(500.0, 500.0, 600.0, 600.0));
    bench.write("land.geojson", &land);
    bench.write("parks.geojson", &area("p", [700.0, 700.0, 800.0, 800.0]));
    std::fs::write(bench.path("p.toml"), PROJECT.replace("PARKS", parks)).unwrap();
    let answer = bench.run(&["run", "p.toml", "--out", "out", "--lang", "en"]);
    assert!(answer.code.is_some_and(|code| code <= 1), "{answer:#?}");
    let json = std::fs::read(bench.path("out/analysis.json")).unwrap();
    let findings = std::fs::read_to_string(bench.path("out/findings.csv")).unwrap();
    Facts(serde_json::from_slice(&json).unwrap(), findings)
}

#[track_caller]
fn same(got: [f64; 3], wanted: [f64; 3]) {
    for (got, wanted) in got.iter().zip(wanted) {
        assert!((got - wanted).abs() <= 1e-5 * wanted, "{got} is not {wanted}");
    }
}

/// What lies within 100 m of a square of 100 m: five squares and a disc.
const NEAR: f64 = 50_000.0 + PI * 10_000.0;

#[test]
fn ground_that_mixes_parks_with_other_green_makes_park_figures_ranges() {
    let facts = run(CERTAIN);
    // One hectare for certain; one may be a park, and one nobody knows.
    same(facts.urban("park").unwrap(), [10_000.0, 10_000.0, 30_000.0]);
    same(facts.urban("near_park").unwrap(), [NEAR, NEAR, 2.0 * NEAR]);
    assert!(facts.1.contains("class-mixed") && facts.1.contains("1 patches of 1.00 ha"), "{}", facts.1);
    let only_mixed = run("");
    same(only_mixed.urban("park").unwrap(), [0.0, 0.0, 20_000.0]);
    same(only_mixed.urban("near_park").unwrap(), [0.0, 0.0, NEAR]);
}

/// The patch of an unknown code lies in a town, in the urban area, and in sectors of a ring: one hectare.
#[test]
fn hectares_of_a_value_are_those_of_the_towns_whatever_lies_over_them() {
    let facts = run("");
    assert!(facts.1.contains("nothing maps the value 9999: 1 patches of 1.00 ha"), "{}", facts.1);
    let values = facts.0["values"].as_array().unwrap();
    let unmapped = values.iter().find(|v| v["value"] == "9999").unwrap();
    same([unmapped["gross_m2"].as_f64().unwrap(); 3], [10_000.0; 3]);
}
