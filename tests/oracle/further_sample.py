"""Writes tests/expected/sample_further.csv from a written sample county: reach, trees beside roads and shores, rings and
directions, by GEOS. The measures are those of further.py; only the reading of the layers differs.

    sencheng sample FOLDER
    python3 tests/oracle/further_sample.py FOLDER

The settings are those of the sample's project.toml, with the usual ones of the documentation where it gives none.
The figures belong to the sample of seed 1 and 1 500 sub-compartments. Needs shapely, pyproj, pyogrio, geographiclib.
"""

import sys
import tomllib
from pathlib import Path

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
STRIP_M = [0, 20]
# Shore so near the outer border of the towns is where a water was cut.
CUT_M = 0.1


class Sample(further.County):
    def __init__(self, folder):
        self.folder, self.working, self.rows = folder, STORED, []
        self.settings = tomllib.loads((folder / "project.toml").read_text(encoding="utf-8")) | {"rings": RINGS}
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
        self.tree = shapely.STRtree(self.woods)
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
        where = " AND ".join(f"NOT ({unfit['where']})" for unfit in settings.get("unfit", []))
        return STORED, self.read(settings["layer"], where=where or None)[0], None


def park_service(county):
    parks = shapely.get_parts(oracle.polygons_of(shapely.union_all(county.grounds({"layer": "parks"}))))
    near = shapely.union_all(shapely.buffer(parks, 500, quad_segs=further.QUARTER)).intersection(county.urban)
    county.row("urban area", "ground near a park", county.plane.ellipsoid_m2(oracle.polygons_of(near)))


def recreation(county):
    county.settings["recreation"] |= {"at_least_ha": 20, "radius_m": 10000}
    further.reach(county)


def roads(county):
    """As in further.py, with the towns' built-up areas left out besides the urban area."""
    county.settings["road_greening"]["strip_m"] = STRIP_M
    urban, county.urban = county.urban, county.urban.union(county.built_up)
    further.roads(county)
    county.urban = urban


def shores(county):
    county.settings["waterside"]["strip_m"] = STRIP_M
    border = county.territory.boundary.buffer(CUT_M)
    towns, territory = county.towns, county.territory
    county.towns = [(name, ground.difference(border)) for name, ground in towns]
    county.territory = territory.difference(border)
    further.shores(county)
    county.towns, county.territory = towns, territory


def rings(county):
    woods, county.woods = county.woods, county.forest
    further.rings(county)
    county.woods = woods


def main(folder):
    county = Sample(folder)
    for measure in (park_service, recreation, roads, shores, rings):
        measure(county)
        print(measure.__name__, file=sys.stderr)
    settings = [f"settings: project.toml of the sample; buffers with {further.QUARTER} chords a quarter of a circle"]
    head = oracle.header("sencheng sample FOLDER; python3 tests/oracle/further_sample.py FOLDER", settings)
    lines = [f"{place},{what},{value:.6f}\n" for place, what, value in county.rows]
    (EXPECTED / "sample_further.csv").write_text("".join([head, "place,what,value\n", *lines]), encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
