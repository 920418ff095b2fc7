//! The tables of a GeoPackage in SQL (OGC 12-128r15, annexes C and F.3).

/// What every GeoPackage has: its mark, version 1.2, and the tables about tables.
pub(super) const FRAME: &str = "
PRAGMA application_id = 0x47504B47;
PRAGMA user_version = 10200;
CREATE TABLE gpkg_spatial_ref_sys (srs_name TEXT NOT NULL, srs_id INTEGER NOT NULL PRIMARY KEY,
  organization TEXT NOT NULL, organization_coordsys_id INTEGER NOT NULL, definition TEXT NOT NULL, description TEXT);
INSERT INTO gpkg_spatial_ref_sys VALUES
  ('Undefined Cartesian SRS', -1, 'NONE', -1, 'undefined', 'undefined Cartesian coordinate reference system'),
  ('Undefined geographic SRS', 0, 'NONE', 0, 'undefined', 'undefined geographic coordinate reference system');
CREATE TABLE gpkg_contents (table_name TEXT NOT NULL PRIMARY KEY, data_type TEXT NOT NULL, identifier TEXT UNIQUE,
  description TEXT DEFAULT '', last_change DATETIME NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ','now')),
  min_x DOUBLE, min_y DOUBLE, max_x DOUBLE, max_y DOUBLE, srs_id INTEGER,
  CONSTRAINT fk_gc_r_srs_id FOREIGN KEY (srs_id) REFERENCES gpkg_spatial_ref_sys(srs_id));
CREATE TABLE gpkg_geometry_columns (table_name TEXT NOT NULL, column_name TEXT NOT NULL,
  geometry_type_name TEXT NOT NULL, srs_id INTEGER NOT NULL, z TINYINT NOT NULL, m TINYINT NOT NULL,
  CONSTRAINT pk_geom_cols PRIMARY KEY (table_name, column_name),
  CONSTRAINT uk_gc_table_name UNIQUE (table_name),
  CONSTRAINT fk_gc_tn FOREIGN KEY (table_name) REFERENCES gpkg_contents(table_name),
  CONSTRAINT fk_gc_srs FOREIGN KEY (srs_id) REFERENCES gpkg_spatial_ref_sys (srs_id));
CREATE TABLE gpkg_extensions (table_name TEXT, column_name TEXT, extension_name TEXT NOT NULL,
  definition TEXT NOT NULL, scope TEXT NOT NULL,
  CONSTRAINT ge_tce UNIQUE (table_name, column_name, extension_name));
";

/// A name as SQL takes it.
pub(super) fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

/// The table of a layer of one kind of geometry; `columns` are its fields, each after a comma.
pub(super) fn of_layer(layer: &str, kind: &str, columns: &str) -> String {
    let name = quoted(layer);
    format!("CREATE TABLE {name} (fid INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL, geom {kind}{columns})")
}

/// The name of the index of a layer.
pub(super) fn tree(layer: &str) -> String {
    quoted(&format!("rtree_{layer}_geom"))
}

/// The triggers that keep the index, as the standard words them.
pub(super) fn triggers(layer: &str) -> String {
    let (table, tree) = (quoted(layer), tree(layer));
    let filled = "(NEW.geom NOTNULL AND NOT ST_IsEmpty(NEW.geom))";
    let empty = "(NEW.geom ISNULL OR ST_IsEmpty(NEW.geom))";
    let put = format!(
        "INSERT OR REPLACE INTO {tree} VALUES (NEW.fid, ST_MinX(NEW.geom), ST_MaxX(NEW.geom), ST_MinY(NEW.geom), \
         ST_MaxY(NEW.geom));"
    );
    let take = |which: &str| format!("DELETE FROM {tree} WHERE id {which};");
    let (old, both) = (take("= OLD.fid"), take("IN (OLD.fid, NEW.fid)"));
    let triggers = [
        ("insert", "AFTER INSERT", format!("WHEN {filled}"), put.clone()),
        ("update1", "AFTER UPDATE OF geom", format!("WHEN OLD.fid = NEW.fid AND {filled}"), put.clone()),
        ("update2", "AFTER UPDATE OF geom", format!("WHEN OLD.fid = NEW.fid AND {empty}"), old.clone()),
        ("update3", "AFTER UPDATE", format!("WHEN OLD.fid != NEW.fid AND {filled}"), format!("{old} {put}")),
        ("update4", "AFTER UPDATE", format!("WHEN OLD.fid != NEW.fid AND {empty}"), both),
        ("delete", "AFTER DELETE", "WHEN OLD.geom NOT NULL".to_owned(), old),
    ];
    let trigger = |(ending, moment, when, what): (&str, &str, String, String)| {
        let name = quoted(&format!("rtree_{layer}_geom_{ending}"));
        format!("CREATE TRIGGER {name} {moment} ON {table} {when} BEGIN {what} END;\n")
    };
    triggers.into_iter().map(trigger).collect()
}
