"""SedonaDB on GeoParquet: one join for what a town covers, one for what it meets; the difference is cut.

usage: by_sedona.py areas|net|decode COVER TOWNS OUTPUT
"""

import sys

import sedonadb

SQL = {
    "areas": """
        WITH inside AS (
            SELECT z."XZQDM" AS zone, c."ID" AS id, c."DI_LEI" AS class, ST_Area(c.geometry) AS area
            FROM cover c JOIN towns z ON ST_Covers(z.geometry, c.geometry)),
        crossing AS (
            SELECT z."XZQDM" AS zone, c."ID" AS id
            FROM cover c JOIN towns z ON ST_Intersects(z.geometry, c.geometry)
            EXCEPT SELECT zone, id FROM inside)
        SELECT zone, class, sum(area) AS area_m2 FROM (
            SELECT zone, class, area FROM inside
            UNION ALL
            SELECT x.zone, c."DI_LEI" AS class, ST_Area(ST_Intersection(z.geometry, c.geometry)) AS area
            FROM crossing x JOIN towns z ON z."XZQDM" = x.zone JOIN cover c ON c."ID" = x.id)
        GROUP BY zone, class""",
    "net": """
        SELECT u.zone, 'cover' AS class, ST_Area(ST_Intersection(z.geometry, u.ground)) AS area_m2
        FROM (SELECT z."XZQDM" AS zone, ST_Union_Agg(c.geometry) AS ground
              FROM cover c JOIN towns z ON ST_Intersects(z.geometry, c.geometry) GROUP BY z."XZQDM") u
        JOIN towns z ON z."XZQDM" = u.zone""",
    "decode": "SELECT 'all' AS zone, 'area' AS class, sum(ST_Area(geometry)) AS area_m2 FROM cover",
}

if __name__ == "__main__":
    job, cover, towns, output = sys.argv[1:]
    base = sedonadb.connect()
    base.read_parquet(cover).to_view("cover")
    base.read_parquet(towns).to_view("towns")
    base.sql(SQL[job]).to_pandas().to_csv(output, index=False)
