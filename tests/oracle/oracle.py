"""Reference figures for the tests: coverage per zone and class by GEOS (shapely), PROJ and GeographicLib (pyproj).

Nothing of the program under test runs here. The rules are those of the program's documentation:

- The ground of a feature is the union over its parts of (shell by non-zero winding minus the union of its
  holes by non-zero winding). Z and M are dropped; a null geometry has no ground.
- An edge is straight in the coordinate system its file stores. A layer in another system is densified before
  it is transformed, here until the chord error is below CHORD_M.
- WGS 84, ETRS89 and CGCS2000 are taken as equal: longitude and latitude are carried across unchanged.
- For a zone and a class, `gross` is the sum over features of area(ground within the zone), `net` the area of
  their union. `(shared)` is the sum of the nets minus the area of their union, `(null)` the class of a null
  value, `(none)` the zone minus everything.
- `area_m2` is on the ellipsoid of the working system: edges straight in the plane of that system are cut every
  EDGE_M, carried to an equal-area plane and summed there. `confirm` does the same sum by geodesic polygons.
"""

import math
import sys

import geographiclib
import numpy as np
import pyproj
import shapely
from shapely.geometry import LineString, MultiPolygon, Polygon

# Longest chord error of a densified edge, in metres. The program allows itself 1e-3.
CHORD_M = 1e-5
# Longest edge that is carried from the working plane to the equal-area plane, in metres.
EDGE_M = 25.0
# A piece of a feature below this area does not count as a feature in the zone.
PIECE_M2 = 0.01
# A `(shared)` below this area in the plane is rounding of the overlay and gets no row.
SHARED_M2 = 1e-3


# ---- ground -------------------------------------------------------------------------------------------------

def winding(ring, x, y):
    """The winding number of the closed coordinate array `ring` round a point that is not on it."""
    x0, y0, x1, y1 = ring[:-1, 0], ring[:-1, 1], ring[1:, 0], ring[1:, 1]
    left = (x1 - x0) * (y - y0) - (x - x0) * (y1 - y0)
    up = (y0 <= y) & (y1 > y) & (left > 0)
    down = (y0 > y) & (y1 <= y) & (left < 0)
    return int(up.sum()) - int(down.sum())


def ring_ground(coords):
    """Every face of a ring's linework that the ring winds round at least once, in either sense."""
    ring = np.asarray(coords, dtype=float)[:, :2]
    if len(ring) == 0:
        return Polygon()
    if not np.array_equal(ring[0], ring[-1]):
        ring = np.vstack([ring, ring[:1]])
    ring = ring[np.append(True, np.any(np.diff(ring, axis=0) != 0, axis=1))]
    if len(ring) < 4:
        return Polygon()
    origin = ring[0].copy()
    local = ring - origin
    linework = shapely.unary_union(LineString(local))
    faces = shapely.get_parts(shapely.polygonize([linework]))
    kept = []
    for face in faces:
        point = face.representative_point()
        if winding(local, point.x, point.y) != 0:
            kept.append(face)
    return shift(shapely.union_all(kept), origin) if kept else Polygon()


def part_ground(shell, holes):
    """Shell by non-zero winding minus the union of the holes by non-zero winding."""
    ground = ring_ground(shell)
    taken = [ring_ground(hole) for hole in holes]
    return ground.difference(shapely.union_all(taken)) if taken else ground


def ground(geometry):
    """The ground of one feature, as a valid plane shape; empty for a null or empty geometry."""
    if geometry is None or geometry.is_empty:
        return Polygon()
    geometry = shapely.force_2d(geometry)
    if geometry.is_valid and isinstance(geometry, (Polygon, MultiPolygon)):
        return geometry
    parts = [p for p in shapely.get_parts(geometry) if isinstance(p, Polygon)]
    grounds = [part_ground(p.exterior.coords, [h.coords for h in p.interiors]) for p in parts]
    return polygons_of(shapely.union_all(grounds))


def polygons_of(shape):
    """The polygons of a result that may also hold the lines and points where shapes touch."""
    kept = [p for p in shapely.get_parts(shape) if isinstance(p, Polygon) and not p.is_empty]
    nested = [p for g in shapely.get_parts(shape) if g.geom_type == "GeometryCollection" for p in g.geoms]
    kept += [p for p in nested if isinstance(p, Polygon)]
    return MultiPolygon(kept) if len(kept) != 1 else kept[0]


def shift(shape, by):
    return shapely.transform(shape, lambda xy: xy + by)


# ---- coordinate systems -------------------------------------------------------------------------------------

def own_degrees(crs):
    """The geographic system a projected system is built on; itself where it is geographic."""
    crs = pyproj.CRS(crs)
    return crs.geodetic_crs if crs.is_projected else crs


