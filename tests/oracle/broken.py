"""Writes tests/cases/geometry/ground.toml: broken and odd rings, each with the ground that a person can work out
on squared paper. The hand-computed area stands here; GEOS, by `oracle.part_ground`, must agree before it is written.

    python3 tests/oracle/broken.py
"""

import math
from pathlib import Path

import shapely

import oracle

OUT = Path(__file__).parent.parent / "cases" / "geometry" / "ground.toml"


def box(x0, y0, x1, y1):
    """A closed rectangle, counter-clockwise."""
    return [(x0, y0), (x1, y0), (x1, y1), (x0, y1), (x0, y0)]


def back(ring):
    """The same ring, wound the other way."""
    return ring[::-1]


def moved(ring, dx, dy):
    return [(x + dx, y + dy) for x, y in ring]


SHELL = box(0, 0, 10, 10)
HOLE = back(box(4, 4, 6, 6))
BOW_TIE = [(0, 0), (10, 10), (10, 0), (0, 10), (0, 0)]

# (name, parts: each a list of rings with the shell first, ground, why)
CASES = [
    ("square", [[SHELL]], 100, "10 x 10"),
    ("square wound clockwise", [[back(SHELL)]], 100, "the sense of a shell means nothing"),
    ("hole", [[SHELL, HOLE]], 96, "100 - 2 x 2"),
    ("hole wound like the shell", [[SHELL, back(HOLE)]], 96, "a hole is a hole by its place in the feature, not by its sense"),
    ("both wound clockwise", [[back(SHELL), HOLE]], 96, "100 - 2 x 2, whatever the senses"),
    ("bow-tie", [[BOW_TIE]], 50, "two lobes of base 10 and height 5, 25 each; one is wound +1, the other -1, both count"),
    ("uneven bow-tie", [[[(0, 0), (10, 10), (10, 0), (0, 5), (0, 0)]]], 125 / 3,
     "y = x meets y = 5 - x/2 at x = 10/3: lobes 5 x 10/3 / 2 = 25/3 and 10 x 20/3 / 2 = 100/3"),
    ("ring wound twice", [[SHELL[:-1] + SHELL]], 100, "every point is wound twice, which is not zero: it counts once"),
    ("ring there and back", [[SHELL + back(SHELL)[1:]]], 0, "every point is wound +1 and -1, together zero"),
    ("hole outside", [[SHELL, back(box(12, 4, 14, 6))]], 100, "a hole takes away, and there is nothing to take outside the shell"),
    ("overlapping holes", [[SHELL, back(box(2, 2, 5, 5)), back(box(4, 4, 7, 7))]], 83, "holes 9 + 9 share 1 x 1, so 17 are taken"),
    ("overlapping holes wound against each other", [[SHELL, back(box(2, 2, 5, 5)), box(4, 4, 7, 7)]], 83,
     "as before: each hole is wound by itself, and where both lie nothing cancels"),
    ("bow-tie hole over a hole", [[SHELL, [(2, 2), (8, 8), (8, 2), (2, 8), (2, 2)], box(2, 2, 8, 8)]], 64,
     "both lobes lie in the other hole of 6 x 6, whichever way they are wound"),
    ("nested holes", [[SHELL, back(box(2, 2, 8, 8)), back(box(4, 4, 6, 6))]], 64, "the inner hole lies in the outer 6 x 6"),
    ("hole twice", [[SHELL, HOLE, HOLE]], 96, "the same 2 x 2 is taken once"),
    ("hole ring wound twice", [[SHELL, HOLE[:-1] + HOLE]], 96, "the same 2 x 2 is taken once"),
    ("bow-tie hole", [[SHELL, [(2, 2), (8, 8), (8, 2), (2, 8), (2, 2)]]], 82, "two lobes of base 6 and height 3, 9 each, are taken"),
    ("hole crossing the shell", [[SHELL, back(box(8, 4, 12, 6))]], 96, "of the 4 x 2 hole 2 x 2 lie in the shell"),
    ("hole along the shell", [[SHELL, back(box(0, 4, 2, 6))]], 96, "a hole that shares an edge with the shell takes its 2 x 2"),
    ("hole touching the shell", [[SHELL, [(0, 5), (2, 6), (2, 4), (0, 5)]]], 98, "a triangle of base 2 and height 2 touches the shell in one point"),
    ("two holes sharing an edge", [[SHELL, back(box(2, 4, 4, 6)), back(box(4, 4, 6, 6))]], 92, "2 x 2 twice, nothing in common"),
    ("hole equals shell", [[SHELL, back(SHELL)]], 0, "100 - 100"),
    ("hole larger than the shell", [[SHELL, back(box(-5, -5, 15, 15))]], 0, "everything is taken"),
    ("overlapping parts", [[SHELL], [box(5, 0, 15, 10)]], 150, "100 + 100 share 5 x 10, counted once"),
    ("overlapping parts wound against each other", [[SHELL], [back(box(5, 0, 15, 10))]], 150, "as before: parts unite, their senses mean nothing"),
    ("part twice", [[SHELL], [SHELL]], 100, "the same ground once"),
    ("part within a part", [[SHELL], [box(4, 4, 6, 6)]], 100, "the inner part adds nothing"),
    ("island in a hole", [[SHELL, back(box(3, 3, 7, 7))], [box(4, 4, 6, 6)]], 88, "100 - 16 + 4"),
    ("part filling a hole", [[SHELL, HOLE], [box(4, 4, 6, 6)]], 100, "100 - 4 + 4"),
    ("part over a corner of a hole", [[SHELL, HOLE], [box(5, 5, 7, 7)]], 97, "100 - 4, and 1 x 1 of the hole is covered again"),
    ("hole of one part over another", [[SHELL, back(box(22, 4, 24, 6))], [box(20, 0, 30, 10)]], 200, "a hole cuts its own part only"),
    ("parts sharing an edge", [[SHELL], [box(10, 0, 20, 10)]], 200, "nothing in common but a line"),
    ("spike", [[[(0, 0), (10, 0), (10, 5), (15, 5), (10, 5), (10, 10), (0, 10), (0, 0)]]], 100, "out and back along one line encloses nothing"),
    ("cut", [[[(0, 0), (10, 0), (10, 5), (5, 5), (10, 5), (10, 10), (0, 10), (0, 0)]]], 100, "in and back along one line takes nothing"),
    ("loop inward, wound like the ring", [[[(0, 0), (10, 0), (10, 10), (5, 10), (3, 5), (7, 5), (5, 10), (0, 10), (0, 0)]]], 100,
     "the triangle is wound twice, which is not zero"),
    ("loop inward, wound against the ring", [[[(0, 0), (10, 0), (10, 10), (5, 10), (7, 5), (3, 5), (5, 10), (0, 10), (0, 0)]]], 90,
     "the triangle of base 4 and height 5 is wound +1 and -1, together zero"),
    ("keyhole", [[SHELL + back(box(2, 2, 8, 8)) + [(0, 0)]]], 64,
     "a hole drawn into the ring over a bridge, wound against it: 100 - 6 x 6"),
    ("keyhole wound like the ring", [[SHELL + box(2, 2, 8, 8) + [(0, 0)]]], 100, "the inner loop is wound twice"),
    ("unclosed ring", [[SHELL[:-1]]], 100, "the last vertex is joined to the first"),
    ("repeated vertices", [[[v for v in SHELL for _ in range(3)]]], 100, "an edge of no length encloses nothing"),
    ("vertices along the edges", [[[(0, 0), (3, 0), (10, 0), (10, 7), (10, 10), (1, 10), (0, 10), (0, 4), (0, 0)]]], 100, "a straight edge may carry vertices"),
    ("line there and back", [[[(0, 0), (10, 0), (0, 0)]]], 0, "two vertices enclose nothing"),
    ("collinear ring", [[[(0, 0), (5, 5), (10, 10), (0, 0)]]], 0, "vertices on one line enclose nothing"),
    ("one vertex", [[[(3, 3), (3, 3), (3, 3), (3, 3)]]], 0, "one vertex encloses nothing"),
    ("collinear hole", [[SHELL, [(2, 2), (5, 5), (8, 8), (2, 2)]]], 100, "a hole of no area takes nothing"),
    ("collinear part", [[SHELL], [[(20, 0), (25, 5), (30, 10), (20, 0)]]], 100, "a part of no area adds nothing"),
    ("empty polygon", [], 0, "no ring, no ground"),
    ("bow-tie far from the origin", [[moved(BOW_TIE, 38_500_000, 2_700_000)]], 50,
     "the place of a shape means nothing; easting with the zone's number 38 before it"),
    ("overlapping parts far from the origin", [[moved(SHELL, 38_500_000, 2_700_000)], [moved(box(5, 0, 15, 10), 38_500_000, 2_700_000)]], 150,
     "100 + 100 share 5 x 10, counted once"),
]


