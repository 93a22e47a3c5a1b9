"""Re-execute the committed notebooks in place: `python -m spls_study.publish.refresh notebooks`.

Outputs are kept for readers and for nbval; counts and volatile metadata are removed.
"""

import sys
from pathlib import Path

from notebook_reports.opened import OPENED

from ..files import write_atomic
from .execute import execute
from .notebook import write


def refresh(folder: Path) -> int:
    """Run every notebook with its own parameters; number of those that failed."""
    failed = 0
    for file in sorted(folder.glob("*_*.ipynb")):
        executed, failure = execute(file, folder.resolve(), {})
        executed.metadata.pop(OPENED, None)
        if failure is None:
            write_atomic(file, write(executed))
        else:
            failed += 1
            print(f"{file.name}, cellule {failure.cell}\u00a0: {failure.error}", file=sys.stderr)
    return failed


if __name__ == "__main__":
    sys.exit(1 if refresh(Path(sys.argv[1])) else 0)
