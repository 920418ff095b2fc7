"""GeoPandas at its fastest on what is near parks, and on trees beside roads and along rivers.

usage: by_geopandas_further.py reach PARKS TOWNS OUTPUT
       by_geopandas_further.py greening ROADS RIVERS COVER TOWNS OUTPUT
       by_geopandas_further.py nothing ANY TOWNS OUTPUT

Distances are of the ground, as sencheng's: in the plane they are longer by its scale at the place. Trees stand beside a
place of an axis where the perpendicular to one side meets a patch of them on the strip: a rectangle beside each straight
piece of the axis is cut with the patches, each part is projected on the axis, and intervals are united.
"""

import sys

import numpy
import shapely

from by_geopandas import read, write
from data import CLASS, TREES, ZONE

REACH_M, STRIP_M, CHORDS = 500.0, 20.0, 65
# Shore this near to the outer border of the towns is where a water was cut, and no shore.
BORDER_M = 0.1
# The false easting of the plane, and the radius of the earth there.
EASTING_M, EARTH_M = 500_000.0, 6_371_000.0
LEFT, RIGHT = 1.0, -1.0


def scale(x: numpy.ndarray) -> numpy.ndarray:
    """Metres of the plane in a metre of ground."""
    return 1.0 + ((x - EASTING_M) / EARTH_M) ** 2 / 2.0


def reach(parks: str, towns: str) -> dict:
    """Ground of each town within reach of any park. Parks that share ground reach together."""
    (zones, names), (shapes, _) = read(towns, ZONE), read(parks, "ID")
    west, _, east, _ = shapely.bounds(shapes).T
    near = shapely.buffer(shapes, REACH_M * scale((west + east) / 2.0), quad_segs=CHORDS)
    shapely.prepare(zones)
    zone, park = shapely.STRtree(near).query(zones, predicate="intersects")
    def ground(k):
        return shapely.area(shapely.intersection(shapely.union_all(near[park[zone == k]]), zones[k]))
    return {(name, "near"): ground(k) for k, name in enumerate(names)}


def pieces(lines: numpy.ndarray) -> tuple:
    """Beginnings and ends of the straight pieces of some lines."""
    places, line = shapely.get_coordinates(lines, return_index=True)
    same = line[1:] == line[:-1]
    return places[:-1][same], places[1:][same]


def split(begins: numpy.ndarray, ends: numpy.ndarray, zones: numpy.ndarray) -> tuple:
    """The same, cut along zones, with the zone of each."""
    lines = shapely.linestrings(numpy.stack([begins, ends], axis=1))
    zone, piece = shapely.STRtree(lines).query(zones, predicate="intersects")
    inside = shapely.covers(zones[zone], lines[piece])
    whole, cut = (zone[inside], piece[inside]), (zone[~inside], piece[~inside])
    parts, of = shapely.get_parts(shapely.intersection(lines[cut[1]], zones[cut[0]]), return_index=True)
    straight = shapely.length(parts) > 0.0
    parts, of = parts[straight], of[straight]
    first, last = (shapely.get_coordinates(shapely.get_point(parts, k)) for k in (0, -1))
    turned = ((last - first) * (ends - begins)[cut[1][of]]).sum(axis=1) < 0.0
    first[turned], last[turned] = last[turned], first[turned].copy()
    return (numpy.concatenate([begins[whole[1]], first]), numpy.concatenate([ends[whole[1]], last]),
            numpy.concatenate([whole[0], cut[0][of]]))


def met(begins: numpy.ndarray, ends: numpy.ndarray, side: float, trees) -> tuple:
    """Where trees stand on the strips of one side: the piece, and from where to where along it, as shares."""
    length = numpy.hypot(*(ends - begins).T)
    along = (ends - begins) / length[:, None]
    away = side * STRIP_M * scale((begins + ends)[:, 0] / 2.0)[:, None] * numpy.stack([-along[:, 1], along[:, 0]], axis=-1)
    strips = shapely.polygons(numpy.stack([begins, ends, ends + away, begins + away], axis=1))
    strip, patch = trees.query(strips, predicate="intersects")
    parts, of = shapely.get_parts(shapely.intersection(strips[strip], trees.geometries[patch]), return_index=True)
    ground = shapely.get_dimensions(parts) == 2
    parts, piece = parts[ground], strip[of[ground]]
    places, part = shapely.get_coordinates(parts, return_index=True)
    way = ((places - begins[piece[part]]) * along[piece[part]]).sum(axis=1)
    first = numpy.flatnonzero(numpy.diff(part, prepend=-1))
    return piece, numpy.minimum.reduceat(way, first) / length[piece], numpy.maximum.reduceat(way, first) / length[piece]


def united(piece: numpy.ndarray, begins: numpy.ndarray, ends: numpy.ndarray, count: int) -> numpy.ndarray:
    """How much of each piece its intervals cover, as a share."""
    order = numpy.lexsort((begins, piece))
    piece, begins, ends = piece[order], (begins + 2.0 * piece)[order], (ends + 2.0 * piece)[order]
    before = numpy.concatenate([[-1.0], numpy.maximum.accumulate(ends)[:-1]])
    return numpy.bincount(piece, numpy.maximum(ends - numpy.maximum(begins, before), 0.0), count)


def without_border(rings: numpy.ndarray, zones: numpy.ndarray) -> numpy.ndarray:
    """Rings less what lies along the outer border of the zones."""
    border = shapely.get_parts(shapely.boundary(shapely.union_all(zones)))
    edges = shapely.linestrings(numpy.stack(pieces(border), axis=1))
    near = edges[numpy.unique(shapely.STRtree(edges).query(rings, predicate="dwithin", distance=2.0 * BORDER_M)[1])]
    middle = shapely.get_coordinates(shapely.centroid(near))[:, 0]
    along = shapely.union_all(shapely.buffer(near, BORDER_M * scale(middle), cap_style="flat"))
    cut = shapely.intersects(rings, along)
    return numpy.concatenate([rings[~cut], shapely.get_parts(shapely.difference(rings[cut], along))])


def greening(roads: str, rivers: str, cover: str, towns: str) -> dict:
    """Length of roads with trees on both sides, and of shores with trees on the land, in each town."""
    (zones, names), (patches, classes) = read(towns, ZONE), read(cover, CLASS)
    trees = shapely.STRtree(patches[numpy.isin(classes, TREES)])
    shapely.prepare(zones)
    waters = shapely.orient_polygons(shapely.get_parts(shapely.union_all(read(rivers, "ID")[0])))
    shore = without_border(shapely.get_rings(waters), zones)
    figures = {}
    for kind, lines, sides in [("road", read(roads, "ID")[0], (LEFT, RIGHT)), ("shore", shore, (RIGHT,))]:
        begins, ends, zone = split(*pieces(lines), zones)
        count, length = len(begins), numpy.hypot(*(ends - begins).T)
        banks = [met(begins, ends, side, trees) for side in sides]
        share = sum(united(*bank, count) for bank in banks)
        if len(banks) == 2:
            share -= united(*map(numpy.concatenate, zip(*banks)), count)
        for what, metres in [(f"{kind}s", length), (f"greened {kind}s", share * length)]:
            sums = numpy.bincount(zone, metres, len(names))
            figures |= {(name, what): total for name, total in zip(names, sums) if sums.any()}
    return figures


def nothing(_: str, towns: str) -> dict:
    """What starting, reading the towns and writing cost."""
    read(towns, ZONE)
    return {}


if __name__ == "__main__":
    job, *layers, output = sys.argv[1:]
    write({"reach": reach, "greening": greening, "nothing": nothing}[job](*layers), output)
