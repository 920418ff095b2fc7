"""Writes tests/expected/length.csv: lengths on the ellipsoid of edges that are straight in a plane.

    python3 tests/oracle/length.py

Edges of 10 m to 30 km in several directions, at the places of ellipsoid.py and across the middle of Lambert's conic,
where it shrinks what it shows. Every edge is cut into pieces of at most 200 m, carried to longitude and latitude by
PROJ, and the geodesics between the ends are added up by GeographicLib. A piece differs from its geodesic by less than
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


def by_geodesics(start, end, pieces, degrees, geodesic):
    t = np.arange(pieces + 1) / pieces
    lon, lat = degrees.transform(*(a + (b - a) * t for a, b in zip(start, end)))
    steps = (geodesic.Inverse(lat[i], lon[i], lat[i + 1], lon[i + 1], Geodesic.DISTANCE) for i in range(pieces))
    return math.fsum(step["s12"] for step in steps)


def rows():
    for name, origin, places in SYSTEMS:
        crs = pyproj.CRS(name)
        degrees = pyproj.Transformer.from_crs(crs, crs.geodetic_crs, always_xy=True)
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
