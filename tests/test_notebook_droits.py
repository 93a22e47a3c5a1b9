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


def shown(study: Study, rows: list[dict[str, object]], territoire: str = "region", profils: bool = True) -> list[Block]:
    study.processed.mkdir(parents=True, exist_ok=True)
    comptes(*rows).to_parquet(study.processed / "comptes.parquet")
    (PROFILS if profils else PROFILS.iloc[:0]).to_parquet(study.processed / "profils.parquet")
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
    assert "Tous les comptes demandés sont ouverts" in [b.content.get("titre") for b in blocks]
    assert any("sont tous ouverts" in w for w in words(blocks))
    assert tables(blocks)["ouverture"]["data"] == [["Saisie", 14, 6, 6, 0.0]]


def test_a_profile_that_nobody_asked_for_is_named(study: Study) -> None:
    assert any("«\u00a0Audit\u00a0»" in w for w in words(shown(study, CASES["ordinary"])))


def test_who_is_to_be_chased_is_only_in_internal_blocks(study: Study) -> None:
    blocks = shown(study, CASES["ordinary"])
    inside = [b for b in blocks if b.internal]
    assert {"relances", "organismes_sans_compte"} <= set(tables(inside))
    assert tables(inside)["relances"]["columns"] == ["organisme", "profil", "demandes_en_attente", "jours_attente"]
    assert tables(inside)["organismes_sans_compte"]["data"] == [["B2", "bailleur", "ESH"]]
    public = " ".join(words([b for b in blocks if not b.internal]))
    assert "Office" not in public and "B2" not in public and "C1" not in public


def test_a_territory_only_counts_its_own_and_hides_what_the_region_would_tell(study: Study) -> None:
    rows = [OPEN] * 9 + [OPEN | {"departement": "16"}]
    local = {r[0]: r[1:] for r in tables(shown(study, rows, "16"))["comptes_profil"]["data"]}
    region = {r[0]: r[1:] for r in tables(shown(study, rows, "region"))["comptes_profil"]["data"]}
    other = {r[0]: r[1:] for r in tables(shown(study, rows, "17"))["comptes_profil"]["data"]}
    assert local["Saisie"][0] == "s"
    assert "s" in (region["Saisie"][0], other["Saisie"][0])


def test_the_campaign_needs_no_deadline(study: Study, tmp_path: Path) -> None:
    text = study.file.read_text(encoding="utf-8")
    study.file.write_text(re.sub(r"\[campagne\]\n.*\n.*\n", "", text), encoding="utf-8")
    blocks = shown(study, CASES["ordinary"], profils=False)
    assert not any("Pour finir le" in w for w in words(blocks))
    assert isinstance(tables(blocks)["comptes_profil"]["data"], list) and pd.notna(len(blocks))
