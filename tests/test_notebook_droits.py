"""Notebook 3 on campaigns that have not begun, are over, or are ordinary."""

import re

import pandas as pd
import pytest
from running import displayed, readable, tables, words
from samples import PROFILS, comptes, frame

from notebook_reports.blocks import DOCUMENT

BODIES = frame(
    "organismes",
    [
        {"id": "B1", "nom": "Office Un", "role": "bailleur", "famille": "OPH", "departements": "17"},
        {"id": "B2", "nom": "Office Deux", "role": "bailleur", "famille": "ESH", "departements": "16|17"},
        {"id": "DD017", "nom": "DDTM 17", "role": "gestionnaire", "famille": "DDTM", "departements": "17"},
    ],
)
OPEN = {"profil_attribue": "Saisie", "date_ouverture": "2014-06-20"}
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
}


def shown(study, rows, territoire="region", profils=PROFILS):
    study.processed.mkdir(parents=True, exist_ok=True)
    comptes(*rows).to_parquet(study.processed / "comptes.parquet")
    profils.to_parquet(study.processed / "profils.parquet")
    BODIES.to_parquet(study.processed / "organismes.parquet")
    return displayed("3_ouverture_des_droits", study.file, territoire)


def said(cell):
    """What a cell says, its signs in words."""
    return cell if isinstance(cell, str) else cell["texte"]


@pytest.mark.parametrize("name", CASES)
def test_any_campaign_gives_its_tables_and_a_readable_report(name, study):
    blocks = shown(study, CASES[name])
    found = readable(blocks, "3")
    assert all(block.text.strip() for block in blocks)
    titles = [b.content["titre"] for b in blocks if b.kind == "graphique"]
    told = [*words(blocks)]
    if name == "nothing opened":
        assert found["ouverture"]["data"] == [] and not titles
        assert "Aucun compte n'est encore ouvert\u00a0: il n'y a ni rythme ni délai à mesurer." in told
        assert any("6 comptes restent à ouvrir, et aucun ne l'a été depuis quatre semaines" in w for w in told)
    if name == "everything opened":
        assert "Plus aucun compte ne reste à ouvrir sur 6" in titles
        assert found["ouverture"]["data"] == [["Saisie", 10, 6, 6, 0.0]]
    if name == "ordinary":
        assert any("«\u00a0Audit\u00a0»" in w for w in told)  # a profile that nobody asked for
        inside, outside = ([b for b in blocks if b.internal is kept] for kept in (True, False))
        chased = ["organisme", "profil", "demandes_en_attente", "jours_attente"]
        assert tables(inside)["relances"]["columns"] == chased
        assert "relances" not in tables(outside) and "C1" not in " ".join(words(outside))


def test_each_organisme_is_shown_with_what_it_can_do(study):
    validation = PROFILS.iloc[[1]].assign(profil="Validation", droits="transmettre", alias=None)
    blocks = shown(study, [OPEN] * 3 + [OPEN | {"organisme": "DD017"}], profils=pd.concat([PROFILS, validation]))
    boards = [b for b in blocks if "etat_organismes" in tables([b])]
    assert [[said(cell) for cell in line] for b in boards for line in b.content["lignes"]] == [
        ["Office Deux", "ESH, 16 17", "–", "aucun accès"],
        ["Office Un", "OPH, 17", "3 jamais utilisés", "ne peut pas transmettre"],
        ["DDTM 17", "DDTM, 17", "1 jamais utilisé", "ne peut pas programmer"],
    ]
    lead = "1 bailleur n'a aucun accès, sans demande en cours\u202f; 1 bailleur a un compte ouvert sans"
    assert any(w.startswith(lead) for w in words(blocks))


def test_counts_are_whole_and_a_territory_only_counts_its_own_under_a_title_that_is_its_result(study):
    rows, found = [OPEN] * 9 + [OPEN | {"departement": "16"}], {}
    for place in ("16", "17", "region"):
        blocks = shown(study, rows, place)
        found[place] = {r[0]: r[1:] for r in tables(blocks)["comptes_profil"]["data"]}["Saisie"]
        [head] = [b.extra[DOCUMENT]["titre"] for b in blocks if b.kind == "entete"]
        if place == "17":
            result = "1 bailleur sur 2 peut entrer dans SPLS, aucun ne peut transmettre"
            assert head == f"Droits en Charente-Maritime\u00a0: {result}"
    assert found == {"16": [1, 1, 1, 0], "17": [9, 9, 9, 0], "region": [10, 10, 10, 0]}


def test_what_is_too_broad_is_marked_in_the_matrix_and_ties_are_said(study):
    def matrix(*rows):
        return next(b.content for b in shown(study, rows) if "comprehension" in tables([b]))

    found = matrix({"profil_demande": "Lecture"}, {"fonction": "Directeur"}, {"fonction": "Instructeur"}, OPEN)
    assert found["legende"] == "1 demande sur 4 va au-delà de la fonction, d'abord Directeur → Saisie"
    cells = {line[0]: [said(cell) for cell in line[1:]] for line in found["lignes"]}
    assert cells["Directeur"] == ["–", "1 large"] and cells["Chargé d'opérations"] == ["1 autre", "1"]
    assert cells["Comptes ouverts"] == ["0", "1"]
    tied = matrix({"fonction": "Directeur"}, {"fonction": "Directeur", "profil_demande": "Instruction"})
    assert tied["legende"].endswith("d'abord Directeur → Instruction et Directeur → Saisie")


def test_the_campaign_needs_no_deadline(study):
    text = study.file.read_text(encoding="utf-8")
    study.file.write_text(re.sub(r"\[campagne\]\n.*\n.*\n", "", text), encoding="utf-8")
    blocks = shown(study, CASES["ordinary"], profils=PROFILS.iloc[:0])
    assert readable(blocks, "3")["comptes_profil"]["data"]
