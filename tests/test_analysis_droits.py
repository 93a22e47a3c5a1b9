"""Rights: accounts on a day, how they open, whom to chase; profiles understood; what each organisme can do."""

import json
from collections.abc import Sequence
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from samples import PROFILS, Row, codebook, comptes, filled, question, told, typed

from spls_study.analysis.droits import accounts as a
from spls_study.analysis.droits import comprehension as c
from spls_study.analysis.droits import organismes as o
from spls_study.analysis.droits.opening import delais_ouverture, ouverture, reste
from spls_study.analysis.droits.organismes import COUNTS
from spls_study.analysis.methods.survival import kaplan_meier

DAY = date(2014, 7, 1)
OPEN = {"date_ouverture": "2014-06-20"}
USED = OPEN | {"date_premiere_connexion": "2014-06-25"}
REFUSED = {"statut": "refusé"}
ONLY_INVITED = {"profil_demande": None, "date_demande": None, "date_invitation": "2014-06-02"}
DIRECTOR = {"fonction": "Directeur", "profil_demande": "Saisie"}
R = json.loads((Path(__file__).parent / "fixtures" / "survival_r.json").read_text(encoding="utf-8"))["cas"]


def known(*rows: Row, profils: pd.DataFrame = PROFILS) -> pd.DataFrame:
    return a.accounts(comptes(*rows), profils, DAY)


def test_a_profile_has_one_name_whatever_it_was_called_and_the_last_request_counts() -> None:
    table = known(*({"profil_demande": name} for name in ("ÉCRITURE", "saisir", "Inconnu")))
    assert told(table, "profil_demande interface") == "Saisie SPLS | Saisie SPLS | Inconnu Non renseigné"
    table = known({"profil_attribue": "Lecture"}, {"profil_demande": None})
    assert told(table, "profil") == "Lecture | Non renseigné"
    first = {"compte": "C1", "profil_demande": "Écriture", "date_demande": "2014-06-02"} | REFUSED
    last = {"compte": "C1", "profil_demande": "Saisie", "date_demande": "2014-06-20"}
    table = known(last, first, last | {"organisme": "B2"})
    assert told(table, "organisme date_demande en_cours") == "B1 2014-06-20 True | B2 2014-06-20 True"


def test_the_state_is_that_of_the_day() -> None:
    rows = (
        "Refusé~le~12/06 Saisie - - - | RETIRÉE Saisie - - - | Annulé Saisie - 2014-06-20 - | "
        "- Saisie - - 2014-06-30 | - Saisie - 2014-06-30 - | - Saisie Saisie 2014-07-02 - | - Saisie - - -"
    )
    columns = "statut profil_demande profil_attribue date_ouverture date_premiere_connexion"
    assert told(known(*typed(columns, rows), ONLY_INVITED), "etat ouvert demande") == (
        "refusée False False | retirée False False | retirée False False | connectée True True | ouverte True True | "
        "attribuée False True | demandée False True | invitée False False"
    )


def test_time_runs_from_the_invitation_else_the_request() -> None:
    rows = typed(
        "date_invitation date_demande date_ouverture",  # to the opening, else the extraction; never before the request
        "2014-06-02 2014-06-10 2014-06-12 | - 2014-06-10 2014-06-12 | 2014-06-02 2014-06-10 - | "
        "- 2014-06-10 2014-06-09 | - - -",
    )
    assert told(known(*rows), "jours") == "10 | 2 | 29 | - | -"


def test_counts_are_by_profile_asked_for_then_by_profile_granted() -> None:
    table = known(
        {"profil_attribue": "Lecture", "date_ouverture": "2014-06-20", "date_premiere_connexion": "2014-06-21"},
        {"profil_attribue": "Saisie", "organisme": "B2", "departement": "16"},
        {"profil_attribue": "Saisie"} | REFUSED,
        ONLY_INVITED,
        {"profil_demande": "Autre", "departement": None},  # a profile that the table does not know
    )
    counts = "Lecture 0 1 1 1 | Saisie 3 1 0 0 | Instruction 0 0 0 0 | Audit 0 0 0 0 | Autre 1 0 0 0"
    assert told(a.comptes_profil(table, PROFILS)) == counts
    families = table.assign(famille=table.organisme.map({"B1": "OPH", "B2": "ESH"}))
    assert told(a.comptes_par(families, "famille")) == "ESH 1 1 0 0 | OPH 3 1 1 1"
    assert told(a.comptes_par(table, "departement", ["79", "17", "16"]), "departement demandes") == "79 0 | 17 2 | 16 1"
    nobody = "Lecture 0 0 0 0 | Saisie 0 0 0 0 | Instruction 0 0 0 0 | Audit 0 0 0 0"
    assert told(a.comptes_profil(known(), PROFILS)) == nobody


