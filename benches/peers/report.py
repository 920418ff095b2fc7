"""The race as Markdown, in English and in Chinese."""

import os
import platform
import re
import subprocess
import sys
from importlib.metadata import version
from pathlib import Path

JOBS = {
    "areas": ("Area of each class in each town: 17 towns × 119 258 sub-compartments, 9 million vertices",
              "各乡镇各地类面积：17 个乡镇 × 119 258 个小班，900 万个顶点"),
    "net": ("Net area of 30 000 overlapping patches in each of 17 towns", "17 个乡镇内 30 000 个相互重叠图斑的净面积"),
    "province": ("Area of each class in each town of a province: 204 towns × 1 991 797 sub-compartments, 151 million vertices",
                 "全省各乡镇各地类面积：204 个乡镇 × 1 991 797 个小班，1.51 亿个顶点"),
    "cells": ("Area of each class of a raster in each town: 17 towns × 20 000 × 20 000 cells",
              "各乡镇栅格各类面积：17 个乡镇 × 20 000 × 20 000 个像元"),
    "reach": ("Ground of each of 17 towns within 500 m of any of 2 000 parks, a table of a project",
              "17 个乡镇中距 2 000 个公园任一 500 米以内的面积：项目的一张表"),
    "greening": ("Trees beside 2 500 roads, on both sides, and along 150 rivers, in each of 17 towns, from the county's "
                 "sub-compartments: two tables of a project",
                 "17 个乡镇中 2 500 条道路两侧及 150 条河流沿岸的林木长度（取自全县小班）：项目的两张表"),
    "decode": ("The floor: the county read and decoded, nothing else", "下限：只读取并解码县级图层"),
}
HEADS = (["who", "wall s", "CPU s", "peak MiB", "wall ×", "CPU ×", "differs by"],
         ["程序", "用时 s", "CPU s", "内存峰值 MiB", "用时倍数", "CPU 倍数", "相差"])
ROWS_IN_CHINESE = {"less an empty run": "减去空运行", "empty: the project without": "空运行：项目不含该表",
                   "empty": "空运行", "ellipsoid": "椭球面积", "1 thread": "单线程", "loaded before": "已事先入库", ", ": "，"}
BEGIN, END = "<!-- bench-peers:begin -->", "<!-- bench-peers:end -->"


def difference(ours: dict, theirs: dict) -> tuple:
    """Largest difference relative to the area (a square metre, where it is less) and in square metres."""
    pairs = [(ours.get(key, 0.0), theirs.get(key, 0.0)) for key in ours.keys() | theirs.keys()]
    return max(abs(a - b) / max(abs(b), 1.0) for a, b in pairs), max(abs(a - b) for a, b in pairs)


def compared(runners: list) -> dict:
    """By row, how far its figures are from those of the first row of its job; only plane figures are compared."""
    first = runners[0]
    others = [r for r in runners[1:] if r.plane and r.figures and first.plane and first.figures]
    return {runner.name: difference(first.figures, runner.figures) for runner in others}


def named(runner, chinese: bool) -> str:
    name = runner.name
    for english, translated in ROWS_IN_CHINESE.items() if chinese else ():
        name = name.replace(english, translated)
    return name


def table(job: str, runners: list, chinese: bool) -> list:
    head, differs, first = HEADS[chinese], compared(runners), next((r for r in runners if r.runs), None)
    lines = ["", f"**{JOBS[job][chinese]}**", "", f"| {' | '.join(head)} |", "|---|" + "--:|" * (len(head) - 1)]
    for runner in runners:
        cells = [runner.failure or "–"] + [""] * 5
        if runner.runs:
            cost = [runner.median(what) for what in ("wall_s", "cpu_s", "rss_mib")]
            ratios = [cost[0] / first.median("wall_s"), cost[1] / first.median("cpu_s")]
            apart = differs.get(runner.name)
            apart = f"{apart[0]:.0e}, {apart[1]:.0e} m²" if apart else "–"
            cells = [f"{cost[0]:.2f}", f"{cost[1]:.2f}", f"{cost[2]:.0f}", *(f"{r:.2f}" for r in ratios), apart]
        lines.append(f"| {' | '.join([named(runner, chinese), *cells])} |")
    return lines


def machine(sencheng: str) -> str:
    cpu = re.search(r"model name\s*: (.*)", Path("/proc/cpuinfo").read_text())
    memory_gib = int(re.search(r"MemTotal:\s*(\d+)", Path("/proc/meminfo").read_text())[1]) / 2**20
    return (f"{os.cpu_count()} × {cpu[1] if cpu else platform.machine()}, {memory_gib:.0f} GiB, "
            f"{platform.system()}, load {os.getloadavg()[2]:.1f}; {said(sencheng, '--version')}")


def versions(postgis: str) -> str:
    libraries = ["geopandas", "shapely", "pyogrio", "duckdb", "sedonadb"]
    under = "import shapely, pyogrio; print('GEOS', shapely.geos_version_string + ', GDAL', pyogrio.__gdal_version_string__)"
    names = [f"{name} {version(name)}" for name in libraries] + [said(sys.executable, "-c", under)]
    return ", ".join(names + ([postgis] if postgis else []))


def said(*command: str) -> str:
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()


def write(jobs: dict, notes: tuple, readmes: list, folder: Path, partial: bool) -> None:
    """Prints the English report, writes both to the folder and into the READMEs, each between its markers. A partial
    report replaces only its own tables there, each with a note of its own."""
    reports = []
    for chinese in (False, True):
        tables = ["\n".join(table(job, runners, chinese)) + "\n" for job, runners in jobs.items()]
        reports.append((notes[chinese], tables))
        text = notes[chinese] + "\n" + "".join(tables)
        (folder / ("report.zh.md" if chinese else "report.md")).write_text(text, encoding="utf-8")
        print(text if not chinese else "", end="")
    for readme in readmes:
        text, (note, tables) = readme.read_text(encoding="utf-8"), reports["zh" in readme.name]
        before, _, rest = text.partition(BEGIN)
        there, end, after = rest.partition(END)
        if end:
            inside = merged(there, note, tables) if partial else f"\n{note}\n{''.join(tables)}"
            readme.write_text(f"{before}{BEGIN}{inside}{END}{after}", encoding="utf-8")


def merged(there: str, note: str, tables: list) -> str:
    """A report with some tables replaced, or added at its end."""
    head, *known = re.split(r"(?=\n\*\*)", there)
    by_title = {part.splitlines()[1]: part for part in known}
    for text in tables:
        by_title[text.splitlines()[1]] = f"{text}\n{note}\n"
    return head + "".join(by_title.values())
