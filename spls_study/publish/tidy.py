"""The commit hook: `python -m spls_study.publish.tidy FILE…` cleans notebooks in place.

Outputs are kept; counts, volatile metadata, widgets and paths of the machine go.
"""

import sys
from pathlib import Path

from ..files import write_atomic
from .execute import hidden
from .notebook import clean, read, write


def tidy(file: Path) -> bool:
    """Whether the notebook had to be cleaned."""
    cleaned = write(clean(read(file), hidden(file.resolve().parent)))
    changed = cleaned != file.read_text(encoding="utf-8")
    if changed:
        write_atomic(file, cleaned)
    return changed


if __name__ == "__main__":
    dirty = [name for name in sys.argv[1:] if tidy(Path(name))]
    for name in dirty:
        print(f"{name}\u00a0: nettoyé, à ajouter de nouveau (git add).")
    sys.exit(1 if dirty else 0)
