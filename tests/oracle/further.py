"""Writes tests/expected/further.csv: reach, trees beside roads and shores, rings and directions, by GEOS.

    python3 tests/oracle/further.py DATA_FOLDER [NAME…]

Reads the settings of tests/cases/further/NAME.toml, and nothing of the program. Needs shapely, pyproj, pyogrio.

Everything is drawn in a transverse Mercator plane about the middle of the zones, so distances are true to 1e-5:
- within reach: buffers with 128 chords a quarter of a circle, united;
- beside an axis: each straight piece within a zone has a rectangle on either side; what a wood has of it casts an interval
  on the piece, and intervals are united;
- shore: outlines of the waters, united, of at least so much ground; the land is on the side where the water is not;
- rings: buffers of the urban area less each other; directions are wedges in the working plane about its centroid.
Areas are on the ellipsoid by way of an equal-area plane, lengths geodesic.
"""

import sys
import tomllib
from pathlib import Path

import numpy as np
import pyogrio
import pyproj
import shapely
from shapely.geometry import Polygon

import oracle

TESTS = Path(__file__).parent.parent
# The plane that the program works in, for azimuths from its north.
WORKING = {
    "gent": "+proj=laea +lat_0=51 +lon_0=4 +datum=WGS84 +units=m +no_defs",
    "swellendam": "EPSG:32733",
    "paris": "EPSG:32631",
}
QUARTER = 128


class County:
    def __init__(self, name, data):
        text = (TESTS / f"cases/further/{name}.toml").read_text(encoding="utf-8")
        self.settings = tomllib.loads(text)
        self.folders = {"DATA": data, "CASES": TESTS / "cases/further"}
        self.working = pyproj.CRS(WORKING[name])
        zones = self.settings["zones"]
        crs, shapes, ids = self.stored(zones, zones["id"])
        degrees = shapely.total_bounds([oracle.carried(g, crs, "EPSG:4326") for g in shapes])
        lon, lat = (degrees[0] + degrees[2]) / 2, (degrees[1] + degrees[3]) / 2
        self.crs = pyproj.CRS(f"+proj=tmerc +lat_0={lat:.4f} +lon_0={lon:.4f} +k=1 +datum=WGS84 +units=m +no_defs")
        self.plane = oracle.Plane(self.crs, (0, 0))
        self.zones = [
            (str(int(i)) if not isinstance(i, str) else i, oracle.ground(oracle.carried(g, crs, self.crs)))
            for i, g in zip(ids, shapes)
        ]
        self.territory = shapely.union_all([g for _, g in self.zones])
        self.towns = self.zones[:: 40 if len(self.zones) > 100 else 1]
        self.woods = [w for w in self.grounds(self.settings["cover"][0]) if not w.is_empty]
        self.tree = shapely.STRtree(self.woods)
        self.urban = shapely.union_all(self.grounds(self.settings["scopes"]["urban"]))
        self.rows = []

    def stored(self, layer, field=None):
        prefix, rest = layer["file"].split("/", 1)
        path = str(self.folders[prefix] / rest)
        source = f"/vsizip/{path}" if path.endswith(".zip") else path
        more = {"where": layer["where"]} if "where" in layer else {}
        meta, _, wkb, columns = pyogrio.raw.read(source, layer=layer.get("layer"), **more)
        values = dict(zip(meta["fields"], columns)).get(field)
        return meta["crs"], list(shapely.from_wkb(wkb)), None if values is None else list(values)

    def grounds(self, layer):
        crs, shapes, _ = self.stored(layer)
        return [oracle.ground(oracle.carried(g, crs, self.crs)) for g in shapes]

    def places(self):
        """The county, and its towns; of very many a few."""
        return [*self.towns, ("county", self.territory)]

    def row(self, place, what, value):
        self.rows.append((place, what, value))

    def metres(self, segments):
        """Geodesic lengths of straight pieces [n, 2, 2]."""
        lon, lat = self.plane.degrees.transform(segments[:, :, 0], segments[:, :, 1])
        return self.plane.geod.inv(lon[:, 0], lat[:, 0], lon[:, 1], lat[:, 1])[2]


