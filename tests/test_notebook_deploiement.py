"""Notebook 5 where nothing was received: its tables are there all the same."""

import pytest
from running import displayed, tables

from spls_study.study import Study
from spls_study.tables import TABLES, empty

CONTRACT = {  # design.md §4
    "calendrier": "id etape libelle type debut_prevu fin_prevue debut_reel fin_reelle retard_jours critique",
    "jalons": "id libelle prevu reel_ou_estime ecart_jours",
    "charte": "clause theme accords reserves refus en_attente statut",
    "formations": "territoire public sessions places presents comptes part_formes",
    "points_discussion": "id theme point statut age_jours responsable echeance en_retard",
    "gouvernance": "instance organisme famille presences reunions",
}


@pytest.mark.parametrize("territoire", ["17", "region"])
def test_the_tables_are_written_with_their_header_alone(study: Study, territoire: str) -> None:
    study.processed.mkdir(parents=True)
    for name in TABLES:
        empty(name).to_parquet(study.processed / f"{name}.parquet")
    found = tables(displayed("5_deploiement", study.file, territoire))
    for name, columns in CONTRACT.items():
        assert found[name]["columns"][: len(columns.split())] == columns.split()
        assert found[name]["data"] == []
