"""Notebook 5 on studies with nothing, with little, with hostile names; what each raw row changes in it."""

import pytest
from running import CONTRACT, PLAIN, readable, reported, seen, tables, title, words
from samples import typed

NOTEBOOK = "5_deploiement"
TASK = {"id": "T", "libelle": "Essais", "type": "tâche", "responsable": "CEREMA"}
LATE = TASK | {"debut_prevu": "2014-06-02", "fin_prevue": "2014-06-30", "debut_reel": "2014-06-02"}
GOLIVE = {"id": "J", "libelle": "Mise en service", "type": "jalon", "responsable": "DREAL", "depend_de": "T"}
GOLIVE |= {"debut_prevu": "2014-07-01", "fin_prevue": "2014-07-01"}
ROWS = {
    "organismes": typed(
        "id nom role famille departements", "DD017 DDTM~17 gestionnaire DDTM 17 | B1 Office~Un bailleur OPH 17"
    ),
    "calendrier": [LATE, GOLIVE],
    "charte": typed(
        "clause organisme position texte", "C1 B1 refus Pièces | C2 DD017 accord Dates | C2 B1 accord Dates"
    ),
    "formations": typed(
        "id date places inscrits presents",
        "F1 2014-06-20 8 5 4 | F2 2014-09-20 6 - -",
        territoire="17",
        public="Saisie",
    ),
    "points_discussion": typed(
        "id point action echeance responsable clause decision statut",
        "P1 Quelles~pièces~? Écrire 2014-07-01 AROSH C1 - - | P2 Qui~saisit~? - - - - Le~bailleur clos",
        date="2014-06-01",
    ),
    "gouvernance": typed("organisme presences", "DD017 2014-06-01|2014-07-01 | B1 2014-07-01", instance="COPIL"),
}


def shown(study, rows, territoire="17"):
    return reported(study, NOTEBOOK, rows, territoire)


def said(blocks):
    """All its words, spaces plain."""
    return PLAIN.sub(" ", " | ".join([title(blocks), *words(blocks)]))


@pytest.mark.parametrize("territoire", ["17", "region"])
def test_a_study_with_nothing_says_so_once_and_its_tables_have_their_header(study, territoire):
    blocks = shown(study, {}, territoire)
    found = readable(blocks, "5")
    assert all(found[name]["data"] == [] for name in CONTRACT["5"].split())
    assert "aucune donnée de suivi n'a été reçue" in title(blocks).replace("\u2019", "'")
    board = [row.split(" | ") for row in seen(blocks, "tableau_de_bord")]
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
    if name != "whole":
        return
    # The task is at its planned end, not done: estimated today, 10 July; the milestone the next working day.
    assert title(blocks).endswith("« Mise en service » glisse de 10 jours, au 11 juillet ; 2 domaines sur 6 en alerte")
    assert [row.split(" | ")[2] for row in seen(blocks, "tableau_de_bord")] == [
        "10 jours de retard au plus : Mise en service",
        "0 bailleur sur 1 peut transmettre",
        "1 clause adoptée sur 2",
        "4 présents pour 8 places",
        "1 point en retard sur 1 ouvert",
        "3 présences sur 4 possibles aux réunions",
    ]
    assert {name: seen(blocks, name)[:2] for name in "jalons charte_positions charte formations".split()} == {
        "jalons": ["Mise en service | DREAL | 01/07/2014 | – | 11/07/2014 | 10 | Essais (CEREMA)"],
        "charte_positions": ["DDTM 17 | attente | accord", "Office Un | refus | accord"],
        "charte": ["C1 : Pièces | 1 refus et 1 réponse attendue | AROSH | Écrire | 01/07/2014 (passé)"],
        "formations": ["Charente-Maritime | Saisie | 1 | 8 | 5 | 4 | 0 | –"],
    }
    assert seen(blocks, "points_discussion") == ["P1 | Quelles pièces ? | Écrire | AROSH | 01/07/2014 | 9"]
    assert "1 décision prise, 1 est faite" in said(blocks)
    assert "COPIL, 2 réunions : 1 manquée par Office Un ; 1 organisme est venu à chaque fois." in said(blocks)


@pytest.mark.parametrize(
    ("table", "row", "change", "moved"),
    [
        ("calendrier", 0, {"fin_reelle": "2014-06-30"}, "jalons poussees tableau_de_bord calendrier"),
        ("charte", 0, {"position": "réserve"}, "charte charte_positions"),
        ("formations", 0, {"inscrits": "7"}, "formations"),
        ("points_discussion", 0, {"action": "Relire"}, "points_discussion"),
        ("points_discussion", 1, {"statut": "ouvert"}, "points_discussion decisions_prises tableau_de_bord"),
        ("gouvernance", 1, {"presences": "2014-06-01|2014-07-01"}, "gouvernance tableau_de_bord"),
    ],
)
def test_a_raw_row_changes_its_tables_and_no_other(table, row, change, moved, study):
    rows = ROWS | {table: [own | change if i == row else own for i, own in enumerate(ROWS[table])]}
    before, after = tables(shown(study, ROWS)), tables(shown(study, rows))
    assert {name for name in after if after[name]["data"] != before[name]["data"]} == {*moved.split()}


def test_decisions_are_told_new_against_the_last_edition(study):
    folder = study.root / "reports" / "2014-06-15"
    (folder / "17" / "tables").mkdir(parents=True)
    (folder / "17" / "tables" / "points_discussion.csv").write_text("id,decision\nP1,\nP2,Le gestionnaire\n", "utf-8")
    (folder / "manifest.json").write_text("{}", encoding="utf-8")
    assert "1 décision prise, 1 est faite ; 1 depuis l'édition du 15 juin 2014" in said(shown(study, ROWS))
