"""The manifest of an edition: every file, what it was made from, and by which versions.

It holds no time and no path of the machine, so that the same inputs give the same bytes.
"""

import json
import platform
from collections.abc import Mapping
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path
from typing import Any

from ..errors import StudyError, UsageError
from ..study import PACKAGE
from .publication import Publication, Run

NAME = "manifest.json"
_VERSIONS = ("spls_study", "ipykernel", "matplotlib", "nbconvert", "numpy", "pandas", "papermill",
             "pyarrow", "pypandoc_binary", "scipy", "typst", "xlsxwriter")


def digest(content: bytes) -> str:
    return sha256(content).hexdigest()


def file_digest(path: Path) -> str:
    return digest(path.read_bytes())


def path_digest(path: Path) -> str:
    """Of a file, or of all the files of a folder."""
    if path.is_file():
        return file_digest(path)
    files = sorted(p for p in path.rglob("*") if p.is_file())
    return digest("\n".join(f"{p.relative_to(path).as_posix()} {file_digest(p)}"
                            for p in files).encode())


def load(folder: Path) -> dict[str, Any]:
    """The manifest of an edition, without a file when there is none or it cannot be read."""
    try:
        known = json.loads((folder / NAME).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        known = {}
    return {"fichiers": {}, "executions": {}, **known}


def edition(reports: Path, name: str) -> tuple[Path, dict[str, Any]]:
    """Folder and manifest of a published edition.

    Raises
    ------
    UsageError
        When there is no such edition; the message lists those there are.
    StudyError
        When its manifest cannot be read, or is of an older program.
    """
    known = sorted(p.parent.name for p in reports.glob(f"????-??-??/{NAME}"))
    if name not in known:
        raise UsageError(f"Édition inconnue\u00a0: «\u00a0{name}\u00a0». Éditions de "
                         f"{reports}\u00a0: {', '.join(known) or 'aucune'}.")
    manifest = load(reports / name)
    if "fichiers_lus" not in manifest:
        raise StudyError(f"{name}/{NAME}\u00a0: manifeste illisible ou trop ancien\u202f; refaites "
                         "l'édition par spls-study build.")
    return reports / name, manifest


def dump(manifest: Mapping[str, Any]) -> str:
    return json.dumps(manifest, ensure_ascii=False, indent=1, sort_keys=True) + "\n"


def common_inputs(publication: Publication) -> dict[str, str]:
    """Name → SHA-256 of what every run reads: study, data, package, versions locked."""
    files = {publication.file.name: publication.file, **publication.inputs}
    lock = PACKAGE.parent / "requirements.lock"
    if lock.is_file():
        files[lock.name] = lock
    return {**{name: file_digest(path) for name, path in files.items()},
            PACKAGE.name: _package_digest()}


def earlier_tables(publication: Publication, territory: str) -> dict[str, str]:
    """Tables of the last edition, with which this one is compared."""
    names = [p.name for p in publication.reports.glob("????-??-??/") if p.is_dir()]
    before = [n for n in names if n < publication.edition.isoformat()]
    if not before:
        return {}
    root = publication.reports
    found = sorted((root / max(before) / territory / "tables").glob("*.csv"))
    return {p.relative_to(root).as_posix(): file_digest(p) for p in found}


def inputs(publication: Publication, run: Run, common: Mapping[str, str]) -> dict[str, str]:
    """Name → SHA-256 of all that a run reads."""
    own = {f"notebooks/{run.notebook.name}": file_digest(run.notebook)}
    return {**common, **own, **earlier_tables(publication, run.territory)}


def key(publication: Publication, run: Run, inputs: Mapping[str, str]) -> str:
    """Changes with anything that may change the run's outputs."""
    facts = [publication.edition.isoformat(), run.name, platform.python_version(), dict(inputs)]
    return digest(json.dumps(facts, sort_keys=True).encode())


def versions() -> dict[str, str]:
    return {"python": platform.python_version(), **{name: version(name) for name in _VERSIONS}}


def _package_digest() -> str:
    files = [p for p in PACKAGE.rglob("*") if p.is_file() and p.suffix != ".pyc"]
    lines = [f"{p.relative_to(PACKAGE).as_posix()} {file_digest(p)}" for p in files]
    return digest("\n".join(sorted(lines)).encode())
