//! Our own readers against GDAL, the oracle: the same features, the same coordinates bit for bit, the same values.
//! And files that are broken: an index that lies is ignored and named, and no byte that is flipped makes a panic.

use std::collections::BTreeMap;
use std::ffi::CStr;
use std::path::{Path, PathBuf};

use gdal::vector::{Feature, Geometry, LayerAccess, OGRFieldType, OGRwkbGeometryType};
use gdal::{Dataset, DatasetOptions};
use sencheng::layers::cover::{Cover, CoverRequest, OpenLayer};
use sencheng::layers::encoding::dbf_encoding;
use sencheng::project::settings::LayerSettings;
use sencheng::survey::{Batch, Figure, RingKind, Source};

use crate::shared;
use crate::workbench::{Cell, FIGURES, Sheet, Workbench, X, Y, at, three_patches, two_towns};

/// A ring as bits, so that what is not a number is equal to itself.
type Ring = Vec<[u64; 2]>;
/// The polygons of a feature: shell, then holes in an order that does not matter. Lines and points stand as shells.
type Ground = Vec<(Ring, Vec<Ring>)>;
/// Features by their number in the file: code of the value, and ground.
type Features = BTreeMap<String, (Option<String>, Ground)>;

fn sorted(mut ground: Ground) -> Ground {
    ground.iter_mut().for_each(|(_, holes)| holes.sort());
    ground.sort();
    ground
}

fn settings(file: &Path, layer: Option<&str>, crs: Option<&str>) -> LayerSettings {
    LayerSettings {
        file: file.to_string_lossy().into_owned(),
        layer: layer.map(str::to_owned),
        crs: crs.map(str::to_owned),
        ..LayerSettings::default()
    }
}

fn open(settings: &LayerSettings) -> Option<OpenLayer> {
    OpenLayer::open_any(Path::new(""), settings, None).ok().map(|(layer, _)| layer)
}

/// All features as the program reads them; `None` where reading ends in an error.
fn ours(settings: &LayerSettings, open: OpenLayer, field: Option<&str>) -> Option<Features> {
    let request = CoverRequest { name: None, layer: settings, field, id_field: None, area_field: None };
    let working = open.crs.clone();
    let cover = Cover::new(&request, open, &working).unwrap();
    let (mut batch, mut features) = (Batch::default(), Features::new());
    for stretch in 0..cover.stretches() {
        let (mut batches, mut values) = (cover.batches(stretch).unwrap(), Vec::new());
        while batches.next_batch(&mut batch).ok()? {
            values.append(&mut batch.new_values);
            for (i, patch) in batch.patches.iter().enumerate() {
                let mut ground = Ground::new();
                for (kind, points) in batch.rings_of(i) {
                    let ring: Ring = points.iter().map(|p| p.map(f64::to_bits)).collect();
                    match (kind, ground.last_mut()) {
                        (RingKind::Hole, Some((_, holes))) => holes.push(ring),
                        (RingKind::Places, _) => ground.extend(ring.iter().map(|p| (vec![*p], Vec::new()))),
                        _ => ground.push((ring, Vec::new())),
                    }
                }
                let code = values[patch.value as usize].code();
                features.insert(batch.id(i).to_owned(), (code, sorted(ground)));
            }
        }
    }
    Some(features)
}

/// A geometry type without its Z and M.
fn flat(kind: OGRwkbGeometryType::Type) -> OGRwkbGeometryType::Type {
    // SAFETY: a number for a number.
    unsafe { gdal_sys::OGR_GT_Flatten(kind) }
}

/// The points of a ring, line or point.
fn run(geometry: &Geometry) -> Ring {
    let mut points = Vec::new();
    geometry.get_points(&mut points);
    points.iter().map(|(x, y, _)| [x.to_bits(), y.to_bits()]).collect()
}

