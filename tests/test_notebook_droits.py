"""Notebook 3 on campaigns that have not begun, are over, or are ordinary."""

import re
from pathlib import Path

import pandas as pd
import pytest
from running import displayed, tables, words
from samples import PROFILS, comptes, frame

from notebook_reports.blocks import DOCUMENT, Block
from spls_study.study import Study

CONTRACT = {  # design.md §4
    "ouverture": "profil jour a_risque ouverts survie",
    "comptes_profil": "profil demandes attribues ouverts connectes",
    "comprehension": "fonction profil_attendu profil_demande comptes",
    "etat_organismes": "organisme nom role famille departements profil utilises ouverts en_attente refuses etat",
    "besoins_profils": "questionnaire profil besoin demandes ouverts utilises",
}
BODIES = frame(
    "organismes",
    [
        {"id": "B1", "nom": "Office Un", "role": "bailleur", "famille": "OPH", "departements": "17"},
        {"id": "B2", "nom": "Office Deux", "role": "bailleur", "famille": "ESH", "departements": "16|17"},
        {"id": "DD017", "nom": "DDTM 17", "role": "gestionnaire", "famille": "DDTM", "departements": "17"},
    ],
)
OPEN = {"profil_attribue": "Saisie", "date_ouverture": "2014-06-20"}
HOSTILE = "<b>$x$</b> #import"
CASES = {
    "nothing received": [],
    "nothing opened": [{}] * 6,
    "everything opened": [OPEN] * 6,
    "one account": [OPEN],
    "only refusals": [{"statut": "refusé"}] * 5,
    "only invitations": [{"profil_demande": None, "date_demande": None, "date_invitation": "2014-06-02"}] * 5,
    "ordinary": [OPEN] * 7
    + [{"fonction": "Directeur"}] * 4
    + [{"departement": "16"}] * 5
    + [{"profil_demande": "Instruction", "fonction": "Instructeur", "organisme": "DD017"}] * 4,
    "hostile": [OPEN | {"fonction": HOSTILE, "profil_demande": HOSTILE, "organisme": HOSTILE}] * 5,
}


def shown(
    study: Study, rows: list[dict[str, object]], territoire: str = "region", profils: pd.DataFrame = PROFILS
) -> list[Block]:
    study.processed.mkdir(parents=True, exist_ok=True)
    comptes(*rows).to_parquet(study.processed / "comptes.parquet")
    profils.to_parquet(study.processed / "profils.parquet")
    BODIES.to_parquet(study.processed / "organismes.parquet")
    return displayed("3_ouverture_des_droits", study.file, territoire)


@pytest.mark.parametrize("name", CASES)
def test_any_campaign_gives_its_tables_and_a_readable_report(name: str, study: Study) -> None:
    blocks = shown(study, CASES[name])
    found = tables(blocks)
    for table, columns in CONTRACT.items():
        wanted = columns.split()
        assert found[table]["columns"][: len(wanted)] == wanted
    for block in blocks:
        assert block.text.strip() and not re.search(r"\bnan\b|None|<NA>|NaT", block.text), block.text
        if block.kind == "graphique":
            assert len(block.content["alternative"]) <= 150
        assert "<b>" not in block.html().replace("<br>", "")


def titles(blocks: list[Block]) -> list[str]:
    return [b.content["titre"] for b in blocks if b.kind == "graphique"]


def test_nothing_opened_says_so_and_draws_no_curve(study: Study) -> None:
    blocks = shown(study, CASES["nothing opened"])
    assert tables(blocks)["ouverture"]["data"] == [] and not titles(blocks)
    assert "Aucun compte n'est encore ouvert\u00a0: il n'y a ni rythme ni délai à mesurer." in words(blocks)
    assert any("6 comptes restent à ouvrir, et aucun ne l'a été depuis quatre semaines" in w for w in words(blocks))


def test_everything_opened_says_so(study: Study) -> None:
    blocks = shown(study, CASES["everything opened"])
    assert "Plus aucun compte ne reste à ouvrir sur 6" in titles(blocks)
    assert tables(blocks)["ouverture"]["data"] == [["Saisie", 10, 6, 6, 0.0]]


