"""One row of the race: a command that writes figures to a file, and what its runs cost."""

import csv
import json
import os
import shutil
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path


@dataclass
class Run:
    wall_s: float
    cpu_s: float
    rss_mib: float


# What quantities of `measures.csv` are called here.
MEASURED = {
    "ground near a large recreation place": "near",
    "roads fit for greening": "roads", "greened roads": "greened roads",
    "shore fit for greening": "shores", "greened shore": "greened shores",
}


def figures(file: Path) -> dict:
    """Square metres by zone and class; rows about what is no class are in brackets."""
    with open(file, encoding="utf-8-sig", newline="") as lines:
        rows = [row for row in csv.DictReader(lines) if not row["class"].startswith("(")]
    return {(row["zone"], row["class"]): float(row["area_m2"]) for row in rows}


def measures(folder: Path) -> dict:
    """Square metres or metres by town and quantity, of a run's `measures.csv`; none where it has none."""
    file = folder / "measures.csv"
    if not file.exists():
        return {}
    with open(file, encoding="utf-8-sig", newline="") as lines:
        rows = [row for row in csv.DictReader(lines) if row["row"] == "measured" and row["place"].startswith("town ")]
    found = {(row["place"].removeprefix("town "), MEASURED.get(row["what"])): float(row["value"]) for row in rows}
    return {key: value for key, value in found.items() if key[1]}


@dataclass
class Runner:
    job: str
    name: str
    # Takes what to write as its last argument.
    command: list
    # Whether it writes plane areas by zone and class.
    plane: bool = True
    # What it writes, and how figures are read from it.
    output: str = "figures.csv"
    read: Callable = figures
    # Who does the same without the work that is asked about.
    empty: "Runner | None" = None
    runs: list = field(default_factory=list)
    figures: dict = field(default_factory=dict)
    # Why it is left out, if it is.
    failure: str = ""

    def median(self, what: str) -> float:
        return statistics.median(getattr(run, what) for run in self.runs)

    def run(self, folder: Path, limit_s: float) -> None:
        """Runs the command once more, unless it failed before."""
        if self.failure:
            return
        output, said = folder / self.output, folder / "said.txt"
        usage = Path(f"{output}.usage")
        shutil.rmtree(output, ignore_errors=True)
        for file in (output, usage):
            file.unlink(missing_ok=True)
        code, run = measured([*self.command, str(output)], folder, said, limit_s)
        if run.wall_s >= limit_s:
            self.failure = f"> {limit_s:.0f}"
        elif code != 0:
            self.failure = f"exit {code}"
            print(said.read_text(errors="replace")[-2000:], file=sys.stderr)
        else:
            if usage.exists():
                server = json.loads(usage.read_text())
                run = Run(run.wall_s, run.cpu_s + server["cpu_s"], server["rss_mib"])
            self.runs.append(run)
            self.figures = self.read(output)


def less(whole: Runner) -> Runner:
    """What a run costs beyond an empty one."""
    cost = [whole.median(what) - whole.empty.median(what) for what in ("wall_s", "cpu_s")]
    only = Runner(whole.job, f"{whole.name}, less an empty run", [], whole.plane, figures=whole.figures)
    only.runs.append(Run(*cost, whole.median("rss_mib")))
    return only


def measured(command: list, folder: Path, said: Path, limit_s: float) -> tuple:
    """Exit code and cost of a whole process, as the kernel tells it; this process is small, for a child's peak memory
    begins with that of its parent."""
    begun = time.perf_counter()
    with open(said, "wb") as out:
        child = subprocess.Popen(command, cwd=folder, stdout=out, stderr=out)
    alarm = threading.Timer(limit_s, child.kill)
    alarm.start()
    _, status, used = os.wait4(child.pid, 0)
    wall_s = time.perf_counter() - begun
    alarm.cancel()
    child.returncode = os.waitstatus_to_exitcode(status)
    return child.returncode, Run(wall_s, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024.0)