fn figures(geometry: &Geometry, wanted: Figure, ground: &mut Ground) {
    let figure = match flat(geometry.geometry_type()) {
        OGRwkbGeometryType::wkbPolygon | OGRwkbGeometryType::wkbTriangle => Figure::Polygon,
        OGRwkbGeometryType::wkbLineString => Figure::Line,
        OGRwkbGeometryType::wkbPoint => Figure::Point,
        _ => {
            let parts = 0..geometry.geometry_count();
            return parts.for_each(|i| figures(&geometry.get_geometry(i), wanted, ground));
        }
    };
    if figure != wanted || geometry.is_empty() {
        return;
    }
    let ring = |i| {
        let mut ring = run(&geometry.get_geometry(i));
        let places: Vec<[f64; 2]> = ring.iter().map(|p| p.map(f64::from_bits)).collect();
        if ring.len() > 1 && places.first() == places.last() {
            ring.pop();
        }
        ring
    };
    match figure {
        Figure::Polygon => ground.push((ring(0), (1..geometry.geometry_count()).map(ring).collect())),
        Figure::Line | Figure::Point => ground.push((run(geometry), Vec::new())),
    }
}

/// A field's code as GDAL has it.
fn code(feature: &Feature<'_>, field: i32) -> Option<String> {
    // SAFETY: the feature is alive, and the text is copied before the next call.
    unsafe {
        let handle = feature.c_feature();
        if gdal_sys::OGR_F_IsFieldSetAndNotNull(handle, field) == 0 {
            return None;
        }
        use sencheng::attribute::Value;
        let value = match gdal_sys::OGR_Fld_GetType(gdal_sys::OGR_F_GetFieldDefnRef(handle, field)) {
            OGRFieldType::OFTInteger | OGRFieldType::OFTInteger64 => {
                Value::Integer(gdal_sys::OGR_F_GetFieldAsInteger64(handle, field))
            }
            OGRFieldType::OFTReal => Value::Real(gdal_sys::OGR_F_GetFieldAsDouble(handle, field)),
            // A list of numbers is told as JSON writes it, not with its length before it: `(2:1,2)`.
            OGRFieldType::OFTIntegerList | OGRFieldType::OFTInteger64List | OGRFieldType::OFTRealList => {
                let text = CStr::from_ptr(gdal_sys::OGR_F_GetFieldAsString(handle, field)).to_string_lossy();
                let (_, items) = text.split_once(':').expect("a length before the items");
                Value::Text(format!("[{}]", items.strip_suffix(')').expect("an end")))
            }
            _ => {
                let text = CStr::from_ptr(gdal_sys::OGR_F_GetFieldAsString(handle, field)).to_string_lossy();
                if text.trim().is_empty() { Value::Null } else { Value::Text(text.trim().to_owned()) }
            }
        };
        value.code()
    }
}

/// A layer that GDAL can open, with the fields it has.
struct Theirs {
    dataset: Dataset,
    /// One file is never opened by two SQLites in one process: GDAL gets a copy.
    _copy: Option<tempfile::NamedTempFile>,
}

fn theirs(file: &Path) -> Option<Theirs> {
    let encoding =
        dbf_encoding(file, None, None).ok().map(|(found, _)| format!("ENCODING={}", found.gdal_name));
    let encoding: Vec<&str> = encoding.iter().map(String::as_str).collect();
    let copy = file.extension().is_some_and(|e| e == "gpkg").then(|| {
        let copy = tempfile::Builder::new().suffix(".gpkg").tempfile().unwrap();
        std::fs::copy(file, copy.path()).unwrap();
        copy
    });
    let path = copy.as_ref().map_or(file, |copy| copy.path());
    let options = DatasetOptions { open_options: Some(&encoding), ..DatasetOptions::default() };
    let dataset = Dataset::open_ex(path, options).ok()?;
    Some(Theirs { dataset, _copy: copy })
}

impl Theirs {
    fn features(&self, layer: usize, field: Option<usize>, figure: Figure) -> Features {
        let mut layer = self.dataset.layer(layer).unwrap();
        let features = layer.features().map(|feature| {
            let mut ground = Ground::new();
            feature.geometry().iter().for_each(|geometry| figures(geometry, figure, &mut ground));
            let code = field.and_then(|field| code(&feature, field as i32));
            (feature.fid().unwrap().to_string(), (code, sorted(ground)))
        });
        features.collect()
    }
}

/// Lets GDAL sort rings as the program has it sort them, and be silent.
fn quiet_gdal() {
    gdal::config::set_error_handler(|_, _, _| ());
    gdal::config::set_config_option("OGR_ORGANIZE_POLYGONS", "DEFAULT").unwrap();
}

