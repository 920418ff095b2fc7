"""Runs sencheng and its peers over the same layers, each as a whole process, in turn, and compares cost and figures.

Medians of the rounds are reported, and ratios to the first row of each job, which is sencheng's. Plane areas of every
row are compared with those of the first, zone by zone and class by class; where any differ by more than DISAGREE,
relative to the area, the exit code is 1.
"""

import argparse
import random
import re
import shutil
import subprocess
import sys
from pathlib import Path

import report
from runner import Runner, less, measures

# Figures differ by at most this, relative to the figure; buffers have chords for arcs, sencheng's of the arcs' area.
DISAGREE, CHORDS_DISAGREE = 1e-7, 1e-4
HERE = Path(__file__).parent
# Cover and zones of each job.
LAYERS = {
    "areas": ("county", "towns"),
    "net": ("overlapping", "towns"),
    "province": ("province", "province-towns"),
    "decode": ("county", "towns"),
    "cells": ("classes", "towns"),
    "reach": ("parks", "towns"),
    "greening": ("roads", "rivers", "county", "towns"),
}
# Jobs whose cost is the difference of two runs, and how many rounds it takes until that is no noise.
DIFFERENCES, ROUNDS_OF_DIFFERENCES = ("reach", "greening"), 7
# Jobs on layers that no row takes from a base.
OF_FILES = ("cells", "reach", "greening")


def ours(sencheng: str, job: str, name: str, cover: str, zones: str, *more: str) -> Runner:
    classes = [] if job == "net" else ["--by", "DI_LEI"]
    layers = ["--zones", f"{zones}.gpkg", "--zone-id", "XZQDM", "--cover", cover]
    command = [sencheng, "--quiet", "tabulate", *layers, *classes, *more, "-o"]
    return Runner(job, f"sencheng, {name}", command, plane="plane" in more)


def peer(job: str, name: str, script: str, cover: str, zones: str) -> Runner:
    work = "areas" if job == "province" else job
    command = [sys.executable, str(HERE / script), work, cover, zones]
    return Runner(job, name, command, plane=job != "decode")


def over_cells(sencheng: str) -> list:
    """Those who count cells. What counts them by their centres is not compared: it measures something else."""
    command = [sencheng, "--quiet", "zonal", "--zones", "towns.gpkg", "--zone-id", "XZQDM", "--raster", "classes.tif"]
    ways = [("plane", ["--area", "plane"]), ("1 thread", ["--area", "plane", "--threads", "1"]), ("ellipsoid", [])]
    peers = [("exactextract", True), ("exactextract-by-raster", True), ("rasterio", False), ("rasterstats", False)]
    runners = [Runner("cells", f"sencheng, {name}", [*command, *more, "-o"], plane=name != "ellipsoid")
               for name, more in ways]
    for name, exact in peers:
        script = [sys.executable, str(HERE / "by_cells.py"), name, "classes.tif", "towns.gpkg"]
        runners.append(Runner("cells", name, script, plane=exact))
    return runners


def further(sencheng: str, job: str) -> list:
    """Those who measure a project's further tables. Each also runs empty: of ours the same project without the tables, of
    peers what starts them, reads the towns and writes nothing."""
    def project(name: str, file: str, empty=None) -> Runner:
        command = [sencheng, "--quiet", "--lang", "en", "run", f"{file}.toml", "--out"]
        return Runner(job, f"sencheng{name}", command, output="run", read=measures, empty=empty)

    def with_empty(name: str, script: str, layers: list) -> list:
        command = [sys.executable, str(HERE / script)]
        empty = Runner(job, f"{name}, empty", [*command, "nothing", layers[0], layers[-1]], plane=False)
        return [Runner(job, name, [*command, job, *layers], empty=empty), empty]

    without = project(", empty: the project without", f"{job}-empty")
    runners = [project("", job, without), without]
    runners += with_empty("GeoPandas, GeoPackage", "by_geopandas_further.py", [f"{layer}.gpkg" for layer in LAYERS[job]])
    if job == "reach":
        runners += with_empty("DuckDB, GeoParquet", "by_duckdb.py", ["parks.parquet", "towns.parquet"])
    return runners


def with_difference(runners: list) -> list:
    """Of those who also run empty first what they cost beyond that, which is what is compared."""
    both = [runner for runner in runners if runner.empty and runner.runs and runner.empty.runs]
    return [*map(less, both), *runners]


def rows(sencheng: str, job: str, postgis: bool) -> list:
    """Everyone who does a job; the first is the one that the others are compared with."""
    if job == "cells":
        return over_cells(sencheng)
    if job in ("reach", "greening"):
        return further(sencheng, job)
    cover, zones = LAYERS[job]
    runners, plane = [], ("--area", "plane")
    if job != "decode":
        ways = [("GeoPackage", "gpkg", plane), ("GeoPackage, ellipsoid", "gpkg", ("--area", "ellipsoid")),
                ("GeoPackage, 1 thread", "gpkg", (*plane, "--threads", "1"))]
        if job == "areas":
            ways += [("Shapefile", "shp", plane), ("FlatGeobuf", "fgb", plane)]
        if job == "province":
            ways += [("GeoPackage, --memory 512M", "gpkg", (*plane, "--memory", "512M"))]
        runners += [ours(sencheng, job, name, f"{cover}.{ending}", zones, *more) for name, ending, more in ways]
    runners += [
        peer(job, "GeoPandas, GeoPackage", "by_geopandas.py", f"{cover}.gpkg", f"{zones}.gpkg"),
        peer(job, "DuckDB, GeoParquet", "by_duckdb.py", f"{cover}.parquet", f"{zones}.parquet"),
        peer(job, "SedonaDB, GeoParquet", "by_sedona.py", f"{cover}.parquet", f"{zones}.parquet"),
    ]
    if postgis:
        tables = [name.replace("-", "_") for name in (cover, zones)]
        runners.append(peer(job, "PostGIS, loaded before", "by_postgis.py", *tables))
    return runners


