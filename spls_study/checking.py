"""`intake.check` when something that it reads or writes has changed, else what it said then."""

import json
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from .digests import digest, file_digest, package_digest, path_digest, versions
from .files import sweep, write_atomic
from .study import REFERENCE, Study

if TYPE_CHECKING:
    from .intake import CheckReport


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
    if force:
        for stamp in (study.processed / "memo").glob("controle*.json"):
            stamp.unlink()
    raw = key = ""
    with suppress(OSError):  # a file that cannot be read: nothing to rely on
        raw = path_digest(study.raw)
        facts = [study.model_dump_json(), versions(), path_digest(REFERENCE), package_digest()]
        key = digest(json.dumps(facts).encode())

    def whole() -> str:
        meanwhile()
        from .intake import check

        report = check(study, partial(_step, study, key))
        lines, aside = [*report.lines, *report.missing], list(report.set_aside)
        found = Checked(lines, aside, len(report.refusals), _files_read(study, report), raw)
        return json.dumps(asdict(found), ensure_ascii=False)

    known = _unless_same(study, "controle", key and key + raw, ["processed/*", "relecture/*"], whole)
    return Checked(**json.loads(known))


def _step(
    study: Study, key: str, name: str, read: Sequence[Path], written: Sequence[str], run: "Callable[[], CheckReport]"
) -> "CheckReport":
    """A step of the check, or what it gave when the same files were there before it and after it."""
    from .intake import CheckReport

    files = [(p.relative_to(study.root).as_posix(), path_digest(p)) for p in read if key and p.exists()]
    same = key and digest(json.dumps([key, *files]).encode())
    return CheckReport.from_json(_unless_same(study, f"controle_{name}", same, written, lambda: run().to_json()))


def _unless_same(study: Study, name: str, key: str, written: Sequence[str], run: Callable[[], str]) -> str:
    """What `run` gave for the same `key`, if what it had `written` is as it was; no key, no memory."""
    stamp = study.processed / "memo" / f"{name}.json"
    with suppress(OSError, ValueError, KeyError, TypeError):
        known = json.loads(stamp.read_text(encoding="utf-8"))
        if key and known["cle"] == key and known["sorties"] == _written(study, written):
            return str(known["rapport"])
    told = run()
    with suppress(OSError):
        known = {"cle": key, "sorties": _written(study, written), "rapport": told}
        write_atomic(stamp, json.dumps(known, ensure_ascii=False))
    return told


def _written(study: Study, patterns: Sequence[str]) -> dict[str, str]:
    """What a check writes; the marks in data/relecture are read too, and written back."""
    folder = study.processed.parent
    paths = [p for pattern in patterns for p in folder.glob(pattern)]
    return {p.relative_to(folder).as_posix(): file_digest(p) for p in sorted(paths) if p.is_file()}


def _files_read(study: Study, report: "CheckReport") -> dict[str, dict[str, Any]]:
    """For the manifest. A folder of forms is one entry: their names would tell who answered."""
    read: dict[str, dict[str, Any]] = {}
    for f in report.files:
        name = "/".join(f.fichier.split("/")[:2]) if f.table.startswith("reponses_") else f.fichier
        one = read.setdefault(name, {"sha256": path_digest(study.raw / name), "table": f.table})
        for counted in ("lues", "acceptees", "refusees"):
            one[counted] = one.get(counted, 0) + getattr(f, counted)
    return read