/// That both read the same of every layer and field of a file; gives how many features were compared.
fn agree(file: &Path) -> usize {
    quiet_gdal();
    let Some(theirs) = theirs(file) else { return 0 };
    let names: Vec<String> = theirs.dataset.layers().map(|layer| layer.name()).collect();
    let mut compared = 0;
    for (index, name) in names.iter().enumerate() {
        let named = (names.len() > 1).then_some(name.as_str());
        let with = |crs| settings(file, named, crs);
        let Some(settings) = [None, Some("EPSG:4547")].map(with).into_iter().find(|s| open(s).is_some())
        else {
            continue;
        };
        let layer = theirs.dataset.layer(index).unwrap();
        let fields: Vec<String> = layer.defn().fields().map(|field| field.name()).collect();
        let figure = open(&settings).unwrap().figure;
        let curved = [9, 10, 11, 12].contains(&flat(layer.defn().geometry_type()));
        if curved {
            continue;
        }
        for field in std::iter::once(None).chain((0..fields.len()).map(Some)) {
            let Some(read) = ours(&settings, open(&settings).unwrap(), field.map(|f| fields[f].as_str()))
            else {
                continue;
            };
            let expected = theirs.features(index, field, figure);
            let name = field.map(|f| &fields[f]);
            for (id, feature) in &read {
                assert_eq!(Some(feature), expected.get(id), "{} {id} {name:?}", file.display());
            }
            for (id, (_, ground)) in expected.iter().filter(|(id, _)| !read.contains_key(*id)) {
                assert!(left_out_rightly(ground), "{} lacks {id}", file.display());
            }
            compared += read.len();
        }
    }
    compared
}

/// Whether a feature that is missing is one that could not be read, or has a vertex that is no place.
fn left_out_rightly(ground: &Ground) -> bool {
    let mut rings = ground.iter().flat_map(|(shell, holes)| std::iter::once(shell).chain(holes)).flatten();
    let on_earth = |bits: &u64| f64::from_bits(*bits).abs() < 1e8;
    ground.is_empty() || !rings.all(|point| point.iter().all(on_earth))
}

/// Endings of the formats that are read natively.
const NATIVE: [&str; 5] = ["shp", "gpkg", "fgb", "geojson", "json"];

fn layer_files(folder: &Path) -> Vec<PathBuf> {
    let mut entries: Vec<PathBuf> = std::fs::read_dir(folder).unwrap().map(|e| e.unwrap().path()).collect();
    entries.sort();
    let below = |entry: PathBuf| if entry.is_dir() { layer_files(&entry) } else { vec![entry] };
    let files = entries.into_iter().flat_map(below);
    let ours = |file: &PathBuf| file.extension().is_some_and(|e| NATIVE.iter().any(|k| e == *k));
    files.filter(ours).collect()
}

#[test]
fn native_readers_agree_with_gdal_on_layers_that_nobody_here_made() {
    let Some(data) = shared::data("native_readers_agree_with_gdal_on_layers_that_nobody_here_made") else {
        return;
    };
    let files = layer_files(&data);
    let agreeing = files.iter().filter(|file| agree(file) > 0).count();
    assert!(agreeing > 15, "{agreeing} of {} files were compared", files.len());
}

#[test]
fn native_readers_agree_with_gdal_on_the_sample_county() {
    let sample = Path::new(env!("CARGO_MANIFEST_DIR")).join("samples/heping");
    assert!(agree(&sample.join("xiaoban.shp")) > 2000);
    assert!(agree(&sample.join("county.gpkg")) > 17);
}

#[test]
fn native_readers_agree_with_gdal_on_the_sample_county_in_every_format() {
    let sample = Path::new(env!("CARGO_MANIFEST_DIR")).join("samples/heping/xiaoban.shp");
    let options = DatasetOptions { open_options: Some(&["ENCODING=GBK"]), ..DatasetOptions::default() };
    let sample = Dataset::open_ex(sample, options).unwrap();
    for (driver, file) in [
        ("GPKG", "xiaoban.gpkg"),
        ("FlatGeobuf", "xiaoban.fgb"),
        ("ESRI Shapefile", "xiaoban.shp"),
        ("GeoJSON", "xiaoban.geojson"),
        ("GeoJSONSeq", "xiaoban.geojsonl"),
    ] {
        let bench = Workbench::new();
        let driver = gdal::DriverManager::get_driver_by_name(driver).unwrap();
        let mut copy = driver.create_vector_only(bench.path(file)).unwrap();
        let layer = sample.layer(0).unwrap();
        // SAFETY: both are open, and the copied layer is known by its dataset only.
        let copied = unsafe {
            let name = c"xiaoban".as_ptr();
            gdal_sys::GDALDatasetCopyLayer(copy.c_dataset(), layer.c_layer(), name, std::ptr::null_mut())
        };
        assert!(!copied.is_null());
        copy.flush_cache().unwrap();
        copy.close().unwrap();
        assert!(agree(&bench.path(file)) > 2000, "{file}");
    }
}