# Openings over time
def curve(days: Sequence[float], opened: Sequence[bool]) -> pd.DataFrame:
    jours = pd.Series(days, dtype="float64")
    rows = pd.DataFrame({"profil": "P", "en_cours": True, "jours": jours})
    return ouverture(rows.assign(date_ouverture=pd.Series(pd.Timestamp(DAY), jours.index).where(pd.Series(opened))))


@pytest.mark.parametrize("name", R)
def test_the_curve_and_its_median_are_those_of_r(name: str) -> None:
    case = R[name]
    opened = [e == 1 for e in case["evenement"]]
    columns = (case[key] for key in ("jour", "a_risque", "evenements", "survie"))
    expected = [row for row in zip(*columns, strict=True) if row[2]]
    table = curve(case["temps"], opened)
    assert table[["jour", "a_risque", "ouverts", "survie"]].to_numpy() == pytest.approx(
        np.array(expected).reshape(-1, 4), abs=1e-12
    )
    median = tuple(np.nan if v is None else v for v in case["mediane"])
    assert kaplan_meier(case["temps"], opened).quantile(0.5) == pytest.approx(median, nan_ok=True)


@given(st.lists(st.tuples(st.integers(0, 200), st.booleans()), min_size=1, max_size=40))
def test_each_opening_is_on_its_day_among_those_still_closed(rows: list[tuple[int, bool]]) -> None:
    steps = curve([day for day, _ in rows], [opened for _, opened in rows])
    assert steps.jour.tolist() == sorted({day for day, opened in rows if opened})
    assert steps.ouverts.sum() == sum(opened for _, opened in rows)
    assert (steps.a_risque >= steps.ouverts).all() and steps.survie.is_monotonic_decreasing
    share = (1 - steps.ouverts / steps.a_risque).cumprod()
    assert steps.survie.to_numpy() == pytest.approx(share.to_numpy(), abs=1e-12)


def test_openings_by_profile_and_interface_leave_out_refusals_and_follow_closed_accounts_to_the_extraction() -> None:
    refused = REFUSED | {"date_ouverture": "2014-06-12"}
    rows = OPEN, OPEN, {"date_ouverture": "2014-06-15"}, {"date_demande": "2014-06-28"}, refused
    others = typed("profil_demande date_ouverture", "Lecture 2014-06-20 | Instruction 2014-06-20 | Audit -")
    table = known(*rows, *others)
    profiles = "Instruction 10 1 1 0 | Lecture 10 1 1 0 | Saisie 5 3 1 0.666667 | Saisie 10 2 2 0"
    assert told(ouverture(table)) == profiles
    assert told(ouverture(table), "profil jour") == "Instruction 10 | Lecture 10 | Saisie 5 | Saisie 10"
    assert told(ouverture(table, "interface")) == "Galion 10 2 1 0.5 | SPLS 5 4 1 0.75 | SPLS 10 3 3 0"
    assert told(delais_ouverture(known(*rows)), "comptes ouverts mediane") == "4 3 10"
    closed = known({}, {})  # nothing opened gives no step
    assert ouverture(closed).empty and told(delais_ouverture(closed), "ouverts mediane") == "0 -"
    assert ouverture(known()).empty and delais_ouverture(known()).empty


def test_the_end_is_what_remains_at_the_pace_of_four_weeks() -> None:
    opened = [{"date_ouverture": "2014-06-10"}] * 4
    assert reste(known(*opened, {}, {}), DAY) == (6, 2, 4, date(2014, 7, 15))
    assert reste(known(*opened[:1], *[{}] * 60), DAY).fin is None
    assert reste(known({}, REFUSED), DAY) == (1, 1, 0, None)


# Profiles understood
def requests(*rows: Row, profils: pd.DataFrame = PROFILS) -> pd.DataFrame:
    return c.matched(known(*rows, profils=profils), profils)


