//! Reach, roads and shores by hand: squares, discs and straight roads that a surveyor can draw.

use crate::workbench::{Answer, Sheet, Workbench, X, Y, at, two_towns};

pub const CRS: Option<&str> = Some("EPSG:4547");

pub const HEAD: &str = "schema = 1\narea = \"plane\"\n[zones]\nfile = \"towns.geojson\"\nid = \"id\"\nname = \"name\"\n\
    [[cover]]\nname = \"woods\"\nfile = \"woods.geojson\"\nfield = \"kind\"\nstratum = \"all\"\n\
    map = [{ class = \"arbor\", values = [\"wood\"] }, { class = \"g1\", values = [\"park\"] },\n\
    { class = \"bare\", values = [\"bare\"] }]\n\
    [[class]]\nid = \"arbor\"\nname = \"乔木\"\ncounts_as = [\"tree_cover\", \"forest\", \"green\"]\n\
    [[class]]\nid = \"g1\"\nname = \"公园\"\ncounts_as = [\"park\"]\n\
    [[class]]\nid = \"bare\"\nname = \"裸地\"\ncounts_as = []\n\
    [[stratum]]\nname = \"all\"\nclasses = [\"arbor\", \"g1\", \"bare\"]\n";

/// Lines as a layer, each with a kind and its corners in metres from the usual corner.
pub fn lines(features: &[(&str, &[[f64; 2]])]) -> String {
    let feature = |(kind, points): &(&str, &[[f64; 2]])| {
        let points: Vec<String> = points.iter().map(|[x, y]| format!("[{},{}]", X + x, Y + y)).collect();
        format!(
            r#"{{"type":"Feature","properties":{{"kind":"{kind}"}},"geometry":{{"type":"LineString","coordinates":[{}]}}}}"#,
            points.join(",")
        )
    };
    format!(
        r#"{{"type":"FeatureCollection","crs":{{"type":"name","properties":{{"name":"urn:ogc:def:crs:EPSG::4547"}}}},"features":[{}]}}"#,
        features.iter().map(feature).collect::<Vec<_>>().join(",")
    )
}

