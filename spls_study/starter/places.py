"""Departments and regions of open reference data, and the State's service that programmes there."""

import csv
from collections.abc import Iterable
from functools import cache
from typing import NamedTuple

from notebook_reports.errors import UsageError
from notebook_reports.french import quoted

from ..study import REFERENCE


class Place(NamedTuple):
    """A department; `service` is DDT, DDTM (sea), DEAL (overseas) or DRIHL (Paris and around)."""

    code: str
    nom: str
    region: str
    nom_region: str
    service: str

    @property
    def id(self) -> str:
        """The service as the numbers of its operations bear it."""
        return f"DD{self.code.zfill(3)}"

    @property
    def gestionnaire(self) -> str:
        return f"{self.service} {self.code}"


@cache
def places() -> tuple[Place, ...]:
    """The 101 departments, by code."""
    with (REFERENCE / "departements.csv").open(encoding="utf-8", newline="") as stream:
        return tuple(Place(*(row[field] for field in Place._fields)) for row in csv.DictReader(stream))


def of_region(code: str) -> tuple[Place, ...]:
    """
    Raises
    ------
    UsageError
        When no region has this INSEE code; the sentence names them all.
    """
    if found := tuple(p for p in places() if p.region == code.strip().zfill(2)):
        return found
    known = ", ".join(sorted({f"{p.region} {p.nom_region}" for p in places()}))
    raise UsageError(f"Région inconnue\u00a0: {quoted(code)}. Codes INSEE\u00a0: {known}.")


def of_codes(codes: Iterable[str]) -> tuple[Place, ...]:
    """
    Raises
    ------
    UsageError
        For a code that no department has.
    """
    asked = {code.strip().upper().zfill(2) for code in codes}
    if unknown := sorted(asked - {p.code for p in places()}):
        raise UsageError(
            f"Département inconnu\u00a0: {', '.join(unknown)}. Codes attendus\u00a0: "
            "01 à 95, 2A, 2B, 971 à 974 et 976, séparés par des virgules."
        )
    return tuple(p for p in places() if p.code in asked)
