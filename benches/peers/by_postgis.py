"""PostGIS in the base that psql reaches by its own settings (PGHOST, PGDATABASE ...), in a schema of its own.

The layers are loaded beforehand, so its figures leave out the reading. CPU and memory are those of the server's
leading process, written to OUTPUT.usage; parallel workers are off, so that it does all of the work itself.
Shapes are stored uncompressed and just-in-time compilation is off, since both made it faster.

usage: by_postgis.py load LAYER PARQUET       or       by_postgis.py areas|net|decode COVER TOWNS OUTPUT
"""

import json
import os
import subprocess
import sys

SCHEMA = "sencheng_bench"
SQL = {
    "areas": """
        SELECT z.name, c.name, sum(CASE WHEN ST_Covers(z.geom, c.geom) THEN ST_Area(c.geom)
                                        ELSE ST_Area(ST_Intersection(z.geom, c.geom)) END)
        FROM {towns} z JOIN {cover} c ON ST_Intersects(z.geom, c.geom) GROUP BY 1, 2""",
    "net": """
        SELECT z.name, 'cover', ST_Area(ST_Intersection(z.geom, u.ground))
        FROM {towns} z CROSS JOIN LATERAL
             (SELECT ST_Union(c.geom) AS ground FROM {cover} c WHERE ST_Intersects(z.geom, c.geom)) u""",
    "decode": "SELECT 'all', 'area', sum(ST_Area(geom)) FROM {cover}",
}
# The server's process tells its own clock ticks and its peak memory, while it still lives.
SESSION = """
\\set QUIET on
SET search_path = {schema}, public; SET max_parallel_workers_per_gather = 0; SET jit = off; SET work_mem = '512MB';
SELECT pg_backend_pid() AS pid \\gset
\\setenv BACKEND :pid
\\echo zone,class,area_m2
{query};
\\! awk '{{print "ticks", $14 + $15}}' /proc/$BACKEND/stat >&2; grep VmHWM /proc/$BACKEND/status >&2
"""


def psql(script: str, **streams):
    command = ["psql", "-X", "-q", "-v", "ON_ERROR_STOP=1", "-A", "-t", "-F", ",", "-f", "-"]
    return subprocess.run(command, input=script, text=True, check=True, **streams)


def run(job: str, cover: str, towns: str, output: str) -> None:
    script = SESSION.format(schema=SCHEMA, query=SQL[job].format(cover=cover, towns=towns))
    with open(output, "w", encoding="utf-8") as file:
        said = psql(script, stdout=file, stderr=subprocess.PIPE).stderr
    usage = dict(line.replace(":", "").split()[:2] for line in said.splitlines() if line.strip())
    cpu_s, rss_mib = float(usage["ticks"]) / os.sysconf("SC_CLK_TCK"), float(usage["VmHWM"]) / 1024.0
    with open(output + ".usage", "w", encoding="utf-8") as file:
        json.dump({"cpu_s": cpu_s, "rss_mib": rss_mib}, file)


def load(layer: str, parquet: str) -> None:
    import pyarrow.parquet
    import shapely

    psql(f"CREATE EXTENSION IF NOT EXISTS postgis; CREATE SCHEMA IF NOT EXISTS {SCHEMA};"
         f"DROP TABLE IF EXISTS {SCHEMA}.{layer};"
         f"CREATE TABLE {SCHEMA}.{layer} (name text, geom geometry(Geometry, 4547));"
         f"ALTER TABLE {SCHEMA}.{layer} ALTER geom SET STORAGE EXTERNAL;")
    copy = ["psql", "-X", "-q", "-v", "ON_ERROR_STOP=1", "-c", f"COPY {SCHEMA}.{layer} FROM STDIN"]
    file = pyarrow.parquet.ParquetFile(parquet)
    column = next(name for name in ("XZQDM", "DI_LEI", "BH") if name in file.schema_arrow.names)
    with subprocess.Popen(copy, stdin=subprocess.PIPE, text=True) as loader:
        for batch in file.iter_batches(20_000, columns=[column, "geometry"]):
            shapes = shapely.set_srid(shapely.from_wkb(batch["geometry"].to_numpy(zero_copy_only=False)), 4547)
            shapes = shapely.to_wkb(shapes, hex=True, include_srid=True)
            loader.stdin.writelines(f"{name}\t{shape}\n" for name, shape in zip(batch[column].to_pylist(), shapes))
    assert loader.returncode == 0, f"psql could not load {layer}"
    psql(f"CREATE INDEX ON {SCHEMA}.{layer} USING gist (geom); VACUUM ANALYZE {SCHEMA}.{layer};")


if __name__ == "__main__":
    load(*sys.argv[2:]) if sys.argv[1] == "load" else run(*sys.argv[1:])
