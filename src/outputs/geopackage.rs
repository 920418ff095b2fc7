//! Layers as one GeoPackage (OGC 12-128r15, version 1.2), made by SQLite in memory.
//!
//! Each layer has the index that the format knows (an R-tree with the triggers that keep it), so that a GIS draws and
//! edits it without more ado. Once the bytes are written, whoever reads them is not this SQLite.

mod tables;

use rusqlite::{Connection, MAIN_DB, params};

use super::Document;
use super::vector_file::{Drawn, VectorFileError, around};
use crate::attribute::Value;
use crate::survey::layer::{Feature, Field, Kind, Layer, LineLayer};

/// The moment that is written as the time of change.
const MOMENT: &str = "2000-01-01T00:00:00.000Z";
/// The number of a CRS that is in no register.
const UNREGISTERED: i32 = 100_000;
/// The degree of those whom a GeoPackage must name in any case.
const WGS_84: &str = r#"GEOGCS["WGS 84",DATUM["WGS_1984",SPHEROID["WGS 84",6378137,298.257223563]],PRIMEM["Greenwich",0],UNIT["degree",0.0174532925199433],AUTHORITY["EPSG","4326"]]"#;

/// Writes layers of polygons, and of lines, into one GeoPackage.
pub fn geopackage(name: &str, layers: &[Layer], lines: &[LineLayer]) -> Result<Document, VectorFileError> {
    let file = format!("{name}.gpkg");
    match write(layers, lines) {
        Ok(bytes) => Ok((file, bytes)),
        Err(cause) => Err(VectorFileError::Database { file, cause }),
    }
}

fn write(layers: &[Layer], lines: &[LineLayer]) -> rusqlite::Result<Vec<u8>> {
    let mut database = Connection::open_in_memory()?;
    let transaction = database.transaction()?;
    transaction.execute_batch(tables::FRAME)?;
    register(&transaction, ("WGS 84 geodetic", 4326, "EPSG", WGS_84))?;
    layers.iter().try_for_each(|layer| write_layer(&transaction, layer))?;
    lines.iter().try_for_each(|layer| write_layer(&transaction, layer))?;
    transaction.commit()?;
    Ok(database.serialize(MAIN_DB)?.to_vec())
}

fn register(
    database: &Connection,
    (name, id, organization, wkt): (&str, i32, &str, &str),
) -> rusqlite::Result<()> {
    let sql = "INSERT OR IGNORE INTO gpkg_spatial_ref_sys VALUES (?1, ?2, ?3, ?2, ?4, NULL)";
    database.execute(sql, params![name, id, organization, wkt]).map(|_| ())
}

/// Name and EPSG code of a well-known text.
fn named(wkt: &str) -> (&str, Option<i32>) {
    let name = wkt.split('"').nth(1).unwrap_or("unnamed");
    let code = wkt.trim_end_matches(']').rsplit_once(r#"AUTHORITY["EPSG",""#).map(|(_, code)| code);
    (name, code.and_then(|code| code.trim_end_matches('"').parse().ok()))
}

fn write_layer<G: Drawn>(database: &Connection, layer: &Layer<G>) -> rusqlite::Result<()> {
    let (name, code) = named(&layer.crs);
    let (id, organization) = code.map_or((UNREGISTERED, "NONE"), |code| (code, "EPSG"));
    register(database, (name, id, organization, &layer.crs))?;
    let columns: String = layer.fields.iter().map(column).collect();
    database.execute_batch(&tables::of_layer(&layer.name, G::KIND, &columns))?;
    let boxes: Vec<Option<[f64; 4]>> =
        layer.features.iter().map(|f| f.shape.as_ref().and_then(G::around)).collect();
    let sides = around(boxes.iter().flatten().copied());
    let [w, s, e, n] = [0, 1, 2, 3].map(|i| sides.map(|sides| sides[i]));
    database.execute(
        "INSERT INTO gpkg_contents VALUES (?1, 'features', ?1, '', ?2, ?3, ?4, ?5, ?6, ?7)",
        params![layer.name, MOMENT, w, s, e, n, id],
    )?;
    database.execute(
        "INSERT INTO gpkg_geometry_columns VALUES (?1, 'geom', ?3, ?2, 0, 0)",
        params![layer.name, id, G::KIND],
    )?;
    fill(database, layer, id)?;
    index(database, &layer.name, &boxes)
}

fn column(field: &Field) -> String {
    let kind = match field.kind {
        Kind::Text(bytes) => format!("TEXT({bytes})"),
        Kind::Integer => "MEDIUMINT".to_owned(),
        Kind::Real(_) => "REAL".to_owned(),
    };
    format!(", {} {kind}", tables::quoted(&field.name))
}

fn fill<G: Drawn>(database: &Connection, layer: &Layer<G>, id: i32) -> rusqlite::Result<()> {
    let places: String = (2..layer.fields.len() + 3).map(|n| format!(", ?{n}")).collect();
    let sql = format!("INSERT INTO {} VALUES (?1{places})", tables::quoted(&layer.name));
    let mut insert = database.prepare(&sql)?;
    for (row, feature) in layer.features.iter().enumerate() {
        insert.raw_bind_parameter(1, row as i64 + 1)?;
        insert.raw_bind_parameter(2, geometry(feature, id))?;
        for (at, value) in feature.values.iter().enumerate() {
            match value {
                Value::Null => insert.raw_bind_parameter(at + 3, rusqlite::types::Null)?,
                Value::Integer(n) => insert.raw_bind_parameter(at + 3, n)?,
                Value::Real(x) => insert.raw_bind_parameter(at + 3, x)?,
                Value::Text(text) => insert.raw_bind_parameter(at + 3, text)?,
            }
        }
        insert.raw_execute()?;
    }
    Ok(())
}

/// A shape behind the header of the format: little-endian, with its rectangle.
fn geometry<G: Drawn>(feature: &Feature<G>, id: i32) -> Option<Vec<u8>> {
    const LITTLE_WITH_BOX: u8 = 3;
    let shape = feature.shape.as_ref()?;
    let [w, s, e, n] = shape.around()?;
    let mut bytes = vec![b'G', b'P', 0, LITTLE_WITH_BOX];
    bytes.extend(id.to_le_bytes());
    bytes.extend([w, e, s, n].map(f64::to_le_bytes).concat());
    bytes.extend(shape.wkb());
    Some(bytes)
}

/// The index of a layer, filled, and then the triggers that a GIS keeps it with: their functions are the GIS's own.
fn index(database: &Connection, layer: &str, boxes: &[Option<[f64; 4]>]) -> rusqlite::Result<()> {
    let tree = tables::tree(layer);
    database
        .execute_batch(&format!("CREATE VIRTUAL TABLE {tree} USING rtree(id, minx, maxx, miny, maxy)"))?;
    let mut insert = database.prepare(&format!("INSERT INTO {tree} VALUES (?1, ?2, ?3, ?4, ?5)"))?;
    for (row, sides) in boxes.iter().enumerate() {
        if let Some([w, s, e, n]) = sides {
            insert.execute(params![row as i64 + 1, w, e, s, n])?;
        }
    }
    database.execute_batch(&tables::triggers(layer))?;
    database.execute(
        "INSERT INTO gpkg_extensions VALUES (?1, 'geom', 'gpkg_rtree_index', \
         'http://www.geopackage.org/spec120/#extension_rtree', 'write-only')",
        [layer],
    )?;
    Ok(())
}
