"""The command line. Libraries are imported by the command that needs them: help is immediate."""

import os
import signal
import sys
from typing import NoReturn

from typer.exceptions import Abort, TyperException

from notebook_reports.errors import StudyError, UsageError, advice

# Each adds its commands, in the order of the help.
from . import build, data, lab  # noqa: F401
from .app import app, fault, lose_no_character, tell


def _stopped(number: int, _: object) -> NoReturn:
    tell("Arrêté\u00a0: ce qui était publié reste entier, relancez pour la suite.", err=True)
    sys.exit(128 + number)


def main() -> None:
    """A fault that the user can mend is a sentence and an exit status, never a traceback."""
    os.environ.setdefault("PYTHONUTF8", "1")  # for kernels, on Windows
    lose_no_character()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, _stopped)
    try:
        sys.exit(app(standalone_mode=False))
    except Abort:
        sys.exit(1)
    except TyperException as error:
        said, status = fault(error), error.exit_code
    except StudyError as error:
        said, status = str(error), 2 if isinstance(error, UsageError) else 1
    except OSError as error:
        said, status = advice(error), 1
    tell(said, err=True)
    sys.exit(status)
