"""Writes tests/expected/{paris,swellendam,swellendam_farms,gent}.csv from real layers nobody here made.

    python3 tests/oracle/real.py DATA_FOLDER [NAME…]

DATA_FOLDER holds the folders `paris`, `swellendam` and `gent`. Needs shapely, pyproj, pyogrio, geographiclib.
"""

import sys
from pathlib import Path

import pyogrio
import pyproj
import shapely

import oracle

EXPECTED = Path(__file__).parent.parent / "expected"
PARIS_LAEA = "the cover's own LAEA on GRS 80, EPSG:3035 parameters"
GENT_LAEA = "+proj=laea +lat_0=51 +lon_0=4 +datum=WGS84 +units=m +no_defs"

# name: (zones, field of the zone's id, cover, field of the class, working system or None for the cover's, its name)
CASES = {
    "paris": ("paris/paris_districts.geojson", "id", "paris/paris_land_use.zip", "class", None, PARIS_LAEA),
    "swellendam": ("swellendam/urban_33S.shp", "AG_CAD_ID", "swellendam/farms_33S.shp", None, None, "EPSG:32733"),
    "swellendam_farms": ("swellendam/farms_33S.shp", "AG_CAD_ID", "swellendam/urban_33S.shp", None, None, "EPSG:32733"),
    "gent": ("gent/gent.geojson", "NISCODE", "gent/parken-gent.geojson", None, GENT_LAEA, GENT_LAEA),
}


def read(path, field):
    """(crs, shapes as stored, values of the field or None)."""
    source = f"/vsizip/{path}" if path.suffix == ".zip" else str(path)
    meta, _, wkb, columns = pyogrio.raw.read(source, columns=[field] if field else [])
    values = list(columns[0]) if field else [None] * len(wkb)
    return meta["crs"], list(shapely.from_wkb(wkb)), values


def identifier(value):
    """Whole numbers lose their decimals."""
    return str(int(value)) if isinstance(value, float) or hasattr(value, "dtype") else str(value)


def case(folder, name):
    zones_file, id_field, cover_file, class_field, working, working_name = CASES[name]
    zone_crs, zone_shapes, ids = read(folder / zones_file, id_field)
    cover_crs, cover_shapes, values = read(folder / cover_file, class_field)
    working = pyproj.CRS(working or cover_crs)

    zone_grounds = [oracle.ground(oracle.carried(g, zone_crs, working)) for g in zone_shapes]
    cover_grounds = [oracle.ground(oracle.carried(g, cover_crs, working)) for g in cover_shapes]
    x0, y0, x1, y1 = shapely.total_bounds(zone_grounds)
    plane = oracle.Plane(working, (round((x0 + x1) / 2), round((y0 + y1) / 2)))

    zones = [(identifier(i), plane.local(g)) for i, g in zip(ids, zone_grounds)]
    assert len({i for i, _ in zones}) == len(zones), "ids are unique"
    classes = values if class_field else ["cover"] * len(cover_shapes)
    patches = [(k, plane.local(g)) for k, g in zip(classes, cover_grounds) if not g.is_empty]
    rows = oracle.tabulate(zones, patches, plane, check_geodesic=12)

    nulls = sum(g is None for g in cover_shapes)
    odd = sum(g is not None and not g.is_valid for g in cover_shapes)
    settings = [
        f"zones {zones_file} by {id_field}, {len(zone_shapes)} features, "
        f"{sum(not g.is_valid for g in zone_shapes)} of them invalid as stored",
        f"cover {cover_file} by {class_field or '(no class: cover)'}, {len(cover_shapes)} features, {odd} of them "
        f"invalid as stored, {nulls} with a null geometry",
        f"working system: {working_name}",
    ]
    head = oracle.header(f"python3 tests/oracle/real.py DATA_FOLDER {name}", settings)
    oracle.write(EXPECTED / f"{name}.csv", head, rows)
    print(f"{name}: {len(rows)} rows", file=sys.stderr)


if __name__ == "__main__":
    for wanted in sys.argv[2:] or CASES:
        case(Path(sys.argv[1]), wanted)
