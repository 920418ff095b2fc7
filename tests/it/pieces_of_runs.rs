//! The audit trail of a project: every feature in every place adds up to the net areas of `coverage.csv`.

use std::collections::BTreeMap;

use crate::further::woods;
use crate::workbench::{Workbench, two_towns};

const PROJECT: &str = "schema = 1\narea = \"plane\"\n[zones]\nfile = \"towns.geojson\"\nid = \"id\"\n\
    [[cover]]\nname = \"woods\"\nfile = \"woods.geojson\"\nfield = \"kind\"\nstratum = \"land\"\n\
    map = [{ class = \"arbor\", values = [\"wood\"] }]\n\
    [[cover]]\nname = \"parks\"\nfile = \"parks.geojson\"\nfield = \"kind\"\nstratum = \"land\"\n\
    map = [{ class = \"arbor\", values = [\"wood\"] }, { class = \"g1\", values = [\"park\"] }]\n\
    [[cover]]\nname = \"crowns\"\nfile = \"crowns.geojson\"\nclass = \"crown\"\n\
    [[class]]\nid = \"arbor\"\nname = \"乔木\"\ncounts_as = [\"tree_cover\"]\n\
    [[class]]\nid = \"g1\"\nname = \"公园\"\ncounts_as = [\"park\"]\n\
    [[class]]\nid = \"crown\"\nname = \"树冠\"\ncounts_as = [\"canopy\"]\n\
    [[stratum]]\nname = \"land\"\nclasses = [\"arbor\", \"g1\"]\n\
    [[stratum]]\nname = \"trees\"\nclasses = [\"crown\"]\n\
    [scopes.urban]\nfile = \"urban.geojson\"\nsource = \"x\"\ndate = \"2024\"\n";

fn three_covers() -> Workbench {
    let bench = Workbench::new();
    bench.write("towns.geojson", &two_towns());
    let trees = [
        ("wood", [100.0, 100.0, 300.0, 300.0]),
        ("wood", [200.0, 100.0, 400.0, 300.0]),
        ("odd", [500.0, 500.0, 600.0, 600.0]),
    ];
    let parks = [("wood", [300.0, 100.0, 500.0, 300.0]), ("park", [900.0, 100.0, 1100.0, 200.0])];
    bench.write("woods.geojson", &woods(&trees)).write("parks.geojson", &woods(&parks));
    bench.write("crowns.geojson", &woods(&[("", [100.0, 100.0, 200.0, 200.0])]));
    bench.write("urban.geojson", &woods(&[("", [150.0, 100.0, 350.0, 300.0])]));
    std::fs::write(bench.path("p.toml"), PROJECT).unwrap();
    bench
}

#[test]
fn each_cover_counts_what_those_before_it_leave_of_its_class_in_every_place() {
    let bench = three_covers();
    bench.run(&["run", "p.toml", "--out", "out", "--pieces", "p.csv"]);
    let expected = "place,zone,stratum,class,layer,feature,gross_m2,area_m2\n\
        town,2,land,arbor,woods,0,40000.000000,40000.000000\n\
        urban,,land,arbor,woods,0,30000.000000,30000.000000\n\
        town,2,land,arbor,woods,1,40000.000000,20000.000000\n\
        urban,,land,arbor,woods,1,30000.000000,10000.000000\n\
        town,2,land,(unmapped),woods,2,10000.000000,10000.000000\n\
        town,2,land,arbor,parks,0,40000.000000,20000.000000\n\
        urban,,land,arbor,parks,0,10000.000000,0.000000\n\
        town,2,land,g1,parks,1,10000.000000,10000.000000\n\
        town,1,land,g1,parks,1,10000.000000,10000.000000\n\
        town,2,trees,crown,crowns,0,10000.000000,10000.000000\n\
        urban,,trees,crown,crowns,0,5000.000000,5000.000000\n";
    assert_eq!(std::fs::read_to_string(bench.path("p.csv")).unwrap(), expected);
    let with = bench.documents("out");
    bench.run(&["run", "p.toml", "--out", "without"]);
    assert!(with == bench.documents("without"), "a trail changes a document");
}

/// By place, zone, stratum and class: gross, net and how many rows.
type Sums = BTreeMap<[String; 4], (f64, f64, f64)>;

fn sums(bench: &Workbench, file: &str, columns: [&str; 2]) -> Sums {
    let bytes = std::fs::read(bench.path(file)).unwrap();
    let mut table = csv::Reader::from_reader(bytes.strip_prefix("\u{feff}".as_bytes()).unwrap_or(&bytes));
    let header = table.headers().unwrap().clone();
    let at = |name: &str| header.iter().position(|head| head == name).unwrap();
    let (key, columns) = (["place", "zone", "stratum", "class"].map(at), columns.map(at));
    let mut sums = Sums::new();
    for row in table.records().map(Result::unwrap) {
        let [gross, net] = columns.map(|column| row[column].parse::<f64>().unwrap_or_default());
        let sum = sums.entry(key.map(|column| row[column].to_owned())).or_default();
        *sum = (sum.0 + gross, sum.1 + net, sum.2 + 1.0);
    }
    sums
}

#[test]
fn the_trail_of_the_sample_county_adds_up_in_every_place_on_any_number_of_threads() {
    let bench = Workbench::new();
    bench.run(&["-q", "sample", "s"]).ended(0);
    let run = |threads: &str| {
        let asked =
            ["-q", "run", "s/project.toml", "--out", "out", "--pieces", "p.csv", "--threads", threads];
        let answer = bench.run(&asked);
        assert!(!answer.err.contains("unbalanced"), "{answer:#?}");
        std::fs::read(bench.path("p.csv")).unwrap()
    };
    assert!(run("1") == run("2"), "threads change a byte");
    let trail = sums(&bench, "p.csv", ["gross_m2", "area_m2"]);
    let mut table = sums(&bench, "out/coverage.csv", ["gross_m2", "net_m2"]);
    table.retain(|[place, _, stratum, class], (gross, _, _)| {
        place != "county" && stratum != "(figure)" && class != "(none)" && *gross > 0.0
    });
    assert_eq!(trail.keys().collect::<Vec<_>>(), table.keys().collect::<Vec<_>>());
    for (key, (gross, net, rows)) in &trail {
        let (wanted, tolerance) = (table[key], 0.5e-6 * rows + 1e-7);
        assert!((gross - wanted.0).abs() <= tolerance, "{key:?}: {gross}, table {wanted:?}");
        assert!((net - wanted.1).abs() <= tolerance, "{key:?}: {net}, table {wanted:?}");
    }
    let places: std::collections::BTreeSet<&str> = trail.keys().map(|key| key[0].as_str()).collect();
    assert!(places.len() >= 3, "{places:?}");
    assert!(trail.values().any(|(gross, net, _)| gross - net > 100.0), "nothing overlaps");
}

#[test]
fn one_trail_of_several_projects_is_refused() {
    let bench = three_covers();
    std::fs::copy(bench.path("p.toml"), bench.path("q.toml")).unwrap();
    let answer = bench.run(&["run", "p.toml", "q.toml", "--out", "out", "--pieces", "p.csv"]);
    answer.refused("batch-one-trail", &["--pieces"]);
    assert!(!bench.path("out").exists() && !bench.path("p.csv").exists());
}
