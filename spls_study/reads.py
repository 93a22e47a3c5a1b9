"""Reading a study for one territory, so that the next build knows what the report hangs on."""

import dataclasses
from collections.abc import Callable, Mapping
from collections.abc import Set as AbstractSet
from hashlib import sha256
from typing import Any, TypeVar

import pandas as pd
from pydantic import BaseModel

from .digests import digest
from .journal import collecting, note, record
from .sharing import shared
from .study import Study, Territory
from .tables import ORIGIN, read_table

# Notebooks handle many small tables, of which pyarrow's calls cost a sixth of their time.
pd.set_option("mode.string_storage", "python")

T = TypeVar("T")
VIEWS = "spls_study.views"


class Source:
    """A study's inputs, each read once; nothing that it gives may be changed in place."""

    def __init__(self, study: Study) -> None:
        self.study = study
        self._known: dict[Any, tuple[Any, set[str]]] = {}

    def once(self, make: Callable[["Source"], T], key: object = None) -> T:
        """`make(self)`, computed once for all territories."""
        return self._kept(key or make, lambda: self._made(make))

    def shared(self, make: Callable[..., T], *of: Territory) -> T:
        """`make(self, *of)`, computed once for all kernels of a build."""
        codes = [territory.code for territory in of]
        name = "-".join([make.__name__, *codes, digest(str(self.study.file.resolve()).encode())[:8]])
        return self._kept((make, *codes), lambda: shared(name, lambda: self._made(lambda s: make(s, *of))))

    def _made(self, make: Callable[["Source"], T]) -> tuple[T, set[str]]:
        with collecting() as names:
            return make(self), names

    def _kept(self, key: object, make: Callable[[], tuple[T, set[str]]]) -> T:
        if key not in self._known:
            self._known[key] = make()
        found: tuple[T, set[str]] = self._known[key]
        for name in sorted(found[1]):
            note(name)
        return found[0]

    def table(self, name: str) -> pd.DataFrame:
        """A checked table, without the place of its rows in the raw files."""
        return self.once(lambda s: read_table(s.study, name).drop(columns=list(ORIGIN)), name)


class Reader:
    """What a notebook reads views through: `lire(vues.comptes)`."""

    def __init__(self, study: Study, lieu: Territory) -> None:
        self._source, self._lieu = Source(study), lieu

    def __call__(self, view: Callable[[Source, Territory], T]) -> T:
        with collecting() as names:
            value = view(self._source, self._lieu)
        # What the next build cannot find again by its name, it reads again with the report.
        name = view.__name__ if view.__module__ == VIEWS else ""
        record(name, names, value_digest(value))
        return value


def reread(source: Source, view: str, territory: str) -> str:
    """The digest of what a view gives now."""
    from . import views

    with collecting():
        return value_digest(getattr(views, view)(source, source.study.territory(territory)))


def value_digest(value: object) -> str:
    """The same in every process for equal values, and only for these.

    Raises
    ------
    TypeError
        For a kind of value that it does not know: better none than one that misses a change.
    """
    found = sha256()
    for part in _parts(value):
        found.update(len(part).to_bytes(8, "big") + part)
    return found.hexdigest()


def _parts(value: object) -> list[bytes]:
    if isinstance(value, pd.DataFrame):
        columns = [value.index.to_series(), *(value.iloc[:, i] for i in range(value.shape[1]))]
        head = [repr(list(value.columns)).encode(), str(len(value)).encode()]
        return [*head, *(part for column in columns for part in _parts(column))]
    if isinstance(value, pd.Series):
        hashes = pd.util.hash_pandas_object(value, index=False).to_numpy()
        kinds = [type(v).__name__ for v in value] if value.dtype == object else []
        return [str(value.dtype).encode(), hashes.tobytes(), " ".join(kinds).encode()]
    if isinstance(value, BaseModel):
        return [type(value).__name__.encode(), value.model_dump_json().encode()]
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        fields = [getattr(value, f.name) for f in dataclasses.fields(value)]
        return [type(value).__name__.encode(), *_parts(fields)]
    if isinstance(value, Mapping):
        return [b"{", *_parts([part for item in value.items() for part in item])]
    if isinstance(value, AbstractSet):
        return [b"{}", *_parts(sorted(value))]
    if isinstance(value, (list, tuple)):
        own = [value_digest(part) for part in value]
        return [b"[", *(part.encode() for part in own)]
    if value is None or isinstance(value, (str, int, float, pd.Timestamp)):
        return [type(value).__name__.encode(), repr(value).encode()]
    raise TypeError(f"no digest for {type(value).__name__}")
