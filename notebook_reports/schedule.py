"""The longest runs first, by the times of the last build; what is left of the work."""

import json
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

from .files import write_atomic
from .publication import Run


class Times:
    """Seconds that each run took, kept in a folder; None keeps nothing."""

    def __init__(self, folder: Path | None) -> None:
        self._file = file = folder and folder / "durees.json"
        self._seconds: dict[str, float] = {}
        with suppress(OSError, ValueError, AttributeError, TypeError):
            known = json.loads(file.read_text(encoding="utf-8")) if file else {}
            self._seconds = {str(run): float(seconds) for run, seconds in known.items()}

    def ordered(self, runs: Iterable[Run]) -> list[Run]:
        """A run that was never timed comes first: it may be long."""
        return sorted(runs, key=lambda run: -self._seconds.get(run.name, float("inf")))

    def expected(self, run: Run) -> float:
        """As long as the others of its notebook, where it was never timed; a second at worst."""
        alike = [s for name, s in self._seconds.items() if name.endswith(f"/{run.notebook.stem}")]
        return self._seconds.get(run.name, sum(alike) / len(alike) if alike else 1.0)

    def keep(self, run: Run, seconds: float) -> None:
        self._seconds[run.name] = round(seconds, 2)

    def write(self) -> None:
        if self._file:
            with suppress(OSError):
                write_atomic(self._file, json.dumps(self._seconds, sort_keys=True))
