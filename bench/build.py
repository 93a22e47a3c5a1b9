"""The study's build beside the stock tools, in one run on the same notebooks and data.

`python bench/build.py [--repeat N] [--territories 16,17]`: prints a table (wall and CPU seconds,
peak memory of the whole process tree, medians of N).

Needs chromium, with which people print notebooks to PDF.
"""

import argparse
import csv
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from itertools import count
from pathlib import Path

import psutil

ROOT = Path(__file__).resolve().parent.parent
BIN = Path(sys.executable).parent
PRINT = [
    "chromium",
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--no-pdf-header-footer",
    "--disable-background-networking",
]


def watched(command: list[str], folder: Path) -> tuple[float, float, float]:
    """Wall seconds, CPU seconds and peak MB of a command with all that it starts.

    Memory is each process's proportional share (PSS, where the system tells it): what forked
    kernels have in common is there once.
    """
    cpu: dict[int, float] = {}
    peak = 0
    start = time.perf_counter()
    root = psutil.Popen(command, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    errors: list[bytes] = []
    reader = threading.Thread(target=lambda: errors.append(root.stderr.read()))
    reader.start()
    for look in count():
        if root.poll() is not None:
            break
        total = 0
        for process in [root, *root.children(recursive=True)]:
            try:
                with process.oneshot():
                    if look % 5 == 0:  # counting shared pages takes time from what is measured
                        memory = process.memory_full_info()
                        total += getattr(memory, "pss", memory.rss)
                    used = process.cpu_times()
                    cpu[process.pid] = used.user + used.system
            except psutil.Error:
                continue
        peak = max(peak, total)
        time.sleep(0.1)  # what looks takes a share of the two cores that it measures
    wall = time.perf_counter() - start
    reader.join()
    if root.returncode:
        raise SystemExit(f"{command} : {errors[0].decode(errors='replace')[-2000:]}")
    return wall, sum(cpu.values()), peak / 1e6


def runs(territories: list[str]) -> list[tuple[Path, str]]:
    return [(file, code) for code in territories for file in sorted((ROOT / "notebooks").glob("[0-9]*.ipynb"))]


def to_pdf(html: Path) -> None:
    with tempfile.TemporaryDirectory() as profile:
        subprocess.run(
            [*PRINT, f"--user-data-dir={profile}", f"--print-to-pdf={html.with_suffix('.pdf')}", html.as_uri()],
            check=True,
            capture_output=True,
        )


def stock(study: Path, territories: list[str]) -> None:
    """(a) One command for each step: papermill, nbconvert to HTML, chromium to PDF."""
    for file, code in runs(territories):
        out = study / "stock" / code / file.name
        out.parent.mkdir(parents=True, exist_ok=True)
        subprocess.run(
            [
                BIN / "papermill",
                file,
                out,
                "-p",
                "etude",
                "study.toml",
                "-r",
                "territoire",
                code,
                "--cwd",
                study,
                "-k",
                "python3",
                "--no-progress-bar",
            ],
            check=True,
            capture_output=True,
        )
        subprocess.run([BIN / "jupyter", "nbconvert", "--to", "html", out], check=True, capture_output=True)
        to_pdf(out.with_suffix(".html"))


def one_batched(study: Path, file: Path, code: str) -> None:
    import nbconvert
    import papermill

    out = study / "batched" / code / file.name
    out.parent.mkdir(parents=True, exist_ok=True)
    papermill.execute_notebook(
        file, out, {"etude": "study.toml", "territoire": code}, kernel_name="python3", progress_bar=False, cwd=study
    )
    html, _ = nbconvert.HTMLExporter().from_filename(str(out))
    out.with_suffix(".html").write_text(html, encoding="utf-8")
    to_pdf(out.with_suffix(".html"))


def batched(study: Path, territories: list[str]) -> None:
    """(b) The same tools through their API, in as many processes as cores."""
    with ProcessPoolExecutor() as pool:
        for task in [pool.submit(one_batched, study, *run) for run in runs(territories)]:
            task.result()


def floor(study: Path, territories: list[str]) -> None:
    """(f) The cells as plain Python in one warm process, then our exporters."""
    os.chdir(study)
    _floor(runs(territories))


def floors(study: Path, territories: list[str]) -> None:
    """(f2) The same in as many processes as cores."""
    os.chdir(study)
    with ProcessPoolExecutor() as pool:
        wanted, number = runs(territories), os.cpu_count() or 1
        list(pool.map(_floor, [wanted[rank::number] for rank in range(number)]))


def _floor(wanted: list[tuple[Path, str]]) -> None:
    import nbformat
    from IPython.core.interactiveshell import InteractiveShell
    from IPython.utils.capture import capture_output

    from notebook_reports.rendering import to_html, to_pdf

    shell = InteractiveShell.instance()
    for file, code in wanted:
        book = nbformat.read(file, as_version=4)
        shell.reset()
        for cell in (c for c in book.cells if c.cell_type == "code"):
            given = f"etude, territoire = 'study.toml', {code!r}"
            source = given if "parameters" in cell.metadata.get("tags", []) else cell.source
            with capture_output() as got:
                shell.run_cell(source, store_history=False)
            cell.outputs = [
                nbformat.v4.new_output("display_data", data=o.data, metadata=o.metadata or {}) for o in got.outputs
            ]
        to_html(book, {})
        to_pdf(book, {})


def change_an_account(study: Path) -> None:
    """The function of the first account of Charente."""
    file = next((study / "data" / "raw").glob("comptes*.csv"))
    with file.open(encoding="utf-8-sig", newline="") as stream:
        dialect = csv.Sniffer().sniff(stream.readline(), ",;\t")
        stream.seek(0)
        rows = list(csv.reader(stream, dialect))
    place, what = rows[0].index("departement"), rows[0].index("fonction")
    row = next(r for r in rows[1:] if r[place] == "16")
    other = next(r[what] for r in rows[1:] if r[what] != row[what])
    row[what] = other
    with file.open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream, dialect).writerows(rows)


