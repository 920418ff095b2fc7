"""Writes tests/expected/sample_further.csv from a written sample county: reach, trees beside roads, streets and shores,
shaded roads, natural shore, rings and directions, by GEOS. The measures are those of further.py.

    sencheng sample FOLDER
    python3 tests/oracle/further_sample.py FOLDER

The settings are those of the sample's project.toml, with the usual ones of the documentation where it gives none.
The figures belong to the sample of seed 1 and 1 500 sub-compartments. Needs shapely, pyproj, pyogrio, geographiclib.
"""

import contextlib
import csv
import sys
import tomllib
from pathlib import Path

import numpy as np
import pyogrio
import pyproj
import shapely

import further
import oracle

EXPECTED = Path(__file__).parent.parent / "expected"
STORED = pyproj.CRS("EPSG:4547")
# DI_LEI of ground under living woody plants, and of it forest: all but ordinary shrub.
WOODED = {"111", "112", "120", "130", "301", "302", "961", "962", "963"}
FOREST = WOODED - {"302"}
RINGS = {"distances_m": [1000, 3000, 5000, 10000], "closure_ring": 1}
PARK_SERVICE = {"layer": "parks", "radius_m": 500}
STRIP_M = [0, 20]
# Where the sample gives none: how long a part of a street is.
SEGMENT_M = 100
# Shore so near the outer border of the towns is where a water was cut.
CUT_M = 0.1


class Sample(further.County):
    def __init__(self, folder):
        self.folder, self.working, self.rows = folder, STORED, []
        self.settings = tomllib.loads((folder / "project.toml").read_text(encoding="utf-8"))
        self.settings |= {"rings": RINGS, "park_service": PARK_SERVICE}
        west, south, east, north = shapely.total_bounds(self.read("towns")[0])
        lon, lat = pyproj.Transformer.from_crs(STORED, "EPSG:4326", always_xy=True).transform(
            (west + east) / 2, (south + north) / 2
        )
        self.crs = pyproj.CRS(f"+proj=tmerc +lat_0={lat:.4f} +lon_0={lon:.4f} +k=1 +ellps=GRS80 +units=m +no_defs")
        self.plane = oracle.Plane(self.crs, (0, 0))
        pieces = {}
        for shape, name in zip(*self.read("towns", "XZQMC")):
            pieces.setdefault(name, []).append(self.here(shape))
        self.zones = [(name, shapely.union_all(shapes)) for name, shapes in pieces.items()]
        self.towns, self.territory = self.zones, shapely.union_all([g for _, g in self.zones])
        shapes, codes = self.read("xiaoban.shp", "DI_LEI")
        land = [(code, self.here(shape)) for shape, code in zip(shapes, codes) if code in WOODED]
        self.woods = [ground for _, ground in land if not ground.is_empty]
        green = [g for layer in ("canopy", "green", "parks") for g in self.grounds({"layer": layer})]
        self.green = self.woods + [g for g in green if not g.is_empty]
        self.tree, self.waters = shapely.STRtree(self.woods), None
        self.forest = [g for code, g in land if code in FOREST]
        self.urban = shapely.union_all([self.here(shape) for shape in self.read("urban")[0]])
        self.built_up = shapely.union_all([self.here(shape) for shape in self.read("town_built_up")[0]])

    def read(self, layer, field=None, where=None):
        """(shapes, values of the field) of a layer of the GeoPackage, or of the shapefile."""
        is_file = layer.endswith(".shp")
        path = self.folder / (layer if is_file else "county.gpkg")
        more = {"encoding": "GBK"} if is_file else {"layer": layer, "where": where}
        meta, _, wkb, columns = pyogrio.raw.read(str(path), columns=[field] if field else [], **more)
        return list(shapely.from_wkb(wkb)), list(columns[0]) if field else None

    def here(self, shape):
        return oracle.ground(oracle.carried(shape, STORED, self.crs))

    def grounds(self, settings):
        return [self.here(shape) for shape in self.read(settings["layer"])[0]]

    def stored(self, settings, field=None):
        where = [f"NOT ({unfit['where']})" for unfit in settings.get("unfit", [])]
        where += [settings["where"]] if "where" in settings else []
        return STORED, self.read(settings["layer"], where=" AND ".join(where) or None)[0], None

    @contextlib.contextmanager
    def under(self, grounds):
        """With other ground that stands beside axes."""
        before = self.woods, self.tree
        self.woods, self.tree = grounds, shapely.STRtree(grounds)
        yield
        self.woods, self.tree = before


def recreation(county):
    county.settings["recreation"] |= {"at_least_ha": 20, "radius_m": 10000}
    further.reach(county)


def with_other_strips(county, settings, item, measure, fit, greened):
    """A measure with the strip of the sample, and what of the length is greened with the others beside it."""
    settings["strip_m"] = STRIP_M
    measure(county)
    rows = county.rows
    for far in settings["also_strip_m"]:
        settings["strip_m"], county.rows = [STRIP_M[0], far], []
        measure(county)
        found = {(place, what): value for place, what, value in county.rows}
        for (place, what), length in found.items():
            if what == fit:
                share = found[place, greened] / length * 100
                rows.append((place, f"{item}: greened with a strip from {STRIP_M[0]} to {far} m", share))
    settings["strip_m"], county.rows = STRIP_M, rows


def roads(county):
    """As in further.py, with the towns' built-up areas left out besides the urban area."""
    urban, county.urban = county.urban, county.urban.union(county.built_up)
    settings = county.settings["road_greening"]
    with_other_strips(county, settings, "road-greening", further.roads, "roads fit for greening", "greened roads")
    county.urban = urban


def town_roads(county):
    """Streets of the built-up areas, with green on one side at least."""
    segments = county.all_axes(county.settings["town_roads"])
    with county.under(county.green):
        for shape, name in zip(*county.read("town_built_up", "MC")):
            length, both, either, mean = further.beside(county, further.within(segments, county.here(shape)), STRIP_M)
            place = f"built-up area of {name.removesuffix('区')}"
            county.row(place, "roads fit for greening", length)
            county.row(place, "greened roads", either)
            county.row(place, "trees on both sides", both / length * 100)
            county.row(place, "mean of both sides", mean / length * 100)


def shaded_roads(county):
    county.settings["shaded_roads"]["segment_m"] = SEGMENT_M
    with county.under(county.green):
        further.shaded_roads(county)


def shores(county):
    border = county.territory.boundary.buffer(CUT_M)
    towns, territory = county.towns, county.territory
    county.towns = [(name, ground.difference(border)) for name, ground in towns]
    county.territory = territory.difference(border)
    settings = county.settings["waterside"]
    with_other_strips(county, settings, "shore-greening", further.shores, "shore fit for greening", "greened shore")
    county.towns, county.territory = towns, territory


def rings(county):
    with county.under(county.forest):
        further.rings(county)


def main(folder):
    county = Sample(folder)
    of_all = further.park_service, recreation, roads, town_roads, shaded_roads, shores, further.natural_shore, rings
    for measure in of_all:
        measure(county)
        print(measure.__name__, file=sys.stderr)
    settings = [f"settings: project.toml of the sample; buffers with {further.QUARTER} chords a quarter of a circle"]
    head = oracle.header("sencheng sample FOLDER; python3 tests/oracle/further_sample.py FOLDER", settings)
    with (EXPECTED / "sample_further.csv").open("w", encoding="utf-8", newline="") as file:
        file.write(head)
        table = csv.writer(file, lineterminator="\n")
        table.writerow(["place", "what", "value"])
        table.writerows((place, what, f"{value:.6f}") for place, what, value in county.rows)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
