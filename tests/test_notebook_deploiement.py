"""Notebook 5 on studies with nothing, with little, with hostile names; what each raw row changes in it."""

import pandas as pd
import pytest
from running import CONTRACT, PLAIN, displayed, readable, tables, words
from samples import frame

from notebook_reports.blocks import DOCUMENT
from spls_study.tables import TABLES

TASK = {"id": "T", "libelle": "Essais", "type": "tâche", "responsable": "CEREMA"}
LATE = TASK | {"debut_prevu": "2014-06-02", "fin_prevue": "2014-06-30", "debut_reel": "2014-06-02"}
GOLIVE = {"id": "J", "libelle": "Mise en service", "type": "jalon", "responsable": "DREAL", "depend_de": "T"}
GOLIVE |= {"debut_prevu": "2014-07-01", "fin_prevue": "2014-07-01"}
ROWS = {
    "organismes": [
        {"id": "DD017", "nom": "DDTM 17", "role": "gestionnaire", "famille": "DDTM", "departements": "17"},
        {"id": "B1", "nom": "Office Un", "role": "bailleur", "famille": "OPH", "departements": "17"},
    ],
    "calendrier": [LATE, GOLIVE],
    "charte": [
        {"clause": "C1", "organisme": "B1", "position": "refus", "texte": "Pièces"},
        {"clause": "C2", "organisme": "DD017", "position": "accord", "texte": "Dates"},
        {"clause": "C2", "organisme": "B1", "position": "accord", "texte": "Dates"},
    ],
    "formations": [
        {"id": "F1", "date": "2014-06-20", "territoire": "17", "public": "Saisie", "places": 8, "inscrits": 5}
        | {"presents": 4},
        {"id": "F2", "date": "2014-09-20", "territoire": "17", "public": "Saisie", "places": 6},
    ],
    "points_discussion": [
        {"id": "P1", "date": "2014-06-01", "point": "Quelles pièces ?", "action": "Écrire", "echeance": "2014-07-01"}
        | {"responsable": "AROSH", "clause": "C1"},
        {"id": "P2", "date": "2014-06-01", "point": "Qui saisit ?", "decision": "Le bailleur", "statut": "clos"},
    ],
    "gouvernance": [
        {"instance": "COPIL", "organisme": "DD017", "presences": "2014-06-01|2014-07-01"},
        {"instance": "COPIL", "organisme": "B1", "presences": "2014-07-01"},
    ],
}


def shown(study, rows, territoire="17"):
    study.processed.mkdir(parents=True, exist_ok=True)
    for name in TABLES:
        frame(name, rows.get(name, [])).to_parquet(study.processed / f"{name}.parquet")
    return displayed("5_deploiement", study.file, territoire)


def said(blocks):
    """All its words, spaces plain."""
    return PLAIN.sub(" ", " | ".join([title(blocks), *words(blocks)]))


def title(blocks):
    return PLAIN.sub(" ", next(b.extra[DOCUMENT]["titre"] for b in blocks if b.kind == "entete"))


def seen(blocks, name):
    """The rows of a table as the page has them."""
    own = next(b for b in blocks if b.kind in ("tableau", "fiche") and name in list(tables([b]))[:1])
    return [[PLAIN.sub(" ", as_text(cell)) for cell in line] for line in own.content["lignes"]]


def as_text(cell):
    if isinstance(cell, list):
        return " ".join(part["texte"] for part in cell)
    return cell if isinstance(cell, str) else cell["texte"]


@pytest.mark.parametrize("territoire", ["17", "region"])
def test_a_study_with_nothing_says_so_once_and_its_tables_have_their_header(study, territoire):
    blocks = shown(study, {}, territoire)
    found = readable(blocks, "5")
    assert all(found[name]["data"] == [] for name in CONTRACT["5"].split())
    assert "aucune donnée de suivi n'a été reçue" in title(blocks).replace("\u2019", "'")
    board = seen(blocks, "tableau_de_bord")
    assert len(board) == 6 and {row[1] for row in board} == {"n.d."} and all(len(row[2]) > 15 for row in board)
    assert not [b for b in blocks if b.kind in ("intertitre", "tableau", "graphique")]
    assert "à l'heure" not in said(blocks) and "tient sa date" not in said(blocks)