/// A ring turned to the right (`true`, as shapefiles have their shells) or to the left.
fn ring(west: f64, south: f64, east: f64, north: f64, right: bool) -> String {
    let (w, s, e, n) = (X + west, Y + south, X + east, Y + north);
    let [second, fourth] = if right { [[w, n], [e, s]] } else { [[e, s], [w, n]] };
    format!("({w} {s},{} {},{e} {n},{} {},{w} {s})", second[0], second[1], fourth[0], fourth[1])
}

/// Values of many kinds, shapes of many kinds: holes, islands in holes, several parts, nothing, Z and M.
fn odd_shapes() -> Sheet {
    let nested = |right: bool| {
        let [shell, hole, island] = [
            ring(0.0, 0.0, 90.0, 90.0, right),
            ring(10.0, 10.0, 80.0, 80.0, !right),
            ring(20.0, 20.0, 70.0, 70.0, right),
        ];
        let apart = ring(200.0, 0.0, 290.0, 90.0, right);
        format!(
            "MULTIPOLYGON (({shell},{hole}),({island}),({apart},{}))",
            ring(210.0, 10.0, 220.0, 20.0, !right)
        )
    };
    let z = format!("POLYGON Z (({X} {Y} 1,{} {Y} 2,{X} {} 3,{X} {Y} 1))", X + 0.1, Y + 0.2);
    let sheet = Sheet::new(Some("EPSG:4547")).of(OGRwkbGeometryType::wkbUnknown);
    sheet
        .text("text")
        .whole("whole")
        .real("real")
        .with(["乔木林地".into(), 7.into(), 0.1.into()], &nested(true))
        .with([Cell::Null, Cell::Null, Cell::Null], &nested(false))
        .with(["  blanks ".into(), (-12).into(), (-1e-9).into()], &at(0.1, 0.2, 0.3, 0.7))
        .having(["x".into(), 1.into(), 2.0.into()], None)
        .with(["e\u{301}".into(), 0.into(), 1e15.into()], &z)
        .with(["𠮷".into(), i64::from(i32::MAX).into(), 123_456.789.into()], "POLYGON EMPTY")
}

#[test]
fn native_readers_agree_with_gdal_on_odd_shapes_and_values() {
    let options: [(&str, &[&str]); 7] = [
        ("odd.shp", &["SHPT=POLYGON", "ENCODING=UTF-8"]),
        ("odd-z.shp", &["SHPT=POLYGONZM", "ENCODING=UTF-8"]),
        ("odd.gpkg", &[]),
        ("odd-plain.gpkg", &["SPATIAL_INDEX=NO", "FID=number", "GEOMETRY_NAME=the \"ground\""]),
        ("odd.fgb", &[]),
        ("odd-plain.fgb", &["SPATIAL_INDEX=NO"]),
        ("odd.geojson", &[]),
    ];
    for (file, options) in options {
        let bench = Workbench::new();
        bench.write_with(file, &odd_shapes(), options);
        assert!(agree(&bench.path(file)) >= 12, "{file}");
    }
}

