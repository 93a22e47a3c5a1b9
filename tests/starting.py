"""A new study filled through its own templates, as an analyst would."""

import csv
import re
from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
from typer.testing import CliRunner

from demo.organismes import with_key
from spls_study.cli import app
from spls_study.codebook import Codebook
from spls_study.columns import columns
from spls_study.questionnaires import load_codebooks
from spls_study.study import REFERENCE, Study, load_study

DATES = {
    "edition": "2014-07-10",
    "extraction": "2014-07-01",
    "date": "2014-07-10",
    "annees": "[2011, 2014]",
    "annee_reference": "2013",
}
BAILLEURS = 4  # in each department
DWELLINGS = {"PLUS": 12, "PLAI": 5, "PLS": 30}  # of each operation


def run(*arguments: str) -> str:
    """What a command that succeeds prints."""
    done = CliRunner().invoke(app, list(arguments))
    assert done.exit_code == 0, done.output
    return done.output


def started(folder: Path, *arguments: str) -> Study:
    """A new study, with the dates of the tests."""
    run("new", str(folder), *arguments)
    file = folder / "study.toml"
    text = file.read_text(encoding="utf-8")
    for key, value in DATES.items():
        text = re.sub(rf"^{key} = (\[.*?\]|\S+)", f"{key} = {value}", text, flags=re.M)
    file.write_text(text, encoding="utf-8")
    return load_study(file)


def fill(study: Study) -> None:
    """A few plausible rows in each template, then some answers in each form."""
    for table, rows in _tables(study).items():
        file = study.raw / f"{table}.xlsx"
        book = openpyxl.load_workbook(file)
        header = [cell.value for cell in book[table][1]]
        for number, row in enumerate(rows, 2):
            for column, value in row.items():
                book[table].cell(number, header.index(column) + 1, value)
        book.save(file)
    run("check", "--study", str(study.file))
    run("forms", "--study", str(study.file))
    for codebook in load_codebooks(study).values():
        asked = _bailleurs(study) if codebook.id == "bailleurs" else _services(study)
        for rank, (_, name, *_) in enumerate(asked):
            _answer(study, codebook, name, rank)


def _answer(study: Study, codebook: Codebook, name: str, rank: int) -> None:
    book = openpyxl.load_workbook(study.root / "formulaires" / codebook.id / f"{codebook.id}.xlsx")
    place = {row[0].value: row[2] for row in book.active.iter_rows() if row[0].value}
    place[codebook.repondant].value = name
    for column in columns(codebook):
        choices = tuple(column.question.choices.values())
        if column.entry == "choix":
            place[column.header].value = choices[rank % len(choices)]
    file = study.raw / "questionnaires" / codebook.id / f"{rank}.xlsx"
    file.parent.mkdir(exist_ok=True)
    book.save(file)


def _services(study: Study) -> list[tuple[str, str, str]]:
    return [(g.id, g.nom, g.departement) for g in study.gestionnaires]


def _bailleurs(study: Study) -> list[tuple[str, str, str, str]]:
    return [
        (f"B{code}-{i}", f"Bailleur fictif {code}-{i}", code, with_key(f"000{60_000 + BAILLEURS * rank + i:05d}"))
        for rank, code in enumerate(study.departements)
        for i in range(BAILLEURS)
    ]


def _communes() -> dict[str, str]:
    with (REFERENCE / "communes.csv").open(encoding="utf-8", newline="") as stream:
        return {r["departement"]: r["nom"] for r in csv.DictReader(stream)}


def _operations(study: Study) -> Iterator[dict[str, Any]]:
    communes = _communes()
    for rank, (_, nom, code, siren) in enumerate(_bailleurs(study)):
        service = next(g for g in study.gestionnaires if g.departement == code)
        for year in (2012, 2013):
            for product, dwellings in DWELLINGS.items():
                yield {
                    "numero_operation": f"{year}{service.id}{rank * 10 + len(product):04d}",
                    "annee_programmation": year,
                    "departement": code,
                    "gestionnaire": service.nom,
                    "commune": communes[code],
                    "moa_siret": with_key(f"{siren}0001"),
                    "moa_nom": nom,
                    "produit": product,
                    "nb_logements": dwellings,
                    "nature_logement": "Logements ordinaires",
                    "type_habitat": "collectif",
                    "type_beneficiaire": "Personnes âgées" if product == "PLS" else "Ménages",
                    "date_depot": date(year, 3, 1 + rank % 20),
                    "date_programmation": date(year, 5, 1 + rank % 20),
                    "date_agrement": date(year, 10 + rank % 3, 3),
                    "statut": "Agréée",
                }