def transformer(source, target):
    """From `source` to `target`, x (east, longitude) first, with every datum on the way taken as equal."""
    source, target = pyproj.CRS(source), pyproj.CRS(target)

    def step(a, b):
        return pyproj.Transformer.from_crs(a, b, always_xy=True)

    down = step(source, own_degrees(source)) if source.is_projected else None
    up = step(own_degrees(target), target) if target.is_projected else None

    def run(xy):
        x, y = xy[:, 0], xy[:, 1]
        if down is not None:
            x, y = down.transform(x, y, errcheck=True)
        if up is not None:
            x, y = up.transform(x, y, errcheck=True)
        return np.column_stack([x, y])

    return run


def densified(ring, run, chord_m):
    """The ring in the target system: every edge cut into as many equal pieces as its bend asks for."""
    a, b = ring[:-1], ring[1:]
    ends_a, ends_b = run(a), run(b)
    along = ends_b - ends_a
    length = np.hypot(along[:, 0], along[:, 1])
    length = np.where(length == 0, 1, length)
    bend = np.zeros(len(a))
    for t in (0.25, 0.5, 0.75):
        off = run(a + t * (b - a)) - ends_a
        bend = np.maximum(bend, np.abs(along[:, 0] * off[:, 1] - along[:, 1] * off[:, 0]) / length)
    pieces = np.maximum(1, np.ceil(np.sqrt(bend / chord_m))).astype(int)
    steps = np.concatenate([np.arange(n) / n for n in pieces])
    dense = np.repeat(a, pieces, axis=0) + steps[:, None] * np.repeat(b - a, pieces, axis=0)
    return run(np.vstack([dense, ring[-1:]]))


def carried(geometry, source, target, chord_m=CHORD_M):
    """A geometry as its file stores it, in the working system."""
    if geometry is None or geometry.is_empty:
        return geometry
    if pyproj.CRS(source) == pyproj.CRS(target):
        return shapely.force_2d(geometry)
    run = transformer(source, target)

    def ring(line):
        return densified(np.asarray(line.coords)[:, :2], run, chord_m)

    parts = [p for p in shapely.get_parts(geometry) if isinstance(p, Polygon)]
    moved = [Polygon(ring(p.exterior), [ring(h) for h in p.interiors]) for p in parts]
    return moved[0] if len(moved) == 1 else MultiPolygon(moved)


# ---- areas --------------------------------------------------------------------------------------------------

class Plane:
    """The working system, shifted to an origin near the data so that the overlay keeps its digits."""

    def __init__(self, crs, origin):
        self.crs = pyproj.CRS(crs)
        self.origin = np.asarray(origin, dtype=float)
        ellipsoid = self.crs.ellipsoid
        self.geod = pyproj.Geod(a=ellipsoid.semi_major_metre, rf=ellipsoid.inverse_flattening)
        self.degrees = pyproj.Transformer.from_crs(self.crs, self.crs.geodetic_crs, always_xy=True)
        lon, lat = self.degrees.transform(*self.origin)
        self.equal_area = pyproj.CRS(
            f"+proj=laea +lat_0={lat:.6f} +lon_0={lon:.6f} "
            f"+a={ellipsoid.semi_major_metre!r} +rf={ellipsoid.inverse_flattening!r} +units=m +no_defs"
        )
        self.to_equal_area = transformer(self.crs, self.equal_area)

    def local(self, shape):
        return shift(shape, -self.origin)

    def ellipsoid_m2(self, shape):
        """Area on the ellipsoid of a valid shape in local coordinates, edges straight in the working plane."""
        return over_rings(shape, lambda ring: shoelace(self.to_equal_area(cut(ring, EDGE_M) + self.origin)))

    def geodesic_m2(self, shape):
        """The same area by GeographicLib: geodesic polygons on densely placed vertices."""
        def enclosed(ring):
            lon, lat = self.degrees.transform(*(cut(ring, EDGE_M) + self.origin).T)
            return self.geod.polygon_area_perimeter(lon, lat)[0]

        return over_rings(shape, enclosed)


def over_rings(shape, area):
    """The areas of the shells less those of the holes. Rings are measured one by one, because GEOS' own
    `segmentize` mends what it returns and so may lose a polygon with a sliver."""
    parts = [p for p in shapely.get_parts(shape) if not p.is_empty]
    shells = [abs(area(np.asarray(p.exterior.coords))) for p in parts]
    holes = [abs(area(np.asarray(h.coords))) for p in parts for h in p.interiors]
    return math.fsum(shells) - math.fsum(holes)


