"""Makes the layers that everything is timed on, once, in a folder; what is there already is kept.

county       120 000 sub-compartments of `sencheng sample` (mean 76 vertices) as GeoPackage, Shapefile, FlatGeobuf and
             GeoParquet. What the sample draws wrong on purpose (0.6 %) is left out: peers stop at an invalid polygon,
             and they measure gross areas, which are net areas only where nothing overlaps.
towns        its 17 towns (mean 8 000 vertices), bent by two shears, which keep their partition and their areas. Town
             lines then run through sub-compartments: 5 % of these cross one, in 10 600 pairs to be cut.
overlapping  30 000 patches of 90 vertices, several over one another everywhere in the county.
province     12 such counties of 167 000 sub-compartments, each of its own seed, side by side: 204 towns, 2 million
             sub-compartments, 152 million vertices. GeoPackage only; GeoParquet of it for the peers that read that.
classes      a raster of 20 000 x 20 000 bytes over the towns, eight classes in wavy stands of 40 cells with a speck in
             every 64th cell: GeoTIFF in tiles of 512, deflate.
parks        2 000 roundish parks of 40 vertices, a few hectares each, as GeoPackage and GeoParquet.
roads        2 500 winding lines of 60 straight pieces of 40 m.
rivers       150 winding polygons 20 to 60 m wide and 6 km long; some cross.
reach.toml   a project with the parks as its one cover, and ground within 500 m of a park; reach-empty.toml without that.
greening.toml: a project with the county as its one cover, and trees beside roads and along rivers; greening-empty.toml
             without them.
"""

import argparse
import json
import shutil
import subprocess
import sys
from pathlib import Path

import geopandas
import numpy
import pyarrow
import pyarrow.parquet
import pyogrio
import rasterio
import rasterio.windows
import shapely

PATCHES, PROVINCE_PATCHES, COUNTIES = 120_000, 167_000, 12
# Metres between the corners of two counties of the province, and how many stand side by side.
PITCH_M, ABREAST = 60_000, 2
# Amplitude and wave length of the shears of the towns.
BEND_M, WAVE_M = 150.0, 800.0
OVERLAPPING, VERTICES, RADIUS_M = 30_000, 90, 150.0
# Cells along a side of the raster, along a side of its tiles and of a stand, and how many classes there are.
CELLS, TILE, STAND, CLASSES = 20_000, 512, 40, 8
PARKS, PARK_VERTICES, PARK_M = 2_000, 40, 90.0
# Lines: how many, of how many pieces, how long a piece is, and how far a piece turns from the one before, in radians.
ROADS, RIVERS = (2_500, 60, 40.0, 0.15), (150, 60, 100.0, 0.2)
ZONE, CLASS = "XZQDM", "DI_LEI"
# The classes that are trees.
TREES = ["111", "112", "130"]
# The field in which the sample says what it has drawn wrong.
REMARK = "BZ"


def bent(vertices: numpy.ndarray) -> numpy.ndarray:
    """Two shears, each of which moves a vertex along one axis by a wave of the other."""
    turn = 2.0 * numpy.pi / WAVE_M
    x = vertices[:, 0] + BEND_M * numpy.sin(turn * vertices[:, 1])
    y = vertices[:, 1] + BEND_M * numpy.sin(turn * x)
    return numpy.stack([x, y], axis=-1).round(3)


def sample(sencheng: str, folder: Path, seed: int, patches: int):
    """Bent towns and sound sub-compartments of a sample county."""
    place = folder / f"sample-{seed}-{patches}"
    command = [sencheng, "--quiet", "sample", place, "--seed", str(seed), "--patches", str(patches), "--force"]
    subprocess.run(list(map(str, command)), check=True)
    towns = pyogrio.read_dataframe(place / "county.gpkg", layer="towns").dissolve(ZONE, as_index=False)
    cover = pyogrio.read_dataframe(place / "xiaoban.shp")
    shutil.rmtree(place)
    towns["geometry"] = shapely.transform(towns.geometry.values, bent)
    cover = cover[cover[REMARK].isna() & cover.geometry.notna()].reset_index(drop=True)
    for layer in (towns, cover):
        assert shapely.is_valid(layer.geometry.values).all(), "a broken shape would stop the peers"
    return towns, cover


def roundish(chance, middle: numpy.ndarray, mean_m: float, vertices: int) -> numpy.ndarray:
    """Wavy discs."""
    n = len(middle)
    radius = numpy.exp(chance.normal(numpy.log(mean_m), 0.5, (n, 1)))
    angle = numpy.linspace(0.0, 2.0 * numpy.pi, vertices, endpoint=False)
    for wave in range(2, 9):
        phase, height = chance.uniform(0.0, 2.0 * numpy.pi, (n, 1)), chance.uniform(0.0, 0.35 / wave, (n, 1))
        radius = radius * (1.0 + height * numpy.sin(wave * angle + phase))
    way = numpy.stack([numpy.cos(angle), numpy.sin(angle)], axis=-1)
    return shapely.polygons((middle[:, None] + radius[:, :, None] * way).round(3))


