"""The committed notebooks, with outputs for readers and for nbval, without counts nor volatile metadata.

`python -m demo.stored FOLDER` executes those of a folder in place; with files (the commit
hook), it cleans these and keeps their outputs.
"""

import sys
from pathlib import Path

from notebook_reports.execute import execute, hidden
from notebook_reports.files import write_atomic
from notebook_reports.notebook import clean, read, write
from notebook_reports.opened import OPENED
from spls_study.program import PROGRAM


def refresh(folder: Path) -> int:
    """Run every notebook with its own parameters; number of those that failed."""
    failed = 0
    for file in sorted(folder.glob("*_*.ipynb")):
        executed, failure = execute(file, folder.resolve(), {}, PROGRAM)
        executed.metadata.pop(OPENED, None)
        if failure is None:
            write_atomic(file, write(executed))
        else:
            failed += 1
            print(f"{file.name}, cellule {failure.cell}\u00a0: {failure.error}", file=sys.stderr)
    return failed


def cleaned(file: Path) -> bool:
    """Whether the notebook had to be cleaned."""
    text = write(clean(read(file), hidden(file.resolve().parent, PROGRAM)))
    changed = text != file.read_text(encoding="utf-8")
    if changed:
        write_atomic(file, text)
    return changed


def main(names: list[str]) -> int:
    """Exit status: 1 when a notebook failed, or had to be cleaned and is to be added again."""
    if [*map(Path.is_dir, map(Path, names))] == [True]:
        return 1 if refresh(Path(names[0])) else 0
    dirty = [name for name in names if cleaned(Path(name))]
    for name in dirty:
        print(f"{name}\u00a0: nettoyé, à ajouter de nouveau (git add).")
    return 1 if dirty else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
