"""What differs in that which two editions were made from, and how it explains what changed in their tables."""

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from ..french import count, listing, plural

Manifest = Mapping[str, Any]


class Changed(NamedTuple):
    """A raw file that differs; its rows are None where it was not read."""

    fichier: str
    table: str
    changement: str
    lues_avant: int | None
    lues: int | None
    refusees_avant: int | None
    refusees: int | None

    def __str__(self) -> str:
        """« x.csv (1 ligne refusée, 0 avant) »."""
        if None in (self.refusees_avant, self.refusees) or self.refusees == self.refusees_avant:
            return self.fichier
        now = count(self.refusees or 0, "ligne refusée", "lignes refusées")
        return f"{self.fichier} ({now}, {self.refusees_avant} avant)"


class Causes(NamedTuple):
    """The inputs that differ; `others`: study file, package, notebooks, reference data…"""

    files: list[Changed]
    others: list[str]

    def reason(self, raw: Iterable[str] = ()) -> str:
        """What changed in the files of these raw tables, of any when none is known; in French."""
        told: dict[str, list[str]] = {}
        for file in self.files:
            if not raw or file.table in raw or file.table.partition("_")[0] in raw:
                told.setdefault(file.changement, []).append(str(file))
        if told:
            return "\u202f; ".join(
                f"{plural(len(names), f'fichier {change}', f'fichiers {change}s')}\u00a0: {listing(names)}"
                for change, names in told.items()
            )
        return f"mêmes fichiers\u202f; a changé\u00a0: {listing(self.others)}" if self.others else ""


def changed(old: Manifest, new: Manifest) -> Causes:
    """Processed tables come from the raw files, told apart."""
    a, b = old["fichiers_lus"], new["fichiers_lus"]
    files = [_file(n, a.get(n, {}), b.get(n, {})) for n in sorted({*a, *b}) if a.get(n) != b.get(n)]
    a, b = ({k: v for run in m["executions"].values() for k, v in run["entrees"].items()} for m in (old, new))
    others = sorted(n for n in {*a, *b} if a.get(n) != b.get(n))
    return Causes(files, [n for n in others if not n.startswith("data/processed/")])


def _file(name: str, was: Manifest, now: Manifest) -> Changed:
    if not (was and now):
        change = "non lu" if was else "ajouté"
    else:
        change = "révisé" if was["sha256"] != now["sha256"] else "autrement lu"
    rows = [one.get(what) for what in ("lues", "refusees") for one in (was, now)]
    return Changed(name, (now or was)["table"], change, *rows)


def news(old: Manifest, new: Manifest) -> str:
    """What differs in that which two editions are made from, in one French sentence."""
    return changed(old, new).reason()