pub fn woods(patches: &[(&'static str, [f64; 4])]) -> Sheet {
    let sheet = Sheet::new(CRS).text("kind");
    patches
        .iter()
        .fold(sheet, |sheet, (kind, [w, s, e, n])| sheet.with([(*kind).into()], &at(*w, *s, *e, *n)))
}

pub fn area(name: &'static str, corners: [f64; 4]) -> Sheet {
    let [w, s, e, n] = corners;
    Sheet::new(CRS).text("id").with([name.into()], &at(w, s, e, n))
}

/// The rows of `measures.csv`: place, what, value, low, high.
pub type Measures = Vec<(String, String, [Option<f64>; 3])>;

pub fn measures(bench: &Workbench, project: &str) -> Measures {
    measured(bench, &format!("{HEAD}{project}")).0
}

/// The rows of `measures.csv` of a whole project file, and what the program said.
pub fn measured(bench: &Workbench, project: &str) -> (Measures, Answer) {
    std::fs::write(bench.path("p.toml"), project).unwrap();
    let answer = bench.run(&["run", "p.toml", "--out", "out", "--lang", "en"]);
    assert!(answer.code == Some(0) || answer.code == Some(1), "{answer:#?}");
    // Where nothing was measured beside ground under classes there is no such file.
    let bytes = std::fs::read(bench.path("out/measures.csv")).unwrap_or_default();
    let mut table = csv::Reader::from_reader(bytes.get(3..).unwrap_or_default());
    let number = |text: &str| text.parse::<f64>().ok();
    let rows = table.records().map(Result::unwrap);
    let row = |r: csv::StringRecord| (r[2].to_owned(), r[3].to_owned(), [4, 5, 6].map(|i| number(&r[i])));
    (rows.map(row).collect(), answer)
}

#[track_caller]
pub fn figure(rows: &[(String, String, [Option<f64>; 3])], place: &str, what: &str) -> f64 {
    let found = rows.iter().find(|(p, w, _)| p == place && w == what);
    found.unwrap_or_else(|| panic!("{place}: {what} is not in {rows:#?}")).2[0].unwrap()
}

#[track_caller]
pub fn is(rows: &[(String, String, [Option<f64>; 3])], place: &str, what: &str, wanted: f64) {
    let got = figure(rows, place, what);
    assert!((got - wanted).abs() <= 1e-6 * wanted + 1e-6, "{place}: {what} is {got}, not {wanted}");
}

#[test]
fn streets_of_a_built_up_area_have_their_figure_at_every_width() {
    let bench = Workbench::new();
    bench.write("towns.geojson", &two_towns());
    let patches = [("wood", [200.0, 503.0, 600.0, 515.0]), ("wood", [400.0, 485.0, 800.0, 495.0])];
    bench.write("woods.geojson", &woods(&patches));
    bench.write("built.geojson", &area("b", [200.0, 400.0, 600.0, 600.0]));
    let street = lines(&[("street", &[[100.0, 500.0], [900.0, 500.0]])]);
    std::fs::write(bench.path("roads.geojson"), street).unwrap();
    let project = "[scopes.town_built_up]\nfile = \"built.geojson\"\nsource = \"x\"\ndate = \"2024\"\n\
        [town_roads]\nfile = \"roads.geojson\"\nstrip_m = [0, 10]\nalso_strip_m = [4]\nsides = \"mean\"\n";
    let rows = measures(&bench, project);
    is(&rows, "built-up area of 西镇", "roads fit for greening", 400.0);
    is(&rows, "built-up area of 西镇", "greened roads", (400.0 + 200.0) / 2.0);
    for place in ["built-up area of 西镇", "county"] {
        is(&rows, place, "greened with a strip from 0 to 4 m", 50.0);
    }
}

/// A wood that holds a slanted road altogether stands on both sides of all of it; one that ends at a bend, to the bend.
#[test]
fn a_wood_around_a_road_counts_along_all_of_it_and_a_bend_counts_nothing_twice() {
    let bench = Workbench::new();
    bench.write("towns.geojson", &two_towns());
    bench.write("woods.geojson", &woods(&[("wood", [0.0, 0.0, 500.0, 1000.0])]));
    let roads = lines(&[("road", &[[100.0, 100.0], [400.0, 500.0], [100.0, 900.0], [900.0, 900.0]])]);
    std::fs::write(bench.path("roads.geojson"), roads).unwrap();
    let rows = measures(&bench, "[road_greening]\nfile = \"roads.geojson\"\nstrip_m = [2, 12]\n");
    is(&rows, "county", "roads fit for greening", 1800.0);
    is(&rows, "county", "greened roads", 1400.0);
}

#[test]
fn a_recreation_place_must_be_large_and_may_lie_in_parts() {
    let bench = Workbench::new();
    bench.write("towns.geojson", &two_towns());
    bench.write("woods.geojson", &woods(&[("bare", [0.0, 0.0, 10.0, 10.0])]));
    let large = Sheet::new(CRS)
        .text("id")
        .with(["a".into()], &at(-600.0, 0.0, -300.0, 500.0))
        .with(["b".into()], &at(-300.0, 0.0, -100.0, 500.0))
        .with(["c".into()], &at(1900.0, 900.0, 2000.0, 1000.0));
    bench.write("forest-parks.geojson", &large);
    let project = "[recreation]\nfile = \"forest-parks.geojson\"\nradius_m = 300\n";
    let rows = measures(&bench, project);
    // 25 ha in two parcels, 100 m west of 西镇: 200 m of the strip, and a segment of the disc about its north-east corner.
    let (r, d): (f64, f64) = (300.0, 100.0);
    let segment = r * r * (d / r).acos() - d * (r * r - d * d).sqrt();
    let wanted = 200.0 * 500.0 + segment / 2.0;
    let near = figure(&rows, "西镇", "ground near a large recreation place");
    assert!((near / wanted - 1.0).abs() < 1e-4, "{near} {wanted}");
    is(&rows, "county", "places too small", 1.0);
    let none = measures(&bench, &project.replace("radius_m", "at_least_ha = 30\nradius_m"));
    let county = none.iter().find(|(p, w, _)| p == "county" && w.starts_with("ground near")).unwrap();
    assert_eq!(county.2, [Some(0.0), Some(0.0), Some(2_000_000.0)], "nothing found is not nought");
}

/// 400 m natural, 200 m walls, and 200 m of which nobody says what they are.
#[test]
fn shore_that_does_not_say_what_it_is_may_be_natural_or_not() {
    let bench = Workbench::new();
    bench.write("towns.geojson", &two_towns());
    bench.write("woods.geojson", &woods(&[("wood", [0.0, 0.0, 10.0, 10.0])]));
    bench.write("waters.geojson", &area("w", [300.0, 300.0, 500.0, 500.0]));
    let shore = lines(&[
        ("natural", &[[300.0, 300.0], [300.0, 500.0], [500.0, 500.0]]),
        ("wall", &[[500.0, 500.0], [500.0, 300.0]]),
        ("?", &[[500.0, 300.0], [300.0, 300.0]]),
    ]);
    std::fs::write(bench.path("shore.geojson"), shore.replace("\"?\"", "null")).unwrap();
    let project = "[waterside]\nfile = \"waters.geojson\"\nat_least_ha = 0.1\n[waterside.shore]\n\
        file = \"shore.geojson\"\nnatural = \"kind = 'natural'\"\n";
    let (rows, answer) = measured(&bench, &format!("{HEAD}{project}"));
    answer.told("warning", "shore-unknown", &["200.00 m", "shore.geojson"]);
    let range = |what: &str| rows.iter().find(|(p, w, _)| p == "county" && w == what).unwrap().2;
    assert_eq!(range("shore").map(|m| m.unwrap().round()), [800.0; 3]);
    assert_eq!(range("natural shore").map(|m| m.unwrap().round()), [400.0, 400.0, 600.0]);
}

#[test]
fn roads_that_are_points_are_refused_and_steps_must_grow() {
    let bench = Workbench::new();
    bench.write("towns.geojson", &two_towns());
    bench.write("woods.geojson", &woods(&[("wood", [0.0, 0.0, 10.0, 10.0])]));
    bench.write("roads.geojson", &woods(&[("wood", [0.0, 0.0, 10.0, 10.0])]));
    std::fs::write(bench.path("p.toml"), format!("{HEAD}[road_greening]\nfile = \"roads.geojson\"\n"))
        .unwrap();
    bench.run(&["run", "p.toml", "--out", "out"]).refused("layer-not-lines", &["roads"]);
    let steps = "[park_service]\nreach = [{ at_least_ha = 2, radius_m = 100 }, { at_least_ha = 1, radius_m = 300 }]\n";
    std::fs::write(bench.path("p.toml"), format!("{HEAD}{steps}")).unwrap();
    let answer = bench.run(&["run", "p.toml", "--out", "out", "--lang", "en"]);
    assert!(answer.code == Some(2) && answer.err.contains("at_least_ha"), "{answer:#?}");
}

/// Rings that reach beyond the county are told, every row says that no standard asks, and none comes into a verdict.
#[test]
fn rings_are_for_information_and_the_county_of_one_terrain_has_one_line_of_reference() {
    let bench = Workbench::new();
    bench.write("towns.geojson", &two_towns());
    bench.write("woods.geojson", &woods(&[("wood", [1000.0, 0.0, 2000.0, 1000.0])]));
    bench.write("urban.geojson", &area("u", [950.0, 650.0, 1050.0, 750.0]));
    let project = "[scopes.urban]\nfile = \"urban.geojson\"\nsource = \"x\"\ndate = \"2024\"\n\
        [rings]\ndistances_m = [100, 400]\nsectors = 4\n[county]\nterrain = \"shallow_hill\"\n";
    measures(&bench, project);
    let text = |name: &str| std::fs::read_to_string(bench.path("out").join(name)).unwrap();
    let findings = text("findings.csv");
    assert!(findings.contains("of the ring from 100 to 400 m lie beyond the county"), "{findings}");
    assert!(!findings.contains("of the ring from 0 to 100 m"), "{findings}");
    assert!(!text("indicators.csv").contains("azimuth"));
    let rings = text("rings.csv");
    let mut table = csv::Reader::from_reader(rings.trim_start_matches('\u{feff}').as_bytes());
    let rows: Vec<csv::StringRecord> = table.records().map(Result::unwrap).collect();
    assert!(rows.iter().all(|row| row[12].contains("asked by no standard")));
    // No class is water: nothing is deducted, and the row says so.
    let of_rings: Vec<_> = rows.iter().filter(|row| &row[0] == "ring").collect();
    assert_eq!(of_rings.len(), 2);
    for row in of_rings {
        assert!(
            row[9].is_empty() && row[8] == row[10] && row[12].contains("no cover has a class of water"),
            "{row:?}"
        );
    }
    let lines: Vec<_> = rows.iter().filter(|row| &row[0] == "line of reference").collect();
    assert_eq!(lines.len(), 1);
    assert!(&lines[0][8] == "40" && lines[0][12].contains("low hills"), "{lines:?}");
}

/// Of all that an item may need only what is not there is told; `rules show` tells all of it.
#[test]
fn an_item_tells_what_this_project_lacks() {
    let bench = Workbench::new();
    bench.write("towns.geojson", &two_towns());
    bench.write("woods.geojson", &woods(&[("wood", [0.0, 0.0, 100.0, 100.0])]));
    let water = woods(&[("water", [200.0, 200.0, 300.0, 300.0])]);
    bench.write("waters.geojson", &water);
    bench.write("urban.geojson", &water);
    let scope = "[scopes.urban]\nfile = \"urban.geojson\"\nsource = \"x\"\ndate = \"2024\"\n";
    let project = format!(
        "{HEAD}[standard]\nrules = [\"GB/T 37342-2019\", \"Guangdong forest town 2023\"]\n{scope}\
         [waterside]\nfile = \"waters.geojson\"\n"
    );
    std::fs::write(bench.path("p.toml"), project).unwrap();
    bench.run(&["run", "p.toml", "--out", "out", "--lang", "en"]).ended(0);
    let text = std::fs::read_to_string(bench.path("out/indicators.csv")).unwrap();
    let mut table = csv::Reader::from_reader(text.trim_start_matches('\u{feff}').as_bytes());
    let rows: Vec<std::collections::BTreeMap<String, String>> =
        table.deserialize().map(Result::unwrap).collect();
    for (code, needs) in [
        ("road-greening", "needs railways and roads of county grade and above ([road_greening])"),
        (
            "shaded-roads",
            "needs the main and secondary roads of the urban area ([shaded_roads]), and a cover with classes that count as tree canopy (counts_as \"canopy\")",
        ),
        (
            "natural-shore",
            "needs the shore as lines, with a condition for what is natural ([waterside.shore])",
        ),
        ("water-source-coverage", "needs the water-source areas ([scopes.water_sources])"),
        ("park-per-resident", "needs the residents of the urban area (urban_residents in [residents])"),
        ("native-species", "needs the urban trees with their species ([trees])"),
        ("village-parks", "needs the number of leisure greens of each village ([leisure_parks.villages])"),
        (
            "land-restoration",
            "needs the damaged and abandoned land ([scopes.damaged_land]), and what of it is restored ([restored])",
        ),
    ] {
        let row = rows.iter().find(|row| row["code"] == code).unwrap();
        assert_eq!((row["outcome"].as_str(), row["reason"].as_str()), ("not measurable", needs));
    }
    let shown = bench.run(&["--lang", "en", "rules", "show", "GB/T 37342-2019", "shaded-roads"]);
    assert!(shown.out.contains("the urban area, its main and secondary roads"), "{}", shown.out);
    assert!(shown.out.contains("what for") && shown.out.contains("in the shade of trees"), "{}", shown.out);
}

/// A layer of a further measure that has no features is as good as none: its item says what it needs, and the run goes on.
#[test]
fn layers_without_features_leave_their_items_open_and_never_end_the_run() {
    let bench = Workbench::new();
    bench.write("towns.geojson", &two_towns());
    bench.write("woods.geojson", &woods(&[("wood", [0.0, 0.0, 100.0, 100.0])]));
    std::fs::write(bench.path("none.geojson"), lines(&[])).unwrap();
    let scope =
        |name: &str| format!("[scopes.{name}]\nfile = \"none.geojson\"\nsource = \"x\"\ndate = \"2024\"\n");
    let project = format!(
        "{HEAD}[standard]\nrules = [\"GB/T 37342-2019\"]\n{}{}[road_greening]\nfile = \"none.geojson\"\nunfit = [{{ reason = \"bridge\", where = \"kind = 'bridge'\" }}]\n\
         [recreation]\nfile = \"none.geojson\"\n[waterside]\nfile = \"none.geojson\"\n\
         [waterside.shore]\nfile = \"none.geojson\"\nnatural = \"kind = 'natural'\"\n\
         [greenways]\nfile = \"none.geojson\"\nsource = \"x\"\ndate = \"2024\"\n",
        scope("urban"),
        scope("car_parks")
    );
    std::fs::write(bench.path("p.toml"), project).unwrap();
    let answer = bench.run(&["run", "p.toml", "--out", "out", "--lang", "en"]);
    answer.ended(0).told("warning", "layer-empty", &["none.geojson", "taken as not given"]);
    let text = std::fs::read_to_string(bench.path("out/indicators.csv")).unwrap();
    for (code, needs) in [
        ("road-greening", "within the places asked about: [road_greening] has none there"),
        ("car-parks", "[scopes.car_parks] has none there"),
        ("recreation-service", "[recreation] has none there"),
        ("natural-shore", "[waterside.shore] has none there"),
        (
            "greenways",
            "[greenways] has none there, and a table with the residents of every town ([residents])",
        ),
        ("green-coverage", "[scopes.urban] has none there"),
    ] {
        let row = text.lines().find(|line| line.contains(&format!(",{code},"))).unwrap();
        assert!(row.contains("not measurable") && row.contains(needs), "{row}");
    }
    // The layer that everything rests on is another matter.
    let empty = HEAD.replace("woods.geojson", "none.geojson");
    std::fs::write(bench.path("p.toml"), empty).unwrap();
    bench.run(&["run", "p.toml", "--out", "out2"]).refused("layer-empty", &["none.geojson"]);
}

#[test]
fn residents_that_are_nought_are_told_by_their_place() {
    let bench = Workbench::new();
    bench.write("towns.geojson", &two_towns());
    bench.write("woods.geojson", &woods(&[("park", [0.0, 0.0, 100.0, 100.0])]));
    bench.write("urban.geojson", &area("u", [0.0, 0.0, 1000.0, 1000.0]));
    std::fs::write(bench.path("residents.csv"), "code,persons\n1,0\n2,500\n").unwrap();
    let project = |urban: &str| {
        format!(
            "{HEAD}[scopes.urban]\nfile = \"urban.geojson\"\nsource = \"x\"\ndate = \"2024\"\n[residents]\n\
             file = \"residents.csv\"\nkey = \"code\"\nvalue = \"persons\"\nunit = \"人\"\n\
             urban_residents = {{ value = {urban}, source = \"x\", date = \"2024\" }}\n"
        )
    };
    let (_, answer) = measured(&bench, &project("0, unit = \"人\""));
    let told = |answer: &Answer, words: &str| assert!(answer.err.contains(words), "{words}: {}", answer.err);
    told(&answer, "the urban area has 0 residents");
    told(&answer, "东镇 has 0 residents");
    let verdict = std::fs::read_to_string(bench.path("out/indicators.csv")).unwrap();
    let row = verdict.lines().find(|line| line.contains(",park-per-resident,")).unwrap();
    assert!(row.contains("not measurable"), "{row}");
    let (_, answer) = measured(&bench, &project("50, unit = \"万人\""));
    told(&answer, "500000 residents of the urban area would be 500000.0 to a square kilometre");
}

/// Residents and the ground they are divided by must be of one year and one boundary.
#[test]
fn residents_of_another_year_or_ground_than_the_urban_area_are_told() {
    let bench = Workbench::new();
    bench.write("towns.geojson", &two_towns());
    bench.write("woods.geojson", &woods(&[("park", [0.0, 0.0, 100.0, 100.0])]));
    bench.write("urban.geojson", &area("u", [0.0, 0.0, 1000.0, 1000.0]));
    let told = |count: &str| {
        let project = format!(
            "[scopes.urban]\nfile = \"urban.geojson\"\nsource = \"国土变更调查\"\ndate = \"2024-12-31\"\n\
             [residents]\nurban_residents = {{ value = 5000, unit = \"人\", source = \"公报\", {count} }}\n"
        );
        measures(&bench, &project);
        let findings = std::fs::read_to_string(bench.path("out/findings.csv")).unwrap();
        ["residents-year", "residents-scope"].map(|code| findings.contains(code))
    };
    assert_eq!(told("date = 2024"), [false, false]);
    assert_eq!(told("date = \"2024年底\", within = \"国土变更调查\""), [false, false]);
    assert_eq!(told("date = \"2020-11-01\""), [true, false]);
    assert_eq!(told("date = \"2024\", within = \"建成区规划\""), [false, true]);
}

/// Points as a layer, each with a value of one field as JSON and its place in metres from the usual corner.
pub fn points(field: &str, features: &[(&str, [f64; 2])]) -> String {
    let feature = |(value, [x, y]): &(&str, [f64; 2])| {
        let (x, y) = (X + x, Y + y);
        format!(
            r#"{{"type":"Feature","properties":{{"{field}":{value}}},"geometry":{{"type":"Point","coordinates":[{x},{y}]}}}}"#
        )
    };
    format!(
        r#"{{"type":"FeatureCollection","crs":{{"type":"name","properties":{{"name":"urn:ogc:def:crs:EPSG::4547"}}}},"features":[{}]}}"#,
        features.iter().map(feature).collect::<Vec<_>>().join(",")
    )
}

/// The same park, and homes as points: at its end and in the park a home is near; on the border of the urban area it is
/// counted once; a negative number is unknown; one home lies in 东镇, outside the urban area.
#[test]
fn homes_that_are_points_are_near_a_park_or_are_not() {
    let bench = Workbench::new();
    bench.write("towns.geojson", &two_towns());
    bench.write("woods.geojson", &woods(&[("park", [0.0, 0.0, 100.0, 1000.0])]));
    bench.write("urban.geojson", &area("u", [0.0, 0.0, 1000.0, 1000.0]));
    let homes = [
        ("30", [50.0, 500.0]),
        ("20", [0.0, 300.0]),
        ("10", [300.0, 400.0]),
        ("40", [300.001, 400.0]),
        ("60", [1000.0, 700.0]),
        ("-7", [200.0, 500.0]),
        ("null", [800.0, 500.0]),
        ("0", [800.0, 600.0]),
        ("500", [1500.0, 500.0]),
    ];
    std::fs::write(bench.path("homes.geojson"), points("rs", &homes)).unwrap();
    let land = Sheet::new(CRS).text("rs").with(["80".into()], &at(200.0, 100.0, 400.0, 200.0));
    bench.write("land.geojson", &land);
    let head = "[scopes.urban]\nfile = \"urban.geojson\"\nsource = \"x\"\ndate = \"2024\"\n";
    let project = |homes: &str| format!("{HEAD}{head}[park_service]\nradius_m = 200\nhomes = {homes}\n");
    let points = "{ file = \"homes.geojson\", residents = \"rs\" }";
    let (rows, answer) = measured(&bench, &project(points));
    let urban = "urban area";
    is(&rows, urban, "homes of the urban area", 8.0);
    is(&rows, urban, "homes near a park", 4.0 / 8.0 * 100.0);
    is(&rows, urban, "residents of the homes", 160.0);
    is(&rows, urban, "residents of homes near a park", 60.0 / 160.0 * 100.0);
    is(&rows, urban, "homes without a number of residents", 2.0);
    is(&rows, urban, "homes outside the urban area", 1.0);
    answer.told("warning", "number-negative", &["homes.geojson", "1 values of rs", "-7"]);
    answer.told("warning", "homes-without-residents", &["homes.geojson", "2 of 8"]);
    let findings = std::fs::read_to_string(bench.path("out/findings.csv")).unwrap();
    assert!(findings.contains("1 of 9 homes lie outside the urban area"), "{findings}");
    // Without the field homes are counted alone; beside land each line names its layer.
    let (rows, _) = measured(&bench, &project("{ file = \"homes.geojson\" }"));
    is(&rows, urban, "homes near a park", 50.0);
    assert!(!rows.iter().any(|(_, what, _)| what.contains("residents")), "{rows:#?}");
    let both = format!("[{points}, {{ file = \"land.geojson\", residents = \"rs\" }}]");
    let (rows, _) = measured(&bench, &project(&both));
    is(&rows, urban, "residents of homes near a park (homes.geojson)", 37.5);
    is(&rows, urban, "residents near a park (land.geojson)", 50.0);
    // Lines are no homes.
    std::fs::write(bench.path("roads.geojson"), lines(&[("road", &[[0.0, 0.0], [10.0, 0.0]])])).unwrap();
    std::fs::write(bench.path("p.toml"), project("{ file = \"roads.geojson\" }")).unwrap();
    bench.run(&["run", "p.toml", "--out", "out"]).refused("layer-not-homes", &["roads.geojson"]);
}
