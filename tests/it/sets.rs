//! Sets of classes beside the figures by hand: the green-space rate, trees on other land, natural wetland, trees of the
//! four sides.

use crate::further::{CRS, HEAD, Measures, area, figure, is, measured, woods};
use crate::workbench::{Answer, Sheet, Workbench, at, two_towns};

const ZONES: &str = "schema = 1\narea = \"plane\"\n[county]\nannual_precipitation_mm = 1700\n[zones]\nfile = \"towns.geojson\"\nid = \"id\"\nname = \"name\"\n";
const LAND: &str = "[[cover]]\nname = \"land\"\nfile = \"land.geojson\"\nfield = \"kind\"\nmap = [\n\
    { class = \"arbor\", values = [\"111\"] }, { class = \"arbor_elsewhere\", values = [\"961\"] },\n\
    { class = \"orchard\", values = [\"orchard\"] }, { class = \"farmland\", values = [\"field\"] },\n\
    { class = \"young\", values = [\"young\"] }, { class = \"wetland\", values = [\"marsh\"] }]\n";
const CANOPY: &str = "[[cover]]\nname = \"canopy\"\nfile = \"canopy.geojson\"\nclass = \"canopy\"\n";
const URBAN: &str = "[scopes.urban]\nfile = \"urban.geojson\"\nsource = \"x\"\ndate = \"2024\"\n";
const GREEN: &str = "[[cover]]\nname = \"green\"\nfile = \"green.geojson\"\nfield = \"kind\"\n\
    scheme = \"green_space_2017\"\n";

/// 西镇 has 3 ha of forest, 1 ha of forest on other land, orchard, fields and 15 ha of marsh; crowns over all but the marsh.
fn bench() -> Workbench {
    let bench = Workbench::new();
    bench.write("towns.geojson", &two_towns());
    let land = [
        ("111", [0.0, 0.0, 300.0, 100.0]),
        ("961", [300.0, 0.0, 400.0, 100.0]),
        ("orchard", [0.0, 200.0, 100.0, 300.0]),
        ("field", [100.0, 200.0, 300.0, 300.0]),
        ("marsh", [0.0, 500.0, 300.0, 1000.0]),
        ("young", [250.0, 100.0, 300.0, 150.0]),
        // So that 东镇 is surveyed.
        ("field", [1500.0, 800.0, 1510.0, 810.0]),
    ];
    bench.write("land.geojson", &woods(&land));
    let crowns = [("a", [250.0, 50.0, 350.0, 150.0]), ("b", [50.0, 250.0, 150.0, 350.0])];
    bench.write("canopy.geojson", &woods(&crowns));
    bench
}

/// The figure of a verdict of `indicators.csv`.
fn verdict(bench: &Workbench, code: &str) -> f64 {
    let text = std::fs::read_to_string(bench.path("out/indicators.csv")).unwrap();
    let mut table = csv::Reader::from_reader(text.trim_start_matches('\u{feff}').as_bytes());
    let header = table.headers().unwrap().clone();
    let at = |name: &str| header.iter().position(|column| column == name).unwrap();
    let mut rows = table.records().map(Result::unwrap);
    let row = rows.find(|row| &row[at("code")] == code && &row[at("row")] == "verdict").unwrap();
    row[at("value")].parse().unwrap()
}

#[track_caller]
fn near(got: f64, wanted: f64) {
    assert!((got - wanted).abs() < 1e-6, "{got} is not {wanted}");
}

#[track_caller]
fn refused(bench: &Workbench, project: &str, named: &[&str]) {
    std::fs::write(bench.path("p.toml"), project).unwrap();
    let answer = bench.run(&["run", "p.toml", "--out", "out", "--lang", "en"]);
    assert_eq!(answer.code, Some(2), "{answer:#?}");
    named.iter().for_each(|name| assert!(answer.err.contains(name), "{name}: {answer:#?}"));
}

