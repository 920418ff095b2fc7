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
    "decode": ("The floor: the county read and decoded, nothing else", "下限：只读取并解码县级图层"),
}
HEADS = (["who", "wall s", "CPU s", "peak MiB", "wall ×", "CPU ×", "differs by"],
         ["程序", "用时 s", "CPU s", "内存峰值 MiB", "用时倍数", "CPU 倍数", "相差"])
ROWS_IN_CHINESE = {"ellipsoid": "椭球面积", "1 thread": "单线程", "loaded before": "已事先入库", ", ": "，"}
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


def write(jobs: dict, notes: tuple, readmes: list, folder: Path) -> None:
    """Prints the English report, writes both to the folder and into the READMEs, each between its markers."""
    reports = []
    for chinese in (False, True):
        lines = [notes[chinese]]
        for job, runners in jobs.items():
            lines += table(job, runners, chinese)
        reports.append("\n".join(lines) + "\n")
        (folder / ("report.zh.md" if chinese else "report.md")).write_text(reports[-1], encoding="utf-8")
    print(reports[0])
    for readme in readmes:
        text, report = readme.read_text(encoding="utf-8"), reports["zh" in readme.name]
        before, _, rest = text.partition(BEGIN)
        _, end, after = rest.partition(END)
        if end:
            readme.write_text(f"{before}{BEGIN}\n{report}{END}{after}", encoding="utf-8")
