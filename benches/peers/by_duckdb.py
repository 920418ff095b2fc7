"""DuckDB with its spatial extension, on GeoParquet, which it reads fastest.

usage: by_duckdb.py areas|net|decode|reach|nothing COVER TOWNS OUTPUT
"""

import sys
from importlib.metadata import files

import duckdb

SQL = {
    "areas": """
        SELECT z.XZQDM AS zone, c.DI_LEI AS class,
               sum(CASE WHEN ST_Covers(z.geometry, c.geometry) THEN ST_Area(c.geometry)
                        ELSE ST_Area(ST_Intersection(z.geometry, c.geometry)) END) AS area_m2
        FROM '{cover}' c JOIN '{towns}' z ON ST_Intersects(z.geometry, c.geometry)
        GROUP BY ALL ORDER BY ALL""",
    "net": """
        SELECT zone, 'cover' AS class, ST_Area(ST_Intersection(outline, ground)) AS area_m2
        FROM (SELECT z.XZQDM AS zone, any_value(z.geometry) AS outline, ST_Union_Agg(c.geometry) AS ground
              FROM '{cover}' c JOIN '{towns}' z ON ST_Intersects(z.geometry, c.geometry) GROUP BY z.XZQDM)
        ORDER BY ALL""",
    "reach": """
        WITH near AS (
            SELECT ST_Buffer(geometry, 500 * (1 + pow((ST_XMin(geometry) / 2 + ST_XMax(geometry) / 2 - 500000)
                                                      / 6371000, 2) / 2), 65) AS ground FROM '{cover}')
        SELECT zone, 'near' AS class, ST_Area(ST_Intersection(outline, ground)) AS area_m2
        FROM (SELECT z.XZQDM AS zone, any_value(z.geometry) AS outline, ST_Union_Agg(n.ground) AS ground
              FROM near n JOIN '{towns}' z ON ST_Intersects(z.geometry, n.ground) GROUP BY z.XZQDM)
        ORDER BY ALL""",
    "nothing": "SELECT XZQDM AS zone, '(none)' AS class, ST_Area(geometry) AS area_m2 FROM '{towns}'",
    "decode": "SELECT 'all' AS zone, 'area' AS class, sum(ST_Area(geometry)) AS area_m2 FROM '{cover}'",
}

if __name__ == "__main__":
    job, cover, towns, output = sys.argv[1:]
    extension = next(f for f in files("duckdb-extension-spatial") if f.suffix == ".duckdb_extension")
    base = duckdb.connect()
    base.execute(f"LOAD '{extension.locate()}'")
    query = SQL[job].format(cover=cover, towns=towns)
    base.execute(f"COPY ({query}) TO '{output}' (HEADER)")
