"""Notebook 3 on campaigns that have not begun, are over, or are ordinary."""

import re
from pathlib import Path

import pandas as pd
import pytest
from accounts import PROFILS, comptes, frame
from running import displayed, tables, words

from spls_study.show.blocks import Block
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
            assert len(block.content["titre"].split()) <= 12
            assert len(block.content["alternative"]) <= 150
        assert "<b>" not in block.html().replace("<br>", "")


def test_nothing_opened_says_so_and_draws_no_curve(study: Study) -> None:
    blocks = shown(study, CASES["nothing opened"])
    assert tables(blocks)["ouverture"]["data"] == []
    assert "Aucun compte n'est encore ouvert" in [b.content.get("titre") for b in blocks]
    assert any("Il reste 6 comptes à ouvrir sur 6" in w for w in words(blocks))


def test_everything_opened_says_so(study: Study) -> None:
    blocks = shown(study, CASES["everything opened"])
    assert "Toutes les demandes en cours ont un compte ouvert" in [b.content.get("titre") for b in blocks]
    assert any("sont tous ouverts" in w for w in words(blocks))
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
    (board,) = [b for b in blocks if "etat_organismes" in tables([b])]
    assert [(line[0], *line[3:]) for line in board.content["lignes"]] == [
        ("Office Deux", "0", "0", "0", "0", "aucun accès"),
        ("Office Un", "0", "3", "0", "0", "ne peut pas transmettre"),
        ("DDTM 17", "0", "1", "0", "0", "ne peut pas programmer"),
    ]
    said = "0 bailleur sur 2 peut transmettre, 1 a un compte ouvert sans pouvoir transmettre et 1 n'a aucun accès."
    assert said in words(blocks)


def test_counts_are_whole_and_a_territory_only_counts_its_own(study: Study) -> None:
    rows = [OPEN] * 9 + [OPEN | {"departement": "16"}]
    found = {
        place: {r[0]: r[1:] for r in tables(shown(study, rows, place))["comptes_profil"]["data"]}["Saisie"]
        for place in ("16", "17", "region")
    }
    assert found == {"16": [1, 1, 1, 0], "17": [9, 9, 9, 0], "region": [10, 10, 10, 0]}


def test_nobody_asked_for_a_profile_is_said_only_when_it_is_true(study: Study) -> None:
    def captions(rows: list[dict[str, object]]) -> list[str]:
        return [b.content["legende"] for b in shown(study, rows) if "comptes_profil" in tables([b])]

    assert captions(CASES["only invitations"]) == ["Personne n'a encore demandé de profil dans la région"]
    assert captions([{}]) == ["«\u00a0Saisie\u00a0» est le profil le plus demandé (1 demande)"]
    assert captions([{}, {"profil_demande": "Lecture"}])[0].startswith(
        "«\u00a0Lecture\u00a0» et «\u00a0Saisie\u00a0» sont"
    )


def test_the_most_frequent_confusion_says_ties(study: Study) -> None:
    wrong = [{"profil_demande": "Lecture"}, {"fonction": "Directeur"}]
    titles = [b.content.get("titre") for b in shown(study, wrong)]
    assert "2 confusions en tête, ex aequo (1 demande chacune)" in titles
    titles = [b.content.get("titre") for b in shown(study, [wrong[0], *wrong])]
    assert "Chargé d'opérations\u00a0: Lecture au lieu de Saisie" in titles


def test_the_campaign_needs_no_deadline(study: Study, tmp_path: Path) -> None:
    text = study.file.read_text(encoding="utf-8")
    study.file.write_text(re.sub(r"\[campagne\]\n.*\n.*\n", "", text), encoding="utf-8")
    blocks = shown(study, CASES["ordinary"], profils=PROFILS.iloc[:0])
    assert not any("Pour finir le" in w for w in words(blocks))
    assert isinstance(tables(blocks)["comptes_profil"]["data"], list) and pd.notna(len(blocks))
