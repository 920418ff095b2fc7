//! GeoPackages, through SQLite.
//!
//! A stretch is a range of row ids, read by a connection of its own. A file without a write-ahead log or journal
//! beside it is opened as one that does not change: nothing is locked, and nothing is written beside it. Once SQLite
//! has opened a file, GDAL, which brings another SQLite, never sees it: what is wrong then is an error here.

mod rows;

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use rusqlite::{Connection, OpenFlags, OptionalExtension};

use super::window::Stored;
use super::{NativeFile, Opened, STRETCH_FEATURES, extent_of};
use crate::layers::crs::Crs;
use crate::layers::error::LayerError;
use crate::layers::open::Description;
use crate::layers::rows::{Rows, StoredLayer};
use rows::{Column, Query};

/// What every SQLite file begins with.
const MAGIC: &[u8] = b"SQLite format 3\0";
/// Pages that a connection keeps: every page of rows is read once, and what is written over stays near the processor.
const CACHED_PAGES: i64 = 32;
/// Most stretches of a layer whose row ids are far apart.
const MOST_STRETCHES: i64 = 4096;

/// An open GeoPackage.
#[derive(Debug)]
struct Geopackage {
    place: Place,
    layers: Vec<String>,
    /// Whether these are layers with geometry.
    spatial: bool,
}

/// Opens a GeoPackage, or says why it should be GDAL's.
pub(super) fn open(name: &str, path: &Path) -> Result<Opened, LayerError> {
    let begins = Stored::open(path).and_then(|file| file.bytes(0, MAGIC.len() as u64));
    if !begins.is_ok_and(|bytes| bytes == MAGIC) {
        return Ok(Opened::Declined("it does not begin as an SQLite file does".to_owned()));
    }
    let place = Place::of(path);
    let connection = place.connect().map_err(|e| broken(name, &e))?;
    let named = |sql| names(&connection, sql);
    let spatial = named(SPATIAL).map_err(|e| broken(name, &e))?;
    if !spatial.is_empty() {
        return Ok(Opened::Native(Box::new(Geopackage { place, layers: spatial, spatial: true })));
    }
    let layers = named(TABLES).map_err(|e| broken(name, &e))?;
    Ok(Opened::Native(Box::new(Geopackage { place, layers, spatial: false })))
}

const SPATIAL: &str = "SELECT c.table_name FROM gpkg_contents c JOIN gpkg_geometry_columns g \
    ON lower(c.table_name) = lower(g.table_name) WHERE c.data_type = 'features' ORDER BY c.rowid";
const TABLES: &str = "SELECT table_name FROM gpkg_contents WHERE data_type IN ('attributes', 'aspatial') UNION ALL \
    SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'gpkg\\_%' ESCAPE '\\' \
    AND name NOT LIKE 'rtree\\_%' ESCAPE '\\' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' \
    AND name NOT IN (SELECT table_name FROM gpkg_contents)";

fn names(connection: &Connection, sql: &str) -> rusqlite::Result<Vec<String>> {
    connection.prepare(sql)?.query_map([], |row| row.get(0))?.collect()
}

fn broken(title: &str, error: &rusqlite::Error) -> LayerError {
    LayerError::CannotOpen { file: title.to_owned(), cause: error.to_string() }
}

/// Where a file lies, and how SQLite is to open it.
#[derive(Debug, Clone)]
struct Place {
    path: PathBuf,
    flags: OpenFlags,
}

impl Place {
    fn of(path: &Path) -> Self {
        let mut flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let beside = |ending: &str| {
            let mut name = path.as_os_str().to_owned();
            name.push(ending);
            Path::new(&name).exists()
        };
        let text = path.to_str().filter(|_| cfg!(unix) && !beside("-wal") && !beside("-journal"));
        let path = text.map_or_else(|| path.to_owned(), |text| PathBuf::from(unchanging(text)));
        if text.is_some() {
            flags |= OpenFlags::SQLITE_OPEN_URI;
        }
        Self { path, flags }
    }

    fn connect(&self) -> rusqlite::Result<Connection> {
        let connection = Connection::open_with_flags(&self.path, self.flags)?;
        connection.pragma_update(None, "cache_size", CACHED_PAGES)?;
        Ok(connection)
    }
}