/// Green space by classes of one's own; 15 000 m2 of parks and attached green, of which the last may be other green.
#[test]
fn the_classes_of_green_space_and_of_other_green_may_be_ones_own() {
    let bench = Workbench::new();
    bench.write("towns.geojson", &two_towns());
    bench.write("urban.geojson", &area("u", [0.0, 0.0, 500.0, 500.0]));
    let green = [
        ("G11", [0.0, 0.0, 100.0, 100.0]),
        ("G14", [50.0, 0.0, 150.0, 100.0]),
        ("RG", [200.0, 0.0, 250.0, 100.0]),
        ("EG1", [600.0, 0.0, 900.0, 900.0]),
    ];
    bench.write("green.geojson", &woods(&green));
    let project = format!("{ZONES}{GREEN}{URBAN}[standard]\nrules = [\"National model greening\"]\n");
    let own = "[green_rate]\nclasses = [\"公园绿地\"]\nother = [\"attached_green\"]\n";
    let (rows, _) = measured(&bench, &format!("{project}{own}"));
    let rate = "green-space rate, other green up to 20 % of the rest";
    is(&rows, "urban area", rate, (15_000.0 + 3000.0) / 2500.0);
    for (wrong, named) in [
        ("other = [\"park\"]\n", &["both in `classes` and in `other`"][..]),
        ("classes = [\"parkk\"]\n", &["parkk", "park"]),
        ("other_most_pct = 120\n", &["other_most_pct", "per cent"]),
    ] {
        refused(&bench, &format!("{project}[green_rate]\n{wrong}"), named);
    }
}

#[test]
fn green_coverage_is_told_with_farmland_too() {
    let bench = bench();
    bench.write("urban.geojson", &area("u", [0.0, 0.0, 500.0, 500.0]));
    let (rows, _) = measured(&bench, &format!("{ZONES}{LAND}{CANOPY}{URBAN}"));
    // Forest, orchard and crowns are green: 40 000 + 10 000 + 5000 + 7500 m2; of the fields 2500 m2 lie under crowns.
    is(&rows, "urban area", "green coverage with farmland", (62_500.0 + 20_000.0 - 2500.0) / 2500.0);
}

#[test]
fn trees_on_other_land_may_be_of_ones_own_classes() {
    let own = "[off_forest_trees]\nclasses = [\"canopy\"]\nland = [\"wetland\"]\n";
    let (rows, _) = measured(&bench(), &format!("{ZONES}{LAND}{CANOPY}{own}"));
    is(&rows, "西镇", "trees on land that is no forest land", 12_500.0);
    is(&rows, "西镇", "tree coverage without trees on other land", 4.0);
    is(&rows, "county", "of these trees: on other wetland", 0.0);
}

#[test]
fn settings_of_wetland_that_nobody_knows_are_refused() {
    let project = format!("{ZONES}{LAND}[standard]\nrules = [\"LY/T 2004-2012\"]\n[natural_wetland]\n");
    refused(&bench(), &format!("{project}deduct = \"some\"\n"), &["deduct", "above"]);
    refused(&bench(), &format!("{project}classes = [\"marsh\"]\n"), &["marsh", "is not a class"]);
}

/// Forest on wetland that is deducted: of what is left there can be more forest than ground. It is told, not cut off.
#[test]
fn a_share_that_is_more_than_all_is_noticed() {
    let bench = Workbench::new();
    bench.write("towns.geojson", &two_towns());
    bench.write("woods.geojson", &woods(&[("wood", [0.0, 0.0, 1200.0, 1000.0])]));
    let more = "[standard]\nrules = [\"LY/T 2004-2012\"]\n[natural_wetland]\nclasses = [\"arbor\"]\ndeduct = \"all\"\n";
    let (_, answer) = measured(&bench, &format!("{HEAD}{more}"));
    near(verdict(&bench, "forest-coverage"), 150.0);
    answer.told("warning", "share-above-whole", &["county", "150.0000 %", "1200000.00", "800000.00"]);
    assert!(answer.err.contains("mangroves"), "{}", answer.err);
}

const TABLE: &str = "乡镇,SSLX,株数\n西镇,2,1650\n2,四旁树,825\n东镇,1,9999\n西镇,散生木,10\n北镇,2,5\n东镇,2,\n合计,,14138\n";

fn four_sides(bench: &Workbench, more: &str) -> (Measures, Answer) {
    std::fs::write(bench.path("trees.csv"), TABLE).unwrap();
    let table =
        "[four_side_trees]\nfile = \"trees.csv\"\ntown = \"乡镇\"\ncount = \"株数\"\nkind = \"SSLX\"\n";
    measured(bench, &format!("{ZONES}{LAND}{CANOPY}{table}{more}"))
}

const ADDED: &str = "tree coverage with trees of the four sides added";