CASES = {
    "whole": ROWS,
    "no session, no charter, no point": {n: r for n, r in ROWS.items() if n in ("organismes", "calendrier")},
    "a task and a milestone without date": {"calendrier": [TASK, GOLIVE | {"debut_prevu": None, "fin_prevue": None}]},
    "a task without end": {"calendrier": [TASK | {"debut_prevu": "2014-06-02"}]},
    "all is held": {"calendrier": [LATE | {"fin_reelle": "2014-06-30"}]},
    "points all closed": {"points_discussion": ROWS["points_discussion"][1:]},
    "a point without anything": {"points_discussion": [{"id": "P", "point": "Quoi ?"}]},
    "sessions to come alone": {"formations": ROWS["formations"][1:]},
    "a session without date nor place": {"formations": [{"id": "F"}]},
    "nobody came": {"gouvernance": [{"instance": "COPIL", "organisme": "B1"}], "organismes": ROWS["organismes"]},
    "twelve clauses": {
        "organismes": ROWS["organismes"],
        "charte": [{"clause": f"C{i}", "organisme": "B1", "position": "réserve"} for i in range(12)],
    },
}


@pytest.mark.parametrize("name", CASES)
def test_any_study_gives_its_tables_and_a_readable_report(name, study):
    blocks = shown(study, CASES[name])
    readable(blocks, "5")
    assert len(seen(blocks, "tableau_de_bord")) == 6


def test_each_part_says_its_result(study):
    blocks = shown(study, ROWS)
    # The task is at its planned end, not done: estimated today, 10 July; the milestone the next working day.
    assert title(blocks).endswith("« Mise en service » glisse de 10 jours, au 11 juillet ; 2 domaines sur 6 en alerte")
    assert [row[2] for row in seen(blocks, "tableau_de_bord")] == [
        "10 jours de retard au plus : Mise en service",
        "0 bailleur sur 1 peut transmettre",
        "1 clause adoptée sur 2",
        "4 présents pour 8 places",
        "1 point en retard sur 1 ouvert",
        "3 présences sur 4 possibles aux réunions",
    ]
    assert seen(blocks, "jalons") == [
        ["Mise en service", "DREAL", "01/07/2014", "–", "11/07/2014", "10", "Essais (CEREMA)"]
    ]
    assert seen(blocks, "charte_positions")[:2] == [["DDTM 17", "attente", "accord"], ["Office Un", "refus", "accord"]]
    assert seen(blocks, "charte") == [
        ["C1 : Pièces", "1 refus et 1 réponse attendue", "AROSH", "Écrire", "01/07/2014 (passé)"]
    ]
    assert seen(blocks, "formations") == [["Charente-Maritime", "Saisie", "1", "8", "5", "4", "0", "–"]]
    assert seen(blocks, "points_discussion") == [["P1", "Quelles pièces ?", "Écrire", "AROSH", "01/07/2014", "9"]]
    text = said(blocks)
    assert "1 décision prise, 1 est faite" in text
    assert "COPIL, 2 réunions : 1 manquée par Office Un ; 1 organisme est venu à chaque fois." in text


def changed(table, row, **cells):
    return ROWS | {table: [r | cells if i == row else r for i, r in enumerate(ROWS[table])]}


@pytest.mark.parametrize(
    ("rows", "moved"),
    [
        (changed("calendrier", 0, fin_reelle="2014-06-30"), {"jalons", "poussees", "tableau_de_bord", "calendrier"}),
        (changed("charte", 0, position="réserve"), {"charte", "charte_positions"}),
        (changed("formations", 0, inscrits=7), {"formations"}),
        (changed("points_discussion", 0, action="Relire"), {"points_discussion"}),
        (
            changed("points_discussion", 1, statut="ouvert"),
            {"points_discussion", "decisions_prises", "tableau_de_bord"},
        ),
        (changed("gouvernance", 1, presences="2014-06-01|2014-07-01"), {"gouvernance", "tableau_de_bord"}),
    ],
)
def test_a_raw_row_changes_its_tables_and_no_other(rows, moved, study):
    before, after = tables(shown(study, ROWS)), tables(shown(study, rows))
    assert {name for name in after if after[name]["data"] != before[name]["data"]} == moved


def test_decisions_are_told_new_against_the_last_edition(study):
    folder = study.root / "reports" / "2014-06-15" / "17" / "tables"
    folder.mkdir(parents=True)
    table = pd.DataFrame({"id": ["P1", "P2"], "decision": ["", "Le gestionnaire"]})
    table.to_csv(folder / "points_discussion.csv", index=False)
    (study.root / "reports" / "2014-06-15" / "manifest.json").write_text("{}", encoding="utf-8")
    assert "1 décision prise, 1 est faite ; 1 depuis l'édition du 15 juin 2014" in said(shown(study, ROWS))