# ---- reach --------------------------------------------------------------------------------------------------


def reach(county):
    settings = county.settings["recreation"]
    parts = shapely.get_parts(oracle.polygons_of(shapely.union_all(county.grounds(settings))))
    large = [p for p in parts if p.area >= settings["at_least_ha"] * 1e4]
    near = shapely.union_all(shapely.buffer(large, settings["radius_m"], quad_segs=QUARTER))
    for place, ground in county.places():
        m2 = county.plane.ellipsoid_m2(oracle.polygons_of(near.intersection(ground)))
        county.row(place, "ground near a large recreation place", m2)
    county.row("county", "places that reach", len(large))
    county.row("county", "places too small", len(parts) - len(large))


# ---- beside axes --------------------------------------------------------------------------------------------


def pieces_of(lines):
    """The straight pieces of open coordinate arrays, [n, 2, 2]."""
    pairs = [np.stack([line[:-1], line[1:]], axis=1) for line in lines]
    pairs = np.concatenate(pairs)
    return pairs[np.any(pairs[:, 0] != pairs[:, 1], axis=1)]


def along(segment, shape):
    """The interval that each part of a shape covers along a segment, as shares of the way."""
    a, step = segment[0], segment[1] - segment[0]
    found = []
    for part in shapely.get_parts(shape):
        if part.geom_type == "GeometryCollection":
            found += along(segment, part)
            continue
        share = (shapely.get_coordinates(part) - a) @ step / (step @ step)
        if share.max() > share.min():
            found.append((max(0.0, share.min()), min(1.0, share.max())))
    return found


def united(intervals):
    union = []
    for a, b in sorted(intervals):
        if union and a <= union[-1][1]:
            union[-1][1] = max(union[-1][1], b)
        elif b > a:
            union.append([a, b])
    return union


def length(intervals):
    return sum(b - a for a, b in intervals)


def within(segments, ground):
    """Segments as far as they lie within a ground."""
    lines = shapely.linestrings(segments)
    shapely.prepare(ground)
    held, touched = shapely.covers(ground, lines), shapely.intersects(ground, lines)
    cut = []
    for segment, line in zip(segments[touched & ~held], lines[touched & ~held]):
        for a, b in along(segment, line.intersection(ground)):
            cut.append([segment[0] + a * (segment[1] - segment[0]), segment[0] + b * (segment[1] - segment[0])])
    return np.concatenate([segments[held], np.array(cut).reshape(-1, 2, 2)])


def met(county, segments, side, near, far):
    """By segment, where woods are met on one side: +1 left, -1 right."""
    step = segments[:, 1] - segments[:, 0]
    away = np.stack([-step[:, 1], step[:, 0]], axis=1) / np.hypot(*step.T)[:, None] * side
    a, b = segments[:, 0], segments[:, 1]
    corners = np.stack([a + near * away, b + near * away, b + far * away, a + far * away, a + near * away], axis=1)
    strips = shapely.polygons(corners)
    which, wood = county.tree.query(strips, predicate="intersects")
    shapes = shapely.intersection(strips[which], np.array(county.woods, dtype=object)[wood])
    found = [[] for _ in segments]
    for i, shape in zip(which, shapes):
        found[i] += along(segments[i], oracle.polygons_of(shape))
    return [united(intervals) for intervals in found]


def beside(county, segments, strip):
    """(length, both, either, mean) of some segments, in metres; of `both` and `either` by the sides."""
    if len(segments) == 0:
        return np.zeros(4)
    left, right = (met(county, segments, side, *strip) for side in (1, -1))
    either = [length(united(l + r)) for l, r in zip(left, right)]
    sides = np.array([length(l) + length(r) for l, r in zip(left, right)])
    both = sides - np.array(either)
    metres = county.metres(segments)
    return np.array([metres.sum(), metres @ both, metres @ either, metres @ sides / 2])