/// Lines and points of many kinds: several parts, closed, nothing, Z and M.
fn odd_runs(figure: Figure, all_several: bool) -> Sheet {
    let (a, b) = (format!("{X} {Y}"), format!("{} {}", X + 0.1, Y - 0.7));
    let shapes = match figure {
        Figure::Line => [
            format!("LINESTRING ({a},{b})"),
            format!("MULTILINESTRING (({a},{b},{X} 1e6),({b},{X} {Y}))"),
            format!("LINESTRING ({a},{b},{X} 1e6,{a})"),
            format!("LINESTRING Z ({X} {Y} 7,{b} 8)"),
            "LINESTRING EMPTY".to_owned(),
        ],
        _ => [
            format!("POINT ({a})"),
            format!("MULTIPOINT (({b}),({a}))"),
            format!("POINT ({b})"),
            format!("POINT Z ({X} {Y} 7)"),
            "POINT EMPTY".to_owned(),
        ],
    };
    let kind =
        if figure == Figure::Line { OGRwkbGeometryType::wkbLineString } else { OGRwkbGeometryType::wkbPoint };
    let sheet = Sheet::new(Some("EPSG:4547")).of(kind).text("text").having([Cell::Null], None);
    // A shapefile of several points a record has no records of one.
    let several = |wkt: &String| match wkt.strip_prefix("POINT") {
        Some(rest) if all_several => format!("MULTIPOINT{rest}"),
        _ => wkt.clone(),
    };
    shapes.iter().map(several).fold(sheet, |sheet, wkt| sheet.with(["乔木".into()], &wkt))
}

#[test]
fn native_readers_agree_with_gdal_on_lines_and_points() {
    for (figure, kinds) in [
        (Figure::Line, ["ARC", "ARCZ", "ARCM", "ARCZM"]),
        (Figure::Point, ["MULTIPOINT", "MULTIPOINTZ", "MULTIPOINTM", "MULTIPOINTZM"]),
    ] {
        for kind in kinds {
            let bench = Workbench::new();
            let kind = format!("SHPT={kind}");
            bench.write_with("odd.shp", &odd_runs(figure, true), &[&kind, "ENCODING=UTF-8"]);
            assert_eq!(agree(&bench.path("odd.shp")), 12, "{figure:?} {kind}");
        }
        let options: [(&str, &[&str]); 3] =
            [("odd.gpkg", &[]), ("odd.fgb", &[]), ("odd-plain.fgb", &["SPATIAL_INDEX=NO"])];
        for (file, options) in options {
            let bench = Workbench::new();
            let sheet = odd_runs(figure, false).of(OGRwkbGeometryType::wkbUnknown);
            bench.write_with(file, &sheet, options);
            assert!(agree(&bench.path(file)) >= 8, "{figure:?} {file}");
        }
    }
}

/// Shapefiles of single points, which have records of their own kind.
#[test]
fn native_readers_agree_with_gdal_on_single_points() {
    for kind in ["SHPT=POINT", "SHPT=POINTZ", "SHPT=POINTM", "SHPT=POINTZM"] {
        let bench = Workbench::new();
        let point = |i: i64| format!("POINT ({} {})", X + i as f64 / 3.0, Y);
        let sheet = Sheet::new(Some("EPSG:4547")).of(OGRwkbGeometryType::wkbPoint).whole("n");
        let sheet = (0..9000).fold(sheet, |sheet, i| sheet.with([i.into()], &point(i)));
        bench.write_with("points.shp", &sheet, &[kind]);
        assert_eq!(agree(&bench.path("points.shp")), 18_000, "{kind}");
    }
}

#[test]
fn collections_agree_with_gdal() {
    let sheet = Sheet::new(Some("EPSG:4547")).of(OGRwkbGeometryType::wkbUnknown).text("class");
    let inner = format!("GEOMETRYCOLLECTION ({}, POINT (1 2))", at(0.0, 0.0, 1.0, 1.0));
    let sheet =
        sheet.with(["k".into()], &format!("GEOMETRYCOLLECTION ({inner}, {})", at(2.0, 0.0, 3.0, 1.0)));
    for file in ["mixed.gpkg", "mixed.fgb", "mixed.geojson"] {
        let bench = Workbench::new();
        bench.write(file, &sheet);
        assert_eq!(agree(&bench.path(file)), 2, "{file}");
    }
}