/// The URI of a file that does not change while it is read.
fn unchanging(path: &str) -> String {
    let mut uri = "file:".to_owned();
    for byte in path.bytes() {
        match byte {
            b'/' | b'.' | b'-' | b'_' => uri.push(char::from(byte)),
            byte if byte.is_ascii_alphanumeric() => uri.push(char::from(byte)),
            byte => uri.push_str(&format!("%{byte:02X}")),
        }
    }
    uri + "?immutable=1"
}

impl NativeFile for Geopackage {
    fn layer_names(&self) -> Vec<String> {
        self.layers.clone()
    }

    fn layer(self: Box<Self>, index: usize, title: &str) -> Result<Arc<dyn StoredLayer>, LayerError> {
        let table = self.layers.get(index).cloned().unwrap_or_default();
        let layer = Layer::open(title, self.place.clone(), table, self.spatial);
        Ok(Arc::new(layer.map_err(|e| broken(title, &e))?))
    }
}

/// One layer of a GeoPackage.
#[derive(Debug)]
struct Layer {
    title: String,
    place: Place,
    table: String,
    /// The geometry column, its type, and the key of its CRS; `None` for a table without geometry.
    geometry: Option<(String, String, i64)>,
    /// The columns that are fields.
    columns: Vec<Column>,
    /// The least and the greatest row id; `None` where it is empty, or a view, which has none.
    ids: Option<(i64, i64)>,
    /// Whether it is a view, or has no row ids for another reason.
    view: bool,
    /// Connections that nobody uses at the moment.
    idle: Mutex<Vec<Connection>>,
}

/// A name as SQL takes it.
fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

impl Layer {
    fn open(title: &str, place: Place, table: String, spatial: bool) -> rusqlite::Result<Self> {
        let connection = place.connect()?;
        let sql = "SELECT column_name, geometry_type_name, srs_id FROM gpkg_geometry_columns \
            WHERE lower(table_name) = lower(?1)";
        let triple = |row: &rusqlite::Row<'_>| Ok((row.get(0)?, row.get(1)?, row.get(2)?));
        let geometry: Option<(String, String, i64)> =
            if spatial { connection.query_row(sql, [&table], triple).optional()? } else { None };
        let name = quoted(&table);
        // Each by itself SQLite finds at an end of the table; together it would look at every row.
        let range = format!("SELECT (SELECT min(_rowid_) FROM {name}), (SELECT max(_rowid_) FROM {name})");
        let ids: rusqlite::Result<(Option<i64>, Option<i64>)> =
            connection.query_row(&range, [], |row| Ok((row.get(0)?, row.get(1)?)));
        let view = match &ids {
            Err(rusqlite::Error::SqlInputError { .. }) => true,
            Err(rusqlite::Error::SqliteFailure(error, _)) => {
                error.extended_code == rusqlite::ffi::SQLITE_ERROR
            }
            _ => false,
        };
        let ids = if view { (None, None) } else { ids? };
        let columns = rows::columns(&connection, &name, geometry.as_ref().map(|g| g.0.as_str()))?;
        Ok(Self {
            title: title.to_owned(),
            place,
            table,
            geometry,
            columns,
            ids: ids.0.zip(ids.1),
            view,
            idle: Mutex::new(vec![connection]),
        })
    }

    fn connection(&self) -> rusqlite::Result<Connection> {
        let idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner).pop();
        idle.map_or_else(|| self.place.connect(), Ok)
    }

    fn give_back(&self, connection: Connection) {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner).push(connection);
    }

    /// How many row ids a stretch spans.
    fn span(&self) -> i64 {
        let ids = self.ids.map_or(0, |(least, greatest)| greatest.saturating_sub(least));
        (ids / MOST_STRETCHES).saturating_add(1).max(STRETCH_FEATURES as i64)
    }

    fn say(&self, connection: &Connection) -> rusqlite::Result<Description> {
        let crs = self.geometry.as_ref().map(|(.., key)| crs(connection, *key)).transpose()?;
        let sql = "SELECT min_x, min_y, max_x, max_y FROM gpkg_contents WHERE lower(table_name) = lower(?1)";
        let sides = |row: &rusqlite::Row<'_>| Ok([row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?]);
        let extent: Option<[Option<f64>; 4]> = connection.query_row(sql, [&self.table], sides).optional()?;
        let extent = extent.and_then(|[w, s, e, n]| Some([w?, s?, e?, n?]));
        let empty = self.ids.is_none() && !self.view;
        Ok(Description {
            fields: self.columns.iter().map(|column| column.name.clone()).collect(),
            crs: crs.flatten(),
            extent: extent.filter(|e| e.iter().all(|c| c.is_finite())),
            features: if empty { Some(0) } else { announced(connection, &self.table) },
            geometry: geometry_name(self.geometry.as_ref().map(|(_, kind, _)| kind.as_str())),
        })
    }
}

