"""Notebook 3 on campaigns that have not begun, are over, or are ordinary."""

import re

import pandas as pd
import pytest
from running import readable, reported, seen, tables, title, words
from samples import PROFILS, comptes, typed

BODIES = typed(
    "id nom role famille departements",
    "B1 Office~Un bailleur OPH 17 | B2 Office~Deux bailleur ESH 16|17 | DD017 DDTM~17 gestionnaire DDTM 17",
)
OPEN = {"profil_attribue": "Saisie", "date_ouverture": "2014-06-20"}
DIRECTOR = {"fonction": "Directeur"}
CASES = {
    "nothing received": [],
    "nothing opened": [{}] * 6,
    "everything opened": [OPEN] * 6,
    "one account": [OPEN],
    "only refusals": [{"statut": "refusé"}] * 5,
    "only invitations": [{"profil_demande": None, "date_demande": None, "date_invitation": "2014-06-02"}] * 5,
    "ordinary": [OPEN] * 7
    + [DIRECTOR] * 4
    + [{"departement": "16"}] * 5
    + [{"profil_demande": "Instruction", "fonction": "Instructeur", "organisme": "DD017"}] * 4,
}


def shown(study, rows, territoire="region", profils=PROFILS):
    given = {"comptes": comptes(*rows), "profils": profils, "organismes": BODIES}
    return reported(study, "3_ouverture_des_droits", given, territoire)


@pytest.mark.parametrize("name", CASES)
def test_any_campaign_gives_its_tables_and_a_readable_report(name, study):
    blocks = shown(study, CASES[name])
    found, told = readable(blocks, "3"), [*words(blocks)]
    titles = [b.content["titre"] for b in blocks if b.kind == "graphique"]
    assert all(block.text.strip() for block in blocks)
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
    assert seen(blocks, "etat_organismes") == [
        "Office Deux | ESH, 16 17 | – | aucun accès",
        "Office Un | OPH, 17 | 3 jamais utilisés | ne peut pas transmettre",
        "DDTM 17 | DDTM, 17 | 1 jamais utilisé | ne peut pas programmer",
    ]
    lead = "1 bailleur n'a aucun accès, sans demande en cours\u202f; 1 bailleur a un compte ouvert sans"
    assert any(w.startswith(lead) for w in words(blocks))


def test_counts_are_whole_and_a_territory_only_counts_its_own_under_a_title_that_is_its_result(study):
    rows = [OPEN] * 9 + [OPEN | {"departement": "16"}]
    blocks = {place: shown(study, rows, place) for place in ("16", "17", "region")}
    found = {place: tables(own)["comptes_profil"]["data"][1] for place, own in blocks.items()}
    assert found == {place: ["Saisie", n, n, n, 0] for place, n in {"16": 1, "17": 9, "region": 10}.items()}
    result = "1 bailleur sur 2 peut entrer dans SPLS, aucun ne peut transmettre"
    assert title(blocks["17"]) == f"Droits en Charente-Maritime : {result}"


@pytest.mark.parametrize(
    ("rows", "legend", "lines"),
    [
        (
            [{"profil_demande": "Lecture"}, DIRECTOR, {"fonction": "Instructeur"}, OPEN],
            "1 demande sur 4 va au-delà de la fonction, d'abord Directeur → Saisie",
            ["Directeur | – | 1 large", "Chargé d'opérations | 1 autre | 1", "Comptes ouverts | 0 | 1"],
        ),
        (
            [DIRECTOR, DIRECTOR | {"profil_demande": "Instruction"}],
            "2 demandes sur 2 vont au-delà de la fonction, d'abord Directeur → Instruction et Directeur → Saisie",
            ["Directeur | 1 large | 1 large"],
        ),
    ],
)
def test_what_is_too_broad_is_marked_in_the_matrix_and_ties_are_said(study, rows, legend, lines):
    blocks = shown(study, rows)
    assert next(b.content["legende"] for b in blocks if "comprehension" in tables([b])) == legend
    assert {*lines} <= {*seen(blocks, "comprehension")}


def test_the_campaign_needs_no_deadline(study):
    text = study.file.read_text(encoding="utf-8")
    study.file.write_text(re.sub(r"\[campagne\]\n.*\n.*\n", "", text), encoding="utf-8")
    blocks = shown(study, CASES["ordinary"], profils=PROFILS.iloc[:0])
    assert readable(blocks, "3")["comptes_profil"]["data"]