def fresh(folder: Path) -> Path:
    """The demonstration as received: nothing checked, nothing remembered, nothing published."""
    study = folder / "study"
    shutil.rmtree(study, ignore_errors=True)
    shutil.copytree(ROOT / "data" / "raw", study / "data" / "raw")
    shutil.copy(ROOT / "study.toml", study)
    return study


def measure(territories: list[str]) -> dict[str, tuple[float, float, float]]:
    me = [sys.executable, str(Path(__file__).resolve()), "--territories", ",".join(territories)]
    ours = [str(BIN / "spls-study"), "build", *(word for code in territories for word in ("--territory", code))]
    found = {}
    with tempfile.TemporaryDirectory() as scratch:
        study = fresh(Path(scratch))
        found["c. étude, à froid"] = watched(ours, study)
        found["d. étude, rien de changé"] = watched(ours, study)
        change_an_account(study)
        found["e. étude, un compte changé"] = watched(ours, study)
        found["f. plancher : Python et Typst"] = watched([*me, "--mode", "floor"], study)
        found["f2. plancher, un processus par cœur"] = watched([*me, "--mode", "floors"], study)
        found["a. papermill, nbconvert, chromium"] = watched([*me, "--mode", "stock"], study)
        found["b. les mêmes par leur API"] = watched([*me, "--mode", "batched"], study)
    return dict(sorted(found.items()))


MODES: dict[str, Callable[[Path, list[str]], None]] = {f.__name__: f for f in (stock, batched, floor, floors)}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--repeat", type=int, default=3)
    parser.add_argument("--territories", default="region,16,17,79,86")
    parser.add_argument("--mode", choices=MODES)
    given = parser.parse_args()
    territories = given.territories.split(",")
    if given.mode:
        MODES[given.mode](Path.cwd(), territories)
        return
    taken = [measure(territories) for _ in range(given.repeat)]
    median = {name: [statistics.median(one[name][i] for one in taken) for i in range(3)] for name in taken[0]}
    cold = median["c. étude, à froid"][0]
    print(f"{len(runs(territories))} carnets, médiane de {given.repeat} mesures")
    print(f"{'':36}{'durée (s)':>10}{'CPU (s)':>10}{'mém. (Mo)':>11}{'durée / c':>11}")
    for name, (wall, cpu, peak) in median.items():
        print(f"{name:36}{wall:10.1f}{cpu:10.1f}{peak:11.0f}{wall / cold:11.2f}")
    help_ = [watched([str(BIN / "spls-study"), "--help"], ROOT)[0] for _ in range(5)]
    print(f"spls-study --help : {statistics.median(help_):.2f} s")


if __name__ == "__main__":
    main()