/// The number of features that GDAL notes in the files it writes.
fn announced(connection: &Connection, table: &str) -> Option<u64> {
    let sql = "SELECT feature_count FROM gpkg_ogr_contents WHERE lower(table_name) = lower(?1)";
    let count: Option<i64> = connection.query_row(sql, [table], |row| row.get(0)).ok()?;
    count.filter(|&count| count > 0).map(|count| count as u64)
}

fn geometry_name(kind: Option<&str>) -> String {
    match kind.map(str::to_ascii_uppercase).as_deref() {
        None => "None".to_owned(),
        Some("POINT" | "MULTIPOINT") => "Point".to_owned(),
        Some("LINESTRING" | "MULTILINESTRING") => "Line String".to_owned(),
        Some(other) => other.to_owned(),
    }
}

/// The CRS of a key. Of the keys that stand for an unknown one, -1 is none and 0 is longitude and latitude.
fn crs(connection: &Connection, key: i64) -> rusqlite::Result<Option<Crs>> {
    const DEGREES: &str = r#"GEOGCS["Undefined geographic SRS",DATUM["unknown",SPHEROID["unknown",6378137,298.257223563]],PRIMEM["Greenwich",0],UNIT["degree",0.0174532925199433]]"#;
    if key <= 0 {
        return Ok((key == 0).then(|| Crs::parse(DEGREES).ok()).flatten());
    }
    let sql = "SELECT organization, organization_coordsys_id, definition FROM gpkg_spatial_ref_sys WHERE srs_id = ?1";
    let triple = |row: &rusqlite::Row<'_>| Ok((row.get(0)?, row.get(1)?, row.get(2)?));
    let found: Option<(Option<String>, Option<i64>, Option<String>)> =
        connection.query_row(sql, [key], triple).optional()?;
    Ok(found.and_then(|(organization, code, definition)| {
        let epsg = organization.is_some_and(|name| name.eq_ignore_ascii_case("EPSG"));
        let by_code = code.filter(|_| epsg).and_then(|code| Crs::epsg(u32::try_from(code).ok()?).ok());
        by_code.or_else(|| Crs::parse(&definition?).ok())
    }))
}

impl StoredLayer for Layer {
    fn describe(&self) -> Result<Description, LayerError> {
        let fail = |e: rusqlite::Error| broken(&self.title, &e);
        let connection = self.connection().map_err(fail)?;
        let description = self.say(&connection).map_err(fail);
        self.give_back(connection);
        let description = description?;
        let unsaid = description.extent.is_none() && self.geometry.is_some();
        let extent = if unsaid { extent_of(self) } else { description.extent };
        Ok(Description { extent, ..description })
    }

    fn stretches(&self) -> usize {
        match self.ids {
            Some((least, greatest)) => (greatest.saturating_sub(least) / self.span() + 1) as usize,
            None => usize::from(self.view),
        }
    }

    fn rows(&self, stretch: usize, wanted: &[usize]) -> Result<Box<dyn Rows + '_>, LayerError> {
        let connection = self.connection().map_err(|e| broken(&self.title, &e))?;
        let (least, greatest) = self.ids.unwrap_or_default();
        let from = least.saturating_add(self.span().saturating_mul(stretch as i64));
        let to = from.saturating_add(self.span() - 1).min(greatest);
        Ok(Box::new(Query::new(self, connection, (from, to), wanted)))
    }
}