def wkt(parts):
    def ring(vertices):
        return "(" + ", ".join(f"{x:g} {y:g}" if abs(x) < 1e5 else f"{x} {y}" for x, y in vertices) + ")"

    def part(rings):
        return "(" + ", ".join(map(ring, rings)) + ")"

    if not parts:
        return "POLYGON EMPTY"
    return f"POLYGON {part(parts[0])}" if len(parts) == 1 else f"MULTIPOLYGON ({', '.join(map(part, parts))})"


def by_geos(parts):
    return shapely.union_all([oracle.part_ground(p[0], p[1:]) for p in parts]).area if parts else 0.0


if __name__ == "__main__":
    blocks = []
    for name, parts, ground, why in CASES:
        found = by_geos(parts)
        assert math.isclose(found, ground, rel_tol=1e-9, abs_tol=1e-9), (name, found, ground)
        blocks.append(f'[[case]]\nname = "{name}"\nwkt = "{wkt(parts)}"\nground = {float(ground)!r}\nwhy = "{why}"\n')
    geos = ".".join(map(str, shapely.geos_version))
    head = (
        "# The ground of broken and odd rings: the union over the parts of a feature of its shell by non-zero winding\n"
        "# minus the union of its holes by non-zero winding. Areas by hand, `why` says how; confirmed by\n"
        f"# shapely {shapely.__version__}, GEOS {geos}. Written by: python3 tests/oracle/broken.py\n"
    )
    OUT.parent.mkdir(parents=True, exist_ok=True)
    OUT.write_text(head + "\n" + "\n".join(blocks), encoding="utf-8")
    print(f"{len(CASES)} cases")