def load_postgis(jobs: list, folder: Path) -> str:
    """Loads the layers of the jobs; gives the versions of the server, or nothing where none is reached."""
    if not shutil.which("psql"):
        return ""
    asked = "SELECT 'PostgreSQL ' || current_setting('server_version') || ', PostGIS ' || default_version " \
            "FROM pg_available_extensions WHERE name = 'postgis'"
    answer = subprocess.run(["psql", "-X", "-A", "-t", "-c", asked], capture_output=True, text=True)
    found = answer.stdout.strip() if answer.returncode == 0 else ""
    for layer in sorted({layer for job in jobs if job not in OF_FILES for layer in LAYERS[job]} if found else []):
        load = [sys.executable, HERE / "by_postgis.py", "load", layer.replace("-", "_"), f"{layer}.parquet"]
        subprocess.run(list(map(str, load)), cwd=folder, check=True)
    return found


def warm(folder: Path, job: str) -> None:
    """Reads the layers once, so that nobody waits for the disk."""
    for file in (f for layer in LAYERS[job] for f in folder.glob(f"{layer}.*")):
        with open(file, "rb") as bytes_of:
            while bytes_of.read(1 << 22):
                pass


def race(runners: list, rounds: int, folder: Path, limit_s: float) -> None:
    """Each round in an order of its own, the same in every race, so that nobody always runs after the same one: what a
    large process gives back to the system the next one waits for."""
    for k in range(rounds):
        for runner in random.Random(k).sample(runners, len(runners)):
            runner.run(folder, limit_s)
            cost = runner.failure or f"{runner.runs[-1].wall_s:.2f} s"
            print(f"{runner.job}, round {k + 1}: {runner.name}: {cost}", file=sys.stderr, flush=True)


def rounds_of(job: str, asked) -> int:
    if job in DIFFERENCES:
        return max(asked.rounds, ROUNDS_OF_DIFFERENCES)
    return asked.province_rounds if job == "province" else asked.rounds


def notes(sencheng: str, asked, postgis: str) -> tuple:
    machine, versions = report.machine(sencheng), report.versions(postgis)
    rounds = [rounds_of(job, asked) for job in ("areas", "reach", "province")]
    return (
        f"{machine}. Peers: {versions}{'' if postgis else '; PostGIS was not reached and is left out'}. Whole "
        f"processes in turn, each round in another order, median of {rounds[0]} rounds (parks, roads and rivers: {rounds[1]}; province: {rounds[2]}), files in the page cache.",
        f"{machine}。对比程序：{versions}{'' if postgis else '；未连接到 PostGIS，故未列入'}。均为完整进程、"
        f"轮流运行，每轮次序不同，取 {rounds[0]} 轮的中位数（公园、道路与河流：{rounds[1]} 轮；全省：{rounds[2]} 轮），文件已在页缓存中。")


def arguments():
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("sencheng")
    asked.add_argument("folder", type=lambda given: Path(given).resolve(), help="where data.py has written the layers")
    asked.add_argument("--rounds", type=int, default=3)
    asked.add_argument("--province-rounds", type=int, default=1, help="0 leaves the province out")
    asked.add_argument("--only", default="", help="rows whose job and name match this regular expression")
    asked.add_argument("--limit", type=float, default=900.0, help="seconds after which a run is stopped")
    asked.add_argument("--readme", type=Path, nargs="*", default=[], help="files to write the report into")
    return asked.parse_args()


def main() -> int:
    asked = arguments()
    jobs = [job for job in LAYERS if job != "province" or asked.province_rounds]
    wanted = re.compile(asked.only)
    postgis = load_postgis(jobs, asked.folder) if wanted.search("PostGIS") or not asked.only else ""
    field = {}
    for job in jobs:
        runners = [r for r in rows(asked.sencheng, job, bool(postgis)) if wanted.search(f"{job} {r.name}")]
        if runners:
            field[job] = runners
            warm(asked.folder, job)
            race(runners, rounds_of(job, asked), asked.folder, asked.limit)
            field[job] = with_difference(runners)
    report.write(field, notes(asked.sencheng, asked, postgis), asked.readme, asked.folder, bool(asked.only))
    apart = {job: max((relative for relative, _ in report.compared(runners).values()), default=0.0)
             for job, runners in field.items()}
    broken = [r.name for runners in field.values() for r in runners if r.failure.startswith("exit")]
    if broken or any(far > (CHORDS_DISAGREE if job == "reach" else DISAGREE) for job, far in apart.items()):
        print(f"figures disagree or a run failed: {apart}, {broken}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
