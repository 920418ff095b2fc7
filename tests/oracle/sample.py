"""Writes tests/expected/sample_*.csv from a written sample county.

    sencheng sample FOLDER
    python3 tests/oracle/sample.py FOLDER

Three tables: towns x land classes, towns x canopy, urban area x green (canopy, lawns and parks united).
The figures belong to the sample of seed 1 and 1 500 sub-compartments. Needs shapely, pyproj, pyogrio, geographiclib.
"""

import sys
from pathlib import Path

import pyogrio
import pyproj
import shapely

import oracle

EXPECTED = Path(__file__).parent.parent / "expected"
CRS = pyproj.CRS("EPSG:4547")


def read(path, field=None, **options):
    """(shapes, values of the field)."""
    _, _, wkb, columns = pyogrio.raw.read(str(path), columns=[field] if field else [], **options)
    return list(shapely.from_wkb(wkb)), list(columns[0]) if field else [None] * len(wkb)


def towns(folder):
    """Code and ground of each town, its exclave united with it, in file order."""
    pieces = {}
    for shape, code in zip(*read(folder / "county.gpkg", "XZQDM", layer="towns")):
        pieces.setdefault(code, []).append(oracle.ground(shape))
    return [(code, shapely.union_all(shapes)) for code, shapes in pieces.items()]


def layer(folder, name, klass):
    """The features of a layer of the GeoPackage, all of one class."""
    shapes, _ = read(folder / "county.gpkg", layer=name)
    return [(klass, oracle.ground(shape)) for shape in shapes]


def land_classes(folder):
    shapes, codes = read(folder / "xiaoban.shp", "DI_LEI", encoding="GBK")
    return [(code, oracle.ground(shape)) for shape, code in zip(shapes, codes)]


def table(name, zones, patches, what):
    x0, y0, x1, y1 = shapely.total_bounds([g for _, g in zones])
    plane = oracle.Plane(CRS, (round((x0 + x1) / 2), round((y0 + y1) / 2)))
    near = [(zone, plane.local(shape)) for zone, shape in zones]
    drawn = [(klass, plane.local(shape)) for klass, shape in patches if not shape.is_empty]
    rows = oracle.tabulate(near, drawn, plane, check_geodesic=6)
    settings = [*what, f"{len(patches) - len(drawn)} features without a ground", "working system: EPSG:4547"]
    head = oracle.header("sencheng sample FOLDER; python3 tests/oracle/sample.py FOLDER", settings)
    oracle.write(EXPECTED / f"sample_{name}.csv", head, rows)
    print(f"{name}: {len(rows)} rows", file=sys.stderr)


def main(folder):
    inner = towns(folder)
    of_towns = "zones county.gpkg, layer towns by XZQDM, features of one code united"
    table("land", inner, land_classes(folder), [of_towns, "cover xiaoban.shp by DI_LEI"])
    canopy = layer(folder, "canopy", "canopy")
    table("canopy", inner, canopy, [of_towns, "cover county.gpkg, layer canopy, no class: canopy"])
    shapes, codes = read(folder / "county.gpkg", "DM", layer="urban")
    urban = [(code, oracle.ground(shape)) for shape, code in zip(shapes, codes)]
    green = [p for name in ("canopy", "green", "parks") for p in layer(folder, name, "green")]
    table("urban_green", urban, green, [
        "zones county.gpkg, layer urban by DM",
        "cover county.gpkg, layers canopy, green and parks together as one class: green",
    ])


if __name__ == "__main__":
    main(Path(sys.argv[1]))
