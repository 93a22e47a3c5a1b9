"""Which files of data/raw hold which table, or the answers to which questionnaire: the name says it."""

from collections.abc import Collection, Iterator
from pathlib import Path

from notebook_reports.files import below, of_desktop

EXTENSIONS = (".csv", ".txt", ".xlsx", ".xlsm", ".ods", ".xls")  # .xls: to say what to do with it
UNNAMED = "son nom ne commence par celui d'aucune table\u202f; renommez-le (programmation_ddt16.xlsx)"
UNREAD = "ce format n'est pas lu\u202f; enregistrez-le en XLSX, ODS ou CSV"
ELSEWHERE = "questionnaires"  # read by their codebooks
Files = dict[str, Path]  # by their path in data/raw, with `/`


def received(folder: Path) -> Iterator[tuple[Path, tuple[str, ...]]]:
    """The files below a folder and the parts of their paths, but hidden files, locks of office programs, notices."""
    for path in below(folder):
        parts = path.relative_to(folder).parts
        if not any(map(of_desktop, parts)) and not parts[-1].upper().startswith("README"):
            yield path, parts


def find(raw: Path, known: Collection[str], unknown: str, *within: str) -> tuple[dict[str, Files], list[str]]:
    """The files of each table (or questionnaire, `within` its folder), and a French sentence for each other file.

    A file belongs to the longest of the names that its own begins with; in a folder, to that of the folder.
    """
    found: dict[str, Files] = {name: {} for name in known}
    ignored = []
    for path, parts in received(raw.joinpath(*within)):
        name = "/".join((*within, *parts)).encode("utf-8", "replace").decode()
        first, inside = parts[0].casefold(), len(parts) > 1
        own = [k for k in known if (first == k.casefold() if inside else first.startswith(k.casefold()))]
        codebook = not inside and path.suffix == ".toml" if within else parts[0] == ELSEWHERE
        if own and path.suffix.lower() in EXTENSIONS:
            found[max(own, key=len)][name] = path
        elif not codebook:
            ignored.append(f"{name}\u00a0: {UNREAD if own else unknown}. Fichier ignoré.")
    return found, sorted(ignored)