def roads(county):
    settings = county.settings["road_greening"]
    crs, shapes, _ = county.stored(settings)
    run = oracle.transformer(crs, county.crs)
    lines = [part for shape in shapes if shape is not None for part in shapely.get_parts(shape)]
    coordinates = [shapely.get_coordinates(line) for line in lines]
    segments = pieces_of([oracle.densified(c, run, oracle.CHORD_M) for c in coordinates if len(c) > 1])
    for place, ground in county.places():
        all_of_it, both, either, mean = beside(county, within(segments, ground.difference(county.urban)), settings["strip_m"])
        if all_of_it == 0:
            continue
        county.row(place, "roads fit for greening", all_of_it)
        county.row(place, "greened roads", both)
        county.row(place, "trees on at least one side", either / all_of_it * 100)
        county.row(place, "mean of both sides", mean / all_of_it * 100)


def shores(county):
    settings = county.settings["waterside"]
    parts = shapely.get_parts(oracle.polygons_of(shapely.union_all(county.grounds(settings))))
    large = [shapely.orient_polygons(p) for p in parts if p.area >= settings["at_least_ha"] * 1e4]
    # Shells are counter-clockwise, holes clockwise: the land lies on the right.
    rings = [shapely.get_coordinates(r) for p in large for r in (p.exterior, *p.interiors)]
    segments = pieces_of(rings)
    for place, ground in county.places():
        held = within(segments, ground)
        if len(held) == 0:
            continue
        metres = county.metres(held)
        greened = [length(found) for found in met(county, held, -1, *settings["strip_m"])]
        county.row(place, "shore fit for greening", metres.sum())
        county.row(place, "greened shore", metres @ greened)
    county.row("county", "waters that count", len(large))
    county.row("county", "waters too small", len(parts) - len(large))


# ---- rings --------------------------------------------------------------------------------------------------


def rings(county):
    settings = county.settings["rings"]
    woods = shapely.union_all(county.woods)
    m2 = lambda shape: county.plane.ellipsoid_m2(oracle.polygons_of(shape))
    inner, before = county.urban, 0
    for number, to in enumerate(settings["distances_m"], 1):
        outer = county.urban.buffer(to, quad_segs=QUARTER)
        ring = outer.difference(inner)
        ground = ring.intersection(county.territory)
        county.row(f"ring {before} {to}", "ground", m2(ground))
        county.row(f"ring {before} {to}", "forest", m2(ground.intersection(woods)))
        county.row(f"ring {before} {to}", "beyond", in_working_plane(county, ring.difference(county.territory)))
        if number == settings.get("closure_ring", 1):
            for at, wedge in enumerate(wedges(county, outer)):
                part = ground.intersection(wedge)
                if not part.is_empty and part.area > 0:
                    degrees = at * 360 / 16
                    county.row(f"direction {degrees:g}", "ground", m2(part))
                    county.row(f"direction {degrees:g}", "forest", m2(part.intersection(woods)))
        inner, before = outer, to


def in_working_plane(county, shape):
    return oracle.carried(oracle.polygons_of(shape), county.crs, county.working).area


def wedges(county, outer):
    """Sixteen directions about the centroid of the urban area, as the working plane has north."""
    centre = oracle.carried(county.urban, county.crs, county.working).centroid
    reach = 4 * (county.urban.hausdorff_distance(outer) + np.hypot(*np.ptp(outer.envelope.exterior.coords, axis=0)))
    for number in range(16):
        azimuths = np.radians(np.linspace(number, number + 1, 3) * 360 / 16)
        rim = [(centre.x + reach * np.sin(a), centre.y + reach * np.cos(a)) for a in azimuths]
        yield oracle.carried(Polygon([(centre.x, centre.y), *rim[::-1]]), county.working, county.crs)


def main(data, names):
    settings = [f"settings: tests/cases/further/*.toml; buffers with {QUARTER} chords a quarter of a circle"]
    lines = [oracle.header("python3 tests/oracle/further.py DATA_FOLDER", settings), "data,place,what,value\n"]
    for name in names or WORKING:
        county = County(name, data)
        for measure in (reach, roads, shores, rings):
            measure(county)
            print(name, measure.__name__, file=sys.stderr)
        lines += [f"{name},{place},{what},{value:.6f}\n" for place, what, value in county.rows]
    (TESTS / "expected/further.csv").write_text("".join(lines), encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2:])
