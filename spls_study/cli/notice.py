"""`--notify`: the result of a build as a message, ready for any mailer."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from notebook_reports.errors import StudyError, advice
from notebook_reports.publication import address

if TYPE_CHECKING:
    from ..study import Study


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
    from ..intake.scrub import scrub_contacts  # slow to import

    form = re.compile(r"^(questionnaires/[^/\n]+)/.*\.\w+(?=\u00a0: )", re.DOTALL)
    return list(dict.fromkeys(scrub_contacts(form.sub(r"\1/…", sentence)) for sentence in set_aside))


def _write(file: Path, studies: "list[Study]", to: list[str], results: list[Result]) -> None:
    """The first bad news gives the subject, else the first study."""
    from email.message import EmailMessage
    from email.policy import SMTP

    from notebook_reports.files import write_atomic

    from ..clock import now

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
