"""Writes tests/expected/further.csv: reach, trees beside roads and shores, rings and directions, by GEOS.

    python3 tests/oracle/further.py DATA_FOLDER [NAME…]

Reads the settings of tests/cases/further/NAME.toml, and nothing of the program. Needs shapely, pyproj, pyogrio.

Everything is drawn in a transverse Mercator plane about the middle of the zones, so distances are true to 1e-5:
- within reach: buffers with 128 chords a quarter of a circle, united;
- beside an axis: each straight piece within a zone has a rectangle on either side; what a wood has of it casts an interval
  on the piece, and intervals are united;
- shore: outlines of the waters, united, of at least so much ground; the land is on the side where the water is not;
- rings: buffers of the urban area less each other; directions are wedges in the working plane about its centroid.
- shaded roads: a road, or equal parts of it of at most so many metres; the strip of a part is the union of the rectangles
  beside its straight pieces, within the urban area, and so much of it as lies under woods must be covered;
- streams: lines with two banks, where they do not lie in a water; natural shore: the length of shore lines that say so.
Areas are on the ellipsoid by way of an equal-area plane, lengths geodesic.
"""

import csv
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
    "gent_city": "+proj=laea +lat_0=51 +lon_0=4 +datum=WGS84 +units=m +no_defs",
    "swellendam_city": "EPSG:32733",
    "paris_city": "EPSG:32631",
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
        waters = [cover for cover in self.settings["cover"] if cover["class"] == "water"]
        self.waters = [w for cover in waters for w in self.grounds(cover)] if waters else None
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

    def axes(self, settings):
        """The straight pieces of every feature, [n, 2, 2]."""
        crs, shapes, _ = self.stored(settings)
        run = oracle.transformer(crs, self.crs)
        for shape in shapes:
            lines = [] if shape is None else [shapely.get_coordinates(line) for line in shapely.get_parts(shape)]
            yield pieces_of([oracle.densified(c, run, oracle.CHORD_M) for c in lines if len(c) > 1])

    def all_axes(self, settings):
        return np.concatenate([np.empty((0, 2, 2)), *self.axes(settings)])

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


def park_service(county):
    settings = county.settings["park_service"]
    parks = shapely.get_parts(oracle.polygons_of(shapely.union_all(county.grounds(settings))))
    near = shapely.union_all(shapely.buffer(parks, settings["radius_m"], quad_segs=QUARTER)).intersection(county.urban)
    county.row("urban area", "ground near a park", county.plane.ellipsoid_m2(oracle.polygons_of(near)))


# ---- beside axes --------------------------------------------------------------------------------------------


def pieces_of(lines):
    """The straight pieces of open coordinate arrays, [n, 2, 2]."""
    pairs = [np.stack([line[:-1], line[1:]], axis=1) for line in lines]
    pairs = np.concatenate([np.empty((0, 2, 2)), *pairs])
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
    segments = county.all_axes(settings)
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
    waters = shapely.union_all(county.grounds(settings))
    parts = shapely.get_parts(oracle.polygons_of(waters))
    large = [shapely.orient_polygons(p) for p in parts if p.area >= settings["at_least_ha"] * 1e4]
    # Shells are counter-clockwise, holes clockwise: the land lies on the right.
    rings = [shapely.get_coordinates(r) for p in large for r in (p.exterior, *p.interiors)]
    segments = pieces_of(rings)
    streams = county.all_axes(settings["streams"]) if "streams" in settings else np.empty((0, 2, 2))
    for place, ground in county.places():
        held = within(segments, ground)
        metres = county.metres(held)
        greened = [length(found) for found in met(county, held, -1, *settings["strip_m"])]
        all_of_it, _, _, mean = beside(county, within(streams, ground.difference(waters)), settings["strip_m"])
        fit = metres.sum() + 2 * all_of_it
        if fit > 0:
            county.row(place, "shore fit for greening", fit)
            county.row(place, "greened shore", metres @ greened + 2 * mean)
    county.row("county", "waters that count", len(large))
    county.row("county", "waters too small", len(parts) - len(large))
    if "streams" in settings:
        county.row("county", "streams, each with two banks", all_of_it)
        county.row("county", "left out: streams within waters", county.metres(within(streams, county.territory.intersection(waters))).sum())


def natural_shore(county):
    settings = county.settings["waterside"]["shore"]
    shore, natural = county.all_axes(settings), county.all_axes(settings | {"where": settings["natural"]})
    for place, ground in county.places():
        all_of_it, of_it = (county.metres(within(lines, ground)).sum() for lines in (shore, natural))
        if all_of_it > 0:
            county.row(place, "shore", all_of_it)
            county.row(place, "natural shore", of_it)


# ---- shade --------------------------------------------------------------------------------------------------