def test_a_profile_that_nobody_asked_for_is_named(study: Study) -> None:
    assert any("«\u00a0Audit\u00a0»" in w for w in words(shown(study, CASES["ordinary"])))


def test_who_is_to_be_chased_is_only_in_internal_blocks(study: Study) -> None:
    blocks = shown(study, CASES["ordinary"])
    inside = [b for b in blocks if b.internal]
    assert tables(inside)["relances"]["columns"] == ["organisme", "profil", "demandes_en_attente", "jours_attente"]
    outside = [b for b in blocks if not b.internal]
    assert "relances" not in tables(outside) and "C1" not in " ".join(words(outside))


def test_each_organisme_is_shown_with_what_it_can_do(study: Study) -> None:
    validation = PROFILS.iloc[[1]].assign(profil="Validation", droits="transmettre", alias=None)
    blocks = shown(study, [OPEN] * 3 + [OPEN | {"organisme": "DD017"}], profils=pd.concat([PROFILS, validation]))
    boards = [b for b in blocks if "etat_organismes" in tables([b])]
    assert [[shown_in(cell) for cell in line] for b in boards for line in b.content["lignes"]] == [
        ["Office Deux", "ESH, 16 17", "–", "aucun accès"],
        ["Office Un", "OPH, 17", "3 jamais utilisés", "ne peut pas transmettre"],
        ["DDTM 17", "DDTM, 17", "1 jamais utilisé", "ne peut pas programmer"],
    ]
    said = "1 bailleur n'a aucun accès, sans demande en cours\u202f; 1 bailleur a un compte ouvert sans"
    assert any(w.startswith(said) for w in words(blocks))


def shown_in(cell: str | dict[str, str]) -> str:
    """What a cell says, its signs in words."""
    return cell if isinstance(cell, str) else cell["texte"]


def test_the_title_is_the_result_with_its_territory(study: Study) -> None:
    head = next(b for b in shown(study, [OPEN] * 3, "17") if b.kind == "entete")
    title = "Droits en Charente-Maritime\u00a0: 1 bailleur sur 2 peut entrer dans SPLS, aucun ne peut transmettre"
    assert head.extra[DOCUMENT]["titre"] == title


def test_counts_are_whole_and_a_territory_only_counts_its_own(study: Study) -> None:
    rows = [OPEN] * 9 + [OPEN | {"departement": "16"}]
    found = {
        place: {r[0]: r[1:] for r in tables(shown(study, rows, place))["comptes_profil"]["data"]}["Saisie"]
        for place in ("16", "17", "region")
    }
    assert found == {"16": [1, 1, 1, 0], "17": [9, 9, 9, 0], "region": [10, 10, 10, 0]}


def test_what_is_too_broad_is_marked_in_the_matrix_and_ties_are_said(study: Study) -> None:
    def matrix(rows: list[dict[str, object]]) -> Block:
        return next(b for b in shown(study, rows) if "comprehension" in tables([b]))

    wrong = [{"profil_demande": "Lecture"}, {"fonction": "Directeur"}, {"fonction": "Instructeur"}]
    found = matrix([*wrong, OPEN]).content
    assert found["legende"] == "1 demande sur 4 va au-delà de la fonction, d'abord Directeur → Saisie"
    cells = {line[0]: [shown_in(cell) for cell in line[1:]] for line in found["lignes"]}
    assert cells["Directeur"] == ["–", "1 large"] and cells["Chargé d'opérations"] == ["1 autre", "1"]
    assert cells["Comptes ouverts"] == ["0", "1"]
    tied = matrix([{"fonction": "Directeur"}, {"fonction": "Directeur", "profil_demande": "Instruction"}])
    assert tied.content["legende"].endswith("d'abord Directeur → Instruction et Directeur → Saisie")


def test_the_campaign_needs_no_deadline(study: Study, tmp_path: Path) -> None:
    text = study.file.read_text(encoding="utf-8")
    study.file.write_text(re.sub(r"\[campagne\]\n.*\n.*\n", "", text), encoding="utf-8")
    blocks = shown(study, CASES["ordinary"], profils=PROFILS.iloc[:0])
    assert not any("Pour finir le" in w for w in words(blocks))
    assert isinstance(tables(blocks)["comptes_profil"]["data"], list) and pd.notna(len(blocks))
