"""Is an edition still what its manifest says?"""

from pathlib import Path

from . import manifest as record
from .errors import UsageError
from .files import file_digest, of_desktop, path_digest
from .freshness import Inputs
from .publication import Publication, runs


def verify(reports: Path, edition: str) -> list[str]:
    """A French sentence for each file that differs, is missing, or is not in the manifest.

    Partial notebooks of failed runs (`*.echec.ipynb`) are in no manifest; what a desktop leaves there is passed over.

    Raises
    ------
    UsageError
        For an edition that is not there.
    StudyError
        When its manifest cannot be read.
    """
    folder, manifest = record.edition(reports, edition)
    listed = manifest["fichiers"]
    there = {
        path.relative_to(folder).as_posix(): path
        for path in folder.rglob("*")
        if path.is_file() and not path.name.endswith(".echec.ipynb")
    }
    there = {name: path for name, path in there.items() if name in listed or not of_desktop(path.name)}
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


def traced(reports: Path, edition: str, code: str) -> list[str]:
    """What a report on paper was made from: its name, then each input with its SHA-256.

    Parameters
    ----------
    code
        That of its footer, or the one that its text gives for the data it read.

    Raises
    ------
    UsageError
        When no report of the edition bears the code.
    """
    folder, manifest = record.edition(reports, edition)
    for name, run in manifest["executions"].items():
        books = [n for n in run["fichiers"] if n.endswith(".ipynb")]
        if any(_bears(folder / book, manifest["fichiers"].get(book, ""), code) for book in books):
            inputs = [f"{digest} {of}" for of, digest in sorted(run["entrees"].items())]
            return [f"{code}\u00a0: {name}, édition {edition}, fait de\u00a0:", *inputs]
    raise UsageError(
        f"{code}\u00a0: aucun rapport de l'édition {edition} ne porte ce code\u202f; "
        "il a été refait depuis, ou est d'une autre édition."
    )


def _bears(book: Path, known: str, code: str) -> bool:
    return len(code) == record.CODE and (
        known.startswith(code) or (book.is_file() and f" {code}" in book.read_text("utf-8"))
    )


def changed_inputs(publication: Publication, raw: Path) -> list[str]:
    """Inputs that are no longer what the edition was made from: it is whole, not up to date."""
    manifest, inputs = record.load(publication.folder), Inputs(publication)
    known = manifest["executions"]
    was = {n: d for run in known.values() for n, d in run["entrees"].items()}
    there = [run for run in runs(publication) if run.name in known]
    now = {n: d for run in there for n, d in inputs.now(run, known[run.name]).items()}
    for name, read in manifest["fichiers_lus"].items():
        was[f"data/raw/{name}"] = read["sha256"]
        now[f"data/raw/{name}"] = path_digest(raw / name)
    return [name for name in sorted({*was, *now}) if was.get(name) != now.get(name)]
