"""The command line. Libraries are imported by the command that needs them: help is immediate."""

import os
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import NoReturn

import typer

from ..errors import StudyError, UsageError
from . import build, data, editions  # noqa: F401  # each adds its commands, in the order of the help
from .app import app


@contextmanager
def _in_french() -> Iterator[None]:
    """A fault that the user can mend is a sentence and an exit status, never a traceback."""
    try:
        yield
    except StudyError as error:
        typer.echo(str(error), err=True)
        sys.exit(2 if isinstance(error, UsageError) else 1)


def _stopped(number: int, _: object) -> NoReturn:
    typer.echo("Arrêté\u00a0: ce qui était publié reste entier, relancez pour la suite.", err=True)
    sys.exit(128 + number)


def main() -> None:
    os.environ.setdefault("PYTHONUTF8", "1")  # for kernels, on Windows
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, _stopped)
    with _in_french():
        app()
