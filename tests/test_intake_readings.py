"""Lists, references and dates are read in one way, and a stranger is a warning with its line."""

from collections.abc import Callable

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from conftest import ROOT
from spls_study.intake import CheckReport, check
from spls_study.intake.readings import dependencies, listed
from spls_study.intake.scrub import people
from spls_study.study import Study, load_study
from spls_study.tables import empty, read_table

ORGANISMES = "id;nom;role;famille;departements;siren\n"
ORGANISMES += "DD017;DDTM 17;gestionnaire;DDTM;17;\nB1;Office A;bailleur;OPH;17|79;552100554\n"
STUDY = load_study(ROOT / "study.toml")


@pytest.fixture
def told(study: Study) -> Callable[..., list[tuple[int, str, str]]]:
    """Line, column and value of the warnings of tables written as CSV; no row may be refused."""

    def run(**tables: str) -> list[tuple[int, str, str]]:
        for name, text in tables.items():
            (study.raw / f"{name}.csv").write_text(text, encoding="utf-8")
        report: CheckReport = check(study)
        assert report.set_aside == () and report.refusals.empty
        return list(report.warnings[["ligne", "colonne", "valeur"]].itertuples(index=False, name=None))

    return run


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("17|79", "17|79"),
        ("17 et 79", "17|79"),
        ("79, 17", "17|79"),
        ("17 & 79", "17|79"),
        ("17 + 79", "17|79"),
        ("17/79", "17|79"),
        ("Charente et Vienne", "16|86"),
        ("16 - Charente", "16"),
        ("16 (Charente); 86", "16|86"),
        ("17-79", None),
        ("17 79", None),
        ("16 à 86", None),
        ("tous", None),
    ],
)
def test_a_list_of_departments_is_read_whole_or_not_at_all(text: str, read: str | None) -> None:
    assert listed("départements", text, STUDY) == read


@given(st.lists(st.sampled_from(["16", "17", "79", "86"]), min_size=1, unique=True), st.data())
def test_no_separator_makes_a_list_lose_a_department(codes: list[str], data: st.DataObject) -> None:
    between = st.sampled_from([" ", "-", " à ", "|", ";", ",", "\n", " et ", "/", " / ", ", ", " puis ", ".", "  "])
    text = codes[0] + "".join(data.draw(between) + code for code in codes[1:])
    assert listed("départements", text, STUDY) in (None, "|".join(sorted(codes)))


def test_meetings_are_days_however_they_are_typed(study: Study, told: Callable[..., object]) -> None:
    seats = 'COPIL;DD017;Chef;"15/05/2014, 12/06/2014"\nCOPIL;B1;Directeur;2014-06-12\nCOPIL;b1;DG;hier|12/06/2014\n'
    assert told(organismes=ORGANISMES, gouvernance="instance;organisme;personne_role;presences\n" + seats) == [
        (4, "presences", "hier|12/06/2014")
    ]
    assert read_table(study, "gouvernance")["presences"].fillna("").tolist() == [
        "2014-05-15|2014-06-12",
        "2014-06-12",
        "",
    ]


def test_an_organisme_is_known_by_its_id_its_name_or_its_siren(study: Study, told: Callable[..., object]) -> None:
    rows = "".join(
        f"C{n};x;{who};accord\n" for n, who in enumerate(("DDTM 17", "b1", "552100554", "office a", "Mairie"))
    )
    assert told(organismes=ORGANISMES, charte="clause;theme;organisme;position\n" + rows) == [
        (6, "organisme", "Mairie")
    ]
    assert list(read_table(study, "charte")["organisme"]) == ["DD017", "B1", "B1", "B1", "Mairie"]
    told(organismes=ORGANISMES.replace("Office A", "Mairie"))  # the same charter, other organismes
    assert list(read_table(study, "charte")["organisme"])[-2:] == ["office a", "B1"]


def test_without_organismes_nobody_is_a_stranger(told: Callable[..., object]) -> None:
    assert told(charte="clause;theme;organisme;position\nC1;x;Mairie;accord\n") == []