#[test]
fn geojson_that_gdal_does_not_write_agrees_with_gdal() {
    let square = format!("[[[{X},{Y},7],[{},{Y},7],[{X},{},7],[{X},{Y},7]]]", X + 0.125, Y + 1e-7);
    let collection = format!(
        r#"{{"type":"GeometryCollection","geometries":[{{"type":"Point","coordinates":[1,2]}},
        {{"type":"MultiPolygon","coordinates":[{square},{square}]}}]}}"#
    );
    let texts = [
        // Members in any order, escapes, ids, values of several kinds, dates, what is missing.
        format!(
            r#"{{"features":[{{"geometry":{{"coordinates":{square},"type":"Polygon"}},
              "properties":{{"a\"b\u4e61":1,"day":"2024-02-03"}},"id":7,"type":"Feature"}},
            {{"type":"Feature","id":3,"properties":{{"day":"2023-12-31","mixed":1,"real":0.1}},"geometry":null}},
            {{"type":"Feature","id":2,"properties":{{"mixed":"x","real":2,"truth":true}},"geometry":{collection}}},
            {{"type":"Feature","id":9,"properties":null,"geometry":{{"type":"Polygon","coordinates":{square}}}}}],
            "type":"FeatureCollection",
            "crs":{{"type":"name","properties":{{"name":"urn:ogc:def:crs:EPSG::4547"}}}}}}"#
        ),
        // Only text ids, which become a field; numbers with exponents; a byte-order mark.
        format!(
            "\u{feff}{}",
            format_args!(
                r#"{{"type":"FeatureCollection","features":[{{"type":"Feature","id":"p1",
                  "properties":{{"n":1e3}},"geometry":{{"type":"Polygon","coordinates":{square}}}}}]}}"#
            )
        ),
        // One feature alone.
        format!(
            r#"{{"type":"Feature","properties":{{"n":12345678901}},
              "geometry":{{"type":"Polygon","coordinates":{square}}}}}"#
        ),
    ];
    for (i, text) in texts.iter().enumerate() {
        let bench = Workbench::new();
        let file = bench.path(&format!("text{i}.geojson"));
        std::fs::write(&file, text).unwrap();
        assert!(agree(&file) >= 2, "{text}");
    }
}

/// Many squares in a row, more than a stretch holds.
fn many() -> Sheet {
    (0..9000).fold(Sheet::new(Some("EPSG:4547")).text("class"), |sheet, i| {
        let (x, class) = (f64::from(i % 1000), if i % 7 == 0 { "111" } else { "120" });
        sheet.with([class.into()], &at(x, 0.0, x + 0.5, f64::from(i / 1000) + 0.5))
    })
}

#[test]
fn a_layer_of_several_stretches_is_read_whole_and_in_order() {
    let bench = Workbench::new();
    for file in ["many.shp", "many.gpkg", "many.fgb", "many.geojson"] {
        bench.write(file, &many());
    }
    bench.write_with("plain.fgb", &many(), &["SPATIAL_INDEX=NO"]);
    for file in ["many.shp", "many.gpkg", "many.fgb", "plain.fgb", "many.geojson"] {
        assert_eq!(agree(&bench.path(file)), 18_000, "{file}");
    }
}

// ---- Files that lie or are broken

fn towns_and(cover: &str, sheet: &Sheet) -> Workbench {
    let bench = Workbench::new();
    bench.write("towns.geojson", &two_towns()).write(cover, sheet);
    bench
}

fn changed(bench: &Workbench, file: &str, change: impl Fn(&mut Vec<u8>)) {
    let mut bytes = std::fs::read(bench.path(file)).unwrap();
    change(&mut bytes);
    std::fs::write(bench.path(file), bytes).unwrap();
}

/// A change of a file's bytes.
type Lie<'l> = &'l dyn Fn(&mut Vec<u8>);

#[test]
fn an_index_that_lies_is_ignored_and_named() {
    let lies: [(&str, Lie); 5] = [
        ("an entry short", &|shx| {
            shx.truncate(shx.len() - 8);
            let words = (shx.len() as u32 / 2).to_be_bytes();
            shx[24..28].copy_from_slice(&words);
        }),
        ("its length wrong", &|shx| shx[27] += 4),
        ("an offset wrong", &|shx| shx[111] += 8),
        ("two entries changed about", &|shx| shx[100..116].rotate_left(8)),
        ("empty", &|shx| shx.clear()),
    ];
    for (lie, change) in lies {
        let bench = towns_and("cover.shp", &three_patches());
        changed(&bench, "cover.shx", change);
        let answer = bench.tabulate("towns.geojson", "cover.shp", &[]);
        assert_eq!(answer.ended(0).figures(), FIGURES, "{lie}");
        answer.told("warning", "index-distrusted", &["cover.shp", ".shx"]);
    }
}

