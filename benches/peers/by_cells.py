"""Programs that count the cells of a raster by zone and class.

usage: by_cells.py exactextract|exactextract-by-raster|rasterio|rasterstats RASTER TOWNS OUTPUT

exactextract takes the fraction of each cell; rasterio (its mask) and rasterstats take cells whose centres are inside.
"""

import csv
import sys

import geopandas
import numpy
import rasterio
import rasterio.mask

from data import ZONE


def by_exactextract(raster: str, towns, strategy: str) -> dict:
    from exactextract import exact_extract
    found = exact_extract(raster, towns, ["unique", "frac", "count"], output="pandas", strategy=strategy)
    return {(name, int(value)): share * row["count"]
            for name, row in zip(towns[ZONE], found.to_dict("records"))
            for value, share in zip(row["unique"], row["frac"])}


def by_rasterio(raster: str, towns) -> dict:
    counts = {}
    with rasterio.open(raster) as dataset:
        for name, shape in zip(towns[ZONE], towns.geometry):
            cells, _ = rasterio.mask.mask(dataset, [shape], crop=True, nodata=dataset.nodata)
            found = numpy.bincount(cells.ravel(), minlength=256)
            counts |= {(name, value): found[value] for value in numpy.flatnonzero(found[:255])}
    return counts


def by_rasterstats(raster: str, towns) -> dict:
    from rasterstats import zonal_stats
    found = zonal_stats(towns, raster, categorical=True)
    return {(name, value): count for name, row in zip(towns[ZONE], found) for value, count in row.items()}


def main(who: str, raster: str, file: str, output: str) -> None:
    towns = geopandas.read_file(file)
    if who == "rasterio":
        counts = by_rasterio(raster, towns)
    elif who == "rasterstats":
        counts = by_rasterstats(raster, towns)
    else:
        strategy = "raster-sequential" if who.endswith("by-raster") else "feature-sequential"
        counts = by_exactextract(raster, towns, strategy)
    with rasterio.open(raster) as dataset:
        cell_m2 = abs(dataset.transform.determinant)
    with open(output, "w", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(["zone", "class", "area_m2"])
        rows.writerows([zone, value, count * cell_m2] for (zone, value), count in counts.items())


main(*sys.argv[1:])
