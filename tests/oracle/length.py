"""Writes tests/expected/length.csv: lengths on the ellipsoid of edges that are straight in a plane.

    python3 tests/oracle/length.py

Edges of 10 m to 30 km in several directions, at the places of ellipsoid.py and across the middle of Lambert's conic,
where it shrinks what it shows. Every edge is cut into pieces of at most 200 m, carried to longitude and latitude by
PROJ (from Lambert's azimuthal plane by the exact inverse below, since PROJ's is up to a millimetre short, which its own
forward projection shows), and the geodesics between the ends are added up by GeographicLib. A piece differs from its geodesic by less than
1e-14 of its length; longitudes and latitudes as doubles cost some nanometres an edge. Before a row is written, half as
many pieces must give the same.
"""

import csv
import math
import sys
from pathlib import Path

import geographiclib
import numpy as np
import pyproj
from geographiclib.geodesic import Geodesic

from ellipsoid import SYSTEMS

OUT = Path(__file__).parent.parent / "expected" / "length.csv"
LENGTHS = [10, 100, 1000, 5000, 30_000]
DIRECTIONS = [0, 30, 90, 135]
PIECE = 200.0


def rounded(value):
    """To a 1024th of a metre, so that the recorded decimals are the coordinates."""
    return round(value * 1024) / 1024


class AzimuthalInverse:
    """From ETRS89-LAEA Europe to degrees: Snyder, "Map projections: a working manual", 1987, pages 187-190; the latitude
    by Newton's method from the authalic sum itself, not from a series of it."""

    def __init__(self, ellipsoid):
        self.e2 = 2 / ellipsoid.inverse_flattening - 1 / ellipsoid.inverse_flattening**2
        self.e = math.sqrt(self.e2)
        latitude = math.radians(52)
        self.pole = self.q(math.pi / 2)
        self.radius = ellipsoid.semi_major_metre * math.sqrt(self.pole / 2)
        self.sin, self.cos = (t(math.asin(self.q(latitude) / self.pole)) for t in (math.sin, math.cos))
        across = math.cos(latitude) / math.sqrt(1 - self.e2 * math.sin(latitude) ** 2)
        self.d = ellipsoid.semi_major_metre * across / (self.radius * self.cos)

    def q(self, latitude):
        s = math.sin(latitude)
        return (1 - self.e2) * (s / (1 - self.e2 * s * s) + math.atanh(self.e * s) / self.e)

    def one(self, x, y):
        x, y = (x - 4321000) / self.d, (y - 3210000) * self.d
        rho = math.hypot(x, y)
        c = 2 * math.asin(rho / (2 * self.radius))
        sine = math.cos(c) * self.sin + (y * math.sin(c) * self.cos / rho if rho else 0.0)
        angle = math.atan2(x * math.sin(c), rho * self.cos * math.cos(c) - y * self.sin * math.sin(c))
        latitude = math.asin(sine)
        for _ in range(12):
            s = math.sin(latitude)
            step = (sine * self.pole - self.q(latitude)) * (1 - self.e2 * s * s) ** 2
            latitude += step / (2 * (1 - self.e2) * math.cos(latitude))
        return 10 + math.degrees(angle), math.degrees(latitude)

    def transform(self, xs, ys):
        return zip(*(self.one(x, y) for x, y in zip(xs, ys)))


def by_geodesics(start, end, pieces, degrees, geodesic):
    t = np.arange(pieces + 1) / pieces
    lon, lat = degrees.transform(*(a + (b - a) * t for a, b in zip(start, end)))
    steps = (geodesic.Inverse(lat[i], lon[i], lat[i + 1], lon[i + 1], Geodesic.DISTANCE) for i in range(pieces))
    return math.fsum(step["s12"] for step in steps)


def rows():
    for name, origin, places in SYSTEMS:
        crs = pyproj.CRS(name)
        degrees = pyproj.Transformer.from_crs(crs, crs.geodetic_crs, always_xy=True)
        if name == "EPSG:3035":
            degrees = AzimuthalInverse(crs.ellipsoid)
        geodesic = Geodesic(crs.ellipsoid.semi_major_metre, 1 / crs.ellipsoid.inverse_flattening)
        for (off, north), length, direction in ((p, n, d) for p in places for n in LENGTHS for d in DIRECTIONS):
            start = (rounded(origin + off + 0.37), rounded(north + 0.73))
            angle = math.radians(direction)
            end = (rounded(start[0] + length * math.cos(angle)), rounded(start[1] + length * math.sin(angle)))
            pieces = 2 * max(1, math.ceil(length / PIECE / 2))
            fine, coarse = (by_geodesics(start, end, n, degrees, geodesic) for n in (pieces, pieces // 2))
            assert abs(fine - coarse) < 2e-11 * length + 5e-9, (name, off, north, length, direction, fine - coarse)
            yield name, *map(repr, start), *map(repr, end), f"{fine:.9f}"
        print(name, file=sys.stderr)


if __name__ == "__main__":
    with open(OUT, "w", encoding="utf-8", newline="\n") as out:
        out.write(f"# geographiclib {geographiclib.__version__}, pyproj {pyproj.__version__}, PROJ {pyproj.proj_version_str}\n")
        out.write("# command: python3 tests/oracle/length.py\n")
        out.write("# edges straight in the plane of the system, as sums of geodesics of at most 200 m\n")
        table = csv.writer(out, lineterminator="\n")
        table.writerow(["crs", "x1", "y1", "x2", "y2", "geodesics_m"])
        table.writerows(rows())
