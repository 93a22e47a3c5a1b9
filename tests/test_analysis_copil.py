"""The note: what answers say, what is asked of the committee; worked by hand."""

import pandas as pd
from samples import codebook, frame, question, tasks, told, typed

from spls_study.analysis import copil as asked
from spls_study.analysis.copil import ON_TIME, UNKNOWN, plus_grave
from spls_study.analysis.deploiement.calendrier import calendrier, jalons
from spls_study.analysis.deploiement.pilotage import charte, points_discussion, positions
from spls_study.analysis.processus.variants import inversions

BOOK = codebook(
    question(
        "Q1", "choix_unique", modalites=dict(zip("ABC", "abc", strict=True)), phrases={"A": "font a", "B": "font b"}
    ),
    question(
        "Q2",
        "echelle",
        modalites={f"E{i}": str(i) for i in range(1, 6)},
        phrases={"bas": "disent non", "haut": "disent oui"},
    ),
    question("Q3", "choix_unique", modalites={"A": "a"}),
)


def phrases(references: str, **counts: str) -> str:
    """`counts`: question → answer, how many."""
    given = {q: {row["code"]: int(row["n"]) for row in typed("code n", text)} for q, text in counts.items()}
    rows = [(q, code, n, sum(own.values())) for q, own in given.items() for code, n in own.items()]
    table = pd.DataFrame(rows, columns=["question", "modalite", "effectif", "base"])
    answers = {"b": pd.concat([table, table.assign(modalite="NR", effectif=9)])}
    return told(asked.phrases(references.split(), answers, {"b": BOOK}), "phrase effectif base ex_aequo")


def test_the_phrase_that_most_answers_back_is_said_and_nothing_where_there_is_none():
    assert phrases("b.Q1", Q1="A 2 | B 3 | C 9") == "font b 3 14 False"
    assert phrases("b.Q1", Q1="A 3 | B 3 | C 0") == "font a 3 6 True"
    assert phrases("b.Q2", Q2="E1 1 | E2 2 | E3 9 | E4 0 | E5 4") == "disent oui 4 16 False"
    assert phrases("b.Q1 b.Q2 b.Q3 b.Q9 autre.Q1", Q1="A 0 | B 0 | C 2", Q3="A 4") == ""


# What is asked
TODAY = pd.Timestamp("2014-10-07")


def plan(text: str) -> pd.DataFrame:
    return calendrier(tasks(text, "id debut_prevu fin_prevue debut_reel libelle responsable depend_de"), TODAY)


# A began two weeks late and has ten working days left to do from the 6th; B waits for it, ten days (20 to 31 October in
# the plan), then the go-live of 3 November slips as much. B may be shortened: it lasts twenty.
SLIPS = plan(
    "A 2014-09-22 2014-10-03 2014-10-06 Préparer CEREMA - | B 2014-10-06 2014-10-31 - Essayer DDT~16 A | "
    "J 2014-11-03 2014-11-03 - Mise~en~service DREAL B"
)
ON_ITS_DAY = plan("J 2014-11-03 2014-11-03 - Mise~en~service DREAL -")
CHARTER = "C1 B1 accord | C1 B2 accord | C2 B1 refus | C2 B2 accord | C3 B1 réserve"
SAID = positions(frame("charte", typed("clause organisme position", CHARTER), theme="Dépôt", texte="Le texte"))
POINTS = (
    "P1 Qui~? Droits 2014-12-01 - - - - - | P2 Quand~? Charte 2014-09-15 DDT~16 C3 tôt|tard tôt - | "
    "P3 Combien~? Charte 2014-10-31 AROSH C2 un;deux - - | P4 Où~? Droits 2014-09-15 DDT~79 - - - - | "
    "P5 Fait~? Charte 2014-09-15 DREAL C1 - - Oui"
)
STEPS = pd.DataFrame(typed("gestionnaire ordre etape", "G1 1 Un | G1 2 Trois | G1 3 Deux | G2 1 Un | G2 2 Deux"))
STEPS = STEPS.astype({"ordre": "Int64"})
TARGET = pd.DataFrame({"etape": ["Un", "Deux", "Trois"], "ordre": [1, 2, 3]})
DECISIONS = pd.DataFrame({"etape": ["Trois"], "qui": ["équipe projet"], "echeance": pd.to_datetime(["2014-12-09"])})


