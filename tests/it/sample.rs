//! The sample county: what it promises of itself, and that the program's own doors take it.

use std::collections::BTreeMap;

use geo::{Area, LineString, MultiPolygon};
use geos::{Geom, Geometry};
use sencheng::attribute::Value;
use sencheng::outputs::sample_files::files;
use sencheng::project::Project;
use sencheng::sample::{FEWEST_PATCHES, SampleCounty, USUAL_PATCHES, county};
use sencheng::survey::layer::Layer;

const USUAL_BYTES: usize = 5_000_000;

fn usual() -> SampleCounty {
    county(1, USUAL_PATCHES)
}

fn shapes(layer: &Layer) -> impl Iterator<Item = &MultiPolygon<f64>> {
    layer.features.iter().filter_map(|feature| feature.shape.as_ref())
}

fn area_m2(layer: &Layer) -> f64 {
    shapes(layer).map(Area::unsigned_area).sum()
}

/// The values of one field, as text.
fn column(layer: &Layer, field: &str) -> Vec<String> {
    let at = layer.fields.iter().position(|f| f.name == field).expect("the field exists");
    layer.features.iter().map(|feature| feature.values[at].to_string()).collect()
}

/// Every edge of the layer with how often it runs each way, in a direction that does not depend on the ring.
fn edges(layer: &Layer) -> BTreeMap<[u64; 4], (u32, u32)> {
    let mut edges = BTreeMap::new();
    let rings = shapes(layer).flatten().flat_map(|p| p.interiors().iter().chain([p.exterior()]));
    for line in rings.flat_map(LineString::lines) {
        let [a, b] = [line.start, line.end].map(|c| [c.x.to_bits(), c.y.to_bits()]);
        let (key, forward) =
            if a < b { ([a[0], a[1], b[0], b[1]], true) } else { ([b[0], b[1], a[0], a[1]], false) };
        let count: &mut (u32, u32) = edges.entry(key).or_default();
        *(if forward { &mut count.0 } else { &mut count.1 }) += 1;
    }
    edges
}

fn valid(shape: &MultiPolygon<f64>) -> bool {
    let parts = shape.0.iter().map(|part| {
        let ring = |ring: &LineString<f64>| {
            let vertices: Vec<[f64; 2]> = ring.coords().map(|c| [c.x, c.y]).collect();
            let line = geos::CoordSeq::new_from_vec(&vertices).expect("vertices");
            Geometry::create_linear_ring(line).expect("a ring")
        };
        Geometry::create_polygon(ring(part.exterior()), part.interiors().iter().map(ring).collect())
    });
    parts.into_iter().all(|part| part.expect("a polygon").is_valid().expect("an answer"))
}

#[test]
fn same_seed_gives_the_same_bytes_and_another_seed_does_not() {
    let written = files(&usual()).expect("files");
    assert!(written == files(&usual()).expect("files"));
    assert!(written != files(&county(2, USUAL_PATCHES)).expect("files"));
}

#[test]
fn the_usual_sample_is_small_and_its_shapefile_names_no_encoding() {
    let written = files(&usual()).expect("files");
    let bytes: usize = written.iter().map(|(_, bytes)| bytes.len()).sum();
    assert!(bytes < USUAL_BYTES, "{bytes} bytes");
    let names: Vec<&str> = written.iter().map(|(name, _)| name.as_str()).collect();
    let wanted = "xiaoban.shp xiaoban.shx xiaoban.dbf xiaoban.prj county.gpkg residents.xlsx inventory.xlsx project.toml README.txt";
    assert_eq!(names.join(" "), wanted);
    let (_, dbf) = written.iter().find(|(name, _)| name == "xiaoban.dbf").expect("a .dbf");
    assert_eq!(dbf[29], 0, "the language byte says nothing");
    let (gbk, _, _) = encoding_rs::GBK.encode("马尾松");
    assert!(dbf.windows(gbk.len()).any(|w| *w == *gbk), "text is GBK");
}

#[test]
fn seventeen_towns_and_one_exclave_tile_the_county() {
    let county = usual();
    let codes = column(&county.towns, "XZQDM");
    let names = column(&county.towns, "XZQMC");
    let wanted: Vec<String> = (441_624_100..=441_624_116).map(|code| code.to_string()).collect();
    assert_eq!(codes[..17], wanted);
    assert_eq!((names[0].as_str(), names[16].as_str()), ("阳明镇", "林寨镇"));
    let home = codes[..17].iter().position(|code| *code == codes[17]).expect("the exclave belongs to a town");
    assert_eq!(names[17], names[home]);
    assert!(shapes(&county.towns).all(valid));
    assert!((area_m2(&county.towns) / 2.3e9 - 1.0).abs() < 0.03, "{}", area_m2(&county.towns));
    // A partition: inner edges run once each way, outer edges once; so the outlines enclose every place once.
    let outer = edges(&county.towns).values().filter(|count| **count != (1, 1)).count();
    assert!(edges(&county.towns).values().all(|&(there, back)| there <= 1 && back <= 1));
    assert!(outer > 100, "{outer} edges round the county");
}

