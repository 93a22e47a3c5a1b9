"""`intake.check` when something that it reads or writes has changed, else what it said then."""

import json
from collections.abc import Callable
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from .digests import digest, file_digest, package_digest, path_digest, versions
from .files import sweep, write_atomic
from .study import REFERENCE, Study

if TYPE_CHECKING:
    from .intake import CheckReport

STAMP = "controle.json"


@dataclass(frozen=True)
class Checked:
    """What a check told.

    Parameters
    ----------
    lines, set_aside
        French sentences, those of `CheckReport`; what is missing comes after the lines.
    refused
        Number of rows.
    files
        Raw file or folder → its sha256, table and rows: lues, acceptees, refusees.
    raw
        SHA-256 of data/raw before it was read; empty when something there cannot be.
    """

    lines: list[str]
    set_aside: list[str]
    refused: int
    files: dict[str, dict[str, Any]]
    raw: str


def checked(study: Study, force: bool = False, meanwhile: Callable[[], None] = lambda: None) -> Checked:
    """Bring data/processed up to date with data/raw.

    Parameters
    ----------
    meanwhile
        Called before the data are read, if they must be: starts what can go on beside.
    """
    sweep(study.processed)
    sweep(study.relecture)
    stamp = study.processed / "memo" / STAMP
    raw = key = ""
    with suppress(OSError):  # a file that cannot be read: nothing to rely on
        raw = path_digest(study.raw)
        facts = [study.model_dump_json(), raw, versions(), path_digest(REFERENCE), package_digest()]
        key = digest(json.dumps(facts).encode())
    with suppress(OSError, ValueError, KeyError, TypeError):
        known = json.loads(stamp.read_text(encoding="utf-8"))
        if not force and key and known["cle"] == key and known["sorties"] == _written(study):
            return Checked(**known["rapport"])
    meanwhile()
    from .intake import check

    report = check(study)
    lines, aside = [*report.lines, *report.missing], list(report.set_aside)
    found = Checked(lines, aside, len(report.refusals), _files_read(study, report), raw)
    with suppress(OSError):
        known = {"cle": key, "sorties": _written(study), "rapport": asdict(found)}
        write_atomic(stamp, json.dumps(known, ensure_ascii=False))
    return found


def _written(study: Study) -> dict[str, str]:
    """What a check writes; the marks in data/relecture are read too, and written back."""
    paths: list[Path] = [*study.processed.glob("*"), *study.relecture.glob("*")]
    return {p.relative_to(study.root).as_posix(): file_digest(p) for p in sorted(paths) if p.is_file()}


def _files_read(study: Study, report: "CheckReport") -> dict[str, dict[str, Any]]:
    """For the manifest. A folder of forms is one entry: their names would tell who answered."""
    read: dict[str, dict[str, Any]] = {}
    for f in report.files:
        name = "/".join(f.fichier.split("/")[:2]) if f.table.startswith("reponses_") else f.fichier
        one = read.setdefault(name, {"sha256": path_digest(study.raw / name), "table": f.table})
        for counted in ("lues", "acceptees", "refusees"):
            one[counted] = one.get(counted, 0) + getattr(f, counted)
    return read
