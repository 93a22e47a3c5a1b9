"""The command line. Libraries are imported by the command that needs them: help is immediate."""

import os
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import NoReturn

from typer.exceptions import Abort, TyperException

from notebook_reports.errors import StudyError, UsageError, advice

# Each adds its commands, in the order of the help.
from . import build, data, editions, lab  # noqa: F401
from .app import app, fault, lose_no_character, tell


@contextmanager
def _in_french() -> Iterator[None]:
    """A fault that the user can mend is a sentence and an exit status, never a traceback."""
    try:
        yield
    except Abort:
        sys.exit(1)
    except TyperException as error:
        tell(fault(error), err=True)
        sys.exit(error.exit_code)
    except StudyError as error:
        tell(str(error), err=True)
        sys.exit(2 if isinstance(error, UsageError) else 1)
    except OSError as error:
        tell(advice(error), err=True)
        sys.exit(1)


def _stopped(number: int, _: object) -> NoReturn:
    tell("Arrêté\u00a0: ce qui était publié reste entier, relancez pour la suite.", err=True)
    sys.exit(128 + number)


def main() -> None:
    os.environ.setdefault("PYTHONUTF8", "1")  # for kernels, on Windows
    lose_no_character()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, _stopped)
    with _in_french():
        sys.exit(app(standalone_mode=False))
