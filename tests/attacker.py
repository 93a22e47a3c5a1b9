"""An attacker who reads the published tables only, of all territories and editions together.

It knows besides what any reader knows: the questionnaire as it was sent, in which departments the
bailleurs work, which profiles an application has. Its unknowns are whole numbers from zero; what
shows is an equation, what is hidden an interval that integer programmes work out.
"""

import csv
import re
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
from scipy import sparse
from scipy.optimize import Bounds, LinearConstraint, milp

from spls_study.analysis.methods.intervals import estimate

HIDDEN, REGION, NR, FIRST = "s", "region", "NR", "1"
STEPS = ("connectes", "ouverts", "attribues")  # each within the next
MANY = 300  # more than any count
FEW = 3  # units from which a count may show
Row = dict[str, str]
Terms = Sequence[Any]  # unknowns that are added up
Target = tuple[Any, Terms, int]  # name, what it is the sum of, least width


class Edition:
    """The tables of an edition: `tables["16", "reponses"]` are rows of texts."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.tables: dict[tuple[str, str], list[Row]] = {}
        for file in sorted(folder.glob("*/tables/*.csv")):  # interne/ is one level deeper
            with file.open(encoding="utf-8", newline="") as stream:
                self.tables[file.parts[-3], file.stem] = list(csv.DictReader(stream))
        self.places = sorted({place for place, _ in self.tables})

    def rows(self, name: str, **values: str) -> Iterable[tuple[str, Row]]:
        for place in self.places:
            for row in self.tables.get((place, name), []):
                if all(row[c] == v for c, v in values.items()):
                    yield place, row


class System:
    """Equations on whole unknowns."""

    def __init__(self) -> None:
        self.names: dict[Any, int] = {}
        self.facts: dict[tuple[Terms, Terms], tuple[float, float]] = {}
        self.growth: list[tuple[Terms, Terms]] = []
        self.targets: dict[Any, Target] = {}
        self.guesses: set[Any] = set()  # targets that no table has: found out only if few
        self.shown: set[Any] = set()

    def see(self, name: Any, cell: str, terms: Terms, least: int) -> None:
        """A published cell: a fact, or something to find out."""
        if cell == HIDDEN:
            self.targets[name] = (name, terms, least)
            self._row(terms)
        elif cell:
            self.shown.add(name)
            self.fact(terms, float(cell), float(cell))

    def guess(self, name: Any, terms: Terms) -> None:
        """What no table tells, and nobody should work out if it is few units."""
        self.guesses.add(name)
        self.see(name, HIDDEN, terms, 1)

    def fact(self, terms: Terms, low: float, high: float, less: Terms = ()) -> None:
        key = tuple(terms), tuple(less)
        before = self.facts.get(key, (low, high))
        self.facts[key] = max(low, before[0]), min(high, before[1])
        self._row(*key)

    def _row(self, terms: Terms, less: Terms = ()) -> dict[int, int]:
        row: dict[int, int] = {}
        for sign, some in ((1, terms), (-1, less)):
            for term in some:
                place = self.names.setdefault(term, len(self.names))
                row[place] = row.get(place, 0) + sign
        return row

    def _matrix(self, rows: Sequence[dict[int, int]]) -> sparse.csr_array:
        cells = [(i, j, v) for i, row in enumerate(rows) for j, v in row.items()]
        i, j, v = zip(*cells, strict=True) if cells else ((), (), ())
        return sparse.csr_array((v, (i, j)), shape=(len(rows), len(self.names)))

    def attack(self) -> dict[Any, tuple[int, int]]:
        """The intervals that are narrower than they should be; empty when nothing is found.

        Growth that the publications contradict is not supposed.
        """
        rows = [self._row(more, less) for more, less in self.facts]
        grown = [self._row(more, less) for more, less in self.growth]
        aims = self._matrix([self._row(terms) for _, terms, _ in self.targets.values()])
        if not self.targets:
            return {}
        lows, highs = ([ends[k] for ends in self.facts.values()] for k in (0, 1))
        facts, growth = self._matrix(rows), self._matrix(grown)
        if grown:
            slack = sparse.eye_array(len(grown))
            none = sparse.csr_array((len(rows), len(grown)))
            lack = np.concatenate([np.zeros(len(self.names)), np.ones(len(grown))])
            found = milp(
                lack,
                integrality=1,
                bounds=Bounds(0, MANY),
                constraints=[
                    LinearConstraint(sparse.block_array([[facts, none]]), lows, highs),
                    LinearConstraint(sparse.block_array([[growth, slack]]), lb=0),
                ],
            )
            assert found.x is not None, "the published tables contradict one another"
            kept = np.flatnonzero(np.rint(found.x[len(self.names) :]) == 0)
            facts = sparse.vstack([facts, growth[kept]]).tocsr()
            lows, highs = [*lows, *[0] * len(kept)], [*highs, *[MANY] * len(kept)]
        limits = LinearConstraint(facts, lows, highs)
        least = np.array([target[2] for target in self.targets.values()])
        low, high = np.full(len(least), np.inf), np.full(len(least), -np.inf)
        narrow = {}
        for k, target in enumerate(self.targets):
            for sign in (1, -1):
                if high[k] - low[k] >= least[k]:  # worlds already found are proof enough
                    break
                weights = sign * aims[[k]].toarray().ravel()
                found = milp(weights, integrality=1, bounds=Bounds(0, MANY), constraints=limits)
                assert found.x is not None, "the published tables contradict one another"
                here = aims @ np.rint(found.x)
                low, high = np.minimum(low, here), np.maximum(high, here)
            if high[k] - low[k] < least[k] and (target not in self.guesses or 0 < low[k] < FEW):
                narrow[target] = (int(low[k]), int(high[k]))
        return narrow


def questionnaire(
    editions: Sequence[Edition], codebook: Path, patterns: Sequence[str], seuil: int
) -> dict[str, System]:
    """A system for each question or part of a grid, of all territories and editions."""
    book = tomllib.loads(codebook.read_text(encoding="utf-8"))
    found: dict[str, System] = {}
    for question in book["question"]:
        parts = question.get("sous_questions", {}) if question["type"] != "choix_multiple" else {}
        for part in parts or [""]:
            one = System()
            for rank, edition in enumerate(editions):
                _answers(one, rank, edition, book["id"], question, part, patterns, seuil)
            for unknown in list(one.names):
                if unknown[0] and (0, *unknown[1:]) in one.names:
                    one.growth.append(([(1, *unknown[1:])], [(0, *unknown[1:])]))
            found[f"{question['code']}{part and '_' + part}"] = one
    return found


def _answers(
    one: System,
    rank: int,
    edition: Edition,
    book: str,
    question: Mapping[str, Any],
    part: str,
    patterns: Sequence[str],
    seuil: int,
) -> None:
    code, kind = question["code"], question["type"]
    listed = [
        (place, row)
        for place, row in edition.rows("reponses", questionnaire=book, question=code)
        if (row["sous_question"] in ("", FIRST) if kind == "classement" else row["sous_question"] == part)
    ]
    choices = list(dict.fromkeys(row["modalite"] for _, row in listed if row["modalite"] != NR))
    if kind in ("nombre", "date", "texte"):
        choices = []

    def of(place: str, *kinds: str) -> Terms:
        return [(rank, p, k) for p in patterns for k in kinds if place == REGION or place in p.split("|")]

    def width(name: tuple[Any, ...]) -> int:
        """What the last edition showed may be narrower in this one, but not found out."""
        return 1 if rank and (0, *name[1:]) in one.shown else seuil

    for p in patterns:
        ticked = [(rank, p, k) for k in choices]
        if kind == "choix_multiple":
            for box in ticked:
                one.fact([(rank, p, "")], 0, MANY, [box])
        elif choices:
            one.fact(ticked, 0, 0, [(rank, p, "")])
    told = {place: row["repondants"] for place, row in edition.rows("taux_reponse", questionnaire=book, strate="total")}
    for place, row in edition.rows("chiffres_cles", cle=f"reponses_{book}"):
        told[place] = row["valeur"]
    simple = re.fullmatch(r"(\w+) == '(\w+)'", question.get("filtre", ""))
    if simple:
        told = {
            place: row["effectif"]
            for place, row in edition.rows("reponses", questionnaire=book, question=simple[1], modalite=simple[2])
        }
    elif "filtre" in question:
        told = {}
    for place, put in told.items():
        if put != HIDDEN:
            one.fact(of(place, "", NR), float(put), float(put))
    for place, row in listed:
        modality = row["modalite"]
        name = (rank, place, modality)
        if modality == NR:
            if row["effectif"] != HIDDEN:
                one.fact(of(place, NR), float(row["effectif"]), float(row["effectif"]))
            continue
        base = (rank, place, "")
        one.see(base, row["base"], of(place, ""), width(base))
        if modality not in choices:
            continue
        one.see(name, row["effectif"], of(place, modality), width(name))
        for column, whole in (("part", row["base"]), ("borne_min", row["population"])):
            if row[column] not in ("", HIDDEN) and whole not in ("", HIDDEN):
                n = round(float(row[column]) * float(whole))
                one.fact(of(place, modality), n, n)
        limits = [row[c] for c in ("ic_bas", "ic_haut")]
        if row["effectif"] == HIDDEN and set(limits) - {"", HIDDEN}:  # an interval is that of one count
            size, population = int(row["base"]), int(row["population"]) if row["population"] else None
            fits = [n for n in range(size + 1) if np.allclose(estimate(n, size, population)[1:3], np.float64(limits))]
            one.fact(of(place, modality), min(fits), max(fits))
    for place, row in edition.rows("reponses_redressees", questionnaire=book, question=code):
        if row["sous_question"] in (part, FIRST) and HIDDEN not in (row["part_brute"], row["base"]):
            n = round(float(row["part_brute"]) * float(row["base"]))
            one.fact(of(place, row["modalite"]), n, n)


def rates(editions: Sequence[Edition], book: str, groups: Sequence[tuple[str, str]], seuil: int) -> System:
    """Who answered, by stratum; `groups`: departments (`16|17`) and family of the bailleurs, as all know."""
    one = System()
    for rank, edition in enumerate(editions):
        for place, row in edition.rows("taux_reponse", questionnaire=book):
            inside = [
                (places, family)
                for places, family in groups
                if place in (REGION, *places.split("|"))
                and row["strate"].partition("=")[2] in ("", family, *places.split("|"))
            ]
            replied, silent = ([(rank, said, *group) for group in inside] for said in (True, False))
            for column, terms in (("repondants", replied), ("population", [*replied, *silent])):
                name = (rank, column, row["strate"], place)
                if column == "repondants" or not rank:  # the frame that the first edition told is known
                    one.see(name, row[column], terms, 1 if rank else seuil)  # as wide as the totals leave it
            if row["taux"] not in ("", HIDDEN) and row["population"] != HIDDEN:
                n = round(float(row["taux"]) * float(row["population"]))
                one.fact(replied, n, n)
    for unknown in list(one.names):
        if unknown[0] and unknown[1] and (0, *unknown[1:]) in one.names:
            before, now = ([(rank, said, *unknown[2:]) for said in (True, False)] for rank in (0, 1))
            one.fact(now, 0, 0, before)  # the frame stays
            one.growth.append(([unknown], before[:1]))
    return one


def training(editions: Sequence[Edition], seuil: int) -> System:
    """Who came to the sessions, and was satisfied: all of those who came, or of some sessions."""
    one = System()
    for rank, edition in enumerate(editions):
        publics: dict[str, list[Any]] = {}
        judged: set[str] = set()

        def see(cell: str, terms: Terms, *name: str, rank: int = rank) -> None:
            one.see((rank, *name), cell, terms, 1 if rank and (0, *name) in one.shown else seuil)

        for _, row in edition.rows("formations"):
            unknown = (rank, row["territoire"], row["public"])
            publics.setdefault(row["territoire"], []).append(unknown)
            see(row["presents"], [unknown], *unknown[1:])
            if HIDDEN not in (row["part_formes"], row["comptes"]) and row["part_formes"] not in ("", "1.0"):
                n = round(float(row["part_formes"]) * float(row["comptes"]))
                one.fact([unknown], n, n)
        for _, row in edition.rows("satisfaction"):
            place = row["territoire"]
            happy, others, unasked = ((rank, place, None, kind) for kind in ("oui", "non", "sans avis"))
            see(row["presents"], [happy, others], place, "presents")
            see(row["satisfaits"], [happy], place, "satisfaits")
            if place not in judged:
                one.fact([happy, others, unasked], 0, 0, list(dict.fromkeys(publics[place])))
                for each in (happy, others, unasked):
                    one.guess(("part", *each), [each])
            judged.add(place)
    for unknown in list(one.names):
        if unknown[0] and (0, *unknown[1:]) in one.names:
            new = ("nouveaux", *unknown[1:])
            one.fact([unknown], 0, 0, [(0, *unknown[1:]), new])
            one.guess(new, [new])
    return one


def accounts(editions: Sequence[Edition], interfaces: Mapping[str, str], seuil: int) -> System:
    """One system of all that is told of accounts; `interfaces`: profile → interface."""
    one = System()
    days = sorted(
        {
            int(row["jour"])
            for edition in editions
            for name in ("ouverture", "ouverture_interface")
            for _, row in edition.rows(name)
            if row["jour"]
        }
    )
    for rank, edition in enumerate(editions):
        _accounts(one, rank, edition, interfaces, seuil)
        _opening(one, rank, edition, interfaces, days)
    shrink = ("en_cours", "recents", "restants", "sans_suite")
    for unknown in list(one.names):
        if unknown[0] == 1 and (0, *unknown[1:]) in one.names and unknown[1] not in shrink:
            one.growth.append(([unknown], [(0, *unknown[1:])]))
    return one


def _opening(one: System, rank: int, edition: Edition, interfaces: Mapping[str, str], days: Sequence[int]) -> None:
    """The curves: openings by profile, department and step, between the days that any curve tells."""
    places = [*(p for p in edition.places if p != REGION), "ailleurs"]
    profiles = sorted({row["profil"] for _, row in edition.rows("ouverture")})

    def of(place: str, own: Sequence[str], low: int, high: int) -> Terms:
        inside = [d for d in days if low < d <= high]
        return [(rank, "jour", p, k, d) for p in (places if place == REGION else [place]) for k in own for d in inside]

    for name, key in (("ouverture", "profil"), ("ouverture_interface", "interface")):
        done: dict[tuple[str, str], int] = {}
        for place, row in edition.rows(name):
            own = [row[key]] if key == "profil" else [p for p in profiles if interfaces.get(p) == row[key]]
            if row["jour"]:
                before, end = done.get((place, row[key]), 0), int(row["jour"])
                one.fact(of(place, own, before, end), float(row["ouverts"]), float(row["ouverts"]))
                done[place, row[key]] = end
            for d in days if len(own) > 1 or place != REGION else ():
                one.guess((rank, name, place, row[key], d), of(place, own, d - 1, d))
    for place in places:
        for profile in profiles:
            opened = (rank, "ouverts", place, "profil", profile)
            if opened in one.names:  # less those whose delay is not known
                one.fact([opened], 0, MANY, of(place, [profile], 0, max(days, default=0)))


def _accounts(one: System, rank: int, edition: Edition, interfaces: Mapping[str, str], seuil: int) -> None:
    places = [*(p for p in edition.places if p != REGION), "ailleurs"]
    keys: dict[str, set[Any]] = {"profil": set(), "famille": set(), "comprehension": set()}

    def of(measure: str, place: str, *key: Any) -> Terms:
        return [(rank, measure, p, *key) for p in (places if place == REGION else [place])]

    def see(measure: str, place: str, cell: str, *key: Any) -> None:
        name = (measure, place, *key)
        one.see((rank, *name), cell, of(measure, place, *key), 1 if rank and (0, *name) in one.shown else seuil)

    for _, row in edition.rows("comptes_departement"):
        for m in ("demandes", *STEPS):
            see(m, row["departement"], row[m])
    for place, row in edition.rows("chiffres_cles", cle="comptes_ouverts"):
        see("ouverts", place, row["valeur"])
    for by in ("profil", "famille"):
        for place, row in edition.rows(f"comptes_{by}"):
            keys[by].add(row[by])
            for m in ("demandes", *STEPS):
                see(m, place, row[m], by, row[by])
    for place, row in edition.rows("comprehension"):
        key = tuple(row[c] for c in ("fonction", "profil_attendu", "profil_demande", "droits_en_trop"))
        keys["comprehension"].add(key)
        see("demandes", place, row["comptes"], "comprehension", key)
    for place in edition.places:  # a row that is not there is nobody
        there = {
            tuple(row[c] for c in ("fonction", "profil_attendu", "profil_demande", "droits_en_trop"))
            for row in edition.tables.get((place, "comprehension"), [])
        }
        for key in keys["comprehension"] - there:
            one.fact(of("demandes", place, "comprehension", key), 0, 0)
    for place, row in edition.rows("comptes_suivis"):
        see(row["mesure"], place, row["comptes"])
    for _, row in edition.rows("formations"):
        if row["territoire"] in places and row["public"] in keys["profil"]:
            see("ouverts", row["territoire"], row["comptes"], "profil", row["public"])
    for place, row in edition.rows("delais_ouverture"):
        see("en_cours", place, row["comptes"], "profil", row["profil"])
        if row["profil"] in keys["profil"]:
            see("ouverts", place, row["ouverts"], "profil", row["profil"])
    for place in edition.places:  # a row that is not there is nobody
        there = {row["profil"] for row in edition.tables.get((place, "delais_ouverture"), [])}
        for profile in sorted(keys["profil"] - there):
            one.fact(of("en_cours", place, "profil", profile), 0, 0)
    for place, row in edition.rows("delais_ouverture_interface"):
        own = [p for p, i in interfaces.items() if i == row["interface"] and p in keys["profil"]]
        if own and row["ouverts"] != HIDDEN:
            one.fact(
                [t for p in own for t in of("ouverts", place, "profil", p)],
                float(row["ouverts"]),
                float(row["ouverts"]),
            )
    for place in places:
        live, opened, left, recent = ((rank, m, place) for m in ("en_cours", "ouverts", "restants", "recents"))
        one.fact([live], 0, 0, [opened, left])
        one.fact([opened], 0, MANY, [recent])
        asked = {k: (rank, "demandes", place, "comprehension", k) for k in sorted(keys["comprehension"])}
        for measure, kept in (
            ("jugees", [t for k, t in asked.items() if k[1]]),
            ("justes", [t for k, t in asked.items() if k[1] == k[2]]),
            ("trop_larges", [t for k, t in asked.items() if k[3]]),
        ):
            one.fact(kept, 0, 0, [(rank, measure, place)])
        for by, some in keys.items():
            for m in ("demandes", *STEPS) if by != "comprehension" else ():
                one.fact([(rank, m, place, by, k) for k in sorted(some)], 0, 0, [(rank, m, place)])
        for profile in keys["profil"]:
            own = [
                (rank, "demandes", place, "comprehension", k) for k in sorted(keys["comprehension"]) if k[2] == profile
            ]
            one.fact(own, 0, 0, [(rank, "demandes", place, "profil", profile)])
            one.fact(
                [(rank, "en_cours", place, "profil", profile)], 0, MANY, [(rank, "attribues", place, "profil", profile)]
            )
        for key in [(), *((by, k) for by in ("profil", "famille") for k in sorted(keys[by]))]:
            for inner, outer in pairwise(STEPS):
                one.fact([(rank, outer, place, *key)], 0, MANY, [(rank, inner, place, *key)])
