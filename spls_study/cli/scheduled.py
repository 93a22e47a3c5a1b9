"""`build --archive`: an edition published whole or not at all, its log and its summary."""

import json
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import date
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from notebook_reports.errors import StudyError, UsageError, advice
from notebook_reports.french import count, long_date
from notebook_reports.publication import address

from .data import checked_of
from .options import now, publication_of

if TYPE_CHECKING:
    from notebook_reports.build import Done, Failure, Outcome
    from notebook_reports.publication import Publication, Run

    from ..checking import Checked
    from ..study import Study

Build = Callable[["Publication", "list[Run]", "Done"], "Outcome"]
LOGS = "journaux"
NONE = "aucune édition publiée"
NOTHING = f"{NONE}, aucune donnée"


@dataclass(frozen=True)
class Result:
    """What a build of one study came to.

    Parameters
    ----------
    lines
        Those of standard output.
    notes
        What the message says besides, and standard error says too.
    """

    headline: str
    lines: list[str]
    sound: bool
    notes: list[str] = field(default_factory=list)


def _log(file: Path, event: str, **facts: Any) -> None:
    """Add an event, as it happens; it names reports, never persons."""
    line = {"heure": now().isoformat(timespec="seconds"), "evenement": event, **facts}
    file.parent.mkdir(parents=True, exist_ok=True)
    with file.open("a", encoding="utf-8", newline="\n") as stream:
        stream.write(json.dumps(line, ensure_ascii=False) + "\n")


def archived(study: "Study", reports: Path, strict: bool, force: bool, build: Build) -> Result:
    """Publish an edition if there is something new; nothing else in `reports` is replaced."""
    edition = study.etude.edition.isoformat()
    file = reports / LOGS / f"{edition}.jsonl"
    log = partial(_log, file)
    log("debut", edition=edition)
    try:
        result = _archived(study, reports, strict, force, build, log)
    except BaseException as error:
        if not isinstance(error, StudyError) or isinstance(error, UsageError):
            log("fin", resultat=f"interrompue ({type(error).__name__})", code=1)
            raise
        result = Result(NONE, [str(error)], False)  # the studies that follow are still published
    log("fin", resultat=result.headline, code=0 if result.sound else 1)
    title = f"{study.etude.titre}\u00a0: {result.headline}."
    return replace(result, lines=[title, *result.lines, f"Journal\u00a0: {file}"])


def _archived(
    study: "Study", reports: Path, strict: bool, force: bool, build: Build, log: Callable[..., None]
) -> Result:
    from notebook_reports import archive
    from notebook_reports.publication import runs

    publication, before = publication_of(study, reports), archive.last(reports)
    stands = [f"Rapports\u00a0: {reports / before / 'index.html'}"] if before else []
    if not force and not archive.has_news(publication):
        return Result(
            f"rien de nouveau depuis l'édition du {_long(before)}", ["Aucune édition n'est publiée.", *stands], True
        )
    archive.check_date(publication)
    if empty := _without_data(study.raw):  # before a check, which would follow and empty data/processed
        return Result(NOTHING, [empty, *stands], False)
    report, checked = checked_of(study, reports, strict, force, quiet=True)
    log("controle", fichiers=len(report.files), ecartes=len(report.set_aside), **_rows(report))
    aside = discreet(report.set_aside)
    for sentence in aside:
        log("ecarte", motif=sentence)
    if not checked:
        lines = [_data(report), "spls-study check dit quoi corriger.", *stands]
        return Result(f"{NONE}, données à corriger", lines, False, aside)
    if not _rows(report)["lues"]:  # rows that are refused are something: check and the message count them
        none = f"Le dossier {study.raw} n'a que des fichiers sans ligne\u202f; remplissez-les."
        return Result(NOTHING, [none, *stands], False)
    drafted = archive.draft(publication_of(study, reports, report))
    outcome = build(
        drafted,
        runs(drafted),
        lambda run, seconds, failed: log(
            "echec" if failed else "rapport", rapport=run.name, secondes=round(seconds, 2)
        ),
    )
    if outcome.failures:
        failed = count(len(outcome.failures), "rapport en échec", "rapports en échec")
        return Result(f"{NONE}, {failed}", [*(_told(one) for one in outcome.failures), *stands], False)
    published = archive.publish(drafted)
    removed = archive.prune(reports, study.publication.editions_gardees)
    archive.write_portal(reports)
    lines = [
        f"{count(len(outcome.run), 'rapport')}. {_data(report)}",
        *_news(published, before),
        *(f"Édition retirée\u00a0: {_long(name)}." for name in removed),
        f"Rapports\u00a0: {published.folder / 'index.html'}",
    ]
    return Result(f"édition du {long_date(published.edition)} publiée", lines, True)


