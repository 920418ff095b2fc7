//! Layers written by the program's own writers, and as GeoJSON: polygons only.

use std::path::Path;

use geo::{LineString, MultiPolygon, Polygon};
use sencheng::attribute::Value;
use sencheng::layers::crs::{Carrier, Crs};
use sencheng::outputs::geopackage::geopackage;
use sencheng::outputs::shapefile::shapefile;
use sencheng::survey::layer::{Feature, Field, Kind, Layer};
use serde_json::{Map, Value as Json, json};

use super::{Cell, Holds, Sheet, Workbench};
use crate::wkt;

/// Bytes of a text, and decimals of a number, in a table.
const WIDTH: u8 = 80;
const DECIMALS: u8 = 6;

impl Sheet {
    /// The same layer with its geometries carried into another CRS.
    pub fn carried_to(&self, crs: &str) -> Self {
        let parse = |crs: &str| Crs::parse(crs).unwrap();
        let carry = Carrier::new("sheet", &parse(self.crs.as_deref().unwrap()), &parse(crs), None).unwrap();
        let point = |p: &[f64; 2]| {
            let (mut x, mut y) = ([p[0]], [p[1]]);
            carry.carry(&mut x, &mut y);
            format!("{} {}", x[0], y[0])
        };
        let list = |items: Vec<String>| format!("({})", items.join(","));
        let ring = |ring: &wkt::Ring| list(ring.iter().map(point).collect());
        let carried = |text: &String| {
            let parts = wkt::parts(text).unwrap();
            let part = |part: &wkt::Rings| list(part.iter().map(ring).collect());
            format!("MULTIPOLYGON {}", list(parts.iter().map(part).collect()))
        };
        let features = self.features.iter().map(|(cells, wkt)| (cells.clone(), wkt.as_ref().map(carried)));
        Self { crs: Some(crs.to_owned()), features: features.collect(), ..self.clone() }
    }

    fn layer(&self, name: &str) -> Layer {
        let field = |(name, holds): &(&'static str, Holds)| Field {
            name: (*name).into(),
            kind: match holds {
                Holds::Text => Kind::Text(WIDTH),
                Holds::Whole => Kind::Integer,
                Holds::Real => Kind::Real(DECIMALS),
            },
        };
        let feature = |(cells, wkt): &(Vec<Cell>, Option<String>)| Feature {
            shape: wkt.as_deref().map(shape),
            values: cells.iter().map(value).collect(),
        };
        Layer {
            name: self.name.clone().unwrap_or_else(|| name.to_owned()),
            crs: self
                .crs
                .as_deref()
                .map_or_else(String::new, |crs| Crs::parse(crs).unwrap().wkt().to_owned()),
            fields: self.fields.iter().map(field).collect(),
            features: self.features.iter().map(feature).collect(),
        }
    }

    fn geojson(&self) -> Json {
        let feature = |(cells, wkt): &(Vec<Cell>, Option<String>)| {
            let named =
                self.fields.iter().zip(cells).map(|((name, _), cell)| ((*name).to_owned(), json_of(cell)));
            let geometry = wkt.as_deref().map_or(
                Json::Null,
                |text| json!({"type": "MultiPolygon", "coordinates": wkt::parts(text).unwrap()}),
            );
            json!({"type": "Feature", "properties": named.collect::<Map<_, _>>(), "geometry": geometry})
        };
        let features: Vec<Json> = self.features.iter().map(feature).collect();
        let mut whole = json!({"type": "FeatureCollection", "features": features});
        if let Some(crs) = &self.crs {
            whole["crs"] = json!({"type": "name", "properties": {"name": crs}});
        }
        whole
    }
}

fn shape(text: &str) -> MultiPolygon<f64> {
    let line = |ring: &wkt::Ring| ring.iter().map(|p| (p[0], p[1])).collect::<LineString<f64>>();
    let polygon = |part: &wkt::Rings| Polygon::new(line(&part[0]), part[1..].iter().map(line).collect());
    wkt::parts(text).unwrap().iter().filter(|part| !part.is_empty()).map(polygon).collect()
}

fn value(cell: &Cell) -> Value {
    match cell {
        Cell::Null => Value::Null,
        Cell::Text(text) => Value::Text(text.clone()),
        Cell::Whole(n) => Value::Integer(*n),
        Cell::Real(x) => Value::Real(*x),
    }
}

fn json_of(cell: &Cell) -> Json {
    match cell {
        Cell::Null => Json::Null,
        Cell::Text(text) => json!(text),
        Cell::Whole(n) => json!(n),
        Cell::Real(x) => json!(x),
    }
}

/// A document in the folder of a path.
fn beside(path: &Path, (name, bytes): (String, Vec<u8>)) -> (String, Vec<u8>) {
    (path.with_file_name(name).to_string_lossy().into_owned(), bytes)
}

impl Workbench {
    /// Writes a layer; these writers have no options.
    pub fn write_with(&self, name: &str, sheet: &Sheet, options: &[&str]) -> &Self {
        assert!(options.is_empty(), "{options:?}");
        let path = Path::new(name);
        let stem = path.file_stem().unwrap().to_str().unwrap();
        let layer = sheet.layer(stem);
        let documents = match path.extension().unwrap().to_str().unwrap() {
            "geojson" => vec![(name.to_owned(), sheet.geojson().to_string().into_bytes())],
            "gpkg" => vec![beside(path, geopackage(stem, &[layer], &[]).unwrap())],
            "shp" => {
                let parts = shapefile(stem, &layer, &layer.crs).unwrap();
                parts.into_iter().map(|part| beside(path, part)).collect()
            }
            other => panic!("no writer for {other} in the lean build"),
        };
        for (name, bytes) in documents {
            std::fs::write(self.path(&name), bytes).unwrap();
        }
        self
    }

    /// Writes several layers into one GeoPackage.
    pub fn write_several(&self, name: &str, sheets: &[Sheet]) -> &Self {
        let stem = Path::new(name).file_stem().unwrap().to_str().unwrap();
        let layers: Vec<Layer> = sheets.iter().map(|sheet| sheet.layer(stem)).collect();
        let (name, bytes) = geopackage(stem, &layers, &[]).unwrap();
        std::fs::write(self.path(&name), bytes).unwrap();
        self
    }
}
