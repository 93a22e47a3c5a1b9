"""The command line. Libraries are imported by the command that needs them: help is immediate."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from io import TextIOWrapper

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
    except OSError as error:
        typer.echo(f"Fichier ou dossier inaccessible\u00a0: {error}.", err=True)
        sys.exit(1)


def main() -> None:
    os.environ.setdefault("PYTHONUTF8", "1")  # for kernels, on Windows
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):  # a log in cp1252 has no narrow no-break space
            stream.reconfigure(errors="replace")
    with _in_french():
        app()