def anywhere(chance, towns, n: int) -> numpy.ndarray:
    """Places in the box of the towns."""
    west, south, east, north = towns.total_bounds
    return numpy.stack([chance.uniform(west, east, n), chance.uniform(south, north, n)], axis=-1)


def winding(chance, towns, n: int, pieces: int, step_m: float, turn: float) -> numpy.ndarray:
    """Lines that wander from anywhere."""
    heading = chance.uniform(0.0, 2.0 * numpy.pi, (n, 1)) + chance.normal(0.0, turn, (n, pieces)).cumsum(axis=1)
    steps = step_m * numpy.stack([numpy.cos(heading), numpy.sin(heading)], axis=-1)
    start = anywhere(chance, towns, n)[:, None]
    return shapely.linestrings(numpy.concatenate([start, start + steps.cumsum(axis=1)], axis=1).round(3))


def overlapping(towns) -> geopandas.GeoDataFrame:
    """Roundish patches anywhere in the box of the towns."""
    chance, n = numpy.random.default_rng(7), OVERLAPPING
    shapes = roundish(chance, anywhere(chance, towns, n), RADIUS_M, VERTICES)
    return geopandas.GeoDataFrame({"BH": numpy.arange(n)}, geometry=shapes, crs=towns.crs)


def write_county(sencheng: str, folder: Path) -> None:
    towns, cover = sample(sencheng, folder, 1, PATCHES)
    for name, layer in [("towns", towns), ("overlapping", overlapping(towns)), ("county", cover)]:
        pyogrio.write_dataframe(layer, folder / f"{name}.gpkg", layer=name)
        layer.insert(0, "ID", numpy.arange(len(layer)))
        layer.to_parquet(folder / f"{name}.parquet", compression="zstd")
        layer.pop("ID")
    pyogrio.write_dataframe(cover, folder / "county.fgb")
    pyogrio.write_dataframe(cover, folder / "county.shp", encoding="UTF-8", RESIZE="YES")


def geoparquet(rows: pyarrow.Table, crs) -> pyarrow.Schema:
    """The schema of a table of which `geometry` is WKB, as GeoParquet 1.0 says it."""
    column = {"encoding": "WKB", "geometry_types": ["Polygon"], "crs": crs.to_json_dict()}
    said = {"version": "1.0.0", "primary_column": "geometry", "columns": {"geometry": column}}
    plain = [pyarrow.field(f.name, pyarrow.binary() if f.name == "geometry" else f.type) for f in rows.schema]
    return pyarrow.schema(plain, metadata={"geo": json.dumps(said)})


