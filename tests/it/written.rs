//! The files that the program writes, read by GDAL: what a GIS will see.

use std::path::Path;

use gdal::vector::sql::Dialect;
use gdal::vector::{Feature, FieldValue, Geometry, LayerAccess, OGRwkbGeometryType};
use gdal::{Dataset, DatasetOptions, GdalOpenFlags};
use geo::{Area, BoundingRect, MultiPolygon};
use sencheng::attribute::Value;
use sencheng::outputs::sample_files::files;
use sencheng::sample::{SampleCounty, county};
use sencheng::survey::layer::Layer;

fn laid_down() -> (SampleCounty, tempfile::TempDir) {
    let (county, folder) = (county(7, 700), tempfile::tempdir().unwrap());
    for (name, bytes) in files(&county).unwrap() {
        std::fs::write(folder.path().join(name), bytes).unwrap();
    }
    (county, folder)
}

fn open(path: &Path, options: &[&str], flags: GdalOpenFlags) -> Dataset {
    let open_flags = GdalOpenFlags::GDAL_OF_VECTOR | flags;
    Dataset::open_ex(path, DatasetOptions { open_flags, open_options: Some(options), ..Default::default() })
        .unwrap()
}

/// A value as GDAL has it against the one that was written; a shapefile rounds to its decimals and has no null text.
fn same(read: Option<&FieldValue>, written: &Value, rounded: bool) -> bool {
    match (read, written) {
        (None, Value::Null) => true,
        (Some(FieldValue::StringValue(text)), Value::Null) => rounded && text.is_empty(),
        (None, Value::Text(other)) => rounded && other.is_empty(),
        (Some(FieldValue::StringValue(text)), Value::Text(other)) => text == other,
        (Some(FieldValue::IntegerValue(n)), Value::Integer(other)) => i64::from(*n) == *other,
        (Some(FieldValue::RealValue(x)), Value::Real(other)) if rounded => (x - other).abs() <= 0.005 + 1e-12,
        (Some(FieldValue::RealValue(x)), Value::Real(other)) => x == other,
        _ => false,
    }
}

/// Bits of the vertices of a shape, sorted: a shapefile turns rings, and makes a polygon of a single part.
fn vertices(geometry: &Geometry, all: &mut Vec<[u64; 2]>) {
    let members = geometry.geometry_count();
    if members == 0 {
        let mut points = Vec::new();
        geometry.get_points(&mut points);
        all.extend(points.iter().skip(1).map(|(x, y, _)| [x.to_bits(), y.to_bits()]));
    }
    (0..members).for_each(|i| vertices(&geometry.get_geometry(i), all));
}

fn same_ground(read: &Feature<'_>, written: Option<&MultiPolygon<f64>>) {
    // SAFETY: the feature is alive.
    let nothing = unsafe { gdal_sys::OGR_F_GetGeometryRef(read.c_feature()) }.is_null();
    let (Some(read), Some(written)) = (read.geometry().filter(|_| !nothing), written) else {
        return assert_eq!(!nothing, written.is_some());
    };
    let (mut theirs, mut ours) = (Vec::new(), Vec::new());
    vertices(read, &mut theirs);
    for polygon in written {
        for ring in std::iter::once(polygon.exterior()).chain(polygon.interiors()) {
            ours.extend(ring.0.iter().skip(1).map(|c| [c.x.to_bits(), c.y.to_bits()]));
        }
    }
    theirs.sort();
    ours.sort();
    assert_eq!(theirs.len(), ours.len());
    // A ring that is turned has the same vertices, the first of them repeated at the other end.
    let area = written.unsigned_area();
    assert!((read.area() - area).abs() <= 1e-9 * area.max(1.0), "{} {area}", read.area());
    theirs.dedup();
    ours.dedup();
    assert_eq!(theirs, ours);
}

fn same_layer(dataset: &Dataset, at: usize, layer: &Layer, rounded: bool) {
    let mut read = dataset.layer(at).unwrap();
    assert_eq!(read.name(), layer.name);
    assert_eq!(read.feature_count(), layer.features.len() as u64);
    let names: Vec<String> = read.defn().fields().map(|field| field.name()).collect();
    assert_eq!(names, layer.fields.iter().map(|f| f.name.to_string()).collect::<Vec<_>>());
    assert_eq!(read.spatial_ref().unwrap().auth_code().unwrap(), 4547);
    for (row, written) in read.features().zip(&layer.features) {
        for (i, value) in written.values.iter().enumerate() {
            let found = row.field(i).unwrap();
            assert!(same(found.as_ref(), value, rounded), "{} {i}: {found:?}, not {value:?}", layer.name);
        }
        same_ground(&row, written.shape.as_ref());
    }
}