#[test]
fn a_tree_that_lies_is_ignored_and_named() {
    let bench = towns_and("cover.fgb", &three_patches());
    let whole = std::fs::read(bench.path("cover.fgb")).unwrap();
    let header = 12 + u32::from_le_bytes(whole[8..12].try_into().unwrap()) as usize;
    // Behind the root, the first leaf; behind its rectangle, where its feature begins.
    changed(&bench, "cover.fgb", |fgb| fgb[header + 40 + 32] = 9);
    let answer = bench.tabulate("towns.geojson", "cover.fgb", &[]);
    assert_eq!(answer.ended(0).figures(), FIGURES);
    answer.told("warning", "index-distrusted", &["cover.fgb"]);
}

#[test]
fn records_marked_as_deleted_do_not_count() {
    let bench = towns_and("cover.shp", &three_patches());
    changed(&bench, "cover.dbf", |dbf| {
        let header = usize::from(u16::from_le_bytes([dbf[8], dbf[9]]));
        dbf[header] = b'*';
    });
    let answer = bench.tabulate("towns.geojson", "cover.shp", &[]);
    assert_eq!(answer.ended(0).figures()[..2], ["2 111 40000", "2 120 10000"]);
}

#[test]
fn a_table_shorter_than_its_shapes_is_an_error() {
    let bench = towns_and("cover.shp", &three_patches());
    changed(&bench, "cover.dbf", |dbf| dbf[4] = 2);
    let answer = bench.tabulate("towns.geojson", "cover.shp", &[]);
    answer.refused("layer-broke-off", &["cover.shp", "2 records"]);
}

#[test]
fn files_cut_off_anywhere_end_in_a_result_or_in_a_message() {
    for file in ["many.gpkg", "many.fgb"] {
        let bench = towns_and(file, &many());
        let whole = std::fs::read(bench.path(file)).unwrap();
        for part in [1, 3, 5, 7] {
            std::fs::write(bench.path(file), &whole[..whole.len() * part / 8]).unwrap();
            let answer = bench.tabulate("towns.geojson", file, &[]);
            assert_eq!(answer.code, Some(2), "{part}/8 of {file}: {answer:#?}");
            assert!(answer.err.contains(file), "{part}/8 of {file}: {answer:#?}");
        }
    }
}

/// Numbers that look like chance and are the same in every run.
struct Dice(u64);

impl Dice {
    fn below(&mut self, limit: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % limit
    }
}

/// Reads a file that may be broken, with a field if it has it; nothing is asked of the result.
pub fn read_whatever_it_is(file: &Path, field: &str) {
    let settings = settings(file, None, Some("EPSG:4547"));
    if let Some(layer) = open(&settings) {
        let field = layer.field(field).is_ok().then_some(field);
        ours(&settings, layer, field);
    }
}

#[test]
fn no_flipped_byte_makes_a_panic() {
    quiet_gdal();
    let mut dice = Dice(1);
    for (file, part) in [
        ("odd.shp", "odd.shp"),
        ("odd.shp", "odd.shx"),
        ("odd.shp", "odd.dbf"),
        ("odd.gpkg", "odd.gpkg"),
        ("odd.fgb", "odd.fgb"),
        ("lines.shp", "lines.shp"),
        ("lines.gpkg", "lines.gpkg"),
        ("lines.fgb", "lines.fgb"),
        ("points.shp", "points.shp"),
        ("points.gpkg", "points.gpkg"),
        ("points.fgb", "points.fgb"),
        ("odd.geojson", "odd.geojson"),
    ] {
        let bench = Workbench::new();
        let (sheet, shape) = match file.split('.').next() {
            Some("lines") => (odd_runs(Figure::Line, true), "SHPT=ARC"),
            Some("points") => (odd_runs(Figure::Point, true), "SHPT=MULTIPOINT"),
            _ => (odd_shapes(), "SHPT=POLYGON"),
        };
        let sheet = sheet.of(OGRwkbGeometryType::wkbUnknown);
        let options = [shape];
        bench.write_with(file, &sheet, if file.ends_with("shp") { &options } else { &[] });
        let whole = std::fs::read(bench.path(part)).unwrap();
        for _ in 0..150 {
            let mut bytes = whole.clone();
            for _ in 0..=dice.below(6) {
                let at = dice.below(bytes.len());
                bytes[at] = dice.below(256) as u8;
            }
            if dice.below(4) == 0 {
                bytes.truncate(dice.below(bytes.len()));
            }
            std::fs::write(bench.path(part), &bytes).unwrap();
            read_whatever_it_is(&bench.path(file), "text");
        }
    }
}

