import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from samples import frame

from notebook_reports.errors import StudyError
from spls_study.analysis.deploiement.calendrier import calendrier, duration, jalons, noel, poussees

COLUMNS = ["id", "type", "debut_prevu", "fin_prevue", "debut_reel", "fin_reelle", "depend_de"]


def plan(*rows: tuple) -> pd.DataFrame:
    """Rows of COLUMNS."""
    table = frame("calendrier", [dict(zip(COLUMNS, row, strict=True)) for row in rows], etape="1")
    return table.assign(libelle="Tâche " + table.id)


# Worked by hand, in working days. February 2016 has 29 days, and the 1st is a Monday. A was to last 15 days
# (1 to 20 February) and began on the 10th: it ends on Tuesday 1 March. B may begin the next day and lasts 10 days
# (22 February to 4 March, as 21 is a Sunday and 5 a Saturday): it ends on 15 March, and the milestone of the same
# day is carried along. C is on time, nothing moves it: it keeps its Sunday. D has no planned end.
LEAP = plan(
    ("A", "tâche", "2016-02-01", "2016-02-20", "2016-02-10", None, None),
    ("B", "tâche", "2016-02-21", "2016-03-05", None, None, "A"),
    ("C", "tâche", "2016-02-15", "2016-02-28", "2016-02-15", None, None),
    ("D", "tâche", "2016-03-01", None, None, None, "A"),
    ("J", "jalon", "2016-03-05", "2016-03-05", None, None, "B|C"),
    ("K", "jalon", "2016-02-12", "2016-02-12", None, "2016-02-11", None),
)


def test_slippage_across_a_leap_day_with_an_open_task():
    table = calendrier(LEAP, pd.Timestamp("2016-02-15")).set_index("id")
    assert table.retard_jours.dropna().to_dict() == {"A": 10, "B": 10, "C": 0, "J": 10, "K": -1}
    assert table.fin_estimee.dropna().astype("str").to_dict() == {
        "A": "2016-03-01",
        "B": "2016-03-15",
        "C": "2016-02-28",
        "J": "2016-03-15",
        "K": "2016-02-11",
    }
    assert table.pousse_par.dropna().to_dict() == {"B": "A", "D": "A", "J": "B"}
    assert list(table.index[table.critique]) == ["A", "B", "J"]


# What must be shortened, and by how much, is a matter of working days too. 21 April, 1 and 8 May 2014 are holidays.
HOLIDAYS = plan(
    ("A", "tâche", "2014-04-07", "2014-04-18", "2014-04-14", None, None),
    ("B", "tâche", "2014-04-21", "2014-05-07", None, None, "A"),
    ("J", "jalon", "2014-05-09", "2014-05-09", None, None, "B"),
)


def test_easter_monday_and_the_bridges_of_may_are_not_worked():
    table = calendrier(HOLIDAYS, pd.Timestamp("2014-04-15")).set_index("id")
    # A: ten days from the 14th, without Easter Monday the 21st. B: eleven from the 29th, without 1 and 8 May.
    assert table.fin_estimee.astype("str").to_dict() == {"A": "2014-04-28", "B": "2014-05-15", "J": "2014-05-16"}
    assert [duration(HOLIDAYS, task) for task in "ABJ"] == [10, 11, 0]


def test_what_nothing_moves_keeps_its_dates_a_sunday_included():
    sunday = plan(("A", "tâche", "2014-06-01", "2014-06-29", None, None, None))
    table = calendrier(sunday, pd.Timestamp("2014-05-01"))
    assert (str(table.fin_estimee[0].date()), table.retard_jours[0]) == ("2014-06-29", 0)


@given(st.dates(pd.Timestamp("2014-01-01").date(), pd.Timestamp("2016-12-31").date()), st.integers(1, 60))
def test_a_delay_ends_on_a_working_day(today, length):
    late = pd.Timestamp("2014-01-02")
    rows = plan(("A", "tâche", late, late + pd.Timedelta(days=length), None, None, None))
    end = calendrier(rows, pd.Timestamp(today)).fin_estimee[0]
    if pd.Timestamp(today) > late:
        assert end.weekday() < 5 and (end.month, end.day) not in {(1, 1), (5, 1), (7, 14), (11, 11), (12, 25)}


