"""Writes tests/expected/ellipsoid.csv: areas on the ellipsoid of polygons whose edges are straight in a plane.

    python3 tests/oracle/ellipsoid.py

Squares and triangles from 1 ha to 100 km2, at several places of several projected systems. Every edge is cut into
pieces short enough to be geodesics, carried to longitude and latitude by PROJ, and summed by GeographicLib. An
equal-area projection about the shape is an independent way to the same area; both are recorded, and must agree to
what GeographicLib keeps of digits, about 1e-5 m2 for every piece of an edge, before a row is written.
"""

import csv
import math
import sys
from pathlib import Path

import geographiclib
import numpy as np
import pyproj
from geographiclib.geodesic import Geodesic

OUT = Path(__file__).parent.parent / "expected" / "ellipsoid.csv"
# An edge straight in the plane bends away from the geodesic by less than length^2 / 8 x BEND, in metres.
BEND = 1e-8
# What that may amount to, as a share of the area.
SHARE = 1e-10

# system, its origin of eastings, places as (easting from there, northing) in metres
SYSTEMS = [
    ("EPSG:4547", 500_000, [
        (off * 1000, {18.0: 1_990_000, 24.4: 2_699_000, 40.0: 4_429_000, 50.0: 5_540_000}[lat])
        for lat in (18.0, 24.4, 40.0, 50.0) for off in (0, 60, 140)
    ]),
    ("EPSG:4526", 38_500_000, [(-60_000, 2_699_000), (140_000, 4_429_000)]),
    ("EPSG:32733", 500_000, [(0, 6_230_000), (-250_000, 6_230_000), (280_000, 9_990_000)]),
    ("EPSG:3035", 4_321_000, [(-560_000, 2_890_000), (300_000, 4_500_000)]),
    ("EPSG:2154", 700_000, [(-47_000, 6_862_000), (-500_000, 6_250_000), (490_000, 7_050_000)]),
]

# name, square metres; the side of a square or the longest side of the triangle follows
SIZES = [("1 ha", 1e4), ("10 ha", 1e5), ("1 km2", 1e6), ("10 km2", 1e7), ("100 km2", 1e8)]


def square(x, y, area):
    side = math.sqrt(area)
    return [(x, y), (x + side, y), (x + side, y + side), (x, y + side)]


def triangle(x, y, area):
    """Slanted, half as high as wide."""
    w = math.sqrt(4 * area)
    corners = [(0, 0), (w, 0), (0.3 * w, 0.5 * w)]
    c, s = math.cos(0.4), math.sin(0.4)
    return [(x + c * px - s * py, y + s * px + c * py) for px, py in corners]


def rounded(ring):
    """To a 1024th of a metre, so that the recorded decimals are the coordinates."""
    return [(round(x * 1024) / 1024, round(y * 1024) / 1024) for x, y in ring]


def dense(ring, area):
    a = np.asarray(ring)
    b = np.roll(a, -1, axis=0)
    length = np.hypot(*(b - a).T)
    piece = math.sqrt(SHARE * area * 12 / BEND / length.sum())
    out = [p + (q - p) * t for p, q, n in zip(a, b, np.ceil(length / piece)) for t in [np.arange(n)[:, None] / n]]
    return np.vstack(out)


def by_geodesics(lon, lat, ellipsoid):
    polygon = Geodesic(ellipsoid.semi_major_metre, 1 / ellipsoid.inverse_flattening).Polygon()
    for x, y in zip(lon, lat):
        polygon.AddPoint(y, x)
    return abs(polygon.Compute()[2])


def by_equal_area(lon, lat, ellipsoid):
    """By Albers about the shape: PROJ has its authalic function in closed form (that of laea is a short series)."""
    middle = lat.mean()
    plane = pyproj.Proj(
        f"+proj=aea +lat_1={middle - 0.1:.6f} +lat_2={middle + 0.1:.6f} +lat_0={middle:.6f} +lon_0={lon.mean():.6f} "
        f"+a={ellipsoid.semi_major_metre!r} +rf={ellipsoid.inverse_flattening!r} +units=m"
    )
    x, y = plane(lon, lat)
    return abs(np.dot(x, np.roll(y, -1)) - np.dot(y, np.roll(x, -1))) / 2


def rows():
    for name, origin, places in SYSTEMS:
        crs = pyproj.CRS(name)
        degrees = pyproj.Transformer.from_crs(crs, crs.geodetic_crs, always_xy=True)
        for (off, north), (size, area), shape in ((p, s, f) for p in places for s in SIZES for f in (square, triangle)):
            ring = rounded(shape(origin + off + 0.37, north + 0.73, area))
            lon, lat = degrees.transform(*dense(ring, area).T)
            geodesic, equal_area = by_geodesics(lon, lat, crs.ellipsoid), by_equal_area(lon, lat, crs.ellipsoid)
            apart = abs(geodesic / equal_area - 1)
            assert apart < (6e-10 if area >= 1e6 else 6e-8), (name, off, north, size, apart)
            points = "; ".join(f"{x!r} {y!r}" for x, y in ring)
            yield name, shape.__name__, size, points, f"{geodesic:.6f}", f"{equal_area:.6f}"
        print(name, file=sys.stderr)


if __name__ == "__main__":
    with open(OUT, "w", encoding="utf-8", newline="\n") as out:
        out.write(f"# geographiclib {geographiclib.__version__}, pyproj {pyproj.__version__}, PROJ {pyproj.proj_version_str}\n")
        out.write("# command: python3 tests/oracle/ellipsoid.py\n")
        out.write(f"# edges straight in the plane of the system, cut until their bend is {SHARE} of the area\n")
        table = csv.writer(out, lineterminator="\n")
        table.writerow(["crs", "shape", "size", "ring", "geodesic_m2", "equal_area_m2"])
        table.writerows(rows())