/// Runs SQL on a GeoPackage and leaves the connection open.
fn altered(file: &Path, sql: &str) -> rusqlite::Connection {
    let connection = rusqlite::Connection::open(file).unwrap();
    connection.execute_batch(sql).unwrap();
    connection
}

#[test]
fn rows_that_still_stand_in_the_write_ahead_log_are_read() {
    let bench = Workbench::new();
    // The triggers of an R-tree call functions that only GDAL has.
    bench.write("towns.geojson", &two_towns()).write_with(
        "cover.gpkg",
        &three_patches(),
        &["SPATIAL_INDEX=NO"],
    );
    let sql = "PRAGMA journal_mode = WAL; UPDATE cover SET class = '130' WHERE fid = 3;";
    let _open = altered(&bench.path("cover.gpkg"), sql);
    assert!(bench.names().contains(&"cover.gpkg-wal".to_owned()));
    let answer = bench.tabulate("towns.geojson", "cover.gpkg", &[]);
    assert_eq!(answer.ended(0).figures()[..2], ["2 111 60000", "2 130 10000"]);
}

#[test]
fn a_view_is_a_layer_too() {
    let bench = towns_and("cover.gpkg", &three_patches());
    let sql = "CREATE VIEW seen AS SELECT fid AS number, geom, class FROM cover WHERE class = '111';
        INSERT INTO gpkg_contents SELECT 'seen', data_type, 'seen', '', last_change, min_x, min_y, max_x, max_y, srs_id
            FROM gpkg_contents WHERE table_name = 'cover';
        INSERT INTO gpkg_geometry_columns SELECT 'seen', column_name, geometry_type_name, srs_id, z, m
            FROM gpkg_geometry_columns WHERE table_name = 'cover';";
    drop(altered(&bench.path("cover.gpkg"), sql));
    let answer = bench.tabulate("towns.geojson", "cover.gpkg", &["--cover-layer", "seen"]);
    assert_eq!(answer.ended(0).figures()[..2], ["2 111 60000", "2 (none) 940000"]);
}

#[test]
fn opening_a_geopackage_leaves_nothing_beside_it() {
    let bench = towns_and("城 关?#%.gpkg", &three_patches());
    let before = bench.names();
    let answer = bench.tabulate("towns.geojson", "城 关?#%.gpkg", &[]);
    assert_eq!(answer.ended(0).figures(), FIGURES);
    assert_eq!(bench.names(), before);
}

#[test]
fn the_program_exports_no_symbol_of_sqlite() {
    let program = env!("CARGO_BIN_EXE_sencheng");
    let listed = std::process::Command::new("nm").args(["-D", "--defined-only", program]).output();
    let Ok(output) = listed else {
        println!("skipped the_program_exports_no_symbol_of_sqlite: there is no nm");
        return;
    };
    let symbols = String::from_utf8(output.stdout).unwrap();
    let of_sqlite: Vec<&str> = symbols.lines().filter(|line| line.contains("sqlite3_")).collect();
    assert!(of_sqlite.is_empty(), "{of_sqlite:?}");
}

#[cfg(all(feature = "gdal", target_os = "linux", target_arch = "x86_64"))]
#[test]
fn the_program_starts_without_gdal() {
    let program = env!("CARGO_BIN_EXE_sencheng");
    let listed = std::process::Command::new("nm").args(["-D", "--undefined-only", program]).output();
    let Ok(output) = listed else {
        println!("skipped the_program_starts_without_gdal: there is no nm");
        return;
    };
    let symbols = String::from_utf8(output.stdout).unwrap();
    assert!(symbols.contains(" U "), "nothing is asked of any library");
    let names = symbols.lines().filter_map(|line| line.trim_start().strip_prefix("U "));
    let of_gdal: Vec<&str> = names
        .filter(|name| ["GDAL", "OGR", "OSR", "CPL", "VSI", "OCT", "CSL"].iter().any(|p| name.starts_with(p)))
        .collect();
    assert!(of_gdal.is_empty(), "to be named in src/layers/through_gdal/late.rs: {of_gdal:?}");
}