def _without_data(raw: Path) -> str:
    """What to do about a folder of received files that is absent or holds none; empty where it holds some."""
    from ..intake.readers import received

    if raw.is_dir() and any(path.suffix != ".toml" for path, _ in received(raw)):
        return ""
    what = "ne contient aucune donnée" if raw.is_dir() else "n'existe pas"
    return (
        f"Le dossier {raw} {what}\u202f; déposez-y les fichiers reçus. S'ils y étaient, vérifiez que le disque ou "
        "le lecteur réseau est connecté et que ce compte peut le lire."
    )


def _rows(report: "Checked") -> dict[str, int]:
    return {name: sum(f[name] for f in report.files.values()) for name in ("lues", "acceptees", "refusees")}


def _data(report: "Checked") -> str:
    rows = _rows(report)
    aside = count(len(report.set_aside), "fichier écarté", "fichiers écartés")
    return (
        f"Données\u00a0: {count(rows['lues'], 'ligne lue', 'lignes lues')}, "
        f"{count(rows['refusees'], 'refusée')}, {aside}."
    )


def _told(failure: "Failure") -> str:
    """Without the error itself, which may quote the data: it is on standard error."""
    return (
        f"Échec\u00a0: {failure.run.notebook.name}, territoire {failure.run.territory}, "
        f"carnet partiel\u00a0: {failure.partial}"
    )


def _news(published: "Publication", before: str) -> list[str]:
    from notebook_reports import manifest as record
    from notebook_reports.comparison import changed

    old, new = (record.load(published.reports / name) for name in (before, published.edition.isoformat()))
    what = changed(old, new).reason() if before and "fichiers_lus" in old else ""
    return [f"Depuis l'édition du {_long(before)}, {what}."] if what else []


def _long(edition: str) -> str:
    return long_date(date.fromisoformat(edition))


@contextmanager
def noticed(file: Path | None, studies: "list[Study]") -> Iterator[list[Result]]:
    """Collect the results of the studies, then write the message, even when a build breaks off.

    Raises
    ------
    StudyError
        When a study has no address to write to.
    """
    results: list[Result] = []
    if file is None:
        yield results
        return
    to = [_address(study) for study in studies]
    try:
        yield results
    except BaseException as error:
        told = advice(error) if isinstance(error, OSError) else str(error)
        mendable = isinstance(error, OSError | StudyError)
        why = told if mendable else type(error).__name__  # whose text may quote the data
        results.append(Result("construction interrompue", [why], False))
        raise
    finally:
        _write(file, studies, sorted(set(to)), results)


def _address(study: "Study") -> str:
    found = address(study.copil.contact)
    if not found:
        raise StudyError(
            "--notify écrit au contact du COPIL\u00a0: copil.contact, dans "
            f"{study.file.name}, doit contenir une adresse électronique."
        )
    return found


def discreet(set_aside: list[str]) -> list[str]:
    """Why files were set aside, for a message and a log: nothing that reaches a person.

    The name of a filled-in form may tell who answered: its folder is named.
    """
    if not set_aside:
        return []
    from ..intake.persons import without_contacts  # slow to import

    form = re.compile(r"^(questionnaires/[^/\n]+)/.*\.\w+(?=\u00a0: )", re.DOTALL)
    return list(dict.fromkeys(without_contacts(form.sub(r"\1/…", sentence)) for sentence in set_aside))


def _write(file: Path, studies: "list[Study]", to: list[str], results: list[Result]) -> None:
    """The first bad news gives the subject, else the first study."""
    from email.message import EmailMessage
    from email.policy import SMTP

    from notebook_reports.files import write_atomic

    from .options import now

    first = min(results, key=lambda result: result.sound, default=Result("interrompue", [], False))
    message = EmailMessage(policy=SMTP)
    message["Subject"] = re.sub(
        r"[\x00-\x1f\x7f\x85\u2028\u2029]+", " ", f"{studies[0].etude.titre}\u00a0: {first.headline}"
    )
    message["From"] = to[0]
    message["To"] = ", ".join(to)
    message["Date"] = now()
    message["Auto-Submitted"] = "auto-generated"
    told = [[*result.lines, *result.notes] for result in results]
    to_fill = [sentence for study in studies for sentence in study.to_fill]
    body = "\n\n".join("\n".join(lines) for lines in [*told, to_fill] if lines)
    message.set_content(body + "\n", cte="quoted-printable")
    write_atomic(file, message.as_bytes())