def _tables(study: Study) -> dict[str, list[dict[str, Any]]]:
    services, owners, name = _services(study), _bailleurs(study), study.etude.application
    operations = list(_operations(study))
    steps = ("Recenser les opérations", "Déposer la demande", "Instruire", "Arbitrer")
    days = [date(2014, 2, 3), date(2014, 3, 3), date(2014, 4, 1), date(2014, 5, 2)]
    return {
        "programmation": operations,
        "rapprochement": [operations[0] | {"nb_logements": 13}, *operations[2:]],
        "organismes": [
            *(
                {"id": i, "nom": nom, "role": "gestionnaire", "famille": nom.split()[0], "departements": code}
                for i, nom, code in services
            ),
            *(
                {
                    "id": i,
                    "nom": nom,
                    "role": "bailleur",
                    "famille": "OPH",
                    "departements": code,
                    "siren": siren,
                    "nb_logements": 1000,
                }
                for i, nom, code, siren in owners
            ),
        ],
        "profils": [
            {"profil": p, "libelle": p, "interface": name, "droits": rights, "fonctions": job}
            for p, rights, job in _profiles()
        ],
        "comptes": [
            {
                "compte": f"C{rank:03d}",
                "organisme": i,
                "departement": code,
                "fonction": _profiles()[rank % 2][2],
                "profil_demande": _profiles()[rank % 2][0],
                "date_invitation": date(2014, 6, 2),
                "date_demande": date(2014, 6, 3 + rank % 9),
                "date_ouverture": date(2014, 6, 14 + rank % 9) if rank % 4 else None,
            }
            for rank, (i, _, code, _) in enumerate(owners)
        ],
        "processus": [
            {
                "gestionnaire": nom,
                "ordre": order,
                "etape": step,
                "acteur": "Gestionnaire",
                "support": "tableur",
                "date_debut": day,
                "date_fin": day.replace(day=20),
                "ressaisie": "oui" if order == 2 else "non",
            }
            for _, nom, _ in services
            for order, (step, day) in enumerate(zip(steps, days, strict=True), 1)
        ],
        "etapes_spls": [
            {"etape": step, "ordre": order, "couverture": covered, "acteur_cible": "Bailleur"}
            for order, (step, covered) in enumerate(
                zip(steps, ("hors SPLS", "couvert", "à adapter", "couvert"), strict=True), 1
            )
        ],
        "calendrier": [
            {
                "id": i,
                "etape": "Diagnostic",
                "libelle": what,
                "type": kind,
                "debut_prevu": start,
                "fin_prevue": end,
                "debut_reel": start if i == "T1" else None,
                "responsable": "DREAL",
            }
            for i, what, kind, start, end in (
                ("T1", "Enquêter", "tâche", date(2014, 4, 1), date(2014, 6, 30)),
                ("J1", "Comité de pilotage", "jalon", date(2014, 7, 10), date(2014, 7, 10)),
                ("J2", f"Mise en service de {name}", "jalon", date(2014, 12, 10), None),
            )
        ],
        "charte": [
            {
                "clause": clause,
                "theme": "Dépôt",
                "organisme": i,
                "position": position,
                "texte": "Une demande complète",
                "date": date(2014, 6, 12),
            }
            for clause, position in (("C1", "accord"), ("C2", "réserve"))
            for i, _, _ in services
        ],
        "formations": [
            {
                "id": f"F{code}",
                "date": date(2014, 6, 16),
                "territoire": code,
                "public": "Saisie bailleur",
                "places": 15,
                "inscrits": 12,
                "presents": 10,
                "satisfaction": 0.8,
            }
            for _, _, code in services
        ],
        "points_discussion": [
            {
                "id": "P1",
                "date": date(2014, 6, 12),
                "theme": "Droits",
                "responsable": "DREAL",
                "point": "Qui ouvre les comptes ?",
                "echeance": date(2014, 6, 30),
            }
        ],
        "gouvernance": [{"instance": "COPIL", "organisme": i, "presences": "2014-06-12"} for i, _, _ in services],
    }


def _profiles() -> Sequence[tuple[str, str, str]]:
    return (
        ("Saisie bailleur", "consulter|saisir", "Chargé d'opérations"),
        ("Lecture bailleur", "consulter", "Directeur"),
    )
