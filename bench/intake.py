"""Intake of the whole country in one file, beside `pandas.read_csv` and pandera on the same file.

`python bench/intake.py FOLDER`: FOLDER is where `python -m demo --france --to FOLDER` wrote.
Each measure is a process of its own: wall seconds and peak memory.
"""

import json
import resource
import subprocess
import sys
import time
import tomllib
from pathlib import Path

NATIONAL = "national"
sys.path.append(str(Path(__file__).parent.parent / "tests"))  # the schemas


def gather(folder: Path) -> Path:
    """One study of the 101 departments whose programmation.csv holds every region's rows."""
    home = folder / NATIONAL
    raw = home / "data" / "raw"
    raw.mkdir(parents=True, exist_ok=True)
    files = sorted(folder.glob("[0-9]*/study.toml"))
    studies = [tomllib.loads(f.read_text(encoding="utf-8")) for f in files]
    lines = files[0].read_text(encoding="utf-8").split("[departements]")[0].splitlines()
    lines += ["[departements]", *(f'{c} = "{n}"' for s in studies for c, n in s["departements"].items())]
    for one in (g for s in studies for g in s["gestionnaires"]):
        lines += ["[[gestionnaires]]", *(f"{key} = {json.dumps(value)}" for key, value in one.items())]
    lines += ["[copil]", "date = 2014-07-10", 'auteur = "DREAL"', 'contact = "spls@exemple.fr"']
    (home / "study.toml").write_text("\n".join(lines) + "\n", encoding="utf-8")
    with (raw / "programmation.csv").open("wb") as whole:
        for n, file in enumerate(files):
            rows = (file.parent / "data/raw/programmation.csv").read_bytes()
            whole.write(rows if n == 0 else rows.split(b"\n", 1)[1])
    return home / "study.toml"


def ours(file: Path) -> int:
    from spls_study.intake import check
    from spls_study.study import load_study

    report = check(load_study(file))
    assert not report.set_aside
    return sum(one.lues for one in report.files)


def theirs(file: Path) -> int:
    """The least that reading and validating takes with the two libraries."""
    import pandas as pd
    from test_tables import schema

    from spls_study.intake.table import headers_of
    from spls_study.tables import TABLES, empty

    raw = pd.read_csv(
        file.parent / "data/raw/programmation.csv", sep=";", decimal=",", dtype={"MOA (code SIRET)": "str"}
    )
    places = headers_of("programmation").match([*raw.columns])
    table = pd.DataFrame({name: raw.iloc[:, found[0]] for name, found in places.items()})
    for column in TABLES["programmation"]:
        if column.kind == "date" and column.name in table:
            table[column.name] = pd.to_datetime(table[column.name], format="%d/%m/%Y")
    wanted = empty("programmation")
    table = table.assign(fichier="programmation.csv", feuille=None, ligne=range(2, len(table) + 2))
    table = table.reindex(columns=wanted.columns).astype(wanted.dtypes)
    return len(schema("programmation").validate(table))


def measured(way: str, file: Path) -> None:
    """In a process of its own, libraries already imported."""
    command = [sys.executable, __file__, way, str(file)]
    told = subprocess.run(command, check=True, capture_output=True, text=True)
    print(told.stdout.strip(), flush=True)


def alone(way: str, file: Path) -> None:
    import pandera.pandas  # noqa: F401

    import spls_study.intake  # noqa: F401

    wall, busy = time.perf_counter(), time.process_time()
    rows = {"ours": ours, "theirs": theirs}[way](file)
    wall, busy = time.perf_counter() - wall, time.process_time() - busy
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    print(f"{way:6} {rows} rows {wall:.2f} s, {busy:.2f} s CPU, {peak} MiB at most")


if __name__ == "__main__":
    if sys.argv[1] in ("ours", "theirs"):
        alone(sys.argv[1], Path(sys.argv[2]))
    else:
        study = gather(Path(sys.argv[1]).resolve())
        for _ in range(int(sys.argv[2]) if len(sys.argv) > 2 else 3):
            measured("ours", study)
            measured("theirs", study)