def test_the_expected_profile_is_the_one_asked_for_else_the_narrowest() -> None:
    columns = "profil interface droits fonctions"
    named = "Large SPLS consulter|saisir Directeur | Étroit SPLS consulter directeur | Autre SPLS exporter -"
    profils = filled("profils", columns, named)
    asked = ({"fonction": "Directeur", "profil_demande": p} for p in ("Large", "Étroit", "Autre"))
    assert told(requests(*asked, profils=profils), "profil_attendu juste") == "Large True | Étroit True | Étroit False"


def test_a_request_is_too_broad_when_it_has_all_that_is_needed_and_more() -> None:
    more, less = DIRECTOR, {"profil_demande": "Lecture"}
    rows = requests(more, less, {"fonction": "Instructeur"}, {"fonction": "Inconnue"}, {"profil_demande": None})
    assert told(rows, "profil_attendu droits_en_trop") == "Lecture saisir | Saisie  | Instruction  |  "


ASKED = question(
    "N",
    "nombre",
    bloc="Profils et formation",
    sous_questions={"S1": "Consultation", "S2": "écriture", "S3": "Autre chose"},
    profils={"S1": "Lecture"},
)
OTHERS = {**ASKED, "code": "M", "bloc": "Organisation"}, {**ASKED, "code": "I", "diffusion": "interne"}
CODES = {"q": codebook(ASKED, *OTHERS, id="q", titre="Enquête")}
TABLE = known({"date_ouverture": "2014-06-20"}, {}, REFUSED)


def needs(text: str) -> str:
    """What the answers `question sous_question modalite valeur` say is needed."""
    rows = pd.DataFrame(typed("question sous_question modalite valeur", text))
    said = {"q": rows.astype({"valeur": "float64"})} if text else {}
    return told(c.besoins_profils(said, CODES, TABLE, PROFILS))


def test_the_need_is_the_sum_of_what_is_said_beside_the_accounts() -> None:
    said = "N S1 n 6 | N S1 moyenne 2.33333333 | N S1 mediane 2 | N S2 n 5 | N S2 moyenne 0 | N S3 n 5 | N S3 moyenne 1"
    assert needs(f"{said} | M S1 n 9 | M S1 moyenne 9").split(" | ") == [
        "Enquête Lecture 14 0 0 0 6",  # by `profils`
        "Enquête Saisie 0 3 1 0 5",  # by a former name of the profile
        "Enquête Autre chose 5 - - - 5",  # no such profile
    ]


def test_a_question_that_is_not_shown_leaves_the_need_empty() -> None:
    for said in ("", "M S1 n 9", "N S1 NR -"):
        assert needs(said).startswith("Enquête Lecture - 0 0 0 - | Enquête Saisie - 3 1 0 - | ")
    # Without such a question there is no row.
    assert c.besoins_profils({}, {"q": codebook(*OTHERS, id="q")}, TABLE, PROFILS).empty


# What each organisme can do
RIGHTS = filled(
    "profils",
    "profil droits fonctions",
    "Lecture consulter Directeur | Validation consulter|Transmettre - | Programmation consulter|programmer -",
)
BODIES = filled(
    "organismes",
    "id nom role famille departements",
    "B1 Un bailleur OPH 16|17 | B2 Deux bailleur - 17 | B3 - bailleur - - | G1 DDT gestionnaire - - | "
    "P1 DREAL partenaire - -",
)
VALID, READER = {"profil_demande": "Validation"}, {"profil_demande": "Lecture"}


def states(*rows: Row, bodies: pd.DataFrame = BODIES) -> pd.DataFrame:
    return o.etat_organismes(known(*rows, profils=RIGHTS), bodies, RIGHTS)