def equal_parts(county, segments, segment_m):
    """A street in equal parts of at most so many metres, each [n, 2, 2]."""
    metres = county.metres(segments)
    reached = np.concatenate([[0], np.cumsum(metres)])
    count = max(1, int(np.ceil(reached[-1] / segment_m - 1e-9)))
    bounds = np.linspace(0, reached[-1], count + 1)
    for begins, ends in zip(bounds[:-1], bounds[1:]):
        shares = (np.clip([begins, ends], reached[:-1, None], reached[1:, None]) - reached[:-1, None]) / metres[:, None]
        step = segments[:, 1] - segments[:, 0]
        cut = segments[:, None, 0] + shares[:, :, None] * step[:, None]
        yield cut[shares[:, 1] > shares[:, 0]]


def shade(county, segments, strip):
    """(length, ground of the strip, shaded ground) of a unit, within the urban area."""
    segments = within(segments, county.urban)
    if len(segments) == 0:
        return 0, 0, 0
    step = segments[:, 1] - segments[:, 0]
    away = np.stack([-step[:, 1], step[:, 0]], axis=1) / np.hypot(*step.T)[:, None]
    (a, b), (near, far) = segments.transpose(1, 0, 2), strip
    corners = [
        np.stack([a + near * off, b + near * off, b + far * off, a + far * off], axis=1) for off in (away, -away)
    ]
    ground = shapely.union_all(shapely.polygons(np.concatenate(corners))).intersection(county.urban)
    trees = county.tree.query(ground, predicate="intersects")
    shaded = shapely.union_all([county.woods[i] for i in trees]).intersection(ground)
    return county.metres(segments).sum(), *(county.plane.ellipsoid_m2(oracle.polygons_of(part)) for part in (ground, shaded))


def shaded_roads(county):
    settings = county.settings["shaded_roads"]
    streets = [street for street in county.axes(settings) if len(street) > 0]
    place, least, segment_m = "urban area", settings["share_pct"], settings["segment_m"]
    of = lambda units: np.array([shade(county, unit, settings["strip_m"]) for unit in units])
    parts, whole = of([part for street in streets for part in equal_parts(county, street, segment_m)]), of(streets)
    parts, whole = parts[parts[:, 1] > 0], whole[whole[:, 1] > 0]
    shaded = lambda units, share: units[units[:, 2] / units[:, 1] * 100 >= share, 0]
    pct = lambda units, share: shaded(units, share).sum() / units[:, 0].sum() * 100
    county.row(place, "roads fit for greening", parts[:, 0].sum())
    county.row(place, "shaded roads", shaded(parts, least).sum())
    county.row(place, "units judged", len(parts))
    county.row(place, "units that are shaded", len(shaded(parts, least)))
    for share in sorted({50, 70, 90} - {least}):
        county.row(place, f"shaded by segment of {segment_m} m, from {share} % on", pct(parts, share))
    county.row(place, f"shaded by road, from {least} % on", pct(whole, least))
    county.row(place, "crowns over all strips, each by itself", parts[:, 2].sum() / parts[:, 1].sum() * 100)


# ---- rings --------------------------------------------------------------------------------------------------


def rings(county):
    settings = county.settings["rings"]
    woods = shapely.union_all(county.woods)
    waters = None if county.waters is None else shapely.union_all(county.waters).difference(woods)
    m2 = lambda shape: county.plane.ellipsoid_m2(oracle.polygons_of(shape))
    inner, before = county.urban, 0
    for number, to in enumerate(settings["distances_m"], 1):
        outer = county.urban.buffer(to, quad_segs=QUARTER)
        ring = outer.difference(inner)
        ground = ring.intersection(county.territory)
        county.row(f"ring {before} {to}", "ground", m2(ground))
        county.row(f"ring {before} {to}", "forest", m2(ground.intersection(woods)))
        if waters is not None:
            county.row(f"ring {before} {to}", "water", m2(ground.intersection(waters)))
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
    rows = [("data", "place", "what", "value")]
    for name in names or WORKING:
        county = County(name, data)
        asked = {
            "recreation": reach,
            "park_service": park_service,
            "road_greening": roads,
            "shaded_roads": shaded_roads,
            "waterside": shores,
            "rings": rings,
        }
        measures = [measure for table, measure in asked.items() if table in county.settings]
        measures += [natural_shore] if "shore" in county.settings["waterside"] else []
        for measure in measures:
            measure(county)
            print(name, measure.__name__, file=sys.stderr)
        rows += [(name, place, what, f"{value:.6f}") for place, what, value in county.rows]
    with (TESTS / "expected/further.csv").open("w", encoding="utf-8", newline="") as file:
        file.write(oracle.header("python3 tests/oracle/further.py DATA_FOLDER", settings))
        csv.writer(file, lineterminator="\n").writerows(rows)


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2:])