/// How many entries the index of a layer has.
fn entries(dataset: &Dataset, layer: &str) -> usize {
    let sql = format!("SELECT count(*) AS n FROM \"rtree_{layer}_geom\"");
    let mut answer = dataset.execute_sql(sql, None, Dialect::DEFAULT).unwrap().unwrap();
    answer.features().next().unwrap().field_as_integer(0).unwrap().unwrap() as usize
}

#[test]
fn gdal_reads_the_geopackage_as_it_was_meant() {
    let (county, folder) = laid_down();
    let dataset = open(&folder.path().join("county.gpkg"), &[], GdalOpenFlags::GDAL_OF_READONLY);
    assert_eq!(dataset.layer_count(), 1 + county.places.len() + county.ways.len());
    for (at, layer) in std::iter::once(&county.towns).chain(&county.places).enumerate() {
        same_layer(&dataset, at, layer, false);
        assert_eq!(dataset.layer(at).unwrap().defn().geometry_type(), OGRwkbGeometryType::wkbMultiPolygon);
        assert_eq!(entries(&dataset, &layer.name), layer.features.len());
    }
    for layer in &county.ways {
        let mut read = dataset.layer_by_name(&layer.name).unwrap();
        assert_eq!(read.defn().geometry_type(), OGRwkbGeometryType::wkbMultiLineString);
        assert_eq!(entries(&dataset, &layer.name), layer.features.len());
        for (read, written) in read.features().zip(&layer.features) {
            let shape = geo::Geometry::MultiLineString(written.shape.clone().unwrap());
            assert_eq!(read.geometry().unwrap().to_geo().unwrap(), shape, "{}", layer.name);
        }
    }
}

#[test]
fn gdal_finds_by_the_index_what_lies_there() {
    let (county, folder) = laid_down();
    let dataset = open(&folder.path().join("county.gpkg"), &[], GdalOpenFlags::GDAL_OF_READONLY);
    let at = county.places.iter().position(|layer| layer.name == "villages").unwrap();
    let shapes = county.places[at].features.iter().map(|f| f.shape.as_ref().unwrap());
    let boxes: Vec<_> = shapes.map(|shape| shape.bounding_rect().unwrap()).collect();
    let (centre, reach) = (boxes[boxes.len() / 2].center(), 9e3);
    let near = |b: &&geo::Rect<f64>| {
        let apart = |low: f64, high: f64, at: f64| low > at + reach || high < at - reach;
        !apart(b.min().x, b.max().x, centre.x) && !apart(b.min().y, b.max().y, centre.y)
    };
    let near = boxes.iter().filter(near).count();
    let mut layer = dataset.layer(at + 1).unwrap();
    layer.set_spatial_filter_rect(centre.x - reach, centre.y - reach, centre.x + reach, centre.y + reach);
    let found = layer.features().count();
    assert!(found > 0 && found <= near && near < boxes.len(), "{found} of {near} of {}", boxes.len());
}

#[test]
fn a_gis_edits_the_geopackage_and_the_index_follows() {
    let (_, folder) = laid_down();
    let dataset = open(&folder.path().join("county.gpkg"), &[], GdalOpenFlags::GDAL_OF_UPDATE);
    let layer = dataset.layer(0).unwrap();
    let count = entries(&dataset, "towns");
    // SAFETY: the layer is open, and the number is that of a feature.
    assert_eq!(unsafe { gdal_sys::OGR_L_DeleteFeature(layer.c_layer(), 1) }, 0);
    assert_eq!(entries(&dataset, "towns"), count - 1);
}

#[test]
fn gdal_reads_the_shapefile_as_it_was_meant() {
    let (county, folder) = laid_down();
    let file = folder.path().join("xiaoban.shp");
    let dataset = open(&file, &["ENCODING=GBK"], GdalOpenFlags::GDAL_OF_READONLY);
    same_layer(&dataset, 0, &county.patches, true);
}