def test_each_account_is_once_in_the_row_of_its_organisme_and_profile_and_who_asked_nothing_has_a_row() -> None:
    granted = VALID | {"profil_attribue": "Lecture"} | USED
    rows = (VALID | USED, VALID | OPEN, VALID, VALID | REFUSED, granted, ONLY_INVITED, {"organisme": "ailleurs"} | USED)
    columns = f"organisme nom famille departements profil {' '.join(COUNTS)} etat"
    without = " | P1 DREAL - - - 0 0 0 0 aucun accès"
    nothing = "B2 Deux - 17 - 0 0 0 0 aucun accès", "G1 DDT - - - 0 0 0 0 aucun accès" + without
    nobody = "B3 B3 - - - 0 0 0 0 aucun accès"  # it has no name but its own
    own = "Un OPH 16|17 Lecture 1 0 0 0 prêt | B1 Un OPH 16|17 Validation 1 1 1 1 prêt | B1 Un OPH 16|17 - 0 0 1 0 prêt"
    assert told(states(*rows), columns) == f"{nobody} | {nothing[0]} | B1 {own} | {nothing[1]}"
    alone = "B1 Un OPH 16|17 - 0 0 0 0 aucun accès"
    assert told(states(), columns) == f"{nobody} | {nothing[0]} | {alone} | {nothing[1]}"


def test_an_organisme_is_ready_when_an_open_account_has_the_right_that_it_needs_and_landlords_are_measured() -> None:
    lowered = VALID | {"profil_attribue": "Lecture"} | OPEN
    for organisme, account, expected in (
        ("B1", VALID | OPEN, "prêt"),
        ("B1", READER | USED, "ne peut pas transmettre"),
        ("B1", VALID, "aucun accès"),
        ("B1", VALID | {"statut": "retiré"} | OPEN, "aucun accès"),
        ("B1", lowered, "ne peut pas transmettre"),
        ("G1", VALID | OPEN, "ne peut pas programmer"),
        ("G1", {"profil_demande": "Programmation"} | OPEN, "prêt"),
        ("P1", READER | OPEN, "prêt"),
    ):
        # Wherever it works: the other request is of another department.
        found = states({"organisme": organisme} | account, {"organisme": organisme, "departement": "16"})
        assert set(found.etat[found.organisme == organisme]) == {expected}
    ready = VALID | OPEN
    assert o.prets(states(ready, ready | {"organisme": "P1"}, {"organisme": "B2"} | OPEN)) == (1, 3)
    assert o.prets(states(bodies=BODIES.iloc[3:])) == o.prets(states(bodies=BODIES.iloc[:0])) == (0, 0)


row = st.fixed_dictionaries(
    {
        "organisme": st.sampled_from([*BODIES.id]),
        "profil_demande": st.sampled_from([*RIGHTS.profil, None]),
        "date_ouverture": st.sampled_from(["2014-06-20", None]),
        "date_premiere_connexion": st.sampled_from(["2014-06-25", None]),
        "statut": st.sampled_from(["refusé", "retiré", None]),
    }
)


@settings(deadline=None)
@given(st.lists(row, max_size=12), st.integers(1, 4))
def test_no_account_is_lost_and_no_organisme_is_in_two_states(rows: list[Row], widest: int) -> None:
    table = states(*rows)
    assert int(table[COUNTS].to_numpy().sum()) == len(rows)
    assert not table.duplicated(["organisme", "profil"]).any()
    assert set(table.organisme) == set(BODIES.id)
    whole = o.par_organisme(table)
    assert len(whole) == len(BODIES)
    assert ((whole.utilises + whole.ouverts > 0) == (whole.etat != "aucun accès")).all()
    board = o.tableau(table, [*RIGHTS.profil], widest)
    assert sum(sum(cell) for name in board.columns[5:] for cell in board[name]) == len(rows)
    assert len(board) == len(BODIES)


def test_the_board_has_nothing_first_then_the_fewest_accounts() -> None:
    table = states(VALID | USED, READER, {"organisme": "B2"} | VALID | OPEN, {"organisme": "B3"} | ONLY_INVITED)
    board = o.tableau(table[table.role == "bailleur"], [*RIGHTS.profil])
    assert [*board.columns[5:]] == ["Lecture", "Validation", o.INVITED]
    assert board.set_index("organisme").iloc[:, 4:].T.to_dict("list") == {
        "B3": [(0, 0, 0, 0), (0, 0, 0, 0), (0, 0, 1, 0)],
        "B2": [(0, 0, 0, 0), (0, 1, 0, 0), (0, 0, 0, 0)],
        "B1": [(0, 0, 1, 0), (1, 0, 0, 0), (0, 0, 0, 0)],
    }
    assert [*board.organisme] == ["B3", "B2", "B1"]
    assert [*o.tableau(table, [*RIGHTS.profil], widest=1).columns[5:]] == [o.OTHERS, o.INVITED]
