import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from spls_study.analysis.deploiement.calendrier import calendrier, jalons
from spls_study.errors import StudyError

DATES = ("debut_prevu", "fin_prevue", "debut_reel", "fin_reelle")


def plan(*rows: tuple) -> pd.DataFrame:
    """Rows of id, type, planned start and end, real start and end, depend_de."""
    table = pd.DataFrame(rows, columns=["id", "type", *DATES, "depend_de"])
    table = table.assign(etape="1", libelle="Tâche " + table.id, responsable=None, territoire=None)
    types = dict.fromkeys(DATES, "datetime64[s]") | {"depend_de": "str"}
    return table.astype(types)


# Worked by hand. February 2016 has 29 days. A was to last 19 days and began 9 days late: it
# ends on 29 February. B may begin the next day, on 1 March, and lasts 13 days (21 February to
# 5 March): it ends on 14 March, and the milestone of the same day is carried along. C is on
# time, and ends 15 days before the milestone must be held. D has no planned end.
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
    assert table.retard_jours.dropna().to_dict() == {"A": 9, "B": 9, "C": 0, "J": 9, "K": -1}
    assert table.fin_estimee.dropna().astype("str").to_dict() == {
        "A": "2016-02-29",
        "B": "2016-03-14",
        "C": "2016-02-28",
        "J": "2016-03-14",
        "K": "2016-02-11",
    }
    assert table.pousse_par.dropna().to_dict() == {"B": "A", "J": "B"}
    assert list(table.index[table.critique]) == ["A", "B", "J"]


def test_the_same_calendar_a_year_before_has_one_day_less():
    table = calendrier(
        LEAP.assign(**{c: LEAP[c] - pd.DateOffset(years=1) for c in DATES}), pd.Timestamp("2015-02-15")
    ).set_index("id")
    assert str(table.fin_estimee["A"].date()) == "2015-03-01"
    assert table.retard_jours["A"] == 9


def test_milestones():
    table = jalons(calendrier(LEAP, pd.Timestamp("2016-02-15")))
    assert list(table.itertuples(index=False, name=None)) == [
        ("K", "Tâche K", pd.Timestamp("2016-02-12"), pd.Timestamp("2016-02-11"), -1, "tenu"),
        ("J", "Tâche J", pd.Timestamp("2016-03-05"), pd.Timestamp("2016-03-14"), 9, "à venir"),
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
    none = plan().reindex(columns=LEAP.columns).astype(LEAP.dtypes)
    table = calendrier(none, pd.Timestamp("2014-07-01"))
    assert table.empty and jalons(table).empty


chains = st.lists(st.tuples(st.integers(0, 40), st.integers(0, 40)), min_size=1, max_size=6)


@settings(max_examples=30)
@given(chains, st.integers(0, 60))
def test_in_a_chain_nothing_begins_before_what_it_depends_on_has_ended(spans, today):
    day = pd.Timestamp("2016-01-01")
    rows, start = [], 0
    for i, (gap, length) in enumerate(spans):
        first = start + gap
        rows.append(
            (
                f"T{i}",
                "tâche",
                day + pd.Timedelta(days=first),
                day + pd.Timedelta(days=first + length),
                None,
                None,
                f"T{i - 1}" if i else None,
            )
        )
        start = first + length + 1
    table = calendrier(plan(*rows), day + pd.Timedelta(days=today)).set_index("id")
    assert (table.retard_jours >= 0).all()
    for i in range(1, len(rows)):
        assert table.debut_estime[f"T{i}"] > table.fin_estimee[f"T{i - 1}"]
    assert table.critique[f"T{len(rows) - 1}"]