def test_milestones():
    table = jalons(calendrier(LEAP, pd.Timestamp("2016-02-15")))
    assert list(table.itertuples(index=False, name=None)) == [
        ("K", "Tâche K", pd.Timestamp("2016-02-12"), pd.Timestamp("2016-02-11"), -1, "tenu"),
        ("J", "Tâche J", pd.Timestamp("2016-03-05"), pd.Timestamp("2016-03-15"), 10, "à venir"),
    ]


def test_what_is_overdue_is_late_as_of_today():
    late = plan(
        ("A", "tâche", "2014-06-01", "2014-06-30", "2014-06-01", None, None),
        ("J", "jalon", "2014-07-01", "2014-07-01", None, None, None),
    )
    table = calendrier(late, pd.Timestamp("2014-07-10")).set_index("id")
    assert table.retard_jours.to_dict() == {"A": 10, "J": 9}


def test_a_planned_overlap_stays():
    both = plan(
        ("A", "tâche", "2014-06-01", "2014-06-30", "2014-06-01", None, None),
        ("B", "tâche", "2014-06-15", "2014-07-15", None, None, "A"),
    )
    table = calendrier(both, pd.Timestamp("2014-06-10")).set_index("id")
    assert table.retard_jours.to_dict() == {"A": 0, "B": 0}


def test_a_cycle_is_refused_by_name():
    ring = plan(
        *[(t, "tâche", "2014-06-01", "2014-06-30", None, None, d) for t, d in (("A", "C"), ("B", "A"), ("C", "B"))]
    )
    with pytest.raises(StudyError, match=r"en rond.*« Tâche [ABC] »"):
        calendrier(ring, pd.Timestamp("2014-07-01"))


def test_an_unknown_dependency_is_refused_by_name():
    with pytest.raises(StudyError, match="« A » dépend de « Z »"):
        calendrier(plan(("A", "tâche", "2014-06-01", None, None, None, "Z")), pd.Timestamp("2014-07-01"))


def test_an_empty_calendar_gives_empty_tables():
    table = calendrier(plan(), pd.Timestamp("2014-07-01"))
    assert table.empty and jalons(table).empty


chains = st.lists(st.tuples(st.integers(0, 40), st.integers(0, 40)), min_size=1, max_size=6)


@settings(max_examples=30)
@given(chains, st.integers(0, 60))
def test_in_a_chain_nothing_begins_before_what_it_depends_on_has_ended(spans, today):
    day = pd.Timestamp("2016-01-01")
    rows, start = [], day
    for i, (gap, length) in enumerate(spans):
        first, last = start + pd.Timedelta(days=gap), start + pd.Timedelta(days=gap + length)
        rows.append((f"T{i}", "tâche", first, last, None, None, f"T{i - 1}" if i else None))
        start = last + pd.Timedelta(days=1)
    table = calendrier(plan(*rows), day + pd.Timedelta(days=today)).set_index("id")
    assert (table.retard_jours >= 0).all()
    for i in range(1, len(rows)):
        assert table.debut_estime[f"T{i}"] > table.fin_estimee[f"T{i - 1}"]
    assert table.critique[f"T{len(rows) - 1}"]


def test_what_pushes_each_milestone_that_slips():
    table = calendrier(LEAP, pd.Timestamp("2016-02-15"))
    pushed = poussees(jalons(table), table)
    assert pushed[["id", "ecart_jours", "cause", "par"]].to_numpy().tolist() == [["J", 10, "A", "Tâche B"]]
    assert poussees(jalons(table[:0]), table).empty
    alone = plan(("J", "jalon", "2016-02-12", "2016-02-12", None, None, None))  # its day is past
    table = calendrier(alone, pd.Timestamp("2016-02-15"))
    assert poussees(jalons(table), table)[["ecart_jours", "cause"]].fillna("").to_numpy().tolist() == [[3, ""]]


@pytest.mark.parametrize(("day", "told"), [("2014-12-22", True), ("2014-12-28", True), ("2014-12-29", False)])
def test_the_week_of_christmas(day, told):
    assert noel(pd.Timestamp(day)) is told