#[test]
fn sub_compartments_are_as_many_as_wanted_and_broken_only_on_purpose() {
    for (seed, wanted) in [(1, USUAL_PATCHES), (2, USUAL_PATCHES), (3, 6_000), (4, 10)] {
        let patches = county(seed, wanted).patches;
        assert_eq!(patches.features.len(), wanted.max(FEWEST_PATCHES));
        assert_eq!(patches.features.iter().filter(|f| f.shape.is_none()).count(), 1);
        assert_eq!(shapes(&patches).filter(|shape| !valid(shape)).count(), 1, "the bow-tie, seed {seed}");
        assert_eq!(column(&patches, "DI_LEI").iter().filter(|code| *code == "310").count(), 1);
        let mut ids = column(&patches, "XBID");
        ids.sort();
        ids.dedup();
        assert_eq!(ids.len(), patches.features.len());
        let vertices: usize = shapes(&patches).flatten().map(|part| part.exterior().0.len() - 1).sum();
        let mean = vertices as f64 / patches.features.len() as f64;
        assert!((70.0..80.0).contains(&mean), "{mean} vertices, seed {seed}");
    }
}

#[test]
fn forest_is_about_seven_tenths_of_the_county() {
    let county = usual();
    let forest = ["111", "112", "130", "301", "961", "962", "963"];
    let land_class = column(&county.patches, "DI_LEI");
    let grown =
        county.patches.features.iter().zip(&land_class).filter(|(_, code)| forest.contains(&code.as_str()));
    let grown_m2: f64 = grown.filter_map(|(f, _)| f.shape.as_ref()).map(Area::unsigned_area).sum();
    let share = grown_m2 / area_m2(&county.towns);
    assert!((0.65..0.75).contains(&share), "{share}");
}

#[test]
fn some_sub_compartments_cross_a_town_line_and_most_follow_it() {
    let county = usual();
    let town_lines = edges(&county.towns);
    let between: Vec<_> =
        town_lines.iter().filter(|(_, count)| **count == (1, 1)).map(|(edge, _)| edge).collect();
    let drawn = edges(&county.patches);
    let followed =
        between.iter().filter(|edge| drawn.contains_key(**edge)).count() as f64 / between.len() as f64;
    assert!((0.6..0.95).contains(&followed), "{followed} of the town lines are followed");
}

#[test]
fn recorded_areas_are_the_areas_drawn() {
    let patches = usual().patches;
    let at = patches.fields.iter().position(|f| f.name == "MIAN_JI").expect("MIAN_JI");
    let notes = column(&patches, "BZ");
    for (feature, note) in patches.features.iter().zip(notes).filter(|(_, note)| note.is_empty()) {
        let Some(shape) = &feature.shape else { continue };
        let Value::Real(recorded_ha) = feature.values[at] else { panic!("MIAN_JI is a number") };
        let plane_ha = shape.unsigned_area() / 10_000.0;
        // 77 to 112 km from the central meridian the plane is 0.013 % to 0.032 % too large.
        assert!((recorded_ha / plane_ha - 1.0).abs() < 4e-4, "{recorded_ha} ha, plane {plane_ha} ha {note}");
    }
}

#[test]
fn the_project_file_of_the_sample_is_a_project() {
    let written = files(&usual()).expect("files");
    let (_, text) = written.iter().find(|(name, _)| name == "project.toml").expect("a project file");
    let project = Project::parse(text, "project.toml").expect("it parses");
    assert_eq!(project.covers.len(), 4);
    assert_eq!(project.strata.len(), 4);
}

/// Writes the sample where `SENCHENG_SAMPLE_DIR` says, for `tests/oracle/sample.py`; elsewhere into nothing.
#[test]
fn the_usual_sample_can_be_laid_down() {
    let kept = std::env::var_os("SENCHENG_SAMPLE_DIR").map(std::path::PathBuf::from);
    let passing = tempfile::tempdir().expect("a folder");
    let folder = kept.as_deref().unwrap_or(passing.path());
    std::fs::create_dir_all(folder).expect("a folder");
    for (name, bytes) in files(&usual()).expect("files") {
        std::fs::write(folder.join(name), bytes).expect("a file");
    }
    let database = rusqlite::Connection::open(folder.join("county.gpkg")).expect("a GeoPackage");
    let layers = database.query_row("SELECT count(*) FROM gpkg_contents", [], |row| row.get(0));
    assert_eq!(layers, Ok(16));
}