def write_province(sencheng: str, folder: Path) -> None:
    """One county after the other, so that no more than one is held."""
    covers, table, parquet, zones, count = folder / "part.gpkg", folder / "part.parquet", None, [], 0
    covers.unlink(missing_ok=True)
    for k in range(COUNTIES):
        towns, cover = sample(sencheng, folder, k + 1, PROVINCE_PATCHES)
        by = (float(k % ABREAST * PITCH_M), float(k // ABREAST * PITCH_M))
        for layer in (towns, cover):
            layer["geometry"] = layer.translate(*by)
        towns[ZONE] = f"{k:02}" + towns[ZONE]
        zones.append(towns)
        pyogrio.write_dataframe(cover, covers, layer="province", append=k > 0)
        cover.insert(0, "ID", numpy.arange(count, count + len(cover)))
        count += len(cover)
        rows = pyarrow.table(cover[["ID", CLASS, "geometry"]].to_arrow(index=False))
        parquet = parquet or pyarrow.parquet.ParquetWriter(table, geoparquet(rows, cover.crs), compression="zstd")
        parquet.write_table(rows.cast(parquet.schema))
        print(f"province: county {k + 1} of {COUNTIES}, {len(cover)} sub-compartments", file=sys.stderr, flush=True)
    parquet.close()
    towns = geopandas.pd.concat(zones, ignore_index=True)
    towns.to_parquet(folder / "province-towns.parquet")
    pyogrio.write_dataframe(towns, folder / "province-towns.gpkg", layer="towns")
    table.rename(folder / "province.parquet")
    covers.rename(folder / "province.gpkg")


def write_classes(folder: Path) -> None:
    west, south, east, north = pyogrio.read_info(folder / "towns.gpkg", force_total_bounds=True)["total_bounds"]
    crs = pyogrio.read_info(folder / "towns.gpkg")["crs"]
    cell, chance = max(east - west, north - south) * 1.001 / CELLS, numpy.random.default_rng(1)
    place = rasterio.Affine(cell, 0.0, west - 7.3 * cell, 0.0, -cell, north + 5.7 * cell)
    stands = chance.integers(0, CLASSES, (CELLS // STAND + 2, CELLS // STAND + 2), dtype=numpy.uint8)
    form = {"driver": "GTiff", "width": CELLS, "height": CELLS, "count": 1, "dtype": "uint8", "crs": crs, "nodata": 255,
            "transform": place, "tiled": True, "blockxsize": TILE, "blockysize": TILE, "compress": "deflate"}
    with rasterio.open(folder / "part.tif", "w", **form) as raster:
        x = numpy.arange(CELLS)[None, :]
        for row in range(0, CELLS, TILE):
            y = numpy.arange(row, min(row + TILE, CELLS))[:, None]
            down = ((y + 12.0 * numpy.sin(x / 23.0)) / STAND).astype(int).clip(0, len(stands) - 1)
            right = ((x + 12.0 * numpy.sin(y / 31.0)) / STAND).astype(int).clip(0, len(stands) - 1)
            cells = stands[down, right]
            cells[chance.integers(0, 64, cells.shape, dtype=numpy.uint8) == 0] = CLASSES - 1
            raster.write(cells, 1, window=rasterio.windows.Window(0, row, CELLS, len(y)))
    (folder / "part.tif").rename(folder / "classes.tif")


def write_services(folder: Path) -> None:
    towns = pyogrio.read_dataframe(folder / "towns.gpkg")
    chance = numpy.random.default_rng(11)
    parks = roundish(chance, anywhere(chance, towns, PARKS), PARK_M, PARK_VERTICES)
    roads, rivers = winding(chance, towns, *ROADS), winding(chance, towns, *RIVERS)
    rivers = shapely.buffer(rivers, chance.uniform(10.0, 30.0, len(rivers)), quad_segs=2)
    for name, shapes in [("parks", parks), ("roads", roads), ("rivers", rivers)]:
        layer = geopandas.GeoDataFrame({"ID": numpy.arange(len(shapes))}, geometry=shapes, crs=towns.crs)
        pyogrio.write_dataframe(layer, folder / f"{name}.gpkg", layer=name)
        layer.to_parquet(folder / f"{name}.parquet", compression="zstd")


def write_projects(folder: Path) -> None:
    codes = pyogrio.read_dataframe(folder / "county.gpkg", columns=[CLASS], read_geometry=False)[CLASS]
    others = sorted(set(codes.dropna()) - set(TREES))
    classes = json.dumps(TREES), json.dumps(others)
    towns = f"""schema = 1
area = "plane"
[zones]
file = "towns.gpkg"
id = "{ZONE}"
"""
    parks = """[[cover]]
name = "parks"
file = "parks.gpkg"
class = "park"
[[class]]
id = "park"
name = "公园"
counts_as = ["park"]
"""
    county = f"""[[cover]]
name = "county"
file = "county.gpkg"
field = "{CLASS}"
map = [{{ class = "tree", values = {classes[0]} }}, {{ class = "other", values = {classes[1]} }}]
[[class]]
id = "tree"
name = "乔木"
counts_as = ["tree_cover"]
[[class]]
id = "other"
name = "其他"
counts_as = []
"""
    tables = {
        "reach": (parks, '[recreation]\nfile = "parks.gpkg"\nat_least_ha = 0\nradius_m = 500\n'),
        "greening": (county, '[road_greening]\nfile = "roads.gpkg"\n[waterside]\nfile = "rivers.gpkg"\n'),
    }
    for name, (cover, table) in tables.items():
        (folder / f"{name}-empty.toml").write_text(towns + cover, encoding="utf-8")
        (folder / f"{name}.toml").write_text(towns + cover + table, encoding="utf-8")


def main() -> None:
    asked = argparse.ArgumentParser()
    asked.add_argument("sencheng")
    asked.add_argument("folder", type=Path)
    asked.add_argument("--province", action="store_true")
    asked = asked.parse_args()
    asked.folder.mkdir(parents=True, exist_ok=True)
    if not (asked.folder / "county.shp").exists():
        write_county(asked.sencheng, asked.folder)
    if not (asked.folder / "classes.tif").exists():
        write_classes(asked.folder)
    if not (asked.folder / "rivers.parquet").exists():
        write_services(asked.folder)
    write_projects(asked.folder)
    if asked.province and not (asked.folder / "province.gpkg").exists():
        write_province(asked.sencheng, asked.folder)


if __name__ == "__main__":
    main()