def test_territories_are_codes_names_or_the_region(study: Study, told: Callable[..., object]) -> None:
    header = "id;date;territoire;public;places;inscrits;presents\n"
    rows = "".join(
        f"F{n};16/06/2014;{place};Tous;9;{n};5\n"
        for n, place in enumerate(
            ("17", "Vienne", "Région", "poitou charentes", "33", "17 - Charente-Maritime"), start=4
        )
    )
    assert told(formations=header + rows) == [(2, "presents", "5"), (6, "territoire", "33")]
    assert read_table(study, "formations")["territoire"].fillna("").tolist() == [
        "17",
        "86",
        "region",
        "region",
        "",
        "17",
    ]


CALENDRIER = "id;etape;libelle;type;debut_prevu;fin_prevue;debut_reel;fin_reelle;responsable;depend_de\n"


def test_a_calendar_as_people_type_it(study: Study, told: Callable[..., object]) -> None:
    rows = (
        "T1;1;A;tâche;avril 2014;04/2014;;;DREAL;\n"
        "T2;1;B;tâche;02/05/2014;30/06/14;03.05.2014;02.05.2014;Mme Durand;t1\n"
        'T3;2;C;tâche;06/07/2014;5 juillet 2014;;;DDTM 17;"T1;T2"\n'
        "T4;2;D;tâche;01/08/2014;;;;;T4 et T9\n"
        "T5;2;E;tâche;01/08/2014;;;;;T6\n"
        "T6;2;F;tâche;01/08/2014;;;;;T5\n"
    )
    assert told(calendrier=CALENDRIER + rows) == [
        (3, "fin_reelle", "02.05.2014"),
        (3, "responsable", "Mme Durand"),
        (4, "fin_prevue", "5 juillet 2014"),
        (5, "depend_de", "T4"),
        (5, "depend_de", "T9"),
        (6, "depend_de", "T6"),
    ]
    table = read_table(study, "calendrier")
    assert table["depend_de"].fillna("").tolist() == ["", "T1", "T1|T2", "", "", "T5"]
    assert table["fin_prevue"].dt.strftime("%d/%m").fillna("").tolist() == ["30/04", "30/06", *[""] * 4]
    assert str(table["debut_prevu"][0].date()) == "2014-04-01"


@given(st.lists(st.tuples(st.sampled_from("ABCD"), st.lists(st.sampled_from("ABCDz"))), unique_by=lambda t: t[0]))
def test_dependencies_are_of_tasks_that_are_there_and_never_turn_in_a_circle(
    tasks: list[tuple[str, list[str]]],
) -> None:
    rows = empty("calendrier").reindex(range(len(tasks)))
    rows = rows.assign(
        id=pd.Series([task for task, _ in tasks], dtype="str"),
        depend_de=pd.Series(["|".join(dict.fromkeys(names)) or None for _, names in tasks], dtype="str"),
    )
    kept, told = dependencies("calendrier", rows)
    links = {
        (t, n)
        for t, names in kept[["id", "depend_de"]].itertuples(index=False)
        if isinstance(names, str)
        for n in names.split("|")
    }
    assert {n for _, n in links} <= {task for task, _ in tasks}
    assert len(links) + len(told) == sum(len(set(names)) for _, names in tasks)
    reached = set(links)
    for _ in tasks:
        reached |= {(a, d) for a, b in reached for c, d in links if b == c}
    assert all(a != b for a, b in reached)


@pytest.mark.parametrize(
    "text", ["Mme Durand", "M. Le Goff", "Marie DURAND", "Jean-Paul MARTIN", "a.durand@exemple.fr"]
)
def test_a_name_of_a_person_is_seen(text: str) -> None:
    assert people(text)


@pytest.mark.parametrize(
    "text", ["DREAL", "DDTM 17", "Équipe projet", "M. le préfet", "Direction DREAL", "Chef de pôle"]
)
def test_the_name_of_a_service_is_not_that_of_a_person(text: str) -> None:
    assert not people(text)