def cut(ring, edge_m):
    """The ring with every edge cut into equal pieces of at most edge_m."""
    a, b = ring[:-1], ring[1:]
    pieces = np.maximum(1, np.ceil(np.hypot(*(b - a).T) / edge_m)).astype(int)
    steps = np.concatenate([np.arange(n) / n for n in pieces])
    return np.vstack([np.repeat(a, pieces, axis=0) + steps[:, None] * np.repeat(b - a, pieces, axis=0), ring[-1:]])


def shoelace(ring):
    x, y = (ring - ring[0]).T
    return float(np.sum(x[:-1] * y[1:] - x[1:] * y[:-1])) / 2


# ---- the table ----------------------------------------------------------------------------------------------

def tabulate(zones, patches, plane, check_geodesic=0):
    """Rows (zone, class, area_m2, plane_m2, gross_m2, features), zones in file order, classes by code,
    bracketed rows last. `zones` is a list of (id, ground), `patches` of (class or None, ground), both in local
    coordinates. The first `check_geodesic` net areas are confirmed by GeographicLib."""
    classes = sorted({k for k, _ in patches if k is not None})
    if any(k is None for k, _ in patches):
        classes.append(None)
    tree = shapely.STRtree([g for _, g in patches])
    rows, confirmed = [], 0
    for zone, area in zones:
        shapely.prepare(area)
        pieces = {k: [] for k in classes}
        for i in sorted(tree.query(area, predicate="intersects")):
            klass, shape = patches[i]
            piece = shape if area.contains_properly(shape) else polygons_of(shape.intersection(area))
            if not piece.is_empty:
                pieces[klass].append(piece)
        nets = {k: polygons_of(shapely.union_all(p)) for k, p in pieces.items()}
        for klass in classes:
            net = nets[klass]
            net_m2 = plane.ellipsoid_m2(net)
            each = [plane.ellipsoid_m2(p) for p in pieces[klass]]
            name = "(null)" if klass is None else klass
            rows.append((zone, name, net_m2, net.area, math.fsum(each), sum(a > PIECE_M2 for a in each)))
            if confirmed < check_geodesic and net_m2 > 0:
                confirm(zone, name, net_m2, plane.geodesic_m2(net))
                confirmed += 1
        union = polygons_of(shapely.union_all(list(nets.values())))
        none = polygons_of(area.difference(union))
        shared = [math.fsum(m(n) for n in nets.values()) - m(union) for m in (plane.ellipsoid_m2, lambda s: s.area)]
        if shared[1] > SHARED_M2:
            rows.append((zone, "(shared)", *shared, None, None))
        none_m2 = plane.ellipsoid_m2(none)
        rows.append((zone, "(none)", none_m2, none.area, None, None))
        balance(zone, plane.ellipsoid_m2(area), math.fsum(plane.ellipsoid_m2(n) for n in nets.values()), shared[0], none_m2)
    return rows


def confirm(zone, klass, equal_area_m2, geodesic_m2):
    """The two ways to the ellipsoid must agree to 1e-9 relative and a hundredth of a square metre."""
    gap = abs(equal_area_m2 - geodesic_m2)
    assert gap <= 1e-9 * geodesic_m2 + 0.01, (zone, klass, equal_area_m2, geodesic_m2)
    print(f"  {zone} {klass}: {equal_area_m2:.4f} m2, by geodesics {geodesic_m2:.4f} m2", file=sys.stderr)


def balance(zone, zone_m2, nets_m2, shared_m2, none_m2):
    """The identity: nets minus shared plus none is the zone."""
    gap = nets_m2 - shared_m2 + none_m2 - zone_m2
    assert abs(gap) <= 1e-8 * zone_m2 + 0.01, (zone, gap)


def header(command, settings):
    """The comment lines every expected file begins with."""
    geos = ".".join(map(str, shapely.geos_version))
    lines = [
        f"shapely {shapely.__version__}, GEOS {geos}, pyproj {pyproj.__version__}, PROJ {pyproj.proj_version_str}, "
        f"geographiclib {geographiclib.__version__}",
        f"command: {command}",
        *settings,
        f"chord error of densified edges below {CHORD_M} m; ellipsoid areas with edges of at most {EDGE_M} m",
    ]
    return "".join(f"# {line}\n" for line in lines)


def write(path, head, rows):
    """The expected table as CSV; areas to a millionth of a square metre."""
    def number(value):
        return "" if value is None else f"{value:.6f}".replace("-0.000000", "0.000000")

    with open(path, "w", encoding="utf-8", newline="\n") as out:
        out.write(head)
        out.write("zone,class,area_m2,plane_m2,gross_m2,features\n")
        for zone, klass, area, plane, gross, features in rows:
            quoted = f'"{klass}"' if "," in klass else klass
            count = "" if features is None else features
            out.write(f"{zone},{quoted},{number(area)},{number(plane)},{number(gross)},{count}\n")