def points(*ids: str) -> pd.DataFrame:
    rows = typed("id point theme echeance responsable clause options proposition decision", POINTS)
    told = [row for row in rows if row["id"] in ids]
    return points_discussion(frame("points_discussion", told, date="2014-09-01", statut="ouvert"), TODAY)


def decided(plan: pd.DataFrame, said: pd.DataFrame, table: pd.DataFrame, steps: pd.DataFrame) -> pd.DataFrame:
    names, until = {"B1": "Office", "G1": "DDT 1"}, pd.Timestamp("2014-12-23")
    wrong = inversions(steps, TARGET)
    return asked.decisions_demandees(plan, charte(said), said, table, wrong, DECISIONS, names, until)


def test_the_gravest_first_each_with_its_owner_and_its_options():
    table = decided(SLIPS, SAID, points("P1", "P2", "P3", "P4", "P5"), STEPS)
    assert told(table, "rang source qui point echeance proposition options").split(" | ") == [
        "1 calendrier DREAL - 2014-10-20 - 18 novembre|3 novembre",
        "2 charte AROSH P3 2014-10-31 - un;deux",
        "3 points_discussion DDT 16 P2 2014-09-15 tôt tôt|tard",
        "4 points_discussion équipe projet P1 2014-12-01 - -",
        "5 processus équipe projet - 2014-12-09 - ordre cible|ordre actuel",
    ]
    assert table.pourquoi[1] == "1 accord, 1 refus (Office)\u00a0: un refus bloque la clause."
    assert asked.choices("un;deux| trois") == ["un", "deux", "trois"] and asked.choices(None) == []


def test_a_refused_clause_without_point_belongs_to_the_project_team_and_nothing_is_asked_where_all_is_well():
    table = decided(ON_ITS_DAY, SAID, points(), STEPS[:0])
    assert told(table, "qui echeance options") == "équipe projet 2014-12-23 -"
    said = SAID[SAID.clause == "C1"]
    assert decided(ON_ITS_DAY, said, points("P4", "P5"), STEPS[STEPS.gestionnaire == "G2"]).empty
    assert asked.delay(ON_ITS_DAY) is None


def test_a_delay_says_what_holds_its_date():
    late = asked.delay(SLIPS)
    # A: 6 to 17 October. B: twenty days from the 20th, 11 November not worked, to the 17th. Then the 18th.
    assert (str(late.date.date()), late.jours, late.cause.id, late.raccourcir.id) == ("2014-11-18", 10, "A", "B")
    text = decided(SLIPS, SAID[:0], points(), STEPS[:0]).decision[0]
    assert text.endswith("en ramenant «\u00a0Essayer\u00a0» de 20 à 10 jours ouvrés")
    christmas = SLIPS.assign(fin_estimee=SLIPS.fin_estimee.mask(SLIPS.id == "J", pd.Timestamp("2014-12-24")))
    assert [asked.because(d).endswith("la semaine de Noël.") for d in (late, asked.delay(christmas))] == [False, True]


def test_the_gravest_fact_in_order():
    late, milestones = asked.delay(SLIPS), jalons(SLIPS)
    held, slips = milestones.assign(statut="tenu"), milestones.assign(ecart_jours=3, statut="à venir")
    for facts, said in (
        ((late, 0, 4, ["C2"], 1, 9, held), "une mise en service qui glisse au 18 novembre"),
        ((None, 3, 4, ["C2"], 1, 9, held), "1 bailleur sur 4 sans compte ouvert"),
        ((None, 4, 5, ["C2", "C4"], 1, 9, held), "une charte bloquée par un refus sur C2 et C4"),
        ((None, 4, 5, [], 4, 9, held), "4 places de formation prises sur 9"),
        ((None, 4, 5, [], 5, 10, slips), "un jalon en retard de 3 jours, sans effet sur la fin"),
        ((None, 4, 5, [], 5, 10, slips.assign(ecart_jours=0)), ON_TIME),
        ((None, 4, 5, [], 5, 10, held), ON_TIME),
        ((None, 0, 0, [], 0, 0, held), ON_TIME),
        ((None, 0, 0, [], 0, 0, milestones[:0]), UNKNOWN),
    ):
        assert plus_grave(*facts) == said
