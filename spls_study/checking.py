"""`intake.check` when something that it reads or writes has changed, else what it said then."""

import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import asdict, dataclass
from datetime import date
from functools import partial
from pathlib import Path
from shutil import rmtree
from typing import TYPE_CHECKING, Any

from notebook_reports.files import digest, file_digest, path_digest, sweep, write_atomic
from notebook_reports.french import count, long_date

from .program import PROGRAM
from .study import REFERENCE, Study, load_study

if TYPE_CHECKING:
    from .intake import CheckReport

QUESTIONNAIRES = "questionnaires"  # a step of the check, and a theme of slices
FORKED = 10  # seconds until a process is
# Tables that are compared with those of the last edition → the columns that it takes.
PREVIOUS = {
    "charte": ("clause", "statut"),
    "chiffres_cles": ("cle", "libelle", "valeur"),
    "points_discussion": ("id", "decision"),
}


@dataclass(frozen=True)
class Checked:
    """What a check told.

    Parameters
    ----------
    lines, set_aside
        French sentences, those of `CheckReport`; then what is missing, and who answered since the last edition.
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


def checked(study: Study, reports: Path, force: bool = False, meanwhile: Callable[[], None] = lambda: None) -> Checked:
    """Bring data/processed up to date with data/raw, and the slices with it.

    Parameters
    ----------
    reports
        Folder of the editions: the study's own is compared with the last before it.
    meanwhile
        Called before the data are read, if they must be: starts what can go on beside.
    """
    sweep(study.processed)
    sweep(study.relecture)
    if force:
        rmtree(study.processed / "memo", ignore_errors=True)
    raw = key = ""
    before: list[str] = []
    with suppress(OSError):  # a file that cannot be read: nothing to rely on
        raw = path_digest(study.raw)
        before = _last(study, reports)
        facts = [study.model_dump_json(), PROGRAM.versions, path_digest(REFERENCE), PROGRAM.digest]
        key = digest(json.dumps(facts).encode())

    def whole() -> dict[str, Any]:
        meanwhile()
        from .intake import check

        with _helped(study, key) as before:
            report = check(study, partial(_step, study, key, before))
            _slices(study, key, before, reports)
        lines, aside = [*report.lines, *report.missing], list(report.set_aside)
        if last := study.last_edition(reports):
            lines += newcomers(study, reports, last)
        return asdict(Checked(lines, aside, len(report.refusals), _files_read(study, report), raw))

    given = key and digest(json.dumps([key, raw, before]).encode())
    patterns = ["processed/*", "processed/tranches/*/*", "relecture/*"]
    return Checked(**_unless_same(study, "controle", given, lambda told: patterns, whole))


def _last(study: Study, reports: Path) -> list[str]:
    """What the last edition holds of the tables that are compared with it."""
    last = study.last_edition(reports)
    names = (*PREVIOUS, "taux_reponse") if last else ()
    tables = [p for name in names for p in sorted((reports / f"{last}").glob(f"*/tables/{name}.csv"))]
    return [f"{last}", *(f"{p.relative_to(reports).as_posix()} {file_digest(p)}" for p in tables)]


@contextmanager
def _helped(study: Study, key: str) -> Iterator[Callable[[str], None]]:
    """What is called before each step: another process does the questionnaires, half of the work, beside this one.

    It is forked once the server has imported its libraries. This process finds done what that one did, and does again
    what failed there: here the reason is told.
    """
    from notebook_reports.processes import Process, serves, started

    helper: Process | None = None
    known = False
    with ExitStack() as stack:

        def before(name: str) -> None:
            nonlocal helper, known
            if name == QUESTIONNAIRES and helper is not None:
                helper.wait()
            elif key and known and helper is None and serves(PROGRAM.libraries):
                helper = stack.enter_context(started("fork", PROGRAM.libraries, str(study.root), {}))
                helper.answers(FORKED)
                for do in (_check_beside, _slices_beside):
                    given = (str(study.file), study.etude.edition.isoformat(), key)
                    helper.ask(f"from {__name__} import {do.__name__}; {do.__name__}{given!r}")
            known = known or name == "organismes"  # which the questionnaires need

        yield before


def _check_beside(file: str, edition: str, key: str) -> None:
    from .intake import check_questionnaires

    study = load_study(file).of_edition(date.fromisoformat(edition))
    check_questionnaires(study, partial(_step, study, key, lambda name: None))


def _slices_beside(file: str, edition: str, key: str) -> None:
    _theme(load_study(file).of_edition(date.fromisoformat(edition)), key, QUESTIONNAIRES)


def _step(
    study: Study,
    key: str,
    before: Callable[[str], None],
    name: str,
    read: Sequence[Path],
    written: Sequence[str],
    run: "Callable[[], CheckReport]",
) -> "CheckReport":
    """A step of the check, or what it gave when the same files were there before it and after it."""
    from .intake import CheckReport

    before(name)
    same = _same(study, key, read)
    told = _unless_same(study, f"controle_{name}", same, lambda told: written, lambda: run().as_json())
    return CheckReport.from_json(told)


def _slices(study: Study, key: str, before: Callable[[str], None], reports: Path) -> None:
    """Write the slices of the themes of which something that they read has changed, and of the last edition."""
    from . import slices

    slices.prune(study)
    slices.write(study, slices.previous(reports, PREVIOUS), study.territories)
    for name in sorted(slices.THEMES, key=QUESTIONNAIRES.__eq__):  # last, while they are made beside
        before(name)
        _theme(study, key, name)


def _theme(study: Study, key: str, name: str) -> None:
    from . import slices

    theme = slices.THEMES[name]
    tables = [study.processed / f"{table}.parquet" for table in theme.tables]
    files = [*tables, *(path for pattern in theme.files for path in sorted(study.root.glob(pattern)))]
    run = partial(slices.write, study, theme, study.territories)
    _unless_same(study, f"tranches_{name}", _same(study, key, files), lambda written: written, run)


def newcomers(study: Study, reports: Path, last: date) -> Iterator[str]:
    """A French sentence for each group that showed and has gained few respondents since the edition `last`.

    Comparing the two editions would tell the answers of these few.
    """
    import pandas as pd

    from . import slices
    from .codebook import load_codebooks
    from .diff import respondents

    least = study.confidentialite.repondants
    for code, book in load_codebooks(study).items():
        for place in study.territories if not book.nominatif else ():
            file = reports / last.isoformat() / place.code / "tables" / "taux_reponse.csv"
            before = respondents(pd.read_csv(file)).get(code, 0) if file.is_file() else 0
            gained = respondents(slices.read(study, place, "taux_reponse")).get(code, 0) - before
            if before >= least and 0 < gained < least:
                yield (
                    f"Questionnaire {code}, {place.nom}\u00a0: {count(gained, 'répondant')} de plus que dans l'édition "
                    f"du {long_date(last)}. Comparer les deux éditions ferait lire les réponses de moins de {least} "
                    f"répondants\u00a0: déplacez cloture dans {code}.toml, ou attendez d'autres réponses."
                )


def _same(study: Study, key: str, read: Sequence[Path]) -> str:
    """What these files are, empty where it is not to be relied on."""
    files = [(p.relative_to(study.root).as_posix(), path_digest(p)) for p in read if key and p.exists()]
    return key and digest(json.dumps([key, *files]).encode())


def _unless_same(
    study: Study, name: str, key: str, written: Callable[[Any], Sequence[str]], run: Callable[[], Any]
) -> Any:
    """What `run` gave for the same `key`, if what it had `written` is as it was; no key, no memory."""
    stamp = study.processed / "memo" / f"{name}.json"
    with suppress(OSError, ValueError, KeyError, TypeError):
        known = json.loads(stamp.read_text(encoding="utf-8"))
        told = known["rapport"]
        if key and known["cle"] == key and known["sorties"] == _written(study, written(told)):
            return told
    told = run()
    with suppress(OSError):
        known = {"cle": key, "sorties": _written(study, written(told)), "rapport": told}
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
