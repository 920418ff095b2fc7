"""GeoPandas at its fastest: measure what is inside a town, cut only what crosses it.

usage: by_geopandas.py areas|net|decode COVER TOWNS OUTPUT
"""

import sys

import geopandas
import numpy
import pyogrio
import shapely

from data import CLASS, ZONE


def read(file: str, column: str):
    layer = pyogrio.read_dataframe(file, columns=[column], use_arrow=True)
    return layer.geometry.values._data, layer[column].to_numpy()


def areas(cover: str, towns: str) -> dict:
    """J1: area of each class in each town."""
    (zones, names), (shapes, classes) = read(towns, ZONE), read(cover, CLASS)
    shapely.prepare(zones)
    zone, patch = shapely.STRtree(shapes).query(zones, predicate="intersects")
    inside = shapely.covers(zones[zone], shapes[patch])
    area = numpy.empty(len(zone))
    area[inside] = shapely.area(shapes[patch[inside]])
    cut = ~inside
    area[cut] = shapely.area(shapely.intersection(shapes[patch[cut]], zones[zone[cut]]))
    frame = geopandas.pd.DataFrame({"zone": names[zone], "class": classes[patch], "area": area})
    return frame.groupby(["zone", "class"])["area"].sum().to_dict()


def net(cover: str, towns: str) -> dict:
    """J2: ground under any patch, in each town."""
    (zones, names), (shapes, _) = read(towns, ZONE), read(cover, "BH")
    zone, patch = shapely.STRtree(shapes).query(zones, predicate="intersects")
    def ground(k):
        union = shapely.disjoint_subset_union_all(shapes[patch[zone == k]])
        return shapely.area(shapely.intersection(union, zones[k]))
    return {(name, "cover"): ground(k) for k, name in enumerate(names)}


def decode(cover: str, towns: str) -> dict:
    """The floor: the layer as Arrow columns, its shapes as WKB."""
    with pyogrio.open_arrow(cover, columns=[CLASS], use_pyarrow=True) as (_, reader):
        return {("all", "features"): sum(len(batch) for batch in reader)}


def write(figures: dict, output: str) -> None:
    with open(output, "w", encoding="utf-8") as file:
        file.write("zone,class,area_m2\n")
        file.writelines(f"{zone},{kind},{float(area)!r}\n" for (zone, kind), area in sorted(figures.items()))


if __name__ == "__main__":
    job, cover, towns, output = sys.argv[1:]
    write({"areas": areas, "net": net, "decode": decode}[job](cover, towns), output)