#[test]
fn trees_of_the_four_sides_are_an_addend_of_their_own_and_scattered_ones_never_are() {
    let bench = bench();
    let (rows, answer) = four_sides(&bench, "");
    is(&rows, "西镇", "trees of the four sides", 2475.0);
    is(&rows, "county", "trees of the four sides", 2475.0);
    let ground = "trees of the four sides as ground, 1650 a hectare, outside the balance of areas";
    is(&rows, "西镇", ground, 15_000.0);
    is(&rows, "西镇", ADDED, 4.0 + 1.5);
    is(&rows, "county", ADDED, 2.0 + 0.75);
    near(verdict(&bench, "tree-coverage"), 2.0);
    answer.told("note", "four-side-others", &["2 rows", "10009 trees"]);
    answer.told("warning", "rows-unmatched", &["6 (北镇)"]);
    answer.told("warning", "row-without-number", &["7 (东镇)"]);
    let (rows, _) = four_sides(&bench, "per_ha = 825\n");
    is(&rows, "西镇", ADDED, 4.0 + 3.0);
}

#[test]
fn trees_of_the_four_sides_are_refused_where_crowns_or_their_own_patch_count_as_tree_cover() {
    let bench = bench();
    let crowns = "[[class]]\nid = \"canopy\"\ncounts_as = [\"green\", \"canopy\", \"tree_cover\"]\n";
    let (rows, answer) = four_sides(&bench, crowns);
    assert!(rows.iter().all(|(_, what, _)| what != ADDED), "{rows:#?}");
    is(&rows, "西镇", "trees of the four sides", 2475.0);
    answer.told("warning", "four-side-trees-refused", &["towns 2:"]);
    let patch = |kind: &'static str, town: &'static str, sslx: i64, count: i64, [w, s, e, n]: [f64; 4]| {
        ([kind.into(), town.into(), sslx.into(), count.into()], at(w, s, e, n))
    };
    let sheet = Sheet::new(CRS).text("kind").text("XIANG").whole("SSLX").whole("SSZZS");
    let patches = [
        patch("field", "西镇", 2, 330, [0.0, 0.0, 100.0, 100.0]),
        patch("field", "1", 2, 165, [1500.0, 0.0, 1600.0, 100.0]),
        patch("111", "西镇", 2, 5000, [0.0, 200.0, 100.0, 300.0]),
        patch("field", "西镇", 1, 700, [0.0, 400.0, 100.0, 500.0]),
        patch("field", "西镇", 0, 0, [0.0, 600.0, 100.0, 700.0]),
    ];
    bench
        .write("land.geojson", &patches.into_iter().fold(sheet, |sheet, (cells, at)| sheet.with(cells, &at)));
    let fields = "town = \"XIANG\"\ncount = \"SSZZS\"\nkind = \"SSLX\"\n";
    let (rows, answer) =
        measured(&bench, &format!("{ZONES}{LAND}[four_side_trees]\ncover = \"land\"\n{fields}"));
    is(&rows, "西镇", "trees of the four sides", 330.0);
    is(&rows, "东镇", "trees of the four sides", 165.0);
    is(&rows, "西镇", ADDED, 1.0 + 0.2);
    is(&rows, "东镇", ADDED, 0.1);
    assert_eq!(figure(&rows, "county", "trees of the four sides"), 495.0);
    answer.told("warning", "four-side-under-trees", &["1 patches", "5000 trees"]);
    answer.told("note", "four-side-others", &["1 rows", "700 trees"]);
}

#[test]
fn settings_of_trees_of_the_four_sides_that_contradict_are_refused() {
    let bench = bench();
    let project = format!("{ZONES}{LAND}[four_side_trees]\ntown = \"a\"\ncount = \"b\"\n");
    for (more, named) in [
        ("file = \"trees.csv\"\nkind = \"k\"\nkind_values = [\"1\", \"2\"]\n", &["scattered trees"][..]),
        ("file = \"trees.csv\"\ncover = \"land\"\nkind = \"k\"\n", &["both `cover` and `file`"]),
        ("cover = \"lands\"\nkind = \"k\"\n", &["lands", "land"]),
        ("cover = \"land\"\n", &["SSLX"]),
        ("file = \"trees.shp\"\n", &["cover = "]),
        ("file = \"trees.csv\"\nper_ha = 0\n", &["per_ha"]),
    ] {
        refused(&bench, &format!("{project}{more}"), named);
    }
}
