"""Records what exactextract (0.3, cells in 32-bit fractions) finds in the shared rasters: tests/expected/zonal.csv.

Usage: python tests/oracle/zonal.py <folder of the shared data>
Columns: zones, field, raster, zone, class (or the name of a statistic), value.
"""

import csv
import sys
from pathlib import Path

import geopandas
import rasterio
from exactextract import exact_extract

CLASSES = [
    ("zion-nlcd/zion.gpkg", "UNIT_CODE", "zion-nlcd/nlcd2011.tif"),
    ("lausanne/gmb-lausanne.gpkg", "GMDNR", "lausanne/ls100_06.tif"),
    ("nasty-dev/rasterstats/polygons.shp", "id", "nasty-dev/rasterstats/slope_classes.tif"),
]
STATISTICS = [
    ("lux/lux.shp", "ID_2", "lux/elev.tif"),
    ("zion-nlcd/zion.gpkg", "UNIT_CODE", "zion-nlcd/srtm.tif"),
    ("nasty-dev/rasterstats/polygons.shp", "id", "nasty-dev/rasterstats/slope.tif"),
]
NAMES = ["count", "mean", "min", "max", "stdev"]


def text(value) -> str:
    return str(int(value)) if float(value).is_integer() else repr(float(value))


def zones(data: Path, file: str, raster: str):
    """Edges are straight in the CRS of the zones, so they are cut into pieces of 20 m before they are carried over."""
    layer = geopandas.read_file(data / file)
    with rasterio.open(data / raster) as dataset:
        if layer.crs == dataset.crs:
            return layer
        if layer.crs.is_projected:
            layer["geometry"] = layer.geometry.segmentize(20.0)
        return layer.to_crs(dataset.crs)


def main(data: Path) -> None:
    out = csv.writer(open(Path(__file__).parents[1] / "expected/zonal.csv", "w", newline=""), lineterminator="\n")
    out.writerow(["zones", "field", "raster", "zone", "class", "value"])
    for file, field, raster in CLASSES:
        layer = zones(data, file, raster)
        found = exact_extract(data / raster, layer, ["unique", "frac", "count"], output="pandas")
        for code, row in zip(layer[field], found.itertuples()):
            for value, share in zip(row.unique, row.frac):
                name = code if isinstance(code, str) else text(code)
                out.writerow([file, field, raster, name, text(value), repr(float(share * row[-1]))])
    for file, field, raster in STATISTICS:
        layer = zones(data, file, raster)
        found = exact_extract(data / raster, layer, NAMES, output="pandas")
        for code, row in zip(layer[field], found.to_dict("records")):
            name = code if isinstance(code, str) else text(code)
            for statistic in NAMES:
                out.writerow([file, field, raster, name, statistic, repr(float(row[statistic]))])


main(Path(sys.argv[1]))
