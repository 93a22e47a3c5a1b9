"""Is an edition still what its manifest says?"""

from pathlib import Path

from ..digests import file_digest, path_digest
from . import manifest as record
from .freshness import Inputs
from .publication import Publication, runs


def verify(reports: Path, edition: str) -> list[str]:
    """A French sentence for each file that differs, is missing, or is not in the manifest.

    Partial notebooks of failed runs (`*.echec.ipynb`) are in no manifest.

    Raises
    ------
    UsageError
        For an edition that is not there.
    StudyError
        When its manifest cannot be read.
    """
    folder, manifest = record.edition(reports, edition)
    listed = manifest["fichiers"]
    there = {path.relative_to(folder).as_posix(): path for path in folder.rglob("*")
             if path.is_file() and not path.name.endswith(".echec.ipynb")}
    there.pop(record.NAME)
    faults = []
    for name in sorted({*listed, *there}):
        if name not in there:
            faults.append(f"{name}\u00a0: fichier manquant.")
        elif name not in listed:
            faults.append(f"{name}\u00a0: fichier absent du manifeste.")
        elif file_digest(there[name]) != listed[name]:
            faults.append(f"{name}\u00a0: empreinte différente de celle du manifeste.")
    return faults


def changed_inputs(publication: Publication, raw: Path) -> list[str]:
    """Inputs that are no longer what the edition was made from: it is whole, not up to date."""
    manifest, inputs = record.load(publication.folder), Inputs(publication)
    known = manifest["executions"]
    was = {n: d for run in known.values() for n, d in run["entrees"].items()}
    now = {n: d for run in runs(publication) if run.name in known
           for n, d in inputs.of(run, known[run.name]["lectures"]).items()}
    for name, read in manifest["fichiers_lus"].items():
        was[f"data/raw/{name}"] = read["sha256"]
        now[f"data/raw/{name}"] = path_digest(raw / name)
    return [name for name in sorted({*was, *now}) if was.get(name) != now.get(name)]
